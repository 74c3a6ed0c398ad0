//! Training: restarts side by side, the best by validation wins. The same seed gives the same model on any number of threads.

use std::cmp::Ordering;
use std::f64::consts::{PI, TAU};

use engram_learn::limits::{
    BATCH_MAX, EPOCHS_MAX, RESTARTS_MAX, above_zero, at_least_one, counts, fewer_than_epochs, from_zero,
};
use engram_learn::restarts::fit;
use engram_learn::{BINARY_RANGE, Diverged, Progress, RecipeError, Schedule, Train, Validation};
use engram_sequences::{Data, Normaliser, Recording, SequenceError, SequenceSet};
use engram_spec::crossbar::Cell;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::calibrate;
use crate::cell::clear_unread;
use crate::column::Observed;
use crate::design::{Design, DesignError, Precisions, Tiling};
use crate::material::{Part, Stream};
use crate::model::{Labels, Model, Record};
use crate::network::{Network, State, Workspace};
use crate::noise::Source;
use crate::optimise::Updates;
use crate::precision::Precision;
use crate::recipe::Recipe;
use crate::tensors::{GATES, Shape, Tensors};

/// An error of training.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The data have nothing to learn from, or nothing to validate with.
    #[error(
        "found {training} targets to train on and {validation} to validate with, expected at least 1 of each: give more data \
         (every fifth recording of a class is for validation, or as a recipe's hold_out says)"
    )]
    NoTargets {
        /// Targets to train on.
        training: usize,
        /// Targets to validate with.
        validation: usize,
    },
    /// A symbol that the alphabet has not.
    #[error("found symbol {found} in a stream, expected less than {symbols}, the number of symbols")]
    Symbol {
        /// The symbol.
        found: u16,
        /// The number of symbols.
        symbols: usize,
    },
    /// The recordings do not fit together.
    #[error(transparent)]
    Data(#[from] SequenceError),
    /// The recipe asks for what cannot be computed.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// A number of the recipe is out of its range.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The model to begin with has another size.
    #[error("the model to start from has {found} {what}, the recipe and data ask for {expected}: choose the same")]
    Start {
        /// The name of the size.
        what: &'static str,
        /// The size of the model.
        found: usize,
        /// The size of the recipe and the data.
        expected: usize,
    },
    /// The model to begin with has other cells.
    #[error("the model to start from has cells {found}, the recipe asks for {expected}: choose the same")]
    Cell {
        /// The cells of the model.
        found: &'static str,
        /// The cells of the recipe.
        expected: &'static str,
    },
    /// The loss of every restart became infinite.
    #[error(transparent)]
    Diverged(#[from] Diverged),
}

/// Puts a trained model into other precisions and onto other tiles without any further training (post-training quantisation):
/// the ranges of weights and converters are found on the training data, as they are before quantisation-aware training. Weights that are
/// codes as they are, as those of an exported model, stay the same codes.
pub fn quantise(data: &Data, model: &Model, precisions: Precisions, tiling: Tiling) -> Result<Model, TrainError> {
    let hidden = model.design.shape.hidden;
    let limit = model.training.as_ref().map_or(0, |record| record.recipe.limit);
    let recipe = Recipe { cell: model.design.cell, hidden, precisions, tiling, limit, ..Recipe::default() };
    let (labels, training, validation) = prepare(data, &recipe, Some(model))?;
    let shape = Shape { inputs: labels.inputs(), hidden, outputs: labels.outputs() };
    let mut design = Design { cell: recipe.cell, ..Design::new(shape, precisions, tiling) };
    design.check()?;
    let tensors = begin(model, recipe.cell, &shape)?;
    let trainer = Trainer { design, recipe: &recipe, start: None, training: &training, validation: &validation };
    let mut work = Workspace::default();
    calibrate::weights(&mut design, &tensors, recipe.noise.of_weights(&tiling));
    calibrate::keep_codes(&mut design, &tensors);
    trainer.settle_converters(&mut design, &tensors, &mut work);
    Ok(Model::new(design, labels, &tensors, model.training.clone()))
}

/// The version of training: raised whenever training or the integer model changes in a way that gives other models, or other
/// answers, for an old recipe. Finished runs of another version are done again.
pub const VERSION: u32 = 1;

/// Trains a model.
///
/// With `start` the training begins with that model's tensors in place of random ones, and with the recipe's precisions at
/// once: a float model before a quantised one. Its windowing and its normalisation are kept, too.
pub fn train(
    data: &Data,
    recipe: &Recipe,
    seed: u64,
    start: Option<&Model>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Model, TrainError> {
    check(recipe)?;
    let (labels, training, validation) = prepare(data, recipe, start)?;
    let design = planned(recipe, labels.inputs(), labels.outputs())?;
    let shape = design.shape;
    let start = start.map(|start| begin(start, recipe.cell, &shape)).transpose()?;
    let trainer = Trainer { design, recipe, start, training: &training, validation: &validation };
    let Recipe { restarts, epochs, patience, keep_best, .. } = *recipe;
    let best = fit(&trainer, &Schedule { seed, restarts, epochs, patience, keep_best }, progress)?;
    let (design, weights) = &best.weights;
    let record = Record {
        recipe: *recipe,
        seed,
        restart: best.restart,
        epoch: best.epoch,
        source: data.name().to_string(),
        data: data.source().cloned(),
        training_targets: training.targets(),
        validation_error: best.validation.error as f32,
        validation_loss: best.validation.loss as f32,
    };
    Ok(Model::new(*design, labels, weights, Some(record)))
}

/// The design that a model trained so will have, but the ranges that its training finds. A recipe that nothing can be trained by
/// is an error.
pub fn planned(recipe: &Recipe, inputs: usize, outputs: usize) -> Result<Design, TrainError> {
    check(recipe)?;
    let shape = Shape { inputs, hidden: recipe.hidden, outputs };
    let design = Design { cell: recipe.cell, ..Design::new(shape, recipe.precisions, recipe.tiling) };
    design.check()?;
    Ok(design)
}

/// The labels of inputs and outputs, and the training and validation data in that form.
pub(crate) fn prepare(data: &Data, recipe: &Recipe, start: Option<&Model>) -> Result<(Labels, Part, Part), TrainError> {
    let (labels, training, validation) = match data {
        Data::Recordings(set) => {
            let held;
            let set: &SequenceSet = if set.validation.is_empty() {
                held = set.clone().hold_out(recipe.hold_out);
                &held
            } else {
                set
            };
            let (windowing, normaliser) = match start.map(|start| &start.labels) {
                Some(Labels::Classes { windowing, normaliser, .. }) => (*windowing, normaliser.clone()),
                _ => {
                    let in_windows = |recording: &Recording| recipe.windowing.apply(recording);
                    let windows = set.train.iter().map(in_windows).collect::<Result<Vec<_>, _>>()?;
                    (recipe.windowing, Normaliser::fit(&windows, recipe.covered)?)
                }
            };
            let part = |recordings: &[Recording]| Part::of_recordings(recordings, windowing, &normaliser);
            let training = part(&set.train)?;
            let is_held_out = recipe.hold_out > 0 || !set.validation.is_empty();
            let validation = if is_held_out { part(&set.validation)? } else { training.clone() };
            (Labels::Classes { names: set.classes.clone(), windowing, normaliser }, training, validation)
        }
        Data::Symbols(set) => {
            let symbols = set.alphabet.len();
            let all = set.train.iter().chain(&set.validation);
            if let Some(&found) = all.into_iter().find(|&&symbol| usize::from(symbol) >= symbols) {
                return Err(TrainError::Symbol { found, symbols });
            }
            let (train, validate) = recipe.limited(set.train.len(), set.validation.len());
            let [training, validation] = [&set.train[..train], &set.validation[..validate]].map(|part| {
                let asked = if recipe.answers_only { set.cue } else { None };
                Part::Stream(Stream { symbols: part.to_vec(), boundary: set.boundary, asked })
            });
            let (alphabet, separator) = (set.alphabet.clone(), set.separator.to_string());
            let labels = Labels::Symbols { alphabet, separator, boundary: set.boundary, cue: set.cue };
            (labels, training, validation)
        }
    };
    let counts = (training.targets(), validation.targets());
    if counts.0 == 0 || counts.1 == 0 {
        return Err(TrainError::NoTargets { training: counts.0, validation: counts.1 });
    }
    Ok((labels, training, validation))
}

/// The tensors of a model to begin with.
fn begin(start: &Model, cell: Cell, shape: &Shape) -> Result<Tensors, TrainError> {
    if start.design.cell != cell {
        return Err(TrainError::Cell { found: start.design.cell.name(), expected: cell.name() });
    }
    let found = start.design.shape;
    let sizes = [
        ("inputs", found.inputs, shape.inputs),
        ("hidden elements", found.hidden, shape.hidden),
        ("outputs", found.outputs, shape.outputs),
    ];
    match sizes.into_iter().find(|(_, found, expected)| found != expected) {
        Some((what, found, expected)) => Err(TrainError::Start { what, found, expected }),
        None => Ok(start.tensors().clone()),
    }
}

/// Checks a recipe's numbers.
fn check(recipe: &Recipe) -> Result<(), RecipeError> {
    let Recipe { restarts, epochs, float_epochs, batch, unroll, patience, .. } = *recipe;
    counts(&[("restarts", restarts, RESTARTS_MAX), ("epochs", epochs, EPOCHS_MAX)])?;
    counts(&[("batch", batch, BATCH_MAX), ("unroll", unroll, BATCH_MAX)])?;
    at_least_one(&[("patience", patience)])?;
    fewer_than_epochs(&[("float_epochs", float_epochs)], epochs)?;
    above_zero(&[("rate", recipe.rate, 10.0), ("clip", recipe.clip, 1e9), ("covered", recipe.covered, 1.0)])?;
    from_zero(&[
        ("decay", recipe.decay, 1.0),
        ("input_noise", recipe.input_noise, 1.0),
        ("input_offset", recipe.input_offset, 1.0),
        ("noise.weights", recipe.noise.weights, 1.0),
        ("noise.read", recipe.noise.read, 16.0),
    ])
}

/// The parts that all restarts share.
struct Trainer<'a> {
    design: Design,
    recipe: &'a Recipe,
    start: Option<Tensors>,
    training: &'a Part,
    validation: &'a Part,
}

/// The weights of a restart, and the memory that its epochs work in.
struct Restart {
    design: Design,
    weights: Tensors,
    gradient: Tensors,
    updates: Updates,
    work: Workspace,
    random: ChaCha8Rng,
    noise: Source,
}

impl Train for Trainer<'_> {
    type State = Restart;
    type Weights = (Design, Tensors);

    fn initial(&self, _: usize, mut random: ChaCha8Rng) -> Restart {
        let (shape, recipe) = (&self.design.shape, self.recipe);
        Restart {
            design: Design { precisions: Precisions::FLOAT, ..self.design },
            weights: self.start.clone().unwrap_or_else(|| initial(recipe.cell, shape, &mut random)),
            gradient: Tensors::zeroed(shape),
            updates: Updates::new(shape, recipe.clip, recipe.decay),
            work: Workspace::default(),
            noise: Source::new(random.random()),
            random,
        }
    }

    /// One pass over the training data, with ranges and converters that fit the weights of now.
    fn epoch(&self, epoch: usize, restart: &mut Restart) -> f64 {
        match epoch.cmp(&self.float_epochs()) {
            Ordering::Less => {}
            Ordering::Equal => {
                restart.design = self.design;
                self.settle(&mut restart.design, &restart.weights, &mut restart.work);
            }
            Ordering::Greater => self.calibrate(&mut restart.design, &restart.weights, &mut restart.work),
        }
        self.pass(epoch, restart)
    }

    fn validate(&self, restart: &mut Restart) -> Validation {
        let mut network = Network::new(&restart.design);
        network.load(&restart.weights);
        let loss = self.validation.measure(&network, &mut restart.work);
        Validation { error: loss.error(), loss: loss.mean() }
    }

    fn is_candidate(&self, epoch: usize) -> bool {
        epoch >= self.float_epochs()
    }

    fn weights(&self, restart: &Restart) -> (Design, Tensors) {
        (restart.design, restart.weights.clone())
    }
}

