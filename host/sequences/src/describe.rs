//! Data in numbers.

use std::collections::HashMap;

use serde::Serialize;

use crate::recording::{Recording, SequenceSet};
use crate::stream::StreamSet;
use crate::workload::Data;

/// The facts about data that matter before training.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Description {
    /// Of recordings.
    Recordings {
        /// The name of the data.
        name: String,
        /// How many values a step has.
        channels: usize,
        /// The names of the classes.
        classes: Vec<String>,
        /// The mean change from a step to the next one, in deviations of its channel over all recordings: where it is small,
        /// much of a network's work could be left out.
        change: f64,
        /// The part that is trained with.
        train: Part,
        /// The part by which an epoch or a recipe is chosen.
        validation: Part,
        /// The part that results are reported on.
        test: Part,
    },
    /// Of a stream of symbols.
    Symbols {
        /// The name of the data.
        name: String,
        /// How many different symbols there are.
        symbols: usize,
        /// The mean information of a symbol of the test in bits, if only the symbols' frequencies in the training part are
        /// known (with one more of each): a network has to do better.
        entropy: f64,
        /// The share of the characters that have no symbol of their own, in percent.
        outside_percent: f64,
        /// Symbols to train with.
        train: usize,
        /// Symbols to choose by.
        validation: usize,
        /// Symbols to report by.
        test: usize,
    },
}

/// A part of the recordings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// How many recordings.
    pub recordings: usize,
    /// The steps of all recordings together.
    pub steps: usize,
    /// The steps of the shortest.
    pub shortest: usize,
    /// The steps of the longest.
    pub longest: usize,
    /// How many recordings of each class.
    pub classes: Vec<usize>,
}

impl Data {
    /// The data in numbers.
    pub fn describe(&self) -> Description {
        match self {
            Data::Recordings(set) => set.describe(),
            Data::Symbols(set) => set.describe(),
        }
    }
}

impl SequenceSet {
    /// The recordings in numbers.
    pub fn describe(&self) -> Description {
        let part = |recordings: &[Recording]| Part {
            recordings: recordings.len(),
            steps: recordings.iter().map(Recording::len).sum(),
            shortest: recordings.iter().map(Recording::len).min().unwrap_or(0),
            longest: recordings.iter().map(Recording::len).max().unwrap_or(0),
            classes: (0..self.classes.len())
                .map(|class| recordings.iter().filter(|recording| recording.class == Some(class)).count())
                .collect(),
        };
        Description::Recordings {
            name: self.name.clone(),
            channels: self.channels,
            classes: self.classes.clone(),
            change: self.change(),
            train: part(&self.train),
            validation: part(&self.validation),
            test: part(&self.test),
        }
    }

    /// The mean of |x_t - x_(t-1)| over the deviation of x, over all training recordings and channels.
    fn change(&self) -> f64 {
        let of = |channel: usize| {
            let known = |value: &f64| value.is_finite();
            let values =
                self.train.iter().flat_map(|recording| recording.channel(channel)).map(f64::from).filter(known);
            let (count, sum, squares) = values.fold((0.0, 0.0, 0.0), |(n, s, q), x| (n + 1.0, s + x, q + x * x));
            let changes = self.train.iter().flat_map(|recording| {
                let next = recording.channel(channel).skip(1);
                recording.channel(channel).zip(next).map(|(x, next)| f64::from((next - x).abs()))
            });
            let (changes, total) = changes.filter(known).fold((0.0, 0.0), |(n, s), change| (n + 1.0, s + change));
            let variance = squares / f64::max(count, 1.0) - (sum / f64::max(count, 1.0)).powi(2);
            if variance > 0.0 && changes > 0.0 { total / changes / variance.sqrt() } else { 0.0 }
        };
        (0..self.channels).map(of).sum::<f64>() / self.channels as f64
    }
}

impl StreamSet {
    /// The stream in numbers.
    pub fn describe(&self) -> Description {
        let mut counts: HashMap<u16, f64> = HashMap::new();
        self.train.iter().for_each(|&symbol| *counts.entry(symbol).or_default() += 1.0);
        let total = (self.train.len() + self.symbols()) as f64;
        let count = |symbol| counts.get(symbol).unwrap_or(&0.0) + 1.0;
        let bits = self.test.iter().map(|symbol| (total / count(symbol)).log2());
        Description::Symbols {
            name: self.name.clone(),
            symbols: self.symbols(),
            entropy: bits.sum::<f64>() / self.test.len().max(1) as f64,
            outside_percent: 100.0 * self.outside.share(),
            train: self.train.len(),
            validation: self.validation.len(),
            test: self.test.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Alphabet;

    #[test]
    fn recordings_are_described() {
        // Channel 0 changes by 2 of a deviation of 1 at every step; channel 1 never.
        let recording = |steps: usize, class| {
            let values = (0..steps).flat_map(|step| [(step % 2) as f32 * 2.0, 7.0]).collect();
            Recording::new(2, values, class).unwrap()
        };
        let classes = vec!["a".to_string(), "b".to_string()];
        let set = SequenceSet::new("two", classes, vec![recording(4, 0), recording(2, 1)], vec![]).unwrap();
        let Description::Recordings { change, train, test, .. } = set.describe() else { panic!() };
        assert!((change - 1.0).abs() < 1e-12, "{change}");
        assert_eq!(train, Part { recordings: 2, steps: 6, shortest: 2, longest: 4, classes: vec![1, 1] });
        assert_eq!(test, Part { classes: vec![0, 0], ..Part::default() });
    }

    #[test]
    fn streams_are_described() {
        let mut set = crate::text::stream("", &"ab".repeat(1000), &Alphabet::folding()).unwrap();
        set.test = set.train.clone();
        let Description::Symbols { entropy, symbols, train, .. } = set.describe() else { panic!() };
        assert_eq!((symbols, train), (64, 1800));
        assert!((entropy - (1864f64 / 901.0).log2()).abs() < 1e-9, "{entropy}");
    }
}
