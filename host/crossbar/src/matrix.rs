//! Products of small matrices, in blocks that stay in registers.
//!
//! Every element of a result is one chain of fused multiply-adds over the depth, in order, so that the same numbers come out
//! of every set of instructions and of every way to cut a matrix into blocks.

/// A matrix to read: element (row, column) lies at `row * row_stride + column * column_stride`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    data: &'a [f32],
    row_stride: usize,
    column_stride: usize,
}

impl<'a> View<'a> {
    /// A matrix whose rows lie `stride` apart.
    pub(crate) fn rows(data: &'a [f32], stride: usize) -> View<'a> {
        View { data, row_stride: stride, column_stride: 1 }
    }

    /// Exchanges rows and columns.
    pub(crate) fn transposed(self) -> View<'a> {
        View { row_stride: self.column_stride, column_stride: self.row_stride, ..self }
    }
}

/// The size of a product: C (rows x columns) += A (rows x depth) B (depth x columns).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) rows: usize,
    pub(crate) depth: usize,
    pub(crate) columns: usize,
}

/// C += A B. Rows of B lie `b_stride` apart, those of C `c_stride`.
pub(crate) fn add_product(extent: Extent, a: View, (b, b_stride): (&[f32], usize), (c, c_stride): (&mut [f32], usize)) {
    if extent.rows == 0 || extent.depth == 0 || extent.columns == 0 {
        return;
    }
    let work = Product { extent, a, b, b_stride, c, c_stride };
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{__m256, __m512};

        #[target_feature(enable = "avx512f")]
        fn avx512(work: Product) {
            work.run::<__m512, 8>();
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2(work: Product) {
            work.run::<__m256, 4>();
        }
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512.
            return unsafe { avx512(work) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has AVX2 and FMA.
            return unsafe { avx2(work) };
        }
    }
    work.run::<[f32; 4], 4>();
}

/// Numbers side by side. The functions may be called only where the processor has the vector's instructions.
trait Vector: Copy {
    /// The number of numbers in a vector.
    const WIDTH: usize;
    /// The first numbers of a slice that has as many.
    unsafe fn load(from: &[f32]) -> Self;
    /// self + factor x weights, rounded once.
    unsafe fn multiply_add(self, factor: f32, weights: Self) -> Self;
    /// Writes the vector to the first places of a slice that has as many.
    unsafe fn store(self, to: &mut [f32]);
}

impl<const N: usize> Vector for [f32; N] {
    const WIDTH: usize = N;

    #[inline(always)]
    unsafe fn load(from: &[f32]) -> Self {
        std::array::from_fn(|lane| from[lane])
    }

    #[inline(always)]
    unsafe fn multiply_add(self, factor: f32, weights: Self) -> Self {
        std::array::from_fn(|lane| factor.mul_add(weights[lane], self[lane]))
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [f32]) {
        to[..N].copy_from_slice(&self);
    }
}

