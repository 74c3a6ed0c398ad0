//! The thresholds of fuzzy memoization, found on training data: the most reuse that a given loss allows.

use engram_sequences::Questions;
use engram_spec::crossbar::Program;
use engram_spec::crossbar::memo::ERROR_MAX;

use crate::evaluate::EvaluateError;
use crate::memo::Memoization;
use crate::memoized::{Memoized, memoized};
use crate::model::Model;

/// The kind of thresholds to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thresholds {
    /// The same threshold for all gates.
    Alike,
    /// A threshold for each gate.
    PerGate,
}

/// The outcome of tuning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuned {
    /// The memoization that was given, with its thresholds.
    pub how: Memoization,
    /// The outcome of the questions without memoization; the counters are zeros.
    pub without: Memoized,
    /// The outcome with memoization.
    pub with: Memoized,
}

/// The ratio of neighbouring thresholds.
const RATIO: f64 = std::f64::consts::SQRT_2;

/// The ratios by which the threshold of a gate goes up: coarse steps first.
const RATIOS: [f64; 2] = [2.0, RATIO];

/// Finds the thresholds of the most reuse at which the share of wrong answers rises by no more than `loss` (0.01: one point), but for
/// a step of sqrt 2 back, for at the edge itself chance decides; zeros, which are no memoization, where it rises by more at any.
///
/// One threshold comes down from the largest by a ratio of sqrt 2 until it passes as the one before did. For each gate, all begin
/// at half of this, and the one whose rise brings the most goes up by a ratio of `RATIOS` until none may; then all step back by
/// sqrt 2, and on until they pass.
pub fn tune(
    model: &Model,
    program: &Program,
    questions: &Questions,
    start: Memoization,
    thresholds: Thresholds,
    loss: f64,
) -> Result<Tuned, EvaluateError> {
    let without = memoized(model, program, questions, None)?;
    let most = without.loss.error() + loss + 1e-9;
    let measure = |theta: [u16; 4]| -> Result<Tuned, EvaluateError> {
        let mut how = start;
        how.settings.theta = theta;
        Ok(Tuned { how, without, with: memoized(model, program, questions, Some(how))? })
    };
    let attempt = |theta: [u16; 4]| -> Result<Option<Tuned>, EvaluateError> {
        Ok(Some(measure(theta)?).filter(|tuned| tuned.with.loss.error() <= most))
    };
    let alike = match alike(attempt)? {
        Some(tuned) => tuned,
        None => measure([0; 4])?,
    };
    if thresholds == Thresholds::Alike {
        return Ok(alike);
    }
    let mut theta = edge(attempt, alike.how.settings.theta.map(|theta| theta / 2))?;
    while theta != [0; 4] {
        theta = theta.map(lower);
        if let Some(back) = attempt(theta)? {
            return Ok(if back.with.counters.reuse() > alike.with.counters.reuse() { back } else { alike });
        }
    }
    Ok(alike)
}

/// The next threshold below one that is at least 1.
fn lower(theta: u16) -> u16 {
    (f64::from(theta) / RATIO) as u16
}

/// The largest threshold of all gates that passes as the next larger one does.
fn alike(attempt: impl Fn([u16; 4]) -> Result<Option<Tuned>, EvaluateError>) -> Result<Option<Tuned>, EvaluateError> {
    let (mut theta, mut before) = (ERROR_MAX, false);
    while theta > 0 {
        let here = attempt([theta; 4])?;
        if before && here.is_some() {
            return Ok(here);
        }
        (theta, before) = (lower(theta), here.is_some());
    }
    Ok(None)
}

/// The thresholds at which no gate's may rise any more, from some that pass on.
fn edge(
    attempt: impl Fn([u16; 4]) -> Result<Option<Tuned>, EvaluateError>,
    mut here: [u16; 4],
) -> Result<[u16; 4], EvaluateError> {
    for ratio in RATIOS {
        loop {
            let mut risen: Option<Tuned> = None;
            for gate in 0..4 {
                let mut theta = here;
                theta[gate] = (f64::from(theta[gate].max(1)) * ratio).ceil().min(f64::from(ERROR_MAX)) as u16;
                if theta == here {
                    continue;
                }
                if let Some(tuned) = attempt(theta)? {
                    consider(risen.get_or_insert(tuned), tuned);
                }
            }
            let Some(risen) = risen else { break };
            here = risen.how.settings.theta;
        }
    }
    Ok(here)
}

/// Keeps the better of two: the one that reuses more.
fn consider(best: &mut Tuned, other: Tuned) {
    if other.with.counters.reuse() > best.with.counters.reuse() {
        *best = other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An attempt at thresholds of which some pass.
    fn passing(passes: impl Fn(u16) -> bool) -> impl Fn([u16; 4]) -> Result<Option<Tuned>, EvaluateError> {
        move |theta| {
            let mut how = Memoization::default();
            how.settings.theta = theta;
            let mut with = Memoized::default();
            with.counters.cycles_without = 4 * u64::from(ERROR_MAX);
            with.counters.words_not_read = theta.into_iter().map(u64::from).sum();
            Ok(theta.into_iter().all(&passes).then_some(Tuned { how, without: Memoized::default(), with }))
        }
    }

    #[test]
    fn a_threshold_that_passes_alone_is_chance() {
        let found = |passes: fn(u16) -> bool| alike(passing(passes)).unwrap().map(|tuned| tuned.how.settings.theta);
        assert_eq!(found(|_| true), Some([2895; 4]));
        assert_eq!(found(|theta| theta < 100 || (1000..1400).contains(&theta)), Some([62; 4]));
        assert_eq!([found(|theta| theta == 1), found(|_| false)], [None; 2]);
    }

    #[test]
    fn gates_rise_until_none_may() {
        let edge = edge(passing(|theta| theta <= 24), [4, 0, 20, 24]).unwrap();
        assert!(edge.iter().all(|&theta| (17..=24).contains(&theta)), "{edge:?}");
    }
}
