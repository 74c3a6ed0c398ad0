//! Recordings: steps of several channels, with the class that a network is to find.

use std::collections::HashMap;

use crate::error::SequenceError;
use crate::normalise::Normaliser;
use crate::source::Source;

/// A sequence: steps x channels of real numbers, and the class it belongs to. It has at least one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    channels: usize,
    values: Vec<f32>,
    /// The class, an index into [`SequenceSet::classes`]; `None` where it is not known.
    pub class: Option<usize>,
    /// The number of the person recorded, where it is known.
    pub subject: Option<u32>,
}

impl Recording {
    /// A recording of so many channels, and of a class where it is known; `values` step by step, NaN where one is missing.
    pub fn new(channels: usize, values: Vec<f32>, class: impl Into<Option<usize>>) -> Result<Recording, SequenceError> {
        if channels == 0 || values.is_empty() || !values.len().is_multiple_of(channels) {
            return Err(SequenceError::NotWholeSteps { values: values.len(), channels });
        }
        Ok(Recording { channels, values, class: class.into(), subject: None })
    }

    /// The same, of a known person.
    pub fn of_subject(self, subject: u32) -> Recording {
        Recording { subject: Some(subject), ..self }
    }

    /// The same person's recording of the same class with other values.
    pub(crate) fn with_values(&self, values: Vec<f32>) -> Result<Recording, SequenceError> {
        Ok(Recording { subject: self.subject, ..Recording::new(self.channels, values, self.class)? })
    }

    /// How many values a step has.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// How many steps there are: at least one.
    pub fn len(&self) -> usize {
        self.values.len() / self.channels
    }

    /// Never: a recording has a step.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All values, step by step: steps x channels.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The steps in order, each a value a channel.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &[f32]> + ExactSizeIterator + Clone {
        self.values.chunks_exact(self.channels)
    }

    /// The values of one channel in order.
    pub fn channel(&self, channel: usize) -> impl Iterator<Item = f32> + Clone {
        self.values.iter().copied().skip(channel).step_by(self.channels)
    }

    /// Windows of so many steps, each beginning `hop` steps after the one before; an incomplete last one is left out.
    pub fn windows(&self, steps: usize, hop: usize) -> impl Iterator<Item = Recording> {
        let starts = (steps..=self.len()).step_by(hop.max(1)).map(move |end| end - steps);
        starts.filter(move |_| steps > 0).map(move |start| Recording {
            values: self.values[start * self.channels..(start + steps) * self.channels].to_vec(),
            ..Recording { values: Vec::new(), ..*self }
        })
    }
}

/// Recordings of some classes, split into what is trained with, what decisions are taken by, and what is reported.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceSet {
    /// The name of the data.
    pub name: String,
    /// The place where the data come from; `None` where nothing finds them again.
    pub source: Option<Source>,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// How many values a step has.
    pub channels: usize,
    /// Recordings to train with.
    pub train: Vec<Recording>,
    /// Recordings to choose by: epochs, thresholds, ranges.
    pub validation: Vec<Recording>,
    /// Recordings to report by.
    pub test: Vec<Recording>,
}

impl SequenceSet {
    /// A set with nothing held out for validation yet. All recordings have the same channels, and a class with a name or none.
    pub fn new(
        name: impl Into<String>,
        classes: Vec<String>,
        train: Vec<Recording>,
        test: Vec<Recording>,
    ) -> Result<SequenceSet, SequenceError> {
        let channels = train.first().or(test.first()).ok_or(SequenceError::NothingToFit)?.channels;
        let set =
            SequenceSet { name: name.into(), source: None, classes, channels, train, validation: Vec::new(), test };
        for recording in set.recordings() {
            if recording.channels != channels {
                return Err(SequenceError::Channels { found: recording.channels, expected: channels });
            }
            if let Some(class) = recording.class.filter(|&class| class >= set.classes.len()) {
                return Err(SequenceError::Class { class, classes: set.classes.len() });
            }
        }
        Ok(set)
    }

