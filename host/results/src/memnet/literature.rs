//! The errors that the literature reports of the twenty tasks.

use super::variant::Size;

/// Test errors in percent of MemN2N with 3 hops, position encoding, linear start and time noise, one task at a time, the
/// best of 10 trainings (Sukhbaatar et al., "End-To-End Memory Networks", NIPS 2015).
const MEMN2N_1K: [f64; 20] =
    [0.1, 8.2, 41.8, 4.4, 13.7, 7.9, 20.3, 11.7, 13.6, 9.7, 0.7, 0.0, 0.3, 0.9, 0.0, 0.4, 51.0, 10.5, 81.4, 0.0];
const MEMN2N_10K: [f64; 20] =
    [0.0, 0.3, 9.3, 0.0, 0.6, 0.0, 3.7, 0.8, 0.8, 2.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 40.7, 6.7, 66.5, 0.0];

/// The mean error of a network in the literature.
pub struct Published {
    /// The network, and where it is reported.
    pub network: &'static str,
    /// The mean over the twenty tasks in percent, at 1k and at 10k; none where it is not reported.
    pub means: [Option<f64>; 2],
}

/// The networks of the literature.
pub const PUBLISHED: [Published; 4] = [
    Published { network: "MemN2N, a network a task (Sukhbaatar et al., NIPS 2015)", means: [Some(13.8), Some(6.6)] },
    Published { network: "MemN2N, one network for all tasks (the same)", means: [Some(12.4), None] },
    Published { network: "QRN (Seo et al., ICLR 2017)", means: [Some(9.9), None] },
    Published { network: "DMN+ (Xiong et al., ICML 2016)", means: [None, Some(2.8)] },
];

/// The literature's error of a task, in percent.
pub fn memn2n(size: Size, task: u8) -> Option<f64> {
    let marks = match size {
        Size::K1 => &MEMN2N_1K,
        Size::K10 => &MEMN2N_10K,
    };
    marks.get(usize::from(task).wrapping_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use engram_memnet::tasks::TASKS;

    use super::*;

    /// The means that the literature gives beside the tasks' own figures.
    #[test]
    fn the_marks_have_their_published_means() {
        let mean = |size| (1..=TASKS).filter_map(|task| memn2n(size, task)).sum::<f64>() / f64::from(TASKS);
        assert!((mean(Size::K1) - 13.8).abs() < 0.06 && (mean(Size::K10) - 6.6).abs() < 0.06);
        assert_eq!((memn2n(Size::K1, 0), memn2n(Size::K1, 21)), (None, None));
    }
}
