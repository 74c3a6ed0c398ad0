//! Training: restarts side by side, the best by validation wins. The same seed gives the same model on any number of threads.

use std::f32::consts::TAU;

use engram_babi::{BabiError, DataSet, Story, UnknownWord, Vocabulary};
use engram_spec::Addressing;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::examples::{Examples, Question};
use crate::model::{Design, Model, Record};
use crate::network::{Attention, Network, Query, Workspace};
use crate::optimise::{Updates, tie};
use crate::quantise::{FormatsError, Quantiser};
use crate::recipe::{Mode, Recipe};
use crate::tensors::{Shape, Tensors};

/// What to train for, beside the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The arithmetic.
    pub mode: Mode,
    /// How the memory is addressed.
    pub addressing: Addressing,
    /// From which everything random is drawn.
    pub seed: u64,
    /// Trainings from different initial weights.
    pub restarts: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { mode: Mode::default(), addressing: Addressing::default(), seed: 1, restarts: 4 }
    }
}

/// How far a restart has come, after each of its epochs. Restarts report in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The restart, from 0.
    pub restart: usize,
    /// The epochs that it has done.
    pub epoch: usize,
    /// The epochs that it will do at most.
    pub epochs: usize,
    /// The mean cross-entropy of the training questions in this epoch.
    pub loss: f32,
    /// The share of the validation questions answered wrongly.
    pub validation_error: f32,
}

/// Why nothing was learnt.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// There are too few stories to train on and to validate with.
    #[error("found {found} training stories, expected at least 2: one to train on, one to validate with")]
    TooFewStories {
        /// Stories found.
        found: usize,
    },
    /// There is nothing to learn from, or nothing to validate with.
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
    /// The recipe's formats cannot be computed with.
    #[error(transparent)]
    Formats(#[from] FormatsError),
    /// A number of the recipe is out of its range.
    #[error("the recipe has {name} = {found}, expected {expected}")]
    Recipe {
        /// The field.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it can be.
        expected: String,
    },
    /// The loss of every restart became infinite.
    #[error("the loss of all {restarts} restarts became infinite: choose a smaller rate or clip")]
    Diverged {
        /// Restarts.
        restarts: usize,
    },
}

