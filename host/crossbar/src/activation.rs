//! The logistic function and tanh in f32, written so that loops over them become vector instructions.

/// 1.5 x 2^23: adding it rounds a number to the nearest whole one, which then stands in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// ln 2 less its f32.
const LN_2_REST: f32 = -1.904_654_3e-9;

/// e^x for |x| <= 87, to a few units in the last place; beyond, that of the nearest bound.
#[inline(always)]
pub(crate) fn exponential(x: f32) -> f32 {
    let x = x.clamp(-87.0, 87.0);
    let rounded = x.mul_add(std::f32::consts::LOG2_E, ROUNDER);
    let whole = rounded - ROUNDER;
    let rest = whole.mul_add(-LN_2_REST, whole.mul_add(-std::f32::consts::LN_2, x));
    let series: [f32; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let power = series[1..].iter().fold(series[0], |sum, &term| sum.mul_add(rest, term));
    // Adds the whole power of two to the exponent.
    f32::from_bits(power.to_bits().wrapping_add(rounded.to_bits() << 23))
}

/// 1 / (1 + e^-x).
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exponential(-x))
}

/// tanh x, to 1e-7.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (1.0 + exponential(2.0 * x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_near_the_functions_of_64_bits() {
        for step in -4000..=4000 {
            let x = step as f32 / 100.0;
            let exact = f64::from(x);
            assert!((f64::from(exponential(x)) / exact.exp() - 1.0).abs() < 1e-6, "e^{x}");
            assert!((f64::from(sigmoid(x)) - 1.0 / (1.0 + (-exact).exp())).abs() < 2e-7, "sigmoid {x}");
            assert!((f64::from(tanh(x)) - exact.tanh()).abs() < 3e-7, "tanh {x}");
        }
        assert_eq!((sigmoid(1e9), tanh(-1e9)), (1.0, -1.0));
    }
}
