//! The cells, from the sums of the gates to the new state, and the gradients back: [`lstm`] and [`gru`]. A row is the cell of one
//! sequence at one step, of H elements.

mod gru;
mod lstm;

use engram_spec::crossbar::Cell;
use engram_spec::crossbar::gate::{self, ENTRIES, INDEX_SHIFT};

use crate::tensors::{GATES, Shape};

/// The values of a row that the forward pass keeps for the backward pass.
pub(crate) struct Row<'a> {
    /// z of the gates in turn (4 H); afterwards their values: i, f, g, o, or z, r, n and the sum nh.
    pub(crate) gates: &'a mut [f32],
    /// c of the step before; of a GRU its h in full.
    pub(crate) before: &'a [f32],
    /// The new c.
    pub(crate) c: &'a mut [f32],
    /// tanh c; not used by a GRU.
    pub(crate) t: &'a mut [f32],
    /// The new h.
    pub(crate) h: &'a mut [f32],
}

/// The gradients of a row.
pub(crate) struct Gradients<'a> {
    /// The gates' values; afterwards the loss's gradient by z.
    pub(crate) gates: &'a mut [f32],
    /// c of the step before; of a GRU its h in full.
    pub(crate) before: &'a [f32],
    /// tanh c; not used by a GRU.
    pub(crate) t: &'a [f32],
    /// The gradient by h.
    pub(crate) d_h: &'a [f32],
    /// The gradient by c from the step after; afterwards that by c of the step before.
    pub(crate) d_c: &'a mut [f32],
}

/// Computes the new state from the gates' sums; in the integers of a device where its tables are given.
#[inline(always)]
pub(crate) fn forward(cell: Cell, row: Row, tables: Option<&Lookup>, scratch: &mut Vec<i32>) {
    match (cell, tables) {
        (Cell::Lstm, None) => lstm::forward(row),
        (Cell::Lstm, Some(lookup)) => lstm::forward_in_integers(row, lookup, scratch),
        (Cell::Gru, None) => gru::forward(row),
        (Cell::Gru, Some(lookup)) => gru::forward_in_integers(row, lookup, scratch),
    }
}

/// Computes the gradients by z and by c of the step before from those by h and c.
#[inline(always)]
pub(crate) fn backward(cell: Cell, row: Gradients) {
    match cell {
        Cell::Lstm => lstm::backward(row),
        Cell::Gru => gru::backward(row),
    }
}

/// Whether the columns of a gate read the weights' row: one of x, or of h from row I on.
pub(crate) fn reads(cell: Cell, shape: &Shape, gate: usize, row: usize) -> bool {
    cell.reads(gate, shape.inputs, shape.rows()).contains(&row)
}

/// Puts 0 in place of the weights, (I + H) x 4 H, that no column reads.
pub(crate) fn clear_unread<T: Copy + Default>(cell: Cell, shape: &Shape, weights: &mut [T]) {
    if cell == Cell::Lstm {
        return;
    }
    for (place, block) in weights.chunks_exact_mut(shape.hidden).enumerate() {
        if !reads(cell, shape, place % GATES, place / GATES) {
            block.fill(T::default());
        }
    }
}

/// The tables of a device, as they are looked up in training: entry n is that of index n - 256.
#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    pub(crate) sigmoid: [i32; ENTRIES],
    pub(crate) tanh: [i32; ENTRIES],
}

impl Lookup {
    pub(crate) fn new() -> Lookup {
        let entries = |entries: Vec<i32>| std::array::from_fn(|entry| entries.get(entry).copied().unwrap_or(0));
        Lookup { sigmoid: entries(gate::sigmoid()), tanh: entries(gate::tanh()) }
    }
}

/// [`engram_spec::format::round_shift`] of sums that 31 bits hold.
#[inline(always)]
fn round_shift(value: i32, shift: u32) -> i32 {
    (value + (1 << (shift - 1)) - 1 + (value >> shift & 1)) >> shift
}

/// The indices of z as a device has them, in units of 2^-12: entries of its tables, 0..=511.
#[inline(always)]
fn indices(z: &[f32], entries: &mut Vec<i32>) {
    entries.resize(z.len(), 0);
    for (index, z) in entries.iter_mut().zip(z) {
        *index = (z / (1u32 << INDEX_SHIFT) as f32).round_ties_even().clamp(-256.0, 255.0) as i32 + 256;
    }
}
