//! Ranges of a model's codes chosen by what they cost: each is moved as long as the loss on training data falls. The ranges of least
//! squared error, from which this begins, count every value alike; but a gate that is cut off costs more than one that is coarse.

use engram_sequences::Data;

use crate::calibrate::keep_codes;
use crate::design::{Converter, Design};
use crate::material::Part;
use crate::model::Model;
use crate::network::{Network, Workspace};
use crate::precision::Precision;
use crate::recipe::Recipe;
use crate::tensors::{GATES, Tensors};
use crate::train::{TrainError, prepare};

/// Each move makes a range larger or smaller by this factor.
const MOVE: f32 = 1.189_207; // 2^(1/4)

/// The most rounds over all ranges.
const ROUNDS: usize = 3;

/// The most moves of a range in a round, to one side.
const MOVES: usize = 8;

/// Batches of the training data that the loss is measured on: all of a set of recordings, a part of a long text.
const BATCHES: usize = 8;

/// A range of a design.
#[derive(Clone, Copy, Debug)]
enum Knob {
    /// The weights of a gate.
    Weights(usize),
    /// The converter of a gate's columns.
    Converter(usize),
    /// The weights of the readout.
    Readout,
}

impl Knob {
    /// The ranges of a design that are codes', but those of weights that are codes as they are.
    fn all(design: &Design, tensors: &Tensors) -> Vec<Knob> {
        let precisions = design.precisions;
        let coded = |precision: Precision| precision != Precision::Float;
        let kept = keep_codes(&mut design.clone(), tensors);
        let converters = (0..GATES).map(Knob::Converter).filter(|_| coded(precisions.adc));
        let weights = (0..GATES).filter(|&gate| coded(precisions.weights) && !kept.gates[gate]).map(Knob::Weights);
        let readout = (coded(precisions.weights) && !kept.readout).then_some(Knob::Readout);
        converters.chain(weights).chain(readout).collect()
    }

    /// The design with this range larger by a factor.
    fn moved(self, design: &Design, factor: f32) -> Design {
        let mut moved = *design;
        let scaled = |converter: Converter, factor: f32| Converter::nearest(converter.gain() * factor);
        match self {
            Knob::Converter(gate) => moved.converters[gate] = scaled(moved.converters[gate], 1.0 / factor),
            Knob::Weights(gate) => {
                moved.ranges[gate] *= factor;
                // The same weights are smaller codes now, and so are their sums.
                moved.converters[gate] = scaled(moved.converters[gate], factor);
            }
            Knob::Readout => moved.readout_range *= factor,
        }
        moved
    }
}

/// The part of the data that ranges are chosen by.
struct Judge<'a> {
    parts: [Part; 2],
    tensors: &'a Tensors,
    work: Workspace,
}

impl Judge<'_> {
    /// The mean loss of a design.
    fn loss(&mut self, design: &Design) -> f64 {
        let mut network = Network::new(design);
        network.load(self.tensors);
        let [training, validation] = &self.parts;
        let loss = training.measure_some(BATCHES, &network, &mut self.work);
        loss.and(validation.measure_some(BATCHES, &network, &mut self.work)).mean()
    }
}

/// Moves the ranges of a model in codes, which `float` was put into, as long as the loss on training data falls, and at most until it
/// is that of the real numbers: what is gained beyond is learnt by heart. Weights of `float` that are codes as they are stay these codes.
pub fn refine(data: &Data, float: &Model, model: &Model) -> Result<Model, TrainError> {
    let limit = model.training.as_ref().map_or(0, |record| record.recipe.limit);
    let design = &model.design;
    let recipe = Recipe { cell: design.cell, hidden: design.shape.hidden, limit, ..Recipe::default() };
    let (_, training, validation) = prepare(data, &recipe, Some(float))?;
    let mut judge = Judge { parts: [training, validation], tensors: float.tensors(), work: Workspace::default() };
    let enough = judge.loss(&float.design);
    let (mut best, mut least) = (*design, judge.loss(design));
    let knobs = Knob::all(design, float.tensors());
    for _ in 0..ROUNDS {
        let before = least;
        for &knob in &knobs {
            for factor in [MOVE, 1.0 / MOVE] {
                if least > enough && climb(&mut judge, knob, factor, enough, (&mut best, &mut least)) {
                    break;
                }
            }
        }
        if least >= before {
            break;
        }
    }
    Ok(Model::new(best, model.labels.clone(), float.tensors(), model.training.clone()))
}

/// Moves a range to one side while the loss falls and is not yet enough; says whether it did.
fn climb(judge: &mut Judge<'_>, knob: Knob, factor: f32, enough: f64, (best, least): (&mut Design, &mut f64)) -> bool {
    let mut better = false;
    for _ in 0..MOVES {
        let moved = knob.moved(best, factor);
        let loss = judge.loss(&moved);
        if moved.check().is_err() || loss.is_nan() || loss >= *least {
            break;
        }
        (*best, *least, better) = (moved, loss, true);
        if loss <= enough {
            break;
        }
    }
    better
}
