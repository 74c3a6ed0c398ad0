//! The similarities as functions of real numbers, with gradients: what training differentiates in place of the codes'.
//!
//! With R = 2^i the range of the codes' format and the sign softened to h(x) = min(max(16 x / R, -1), 1), an element gives
//! - `hamming`: h(u) h(m) (B - min(|u - m| / R, B)) 2^kappa, the bounded L1 form of Q-MANN (AAAI 2018), B = 127/128;
//! - `xnor`: h(u) h(m) (B - ||u| - |m|| / R) 2^kappa: |x - y| is a lower bound of the bits in which two magnitudes x and y
//!   differ, and equal to it wherever one has all the bits of the other;
//! - `min`: sgn(u) sgn(m) min(|u|, |m|) / R 2^kappa, as it is: it is continuous;
//! - `dot`: u m.
//!
//! A training may go from the product to a bounded similarity: (1 - l) u m + l s(u, m), with l from 0 to 1 over its epochs.
//!
//! The codes' `hamming` and `xnor` jump where a code changes its sign, and that jump is most of what there is to learn: trained
//! with the derivative of the L1 form alone, the sign held constant, task 1 ends at an error of about 50%; with the softened
//! sign, below 1%.

use engram_spec::format::CODE_MAX;
use engram_spec::memnet::Addressing;

/// The largest contribution of an element, in units of 2^kappa: 127/128.
const BOUND: f32 = CODE_MAX as f32 / (CODE_MAX + 1) as f32;

/// The softened sign is saturated from a sixteenth of the range on.
const STEEPNESS: f32 = 16.0;

/// A similarity of two vectors.
#[derive(Clone, Copy, Debug)]
pub struct Similarity {
    /// The addressing that is made smooth.
    pub addressing: Addressing,
    /// R = 2^i, the range of the format of u and m.
    pub range: f32,
    /// 2^kappa.
    pub scale: f32,
    /// l, the share of the addressing in the similarity, 0 to 1; the product has the rest.
    pub share: f32,
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
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum_over(a, b, |x, y| x * y)
}

/// `magnitude` with the sign sgn(u) sgn(m), that of 0 positive.
#[inline(always)]
fn signed(u: f32, m: f32, magnitude: f32) -> f32 {
    if (u < 0.0) == (m < 0.0) { magnitude } else { -magnitude }
}

/// sgn(u) sgn(m) min(|u|, |m|).
#[inline(always)]
fn smaller(u: f32, m: f32) -> f32 {
    ((u + m).abs() - (u - m).abs()) * 0.5
}

/// The softened sign h of `x`, and its derivative, with `steepness` 16 / R.
#[inline(always)]
fn soft_sign(x: f32, steepness: f32) -> (f32, f32) {
    let sign = (x * steepness).clamp(-1.0, 1.0);
    (sign, if sign.abs() < 1.0 { steepness } else { 0.0 })
}

impl Similarity {
    /// The smooth similarity of u and m.
    #[inline(always)]
    pub fn smooth(&self, u: &[f32], m: &[f32]) -> f32 {
        self.blended(u, m, self.smooth_alone(u, m))
    }

    /// The exact similarity of u and m that lie on their format's grid: the codes'.
    #[inline(always)]
    pub fn exact(&self, u: &[f32], m: &[f32]) -> f32 {
        self.blended(u, m, self.exact_alone(u, m))
    }

    /// The similarity of the addressing with the product's share of its own.
    #[inline(always)]
    fn blended(&self, u: &[f32], m: &[f32], alone: f32) -> f32 {
        if self.share == 1.0 { alone } else { (1.0 - self.share) * dot(u, m) + self.share * alone }
    }

    #[inline(always)]
    fn smooth_alone(&self, u: &[f32], m: &[f32]) -> f32 {
        let unit = 1.0 / self.range;
        let signs = |u: f32, m: f32| soft_sign(u, STEEPNESS * unit).0 * soft_sign(m, STEEPNESS * unit).0;
        match self.addressing {
            Addressing::Hamming => {
                self.scale * sum_over(u, m, |u, m| signs(u, m) * (BOUND - (u - m).abs() * unit).max(0.0))
            }
            Addressing::Xnor => {
                self.scale * sum_over(u, m, |u, m| signs(u, m) * (BOUND - (u.abs() - m.abs()).abs() * unit).max(0.0))
            }
            Addressing::Min => self.scale * unit * sum_over(u, m, smaller),
            Addressing::Dot => dot(u, m),
        }
    }

