//! The memory network's part of `engram run`: bAbI's task 1 from generated text to answers.

use std::path::{Path, PathBuf};

use anyhow::Context;
use engram_flow::Board;
use engram_nn::Model;
use engram_spec::Geometry;

use super::{All, eval, train};
use crate::body::{Body, BodyArguments, Opening, preset_for};
use crate::conversation::{Answered, Conversation, Partner, Said};
use crate::failure::Failure;
use crate::hardware::Network;
use crate::recurrent::arguments::NoiseArguments;
use crate::recurrent::remembering::RememberArguments;
use crate::session::Paired;
use crate::source::SourceArguments;

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

impl All<'_> {
    /// All its steps.
    pub(super) fn memory(&mut self, boards: &[Board]) -> anyhow::Result<()> {
        self.train()?;
        self.prove(boards);
        self.emit(Network::Memory, boards);
        self.report.builds = self.build(Network::Memory, boards);
        let (model, board) = (self.model(), &boards[0]);
        let ask = |port: &Body| converse(&model, port, board.baud);
        self.report.answers = self.ask(Network::Memory, board, ask, |answer| &answer.answer);
        Ok(())
    }

    fn model(&self) -> PathBuf {
        self.out.join("qa1.safetensors")
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
            cell: None,
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
        let compiled = self.compiled();
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
            counters: false,
            memo: RememberArguments::none(),
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
