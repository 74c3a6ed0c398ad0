//! `engram run`: everything once, from data to answers of the simulated board, with a memory network and with an LSTM. It is
//! what `make run` calls.

mod builds;
mod crossbar;
mod memnet;
mod summary;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use engram_files::Kind;
use engram_flow::build::VERILOG;
use engram_flow::nextpnr::Use;
use engram_flow::tool::VERILATOR;
use engram_flow::{Board, BuildReport, Search};
use engram_learn::limits::EPOCHS_MAX;
use engram_link::Pty;
use engram_testbench::board::SimulatedBoard;
use serde::Serialize;

use self::builds::{Builds, Job};
use super::{eval, train};
use crate::arguments::output::Overwrite;
use crate::arguments::up_to;
use crate::console::{BAD, Console, GOOD, NOTE, seconds_since, styled};
use crate::failure::exit_code;
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::hardware::{Hardware, Network, USUAL_BOARD, design};
use engram_session::inside::Inside;
use engram_session::memnet::conversation::Answered;
use engram_session::simulated_board::simulate;

/// The boards that bitstreams are built for. The first is asked, simulated; it has an LSTM, too.
const BOARDS: [&str; 2] = [USUAL_BOARD, "icebreaker"];

/// The time that the bitstreams take on two processors, about.
const BUILD_MINUTES: u32 = 5;

/// The arguments of `engram run`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram run --out build/run
  engram run --epochs 10 --out build/quick

This command
  1. trains a memory network on task 1 of the bAbI text (official or generated text),
  2. proves that the simulated hardware gives the integer model's answers, bit for bit,
  3. writes the Verilog, and builds the bitstreams of a ULX3S and an iCEBreaker,
  4. asks the simulated board questions over a serial port,
  5. does the same with an LSTM of 4 bits and fuzzy memoization for the first board.

pip fetches recordings of vowels for the LSTM. If pip cannot, engram makes recordings up. \
The bitstreams take minutes the first time. They are built beside the other steps, and not again with the same inputs. \
The exit code is 4 if a tool is missing, and 1 if a check fails.")]
pub struct Run {
    /// The folder for all files.
    #[arg(long, value_name = "DIR", default_value = "build/run")]
    pub out: PathBuf,
    /// The number of passes over the training data, few for a quick look [default: the recipes'].
    #[arg(long, value_name = "N", value_parser = up_to(EPOCHS_MAX, "more would not end in days"))]
    pub epochs: Option<usize>,
    #[command(flatten)]
    pub overwrite: Overwrite,
}

/// The result of a step.
#[derive(Debug, Serialize)]
struct Step {
    step: String,
    /// The exit code that the step alone would have had.
    exit_code: u8,
    /// The result in a line.
    result: String,
    seconds: f64,
}

/// The results of all steps.
#[derive(Debug, Default, Serialize)]
struct AllResults {
    steps: Vec<Step>,
    train: Option<train::MemnetTraining>,
    evaluations: Vec<eval::MemnetEvaluation>,
    builds: Vec<BuildReport>,
    answers: Vec<Answered>,
    /// The results of the LSTM.
    lstm: crossbar::LstmResults,
    /// The time of all steps together; builds run beside the others.
    seconds: f64,
    files: Vec<PathBuf>,
}

impl Run {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        engram_files::create_folder(&self.out)
            .map_err(|error| Failure::Input(format!("cannot make {}: {error}", self.out.display())))?;
        let boards = BOARDS.into_iter().map(Board::named).collect::<Result<Vec<Board>, _>>()?;
        let start = Instant::now();
        // The longest first, so that the others are done beside it.
        let jobs = [(Network::Memnet, 0), (Network::Crossbar, 0), (Network::Memnet, 1)];
        let jobs = jobs.map(|(network, board)| Job { network, board: boards[board].clone() });
        console.note(format!(
            "{} bitstreams are made beside all else, which takes about {BUILD_MINUTES} minutes where they are not there yet",
            jobs.len()
        ));
        let compiled = match Search::from_env().find(VERILATOR) {
            Ok(_) => Backend::Verilator,
            Err(missing) => {
                console.warn(format!("{missing}. Until then cxxrtl takes its place, which is several times slower"));
                Backend::Cxxrtl
            }
        };
        let builds = Some(Builds::start(&self.out, jobs.into()));
        let mut all = All {
            out: &self.out,
            epochs: self.epochs,
            overwrite: self.overwrite,
            console,
            report: AllResults::default(),
            builds,
            compiled,
        };
        all.memory(&boards);
        all.lstm(&boards[0]);
        all.wait_for_builds();
        all.report.seconds = seconds_since(start);
        console.report(&all.report)?;
        all.report.verdict()
    }
}

