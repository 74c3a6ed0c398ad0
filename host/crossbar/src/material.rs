//! The data of training as batches: recordings with a class, or a stream of symbols.

use engram_sequences::{Normaliser, Recording, SequenceError, Windowing};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::batch::Batch;
use crate::network::{Loss, Network, State, Workspace};
use crate::noise::{Source, add_noise};
use crate::recipe::Recipe;

/// Sequences, or places of a stream, side by side where nothing is learnt.
const SIDE_BY_SIDE: usize = 32;

/// Steps of a stream in a batch where nothing is learnt.
const STRIDE: usize = 64;

/// A part of a data set, as the network takes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Sequences {
        channels: usize,
        /// Normalised values, steps x channels, and the class.
        sequences: Vec<(Vec<f32>, u16)>,
    },
    Stream(Stream),
}

/// A stream of symbols, each of which is to be foretold by those before it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stream {
    pub(crate) symbols: Vec<u16>,
    /// The symbol before which the state is cleared.
    pub(crate) boundary: Option<u16>,
    /// The cue: only the symbols behind it are targets; all symbols without one.
    pub(crate) asked: Option<u16>,
}

impl Stream {
    /// The number of targets.
    fn targets(&self) -> usize {
        let given = self.symbols.split_last().map_or(&[][..], |(_, given)| given);
        self.asked.map_or(given.len(), |asked| given.iter().filter(|&&symbol| symbol == asked).count())
    }
}

impl Part {
    /// Recordings in windows, normalised, but those without a class, which ask for nothing.
    pub(crate) fn of_recordings(
        recordings: &[Recording],
        windowing: Windowing,
        normaliser: &Normaliser,
    ) -> Result<Part, SequenceError> {
        let labelled = recordings.iter().filter_map(|recording| Some((recording, recording.class? as u16)));
        let sequence = |(recording, class)| {
            let normalised = normaliser.apply(&windowing.apply(recording)?)?;
            Ok((normalised.values().to_vec(), class))
        };
        let sequences = labelled.map(sequence).collect::<Result<_, SequenceError>>()?;
        Ok(Part::Sequences { channels: normaliser.channels(), sequences })
    }

    /// The number of targets.
    pub(crate) fn targets(&self) -> usize {
        match self {
            Part::Sequences { sequences, .. } => sequences.len(),
            Part::Stream(stream) => stream.targets(),
        }
    }

    /// Shows every batch once, in an order that is drawn, and the state to begin it with.
    pub(crate) fn shuffled(
        &self,
        recipe: &Recipe,
        random: &mut ChaCha8Rng,
        mut show: impl FnMut(&Batch, &mut Option<State>),
    ) {
        match self {
            Part::Sequences { channels, sequences } => {
                let mut order: Vec<&(Vec<f32>, u16)> = sequences.iter().collect();
                order.shuffle(random);
                for chosen in order.chunks(recipe.batch) {
                    let mut chosen: Vec<(Vec<f32>, u16)> = chosen.iter().map(|&sequence| sequence.clone()).collect();
                    if recipe.input_noise > 0.0 || recipe.input_offset > 0.0 {
                        let mut source = Source::new(random.random());
                        chosen.iter_mut().for_each(|(values, _)| disturb(values, *channels, recipe, &mut source));
                    }
                    show(&Batch::of_sequences(*channels, &borrowed(&chosen)), &mut None);
                }
            }
            Part::Stream(stream) => {
                // Windows begin elsewhere in every epoch.
                let (batch, unroll) = (recipe.batch, recipe.unroll);
                let start = random.random_range(0..unroll.min(stream.symbols.len() / 2).max(1));
                each_window(stream, start, batch, (unroll, usize::MAX), show);
            }
        }
    }

