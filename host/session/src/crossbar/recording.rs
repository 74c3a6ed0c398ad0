//! Recordings classified by a backend, one at a time.

use std::fmt;

use engram_babi::encoding::shown;
use engram_crossbar::Model;
use engram_sequences::Questions;
use engram_spec::Device;
use engram_spec::crossbar::Requests;
use serde::Serialize;

use super::inputs::{leading_to, name};
use super::paired::Paired;
use super::remembered::{Remembered, cost};
use super::shares::{Share, draw, shares};
use crate::style::{BAD, FAINT, STRONG, styled};

/// A recording that was classified.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Classified {
    /// Counted from 1.
    pub recording: usize,
    /// The class that was answered.
    pub answer: String,
    /// The logit of the class, exact.
    pub logit: i32,
    /// The next likely one.
    pub runner_up: Option<String>,
    /// The class that the data say; `None` where they say none.
    pub right: Option<String>,
    /// The cycles of all steps and the answer; 0 where the backend has no clock.
    pub cycles: u64,
    /// Whether class and logit, and the counters where columns are remembered, are the integer model's.
    pub agrees: bool,
    /// The columns that were remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<Remembered>,
    /// The most likely classes.
    pub likely: Vec<Share>,
}

impl fmt::Display for Classified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Classified { recording, answer, right, cycles, .. } = self;
        write!(f, "{} {}", styled(FAINT, format!("recording {recording}:")), styled(STRONG, shown(answer)))?;
        if let Some(runner_up) = &self.runner_up {
            write!(f, "  {}", styled(FAINT, format!("(next likely: {})", shown(runner_up))))?;
        }
        if let Some(right) = right.as_ref().filter(|right| *right != answer) {
            write!(f, "  {}", styled(BAD, format!("wrong: the data say {}", shown(right))))?;
        }
        write!(f, "{}\n{}", cost(*cycles, self.memo.as_ref()), draw(&self.likely))
    }
}

/// Classifies the recording that is counted from 1.
pub fn classify(
    model: &Model,
    device: &mut Paired,
    questions: &Questions,
    recording: usize,
) -> anyhow::Result<Classified> {
    let (inputs, right) = leading_to(model, questions, recording)?;
    let before = device.differing();
    device.clear()?;
    let mut cycles = 0;
    for input in &inputs {
        cycles += u64::from(input.give(device)?);
    }
    let answer = device.answer()?;
    device.compare_counters()?;
    let likely = shares(&device.beside, model);
    let answered = name(model, answer.word.into());
    Ok(Classified {
        recording,
        runner_up: likely.iter().map(|share| share.answer.clone()).find(|other| *other != answered),
        answer: answered,
        logit: answer.logit,
        right: right.map(|right| name(model, right)),
        cycles: cycles + u64::from(answer.cycles),
        agrees: device.differing() == before,
        memo: device.take_remembered(),
        likely,
    })
}