    /// Holds every `nth` training recording of a class out for validation (the nth, the 2nth, ...; none for 0).
    pub fn hold_out(mut self, nth: usize) -> SequenceSet {
        let mut seen: HashMap<Option<usize>, usize> = HashMap::new();
        for recording in std::mem::take(&mut self.train) {
            let count = seen.entry(recording.class).or_default();
            *count += 1;
            let part = if count.is_multiple_of(nth) { &mut self.validation } else { &mut self.train };
            part.push(recording);
        }
        self
    }

    /// All recordings: training, validation, test.
    pub fn recordings(&self) -> impl Iterator<Item = &Recording> {
        self.train.iter().chain(&self.validation).chain(&self.test)
    }

    /// The set with every recording normalised.
    pub fn normalised(&self, normaliser: &Normaliser) -> Result<SequenceSet, SequenceError> {
        let part = |part: &[Recording]| part.iter().map(|recording| normaliser.apply(recording)).collect();
        let (name, source, classes) = (self.name.clone(), self.source.clone(), self.classes.clone());
        let [train, validation, test]: [Result<_, SequenceError>; 3] =
            [part(&self.train), part(&self.validation), part(&self.test)];
        let (train, validation, test) = (train?, validation?, test?);
        Ok(SequenceSet { name, source, classes, channels: self.channels, train, validation, test })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(steps: usize, channels: usize, class: usize) -> Recording {
        Recording::new(channels, (0..steps * channels).map(|value| value as f32).collect(), class).unwrap()
    }

    #[test]
    fn values_stand_step_by_step() {
        let recording = counting(3, 2, 0).of_subject(7);
        assert_eq!((recording.len(), recording.channels(), recording.subject), (3, 2, Some(7)));
        assert_eq!(recording.steps().collect::<Vec<_>>(), [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]);
        assert_eq!(recording.channel(1).collect::<Vec<_>>(), [1.0, 3.0, 5.0]);
    }

    #[test]
    fn torn_steps_are_refused() {
        for (channels, values) in [(0, 2), (2, 0), (2, 3)] {
            assert!(Recording::new(channels, vec![0.0; values], 0).is_err(), "{channels} {values}");
        }
    }

    #[test]
    fn windows_are_whole_and_keep_what_they_belong_to() {
        let recording = counting(7, 2, 3).of_subject(1);
        let windows: Vec<Recording> = recording.windows(4, 2).collect();
        assert_eq!(windows.iter().map(|window| window.values()[0]).collect::<Vec<_>>(), [0.0, 4.0]);
        assert!(windows.iter().all(|window| (window.len(), window.class, window.subject) == (4, Some(3), Some(1))));
        assert_eq!(recording.windows(7, 1).next(), Some(recording.clone()));
        assert_eq!(recording.windows(8, 1).count() + recording.windows(0, 1).count(), 0);
    }

    #[test]
    fn every_class_gives_to_validation() {
        let train = (0..20).map(|index| counting(1 + index, 1, index % 2)).collect();
        let set = SequenceSet::new("counting", vec!["even".into(), "odd".into()], train, vec![]).unwrap().hold_out(5);
        assert_eq!((set.train.len(), set.validation.len()), (16, 4));
        assert_eq!(set.validation.iter().map(Recording::len).collect::<Vec<_>>(), [9, 10, 19, 20]);
    }

    #[test]
    fn sets_of_unlike_recordings_are_refused() {
        let classes = || vec!["a".to_string()];
        assert!(SequenceSet::new("", classes(), vec![counting(1, 2, 0)], vec![counting(1, 3, 0)]).is_err());
        assert!(SequenceSet::new("", classes(), vec![counting(1, 2, 1)], vec![]).is_err());
        assert!(SequenceSet::new("", classes(), vec![], vec![]).is_err());
    }
}
