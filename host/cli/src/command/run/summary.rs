//! The summary at the end of `engram run`: the answers, what was trained, proven and built, and what to try next.

use std::fmt;
use std::path::Path;

use super::{AllResults, Step};
use crate::console::{BAD, FAINT, NOTE, STRONG, styled};
use engram_session::hardware::USUAL_BOARD;

impl fmt::Display for AllResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(answer) = self.answers.last() {
            writeln!(f, "{}\n{answer}\n", answer.question)?;
        }
        if let Some(answer) = self.lstm.answers.last() {
            writeln!(f, "{answer}\n")?;
        }
        for (heading, lines) in [
            ("trained", self.trained()),
            ("proven", self.proven()),
            ("built", self.built()),
            ("answered", self.answered()),
            ("time", vec![self.time()]),
        ] {
            for (number, line) in lines.iter().enumerate() {
                let heading = if number == 0 { heading } else { "" };
                writeln!(f, "{} {line}", styled(STRONG, format!("{heading:<9}")))?;
            }
        }
        for Step { step, exit_code, result, .. } in self.steps.iter().filter(|step| step.exit_code != 0) {
            let verdict = if *exit_code == 4 { styled(NOTE, "missing  ") } else { styled(BAD, "FAILED   ") };
            writeln!(f, "{verdict} {step}: {result}")?;
        }
        write!(f, "\n{}", styled(STRONG, "next"))?;
        self.next().iter().try_for_each(|(command, what)| write!(f, "\n  {command}\n      {}", styled(FAINT, what)))
    }
}

impl AllResults {
    fn trained(&self) -> Vec<String> {
        let trains = |step: &str| step.starts_with("train") || step.starts_with("memoize");
        self.done().filter(|step| trains(&step.step)).map(|step| step.result.clone()).collect()
    }

    /// Hardware that was compared with the integer model.
    fn proven(&self) -> Vec<String> {
        let steps = self.done().filter_map(|step| Some((step.step.strip_prefix("prove ")?, &step.result)));
        steps.map(|(what, result)| format!("{what}: {result}")).collect()
    }

    fn done(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.exit_code == 0)
    }

    fn built(&self) -> Vec<String> {
        let builds = self.builds.iter().chain(&self.lstm.builds);
        let build = |build: &engram_flow::BuildReport| {
            let cached = if build.cached { ", built before" } else { "" };
            format!("{}: {}{cached}", build.bitstream.display(), build.frequencies())
        };
        builds.map(build).collect()
    }

    /// The answers of the simulated boards over their serial ports.
    fn answered(&self) -> Vec<String> {
        let (questions, recordings) = (self.answers.len(), self.lstm.answers.len());
        let text = format!("{questions} questions and {recordings} recordings, by simulated boards over a serial port");
        if questions + recordings == 0 { Vec::new() } else { vec![text] }
    }

    /// The time by kind of step; bitstreams are made beside the rest.
    fn time(&self) -> String {
        let of = |kind: &str| -> f64 {
            self.steps.iter().filter(|step| step.step.starts_with(kind)).map(|step| step.seconds).sum()
        };
        let kinds = ["train", "memoize", "prove", "emit", "ask"].map(|kind| (kind, of(kind)));
        let builds = self.builds.iter().chain(&self.lstm.builds).filter(|build| !build.cached);
        let tools = builds.flat_map(|build| &build.seconds).fold([0.0; 4], |mut seconds, (step, more)| {
            seconds[*step as usize] += more;
            seconds
        });
        let tools = engram_flow::build::Step::ALL.into_iter().map(|step| (step.name(), tools[step as usize]));
        let parts = kinds.into_iter().chain(tools).filter(|(_, seconds)| *seconds >= 0.5);
        let parts: Vec<String> = parts.map(|(name, seconds)| format!("{name} {seconds:.0} s")).collect();
        format!("{:.0} s, of which side by side: {}", self.seconds, parts.join(", "))
    }

    /// The three commands to try next: the last with a board, if a bitstream was built, else with a simulated one.
    fn next(&self) -> Vec<(String, &'static str)> {
        let backend = self.evaluations.last().map_or("simulation", |evaluation| &evaluation.compared.backend);
        let ask = self.files.iter().find(|file| file.ends_with("qa1.safetensors")).map(|model| {
            let command = format!("cargo run -- ask {} --on {backend}", quoted(model));
            (command, "give it a story of your own, and ask the hardware")
        });
        let train = (
            "cargo run -- train --task 2 --out qa2.safetensors".to_string(),
            "another of the twenty tasks; then `eval` it on any of the simulators",
        );
        let board = match self.builds.first() {
            Some(build) => (
                format!("cargo run -- program --board {} {}", build.board, quoted(&build.bitstream)),
                "put it on a board, and ask that with --on /dev/ttyUSB0",
            ),
            None => (
                format!("cargo run -- serve --board {USUAL_BOARD}"),
                "a simulated board on a pseudo-terminal, to be asked with --on and its path",
            ),
        };
        ask.into_iter().chain([train, board]).collect()
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(char::is_whitespace) { format!("'{text}'") } else { text }
}
