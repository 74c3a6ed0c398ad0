//! Training: restarts side by side, the best by validation wins. The same seed gives the same model on any number of threads.

use std::f32::consts::TAU;

use engram_babi::{BabiError, DataSet, Story, UnknownWord, Vocabulary};
use engram_learn::limits::{
    BATCH_MAX, EPOCHS_MAX, RESTARTS_MAX, above_zero, at_least_one, counts, fewer_than_epochs, from_zero,
};
use engram_learn::restarts::fit;
use engram_learn::{BINARY_RANGE, Diverged, Progress, RecipeError, Schedule, Train, Validation, for_processor};
use engram_spec::memnet::{Addressing, Tying};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::design::{Design, DesignError};
use crate::examples::Examples;
use crate::model::{Model, Record};
use crate::network::{Attention, Network, Query, Workspace};
use crate::optimise::{Updates, tie};
use crate::quantise::Formats;
use crate::ranges::Ranges;
use crate::recipe::{FormatChoice, FormatRule, Recipe};
use crate::tensors::{Shape, Tensors};

/// An error of training.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The training stories are too few to train on and to validate with.
    #[error("found {found} training stories, expected at least 2: one to train on, one to validate with")]
    TooFewStories {
        /// Stories found.
        found: usize,
    },
    /// The training stories are too few to choose a recipe with.
    #[error(
        "found {found} training stories, expected at least {least} to choose among candidates: each is tried on stories that it has not learnt"
    )]
    TooFewToChoose {
        /// Stories found.
        found: usize,
        /// The least that are needed.
        least: usize,
    },
    /// The data have nothing to learn from, or nothing to validate with.
    #[error("found {training} questions to train on and {validation} to validate with, expected at least 1 of each")]
    NoQuestions {
        /// Questions to train on.
        training: usize,
        /// Questions to validate with.
        validation: usize,
    },
    /// A question stands before the first sentence of its story.
    #[error("found a question without a sentence before it, expected at least one: no memory could answer it")]
    NoStory,
    /// The data set has no vocabulary.
    #[error(transparent)]
    Data(#[from] BabiError),
    /// The vocabulary lacks a word of the data.
    #[error(transparent)]
    UnknownWord(#[from] UnknownWord),
    /// The recipe asks for what cannot be computed.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// A number of the recipe is out of its range.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The model to begin with has another size.
    #[error("the model to start from has {found} {what}, the recipe {expected}: choose the same")]
    Start {
        /// The name of the size.
        what: &'static str,
        /// The size of the model.
        found: usize,
        /// The size of the recipe.
        expected: usize,
    },
    /// The model to begin with shares other tensors.
    #[error("the model to start from has {found} tying, the recipe {expected}: choose the same")]
    StartTying {
        /// The tying of the model.
        found: Tying,
        /// The tying of the recipe.
        expected: Tying,
    },
    /// The loss of every restart became infinite.
    #[error(transparent)]
    Diverged(#[from] Diverged),
}

/// The version of training: raised whenever training or the integer model changes in a way that gives other models, or other
/// answers, for an old recipe. Finished runs of another version are done again.
pub const VERSION: u32 = 3;

/// The design that a model trained so will have, but the formats that its training finds.
pub fn planned(data: &[DataSet], recipe: &Recipe, start: Option<&Model>) -> Result<Design, TrainError> {
    let (vocabulary, answers) = Vocabulary::of(data)?;
    let longest = || data.iter().map(|task| task.longest().len()).max().unwrap_or(0);
    let positions = start.map_or_else(longest, |start| start.design.shape.positions);
    let Recipe { elements, slots, hops, tying, .. } = *recipe;
    let (words, answers) = (vocabulary.len(), Some(answers).filter(|&answers| answers > 0));
    let design = design(recipe, Shape { words, elements, slots, hops, positions, tying, answers });
    check(recipe, &design)?;
    check_blend(recipe)?;
    check_last(recipe)?;
    Ok(design)
}

/// Trains a model of a task, or of several in one network (joint training).
///
/// With `start` the training begins with that model's tensors, those of its words that the data has, in place of random
/// ones: a float model of all tasks before a model of one, or a float model before a quantised one. Of the training
/// stories of each task a share is kept for validation, which the seed decides: a model trained from another of the same
/// seed validates with stories that neither has learnt from.
pub fn train(
    data: &[DataSet],
    recipe: &Recipe,
    seed: u64,
    start: Option<&Model>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Model, TrainError> {
    let (vocabulary, _) = Vocabulary::of(data)?;
    let design = planned(data, recipe, start)?;
    let start = start.map(|start| begin(start, &vocabulary, &design.shape)).transpose()?;
    let (mut training, mut validation) = (Vec::new(), Vec::new());
    for task in data {
        let (learnt, kept) = split(&task.train, recipe.validation, seed)?;
        training.extend(learnt);
        validation.extend(kept);
    }
    let (training, validation) = (Examples::encode(training, &vocabulary)?, Examples::encode(validation, &vocabulary)?);
    if training.questions.iter().chain(&validation.questions).any(|question| question.sentences.is_empty()) {
        return Err(TrainError::NoStory);
    }
    if training.questions.is_empty() || validation.questions.is_empty() && recipe.validation > 0.0 {
        let (training, validation) = (training.questions.len(), validation.questions.len());
        return Err(TrainError::NoQuestions { training, validation });
    }
    let trainer = Trainer { design, recipe, start, training: &training, validation: &validation };
    let Recipe { restarts, epochs, patience, keep_best, .. } = *recipe;
    let best = fit(&trainer, &Schedule { seed, restarts, epochs, patience, keep_best }, progress)?;
    let (design, weights) = &best.weights;
    let mut work = Workspace::new(&design.shape);
    let record = Record {
        recipe: *recipe,
        seed,
        restart: best.restart,
        epoch: best.epoch,
        task: if let [one] = data { Some(one.task) } else { None },
        source: data.first().map(|task| task.source.to_string()).unwrap_or_default(),
        training_questions: training.questions.len(),
        training_error: measure(&Network::new(design), weights, &training, &mut work).0,
        validation_error: (!validation.questions.is_empty()).then_some(best.validation.error as f32),
        choice: None,
    };
    Ok(Model::new(*design, vocabulary, weights, Some(record)))
}

/// The tensors of a model to begin with: the rows of the words that both have; NaN where there is nothing to begin with.
fn begin(start: &Model, vocabulary: &Vocabulary, shape: &Shape) -> Result<Tensors<f32>, TrainError> {
    let (network, old) = start.network();
    let found = network.shape;
    if found.tying != shape.tying {
        return Err(TrainError::StartTying { found: found.tying, expected: shape.tying });
    }
    let mut sizes = vec![("elements", found.elements, shape.elements), ("slots", found.slots, shape.slots)];
    if shape.tying == Tying::Adjacent {
        // Every hop has tensors of its own.
        sizes.push(("hops", found.hops, shape.hops));
    }
    if let Some(&(what, found, expected)) = sizes.iter().find(|(_, found, expected)| found != expected) {
        return Err(TrainError::Start { what, found, expected });
    }
    let mut tensors =
        Tensors { h: old.h, age_a: old.age_a, age_c: old.age_c, position: old.position, ..Tensors::zeroed(shape) };
    let tables =
        [(&mut tensors.a, &old.a), (&mut tensors.b, &old.b), (&mut tensors.c, &old.c), (&mut tensors.w, &old.w)];
    for (table, old) in tables {
        // One memory's words after the other's.
        let memories = table.chunks_exact_mut(shape.words * shape.elements);
        for (table, old) in memories.zip(old.chunks_exact(found.words * shape.elements)) {
            for (row, word) in table.chunks_exact_mut(shape.elements).zip(vocabulary.words()) {
                match start.vocabulary.number(word) {
                    Some(number) => row.copy_from_slice(&old[usize::from(number) * shape.elements..][..shape.elements]),
                    None => row.fill(f32::NAN),
                }
            }
        }
    }
    Ok(tensors)
}

/// The design of a recipe for data of a shape. Where the formats are yet to be observed, those of the default stand for them.
fn design(recipe: &Recipe, shape: Shape) -> Design {
    let Recipe { mode, graded, bits, encoding, kappa, .. } = *recipe;
    let formats = match recipe.formats {
        FormatChoice::Given(formats) => formats,
        FormatChoice::Rule(_) => Formats::default(),
    };
    let formats = formats.tied(shape.tying);
    Design { mode, addressing: recipe.addressing(), graded, bits, shape, encoding, kappa, scores: None, formats }
}

/// Checks a recipe's numbers.
fn check(recipe: &Recipe, design: &Design) -> Result<(), TrainError> {
    if let Some((name, found, most)) = design.shape.excess() {
        return Err(RecipeError::new(name, found, format!("1 to {most}")).into());
    }
    let Recipe { epochs, batch, halve_every, restarts, linear_epochs, smooth_epochs, .. } = *recipe;
    counts(&[("epochs", epochs, EPOCHS_MAX), ("batch", batch, BATCH_MAX), ("restarts", restarts, RESTARTS_MAX)])?;
    at_least_one(&[("halve_every", halve_every)])?;
    fewer_than_epochs(&[("linear_epochs", linear_epochs), ("smooth_epochs", smooth_epochs)], epochs)?;
    above_zero(&[
        ("rate", recipe.rate, 1e3),
        ("controller_rate", recipe.controller_rate, 1e3),
        ("clip", recipe.clip, 1e9),
        ("deviation", recipe.deviation, 1e3),
    ])?;
    from_zero(&[
        ("validation", recipe.validation, 0.9),
        ("time_noise", recipe.time_noise, 1.0),
        ("weight_noise", recipe.weight_noise, 1.0),
    ])?;
    design.check()?;
    match recipe.formats {
        FormatChoice::Rule(FormatRule::Observed) if recipe.smooth_epochs == 0 => {
            let expected = "at least 1, in which the ranges for the formats are found";
            Err(RecipeError::new("smooth_epochs", 0, expected).into())
        }
        FormatChoice::Given(_) if design.mode.is_quantised() && !design.mode.is_truncating() => {
            Ok(design.shifts().map(|_| ()).map_err(DesignError::from)?)
        }
        _ => Ok(()),
    }
}

/// Checks the epochs of a blend from the product to a bounded addressing.
fn check_blend(recipe: &Recipe) -> Result<(), RecipeError> {
    let Recipe { blend_from, blend_to, epochs, .. } = *recipe;
    let addressing = recipe.addressing();
    if (blend_from, blend_to) == (0, 0) {
        return Ok(());
    }
    if addressing == Addressing::Dot {
        let expected = "0 with dot addressing: a blend goes from the product to a bounded addressing";
        let (name, found) = if blend_to > 0 { ("blend_to", blend_to) } else { ("blend_from", blend_from) };
        return Err(RecipeError::new(name, found, expected));
    }
    if blend_from >= blend_to {
        return Err(RecipeError::new("blend_from", blend_from, format!("fewer than blend_to = {blend_to}")));
    }
    fewer_than_epochs(&[("blend_to", blend_to)], epochs)
}

/// Checks what is only possible where the weights of the last epoch are kept.
fn check_last(recipe: &Recipe) -> Result<(), RecipeError> {
    let Recipe { average, validation, keep_best, epochs, .. } = *recipe;
    if keep_best && average > 0 {
        return Err(RecipeError::new("average", average, "0 with keep_best: weights are averaged to the last epoch"));
    }
    if keep_best && validation == 0.0 {
        return Err(RecipeError::new(
            "validation",
            validation,
            "above 0 with keep_best, which keeps the best by validation",
        ));
    }
    fewer_than_epochs(&[("average", average)], epochs)?;
    // The epochs before compute another function.
    let last = epochs - recipe.linear_epochs.max(recipe.smooth_epochs).max(recipe.blend_to);
    match average > last {
        true => {
            let expected = format!("at most the {last} epochs after the linear, the smooth and the blended ones");
            Err(RecipeError::new("average", average, expected))
        }
        false => Ok(()),
    }
}

/// Splits stories at random into those to train on and those to validate with.
fn split(stories: &[Story], share: f64, seed: u64) -> Result<(Vec<&Story>, Vec<&Story>), TrainError> {
    if stories.len() < 1 + usize::from(share > 0.0) {
        return Err(TrainError::TooFewStories { found: stories.len() });
    }
    let mut shuffled: Vec<&Story> = stories.iter().collect();
    shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let least = usize::from(share > 0.0);
    let kept = ((stories.len() as f64 * share).round() as usize).clamp(least, stories.len() - 1);
    let training = shuffled.split_off(kept);
    Ok((training, shuffled))
}

/// The parts of a training, by their arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Real numbers, without the softmax.
    Linear,
    /// Real numbers.
    Smooth,
    /// The mode's arithmetic.
    Last,
}

/// The parts that all restarts share.
struct Trainer<'a> {
    design: Design,
    recipe: &'a Recipe,
    start: Option<Tensors<f32>>,
    training: &'a Examples,
    validation: &'a Examples,
}

/// A part of a training with what it computes.
struct Stage {
    phase: Phase,
    share: f32,
    design: Design,
    network: Network,
}

impl Stage {
    fn new(design: Design, phase: Phase, share: f32) -> Stage {
        let mut network = if phase == Phase::Last { Network::new(&design) } else { Network::smooth(&design) };
        network.attention = if phase == Phase::Linear { Attention::Linear } else { Attention::Softmax };
        Stage { phase, share, design, network: network.blended(share) }
    }
}

impl Trainer<'_> {
    fn phase(&self, epoch: usize) -> Phase {
        match epoch {
            epoch if epoch < self.recipe.linear_epochs => Phase::Linear,
            epoch if epoch < self.recipe.smooth_epochs => Phase::Smooth,
            _ => Phase::Last,
        }
    }

    /// The design with the formats that the last phase computes with.
    fn settle(&self, weights: &Tensors<f32>) -> Design {
        match self.recipe.formats {
            FormatChoice::Rule(FormatRule::Observed) if self.design.mode.is_quantised() => {
                let ranges = Ranges::of(&self.design, weights, self.training);
                let formats = ranges.formats(&self.design);
                Design { formats, ..self.design }
            }
            _ => self.design,
        }
    }

    /// Normal weights; H besides starts at the identity, so that a hop passes on what it was given.
    fn initial_weights(&self, restart: usize, random: &mut ChaCha8Rng) -> Tensors<f32> {
        let mut weights = Tensors::zeroed(&self.design.shape);
        for tensor in weights.each_mut() {
            tensor.iter_mut().for_each(|weight| *weight = self.recipe.deviation as f32 * normal(random));
        }
        let elements = self.design.shape.elements;
        weights.h.iter_mut().step_by(elements + 1).for_each(|diagonal| *diagonal += 1.0);
        weights.position = self.recipe.encoding.weights(&self.design.shape);
        if let Some(start) = self.start.as_ref().filter(|_| restart >= self.recipe.scratch) {
            for (weights, start) in weights.each_mut().into_iter().zip(start.each()) {
                let known = weights.iter_mut().zip(start).filter(|(_, start)| !start.is_nan());
                known.for_each(|(weight, &start)| *weight = start);
            }
        }
        tie(self.recipe, &mut weights);
        weights
    }

    /// Ages of sentences, oldest first: counted from the newest, with a random gap now and then.
    fn draw_ages(&self, sentences: usize, random: &mut ChaCha8Rng, ages: &mut Vec<usize>) {
        ages.clear();
        let mut age = 0;
        for newer in 0..sentences {
            let room = self.design.shape.slots - (sentences - newer);
            if self.recipe.time_noise > 0.0 && age < room && random.random::<f64>() < self.recipe.time_noise {
                age += 1;
            }
            ages.push(age);
            age += 1;
        }
        ages.reverse();
    }
}