impl AllResults {
    /// A failed check counts more than a missing tool.
    fn verdict(&self) -> anyhow::Result<()> {
        let steps = |bad: fn(u8) -> bool| {
            let names: Vec<&str> =
                self.steps.iter().filter(|step| bad(step.exit_code)).map(|step| step.step.as_str()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        if let Some(names) = steps(|code| code != 0 && code != 4) {
            return Err(Failure::Check(format!("these steps failed: {names}")).into());
        }
        if let Some(names) = steps(|code| code == 4) {
            return Err(
                Failure::MissingTool(format!("these steps were skipped, because a tool is missing: {names}")).into()
            );
        }
        Ok(())
    }
}

/// All steps, and what came of them so far.
struct All<'a> {
    out: &'a Path,
    epochs: Option<usize>,
    overwrite: Overwrite,
    console: &'a Console,
    report: AllResults,
    builds: Option<Builds>,
    /// The compiler of Verilog that is there.
    compiled: Backend,
}

impl All<'_> {
    /// Does a step and notes how it came out; the others go on where it fails.
    fn step<T>(
        &mut self,
        step: impl Into<String>,
        work: impl FnOnce(&mut Self) -> anyhow::Result<(T, String)>,
    ) -> Option<T> {
        let (seconds, outcome) = timed(|| caught(|| work(self)));
        let value = self.done(step, seconds, outcome);
        self.look_at_builds();
        value
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

    fn emit(&mut self, network: Network, boards: &[Board]) {
        let (folder, overwrite) = (self.out.join("verilog"), self.overwrite);
        let files = self.step(format!("emit{}", of(network)), |_| {
            let mut files = Vec::new();
            for board in boards {
                let verilog = design(board, &Hardware::of(network), &Inside::Nothing)?.verilog;
                let folder = folder.join(named(network, board));
                files.push(overwrite.write(&folder, VERILOG, Kind::Verilog, &verilog)?);
                files.push(overwrite.write(&folder, &board.constraints_file, Kind::Constraints, &board.constraints)?);
            }
            let text = format!("Verilog and constraints of {}", counted(boards.len(), "board"));
            Ok((files, text))
        });
        self.report.files.extend(files.into_iter().flatten());
    }

    /// Asks the simulated board over a pseudo-terminal, as a board over its serial port. `say` gives an answer's text for the summary line.
    fn ask<T>(
        &mut self,
        network: Network,
        board: &Board,
        ask: impl FnOnce(&Backend) -> anyhow::Result<Vec<T>>,
        say: impl Fn(&T) -> &str,
    ) -> Vec<T> {
        let answers = self.step(format!("ask{} {}", of(network), board.name), |all| {
            // An LSTM of this size takes minutes to load into the in-crate simulation, bit by bit on a serial line.
            let wanted = (network == Network::Crossbar).then(|| all.compiled.clone());
            let (simulator, lines) =
                simulate(wanted, board, &Hardware::of(network), &Inside::Nothing, &|text| all.console.warn(text))?;
            let mut pty = Pty::open()?;
            let port = Backend::Port(pty.path().to_path_buf());
            let ended = AtomicBool::new(false);
            let mut simulated = SimulatedBoard::new(lines, board.cycles_per_bit());
            let answers = thread::scope(|scope| {
                let served = scope.spawn(|| simulated.serve(&mut pty, || ended.load(Ordering::Relaxed)));
                let answers = ask(&port);
                ended.store(true, Ordering::Relaxed);
                match served.join() {
                    Ok(served) => served.context("the simulated board ended early")?,
                    Err(_) => bail!("the simulated board ended early"),
                }
                answers
            })?;
            let text = format!("{} ({simulator}, over {port})", answers.iter().map(say).collect::<Vec<_>>().join(", "));
            Ok((answers, text))
        });
        answers.unwrap_or_default()
    }
}

/// So many questions, or a fifth of them where CXXRTL, which is so much slower, takes Verilator's place.
fn as_fast(compiled: &Backend, questions: u32) -> u32 {
    if *compiled == Backend::Cxxrtl { questions / 5 } else { questions }
}

/// The network's part of a step's name: nothing for the memory network, which comes first.
fn of(network: Network) -> &'static str {
    match network {
        Network::Memnet => "",
        Network::Crossbar => " lstm",
    }
}

