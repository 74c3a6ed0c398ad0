//! `engram run`: everything once, from generated text to answers of the simulated board. It is what `make run` calls.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use comfy_table::{Table, presets};
use engram_flow::build::VERILOG;
use engram_flow::nextpnr::Use;
use engram_flow::tool::VERILATOR;
use engram_flow::{Board, BuildReport, Search};
use engram_link::Pty;
use engram_nn::Model;
use engram_spec::{Datapath, Geometry};
use engram_testbench::board::SimulatedBoard;
use indicatif::{MultiProgress, ProgressBar};
use serde::Serialize;

use super::build::build_board;
use super::{eval, train};
use crate::body::{Body, BodyArguments, Opening, preset_for};
use crate::console::{BAD, Console, GOOD, NOTE, STRONG, seconds_since, styled};
use crate::conversation::{Answered, Conversation, Said};
use crate::failure::{Failure, exit_code};
use crate::hardware::{Network, USUAL_BOARD, design, write};
use crate::recurrent::arguments::NoiseArguments;
use crate::session::Paired;
use crate::simulated_board::simulate;
use crate::source::SourceArguments;

/// The boards that bitstreams are built for. The first is asked, simulated.
const BOARDS: [&str; 2] = [USUAL_BOARD, "icebreaker"];
/// Questions put to the in-crate simulation, and to the compiled Verilog.
const SIMULATED_QUESTIONS: u32 = 100;
const COMPILED_QUESTIONS: u32 = 1000;
/// What it is told and asked.
const STORY: [&str; 7] = [
    "Mary moved to the bathroom.",
    "John went to the hallway.",
    "Where is Mary?",
    "Daniel went back to the hallway.",
    "Where is Daniel?",
    "John moved to the office.",
    "Where is John?",
];

/// Where to.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  engram run --out build/run

Trains on generated text of task 1, proves the simulated hardware equal to the integer model, emits Verilog, builds the
bitstreams of an ECP5-25F and an iCE40 UP5K board, and asks three questions of the simulated board over a pseudo-terminal.
What was built before with the same inputs is not built again. Exit code 4 where a tool was missing, 1 where a check failed.")]
pub struct Run {
    /// The folder for everything that is made.
    #[arg(long, value_name = "DIR", default_value = "build/run")]
    pub out: PathBuf,
}

/// How a step came out.
#[derive(Debug, Serialize)]
struct Step {
    step: String,
    /// The exit code that the step alone would have had.
    exit_code: u8,
    /// In a line.
    result: String,
    seconds: f64,
}

/// How it all came out.
#[derive(Debug, Default, Serialize)]
struct Report {
    steps: Vec<Step>,
    train: Option<train::Report>,
    evaluations: Vec<eval::Report>,
    builds: Vec<BuildReport>,
    answers: Vec<Answered>,
    files: Vec<PathBuf>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(answer) = self.answers.last() {
            writeln!(f, "{}\n{answer}\n", answer.question)?;
        }
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_header(["step", "", "s", "result"]);
        for Step { step, exit_code, result, seconds } in &self.steps {
            let verdict = match exit_code {
                0 => "done",
                4 => "missing",
                _ => "FAILED",
            };
            table.add_row([step.as_str(), verdict, &format!("{seconds:.1}"), result]);
        }
        writeln!(f, "{}\n", table.trim_fmt())?;
        write!(f, "{}", styled(STRONG, "files"))?;
        self.files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl Run {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.out)
            .map_err(|error| Failure::Input(format!("cannot make {}: {error}", self.out.display())))?;
        let boards = BOARDS.into_iter().map(Board::named).collect::<Result<Vec<Board>, _>>()?;
        let mut all = All { out: &self.out, console, report: Report::default() };
        all.train()?;
        all.prove(&boards);
        all.emit(&boards);
        all.build(&boards);
        all.ask(&boards[0]);
        console.report(&all.report)?;
        all.report.verdict()
    }
}

impl Report {
    /// A failed check counts more than a missing tool.
    fn verdict(&self) -> anyhow::Result<()> {
        let steps = |bad: fn(u8) -> bool| {
            let names: Vec<&str> =
                self.steps.iter().filter(|step| bad(step.exit_code)).map(|step| step.step.as_str()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        if let Some(names) = steps(|code| code != 0 && code != 4) {
            return Err(Failure::Check(format!("failed: {names}")).into());
        }
        if let Some(names) = steps(|code| code == 4) {
            return Err(Failure::MissingTool(format!("left out for want of a tool: {names}")).into());
        }
        Ok(())
    }
}

/// All steps, and what came of them so far.
struct All<'a> {
    out: &'a Path,
    console: &'a Console,
    report: Report,
}

impl All<'_> {
    fn model(&self) -> PathBuf {
        self.out.join("qa1.safetensors")
    }

