//! Successive steps of a recording side by side: fewer steps of more channels, which a small network learns sooner.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::SequenceError;
use crate::recording::Recording;

/// A map of recordings to recordings of fewer steps. First the means of every `pool` successive steps take their place. Then each
/// window of `window` steps becomes one step, whose channels are those of its first step, of its second, and so on; a window
/// begins `stride` steps after the one before. The model's file keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Windowing {
    /// Successive steps of which the mean is taken, at least 1. The last of a recording may be of fewer.
    pub pool: usize,
    /// Steps, after that, side by side, at least 1. Where the last window is not full, the last step is repeated.
    pub window: usize,
    /// Steps from the beginning of a window to that of the next one, 1 to `window`.
    pub stride: usize,
}

impl Windowing {
    /// Recordings as they are.
    pub const NONE: Windowing = Windowing { pool: 1, window: 1, stride: 1 };

    /// Whether recordings stay as they are.
    pub fn is_none(&self) -> bool {
        *self == Windowing::NONE
    }

    /// Checks the numbers.
    pub fn check(&self) -> Result<(), SequenceError> {
        let Windowing { pool, window, stride } = *self;
        let wrong =
            |what, found: usize, expected| Err(SequenceError::Setting { what, found: found.to_string(), expected });
        match (pool, window, stride) {
            (0, ..) => wrong("pool of a windowing", pool, "at least 1"),
            (_, 0, _) => wrong("window of a windowing", window, "at least 1"),
            _ if stride == 0 || stride > window => wrong("stride of a windowing", stride, "1 to its window"),
            _ => Ok(()),
        }
    }

    /// The channels of a step made from steps of so many.
    pub fn inputs(&self, channels: usize) -> usize {
        channels * self.window
    }

    /// The steps made from so many: at least 1.
    pub fn steps(&self, steps: usize) -> usize {
        1 + steps.div_ceil(self.pool).saturating_sub(self.window).div_ceil(self.stride)
    }

    /// The recording in windows. Missing values have no part in a mean; the mean of none is missing.
    pub fn apply(&self, recording: &Recording) -> Result<Recording, SequenceError> {
        self.check()?;
        if self.is_none() {
            return Ok(recording.clone());
        }
        let channels = recording.channels();
        let pooled: Vec<f32> =
            recording.values().chunks(self.pool * channels).flat_map(|steps| mean(steps, channels)).collect();
        let last = pooled.len() / channels - 1;
        let steps = (0..self.steps(recording.len())).flat_map(|step| {
            let begin = step * self.stride;
            begin..begin + self.window
        });
        let values = steps.flat_map(|step| &pooled[step.min(last) * channels..][..channels]).copied().collect();
        let mut windows = Recording::new(self.inputs(channels), values, recording.class)?;
        windows.subject = recording.subject;
        Ok(windows)
    }
}

impl Default for Windowing {
    fn default() -> Windowing {
        Windowing::NONE
    }
}

impl fmt::Display for Windowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Windowing { pool, window, stride } = self;
        let steps = if *pool > 1 { format!("means of {pool} steps") } else { "steps".to_string() };
        match window {
            1 => write!(f, "{steps} one by one"),
            _ if stride == window => write!(f, "windows of {window} {steps}"),
            _ => write!(f, "windows of {window} {steps}, one every {stride}"),
        }
    }
}

/// The mean of each channel over some steps, summed in f64 in the order of the steps.
fn mean(steps: &[f32], channels: usize) -> impl Iterator<Item = f32> {
    (0..channels).map(move |channel| {
        let values = steps.iter().skip(channel).step_by(channels).filter(|value| !value.is_nan());
        let (sum, count) = values.fold((0.0, 0), |(sum, count), &value| (sum + f64::from(value), count + 1));
        if count == 0 { f32::NAN } else { (sum / f64::from(count)) as f32 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counting(steps: usize, channels: usize) -> Recording {
        Recording::new(channels, (0..steps * channels).map(|value| value as f32).collect(), 3).unwrap().of_subject(7)
    }

    fn in_windows(pool: usize, window: usize, stride: usize, recording: &Recording) -> Vec<Vec<f32>> {
        let windows = Windowing { pool, window, stride }.apply(recording).unwrap();
        assert_eq!((windows.class, windows.subject), (recording.class, recording.subject));
        windows.steps().map(<[f32]>::to_vec).collect()
    }

    #[test]
    fn steps_stand_side_by_side() {
        let recording = counting(4, 2);
        assert_eq!(in_windows(1, 2, 2, &recording), [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]);
        assert_eq!(in_windows(1, 2, 1, &recording)[1], [2.0, 3.0, 4.0, 5.0]);
        assert_eq!(Windowing::NONE.apply(&recording).unwrap(), recording);
    }

    #[test]
    fn a_rest_is_filled_with_the_last_step() {
        assert_eq!(in_windows(1, 3, 3, &counting(4, 1)), [[0.0, 1.0, 2.0], [3.0, 3.0, 3.0]]);
        assert_eq!(in_windows(1, 4, 2, &counting(5, 1)), [[0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 4.0, 4.0]]);
        assert_eq!(in_windows(1, 4, 4, &counting(1, 1)), [[0.0; 4]]);
    }

    #[test]
    fn means_leave_out_missing_values() {
        assert_eq!(in_windows(2, 1, 1, &counting(5, 1)), [[0.5], [2.5], [4.0]]);
        let gaps = Recording::new(1, vec![1.0, f32::NAN, f32::NAN, f32::NAN], None).unwrap();
        let pooled = in_windows(2, 1, 1, &gaps);
        assert!(pooled[0] == [1.0] && pooled[1][0].is_nan(), "{pooled:?}");
        assert_eq!(in_windows(2, 2, 2, &counting(5, 1)), [[0.5, 2.5], [4.0, 4.0]]);
    }

    #[test]
    fn windowings_are_named() {
        let name = |pool, window, stride| Windowing { pool, window, stride }.to_string();
        assert_eq!((name(1, 1, 1), name(1, 5, 5)), ("steps one by one".to_string(), "windows of 5 steps".to_string()));
        assert_eq!(name(3, 4, 2), "windows of 4 means of 3 steps, one every 2");
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for (pool, window, stride) in [(0, 1, 1), (1, 0, 1), (1, 2, 0), (1, 2, 3)] {
            assert!(Windowing { pool, window, stride }.apply(&counting(4, 1)).is_err(), "{pool} {window} {stride}");
        }
    }

    proptest! {
        #[test]
        fn every_step_is_in_a_window(steps in 1usize..60, pool in 1usize..5, window in 1usize..9, overlap in 0usize..8) {
            let windowing = Windowing { pool, window, stride: window.saturating_sub(overlap).max(1) };
            let windows = windowing.apply(&counting(steps, 2)).unwrap();
            prop_assert_eq!((windows.len(), windows.channels()), (windowing.steps(steps), windowing.inputs(2)));
            let last = windowing.apply(&counting(steps, 1)).unwrap();
            let pooled = Windowing { pool, ..Windowing::NONE }.apply(&counting(steps, 1)).unwrap();
            prop_assert_eq!(last.values().last(), pooled.values().last());
            prop_assert!(pooled.values().iter().all(|value| last.values().contains(value)));
        }
    }
}
