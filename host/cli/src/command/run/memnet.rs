//! The memory network's part of `engram run`: bAbI's task 1 from text to answers.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use engram_flow::Board;
use engram_memnet::Model;
use engram_spec::memnet::Geometry;

use super::{All, as_fast, eval, train};
use crate::arguments::backend::BackendArguments;
use crate::arguments::source::SourceArguments;
use crate::arguments::typed;
use engram_session::Failure;
use engram_session::backend::{Backend, BackendOptions, Opening, preset_for};
use engram_session::dialog::{Dialog, Outcome, Unknown};
use engram_session::hardware::Network;
use engram_session::memnet::Paired;
use engram_session::memnet::conversation::{Answered, Conversation};
use engram_session::progress::Work;
use engram_session::source::{DATA_DEFAULT, official};

/// Questions put to the in-crate simulation, and to the compiled Verilog.
const SIMULATED_QUESTIONS: u32 = 100;
const COMPILED_QUESTIONS: u32 = 1000;
/// The story and its question.
const STORY: [&str; 7] = [
    "Mary moved to the bathroom.",
    "John went to the hallway.",
    "Where is Mary?",
    "Daniel went back to the hallway.",
    "Where is Daniel?",
    "John moved to the office.",
    "Where is John?",
];

impl All<'_> {
    /// All its steps; those behind the training only where there is a model.
    pub(super) fn memory(&mut self, boards: &[Board]) {
        self.emit(Network::Memnet, boards);
        let source = SourceArguments::new(official(None).is_none());
        if source.generated {
            let text = format!("no bAbI text in {DATA_DEFAULT}, and ENGRAM_BABI names none: text is generated");
            self.console.warn(text);
        }
        self.train(&source);
        if self.report.train.is_none() {
            return;
        }
        self.prove(boards, &source);
        let (model, board) = (self.model(), &boards[0]);
        let ask = |port: &Backend| converse(&model, port, board.baud);
        self.report.answers = self.ask(Network::Memnet, board, ask, |answer| &answer.answer);
    }

    fn model(&self) -> PathBuf {
        self.out.join("qa1.safetensors")
    }

    fn train(&mut self, source: &SourceArguments) {
        let (source, out) = (source.clone(), self.model());
        let report = self.step("train", |all| {
            // Layer-wise: the smaller board holds a story of 32 sentences of it, and 16 of the other.
            let words: [&dyn AsRef<OsStr>; 6] = [&"--task", &"1", &"--tying", &"layer-wise", &"--out", &out];
            let command = train::Train { source, overwrite: all.overwrite, epochs: all.epochs, ..typed(&words)? };
            let report = command.train(train::Tasks::One(1), all.console)?;
            let text = report.in_a_line();
            Ok((report, text))
        });
        self.report.files.extend(report.is_some().then(|| self.model()));
        self.report.train = report;
    }

    /// The simulated hardware against the integer model: in-crate, and as emitted Verilog by the compiler that is there.
    fn prove(&mut self, boards: &[Board], source: &SourceArguments) {
        for board in boards {
            self.equal(Backend::Simulation, board.sizes.memnet, SIMULATED_QUESTIONS, source);
        }
        let compiled = self.compiled.clone();
        for board in boards {
            self.equal(compiled.clone(), board.sizes.memnet, as_fast(&compiled, COMPILED_QUESTIONS), source);
        }
    }

    fn equal(&mut self, backend: Backend, preset: Geometry, questions: u32, source: &SourceArguments) {
        let (source, model) = (source.clone(), self.model());
        let report = self.step(format!("prove {} on {backend}", preset.name), |all| {
            let (on, backend, questions) = (Some(backend.clone()), BackendArguments::of(preset), Some(questions));
            let command = eval::Eval { source, on, backend, questions, ..typed(&[&model])? };
            let report = command.evaluate(&Model::load(&model)?, all.console)?;
            report.compared.check()?;
            let (questions, cycles) = (report.compared.questions, report.compared.cycles_mean);
            let text = format!("{questions} questions, every bit equal, {cycles:.1} cycles each");
            Ok((report, text))
        });
        self.report.evaluations.extend(report);
    }
}

/// Gives the story to the board on a port, and returns its answers.
fn converse(model: &Path, port: &Backend, baud: u32) -> anyhow::Result<Vec<Answered>> {
    let model = Model::load(model)?;
    let opening = Opening { baud, ..BackendOptions::of(preset_for(&model)).opening(&model) };
    let mut conversation =
        Conversation::new(&model, Paired::open(&model, port, &opening, &Work::hidden())?, Unknown::Refuse);
    let mut answers = Vec::new();
    for line in STORY {
        if let Outcome::Answer(answer) = conversation.take(line)? {
            if !answer.agrees {
                let text = format!("'{}' is not the integer model's answer to '{line}'", answer.answer);
                return Err(Failure::Check(text).into());
            }
            answers.push(answer);
        }
    }
    Ok(answers)
}
