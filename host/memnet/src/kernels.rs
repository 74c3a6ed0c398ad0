//! The arithmetic of the integer model on blocks of 32 codes: loops of a fixed length, of which the compiler makes vector
//! instructions. Each gives what its plain definition in `engram-spec` gives, bit for bit.
//!
//! The functions here are inlined into a few that [`for_instructions`](engram_learn::for_instructions) compiles once for each set of instructions.

use engram_spec::format::CODE_MAX;
use engram_spec::memnet::table::{CENTRE_UNIT, QUOTIENT_GUARD, QUOTIENT_SHIFT, SCORE_MAX, normalise};

/// Codes of a block. Vectors are padded with zeros to whole blocks.
pub(crate) const LANES: usize = 32;

/// A block of codes.
pub(crate) type Codes = [i8; LANES];

/// A block of exact sums. All sums of a device are below 2^30.
pub(crate) type Sums = [i32; LANES];

/// Rows of `elements` codes as blocks, each row padded with zeros to whole ones.
pub(crate) fn blocks(codes: &[i8], elements: usize) -> Vec<Codes> {
    let padded = |chunk: &[i8]| {
        let mut block = [0; LANES];
        block[..chunk.len()].copy_from_slice(chunk);
        block
    };
    codes.chunks_exact(elements).flat_map(|row| row.chunks(LANES)).map(padded).collect()
}

/// x / 2^shift, to nearest with ties to even.
#[inline(always)]
fn round_shift(x: i32, shift: u32) -> i32 {
    // Just below a half, or a half where the result would be odd; a shift by 0 leaves x as it is.
    let (below_half, odd) = (((1i32 << shift) >> 1) - 1, i32::from(shift > 0));
    let below_half = below_half & -odd;
    x.wrapping_add(below_half).wrapping_add((x >> shift) & odd) >> shift
}

#[inline(always)]
fn saturate(x: i32) -> i8 {
    x.clamp(-CODE_MAX, CODE_MAX) as i8
}

/// `requantise` of each sum.
#[inline(always)]
pub(crate) fn requantise(sums: &Sums, shift: u32) -> Codes {
    let mut codes = [0; LANES];
    for e in 0..LANES {
        codes[e] = saturate(round_shift(sums[e], shift));
    }
    codes
}

/// Adds codes times 2^shift.
#[inline(always)]
pub(crate) fn add_shifted(sums: &mut Sums, codes: &Codes, shift: u32) {
    for e in 0..LANES {
        sums[e] = sums[e].wrapping_add(i32::from(codes[e]) << shift);
    }
}

/// Adds a word's codes times its position weights, of two words at once.
#[inline(always)]
pub(crate) fn add_two_words(sums: &mut Sums, weights: [&Codes; 2], words: [&Codes; 2]) {
    let product = |weight: i8, code: i8| i16::from(weight).wrapping_mul(i16::from(code));
    for e in 0..LANES {
        // Two products are at most 2 x 127^2, which 16 bits hold.
        let two = product(weights[0][e], words[0][e]).wrapping_add(product(weights[1][e], words[1][e]));
        sums[e] = sums[e].wrapping_add(i32::from(two));
    }
}

/// `graded_add` of each code and its age word's.
#[inline(always)]
pub(crate) fn aged(codes: &Codes, age: &Codes, grade: i32) -> Codes {
    let mut aged = [0; LANES];
    for e in 0..LANES {
        let sum = i32::from(codes[e]) + i32::from(age[e]);
        aged[e] = if grade < 0 { saturate(round_shift(sum, 1)) } else { saturate(sum << grade) };
    }
    aged
}

/// The sum of `Addressing::Hamming.element` over a block.
#[inline(always)]
pub(crate) fn hamming(u: &Codes, m: &Codes) -> i32 {
    let mut sum = 0u16;
    for e in 0..LANES {
        sum = sum.wrapping_add(signed(u[e] ^ m[e], u[e].abs_diff(m[e]).min(CODE_MAX as u8)).into());
    }
    i32::from(sum) - CODE_MAX * LANES as i32
}