/// The folder of a board's files.
fn named(network: Network, board: &Board) -> String {
    match network {
        Network::Memnet => board.name.clone(),
        Network::Crossbar => format!("{}-lstm", board.name),
    }
}

/// So many of a thing.
fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("a {thing}") } else { format!("{count} {thing}s") }
}

/// The first line of a message, and what a tool's log that it quotes calls an error.
fn in_a_line(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let error = message.lines().find(|line| line.starts_with("ERROR"));
    error.map_or(first.to_string(), |error| format!("{first} {error}"))
}

/// The result of some work. A panic is an error of that work alone: engram still waits for tools that run beside it.
fn caught<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
        Err(anyhow!("the step panicked: {}", text.unwrap_or("without a word")))
    })
}

/// The result of some work, and the seconds that it took.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = work();
    (seconds_since(start), value)
}

/// A build in a line.
fn summary(build: &BuildReport) -> String {
    let share = |cells: &Use| 100 * cells.used / cells.available.max(1);
    let fullest = build.utilization.iter().filter(|(_, cells)| cells.used > 0);
    let mut fullest: Vec<_> = fullest.map(|(cell, cells)| (share(cells), cell)).collect();
    fullest.sort_by(|left, right| right.cmp(left));
    let cells: Vec<String> = fullest.iter().take(4).map(|(share, cell)| format!("{cell} {share} %")).collect();
    let cached = if build.cached { ", built before" } else { "" };
    format!("{}; {}{cached}", build.frequencies(), cells.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_tool_is_reported_in_a_line() {
        let message = "nextpnr failed; the end of its log:\nInfo: placed\nERROR: no room\n0 warnings, 1 error";
        assert_eq!(in_a_line(message), "nextpnr failed; the end of its log: ERROR: no room");
        assert_eq!(in_a_line("done"), "done");
    }

    #[test]
    fn a_panic_is_a_failure() {
        let failed = caught(|| -> anyhow::Result<()> { panic!("{} of 5", 6) }).unwrap_err();
        assert_eq!((failed.to_string().as_str(), exit_code(&failed)), ("the step panicked: 6 of 5", 1));
        assert_eq!(caught(|| Ok(7)).unwrap(), 7);
    }

    #[test]
    fn a_failed_check_counts_more_than_a_missing_tool() {
        let verdict = |codes: &[u8]| {
            let step = |&exit_code| Step { step: format!("s{exit_code}"), exit_code, result: "".into(), seconds: 0.0 };
            let report = AllResults { steps: codes.iter().map(step).collect(), ..AllResults::default() };
            report.verdict().map_err(|error| (exit_code(&error), error.to_string()))
        };
        assert!(verdict(&[0, 0]).is_ok());
        assert_eq!(verdict(&[0, 4]), Err((4, "these steps were skipped, because a tool is missing: s4".to_string())));
        assert_eq!(verdict(&[4, 3, 0]), Err((1, "these steps failed: s3".to_string())));
    }
}
