//! The thresholds of fuzzy memoization, found on training data: the most reuse that a given loss allows.

use engram_spec::crossbar::Program;
use engram_spec::crossbar::memo::ERROR_MAX;

use crate::evaluate::EvaluateError;
use crate::memo::Memoization;
use crate::memoized::{Memoized, Questions, memoized};
use crate::model::Model;

/// Which thresholds are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thresholds {
    /// One for all gates.
    Alike,
    /// One for each gate.
    PerGate,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuned {
    /// The memoization that was given, with its thresholds.
    pub how: Memoization,
    /// What the questions come to without it; the counters are zeros.
    pub without: Memoized,
    /// What they come to with it.
    pub with: Memoized,
}

/// The ratio of the coarsest steps between thresholds, and of the finest; each ratio is the root of the one before.
const RATIOS: [f64; 3] = [2.0, std::f64::consts::SQRT_2, 1.189_207];

/// Finds the thresholds of the most reuse at which the share of wrong answers rises by no more than `loss` (0.01: one point);
/// zeros, which are no memoization, where it rises by more at any.
///
/// One threshold is tried at every power of sqrt 2 up to the largest; for each gate, all begin at half the best of these, and the
/// one whose rise brings the most goes up by a ratio of `RATIOS` until none may.
pub fn tune(
    model: &Model,
    program: &Program,
    questions: Questions,
    start: Memoization,
    thresholds: Thresholds,
    loss: f64,
) -> Result<Tuned, EvaluateError> {
    let without = memoized(model, program, questions, None)?;
    let most = without.loss.error() + loss + 1e-9;
    let attempt = |theta: [u16; 4]| -> Result<Option<Tuned>, EvaluateError> {
        let mut how = start;
        how.settings.theta = theta;
        let with = memoized(model, program, questions, Some(how))?;
        Ok((with.loss.error() <= most).then_some(Tuned { how, without, with }))
    };
    let mut best = Tuned { how: start, without, with: without };
    best.how.settings.theta = [0; 4];
    best.with = memoized(model, program, questions, Some(best.how))?;
    let mut theta = 1.0;
    while theta <= f64::from(ERROR_MAX) {
        consider(&mut best, attempt([theta as u16; 4])?);
        theta *= std::f64::consts::SQRT_2;
    }
    if thresholds == Thresholds::Alike {
        return Ok(best);
    }
    let mut here = best.how.settings.theta.map(|theta| theta / 2);
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
                    consider(risen.get_or_insert(tuned), Some(tuned));
                }
            }
            let Some(risen) = risen else { break };
            here = risen.how.settings.theta;
            consider(&mut best, Some(risen));
        }
    }
    Ok(best)
}

/// Keeps the better of two: the one that reuses more.
fn consider(best: &mut Tuned, other: Option<Tuned>) {
    if let Some(other) = other.filter(|other| other.with.counters.reuse() > best.with.counters.reuse()) {
        *best = other;
    }
}