    /// Does a step and notes how it came out; the others go on where it fails.
    fn step<T>(
        &mut self,
        step: impl Into<String>,
        work: impl FnOnce(&mut Self) -> anyhow::Result<(T, String)>,
    ) -> Option<T> {
        let (seconds, outcome) = timed(|| work(self));
        self.done(step, seconds, outcome)
    }

    /// Notes how a step came out.
    fn done<T>(&mut self, step: impl Into<String>, seconds: f64, outcome: anyhow::Result<(T, String)>) -> Option<T> {
        let (value, exit_code, result) = match outcome {
            Ok((value, result)) => (Some(value), 0, result),
            Err(error) => (None, exit_code(&error), format!("{error:#}")),
        };
        let mark = match exit_code {
            0 => styled(GOOD, "done"),
            4 => styled(NOTE, "missing"),
            _ => styled(BAD, "failed"),
        };
        let step = step.into();
        self.console.note(format!("{mark} {step}: {result} ({seconds:.1} s)"));
        let result = in_a_line(&result);
        self.report.steps.push(Step { step, exit_code, result, seconds });
        value
    }

    /// Without a model nothing else can be done.
    fn train(&mut self) -> anyhow::Result<()> {
        let command = train::Train {
            source: SourceArguments::generated(),
            task: Some(train::Tasks::One(1)),
            start: None,
            mode: None,
            addressing: None,
            out: self.model(),
            seed: 1,
            restarts: None,
            epochs: None,
            recipe: None,
            sequences: Default::default(),
            precisions: Default::default(),
            noise_weights: None,
            noise_read: None,
            hidden: None,
        };
        let report = self.step("train", |all| {
            let report = command.train(train::Tasks::One(1), all.console)?;
            let text = format!("task 1, generated text: test error {:.1} %", report.test_error_percent);
            Ok((report, text))
        });
        self.report.files.push(self.model());
        self.report.train = Some(report.context("training failed, and everything else needs its model")?);
        Ok(())
    }

    /// The simulated hardware against the integer model: in-crate, and as emitted Verilog by the compiler that is there.
    fn prove(&mut self, boards: &[Board]) {
        for board in boards {
            self.equal(Body::Simulation, board.geometry, SIMULATED_QUESTIONS);
        }
        let compiled = match Search::from_env().find(VERILATOR) {
            Ok(_) => Body::Verilator,
            Err(missing) => {
                self.console.warn(format!("{missing}; cxxrtl takes its place"));
                Body::Cxxrtl
            }
        };
        for board in boards {
            self.equal(compiled.clone(), board.geometry, COMPILED_QUESTIONS);
        }
    }

    fn equal(&mut self, body: Body, preset: Geometry, questions: u32) {
        let command = eval::Eval {
            model: self.model(),
            source: SourceArguments::generated(),
            task: None,
            on: Some(body.clone()),
            body: BodyArguments::of(preset),
            questions: Some(questions),
            set: None,
            noise: NoiseArguments::none(),
        };
        let report = self.step(format!("prove {} on {body}", preset.name), |all| {
            let report = command.evaluate(&Model::load(&command.model)?, all.console)?;
            report.check()?;
            let text =
                format!("{} questions, every bit equal, {:.1} cycles each", report.questions, report.cycles_mean);
            Ok((report, text))
        });
        self.report.evaluations.extend(report);
    }

    fn emit(&mut self, boards: &[Board]) {
        let folder = self.out.join("verilog");
        let files = self.step("emit", |_| {
            let mut files = Vec::new();
            for board in boards {
                let verilog = design(board, Network::Memory, Datapath::default())?.verilog;
                files.push(write(&folder.join(&board.name), VERILOG, &verilog)?);
                files.push(write(&folder.join(&board.name), &board.constraints_file, &board.constraints)?);
            }
            let text = format!("Verilog and constraints of {} boards", boards.len());
            Ok((files, text))
        });
        self.report.files.extend(files.into_iter().flatten());
    }

    /// The bitstreams, side by side: the tools use one core each.
    fn build(&mut self, boards: &[Board]) {
        self.console.note("building bitstreams, which takes minutes where none are there yet");
        let (out, lines) = (self.out, MultiProgress::new());
        let spinners: Vec<ProgressBar> = boards.iter().map(|_| lines.add(self.console.spinner(""))).collect();
        let builds: Vec<_> = thread::scope(|scope| {
            let build = |(board, spinner)| scope.spawn(move || timed(|| bitstream(board, out, spinner)));
            let running: Vec<_> = boards.iter().zip(&spinners).map(build).collect();
            running.into_iter().map(|build| build.join()).collect()
        });
        for (board, built) in boards.iter().zip(builds) {
            let (seconds, outcome) = built.unwrap_or_else(|_| (0.0, Err(anyhow!("the build ended early"))));
            let report = self.done(format!("build {}", board.name), seconds, outcome);
            self.report.files.extend(report.iter().map(|report| report.bitstream.clone()));
            self.report.builds.extend(report);
        }
    }

