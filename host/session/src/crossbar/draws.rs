//! Draws of noise: a model programmed and read several times, each time with other noise. One draw says little of the next.

use std::fmt;

use serde::Serialize;

use super::measured::Measured;

/// The errors under one draw of noise.
#[derive(Clone, Debug, Serialize)]
pub struct Draw {
    /// The seed of the noise.
    pub seed: u32,
    /// The errors.
    #[serde(flatten)]
    pub measured: Measured,
    /// The answers that differ from the integer model's.
    pub disagreements: usize,
}

/// Mean and spread of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, that of a sample: 0 of a single number.
    pub deviation: f64,
    /// The smallest number.
    pub min: f64,
    /// The largest number.
    pub max: f64,
}

impl Spread {
    /// The spread of some numbers, of which there is one at least. Mean and deviation have four digits behind the point.
    pub fn of(numbers: &[f64]) -> Spread {
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
        let deviation = (squares / numbers.len().saturating_sub(1).max(1) as f64).sqrt();
        let (min, max) = numbers.iter().fold((f64::MAX, f64::MIN), |(min, max), &n| (min.min(n), max.max(n)));
        Spread { mean: round(mean), deviation: round(deviation), min, max }
    }
}

/// The sum of several draws.
#[derive(Clone, Debug, Serialize)]
pub struct Draws {
    /// The share of wrong answers, in percent.
    pub error_percent: Spread,
    /// The mean cross-entropy of the answers, in nats.
    pub cross_entropy: Spread,
    /// Wrong answers behind the cue of a stream, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_error_percent: Option<Spread>,
    /// Each draw, in the order of the seeds.
    pub each: Vec<Draw>,
}

impl Draws {
    /// The draws, of which there is one at least.
    pub fn of(each: Vec<Draw>) -> Draws {
        let spread = |number: &dyn Fn(&Measured) -> f64| {
            Spread::of(&each.iter().map(|draw| number(&draw.measured)).collect::<Vec<f64>>())
        };
        let answers: Vec<f64> = each.iter().filter_map(|draw| draw.measured.answer_error_percent).collect();
        Draws {
            error_percent: spread(&|measured| measured.error_percent),
            cross_entropy: spread(&|measured| measured.cross_entropy),
            answer_error_percent: (answers.len() == each.len()).then(|| Spread::of(&answers)),
            each,
        }
    }
}

impl fmt::Display for Draws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Draws { error_percent: Spread { mean, deviation, min, max }, each, .. } = self;
        let seeds = each.first().map_or(0, |draw| draw.seed)..=each.last().map_or(0, |draw| draw.seed);
        let (count, first, last) = (each.len(), seeds.start(), seeds.end());
        write!(
            f,
            "{count} draws of noise (seeds {first} to {last}): error {mean:.2} % in the mean, standard deviation "
        )?;
        write!(f, "{deviation:.2}, from {min:.1} to {max:.1} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_a_sample() {
        let spread = Spread::of(&[70.0, 80.0, 75.0, 75.0]);
        assert_eq!((spread.mean, spread.deviation, spread.min, spread.max), (75.0, 4.0825, 70.0, 80.0));
        assert_eq!(Spread::of(&[12.5]), Spread { mean: 12.5, deviation: 0.0, min: 12.5, max: 12.5 });
    }
}