    /// Shows a part of it in order, evenly taken from all of it: `most` batches, or all for `usize::MAX`.
    pub(crate) fn sample(&self, most: usize, mut show: impl FnMut(&Batch, &mut Option<State>)) {
        match self {
            Part::Sequences { channels, sequences } => {
                let every = sequences.len().div_ceil(most.saturating_mul(SIDE_BY_SIDE)).max(1);
                let chosen = sequences.iter().step_by(every).map(|(values, class)| (values.as_slice(), *class));
                for chosen in chosen.collect::<Vec<_>>().chunks(SIDE_BY_SIDE) {
                    show(&Batch::of_sequences(*channels, chosen), &mut None);
                }
            }
            Part::Stream(stream) => each_window(stream, 0, SIDE_BY_SIDE, (STRIDE, most), show),
        }
    }

    /// The loss of a network on this part.
    pub(crate) fn measure(&self, network: &Network, work: &mut Workspace) -> Loss {
        self.measure_some(usize::MAX, network, work)
    }

    /// The same on so many batches of it, evenly taken.
    pub(crate) fn measure_some(&self, most: usize, network: &Network, work: &mut Workspace) -> Loss {
        let shape = network.design().shape;
        let mut loss = Loss::default();
        self.sample(most, |batch, state| {
            let state = state.get_or_insert_with(|| State::zeroed(&shape, batch.active[0]));
            network.forward(batch, state, work);
            loss = loss.and(work.loss(batch, &shape));
        });
        loss
    }
}

/// Adds a recipe's noise to the values of a sequence.
fn disturb(values: &mut [f32], channels: usize, recipe: &Recipe, source: &mut Source) {
    add_noise(source, values, recipe.input_noise as f32);
    let mut offsets = vec![0.0; channels];
    add_noise(source, &mut offsets, recipe.input_offset as f32);
    for step in values.chunks_exact_mut(channels) {
        step.iter_mut().zip(&offsets).for_each(|(value, offset)| *value += offset);
    }
}

fn borrowed(sequences: &[(Vec<f32>, u16)]) -> Vec<(&[f32], u16)> {
    sequences.iter().map(|(values, class)| (values.as_slice(), *class)).collect()
}

/// Cuts a stream, from a symbol on, into `side_by_side` pieces that are read at once, `stride` symbols at a time, and shows
/// the first `most` of these windows.
fn each_window(
    stream: &Stream,
    from: usize,
    side_by_side: usize,
    (stride, most): (usize, usize),
    mut show: impl FnMut(&Batch, &mut Option<State>),
) {
    let symbols = &stream.symbols[from..];
    // A short stream has fewer places.
    let places = side_by_side.min(symbols.len() / (2 * stride)).max(1);
    let length = symbols.len() / places;
    let mut state = None;
    for start in (0..length.saturating_sub(1)).step_by(stride).take(most) {
        // Each window asks for the first symbol of the next one.
        let end = (start + stride + 1).min(length);
        let streams: Vec<&[u16]> = (0..places).map(|place| &symbols[place * length..][start..end]).collect();
        let mut batch = Batch::of_streams(&streams);
        if let Some(boundary) = stream.boundary {
            batch = batch.cleared_at(boundary);
        }
        if let Some(asked) = stream.asked {
            batch = batch.asked_behind(asked);
        }
        show(&batch, &mut state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Inputs;

    #[test]
    fn windows_of_a_stream_follow_each_other_without_gaps() {
        let stream = Stream { symbols: (0..1000).collect(), boundary: None, asked: None };
        let mut seen: Vec<Vec<u16>> = vec![Vec::new(); 4];
        each_window(&stream, 0, 4, (16, usize::MAX), |batch, state| {
            assert_eq!(state.is_some(), !seen[0].is_empty());
            *state = Some(State::default());
            let Inputs::Symbols(inputs) = &batch.inputs else { panic!("found channels") };
            for (row, &symbol) in inputs.iter().enumerate() {
                seen[row % 4].push(symbol);
                assert_eq!(batch.targets[row], (row, symbol + 1));
            }
        });
        for (place, seen) in seen.iter().enumerate() {
            let first = place as u16 * 250;
            assert_eq!(*seen, (first..first + 249).collect::<Vec<_>>());
        }
    }
}