    /// Asks the simulated board over a pseudo-terminal, as a board over its serial port.
    fn ask(&mut self, board: &Board) {
        let model = self.model();
        let answers = self.step(format!("ask {}", board.name), |all| {
            let (simulator, lines) = simulate(None, board, Datapath::default(), all.console)?;
            let mut pty = Pty::open()?;
            let port = Body::Port(pty.path().to_path_buf());
            let ended = AtomicBool::new(false);
            let mut simulated = SimulatedBoard::new(lines, board.cycles_per_bit());
            let answers = thread::scope(|scope| {
                let served = scope.spawn(|| simulated.serve(&mut pty, || ended.load(Ordering::Relaxed)));
                let answers = converse(&model, &port, board.baud);
                ended.store(true, Ordering::Relaxed);
                match served.join() {
                    Ok(served) => served.context("the simulated board ended early")?,
                    Err(_) => bail!("the simulated board ended early"),
                }
                answers
            })?;
            let said: Vec<&str> = answers.iter().map(|answer| answer.answer.as_str()).collect();
            let text = format!("{} ({simulator}, over {port})", said.join(", "));
            Ok((answers, text))
        });
        self.report.answers = answers.unwrap_or_default();
    }
}

/// The first line of a message, and what a tool's log that it quotes calls an error.
fn in_a_line(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let error = message.lines().find(|line| line.starts_with("ERROR"));
    error.map_or(first.to_string(), |error| format!("{first} {error}"))
}

/// What a work gives, and the seconds it takes.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = work();
    (seconds_since(start), value)
}

/// Builds a board's bitstream in a folder of its name, and says in a line how it came out.
fn bitstream(board: &Board, out: &Path, spinner: &ProgressBar) -> anyhow::Result<(BuildReport, String)> {
    let report = build_board(board, Network::Memory, Datapath::default(), &out.join(&board.name), 1, spinner)?;
    report.check()?;
    let text = summary(&report.build);
    Ok((report.build, text))
}

/// Tells the story to the board on a port, and gives its answers.
fn converse(model: &Path, port: &Body, baud: u32) -> anyhow::Result<Vec<Answered>> {
    let model = Model::load(model)?;
    let opening = Opening { baud, ..BodyArguments::of(preset_for(&model)).opening(&model) };
    let mut conversation = Conversation::new(&model, Paired::open(&model, port, &opening)?);
    let mut answers = Vec::new();
    for line in STORY {
        if let Said::Answer(answer) = conversation.hear(line)? {
            if !answer.agrees {
                let text = format!("'{}' is not the integer model's answer to '{line}'", answer.answer);
                return Err(Failure::Check(text).into());
            }
            answers.push(answer);
        }
    }
    Ok(answers)
}

/// A build in a line.
fn summary(build: &BuildReport) -> String {
    let share = |cells: &Use| 100 * cells.used / cells.available.max(1);
    let fullest = build.utilization.iter().filter(|(_, cells)| cells.used > 0);
    let mut fullest: Vec<_> = fullest.map(|(cell, cells)| (share(cells), cell)).collect();
    fullest.sort_by(|left, right| right.cmp(left));
    let cells: Vec<String> = fullest.iter().take(4).map(|(share, cell)| format!("{cell} {share} %")).collect();
    let cached = if build.cached { ", built before" } else { "" };
    format!("{:.1} MHz of {} needed; {}{cached}", build.fmax_mhz, build.clock_mhz, cells.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_tool_is_told_in_a_line() {
        let message = "nextpnr failed; the end of its log:\nInfo: placed\nERROR: no room\n0 warnings, 1 error";
        assert_eq!(in_a_line(message), "nextpnr failed; the end of its log: ERROR: no room");
        assert_eq!(in_a_line("done"), "done");
    }

    #[test]
    fn a_failed_check_counts_more_than_a_missing_tool() {
        let verdict = |codes: &[u8]| {
            let step = |&exit_code| Step { step: format!("s{exit_code}"), exit_code, result: "".into(), seconds: 0.0 };
            let report = Report { steps: codes.iter().map(step).collect(), ..Report::default() };
            report.verdict().map_err(|error| (exit_code(&error), error.to_string()))
        };
        assert!(verdict(&[0, 0]).is_ok());
        assert_eq!(verdict(&[0, 4]), Err((4, "left out for want of a tool: s4".to_string())));
        assert_eq!(verdict(&[4, 3, 0]), Err((1, "failed: s3".to_string())));
    }
}
