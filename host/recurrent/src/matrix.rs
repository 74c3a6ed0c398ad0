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

    /// The same matrix with rows and columns exchanged.
    pub(crate) fn transposed(self) -> View<'a> {
        View { row_stride: self.column_stride, column_stride: self.row_stride, ..self }
    }
}

/// How large a product is: C (rows x columns) += A (rows x depth) B (depth x columns).
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
        #[target_feature(enable = "avx512f")]
        fn avx512(work: Product) {
            work.run::<8, 32>();
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2(work: Product) {
            work.run::<6, 16>();
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
    work.run::<4, 8>();
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
    /// In blocks of M rows and N columns.
    #[inline(always)]
    fn run<const M: usize, const N: usize>(mut self) {
        let Extent { rows, depth, columns } = self.extent;
        let mut panel = vec![[0.0; M]; depth];
        for row in (0..rows).step_by(M) {
            let count = M.min(rows - row);
            self.pack(row, count, &mut panel);
            let mut column = 0;
            while column + N <= columns {
                self.block::<M, N>(&panel, row, count, column);
                column += N;
            }
            while column + 4 <= columns {
                self.block::<M, 4>(&panel, row, count, column);
                column += 4;
            }
            while column < columns {
                self.block::<M, 1>(&panel, row, count, column);
                column += 1;
            }
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

    #[inline(always)]
    fn block<const M: usize, const N: usize>(&mut self, panel: &[[f32; M]], row: usize, count: usize, column: usize) {
        let mut sums = [[0.0; N]; M];
        for (lane, sums) in sums.iter_mut().enumerate().take(count) {
            sums.copy_from_slice(&self.c[(row + lane) * self.c_stride + column..][..N]);
        }
        let mut place = column;
        for factors in panel {
            let Some(weights) = self.b.get(place..).and_then(|rest| rest.first_chunk::<N>()) else { break };
            for (sums, factor) in sums.iter_mut().zip(factors) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = factor.mul_add(*weight, *sum);
                }
            }
            place += self.b_stride;
        }
        for (lane, sums) in sums.iter().enumerate().take(count) {
            self.c[(row + lane) * self.c_stride + column..][..N].copy_from_slice(sums);
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
            Product { extent, a: view, b: &b, b_stride: columns, c: &mut found, c_stride: columns }.run::<4, 8>();
            assert_eq!(found, expected);
        }
    }
}
