//! The LSTM's cell (Hochreiter and Schmidhuber, 1997; with a forget gate, Gers et al., 2000): from the sums of the gates to
//! the new state, and the gradients back. A row is the cell of one sequence at one step, of H elements.

use engram_spec::crossbar::cell::{CELL_FRACTION, HIDDEN_FRACTION, index, update};
use engram_spec::crossbar::gate::{GATE_FRACTION, INDEX_SHIFT, Tables};

use crate::activation::{sigmoid, tanh};

/// What is kept of a row from the forward pass for the backward pass.
pub(crate) struct Row<'a> {
    /// z of i, f, g, o in turn (4 H); afterwards the gates' values.
    pub(crate) gates: &'a mut [f32],
    /// c of the step before.
    pub(crate) before: &'a [f32],
    /// The new c.
    pub(crate) c: &'a mut [f32],
    /// tanh c.
    pub(crate) t: &'a mut [f32],
    /// The new h.
    pub(crate) h: &'a mut [f32],
}

/// c' = f c + i g; h = o tanh c'.
#[inline(always)]
pub(crate) fn forward(row: Row) {
    let hidden = row.c.len();
    let (i, rest) = row.gates.split_at_mut(hidden);
    let (f, rest) = rest.split_at_mut(hidden);
    let (g, o) = rest.split_at_mut(hidden);
    let (f, g, o) = (&mut f[..hidden], &mut g[..hidden], &mut o[..hidden]);
    for gate in [&mut *i, &mut *f, &mut *o] {
        for z in gate {
            *z = sigmoid(*z);
        }
    }
    for z in g.iter_mut() {
        *z = tanh(*z);
    }
    let (before, c, t, h) = (&row.before[..hidden], &mut row.c[..hidden], &mut row.t[..hidden], &mut row.h[..hidden]);
    for j in 0..hidden {
        c[j] = f[j].mul_add(before[j], i[j] * g[j]);
    }
    for j in 0..hidden {
        t[j] = tanh(c[j]);
        h[j] = o[j] * t[j];
    }
}

/// The same in the integers of a device ([`engram_spec::crossbar::cell`]), where z is in units of 2^-12; the values that are
/// kept are real numbers all the same.
#[inline(always)]
pub(crate) fn forward_in_integers(row: Row, tables: &Tables) {
    let Row { gates, before, c, t, h } = row;
    let hidden = c.len();
    const GATE: f32 = (1u32 << GATE_FRACTION) as f32;
    const CELL: f32 = (1u32 << CELL_FRACTION) as f32;
    const HIDDEN: f32 = (1u32 << HIDDEN_FRACTION) as f32;
    for z in gates.iter_mut() {
        *z = (*z / (1u32 << INDEX_SHIFT) as f32).round_ties_even().clamp(-256.0, 255.0);
    }
    for j in 0..hidden {
        let z = |gate: usize| gates[gate * hidden + j] as i32;
        let (input, forget, output) = (tables.sigmoid(z(0)), tables.sigmoid(z(1)), tables.sigmoid(z(3)));
        let candidate = tables.tanh(z(2));
        let state = update((before[j] * CELL) as i16, input, forget, candidate);
        let tanh = tables.tanh(index(state));
        c[j] = f32::from(state) / CELL;
        t[j] = tanh as f32 / GATE;
        h[j] = (output * tanh) as f32 / HIDDEN;
        for (gate, value) in [input, forget, candidate, output].into_iter().enumerate() {
            gates[gate * hidden + j] = value as f32 / GATE;
        }
    }
}

/// The gradients of a row.
pub(crate) struct Gradients<'a> {
    /// The gates' values; afterwards the loss's gradient by z.
    pub(crate) gates: &'a mut [f32],
    /// c of the step before.
    pub(crate) before: &'a [f32],
    /// tanh c.
    pub(crate) t: &'a [f32],
    /// The gradient by h.
    pub(crate) d_h: &'a [f32],
    /// The gradient by c from the step after; afterwards that by c of the step before.
    pub(crate) d_c: &'a mut [f32],
}

/// From the gradients by h and c to those by z and by c of the step before.
#[inline(always)]
pub(crate) fn backward(row: Gradients) {
    let hidden = row.d_c.len();
    let (i, rest) = row.gates.split_at_mut(hidden);
    let (f, rest) = rest.split_at_mut(hidden);
    let (g, o) = rest.split_at_mut(hidden);
    let (before, t, d_h, d_c) = (&row.before[..hidden], &row.t[..hidden], &row.d_h[..hidden], &mut row.d_c[..hidden]);
    let (f, g, o) = (&mut f[..hidden], &mut g[..hidden], &mut o[..hidden]);
    for j in 0..hidden {
        let d_state = d_c[j] + d_h[j] * o[j] * (1.0 - t[j] * t[j]);
        o[j] = d_h[j] * t[j] * o[j] * (1.0 - o[j]);
        d_c[j] = d_state * f[j];
        f[j] = d_state * before[j] * f[j] * (1.0 - f[j]);
        let (input, candidate) = (i[j], g[j]);
        i[j] = d_state * candidate * input * (1.0 - input);
        g[j] = d_state * input * (1.0 - candidate * candidate);
    }
}
