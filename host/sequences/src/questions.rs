//! The questions put to a model: recordings whose class is asked for, or symbols of each of which the next one is.

use crate::recording::Recording;
use crate::workload::Data;

/// Questions to a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Questions {
    /// Recordings; the class of each is asked for.
    Recordings(Vec<Recording>),
    /// A stream of symbols, read from a cleared state on; the symbol after each but the last is asked for. Of a model with a
    /// cue only those behind it count.
    Symbols(Vec<u16>),
}

impl Questions {
    /// The test part of data.
    pub fn of(data: Data) -> Questions {
        match data {
            Data::Recordings(set) => Questions::Recordings(set.test),
            Data::Symbols(set) => Questions::Symbols(set.test),
        }
    }

    /// About `steps` steps of the test part: recordings evenly taken, or the first symbols.
    pub fn test(data: &Data, steps: usize) -> Questions {
        match data {
            Data::Recordings(set) => Questions::Recordings(sample(&set.test.iter().collect::<Vec<_>>(), steps)),
            Data::Symbols(set) => Questions::Symbols(set.test[..set.test.len().min(steps)].to_vec()),
        }
    }

    /// About `steps` steps of the training part, validation included.
    pub fn training(data: &Data, steps: usize) -> Questions {
        match data {
            Data::Recordings(set) => {
                let all: Vec<&Recording> = set.train.iter().chain(&set.validation).collect();
                Questions::Recordings(sample(&all, steps))
            }
            Data::Symbols(set) => Questions::Symbols(set.train[..set.train.len().min(steps)].to_vec()),
        }
    }

    /// Steps of the sequences.
    pub fn steps(&self) -> usize {
        match self {
            Questions::Recordings(recordings) => recordings.iter().map(Recording::len).sum(),
            Questions::Symbols(symbols) => symbols.len().saturating_sub(1),
        }
    }

    /// The number of answers that are asked for.
    pub fn count(&self) -> usize {
        match self {
            Questions::Recordings(recordings) => recordings.len(),
            Questions::Symbols(symbols) => symbols.len().saturating_sub(1),
        }
    }

    /// The first `most` of them; all where nothing is said.
    pub fn limited(mut self, most: Option<usize>) -> Questions {
        match (&mut self, most) {
            (Questions::Recordings(recordings), Some(most)) => recordings.truncate(most),
            (Questions::Symbols(symbols), Some(most)) => symbols.truncate(most.saturating_add(1)),
            (_, None) => {}
        }
        self
    }

    /// The word for one of them: `recording` or `symbol`.
    pub fn unit(&self) -> &'static str {
        match self {
            Questions::Recordings(_) => "recording",
            Questions::Symbols(_) => "symbol",
        }
    }

    /// The word for them: `recordings` or `symbols`.
    pub fn name(&self) -> &'static str {
        match self {
            Questions::Recordings(_) => "recordings",
            Questions::Symbols(_) => "symbols",
        }
    }
}

/// Recordings evenly taken from some, of `steps` steps together, about; all where they have no more, and at least one of any.
pub fn sample(recordings: &[&Recording], steps: usize) -> Vec<Recording> {
    let all: usize = recordings.iter().map(|recording| recording.len()).sum();
    let every = all.div_ceil(steps.max(1)).max(1);
    recordings.iter().step_by(every).map(|&recording| recording.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_taken_from_everywhere() {
        let recording = |class| Recording::new(1, vec![0.0; 10], class).unwrap();
        let all: Vec<Recording> = (0..20).map(recording).collect();
        let all: Vec<&Recording> = all.iter().collect();
        let classes = |steps| sample(&all, steps).iter().filter_map(|recording| recording.class).collect::<Vec<_>>();
        assert_eq!(classes(50), [0, 4, 8, 12, 16]);
        assert_eq!((classes(200).len(), classes(199).len(), classes(0), sample(&[], 5).len()), (20, 10, vec![0], 0));
    }
}
