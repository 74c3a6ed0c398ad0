//! Restarts: trainings from different initial weights, side by side, of which the best by validation wins. Early stopping ends a
//! training that gets no better. The same seed gives the same model on any number of threads.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// The stage of a restart after one of its epochs. Restarts report in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The restart, from 0.
    pub restart: usize,
    /// The epochs done.
    pub epoch: usize,
    /// The epochs to do at most.
    pub epochs: usize,
    /// The mean cross-entropy of the training targets in this epoch, in nats.
    pub loss: f64,
    /// The mean cross-entropy of the validation targets, in nats.
    pub validation_loss: f64,
    /// The share of the validation targets answered wrongly, 0 to 1.
    pub validation_error: f64,
}

/// The numbers of a recipe that restarts depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The seed of all restarts.
    pub seed: u64,
    /// The number of restarts.
    pub restarts: usize,
    /// Epochs of a restart at most.
    pub epochs: usize,
    /// Epochs without a better validation after which a restart ends.
    pub patience: usize,
    /// Whether the weights of the best validation are kept, or those of the last epoch.
    pub keep_best: bool,
}

/// The outcome on the validation data. Of two the one with the smaller error is better, of equal errors the one with the smaller
/// loss.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Validation {
    /// The share of the targets answered wrongly, 0 to 1.
    pub error: f64,
    /// The mean cross-entropy of the targets, in nats.
    pub loss: f64,
}

/// A trainer of one network: the steps that [`fit`] calls for each restart.
pub trait Train: Sync {
    /// The weights of a restart and all that changes with them.
    type State;
    /// A copy of the weights, and what belongs to them.
    type Weights: Send;

    /// The initial state of a restart, from 0. `random` is the restart's own source of random numbers.
    fn initial(&self, restart: usize, random: ChaCha8Rng) -> Self::State;

    /// Trains for an epoch, from 0. Gives the mean loss of its targets, in nats.
    fn epoch(&self, epoch: usize, state: &mut Self::State) -> f64;

    /// Evaluates the weights on the validation data.
    fn validate(&self, state: &mut Self::State) -> Validation;

    /// Whether the weights after an epoch can be the model's: those of a float start of a quantised network cannot.
    fn is_candidate(&self, epoch: usize) -> bool;

    /// The weights to keep.
    fn weights(&self, state: &Self::State) -> Self::Weights;
}

/// The weights that a training kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted<W> {
    /// The restart, from 0.
    pub restart: usize,
    /// Epochs that the weights were trained for.
    pub epoch: usize,
    /// The outcome on the validation data.
    pub validation: Validation,
    /// The weights.
    pub weights: W,
}

/// An error of training: no restart kept any weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the loss of all {restarts} restarts became infinite: choose a smaller rate or clip")]
pub struct Diverged {
    /// The number of restarts.
    pub restarts: usize,
}

