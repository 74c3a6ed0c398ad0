//! Made-up sequences that can be learnt: for tests, and for machines without the real ones.

use std::f64::consts::TAU;
use std::ops::RangeInclusive;

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::SequenceError;
use crate::outside::Outside;
use crate::recording::{Recording, SequenceSet};
use crate::stream::StreamSet;

/// Noisy sinusoids: a class has its own period and its own phases between channels, a recording its own start.
#[derive(Clone, Debug, PartialEq)]
pub struct Waves {
    /// How many classes; at least 1.
    pub classes: usize,
    /// How many channels; at least 1.
    pub channels: usize,
    /// The fewest and the most steps of a recording; at least 1.
    pub steps: RangeInclusive<usize>,
    /// The deviation of the noise, where the sinusoids have an amplitude of 1.
    pub noise: f32,
    /// Recordings of each class to train with; at least 1. A quarter as many are for validation, half as many for the test.
    pub recordings: usize,
    /// The seed, which with the rest decides every value.
    pub seed: u64,
}

impl Default for Waves {
    fn default() -> Waves {
        Waves { classes: 4, channels: 3, steps: 16..=24, noise: 0.3, recordings: 40, seed: 1 }
    }
}

impl Waves {
    /// The recordings, classes by turns.
    pub fn generate(&self) -> Result<SequenceSet, SequenceError> {
        let setting = |what, found: &dyn std::fmt::Debug, expected| {
            Err(SequenceError::Setting { what, found: format!("{found:?}"), expected })
        };
        if self.classes == 0 || self.channels == 0 || self.recordings == 0 {
            let found = (self.classes, self.channels, self.recordings);
            return setting("numbers of classes, channels and recordings", &found, "at least one of each");
        }
        if self.steps.is_empty() || *self.steps.start() == 0 {
            return setting("steps", &self.steps, "a range from at least 1");
        }
        if !(self.noise.is_finite() && self.noise >= 0.0) {
            return setting("noise", &self.noise, "a deviation of at least 0");
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let phases: Vec<f64> = (0..self.classes * self.channels).map(|_| random.random_range(0.0..TAU)).collect();
        let mut part = |recordings: usize| -> Result<Vec<Recording>, SequenceError> {
            let classes = (0..recordings).flat_map(|_| 0..self.classes);
            classes.map(|class| self.recording(class, &phases[class * self.channels..], &mut random)).collect()
        };
        let (train, validation) = (part(self.recordings)?, part(self.recordings.div_ceil(4))?);
        let test = part(self.recordings.div_ceil(2))?;
        let classes = (0..self.classes).map(|class| format!("wave {class}")).collect();
        Ok(SequenceSet { validation, ..SequenceSet::new("synthetic waves", classes, train, test)? })
    }

    fn recording(&self, class: usize, phases: &[f64], random: &mut ChaCha8Rng) -> Result<Recording, SequenceError> {
        let steps = random.random_range(self.steps.clone());
        let start: f64 = random.random_range(0.0..TAU);
        let turn = TAU / (4.0 + 2.0 * class as f64);
        let mut values = Vec::with_capacity(steps * self.channels);
        for step in 0..steps {
            for phase in &phases[..self.channels] {
                let noise = f64::from(self.noise) * normal(random);
                values.push(((start + phase + turn * step as f64).sin() + noise) as f32);
            }
        }
        Recording::new(self.channels, values, class)
    }
}

/// A normally distributed number, by Box and Muller's transform.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    radius * (TAU * random.random::<f64>()).cos()
}

/// A made-up text: a symbol is followed by one of three that belong to it and to the symbol before, one of them in half
/// of the cases. So a predictor that knows the table needs 1.5 bits a symbol, and none can need less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// How many different symbols, 3 to 64.
    pub symbols: usize,
    /// How many symbols to train with. A tenth as many are for validation, and as many for the test.
    pub length: usize,
    /// The seed, which with the rest decides every symbol.
    pub seed: u64,
}

impl Default for Text {
    fn default() -> Text {
        Text { symbols: 12, length: 20_000, seed: 1 }
    }
}

impl Text {
    /// The mean information of a symbol of such a text, in bits: 0.5 x 1 + 2 x 0.25 x 2.
    pub const ENTROPY: f64 = 1.5;

