//! The LSTM's cell (Hochreiter and Schmidhuber, 1997; with a forget gate, Gers et al., 2000): from the sums of the gates to
//! the new state, and the gradients back. A row is the cell of one sequence at one step, of H elements.

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
    i.iter_mut().for_each(|z| *z = sigmoid(*z));
    f.iter_mut().for_each(|z| *z = sigmoid(*z));
    g.iter_mut().for_each(|z| *z = tanh(*z));
    o.iter_mut().for_each(|z| *z = sigmoid(*z));
    let (before, c, t, h) = (&row.before[..hidden], &mut row.c[..hidden], &mut row.t[..hidden], &mut row.h[..hidden]);
    for j in 0..hidden {
        c[j] = f[j].mul_add(before[j], i[j] * g[j]);
    }
    for j in 0..hidden {
        t[j] = tanh(c[j]);
        h[j] = o[j] * t[j];
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
    let (g, o) = (&mut g[..hidden], &mut o[..hidden]);
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
