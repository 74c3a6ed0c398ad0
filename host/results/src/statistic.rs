//! Means over seeds and their spread.

use serde::{Deserialize, Serialize};

/// A mean over seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistic {
    /// The mean.
    pub mean: f64,
    /// The standard deviation over the seeds (n - 1 in its denominator); `None` with one seed.
    pub spread: Option<f64>,
}

/// Mean and spread of some values; `None` of none.
pub fn statistic(values: &[f64]) -> Option<Statistic> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let spread = (values.len() > 1).then(|| rounded((squares / (count - 1.0)).sqrt()));
    (!values.is_empty()).then(|| Statistic { mean: rounded(mean), spread })
}

/// Mean and spread of what some things have; `None` of no thing.
pub fn over<T>(things: impl IntoIterator<Item = T>, of: impl FnMut(T) -> f64) -> Option<Statistic> {
    statistic(&things.into_iter().map(of).collect::<Vec<f64>>())
}

/// To four decimals: no count of answers here says more.
pub fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_the_standard_deviation_of_a_sample() {
        assert_eq!(statistic(&[]), None);
        assert_eq!(statistic(&[4.0]), Some(Statistic { mean: 4.0, spread: None }));
        // Squares 4, 1, 9 about the mean 3 make 14; 14 / 2 = 7.
        assert_eq!(statistic(&[1.0, 2.0, 6.0]), Some(Statistic { mean: 3.0, spread: Some(2.6458) }));
    }
}
