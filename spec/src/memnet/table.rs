//! The exponential and reciprocal tables of the one-pass softmax, and the weighted mean made of them.
//!
//! A score is stored as a 10-bit code z in units of 2^-7, so it lies in [-4, 4) around a centre that the program chooses. The softmax needs no pass for the maximum
//! because that range is bounded: e = exp(z / 128) is looked up, sum e and sum e c are accumulated, and one division by
//! sum e at the end gives the weighted mean. The division is a multiplication by a reciprocal that is looked up with the
//! nine bits behind the leading one of the sum.

use crate::format::{round_shift, saturate};

/// Bits of a score code.
pub const SCORE_BITS: u32 = 10;
/// Fraction bits of a score code: one unit is 2^-7.
pub const SCORE_FRACTION: u32 = 7;
/// The largest score code, 511 (a score of 3.99); the smallest is -512 (-4).
pub const SCORE_MAX: i64 = (1 << (SCORE_BITS - 1)) - 1;
/// Entries of the exponential table, one a score code.
pub const EXPONENTIAL_ENTRIES: usize = 1 << SCORE_BITS;
/// The largest entry of the exponential table: 15 bits, so that it is a positive operand of a 16-bit signed multiplier.
pub const EXPONENTIAL_MAX: u32 = (1 << 15) - 1;

/// Bits behind the leading one by which the reciprocal is looked up.
pub const RECIPROCAL_INDEX_BITS: u32 = 9;
/// Entries of the reciprocal table.
pub const RECIPROCAL_ENTRIES: usize = 1 << RECIPROCAL_INDEX_BITS;
/// Fraction bits of a reciprocal: the entries lie in (2^14, 2^15).
pub const RECIPROCAL_FRACTION: u32 = 15;
/// Fraction bits of the normalised sum of products, below those of a code.
pub const QUOTIENT_GUARD: u32 = 7;
/// Guard bits below the products in the read accumulator, so that normalising is a shift to the right for every sum.
pub const READ_GUARD: u32 = 4;
/// The constant shift from (normalised sum) x (reciprocal) to a code.
pub const QUOTIENT_SHIFT: u32 = QUOTIENT_GUARD + RECIPROCAL_FRACTION;

/// Units of a score code in one of [`Settings::centre`](crate::memnet::Settings::centre), which is 2^-3.
pub const CENTRE_UNIT: i32 = 1 << 4;

/// The score that a [`Settings::centre`](crate::memnet::Settings::centre) stands for.
pub fn centre_score(centre: u8) -> f32 {
    (i32::from(centre) * CENTRE_UNIT) as f32 / (1u32 << SCORE_FRACTION) as f32
}

/// Stores an exact similarity sum as a score code: nearest-even, less the centre, then saturated to [-512, 511].
///
/// A softmax is the same whatever is subtracted from all its scores. Similarities that reach to both sides of 0 by 8 or 16
/// are so stored with their upper end, which decides, and without the lower one, whose weights are near 0.
pub const fn score(sum: i64, shift: u32, centre: u8) -> i16 {
    let rounded = round_shift(sum, shift) - centre as i64 * CENTRE_UNIT as i64;
    if rounded > SCORE_MAX {
        SCORE_MAX as i16
    } else if rounded < -SCORE_MAX - 1 {
        (-SCORE_MAX - 1) as i16
    } else {
        rounded as i16
    }
}

/// The index of a score code in the exponential table: its offset from the smallest, 0..1024.
pub const fn exponential_index(score: i16) -> usize {
    (score as i32 + SCORE_MAX as i32 + 1) as usize
}

/// The exponential table: entry z + 512 is exp((z - 511) / 128) 32767, nearest. From 11 to 32767.
///
/// The error of an entry is at most half a unit, so at most 4.4% of the smallest entry (a score of -4), 0.09% at a score
/// of 0 and 0.0015% at the top; a code of the score itself stands for a range of ±0.4%.
pub fn exponential() -> Vec<u32> {
    let unit = f64::from(1u32 << SCORE_FRACTION);
    (0..EXPONENTIAL_ENTRIES)
        .map(|index| {
            let below_top = (EXPONENTIAL_ENTRIES - 1 - index) as f64 / unit;
            ((-below_top).exp() * f64::from(EXPONENTIAL_MAX)).round_ties_even() as u32
        })
        .collect()
}

/// The reciprocal table: entry i is 2^15 / (1 + (i + 1/2) / 512), nearest.
///
/// The relative error of a reciprocal is at most 2^-10 (the half entry) + 2^-15 (the rounding): 0.101%.
pub fn reciprocal() -> Vec<u32> {
    (0..RECIPROCAL_ENTRIES)
        .map(|index| {
            let mantissa = 1.0 + (index as f64 + 0.5) / RECIPROCAL_ENTRIES as f64;
            (f64::from(1u32 << RECIPROCAL_FRACTION) / mantissa).round_ties_even() as u32
        })
        .collect()
}