impl Train for Trainer<'_> {
    type State = Restart;
    /// The weights as the design computes with them.
    type Weights = (Design, Tensors<f32>);

    fn initial(&self, restart: usize, mut random: ChaCha8Rng) -> Restart {
        let shape = &self.design.shape;
        Restart {
            weights: self.initial_weights(restart, &mut random),
            stage: Stage::new(self.design, self.phase(0), self.recipe.share(0)),
            random,
            grid: Tensors::zeroed(shape),
            gradient: Tensors::zeroed(shape),
            updates: Updates::new(self.recipe, shape),
            work: Workspace::new(shape),
            mean: Mean { weights: Tensors::zeroed(shape), epochs: 0 },
            learnt: Validation { error: 0.0, loss: 0.0 },
            left: self.recipe.epochs,
            order: (0..self.training.questions.len()).collect(),
            ages: Vec::with_capacity(shape.slots),
        }
    }

    /// One pass over the training questions in random order.
    fn epoch(&self, epoch: usize, state: &mut Restart) -> f64 {
        let phase = self.phase(epoch);
        let share = self.recipe.share(epoch);
        if (phase, share) != (state.stage.phase, state.stage.share) {
            let is_settled = phase != Phase::Last || state.stage.phase == Phase::Last;
            let design = if is_settled { state.stage.design } else { self.settle(&state.weights) };
            state.stage = Stage::new(design, phase, share);
        }
        let recipe = self.recipe;
        let rate = recipe.rate * 0.5f64.powi((epoch / recipe.halve_every) as i32);
        let Restart { weights, stage, random, grid, gradient, updates, work, mean, learnt, left, order, ages } = state;
        let network = &stage.network;
        order.shuffle(random);
        let (mut loss, mut wrong) = (0.0, 0);
        for batch in order.chunks(recipe.batch) {
            quantise(weights, stage, grid);
            if recipe.weight_noise > 0.0 && !network.is_quantised() {
                let noise = recipe.weight_noise as f32;
                let weights = grid.each_mut().into_iter().flatten();
                weights.for_each(|weight| *weight += noise * (2.0 * random.random::<f32>() - 1.0));
                tie(recipe, grid);
            }
            gradient.clear();
            for &question in batch {
                let question = &self.training.questions[question];
                let sentences = self.training.story(question, self.design.shape.slots);
                self.draw_ages(sentences.len(), random, ages);
                let query = Query { sentences, ages, question: &question.words };
                network.forward(grid, &query, work);
                loss += network.loss(question.answer, work);
                wrong += usize::from(work.answer() != question.answer);
                network.backward(grid, &query, 1.0 / batch.len() as f32, work, gradient);
            }
            updates.apply(weights, gradient, rate as f32);
            confine(weights, stage);
        }
        *left = recipe.epochs - 1 - epoch;
        if *left < recipe.average {
            mean.add(weights);
        }
        let loss = f64::from(loss / order.len() as f32);
        *learnt = Validation { error: wrong as f64 / order.len() as f64, loss };
        loss
    }

    /// Where nothing is kept to validate with, the outcome on the training questions.
    fn validate(&self, state: &mut Restart) -> Validation {
        let weights = if state.mean.epochs > 0 { &state.mean.weights } else { &state.weights };
        quantise(weights, &state.stage, &mut state.grid);
        let examples = match self.validation.questions.is_empty() {
            true if state.left == 0 => self.training,
            true => return state.learnt,
            false => self.validation,
        };
        let (error, loss) = measure(&state.stage.network, &state.grid, examples, &mut state.work);
        Validation { error: error.into(), loss: loss.into() }
    }

    fn is_candidate(&self, epoch: usize) -> bool {
        self.phase(epoch) == Phase::Last && epoch >= self.recipe.blend_to
    }

    fn weights(&self, state: &Restart) -> (Design, Tensors<f32>) {
        (state.stage.design, state.grid.clone())
    }
}

