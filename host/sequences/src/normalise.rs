//! Recordings brought to [-1, 1], where a device's converters take them.

use serde::{Deserialize, Serialize};

use crate::error::SequenceError;
use crate::recording::Recording;

/// A map of each channel to [-1, 1]: x = clip((value - mean) / deviation / range). Means, deviations and ranges come
/// from the training recordings alone. The model's file keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normaliser {
    /// The channels' means.
    pub mean: Vec<f32>,
    /// The channels' standard deviations; 1 where a channel never changes.
    pub deviation: Vec<f32>,
    /// The channels' ranges r_x, in deviations: what becomes 1, and is clipped beyond.
    pub range: Vec<f32>,
}

impl Normaliser {
    /// The share of a channel's values that its range holds, where nothing else is asked for.
    pub const COVERED: f64 = 0.999;

    /// Measures means and deviations, and the ranges that hold a share `covered` (above 0, at most 1) of the values.
    /// Missing values (NaN) count for nothing.
    pub fn fit(recordings: &[Recording], covered: f64) -> Result<Normaliser, SequenceError> {
        if !(covered > 0.0 && covered <= 1.0) {
            let expected = "a share above 0, at most 1";
            return Err(SequenceError::Setting { what: "covered share", found: covered.to_string(), expected });
        }
        let channels = recordings.first().ok_or(SequenceError::NothingToFit)?.channels();
        if let Some(other) = recordings.iter().find(|recording| recording.channels() != channels) {
            return Err(SequenceError::Channels { found: other.channels(), expected: channels });
        }
        let mut normaliser = Normaliser { mean: vec![], deviation: vec![], range: vec![] };
        for channel in 0..channels {
            let values = recordings.iter().flat_map(|recording| recording.channel(channel));
            let values: Vec<f64> = values.filter(|value| value.is_finite()).map(f64::from).collect();
            let (mean, deviation, range) = measure(values, covered);
            normaliser.mean.push(mean as f32);
            normaliser.deviation.push(deviation as f32);
            normaliser.range.push(range as f32);
        }
        Ok(normaliser)
    }

    /// The same means and deviations with ranges that hold all values of recordings: powers of two, by which numbers are divided exactly.
    pub fn holding(self, recordings: &[Recording]) -> Normaliser {
        let range = (0..self.channels()).map(|channel| {
            let x = |value: f32| ((value - self.mean[channel]) / self.deviation[channel]).abs();
            let values = recordings.iter().flat_map(|recording| recording.channel(channel));
            let largest = values.map(x).filter(|x| x.is_finite()).fold(0.0, f32::max);
            if largest > 0.0 { largest.log2().ceil().clamp(-64.0, 64.0).exp2() } else { 1.0 }
        });
        Normaliser { range: range.collect(), ..self }
    }

    /// How many channels it is for.
    pub fn channels(&self) -> usize {
        self.mean.len()
    }

    /// Brings the values of a step, one a channel, to [-1, 1]; a missing value becomes 0, the channel's mean.
    pub fn step(&self, step: &mut [f32]) {
        let scales = self.mean.iter().zip(&self.deviation).zip(&self.range);
        for (value, ((mean, deviation), range)) in step.iter_mut().zip(scales) {
            let x = (*value - mean) / deviation / range;
            *value = if x.is_nan() { 0.0 } else { x.clamp(-1.0, 1.0) };
        }
    }

    /// A recording brought to [-1, 1].
    pub fn apply(&self, recording: &Recording) -> Result<Recording, SequenceError> {
        if recording.channels() != self.channels() {
            return Err(SequenceError::Channels { found: recording.channels(), expected: self.channels() });
        }
        let mut values = recording.values().to_vec();
        values.chunks_exact_mut(self.channels()).for_each(|step| self.step(step));
        recording.with_values(values)
    }
}

/// Mean, standard deviation, and the range in deviations that holds a share of the values.
fn measure(values: Vec<f64>, covered: f64) -> (f64, f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
    let mut magnitudes: Vec<f64> = values.iter().map(|value| (value - mean).abs() / deviation).collect();
    magnitudes.sort_by(f64::total_cmp);
    let rank = (covered * magnitudes.len() as f64).ceil() as usize;
    let range = magnitudes.get(rank.saturating_sub(1)).copied().filter(|&range| range > 0.0);
    (mean, deviation, range.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn channels_are_measured_apart() {
        let values = (0..1000).flat_map(|step| [step as f32, 5.0, if step == 0 { f32::NAN } else { -3.0 }]);
        let recording = Recording::new(3, values.collect(), 0).unwrap();
        let normaliser = Normaliser::fit(std::slice::from_ref(&recording), 0.9).unwrap();
        assert_eq!(normaliser.mean, [499.5, 5.0, -3.0]);
        assert!((normaliser.deviation[0] - 288.675).abs() < 1e-3, "{normaliser:?}");
        // 450 of 500 distances from the mean: 449.5 of a deviation of 288.675.
        assert!((normaliser.range[0] - 449.5 / 288.675).abs() < 1e-4, "{normaliser:?}");
        assert_eq!((normaliser.deviation[1], normaliser.range[1]), (1.0, 1.0));
        let applied = normaliser.apply(&recording).unwrap();
        assert_eq!(applied.values()[..3], [-1.0, 0.0, 0.0]);
        assert_eq!(applied.channel(0).filter(|x| x.abs() == 1.0).count(), 102);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let recording = Recording::new(2, vec![0.0, 1.0], 0).unwrap();
        let other = Recording::new(1, vec![0.0, 1.0], 0).unwrap();
        let recordings = [recording];
        assert!(Normaliser::fit(&[], 0.9).is_err());
        assert!(Normaliser::fit(&recordings, 0.0).is_err() && Normaliser::fit(&recordings, f64::NAN).is_err());
        assert!(Normaliser::fit(&[recordings[0].clone(), other.clone()], 0.9).is_err());
        assert!(Normaliser::fit(&recordings, 0.9).unwrap().apply(&other).is_err());
    }

    proptest! {
        #[test]
        fn values_come_to_lie_within_one_and_a_stored_normaliser_does_the_same(
            values in proptest::collection::vec(-1e6f32..1e6, 2..200), covered in 0.01f64..=1.0
        ) {
            let recording = Recording::new(1, values, 0).unwrap();
            let normaliser = Normaliser::fit(std::slice::from_ref(&recording), covered).unwrap();
            let applied = normaliser.apply(&recording).unwrap();
            prop_assert!(applied.values().iter().all(|x| x.abs() <= 1.0));
            // The range is the distance of one of the values, up to rounding.
            prop_assert!(applied.values().iter().any(|x| x.abs() > 1.0 - 1e-5));
            let stored: Normaliser = serde_json::from_str(&serde_json::to_string(&normaliser).unwrap()).unwrap();
            prop_assert_eq!(&stored, &normaliser);
        }
    }
}