/// A positive sum as exponent and table index: sum = 2^exponent (1 + (index + fraction) / 512), 0 <= fraction < 1.
pub const fn normalise(sum: u32) -> (u32, usize) {
    let exponent = sum.ilog2();
    let mantissa = if exponent >= RECIPROCAL_INDEX_BITS {
        sum >> (exponent - RECIPROCAL_INDEX_BITS)
    } else {
        sum << (RECIPROCAL_INDEX_BITS - exponent)
    };
    (exponent, mantissa as usize - RECIPROCAL_ENTRIES)
}

/// Divides sum e c by sum e: the weighted mean of the codes c, as a code of the same format.
///
/// `products` is sum e c with |c| <= 127, `exponentials` is sum e, at least 8, and `reciprocals` is [`reciprocal`]. The
/// result is within 0.64 of a unit of the true mean: 0.5 from rounding, 0.129 from the table, 0.008 from normalising.
pub fn weighted_mean(products: i64, exponentials: u32, reciprocals: &[u32]) -> i8 {
    let (exponent, index) = normalise(exponentials);
    let normalised = (products << READ_GUARD) >> (exponent - (QUOTIENT_GUARD - READ_GUARD));
    saturate(round_shift(normalised * i64::from(reciprocals[index]), QUOTIENT_SHIFT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The exponential table is made with the machine's exp; this is what both tables are on every machine.
    #[test]
    fn the_tables_are_these() {
        let sum = |entries: Vec<u32>| {
            let bytes: Vec<u8> = entries.iter().flat_map(|&entry| (entry as u16).to_le_bytes()).collect();
            (entries.len(), crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes))
        };
        assert_eq!(sum(exponential()), (EXPONENTIAL_ENTRIES, 1_984_934_337));
        assert_eq!(sum(reciprocal()), (RECIPROCAL_ENTRIES, 2_762_844_181));
    }

    #[test]
    fn the_exponential_keeps_its_error_bound() {
        let table = exponential();
        assert_eq!((table[0], table[512], table[1023]), (11, 605, 32767));
        for (index, &entry) in table.iter().enumerate() {
            let exact = ((index as f64 - 1023.0) / 128.0).exp() * 32767.0;
            assert!((f64::from(entry) - exact).abs() <= 0.5);
            assert!((f64::from(entry) / exact - 1.0).abs() <= 0.044);
        }
        assert!(table.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn the_reciprocal_keeps_its_error_bound() {
        for (index, &entry) in reciprocal().iter().enumerate() {
            assert!(entry > 1 << 14 && entry < 1 << 15);
            for edge in [0.0, 0.999_999] {
                let exact = 32768.0 / (1.0 + (index as f64 + edge) / 512.0);
                assert!((f64::from(entry) / exact - 1.0).abs() <= 0.001_01);
            }
        }
    }

    #[test]
    fn scores_saturate() {
        assert_eq!(score(1 << 20, 0, 0), 511);
        assert_eq!(score(-(1 << 20), 0, 0), -512);
        assert_eq!(score(12, 3, 0), 2);
        assert_eq!([1279, 1280, 768, 256, 255].map(|sum| score(sum, 0, 48)), [511, 511, 0, -512, -512]);
        assert_eq!(score(-3000, 2, 255), -512);
        assert_eq!((exponential_index(-512), exponential_index(511)), (0, 1023));
    }

    proptest! {
        #[test]
        fn the_weighted_mean_keeps_its_error_bound(slots in prop::collection::vec((-127i64..=127, 0usize..1024), 1..64)) {
            let (exponentials, reciprocals) = (exponential(), reciprocal());
            let sum: u32 = slots.iter().map(|&(_, z)| exponentials[z]).sum();
            let products: i64 = slots.iter().map(|&(c, z)| c * i64::from(exponentials[z])).sum();
            let exact = products as f64 / f64::from(sum);
            let ours = f64::from(weighted_mean(products, sum, &reciprocals));
            prop_assert!((ours - exact).abs() <= 0.64, "{ours} {exact}");
        }

        /// The normalised sum is an operand of a 16-bit signed multiplier.
        #[test]
        fn the_normalised_sum_has_sixteen_bits(sum in 11u32..64 * 32767, sign in prop::bool::ANY) {
            let products = if sign { 127 } else { -127 } * i64::from(sum);
            let normalised = (products << READ_GUARD) >> (normalise(sum).0 - 3);
            prop_assert!((-(1 << 15)..1 << 15).contains(&normalised));
        }
    }
}