/// Defines a [`Vector`] by the instructions of a processor.
#[cfg(target_arch = "x86_64")]
macro_rules! vector {
    ($type:ident, $width:literal, $load:ident, $set:ident, $multiply_add:ident, $store:ident) => {
        impl Vector for std::arch::x86_64::$type {
            const WIDTH: usize = $width;

            #[inline(always)]
            unsafe fn load(from: &[f32]) -> Self {
                // SAFETY: the slice of so many numbers may be read; the caller vouches for the instruction.
                unsafe { std::arch::x86_64::$load(from[..$width].as_ptr()) }
            }

            #[inline(always)]
            unsafe fn multiply_add(self, factor: f32, weights: Self) -> Self {
                // SAFETY: the caller vouches for the instructions.
                unsafe { std::arch::x86_64::$multiply_add(std::arch::x86_64::$set(factor), weights, self) }
            }

            #[inline(always)]
            unsafe fn store(self, to: &mut [f32]) {
                // SAFETY: the slice of so many numbers may be written; the caller vouches for the instruction.
                unsafe { std::arch::x86_64::$store(to[..$width].as_mut_ptr(), self) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
vector!(__m512, 16, _mm512_loadu_ps, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_storeu_ps);
#[cfg(target_arch = "x86_64")]
vector!(__m256, 8, _mm256_loadu_ps, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_storeu_ps);

/// K vectors side by side.
#[inline(always)]
fn load<V: Vector, const K: usize>(from: &[f32]) -> [V; K] {
    // SAFETY: `run` is called for vectors of the processor's.
    let mut loaded = [unsafe { V::load(from) }; K];
    for (k, vector) in loaded.iter_mut().enumerate().skip(1) {
        // SAFETY: as above.
        *vector = unsafe { V::load(&from[k * V::WIDTH..]) };
    }
    loaded
}

struct Product<'a> {
    extent: Extent,
    a: View<'a>,
    b: &'a [f32],
    b_stride: usize,
    c: &'a mut [f32],
    c_stride: usize,
}

impl Product<'_> {
    /// Computes a product in blocks of M rows and two vectors of columns, which remain in registers over the depth.
    #[inline(always)]
    fn run<V: Vector, const M: usize>(mut self) {
        let Extent { rows, depth, columns } = self.extent;
        let mut panel = vec![[0.0; M]; depth];
        for row in (0..rows).step_by(M) {
            let count = M.min(rows - row);
            self.pack(row, count, &mut panel);
            let mut column = 0;
            column = self.blocks::<V, 2, M>(&panel, row, column, columns);
            column = self.blocks::<V, 1, M>(&panel, row, column, columns);
            column = self.blocks::<[f32; 4], 1, M>(&panel, row, column, columns);
            self.blocks::<[f32; 1], 1, M>(&panel, row, column, columns);
        }
    }

    /// Gathers rows of A, so that a step of the depth reads them side by side. The rows beyond `count` keep what they are.
    #[inline(always)]
    fn pack<const M: usize>(&self, row: usize, count: usize, panel: &mut [[f32; M]]) {
        let View { data, row_stride, column_stride } = self.a;
        if row_stride == 1 {
            for (step, packed) in panel.iter_mut().enumerate() {
                packed[..count].copy_from_slice(&data[step * column_stride + row..][..count]);
            }
            return;
        }
        for lane in 0..count {
            let start = (row + lane) * row_stride;
            let values = data[start..].iter().step_by(column_stride);
            panel.iter_mut().zip(values).for_each(|(packed, &value)| packed[lane] = value);
        }
    }

    /// Blocks of K vectors, as many as there is room for. Gives the column behind them.
    #[inline(always)]
    fn blocks<V: Vector, const K: usize, const M: usize>(
        &mut self,
        panel: &[[f32; M]],
        row: usize,
        mut column: usize,
        columns: usize,
    ) -> usize {
        while column + K * V::WIDTH <= columns {
            self.block::<V, K, M>(panel, row, column);
            column += K * V::WIDTH;
        }
        column
    }

    #[inline(always)]
    fn block<V: Vector, const K: usize, const M: usize>(&mut self, panel: &[[f32; M]], row: usize, column: usize) {
        let count = M.min(self.extent.rows - row);
        let at = |lane: usize| (row + lane.min(count - 1)) * self.c_stride + column;
        let width = K * V::WIDTH;
        let mut sums = [load::<V, K>(&self.c[at(0)..][..width]); M];
        for (lane, sums) in sums.iter_mut().enumerate().skip(1) {
            *sums = load(&self.c[at(lane)..][..width]);
        }
        for (factors, weights) in panel.iter().zip(self.b[column..].chunks(self.b_stride)) {
            let weights: [V; K] = load(&weights[..width]);
            for (sums, &factor) in sums.iter_mut().zip(factors) {
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    // SAFETY: `run` is called for vectors of the processor's.
                    *sum = unsafe { sum.multiply_add(factor, weights) };
                }
            }
        }
        for (lane, sums) in sums.iter().enumerate().take(count) {
            let to = &mut self.c[(row + lane) * self.c_stride + column..][..width];
            for (k, sum) in sums.iter().enumerate() {
                // SAFETY: as above.
                unsafe { sum.store(&mut to[k * V::WIDTH..]) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, step: u32) -> Vec<f32> {
        (0..count as u32).map(|n| (n.wrapping_mul(step) >> 16 & 0xff) as f32 / 64.0 - 2.0).collect()
    }

    /// Every element is the plain chain of multiply-adds, in every set of instructions.
    #[test]
    fn blocks_give_the_plain_products() {
        for (rows, depth, columns) in [(1, 1, 1), (3, 5, 7), (8, 4, 32), (9, 17, 39), (13, 40, 68), (33, 12, 128)] {
            let (a, b) = (numbers(rows * depth, 40503), numbers(depth * columns, 30011));
            let start = numbers(rows * columns, 7919);
            let mut expected = start.clone();
            for (place, sum) in expected.iter_mut().enumerate() {
                let (row, column) = (place / columns, place % columns);
                (0..depth).for_each(|k| *sum = a[row * depth + k].mul_add(b[k * columns + column], *sum));
            }
            let extent = Extent { rows, depth, columns };
            let mut found = start.clone();
            add_product(extent, View::rows(&a, depth), (&b, columns), (&mut found, columns));
            assert_eq!(found, expected);
            let mut exchanged = vec![0.0; a.len()];
            (0..a.len()).for_each(|place| exchanged[place % depth * rows + place / depth] = a[place]);
            let mut found = start.clone();
            add_product(extent, View::rows(&exchanged, rows).transposed(), (&b, columns), (&mut found, columns));
            assert_eq!(found, expected);
            let mut found = start;
            let view = View::rows(&a, depth);
            Product { extent, a: view, b: &b, b_stride: columns, c: &mut found, c_stride: columns }
                .run::<[f32; 4], 4>();
            assert_eq!(found, expected);
        }
    }
}
