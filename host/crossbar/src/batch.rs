//! Sequences side by side: all their first steps, then all second ones, the longest sequence first, without padding.

/// The inputs of a batch's steps.
#[derive(Clone, Debug, PartialEq)]
pub enum Inputs {
    /// Values in [-1, 1], rows x I.
    Channels(Vec<f32>),
    /// Symbols, one a row: one-hot, as the device takes them.
    Symbols(Vec<u16>),
}

impl Default for Inputs {
    fn default() -> Inputs {
        Inputs::Symbols(Vec::new())
    }
}

/// A batch of sequences. A row is one step of one sequence; the rows of a step follow those of the step before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// The number of sequences that run at each step; never more than at the step before, because they are ordered by
    /// length.
    pub active: Vec<usize>,
    /// The steps' inputs.
    pub inputs: Inputs,
    /// The rows at which an answer is wanted, and the right one: ascending rows.
    pub targets: Vec<(usize, u16)>,
    /// The rows before which the state is cleared: ascending rows.
    pub cleared: Vec<usize>,
}

impl Batch {
    /// Rows: steps of all sequences.
    pub fn rows(&self) -> usize {
        self.active.iter().sum()
    }

    /// A batch of sequences of `channels` values a step, each with its class, which is asked for after the last step.
    pub fn of_sequences(channels: usize, sequences: &[(&[f32], u16)]) -> Batch {
        let steps = |sequence: &(&[f32], u16)| sequence.0.len() / channels.max(1);
        let mut ordered: Vec<&(&[f32], u16)> = sequences.iter().collect();
        ordered.sort_by_key(|sequence| std::cmp::Reverse(steps(sequence)));
        let longest = ordered.first().map_or(0, |sequence| steps(sequence));
        let mut batch = Batch::default();
        let mut values = Vec::with_capacity(ordered.iter().map(|sequence| sequence.0.len()).sum());
        for step in 0..longest {
            let first = values.len() / channels;
            let running = ordered.partition_point(|sequence| steps(sequence) > step);
            for (place, sequence) in ordered[..running].iter().enumerate() {
                values.extend_from_slice(&sequence.0[step * channels..][..channels]);
                if steps(sequence) == step + 1 {
                    batch.targets.push((first + place, sequence.1));
                }
            }
            batch.active.push(running);
        }
        batch.inputs = Inputs::Channels(values);
        batch
    }

    /// A batch of streams of equal length, each symbol of which is given, and the next one asked for.
    pub fn of_streams(streams: &[&[u16]]) -> Batch {
        let steps = streams.iter().map(|stream| stream.len()).min().unwrap_or(0).saturating_sub(1);
        let each =
            |offset: usize| (0..steps).flat_map(move |step| streams.iter().map(move |stream| stream[step + offset]));
        Batch {
            active: vec![streams.len(); steps],
            inputs: Inputs::Symbols(each(0).collect()),
            targets: each(1).enumerate().collect(),
            cleared: Vec::new(),
        }
    }

    /// Clears the state before every step that is given this symbol.
    pub fn cleared_at(mut self, boundary: u16) -> Batch {
        if let Inputs::Symbols(symbols) = &self.inputs {
            self.cleared = (0..symbols.len()).filter(|&row| symbols[row] == boundary).collect();
        }
        self
    }

    /// Keeps only the targets of steps that are given this symbol.
    pub fn asked_behind(mut self, cue: u16) -> Batch {
        if let Inputs::Symbols(symbols) = &self.inputs {
            self.targets.retain(|&(row, _)| symbols[row] == cue);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_packed_longest_first() {
        let batch = Batch::of_sequences(2, &[(&[1.0, 2.0], 7), (&[3.0, 4.0, 5.0, 6.0, 0.5, 0.6], 8), (&[8.0, 9.0], 9)]);
        assert_eq!(batch.active, [3, 1, 1]);
        assert_eq!(batch.inputs, Inputs::Channels(vec![3.0, 4.0, 1.0, 2.0, 8.0, 9.0, 5.0, 6.0, 0.5, 0.6]));
        assert_eq!(batch.targets, [(1, 7), (2, 9), (4, 8)]);
        assert_eq!(batch.rows(), 5);
    }

    #[test]
    fn streams_ask_for_the_next_symbol() {
        let batch = Batch::of_streams(&[&[1, 2, 3], &[4, 5, 6]]);
        assert_eq!(batch.active, [2, 2]);
        assert_eq!(batch.inputs, Inputs::Symbols(vec![1, 4, 2, 5]));
        assert_eq!(batch.targets, [(0, 2), (1, 5), (2, 3), (3, 6)]);
    }

    #[test]
    fn stories_begin_anew_and_answers_stand_behind_a_cue() {
        let batch = Batch::of_streams(&[&[1, 2, 9], &[4, 1, 6]]).cleared_at(1);
        assert_eq!((batch.cleared.as_slice(), batch.targets.len()), ([0, 3].as_slice(), 4));
        assert_eq!(batch.asked_behind(2).targets, [(2, 9)]);
    }
}
