//! A float model in codes, in formats that are found from the ranges its values have on training questions.

use engram_spec::Format;
use engram_spec::memnet::Addressing;

use crate::design::{Design, DesignError, Mode, StoredScores, WORD};
use crate::examples::Examples;
use crate::model::{Model, ModelError, Stored};
use crate::network::{Network, Query, Workspace};
use crate::quantise::Formats;
use crate::ranges::Ranges;
use crate::tensors::Tensors;

/// Questions that ranges of scores are tried on.
const QUESTIONS: usize = 300;

/// The powers of two by which products are tried to be divided: up to 2^4, scores of ±64 fit ±4.
const SHIFTS: u8 = 4;

/// Fraction bits that the controller's format is tried to have beyond those that hold 99.9 % of its magnitudes. The last state is
/// the largest, and only its largest logit counts; the first ones are finer for what it loses.
const FINER: u32 = 2;

impl Model {
    /// Quantises a float model: formats that hold 99.9 % of the magnitudes on `training` ([`Ranges`]), each number
    /// rounded to them once. m and u of a bounded addressing keep the format whose range R the float model was trained
    /// with, because the similarity is relative to it.
    ///
    /// Products have no bound, and their scores may be far beyond the ±4 that a device stores. Which of them are stored
    /// ([`StoredScores`]), and how fine the controller is, is chosen by the cross-entropy on training questions in codes.
    ///
    /// Training in the mode adapts to what is lost here, so it gives better models; for weights from elsewhere this is the
    /// way to a device. Errors: a model that has codes, and what a device (or, in a truncating mode, the software) cannot
    /// compute.
    pub fn quantised(&self, mode: Mode, graded: bool, training: &Examples) -> Result<Model, ModelError> {
        let Stored::Real(tensors) = &self.weights else {
            return Err(DesignError::Quantised { mode: self.design.mode }.into());
        };
        let design = Design { mode, graded, bits: WORD, ..self.design };
        design.check()?;
        let formats = Ranges::of(&self.design, tensors, training).formats(&design);
        let mut design = Design { formats, ..design };
        if design.addressing == Addressing::Dot && !mode.is_truncating() {
            design = with_scores(design, tensors, training);
        }
        if !mode.is_truncating() {
            design.settings()?;
        }
        let mut grid = Tensors::zeroed(&design.shape);
        design.round(tensors, &mut grid);
        Ok(Model { design, weights: Stored::Codes(design.formats.encode(&grid)), ..self.clone() })
    }
}

/// The centres that are tried, in units of 2^-3: from 0 to 28.
const CENTRES: [u8; 8] = [0, 16, 32, 64, 96, 128, 176, 224];

/// The design with the range of scores, and the format of the controller, that lose least on training questions.
fn with_scores(design: Design, tensors: &Tensors<f32>, training: &Examples) -> Design {
    let finer = (0..=FINER).filter_map(|more| {
        let controller = Format::with_fraction(design.formats.controller.fraction() + more)?;
        Some(Design { formats: Formats { controller, ..design.formats }, ..design })
    });
    let ranges = (0..=SHIFTS).flat_map(|shift| CENTRES.map(|centre| StoredScores { shift, centre }));
    let candidates = finer.flat_map(|design| {
        ranges.clone().map(move |scores| {
            let scores = (scores != StoredScores::default()).then_some(scores);
            Design { scores, ..design }
        })
    });
    let possible = candidates.filter(|design| design.settings().is_ok());
    let measured = possible.map(|design| (loss(&design, tensors, training), design));
    // Of equals the first: the scores as they are.
    measured.reduce(|best, other| if other.0 < best.0 { other } else { best }).map_or(design, |(_, design)| design)
}

/// The cross-entropy of some training questions, in the arithmetic of a design in codes.
fn loss(design: &Design, tensors: &Tensors<f32>, training: &Examples) -> f32 {
    let mut grid = Tensors::zeroed(&design.shape);
    design.round(tensors, &mut grid);
    let (network, mut work) = (Network::new(design), Workspace::new(&design.shape));
    let every = training.questions.len().div_ceil(QUESTIONS).max(1);
    let mut sum = 0.0;
    for question in training.questions.iter().step_by(every) {
        let sentences = training.story(question, design.shape.slots);
        let ages: Vec<usize> = (0..sentences.len()).rev().collect();
        network.forward(&grid, &Query { sentences, ages: &ages, question: &question.words }, &mut work);
        sum += network.loss(question.answer, &mut work);
    }
    sum
}
