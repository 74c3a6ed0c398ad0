//! The LSTM's part of `engram run`: recordings of vowels, or made-up ones, classified with 4 bits, and with fuzzy memoization.

use std::ffi::OsStr;
use std::path::Path;

use engram_babi::Parts;
use engram_crossbar::Programming;
use engram_flow::{Board, BuildReport};
use engram_sequences::{Cache, Workload};
use engram_spec::memnet::Geometry;
use serde::Serialize;

use super::super::{eval, memoize, train};
use super::{All, as_fast};
use crate::arguments::backend::BackendArguments;
use crate::arguments::source::SourceArguments;
use crate::arguments::typed;
use crate::console::Console;
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::{Backend, BackendOptions};
use engram_session::crossbar::Paired;
use engram_session::crossbar::recording::{Classified, classify};
use engram_session::crossbar::source::Set;
use engram_session::hardware::Network;
use engram_session::model::Model;

/// Cells: as many as a device has, so that memoization has long columns to skip.
const HIDDEN: usize = 128;
/// Recordings put to the compiled Verilog, and to the in-crate simulation.
const COMPILED: u32 = 100;
const SIMULATED: u32 = 2;
/// The test recordings that the simulated board is asked.
const ASKED: [usize; 3] = [1, 100, 200];
/// The recordings that are asked about where the data are made up, which are fewer.
const ASKED_MADE_UP: [usize; 3] = [1, 2, 3];

/// The results of the LSTM.
#[derive(Debug, Default, Serialize)]
pub(super) struct LstmResults {
    pub train: Option<train::crossbar::CrossbarTraining>,
    pub memoize: Option<memoize::FoundThresholds>,
    pub evaluations: Vec<eval::crossbar::CrossbarEvaluation>,
    pub builds: Vec<BuildReport>,
    pub answers: Vec<Classified>,
}

impl All<'_> {
    /// All its steps; those behind the training only where there is a model.
    pub(super) fn lstm(&mut self, board: &Board) {
        self.emit(Network::Crossbar, std::slice::from_ref(board));
        let model = self.out.join("vowels.safetensors");
        let made_up = !self.fetched();
        if !self.train_lstm(&model, made_up) {
            return;
        }
        self.report.files.push(model.clone());
        self.equal_lstm(&model, Backend::Simulation, board, SIMULATED);
        let compiled = self.compiled.clone();
        let recordings = as_fast(&compiled, COMPILED);
        self.equal_lstm(&model, compiled.clone(), board, recordings);
        let remembering = self.out.join("vowels-memo.safetensors");
        if self.memoize(&model, &remembering) {
            self.report.files.push(remembering.clone());
            self.equal_lstm(&remembering, compiled, board, recordings);
        }
        let recordings = if made_up { ASKED_MADE_UP } else { ASKED };
        let console = self.console;
        let ask = |port: &Backend| classified(&model, port, board.baud, &recordings, console);
        self.report.lstm.answers = self.ask(Network::Crossbar, board, ask, |answer| &answer.answer);
    }

    /// Whether recordings are there, fetched now where they were not. That they cannot be is no failure.
    fn fetched(&self) -> bool {
        let spinner = self.console.spinner("fetching recordings");
        let fetch = |cache: Cache| if cache.is_filled() { Ok(()) } else { cache.fetch().map(drop) };
        let fetched = Cache::standard().and_then(fetch);
        spinner.finish();
        if let Err(error) = &fetched {
            self.console.warn(format!("{error}: the LSTM's recordings are made up"));
        }
        fetched.is_ok()
    }

    /// Whether there is a model.
    fn train_lstm(&mut self, out: &Path, made_up: bool) -> bool {
        let source = SourceArguments::new(made_up);
        let set = Set::Fetched(Workload::JapaneseVowels);
        let report = self.step("train lstm", |all| {
            let sequences = set.source(&source.stories(), None)?;
            let words: [&dyn AsRef<OsStr>; 6] =
                [&"--set", &set.name(), &"--hidden", &HIDDEN.to_string(), &"--out", &out];
            let command = train::Train { source, overwrite: all.overwrite, epochs: all.epochs, ..typed(&words)? };
            let report = command.train_crossbar(&sequences, all.console)?;
            let text = format!("{sequences}, {HIDDEN} cells, 4 bits: test error {:.1} %", report.test.error_percent);
            Ok((report, text))
        });
        self.report.lstm.train = report;
        self.report.lstm.train.is_some()
    }

    /// Whether there are thresholds of fuzzy memoization.
    fn memoize(&mut self, model: &Path, out: &Path) -> bool {
        let report = self.step("memoize lstm", |all| {
            let words: [&dyn AsRef<OsStr>; 4] = [&model, &"--per-gate", &"--out", &out];
            let command = memoize::Memoize { overwrite: all.overwrite, ..typed(&words)? };
            let report = command.find(all.console)?;
            let text =
                report.test.as_ref().map_or(String::new(), |test| format!("fuzzy memoization: {}", test.in_a_line()));
            Ok((report, text))
        });
        self.report.lstm.memoize = report;
        self.report.lstm.memoize.is_some()
    }

    /// A backend of the hardware against the integer model; with what it remembers, where the model has thresholds.
    fn equal_lstm(&mut self, model: &Path, backend: Backend, board: &Board, recordings: u32) {
        // Options name a size by the memory network's preset.
        let named = board.sizes.crossbar.and_then(|crossbar| Geometry::named(crossbar.name));
        let preset = named.unwrap_or(board.sizes.memnet);
        let remembers = Model::load_crossbar(model).is_ok_and(|model| model.memoization.is_some());
        let network = if remembers { "lstm memo" } else { "lstm" };
        let report = self.step(format!("prove {network} {} on {backend}", preset.name), |all| {
            let (on, backend, questions) = (Some(backend.clone()), BackendArguments::of(preset), Some(recordings));
            let command = eval::Eval { on, backend, questions, counters: remembers, ..typed(&[&model])? };
            let report = command.evaluate_crossbar(&Model::load_crossbar(model)?, all.console)?;
            report.check()?;
            let counted = report.counters.as_ref().map_or(String::new(), |counters| {
                format!(" and counter ({:.1} % of the columns remembered)", 100.0 * counters.counted.remembered())
            });
            let (questions, cycles) = (report.compared.questions, report.compared.cycles_mean);
            let text = format!("{questions} recordings, every bit{counted} equal, {cycles:.1} cycles a step");
            Ok((report, text))
        });
        self.report.lstm.evaluations.extend(report);
    }
}

/// Gives recordings to the board on a port, and returns its answers.
fn classified(
    model: &Path,
    port: &Backend,
    baud: u32,
    recordings: &[usize],
    console: &Console,
) -> anyhow::Result<Vec<Classified>> {
    let model = Model::load_crossbar(model)?;
    let questions = Questions::of(SourceArguments::new(false).sequences(&model, None, None, Parts::Test, console)?);
    let backend = BackendOptions { preset: None, baud };
    let work = console.spinner(format!("opening {port}"));
    let mut device = Paired::open(&model, port, &backend, &Programming::default(), &work)?;
    work.finish();
    let mut answers = Vec::new();
    for &recording in recordings {
        let answer = classify(&model, &mut device, &questions, recording)?;
        if !answer.agrees {
            let text = format!("'{}' is not the integer model's answer to recording {recording}", answer.answer);
            return Err(Failure::Check(text).into());
        }
        answers.push(answer);
    }
    Ok(answers)
}
