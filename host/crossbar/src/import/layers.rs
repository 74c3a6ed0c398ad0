//! The numbers of a recurrent layer and of the linear layer behind it, as PyTorch has them, put into a crossbar's columns.

use engram_spec::crossbar::Cell;

use crate::tensors::{GATES, Shape, Tensors};

/// A layer of LSTM or GRU cells, and the linear layer behind it. Rows of the weights are gates after gates, H each: of an LSTM i, f, g, o;
/// of a GRU r, z, n, the reset gate behind the product with h.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    pub(super) cell: Cell,
    pub(super) inputs: usize,
    pub(super) hidden: usize,
    pub(super) outputs: usize,
    /// G H x I.
    pub(super) of_inputs: Vec<f32>,
    /// G H x H.
    pub(super) of_hidden: Vec<f32>,
    /// G H: the biases that stand beside the products with x, and with h.
    pub(super) biases: [Vec<f32>; 2],
    /// V x H.
    pub(super) readout: Vec<f32>,
    /// V.
    pub(super) readout_bias: Vec<f32>,
    /// Whether a table of vectors is in `of_inputs`: then the inputs are symbols.
    pub(super) has_table: bool,
}

/// How far the logit of a symbol that never comes lies below the biases of the others.
const NEVER: f32 = 16.0;

/// The gates of a kind of cells.
pub(super) const fn gates(cell: Cell) -> usize {
    match cell {
        Cell::Lstm => 4,
        Cell::Gru => 3,
    }
}

/// Whether a column of the crossbar has the part of x, or of h, of a gate.
type Parts = (usize, [bool; 2]);

/// The gate of each column, and its parts: a GRU's candidate has two columns, as the reset gate is a factor of the second.
const fn columns(cell: Cell) -> [Parts; GATES] {
    const BOTH: [bool; 2] = [true; 2];
    match cell {
        Cell::Lstm => [(0, BOTH), (1, BOTH), (2, BOTH), (3, BOTH)],
        Cell::Gru => [(1, BOTH), (0, BOTH), (2, [true, false]), (2, [false, true])],
    }
}

impl Layers {
    pub(super) fn shape(&self) -> Shape {
        Shape { inputs: self.inputs, hidden: self.hidden, outputs: self.outputs }
    }

    /// The same network with a symbol more, behind the others: what the network was not trained with. As an input it is nothing; as an
    /// output it is never the largest.
    pub(super) fn with_another_symbol(mut self) -> Layers {
        let rows = self.of_inputs.chunks_exact(self.inputs);
        self.of_inputs = rows.flat_map(|row| row.iter().copied().chain([0.0])).collect();
        let least = self.readout_bias.iter().copied().fold(0.0, f32::min);
        self.readout.extend(vec![0.0; self.hidden]);
        self.readout_bias.push(least - NEVER);
        (self.inputs, self.outputs) = (self.inputs + 1, self.outputs + 1);
        self
    }

    /// The tensors of a model whose inputs are those of the network, each divided by its `scale`.
    pub(super) fn tensors(&self, scale: &[f32]) -> Tensors {
        let (shape, &Layers { inputs, hidden, outputs, .. }) = (self.shape(), self);
        let mut tensors = Tensors::zeroed(&shape);
        for (place, (gate, parts)) in columns(self.cell).into_iter().enumerate() {
            for cell in 0..hidden {
                let (row, column) = (gate * hidden + cell, place * hidden + cell);
                let mut put = |at: usize, weight: f32| tensors.w[at * shape.columns() + column] = weight;
                if parts[0] {
                    (0..inputs).for_each(|input| put(input, self.of_inputs[row * inputs + input] * scale[input]));
                }
                if parts[1] {
                    (0..hidden).for_each(|from| put(inputs + from, self.of_hidden[row * hidden + from]));
                }
                let biases = self.biases.iter().zip(parts).filter(|(_, part)| *part);
                tensors.bias[column] = biases.map(|(bias, _)| bias[row]).sum();
            }
        }
        for output in 0..outputs {
            (0..hidden).for_each(|from| tensors.out[from * outputs + output] = self.readout[output * hidden + from]);
        }
        tensors.out_bias.clone_from(&self.readout_bias);
        tensors
    }
}

/// Weights of a table's vectors as weights of the symbols themselves: what a symbol's vector (V x D) gives by G H x D.
pub(super) fn of_symbols(weights: &[f32], table: &[f32], dimension: usize) -> Vec<f32> {
    let product = |row: &[f32], vector: &[f32]| -> f32 {
        row.iter().zip(vector).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() as f32
    };
    let vectors = || table.chunks_exact(dimension);
    weights.chunks_exact(dimension).flat_map(|row| vectors().map(move |vector| product(row, vector))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_place() {
        // One input, two cells, three outputs; a weight says its gate, its row and its kind.
        for cell in [Cell::Lstm, Cell::Gru] {
            let rows = gates(cell) * 2;
            let layers = Layers {
                cell,
                inputs: 1,
                hidden: 2,
                outputs: 3,
                of_inputs: (0..rows).map(|row| row as f32).collect(),
                of_hidden: (0..2 * rows).map(|place| 100.0 + place as f32).collect(),
                biases: [(0..rows).map(|row| 0.5 + row as f32).collect(), vec![0.25; rows]],
                readout: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
                readout_bias: vec![7.0, 8.0, 9.0],
                has_table: false,
            };
            let tensors = layers.tensors(&[2.0]);
            assert_eq!(tensors.out, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
            assert_eq!(tensors.out_bias, [7.0, 8.0, 9.0]);
            let [x, h0, h1] = [0, 1, 2].map(|row| tensors.w[8 * row..][..8].to_vec());
            match cell {
                Cell::Lstm => {
                    assert_eq!(x, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]);
                    assert_eq!((h0[3], h1[3]), (106.0, 107.0));
                    assert_eq!(tensors.bias[7], 7.75);
                }
                Cell::Gru => {
                    assert_eq!(x, [4.0, 6.0, 0.0, 2.0, 8.0, 10.0, 0.0, 0.0], "z, r, nx, nh");
                    assert_eq!(h0, [104.0, 106.0, 100.0, 102.0, 0.0, 0.0, 108.0, 110.0]);
                    assert_eq!(tensors.bias, [2.75, 3.75, 0.75, 1.75, 4.5, 5.5, 0.25, 0.25]);
                }
            }
        }
    }

    #[test]
    fn a_table_of_vectors_is_folded_into_the_weights() {
        let (weights, table) = ([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(of_symbols(&weights, &table, 2), [1.0, 2.0, 3.0, 3.0, 4.0, 7.0]);
    }
}