/// Trains all restarts and gives the best by validation, the first of equals. `progress` is called after each epoch, from several
/// threads.
pub fn fit<T: Train>(
    trainer: &T,
    schedule: &Schedule,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Fitted<T::Weights>, Diverged> {
    let restarts = (0..schedule.restarts).into_par_iter();
    let fitted: Vec<_> = restarts.map(|restart| fit_one(trainer, schedule, restart, progress)).collect();
    // The order in which they ended has no part in this.
    let best = |best: Fitted<_>, other: Fitted<_>| if other.validation < best.validation { other } else { best };
    fitted.into_iter().flatten().reduce(best).ok_or(Diverged { restarts: schedule.restarts })
}

/// Trains one restart. Gives `None` where the loss became infinite before any weights could be kept.
fn fit_one<T: Train>(
    trainer: &T,
    schedule: &Schedule,
    restart: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Option<Fitted<T::Weights>> {
    let mut random = ChaCha8Rng::seed_from_u64(schedule.seed);
    random.set_stream(restart as u64 + 1);
    let mut state = trainer.initial(restart, random);
    let mut best: Option<Fitted<T::Weights>> = None;
    for epoch in 0..schedule.epochs {
        let loss = trainer.epoch(epoch, &mut state);
        let validation = trainer.validate(&mut state);
        let (epochs, done) = (schedule.epochs, epoch + 1);
        let Validation { error: validation_error, loss: validation_loss } = validation;
        progress(Progress { restart, epoch: done, epochs, loss, validation_loss, validation_error });
        if !loss.is_finite() || !validation.loss.is_finite() {
            break;
        }
        if !trainer.is_candidate(epoch) {
            continue;
        }
        match &best {
            Some(best) if schedule.keep_best && validation >= best.validation => {
                if done - best.epoch >= schedule.patience {
                    break;
                }
            }
            _ => best = Some(Fitted { restart, epoch: done, validation, weights: trainer.weights(&state) }),
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use std::sync::Mutex;

    /// A trainer whose validation losses are given, a list a restart. Its weights are a random number of the restart.
    struct Scripted {
        losses: Vec<Vec<f64>>,
        first_candidate: usize,
    }

    struct State {
        restart: usize,
        epoch: usize,
        number: u64,
    }

    impl Train for Scripted {
        type State = State;
        type Weights = u64;

        fn initial(&self, restart: usize, mut random: ChaCha8Rng) -> State {
            State { restart, epoch: 0, number: random.random() }
        }

        fn epoch(&self, epoch: usize, state: &mut State) -> f64 {
            state.epoch = epoch;
            self.losses[state.restart][epoch]
        }

        fn validate(&self, state: &mut State) -> Validation {
            Validation { error: 0.5, loss: self.losses[state.restart][state.epoch] }
        }

        fn is_candidate(&self, epoch: usize) -> bool {
            epoch >= self.first_candidate
        }

        fn weights(&self, state: &State) -> u64 {
            state.number
        }
    }

    /// The restart and epoch that are chosen, and the epochs that each restart did.
    fn chosen(
        losses: &[&[f64]],
        first_candidate: usize,
        patience: usize,
        keep_best: bool,
    ) -> (Option<[usize; 2]>, Vec<usize>) {
        let trainer = Scripted { losses: losses.iter().map(|losses| losses.to_vec()).collect(), first_candidate };
        let schedule = Schedule { seed: 1, restarts: losses.len(), epochs: losses[0].len(), patience, keep_best };
        let epochs = Mutex::new(vec![0; losses.len()]);
        let fitted = fit(&trainer, &schedule, &|progress| {
            let Progress { restart, epoch, loss, validation_loss, .. } = progress;
            assert!(
                loss.to_bits() == validation_loss.to_bits() && loss.to_bits() == losses[restart][epoch - 1].to_bits()
            );
            epochs.lock().unwrap()[restart] = epoch;
        });
        (fitted.ok().map(|fitted| [fitted.restart, fitted.epoch]), epochs.into_inner().unwrap())
    }

    #[test]
    fn the_best_epoch_of_the_best_restart_is_kept() {
        assert_eq!(chosen(&[&[3.0, 2.0, 4.0], &[5.0, 5.0, 1.0]], 0, 9, true), (Some([1, 3]), vec![3, 3]));
        assert_eq!(chosen(&[&[3.0, 2.0, 2.0], &[2.0, 2.0, 2.0]], 0, 9, true).0, Some([0, 2]), "the first of equals");
        assert_eq!(chosen(&[&[1.0, 2.0, 4.0], &[5.0, 3.0, 3.0]], 0, 1, false), (Some([1, 3]), vec![3, 3]));
        assert_eq!(chosen(&[&[1.0, 2.0, 4.0], &[5.0, 5.0, 3.0]], 2, 1, true), (Some([1, 3]), vec![3, 3]));
    }

    #[test]
    fn a_restart_without_progress_ends() {
        let losses: &[&[f64]] = &[&[3.0, 2.0, 4.0, 4.0, 1.0], &[5.0, 4.0, 3.0, 2.0, 1.5]];
        assert_eq!(chosen(losses, 0, 2, true), (Some([1, 5]), vec![4, 5]));
    }

    #[test]
    fn infinite_losses_end_a_restart_and_keep_what_was_good() {
        let losses: &[&[f64]] = &[&[3.0, f64::INFINITY, 1.0], &[f64::NAN, 1.0, 1.0]];
        assert_eq!(chosen(losses, 0, 9, true), (Some([0, 1]), vec![2, 1]));
        assert_eq!(chosen(losses, 2, 9, true), (None, vec![2, 1]));
        let trainer = Scripted { losses: vec![vec![f64::NAN]], first_candidate: 0 };
        let schedule = Schedule { seed: 1, restarts: 1, epochs: 1, patience: 1, keep_best: true };
        assert_eq!(fit(&trainer, &schedule, &|_| ()), Err(Diverged { restarts: 1 }));
    }

    #[test]
    fn each_restart_has_random_numbers_of_its_own() {
        let numbers = |seed| {
            [[1.0, 2.0], [2.0, 1.0]].map(|losses| {
                let trainer = Scripted { losses: losses.map(|loss| vec![loss]).to_vec(), first_candidate: 0 };
                let schedule = Schedule { seed, restarts: 2, epochs: 1, patience: 1, keep_best: true };
                fit(&trainer, &schedule, &|_| ()).unwrap().weights
            })
        };
        let ([first, second], other) = (numbers(1), numbers(2));
        assert!(first != second && !other.contains(&first) && numbers(1) == [first, second]);
    }
}
