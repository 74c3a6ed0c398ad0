//! The numbers of a recurrent layer and of the linear layer behind it, as PyTorch has them, put into a crossbar's columns and taken out
//! of them.

use engram_spec::crossbar::Cell;

use crate::model::Model;
use crate::tensors::{GATES, Shape, Tensors};

/// A layer of LSTM or GRU cells, and the linear layer behind it. Rows of the weights are gates after gates, H each: of an LSTM i, f, g, o;
/// of a GRU r, z, n, the reset gate behind the product with h.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    pub(crate) cell: Cell,
    pub(crate) inputs: usize,
    pub(crate) hidden: usize,
    pub(crate) outputs: usize,
    /// G H x I.
    pub(crate) of_inputs: Vec<f32>,
    /// G H x H.
    pub(crate) of_hidden: Vec<f32>,
    /// G H: the biases that stand beside the products with x, and with h.
    pub(crate) biases: [Vec<f32>; 2],
    /// V x H.
    pub(crate) readout: Vec<f32>,
    /// V.
    pub(crate) readout_bias: Vec<f32>,
    /// Whether a table of vectors is in `of_inputs`: then the inputs are symbols.
    pub(crate) has_table: bool,
}

/// How far the logit of a symbol that never comes lies below the biases of the others.
const NEVER: f32 = 16.0;

/// The gates of a kind of cells.
pub(crate) const fn gates(cell: Cell) -> usize {
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
    pub(crate) fn shape(&self) -> Shape {
        Shape { inputs: self.inputs, hidden: self.hidden, outputs: self.outputs }
    }

    /// The same network with a symbol more, behind the others: what the network was not trained with. As an input it is nothing; as an
    /// output it is never the largest.
    pub(crate) fn with_another_symbol(mut self) -> Layers {
        let rows = self.of_inputs.chunks_exact(self.inputs);
        self.of_inputs = rows.flat_map(|row| row.iter().copied().chain([0.0])).collect();
        let least = self.readout_bias.iter().copied().fold(0.0, f32::min);
        self.readout.extend(vec![0.0; self.hidden]);
        self.readout_bias.push(least - NEVER);
        (self.inputs, self.outputs) = (self.inputs + 1, self.outputs + 1);
        self
    }

    /// The layers of a model: what the codes of its weights stand for, where it has codes, and its biases, those of an LSTM beside the
    /// products with x.
    pub(crate) fn of(model: &Model) -> Layers {
        let (cell, tensors, shape) = (model.design.cell, model.tensors(), model.design.shape);
        let Shape { inputs, hidden, outputs } = shape;
        let rows = gates(cell) * hidden;
        let zeros = |columns: usize| vec![0.0; rows * columns];
        let (mut of_inputs, mut of_hidden, mut biases) = (zeros(inputs), zeros(hidden), [zeros(1), zeros(1)]);
        for (place, (gate, parts)) in columns(cell).into_iter().enumerate() {
            for at in 0..hidden {
                let (row, column) = (gate * hidden + at, place * hidden + at);
                let weight = |from: usize| tensors.w[from * shape.columns() + column];
                if parts[0] {
                    (0..inputs).for_each(|input| of_inputs[row * inputs + input] = weight(input));
                }
                if parts[1] {
                    (0..hidden).for_each(|from| of_hidden[row * hidden + from] = weight(inputs + from));
                }
                let side = usize::from(!parts[0]);
                biases[side][row] = tensors.bias[column];
            }
        }
        let readout = transposed(&tensors.out, [hidden, outputs]);
        let readout_bias = tensors.out_bias.clone();
        let has_table = false;
        Layers { cell, inputs, hidden, outputs, of_inputs, of_hidden, biases, readout, readout_bias, has_table }
    }

    /// The tensors of a model whose inputs are those of the network, each divided by its `scale`.
    pub(crate) fn tensors(&self, scale: &[f32]) -> Tensors {
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

/// The transpose of a matrix.
pub(crate) fn transposed(numbers: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    (0..rows * columns).map(|place| numbers[place % rows * columns + place / rows]).collect()
}

/// Weights of a table's vectors as weights of the symbols themselves: what a symbol's vector (V x D) gives by G H x D.
pub(crate) fn of_symbols(weights: &[f32], table: &[f32], dimension: usize) -> Vec<f32> {
    let product = |row: &[f32], vector: &[f32]| -> f32 {
        row.iter().zip(vector).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() as f32
    };
    let vectors = || table.chunks_exact(dimension);
    weights.chunks_exact(dimension).flat_map(|row| vectors().map(move |vector| product(row, vector))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Design, Labels, Precisions, Tiling};

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
    fn what_is_taken_out_of_a_model_goes_back_into_it() {
        for cell in [Cell::Lstm, Cell::Gru] {
            let shape = Shape { inputs: 2, hidden: 3, outputs: 4 };
            let mut tensors = Tensors::zeroed(&shape);
            let count = |numbers: &mut Vec<f32>| {
                numbers.iter_mut().enumerate().for_each(|(place, number)| *number = 1.0 + place as f32);
            };
            tensors.each_mut().into_iter().for_each(count);
            crate::cell::clear_unread(cell, &shape, &mut tensors.w);
            let design = Design { cell, ..Design::new(shape, Precisions::FLOAT, Tiling::default()) };
            let labels = Labels::Symbols { alphabet: vec![], separator: String::new(), boundary: None, cue: None };
            let model = Model::new(design, labels, &tensors, None);
            assert_eq!(Layers::of(&model).tensors(&[1.0; 2]), tensors, "{}", cell.name());
        }
    }

    #[test]
    fn a_table_of_vectors_is_folded_into_the_weights() {
        let (weights, table) = ([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(of_symbols(&weights, &table, 2), [1.0, 2.0, 3.0, 3.0, 4.0, 7.0]);
    }
}