/// The sum of `Addressing::Xnor.element` over a block.
#[inline(always)]
pub(crate) fn xnor(u: &Codes, m: &Codes) -> i32 {
    let mut sum = 0u16;
    for e in 0..LANES {
        sum = sum.wrapping_add(signed(u[e] ^ m[e], u[e].unsigned_abs() ^ m[e].unsigned_abs()).into());
    }
    i32::from(sum) - CODE_MAX * LANES as i32
}

/// The sum of `Addressing::Min.element` over a block: half of |u + m| - |u - m|.
#[inline(always)]
pub(crate) fn min(u: &Codes, m: &Codes) -> i32 {
    let mut sum = 0i16;
    for e in 0..LANES {
        let (u, m) = (i16::from(u[e]), i16::from(m[e]));
        // 32 times twice 127 is below 2^15.
        sum = sum.wrapping_add((u + m).abs() - (u - m).abs());
    }
    i32::from(sum / 2)
}

/// 127 - distance, negated where the signs differ, plus 127: a byte without sign, which sums up faster.
#[inline(always)]
fn signed(signs: i8, distance: u8) -> u8 {
    if signs < 0 { distance } else { (2 * CODE_MAX as u8).wrapping_sub(distance) }
}

/// The sum of `Addressing::Dot.element` over a block.
#[inline(always)]
pub(crate) fn dot(u: &Codes, m: &Codes) -> i32 {
    let mut sum = 0i32;
    for e in 0..LANES {
        sum = sum.wrapping_add(i32::from(i16::from(u[e])) * i32::from(i16::from(m[e])));
    }
    sum
}

/// Two numbers of 16 bits in one of 32, which vector instructions multiply at once.
#[inline(always)]
pub(crate) fn pair(low: i16, high: i16) -> i32 {
    i32::from(low) & 0xffff | i32::from(high) << 16
}

/// The exact product of two pairs.
#[inline(always)]
fn multiply_pairs(a: i32, b: i32) -> i32 {
    let low = |pair: i32| pair << 16 >> 16;
    (low(a) * low(b)).wrapping_add((a >> 16) * (b >> 16))
}

/// A matrix of 16-bit numbers that stands ready to be multiplied with vectors: for every block of rows and every pair of
/// columns, the 32 rows' pairs.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pairs: usize,
    numbers: Vec<[i32; LANES]>,
}

impl Matrix {
    /// A matrix of zeros.
    pub(crate) fn zeroed(row_blocks: usize, columns: usize) -> Matrix {
        let pairs = columns.div_ceil(2);
        Matrix { pairs, numbers: vec![[0; LANES]; row_blocks * pairs] }
    }

    /// A matrix of rows of codes.
    pub(crate) fn of_rows(rows: &[i8], columns: usize) -> Matrix {
        let mut matrix = Matrix::zeroed((rows.len() / columns).div_ceil(LANES), columns);
        for (row, codes) in rows.chunks_exact(columns).enumerate() {
            let block = row / LANES * matrix.pairs;
            for (column, codes) in codes.chunks(2).enumerate() {
                let second = codes.get(1).copied().unwrap_or(0);
                matrix.numbers[block + column][row % LANES] = pair(codes[0].into(), second.into());
            }
        }
        matrix
    }

    /// Puts codes into a block of rows of a pair of columns.
    #[inline(always)]
    pub(crate) fn set(&mut self, block: usize, column: usize, first: &Codes, second: &Codes) {
        let numbers = &mut self.numbers[block * self.pairs + column];
        for row in 0..LANES {
            numbers[row] = pair(first[row].into(), second[row].into());
        }
    }

    /// The exact product of the first columns with a vector of as many pairs.
    #[inline(always)]
    pub(crate) fn multiply(&self, vector: &[i32], product: &mut [Sums]) {
        for (numbers, product) in self.numbers.chunks_exact(self.pairs).zip(product) {
            let mut sums = [0i32; LANES];
            for (numbers, &x) in numbers.iter().zip(vector) {
                for row in 0..LANES {
                    sums[row] = sums[row].wrapping_add(multiply_pairs(numbers[row], x));
                }
            }
            *product = sums;
        }
    }
}

