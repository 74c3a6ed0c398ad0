//! The nearest neighbour by dynamic time warping (1-NN-DTW): what a network of recordings is to be measured by.

use crate::recording::Recording;

/// The squared distance of two recordings of the same channels when either may be stretched: the least sum of the squared
/// differences of steps that are paired in order. `band` is how far a pair may be apart, as a share of the longer recording (Sakoe
/// and Chiba, 1978); 1 allows all pairs. Gives infinity as soon as the distance is known to be `least` or more.
fn distance(one: &Recording, other: &Recording, band: f64, least: f64) -> f64 {
    let difference = one.len().abs_diff(other.len());
    let reach = ((band * one.len().max(other.len()) as f64).ceil() as usize).max(difference);
    let mut before = vec![f64::INFINITY; other.len() + 1];
    let mut row = before.clone();
    before[0] = 0.0;
    for (place, step) in one.steps().enumerate() {
        row.fill(f64::INFINITY);
        let (begin, end) = (place.saturating_sub(reach), other.len().min(place + reach + 1));
        let mut nearest = f64::INFINITY;
        for (at, paired) in other.steps().enumerate().take(end).skip(begin) {
            let cost: f64 = step.iter().zip(paired).map(|(a, b)| f64::from(a - b).powi(2)).sum();
            row[at + 1] = cost + before[at].min(before[at + 1]).min(row[at]);
            nearest = nearest.min(row[at + 1]);
        }
        if nearest >= least {
            return f64::INFINITY;
        }
        std::mem::swap(&mut before, &mut row);
    }
    before[other.len()]
}

/// The class of the training recording that is nearest to a recording, the first of equals; `None` where there is none.
pub fn classify(train: &[Recording], recording: &Recording, band: f64) -> Option<usize> {
    let (mut least, mut class) = (f64::INFINITY, None);
    for known in train {
        let distance = distance(recording, known, band, least);
        if distance < least {
            (least, class) = (distance, known.class);
        }
    }
    class
}

/// The number of test recordings whose nearest training recording has another class.
pub fn wrong(train: &[Recording], test: &[Recording], band: f64) -> usize {
    test.iter().filter(|recording| classify(train, recording, band) != recording.class).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(values: &[f32], class: usize) -> Recording {
        Recording::new(1, values.to_vec(), class).unwrap()
    }

    #[test]
    fn a_stretched_recording_is_as_near_as_the_band_allows() {
        let (early, late) = (recording(&[0.0, 1.0, 0.0, 0.0, 0.0], 0), recording(&[0.0, 0.0, 0.0, 1.0, 0.0], 0));
        let distance = |band| distance(&early, &late, band, f64::INFINITY);
        assert_eq!((distance(1.0), distance(0.4), distance(0.2), distance(0.0)), (0.0, 0.0, 2.0, 2.0));
        assert_eq!(super::distance(&early, &recording(&[1.0], 0), 0.0, f64::INFINITY), 4.0);
        assert_eq!(super::distance(&early, &recording(&[1.0], 0), 0.0, 4.0), f64::INFINITY);
    }

    #[test]
    fn the_nearest_gives_its_class() {
        let train = [recording(&[0.0, 5.0, 0.0], 0), recording(&[5.0, 0.0, 0.0], 1)];
        let test = [recording(&[0.0, 0.0, 4.0, 4.0, 0.0], 0), recording(&[4.0, 0.0], 1), recording(&[4.0, 0.0], 0)];
        assert_eq!(wrong(&train, &test, 1.0), 1);
        assert_eq!(classify(&[], &test[0], 1.0), None);
    }
}
