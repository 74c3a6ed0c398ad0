//! The similarities as functions of real numbers, with gradients: what training differentiates in place of the codes'.
//!
//! With sigma = sgn(u) sgn(m) (that of 0 positive) and R = 2^i the range of the codes' format, an element contributes
//! - `hamming`: sigma (1 - min(|u - m| / R, 1)) 2^kappa, the bounded L1 form itself (Q-MANN, AAAI 2018);
//! - `xnor`: sigma (1 - ||u| - |m|| / R) 2^kappa: |x - y| is the greatest smooth lower bound of the bits in which two
//!   magnitudes x and y differ, and equal to it wherever one has all the bits of the other;
//! - `dot`: u m.
//!
//! The derivative is taken with sigma held constant: that a code changes sign is not smooth in any of the bounded forms.

use engram_spec::Addressing;
use engram_spec::format::CODE_MAX;

/// The largest contribution of an element, in units of 2^kappa: 127/128.
const BOUND: f32 = CODE_MAX as f32 / (CODE_MAX + 1) as f32;

/// A similarity of two vectors.
#[derive(Clone, Copy, Debug)]
pub struct Similarity {
    /// Which.
    pub addressing: Addressing,
    /// R = 2^i, the range of the format of u and m.
    pub range: f32,
    /// 2^kappa.
    pub scale: f32,
}

/// The sum of `f` over the pairs of two rows, in eight partial sums so that it vectorises and its order is fixed.
#[inline(always)]
pub(crate) fn sum_over(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (heads, tails) = (a.chunks_exact(8).zip(b.chunks_exact(8)), (a.chunks_exact(8), b.chunks_exact(8)));
    for (x, y) in heads {
        for lane in 0..8 {
            lanes[lane] += f(x[lane], y[lane]);
        }
    }
    let rest: f32 = tails.0.remainder().iter().zip(tails.1.remainder()).map(|(&x, &y)| f(x, y)).sum();
    lanes.iter().sum::<f32>() + rest
}

/// The inner product of two rows.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum_over(a, b, |x, y| x * y)
}

/// `magnitude` with the sign sgn(u) sgn(m).
#[inline(always)]
fn signed(u: f32, m: f32, magnitude: f32) -> f32 {
    if (u < 0.0) == (m < 0.0) { magnitude } else { -magnitude }
}

impl Similarity {
    /// The smooth similarity of u and m.
    pub fn smooth(&self, u: &[f32], m: &[f32]) -> f32 {
        let steepness = 1.0 / self.range;
        match self.addressing {
            Addressing::Hamming => {
                let element = |u: f32, m: f32| signed(u, m, BOUND - ((u - m).abs() * steepness).min(BOUND));
                self.scale * sum_over(u, m, element)
            }
            Addressing::Xnor => {
                let element = |u: f32, m: f32| signed(u, m, BOUND - (u.abs() - m.abs()).abs() * steepness);
                self.scale * sum_over(u, m, element)
            }
            Addressing::Dot => dot(u, m),
        }
    }

    /// The exact similarity of u and m that lie on their format's grid, equal to the codes'.
    pub fn exact(&self, u: &[f32], m: &[f32]) -> f32 {
        match self.addressing {
            // On the grid the smooth form has the very values of the codes' similarity.
            Addressing::Hamming | Addressing::Dot => self.smooth(u, m),
            Addressing::Xnor => {
                let (units, step) = (128.0 / self.range, 1.0 / 128.0);
                let bits = |x: f32| (x.abs() * units) as i32;
                let element = |u: f32, m: f32| signed(u, m, BOUND - (bits(u) ^ bits(m)) as f32 * step);
                self.scale * sum_over(u, m, element)
            }
        }
    }

    /// Adds the gradient of the smooth similarity, times `ds`, to those of u and m.
    pub fn gradient(&self, u: &[f32], m: &[f32], ds: f32, du: &mut [f32], dm: &mut [f32]) {
        let slope = ds * self.scale / self.range;
        let rows = u.iter().zip(m).zip(du.iter_mut().zip(dm.iter_mut()));
        match self.addressing {
            Addressing::Hamming => rows.for_each(|((&u, &m), (du, dm))| {
                let inside = if (u - m).abs() < self.range * BOUND { slope } else { 0.0 };
                let pull = signed(u, m, inside) * direction(m - u);
                *du += pull;
                *dm -= pull;
            }),
            Addressing::Xnor => rows.for_each(|((&u, &m), (du, dm))| {
                let pull = signed(u, m, slope) * direction(m.abs() - u.abs());
                *du += if u < 0.0 { -pull } else { pull };
                *dm -= if m < 0.0 { -pull } else { pull };
            }),
            Addressing::Dot => rows.for_each(|((&u, &m), (du, dm))| {
                *du += ds * m;
                *dm += ds * u;
            }),
        }
    }
}

/// The sign of `x`, 0 for 0.
#[inline(always)]
fn direction(x: f32) -> f32 {
    f32::from(u8::from(x > 0.0)) - f32::from(u8::from(x < 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::Format;
    use proptest::prelude::*;

    proptest! {
        /// On the grid, `exact` is the definition in spec, in units of 2^-7 (and 2^-(2f) for dot).
        #[test]
        fn exact_is_the_codes_similarity(
            pairs in prop::collection::vec((-127i8..=127, -127i8..=127), 1..70),
            fraction in 0u32..8,
        ) {
            let format = Format::with_fraction(fraction).unwrap();
            let (u, m): (Vec<f32>, Vec<f32>) = pairs.iter().map(|&(u, m)| (format.decode(u), format.decode(m))).unzip();
            for addressing in Addressing::ALL {
                let similarity = Similarity { addressing, range: 128.0 * format.step(), scale: 0.125 };
                let sum: i32 = pairs.iter().map(|&(u, m)| addressing.element(u, m)).sum();
                let unit = if addressing == Addressing::Dot { format.step().powi(2) } else { 0.125 / 128.0 };
                prop_assert_eq!(similarity.exact(&u, &m), sum as f32 * unit);
            }
        }

        /// The gradient of the smooth form against central differences, away from its kinks.
        #[test]
        fn gradients_are_those_of_differences(u in -1.5f32..1.5, m in -1.5f32..1.5) {
            let (range, h) = (2.0, 1e-3);
            let kinks = [u, m, u - m, u + m, (u - m).abs() - range * BOUND];
            prop_assume!(kinks.iter().all(|kink| kink.abs() > 2.0 * h));
            for addressing in Addressing::ALL {
                let similarity = Similarity { addressing, range, scale: 0.5 };
                let (mut du, mut dm) = ([0.0], [0.0]);
                similarity.gradient(&[u], &[m], 1.0, &mut du, &mut dm);
                let along_u = (similarity.smooth(&[u + h], &[m]) - similarity.smooth(&[u - h], &[m])) / (2.0 * h);
                let along_m = (similarity.smooth(&[u], &[m + h]) - similarity.smooth(&[u], &[m - h])) / (2.0 * h);
                prop_assert!((du[0] - along_u).abs() < 1e-3, "{addressing} {du:?} {along_u}");
                prop_assert!((dm[0] - along_m).abs() < 1e-3, "{addressing} {dm:?} {along_m}");
            }
        }
    }
}
