//! Test questions put to a crossbar backend, each answer compared with the integer model's; the first that differs, by layer.

use engram_babi::encoding::shown;
use engram_crossbar::evaluate::{lost, questions_on};
use engram_crossbar::{Labels, Loss, Model, Programming};
use engram_sequences::Questions;
use engram_spec::Trace;

use super::counters::{Counted, CountedByGate};
use super::gates::Columns;
use super::inputs::{leading_to, name};
use super::miscount::Miscount;
use super::paired::Paired;
use super::parting::{parting, traced};
use crate::difference::Difference;
use crate::hardware::Organisation;
use crate::paired::{Cycles, Disagreement};

/// The answers of a backend, compared with the integer model's.
#[derive(Debug, Default)]
pub struct Agreement {
    /// The size of the device.
    pub preset: &'static str,
    /// The loss of all answers, by the integer model's logits.
    pub all: Loss,
    /// The loss of the answers behind the cue, where the model has one.
    pub answers: Option<Loss>,
    /// The cycles of steps and answers.
    pub cycles: Cycles,
    /// Answers that differ in class, symbol or logit.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Difference>,
    /// The counters of memoization; `None` where every column is computed.
    pub counters: Option<CountedByGate>,
    /// Sequences whose counters or cycles differ.
    pub sequences_differing: usize,
    /// The first number of them.
    pub miscount: Option<Miscount>,
}

impl Agreement {
    /// Puts questions to a backend that was programmed with the model in this way. `answered` is called for each answer.
    pub fn find(
        model: &Model,
        device: &mut Paired,
        questions: &Questions,
        programming: &Programming,
        mut answered: impl FnMut(),
    ) -> anyhow::Result<Agreement> {
        let cue = match (&model.labels, questions) {
            (Labels::Symbols { cue: Some(cue), .. }, Questions::Symbols(symbols)) => Some((*cue, symbols.as_slice())),
            _ => None,
        };
        let (mut all, mut answers) = (Loss::default(), cue.map(|_| Loss::default()));
        questions_on(device, model, questions, |device, answer| {
            let loss = lost(&device.beside, model, answer);
            if let (Some(answers), Some((cue, symbols))) = (&mut answers, cue)
                && symbols[all.targets] == cue
            {
                *answers = answers.and(loss);
            }
            all = all.and(loss);
            answered();
        })?;
        device.compare_counters()?;
        let counted = device.beside.take_counters();
        let (sequences_differing, miscount) = (device.tallies.differing, device.tallies.first.take());
        let columns = Columns::of(&model.program(device.geometry, programming)?);
        let counters = device.predictor().map(|predictor| {
            let all = Counted::of(&counted, Organisation::found(&predictor), sequences_differing);
            CountedByGate::new(all, &counted, columns.names)
        });
        let (cycles, disagreements, first) = (device.cycles, device.disagreements, device.first);
        let preset = device.geometry.name;
        let explain = |first: Disagreement| -> anyhow::Result<Difference> {
            let (inputs, _) = leading_to(model, questions, first.number)?;
            let (_, again) = traced(device, &inputs)?;
            let parting = |found: &Trace, expected: &Trace| parting(found, expected, &columns);
            Ok(Difference::new(first, |answer| shown(&name(model, answer.into())), &again, parting))
        };
        let first = first.map(explain).transpose()?;
        Ok(Agreement { preset, all, answers, cycles, disagreements, first, counters, sequences_differing, miscount })
    }
}