impl Trainer<'_> {
    /// Epochs at the start in real arithmetic: none from a trained model.
    fn float_epochs(&self) -> usize {
        if self.start.is_some() { 0 } else { self.recipe.float_epochs }
    }

    /// One pass over the training data. Gives the mean loss.
    fn pass(&self, epoch: usize, restart: &mut Restart) -> f64 {
        let Restart { design, weights, gradient, updates, work, random, noise } = restart;
        let design = &*design;
        let recipe = self.recipe;
        let mut network = Network::new(design);
        let (shape, quantised) = (design.shape, design.precisions != Precisions::FLOAT);
        let weight_noise = recipe.noise.of_weights(&design.tiling) as f32;
        let read_noise = recipe.noise.read as f32;
        let (mut sum, mut targets) = (0.0, 0);
        let all = self.training.targets() as f64;
        self.training.shuffled(recipe, random, |batch, state| {
            let done = (epoch as f64 + f64::from(targets) / all) / recipe.epochs as f64;
            let rate = recipe.rate * 0.5 * (1.0 + (PI * done.min(1.0)).cos());
            network.load_noisy(weights, (weight_noise > 0.0).then_some((&mut *noise, weight_noise)));
            let state = state.get_or_insert_with(|| State::zeroed(&shape, batch.active[0]));
            let read = (read_noise > 0.0).then_some((&mut *noise, read_noise));
            network.forward_noisy(batch, state, work, read, None);
            let loss = work.loss(batch, &shape);
            network.backward(batch, work, gradient);
            updates.apply(weights, gradient, rate as f32);
            if quantised {
                confine(weights, design);
            }
            sum += loss.sum;
            targets += loss.targets as u32;
        });
        sum / f64::from(targets.max(1))
    }

    /// Finds the ranges of weights, and with those the gains of converters.
    fn settle(&self, design: &mut Design, weights: &Tensors, work: &mut Workspace) {
        calibrate::weights(design, weights, self.recipe.noise.of_weights(&self.design.tiling));
        self.settle_converters(design, weights, work);
    }

    /// Finds the gains of the converters of a network whose weights have their ranges.
    fn settle_converters(&self, design: &mut Design, weights: &Tensors, work: &mut Workspace) {
        if design.precisions.adc != Precision::Float {
            let observed = self.observe(Network::unconverted(design), weights, work);
            calibrate::converters(design, &observed.sums, self.recipe.noise.read);
            // Now that h is what it will be with converters.
            self.calibrate(design, weights, work);
        }
    }

    /// Finds the gains of the converters by what they are given now.
    fn calibrate(&self, design: &mut Design, weights: &Tensors, work: &mut Workspace) {
        if design.precisions.adc != Precision::Float {
            let observed = self.observe(Network::new(design), weights, work);
            calibrate::converters(design, &observed.sums, self.recipe.noise.read);
        }
    }

    /// Observes the converters' inputs of a network on a part of the training data.
    fn observe(&self, mut network: Network, weights: &Tensors, work: &mut Workspace) -> Observed {
        network.load(weights);
        let mut observed = Observed::new(OBSERVED_EVERY);
        self.training.sample(OBSERVED_BATCHES, |batch, state| {
            let state = state.get_or_insert_with(|| State::zeroed(&network.design().shape, batch.active[0]));
            network.forward_noisy(batch, state, work, None, Some(&mut observed));
        });
        observed
    }
}

