//! Test questions put to a backend, each answer compared with the integer model's; the first that differs, by layer.

use engram_babi::Story;
use engram_babi::encoding::shown;
use engram_memnet::{Evaluation, Model, evaluate};
use engram_spec::Trace;
use engram_spec::memnet::Memnet;

use super::paired::{Paired, replay};
use crate::backend::{Backend, Opening};
use crate::difference::Difference;
use crate::paired::Disagreement;
use crate::progress::Work;

/// The answers of a backend, compared with the integer model's.
#[derive(Debug, Default)]
pub struct Agreement {
    /// The size of the device.
    pub preset: &'static str,
    /// The backend's answers.
    pub evaluation: Evaluation,
    /// Answers that differ in word or logit.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Difference>,
}

impl Agreement {
    /// Opens a backend, loads a model into it and puts the questions of some stories to it, at most `limit`. `progress` is
    /// called with the questions asked so far: 0 when the backend is open, which shows on `work`.
    pub fn find(
        model: &Model,
        stories: &[Story],
        limit: Option<usize>,
        backend: &Backend,
        opening: &Opening<Memnet>,
        work: &Work,
        progress: &mut dyn FnMut(usize),
    ) -> anyhow::Result<Agreement> {
        let mut device = Paired::open(model, backend, opening, work)?;
        progress(0);
        let evaluation = evaluate(&mut device, &model.vocabulary, stories, limit, progress)?;
        let (first, disagreements) = (device.first, device.disagreements);
        let preset = device.geometry.name;
        // A serial port is held by one device at a time.
        drop(device);
        let explain = |first: Disagreement| -> anyhow::Result<Difference> {
            let mut device = Paired::open(model, backend, &Opening { trace: true, ..opening.clone() }, work)?;
            let (_, again) = replay(model, &mut device, stories, first.number)?;
            let name = |word| shown(model.vocabulary.word(word).unwrap_or("no word"));
            Ok(Difference::new(first, name, &again, Trace::parting))
        };
        let first = first.map(explain).transpose()?;
        Ok(Agreement { preset, evaluation, disagreements, first })
    }
}