/// Trains a model of a data set.
pub fn train(
    data: &DataSet,
    recipe: &Recipe,
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Model, TrainError> {
    let vocabulary = Vocabulary::of(data)?;
    let longest = Examples::encode(data.stories(), &vocabulary)?.longest();
    let Recipe { elements, slots, hops, .. } = *recipe;
    let shape = Shape { words: vocabulary.len(), elements, slots, hops, positions: longest };
    check(recipe, options, &shape)?;
    let (training, validation) = split(&data.train, recipe.validation, options.seed)?;
    let training = Examples::encode(training, &vocabulary)?;
    let validation = Examples::encode(validation, &vocabulary)?;
    if training.questions.iter().chain(&validation.questions).any(|question| question.sentences.is_empty()) {
        return Err(TrainError::NoStory);
    }
    if training.questions.is_empty() || validation.questions.is_empty() {
        let (training, validation) = (training.questions.len(), validation.questions.len());
        return Err(TrainError::NoQuestions { training, validation });
    }
    let trainer = Trainer { shape, recipe, options, training: &training, validation: &validation };
    let restarts = options.restarts.max(1);
    let fitted: Vec<Option<Fitted>> =
        (0..restarts).into_par_iter().map(|restart| trainer.restart(restart, progress)).collect();
    let better = |a: &Fitted, b: &Fitted| a.validation.partial_cmp(&b.validation).unwrap_or(std::cmp::Ordering::Equal);
    // The first of equals, so that the choice does not depend on the order in which they ended.
    let best = fitted.into_iter().flatten().min_by(better).ok_or(TrainError::Diverged { restarts })?;
    let record = Record {
        recipe: *recipe,
        seed: options.seed,
        restarts,
        restart: best.restart,
        epoch: best.epoch,
        task: data.task,
        source: data.source.to_string(),
        training_questions: training.questions.len(),
        training_error: trainer.error(&trainer.network(Phase::Last), &best.weights, &training),
        validation_error: best.validation.0,
    };
    Ok(Model::new(trainer.design(), vocabulary, &best.weights, Some(record)))
}

/// Checks a recipe's numbers.
fn check(recipe: &Recipe, options: &Options, shape: &Shape) -> Result<(), TrainError> {
    let refuse =
        |name, found: String, expected: &str| Err(TrainError::Recipe { name, found, expected: expected.to_string() });
    if let Some((name, found, most)) = shape.excess() {
        return refuse(name, found.to_string(), &format!("1 to {most}"));
    }
    let counts = [("epochs", recipe.epochs), ("batch", recipe.batch), ("halve_every", recipe.halve_every)];
    if let Some((name, _)) = counts.into_iter().find(|&(_, count)| count == 0) {
        return refuse(name, "0".to_string(), "at least 1");
    }
    for (name, epochs) in [("linear_epochs", recipe.linear_epochs), ("smooth_epochs", recipe.smooth_epochs)] {
        if epochs >= recipe.epochs {
            return refuse(name, epochs.to_string(), &format!("fewer than the {} epochs", recipe.epochs));
        }
    }
    let numbers = [
        ("rate", recipe.rate, 1e3),
        ("controller_rate", recipe.controller_rate, 1e3),
        ("clip", recipe.clip, 1e9),
        ("deviation", recipe.deviation, 1e3),
        ("validation", recipe.validation, 0.9),
    ];
    if let Some((name, found, most)) = numbers.into_iter().find(|&(_, found, most)| !(found > 0.0 && found <= most)) {
        return refuse(name, found.to_string(), &format!("above 0, at most {most}"));
    }
    if !(0.0..=1.0).contains(&recipe.time_noise) {
        return refuse("time_noise", recipe.time_noise.to_string(), "0 to 1");
    }
    if options.mode == Mode::Qmann {
        recipe.formats.settings(options.addressing, recipe.kappa, shape.hops as u8, shape.words as u8)?;
    }
    Ok(())
}

/// Splits stories at random into those to train on and those to validate with.
fn split(stories: &[Story], share: f64, seed: u64) -> Result<(Vec<&Story>, Vec<&Story>), TrainError> {
    if stories.len() < 2 {
        return Err(TrainError::TooFewStories { found: stories.len() });
    }
    let mut shuffled: Vec<&Story> = stories.iter().collect();
    shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let kept = ((stories.len() as f64 * share).round() as usize).clamp(1, stories.len() - 1);
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

/// What all restarts share.
struct Trainer<'a> {
    shape: Shape,
    recipe: &'a Recipe,
    options: &'a Options,
    training: &'a Examples,
    validation: &'a Examples,
}

/// The best weights of a restart.
struct Fitted {
    restart: usize,
    epoch: usize,
    /// Error and loss.
    validation: (f32, f32),
    weights: Tensors<f32>,
}

impl Trainer<'_> {
    fn design(&self) -> Design {
        let (Recipe { encoding, kappa, formats, .. }, Options { mode, addressing, .. }) = (*self.recipe, *self.options);
        Design { mode, addressing, shape: self.shape, encoding, kappa, formats }
    }

    fn network(&self, phase: Phase) -> Network {
        let Recipe { encoding, formats, kappa, .. } = *self.recipe;
        let (shape, addressing, position) = (self.shape, self.options.addressing, encoding.weights(&self.shape));
        if phase == Phase::Last && self.options.mode == Mode::Qmann {
            return Network::quantised(shape, addressing, position, &formats, kappa);
        }
        let range = (formats.memory_a.integer() as f32).exp2();
        let mut network = Network::smooth(shape, addressing, position, range, kappa);
        network.attention = if phase == Phase::Linear { Attention::Linear } else { Attention::Softmax };
        network
    }

    fn phase(&self, epoch: usize) -> Phase {
        match epoch {
            epoch if epoch < self.recipe.linear_epochs => Phase::Linear,
            epoch if epoch < self.recipe.smooth_epochs => Phase::Smooth,
            _ => Phase::Last,
        }
    }

    /// Trains from one set of initial weights; `None` where the loss became infinite.
    fn restart(&self, restart: usize, progress: &(dyn Fn(Progress) + Sync)) -> Option<Fitted> {
        let mut random = ChaCha8Rng::seed_from_u64(self.options.seed);
        random.set_stream(restart as u64 + 1);
        let mut weights = self.initial(&mut random);
        let mut state = State::new(self);
        let mut best: Option<Fitted> = None;
        let mut network = self.network(self.phase(0));
        for epoch in 0..self.recipe.epochs {
            if epoch > 0 && self.phase(epoch) != self.phase(epoch - 1) {
                network = self.network(self.phase(epoch));
            }
            let rate = self.recipe.rate * 0.5f64.powi((epoch / self.recipe.halve_every) as i32);
            let loss = self.epoch(&network, &mut weights, &mut state, rate as f32, &mut random);
            let grid = self.on_grid(&weights, self.phase(epoch));
            let validation = self.measure(&network, &grid, self.validation, &mut state.work);
            let (restarts_epoch, epochs) = (epoch + 1, self.recipe.epochs);
            progress(Progress { restart, epoch: restarts_epoch, epochs, loss, validation_error: validation.0 });
            if !loss.is_finite() || !validation.1.is_finite() {
                break;
            }
            if self.phase(epoch) != Phase::Last {
                continue;
            }
            if best.as_ref().is_none_or(|best| validation < best.validation) {
                best = Some(Fitted { restart, epoch: epoch + 1, validation, weights: grid });
            } else if best.as_ref().is_some_and(|best| epoch + 1 - best.epoch >= self.recipe.patience) {
                break;
            }
        }
        best
    }

    /// Normal weights; H besides starts at the identity, so that a hop passes on what it was given.
    fn initial(&self, random: &mut ChaCha8Rng) -> Tensors<f32> {
        let mut weights = Tensors::zeroed(&self.shape);
        for tensor in weights.each_mut() {
            tensor.iter_mut().for_each(|weight| *weight = self.recipe.deviation as f32 * normal(random));
        }
        for element in 0..self.shape.elements {
            weights.h[element * (self.shape.elements + 1)] += 1.0;
        }
        tie(self.recipe, &mut weights);
        weights
    }

    /// The weights as the phase computes with them.
    fn on_grid(&self, weights: &Tensors<f32>, phase: Phase) -> Tensors<f32> {
        let mut grid = weights.clone();
        self.quantise(weights, phase, &mut grid);
        grid
    }

    fn quantise(&self, weights: &Tensors<f32>, phase: Phase, grid: &mut Tensors<f32>) {
        let quantised = phase == Phase::Last && self.options.mode == Mode::Qmann;
        let tensors = grid.each_mut().into_iter().zip(weights.each()).zip(self.recipe.formats.each());
        for ((grid, weights), format) in tensors {
            grid.copy_from_slice(weights);
            if quantised {
                Quantiser::of(format).apply_all(grid);
            }
        }
    }

    /// Keeps the weights within the ranges of their formats, where a code could not follow them.
    fn confine(&self, weights: &mut Tensors<f32>) {
        if self.options.mode == Mode::Float {
            return;
        }
        for (weights, format) in weights.each_mut().into_iter().zip(self.recipe.formats.each()) {
            let quantiser = Quantiser::of(format);
            weights.iter_mut().for_each(|weight| *weight = quantiser.saturate(*weight));
        }
    }

    /// One pass over the training questions in random order. Gives their mean loss.
    fn epoch(
        &self,
        network: &Network,
        weights: &mut Tensors<f32>,
        state: &mut State,
        rate: f32,
        random: &mut ChaCha8Rng,
    ) -> f32 {
        state.order.shuffle(random);
        let phase = if network.is_quantised() { Phase::Last } else { Phase::Smooth };
        let mut loss = 0.0;
        for batch in state.order.chunks(self.recipe.batch) {
            self.quantise(weights, phase, &mut state.grid);
            state.gradient.clear();
            for &question in batch {
                let question = &self.training.questions[question];
                let sentences = self.training.story(question, self.shape.slots);
                self.draw_ages(sentences.len(), random, &mut state.ages);
                let query = Query { sentences, ages: &state.ages, question: &question.words };
                network.forward(&state.grid, &query, &mut state.work);
                loss += network.loss(question.answer, &mut state.work);
                let scale = 1.0 / batch.len() as f32;
                network.backward(&state.grid, &query, scale, &mut state.work, &mut state.gradient);
            }
            state.updates.apply(weights, &mut state.gradient, rate);
            self.confine(weights);
        }
        loss / state.order.len() as f32
    }

    /// Ages of sentences, oldest first: counted from the newest, with a random gap now and then.
    fn draw_ages(&self, sentences: usize, random: &mut ChaCha8Rng, ages: &mut Vec<usize>) {
        ages.clear();
        let mut age = 0;
        for newer in 0..sentences {
            let room = self.shape.slots - (sentences - newer);
            if self.recipe.time_noise > 0.0 && age < room && random.random::<f64>() < self.recipe.time_noise {
                age += 1;
            }
            ages.push(age);
            age += 1;
        }
        ages.reverse();
    }

    /// Error and mean loss of a network on examples.
    fn measure(&self, network: &Network, grid: &Tensors<f32>, examples: &Examples, work: &mut Workspace) -> (f32, f32) {
        let mut ages = Vec::with_capacity(self.shape.slots);
        let (mut wrong, mut loss) = (0, 0.0);
        let mut ask = |question: &Question| {
            let sentences = examples.story(question, self.shape.slots);
            ages.clear();
            ages.extend((0..sentences.len()).rev());
            network.forward(grid, &Query { sentences, ages: &ages, question: &question.words }, work);
            wrong += usize::from(work.answer() != question.answer);
            loss += network.loss(question.answer, work);
        };
        examples.questions.iter().for_each(&mut ask);
        let questions = examples.questions.len().max(1) as f32;
        (wrong as f32 / questions, loss / questions)
    }

    fn error(&self, network: &Network, grid: &Tensors<f32>, examples: &Examples) -> f32 {
        self.measure(network, grid, examples, &mut Workspace::new(&self.shape)).0
    }
}

/// What a restart allocates once.
struct State {
    grid: Tensors<f32>,
    gradient: Tensors<f32>,
    updates: Updates,
    work: Workspace,
    order: Vec<usize>,
    ages: Vec<usize>,
}

impl State {
    fn new(trainer: &Trainer) -> State {
        State {
            grid: Tensors::zeroed(&trainer.shape),
            gradient: Tensors::zeroed(&trainer.shape),
            updates: Updates::new(trainer.recipe, &trainer.shape),
            work: Workspace::new(&trainer.shape),
            order: (0..trainer.training.questions.len()).collect(),
            ages: Vec::with_capacity(trainer.shape.slots),
        }
    }
}

/// A number of the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut ChaCha8Rng) -> f32 {
    let radius = (-2.0 * (1.0 - random.random::<f32>()).ln()).sqrt();
    radius * (TAU * random.random::<f32>()).cos()
}