    #[inline(always)]
    fn exact_alone(&self, u: &[f32], m: &[f32]) -> f32 {
        let unit = 1.0 / self.range;
        match self.addressing {
            Addressing::Hamming => {
                self.scale * sum_over(u, m, |u, m| signed(u, m, (BOUND - (u - m).abs() * unit).max(0.0)))
            }
            Addressing::Xnor => {
                let bits = |x: f32| (x.abs() * (128.0 * unit)) as i32;
                let element = |u: f32, m: f32| signed(u, m, BOUND - (bits(u) ^ bits(m)) as f32 / 128.0);
                self.scale * sum_over(u, m, element)
            }
            Addressing::Min => self.scale * unit * sum_over(u, m, smaller),
            Addressing::Dot => dot(u, m),
        }
    }

    /// Adds the gradient of the smooth similarity, times `ds`, to those of u and m.
    #[inline(always)]
    pub fn gradient(&self, u: &[f32], m: &[f32], ds: f32, du: &mut [f32], dm: &mut [f32]) {
        if self.share < 1.0 {
            product_gradient(u, m, (1.0 - self.share) * ds, du, dm);
        }
        let ds = self.share * ds;
        let (unit, slope) = (1.0 / self.range, ds * self.scale);
        let rows = u.iter().zip(m).zip(du.iter_mut().zip(dm.iter_mut()));
        match self.addressing {
            Addressing::Hamming => rows.for_each(|((&u, &m), (du, dm))| {
                let ((sign_u, steep_u), (sign_m, steep_m)) =
                    (soft_sign(u, STEEPNESS * unit), soft_sign(m, STEEPNESS * unit));
                let near = (BOUND - (u - m).abs() * unit).max(0.0);
                let pull = if near > 0.0 { sign_u * sign_m * unit * direction(m - u) } else { 0.0 };
                *du += slope * (steep_u * sign_m * near + pull);
                *dm += slope * (sign_u * steep_m * near - pull);
            }),
            Addressing::Xnor => rows.for_each(|((&u, &m), (du, dm))| {
                let ((sign_u, steep_u), (sign_m, steep_m)) =
                    (soft_sign(u, STEEPNESS * unit), soft_sign(m, STEEPNESS * unit));
                let near = (BOUND - (u.abs() - m.abs()).abs() * unit).max(0.0);
                let pull = if near > 0.0 { sign_u * sign_m * unit * direction(m.abs() - u.abs()) } else { 0.0 };
                *du += slope * (steep_u * sign_m * near + pull * direction(u));
                *dm += slope * (sign_u * steep_m * near - pull * direction(m));
            }),
            Addressing::Min => rows.for_each(|((&u, &m), (du, dm))| {
                let (sum, difference) = (direction(u + m), direction(u - m));
                *du += 0.5 * slope * unit * (sum - difference);
                *dm += 0.5 * slope * unit * (sum + difference);
            }),
            Addressing::Dot => product_gradient(u, m, ds, du, dm),
        }
    }
}

/// Adds the gradient of the product of u and m, times `ds`, to those of u and m.
#[inline(always)]
fn product_gradient(u: &[f32], m: &[f32], ds: f32, du: &mut [f32], dm: &mut [f32]) {
    for ((&u, &m), (du, dm)) in u.iter().zip(m).zip(du.iter_mut().zip(dm.iter_mut())) {
        *du += ds * m;
        *dm += ds * u;
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
                let similarity = Similarity { addressing, range: 128.0 * format.step(), scale: 0.125, share: 1.0 };
                let sum: i32 = pairs.iter().map(|&(u, m)| addressing.element(u, m)).sum();
                let unit = if addressing == Addressing::Dot { format.step().powi(2) } else { 0.125 / 128.0 };
                prop_assert_eq!(similarity.exact(&u, &m), sum as f32 * unit);
            }
        }

        /// The gradient of the smooth form against central differences, away from its kinks.
        #[test]
        fn gradients_are_those_of_differences(u in -1.5f32..1.5, m in -1.5f32..1.5, share in prop::sample::select(&[0.0f32, 0.3, 1.0])) {
            let (range, h) = (2.0, 1e-3);
            let soft = range / STEEPNESS;
            let kinks = [u, m, u.abs() - soft, m.abs() - soft, u - m, u + m, (u - m).abs() - range * BOUND];
            prop_assume!(kinks.iter().all(|kink| kink.abs() > 2.0 * h));
            for addressing in Addressing::ALL {
                let similarity = Similarity { addressing, range, scale: 0.5, share };
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