/// The step in which a gate's sums are observed in calibration, every nth.
const OBSERVED_EVERY: usize = 7;

/// Batches that are looked at in calibration.
const OBSERVED_BATCHES: usize = 2;

/// Keeps the weights within their ranges, where a code could not follow them.
fn confine(weights: &mut Tensors, design: &Design) {
    let reach = match design.precisions.weights {
        Precision::Float => return,
        Precision::Bits(0 | 1) => BINARY_RANGE,
        Precision::Bits(_) => 1.0,
    };
    for (place, block) in weights.w.chunks_exact_mut(design.shape.hidden).enumerate() {
        let most = reach * design.ranges[place % GATES];
        block.iter_mut().for_each(|w| *w = w.clamp(-most, most));
    }
    let most = reach * design.readout_range;
    weights.out.iter_mut().for_each(|w| *w = w.clamp(-most, most));
}

/// Normal weights of deviation 1 / sqrt(rows) (0 for biases, 1 for those of the gate by which a cell keeps its state: Jozefowicz et
/// al., ICML 2015).
fn initial(cell: Cell, shape: &Shape, random: &mut ChaCha8Rng) -> Tensors {
    let mut tensors = Tensors::zeroed(shape);
    let deviation = 1.0 / (shape.hidden as f64).sqrt();
    let mut draw = |weights: &mut Vec<f32>| weights.iter_mut().for_each(|w| *w = (deviation * normal(random)) as f32);
    draw(&mut tensors.w);
    draw(&mut tensors.out);
    clear_unread(cell, shape, &mut tensors.w);
    let keeps = match cell {
        Cell::Lstm => shape.hidden..2 * shape.hidden,
        Cell::Gru => 0..shape.hidden,
    };
    tensors.bias[keeps].fill(1.0);
    tensors
}

/// A number of the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    radius * (TAU * random.random::<f64>()).cos()
}
