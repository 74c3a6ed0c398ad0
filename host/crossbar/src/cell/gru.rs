//! The gated recurrent unit (Cho et al., EMNLP 2014), whose reset gate follows the product with h: h' = n + z (h - n),
//! n = tanh(nx + r nh).

use engram_spec::crossbar::gate::{ENTRIES, GATE_FRACTION, INDEX_FRACTION};
use engram_spec::crossbar::gru::STATE_FRACTION;

use super::{Gradients, Lookup, Row, indices, round_shift};
use crate::activation::{sigmoid, tanh};

/// The four parts of a row of the gates.
#[inline(always)]
fn parts<T>(row: &mut [T], hidden: usize) -> [&mut [T]; 4] {
    let (update, rest) = row.split_at_mut(hidden);
    let (reset, rest) = rest.split_at_mut(hidden);
    let (candidate, nh) = rest.split_at_mut(hidden);
    [update, reset, &mut candidate[..hidden], &mut nh[..hidden]]
}

/// The new state in real numbers.
#[inline(always)]
pub(crate) fn forward(row: Row) {
    let hidden = row.c.len();
    let [update, reset, candidate, nh] = parts(row.gates, hidden);
    let (before, c, h) = (&row.before[..hidden], &mut row.c[..hidden], &mut row.h[..hidden]);
    for j in 0..hidden {
        update[j] = sigmoid(update[j]);
        reset[j] = sigmoid(reset[j]);
        candidate[j] = tanh(reset[j].mul_add(nh[j], candidate[j]));
        c[j] = update[j].mul_add(before[j] - candidate[j], candidate[j]);
    }
    h.copy_from_slice(c);
}

/// The new state in the integers of a device ([`engram_spec::crossbar::gru`]), where z is in units of 2^-12. The values that are
/// kept are real numbers all the same.
#[inline(always)]
pub(crate) fn forward_in_integers(row: Row, lookup: &Lookup, scratch: &mut Vec<i32>) {
    let Row { gates, before, c, h, .. } = row;
    const GATE: f32 = (1u32 << GATE_FRACTION) as f32;
    const STATE: f32 = (1u32 << STATE_FRACTION) as f32;
    const INDEX: f32 = (1u32 << INDEX_FRACTION) as f32;
    let hidden = c.len();
    indices(gates, scratch);
    let [update, reset, candidate, nh] = parts(scratch, hidden);
    for j in 0..hidden {
        update[j] = lookup.sigmoid[(update[j] as usize) % ENTRIES];
        reset[j] = lookup.sigmoid[(reset[j] as usize) % ENTRIES];
        nh[j] -= 256;
        let index = round_shift(((candidate[j] - 256) << GATE_FRACTION) + reset[j] * nh[j], GATE_FRACTION);
        candidate[j] = lookup.tanh[(index.clamp(-256, 255) + 256) as usize % ENTRIES];
        let wide = candidate[j] << (STATE_FRACTION - GATE_FRACTION);
        let before = (before[j] * STATE) as i32;
        let state = round_shift((wide << GATE_FRACTION) + update[j] * (before - wide), GATE_FRACTION);
        c[j] = state as f32 / STATE;
    }
    h.copy_from_slice(c);
    let values = parts(gates, hidden).into_iter().zip([&*update, reset, candidate, nh]);
    for ((to, from), one) in values.zip([GATE, GATE, GATE, INDEX]) {
        to.iter_mut().zip(from).for_each(|(to, &from)| *to = from as f32 / one);
    }
}

/// Computes the gradients by z and by h of the step before in full from those by h, as a code and in full.
#[inline(always)]
pub(crate) fn backward(row: Gradients) {
    let hidden = row.d_c.len();
    let [update, reset, candidate, nh] = parts(row.gates, hidden);
    let (before, d_h, d_c) = (&row.before[..hidden], &row.d_h[..hidden], &mut row.d_c[..hidden]);
    for j in 0..hidden {
        let (z, r, n) = (update[j], reset[j], candidate[j]);
        let d_state = d_c[j] + d_h[j];
        let d_sum = d_state * (1.0 - z) * (1.0 - n * n);
        update[j] = d_state * (before[j] - n) * z * (1.0 - z);
        reset[j] = d_sum * nh[j] * r * (1.0 - r);
        candidate[j] = d_sum;
        nh[j] = d_sum * r;
        d_c[j] = d_state * z;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::crossbar::gate::{Tables, index};
    use engram_spec::crossbar::gru;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_loops_give_what_the_definition_says(
            z in proptest::collection::vec(-60_000i32..60_000, 12),
            states in proptest::collection::vec(-16384i16..=16384, 3),
        ) {
            let tables = Tables::default();
            let mut gates: Vec<f32> = z.iter().map(|&z| z as f32).collect();
            let before: Vec<f32> = states.iter().map(|&state| f32::from(state) / 16384.0).collect();
            let (mut c, mut t, mut h) = ([0.0; 3], [0.0; 3], [0.0; 3]);
            let row = Row { gates: &mut gates, before: &before, c: &mut c, t: &mut t, h: &mut h };
            forward_in_integers(row, &Lookup::new(), &mut Vec::new());
            for j in 0..3 {
                let [update, reset, nx, nh] = [0, 3, 6, 9].map(|gate| index(z[gate + j]));
                let (update, reset) = (tables.sigmoid(update), tables.sigmoid(reset));
                let candidate = tables.tanh(gru::candidate(nx, reset, nh));
                let state = gru::update(states[j], update, candidate);
                prop_assert_eq!(h[j], f32::from(state) / 16384.0);
                prop_assert_eq!([gates[j], gates[6 + j]], [update, candidate].map(|value| value as f32 / 1024.0));
                prop_assert_eq!(gates[9 + j], nh as f32 / 32.0);
            }
        }
    }
}
