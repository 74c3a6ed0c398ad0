//! The LSTM's cell (Hochreiter and Schmidhuber, 1997; with a forget gate, Gers et al., 2000): from the sums of the gates to
//! the new state, and the gradients back. A row is the cell of one sequence at one step, of H elements.

use engram_spec::crossbar::cell::{CELL_FRACTION, CELL_INDEX_SHIFT, HIDDEN_FRACTION};
use engram_spec::crossbar::gate::{ENTRIES, GATE_FRACTION};

use super::{Gradients, Lookup, Row, indices, round_shift};
use crate::activation::{sigmoid, tanh};

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

/// The forward pass in the integers of a device ([`engram_spec::crossbar::cell`]), where z is in units of 2^-12. The values
/// that are kept are real numbers all the same. In loops over all cells, for the vector instructions' sake.
#[inline(always)]
pub(crate) fn forward_in_integers(row: Row, lookup: &Lookup, scratch: &mut Vec<i32>) {
    let Row { gates, before, c, t, h } = row;
    const GATE: f32 = (1u32 << GATE_FRACTION) as f32;
    const CELL: f32 = (1u32 << CELL_FRACTION) as f32;
    const HIDDEN: f32 = (1u32 << HIDDEN_FRACTION) as f32;
    let hidden = c.len();
    indices(gates, scratch);
    let (input, rest) = scratch.split_at_mut(hidden);
    let (forget, rest) = rest.split_at_mut(hidden);
    let (candidate, output) = rest.split_at_mut(hidden);
    for (gate, table) in [
        (&mut *input, &lookup.sigmoid),
        (forget, &lookup.sigmoid),
        (candidate, &lookup.tanh),
        (output, &lookup.sigmoid),
    ] {
        for value in gate {
            *value = table[(*value as usize) % ENTRIES];
        }
    }
    for (gate, value) in gates.iter_mut().zip(&*scratch) {
        *gate = *value as f32 / GATE;
    }
    let (input, rest) = scratch.split_at_mut(hidden);
    let (forget, rest) = rest.split_at_mut(hidden);
    let (candidate, output) = rest.split_at_mut(hidden);
    // The indices of tanh take the place of the input gate, which has done its part.
    for j in 0..hidden {
        let state = forget[j] * (before[j] * CELL) as i32 + 2 * input[j] * candidate[j];
        let state = round_shift(state, GATE_FRACTION).clamp(i16::MIN.into(), i16::MAX.into());
        c[j] = state as f32 / CELL;
        input[j] = round_shift(state, CELL_INDEX_SHIFT).clamp(-256, 255) + 256;
    }
    for index in input.iter_mut() {
        *index = lookup.tanh[(*index as usize) % ENTRIES];
    }
    for j in 0..hidden {
        t[j] = input[j] as f32 / GATE;
        h[j] = (output[j] * input[j]) as f32 / HIDDEN;
    }
}

/// Computes the gradients by z and by c of the step before from those by h and c.
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

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::crossbar::cell::{hidden, update};
    use engram_spec::crossbar::gate::{Gate, Tables, index};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_loops_give_what_the_definition_says(
            z in proptest::collection::vec(-60_000i32..60_000, 12), states in proptest::collection::vec(any::<i16>(), 3),
        ) {
            let tables = Tables::default();
            let mut gates: Vec<f32> = z.iter().map(|&z| z as f32).collect();
            let before: Vec<f32> = states.iter().map(|&state| f32::from(state) / 2048.0).collect();
            let (mut c, mut t, mut h) = ([0.0; 3], [0.0; 3], [0.0; 3]);
            let row = Row { gates: &mut gates, before: &before, c: &mut c, t: &mut t, h: &mut h };
            forward_in_integers(row, &Lookup::new(), &mut Vec::new());
            for j in 0..3 {
                let [i, f, g, o] = Gate::ALL.map(|gate| gate.at(index(z[gate as usize * 3 + j]), &tables));
                let state = update(states[j], i, f, g);
                prop_assert_eq!([i, f, g, o].map(|gate| gate as f32 / 1024.0), [0, 3, 6, 9].map(|gate| gates[gate + j]));
                prop_assert_eq!(c[j], f32::from(state) / 2048.0);
                prop_assert_eq!(h[j], hidden(state, o, &tables) as f32 / (1 << 20) as f32);
            }
        }
    }
}