/// The mean of the weights of some epochs.
struct Mean {
    weights: Tensors<f32>,
    epochs: usize,
}

impl Mean {
    fn add(&mut self, weights: &Tensors<f32>) {
        self.epochs += 1;
        let share = 1.0 / self.epochs as f32;
        let pairs = self.weights.each_mut().into_iter().flatten().zip(weights.each().into_iter().flatten());
        pairs.for_each(|(mean, &weight)| *mean += share * (weight - *mean));
    }
}

/// The weights of a restart, and the memory that its epochs work in.
struct Restart {
    weights: Tensors<f32>,
    stage: Stage,
    random: ChaCha8Rng,
    /// The weights as the stage computes with them.
    grid: Tensors<f32>,
    gradient: Tensors<f32>,
    updates: Updates,
    work: Workspace,
    /// The mean of the weights of the last epochs, once it is due.
    mean: Mean,
    /// The outcome on the training questions, each as it was met in the last epoch.
    learnt: Validation,
    /// The epochs that are left to do.
    left: usize,
    /// The training questions in the order of the epoch.
    order: Vec<usize>,
    ages: Vec<usize>,
}

/// Error and mean loss of a network on examples.
pub(crate) fn measure(network: &Network, grid: &Tensors<f32>, examples: &Examples, work: &mut Workspace) -> (f32, f32) {
    let slots = network.shape.slots;
    let mut ages = Vec::with_capacity(slots);
    let (mut wrong, mut loss) = (0, 0.0);
    for question in &examples.questions {
        let sentences = examples.story(question, slots);
        ages.clear();
        ages.extend((0..sentences.len()).rev());
        let query = Query { sentences, ages: &ages, question: &question.words };
        network.forward(grid, &query, work);
        wrong += usize::from(work.answer() != question.answer);
        loss += network.loss(question.answer, work);
    }
    let questions = examples.questions.len().max(1) as f32;
    (wrong as f32 / questions, loss / questions)
}

for_processor! {
    /// The weights as a stage computes with them.
    fn quantise(weights: &Tensors<f32>, stage: &Stage, grid: &mut Tensors<f32>) {
        if stage.network.is_quantised() {
            return stage.design.round(weights, grid);
        }
        grid.each_mut().into_iter().zip(weights.each()).for_each(|(grid, weights)| grid.copy_from_slice(weights));
    }
}

/// Keeps the weights within the ranges of their formats, where a code could not follow them.
fn confine(weights: &mut Tensors<f32>, Stage { design, network, .. }: &Stage) {
    if !network.is_quantised() {
        return;
    }
    let tensors = weights.each_mut().into_iter().zip(design.quantisers());
    for (place, (weights, quantiser)) in tensors.enumerate() {
        let most = if design.is_binary(place) {
            BINARY_RANGE * design.formats.each()[place].step()
        } else {
            quantiser.largest
        };
        weights.iter_mut().for_each(|weight| *weight = weight.clamp(-most, most));
    }
}

/// A number of the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut ChaCha8Rng) -> f32 {
    let radius = (-2.0 * (1.0 - random.random::<f32>()).ln()).sqrt();
    radius * (TAU * random.random::<f32>()).cos()
}