    /// The text.
    pub fn generate(&self) -> Result<StreamSet, SequenceError> {
        let named = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['.', ' ']);
        let alphabet: Vec<String> = named.take(self.symbols).map(String::from).collect();
        if self.symbols < 3 || alphabet.len() < self.symbols {
            let found = self.symbols.to_string();
            return Err(SequenceError::Setting { what: "number of symbols", found, expected: "3 to 64" });
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let followers: Vec<Vec<u16>> = (0..self.symbols * self.symbols)
            .map(|_| {
                rand::seq::index::sample(&mut random, self.symbols, 3).iter().map(|symbol| symbol as u16).collect()
            })
            .collect();
        let mut last = (0, 0);
        let mut part = |length: usize| -> Vec<u16> {
            let next = |_| {
                let three = &followers[last.0 * self.symbols + last.1];
                let symbol = *[three[0], three[0], three[1], three[2]].choose(&mut random).unwrap_or(&0);
                last = (last.1, usize::from(symbol));
                symbol
            };
            (0..length).map(next).collect()
        };
        let (train, validation, test) = (part(self.length), part(self.length / 10), part(self.length / 10));
        let name = "synthetic text".to_string();
        Ok(StreamSet {
            name,
            source: None,
            alphabet,
            separator: "",
            boundary: None,
            cue: None,
            outside: Outside::default(),
            train,
            validation,
            test,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn waves_have_the_shape_asked_for_and_repeat() {
        let waves = Waves { classes: 3, channels: 2, steps: 5..=9, noise: 0.1, recordings: 8, seed: 3 };
        let set = waves.generate().unwrap();
        assert_eq!((set.train.len(), set.validation.len(), set.test.len()), (24, 6, 12));
        assert!(set.recordings().all(|recording| (5..=9).contains(&recording.len()) && recording.channels() == 2));
        assert_eq!(set, waves.generate().unwrap());
        assert_ne!(set, Waves { seed: 4, ..waves }.generate().unwrap());
    }

    /// Of a sinusoid two steps tell the third: x_t + x_(t-2) = 2 cos(turn) x_(t-1). The class whose turn errs least is
    /// the recording's.
    #[test]
    fn classes_can_be_told_by_their_period() {
        let waves = Waves { noise: 0.05, ..Waves::default() };
        let set = waves.generate().unwrap();
        let error = |recording: &Recording, class: usize| -> f32 {
            let factor = 2.0 * (TAU / (4.0 + 2.0 * class as f64)).cos() as f32;
            let x: Vec<f32> = recording.channel(0).collect();
            x.windows(3).map(|x| (x[0] + x[2] - factor * x[1]).powi(2)).sum()
        };
        let right = set.test.iter().filter(|recording| {
            let guess = (0..set.classes.len()).min_by(|&a, &b| error(recording, a).total_cmp(&error(recording, b)));
            guess == recording.class
        });
        assert_eq!(right.count(), set.test.len());
    }

    #[test]
    fn waves_that_cannot_be_are_refused() {
        let refused = |change: fn(&mut Waves)| {
            let mut waves = Waves::default();
            change(&mut waves);
            assert!(waves.generate().is_err(), "{waves:?}");
        };
        refused(|waves| waves.classes = 0);
        refused(|waves| waves.channels = 0);
        refused(|waves| waves.recordings = 0);
        refused(|waves| waves.steps = 0..=3);
        #[allow(clippy::reversed_empty_ranges)]
        refused(|waves| waves.steps = 4..=3);
        refused(|waves| waves.noise = f32::NAN);
    }

    #[test]
    fn a_text_has_the_entropy_it_promises() {
        let set = Text { symbols: 5, length: 100_000, seed: 2 }.generate().unwrap();
        assert_eq!(
            (set.symbols(), set.train.len(), set.validation.len(), set.test.len()),
            (5, 100_000, 10_000, 10_000)
        );
        let mut counts: BTreeMap<&[u16], BTreeMap<u16, f64>> = BTreeMap::new();
        for three in set.train.windows(3) {
            *counts.entry(&three[..2]).or_default().entry(three[2]).or_default() += 1.0;
        }
        let bits: f64 = counts
            .values()
            .map(|next| {
                let total: f64 = next.values().sum();
                next.values().map(|count| -count * (count / total).log2()).sum::<f64>()
            })
            .sum();
        assert!((bits / 1e5 - Text::ENTROPY).abs() < 0.01, "{bits}");
        assert!(counts.values().all(|next| next.len() <= 3));
    }

    #[test]
    fn texts_that_cannot_be_are_refused() {
        for symbols in [0, 2, 65] {
            assert!(Text { symbols, ..Text::default() }.generate().is_err());
        }
        assert_eq!(Text { symbols: 64, ..Text::default() }.generate().unwrap().symbols(), 64);
    }
}