/// A vector of codes in pairs, as [`Matrix::multiply`] takes it.
#[inline(always)]
pub(crate) fn in_pairs(codes: &[Codes], pairs: &mut [i32]) {
    for (codes, number) in codes.as_flattened().chunks_exact(2).zip(pairs) {
        *number = pair(codes[0].into(), codes[1].into());
    }
}

/// `score` of each similarity sum.
#[inline(always)]
pub(crate) fn score(sums: &Sums, shift: u32, centre: u8) -> [i16; LANES] {
    let centre = i32::from(centre) * CENTRE_UNIT;
    let mut scores = [0; LANES];
    for slot in 0..LANES {
        scores[slot] = (round_shift(sums[slot], shift) - centre).clamp(-SCORE_MAX as i32 - 1, SCORE_MAX as i32) as i16;
    }
    scores
}

/// `weighted_mean` of each sum of products.
#[inline(always)]
pub(crate) fn weighted_mean(products: &Sums, exponentials: u32, reciprocals: &[u32]) -> Codes {
    let (exponent, index) = normalise(exponentials);
    let reciprocal = reciprocals[index] as i32;
    // The guard bits of the definition only keep its shift from turning to the left; a small sum has small products.
    let (right, left) = (exponent.saturating_sub(QUOTIENT_GUARD), QUOTIENT_GUARD.saturating_sub(exponent));
    let mut codes = [0; LANES];
    for e in 0..LANES {
        let normalised = (products[e] << left) >> right;
        codes[e] = saturate(round_shift(normalised.wrapping_mul(reciprocal), QUOTIENT_SHIFT));
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::format;
    use engram_spec::memnet::{Addressing, table};
    use proptest::prelude::*;

    const CODES: std::ops::RangeInclusive<i8> = -127..=127;

    fn codes() -> impl Strategy<Value = Codes> {
        prop::array::uniform32(CODES)
    }

    /// Pairs of codes, all of them, in blocks: a block of first codes and one of second codes.
    fn pairs_of_codes() -> impl Iterator<Item = (Codes, Codes)> {
        let block = |first: i8| std::array::from_fn(|lane| (i32::from(first) + lane as i32).min(CODE_MAX) as i8);
        CODES.flat_map(move |a| CODES.step_by(LANES).map(move |b| ([a; LANES], block(b))))
    }

    #[test]
    fn every_pair_of_codes_is_as_similar_as_the_definition_says() {
        type Kernel = fn(&Codes, &Codes) -> i32;
        for (addressing, kernel) in Addressing::ALL.into_iter().zip([hamming as Kernel, xnor, min, dot]) {
            for (u, m) in pairs_of_codes() {
                let sum = (0..LANES).map(|e| addressing.element(u[e], m[e])).sum::<i32>();
                assert_eq!(kernel(&u, &m), sum, "{addressing} {u:?} {m:?}");
                // One pair alone, where nothing can cancel.
                let (mut first, mut second) = ([0; LANES], [0; LANES]);
                (first[7], second[7]) = (u[3], m[3]);
                let zeros = (LANES as i32 - 1) * addressing.element(0, 0);
                assert_eq!(kernel(&first, &second), addressing.element(u[3], m[3]) + zeros);
            }
        }
    }

    #[test]
    fn every_pair_of_codes_ages_as_the_definition_says() {
        for grade in -1..=1 {
            for (m, age) in pairs_of_codes() {
                let expected: Codes = std::array::from_fn(|e| format::graded_add(m[e], age[e], grade));
                assert_eq!(aged(&m, &age, grade), expected);
            }
        }
    }

    #[test]
    fn rows_are_padded_to_whole_blocks() {
        let rows: Vec<i8> = (0..70).collect();
        let blocks = blocks(&rows, 35);
        assert_eq!((blocks.len(), blocks[0][31], blocks[1][2], blocks[1][3], blocks[2][0]), (4, 31, 34, 0, 35));
    }

    proptest! {
        #[test]
        fn storing_is_requantise(sums in prop::array::uniform32(-(1i32 << 29)..1 << 29), shift in 0u32..=22, less in 0u32..29) {
            // Sums of every magnitude, so that all of rounding, ties and saturation are met.
            let sums = sums.map(|sum| sum >> less);
            let expected: Codes = std::array::from_fn(|e| format::requantise(sums[e].into(), shift));
            prop_assert_eq!(requantise(&sums, shift), expected);
        }

        #[test]
        fn scores_are_those_of_the_table(sums in prop::array::uniform32(-(1i32 << 20)..1 << 20), shift in 0u32..=15, less in 0u32..20, centre: u8) {
            let sums = sums.map(|sum| sum >> less);
            let expected: [i16; LANES] = std::array::from_fn(|slot| table::score(sums[slot].into(), shift, centre));
            prop_assert_eq!(score(&sums, shift, centre), expected);
        }

        #[test]
        fn two_words_are_added(sums in prop::array::uniform32(-(1i32 << 20)..1 << 20), p in codes(), q in codes(), a in codes(), b in codes()) {
            let mut found = sums;
            add_two_words(&mut found, [&p, &q], [&a, &b]);
            let product = |x: i8, y: i8| i32::from(x) * i32::from(y);
            prop_assert_eq!(found, std::array::from_fn(|e| sums[e] + product(p[e], a[e]) + product(q[e], b[e])));
        }

        #[test]
        fn the_product_is_exact(rows in 1usize..70, columns in 1usize..70, seed in prop::collection::vec((CODES, any::<i16>()), 70 * 70)) {
            let numbers = |count: usize| seed[..count].iter();
            let matrix: Vec<i8> = numbers(rows * columns).map(|&(code, _)| code).collect();
            let vector: Vec<i16> = numbers(columns).map(|&(_, number)| number.max(-i16::MAX)).collect();
            let pairs: Vec<i32> = vector.chunks(2).map(|two| pair(two[0], two.get(1).copied().unwrap_or(0))).collect();
            let mut product = vec![[0; LANES]; rows.div_ceil(LANES)];
            Matrix::of_rows(&matrix, columns).multiply(&pairs, &mut product);
            for row in 0..rows {
                let sum: i32 = (0..columns).map(|k| i32::from(matrix[row * columns + k]) * i32::from(vector[k])).sum();
                prop_assert_eq!(product[row / LANES][row % LANES], sum);
            }
            prop_assert!(product.as_flattened()[rows..].iter().all(|&padding| padding == 0));
        }

        #[test]
        fn pairs_of_columns_make_the_matrix(first in codes(), second in codes()) {
            let rows: Vec<i8> = (0..LANES).flat_map(|row| [first[row], second[row]]).collect();
            let mut matrix = Matrix::zeroed(1, 2);
            matrix.set(0, 0, &first, &second);
            prop_assert_eq!(matrix.numbers, Matrix::of_rows(&rows, 2).numbers);
            let mut pairs = [0; LANES / 2];
            in_pairs(&[first], &mut pairs);
            prop_assert_eq!(pairs, std::array::from_fn(|k| pair(first[2 * k].into(), first[2 * k + 1].into())));
        }

        #[test]
        fn the_mean_is_that_of_the_table(slots in prop::collection::vec((codes(), 0usize..1024), 1..=64), least in 0usize..1024) {
            let (exponentials, reciprocals) = (table::exponential(), table::reciprocal());
            let weight = |z: usize| exponentials[z.saturating_sub(least)];
            let sum = slots.iter().map(|&(_, z)| weight(z)).sum();
            let products: Sums = std::array::from_fn(|e| slots.iter().map(|(c, z)| i32::from(c[e]) * weight(*z) as i32).sum());
            let expected: Codes = std::array::from_fn(|e| table::weighted_mean(products[e].into(), sum, &reciprocals));
            prop_assert_eq!(weighted_mean(&products, sum, &reciprocals), expected);
        }
    }
}
