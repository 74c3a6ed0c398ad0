//! The trained numbers of a recurrent network.

use serde::{Deserialize, Serialize};

/// The size of a network of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Inputs I: channels of a sequence, or symbols that there are.
    pub inputs: usize,
    /// Hidden elements H.
    pub hidden: usize,
    /// Outputs V: classes, or symbols that may follow.
    pub outputs: usize,
}

/// Gates of an LSTM in their order: input, forget, candidate, output.
pub const GATES: usize = 4;

impl Shape {
    /// Columns of the crossbar: the gate neurons, 4 H.
    pub fn columns(&self) -> usize {
        GATES * self.hidden
    }

    /// Rows of the crossbar: I + H.
    pub fn rows(&self) -> usize {
        self.inputs + self.hidden
    }
}

/// A network's tensors. Rows of weights are what they multiply, so that a row serves all columns at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    /// W, (I + H) x 4 H: the rows of x, then those of h; the columns of gate i, then f, g, o.
    pub w: Vec<f32>,
    /// b, 4 H.
    pub bias: Vec<f32>,
    /// The readout's weights, H x V.
    pub out: Vec<f32>,
    /// The readout's biases, V.
    pub out_bias: Vec<f32>,
}

impl Tensors {
    /// The names of the tensors in files, in the order of [`Tensors::each`].
    pub const NAMES: [&'static str; 4] = ["weights", "bias", "readout", "readout_bias"];

    /// Tensors of zeros.
    pub fn zeroed(shape: &Shape) -> Tensors {
        let [w, bias, out, out_bias] = Tensors::lengths(shape).map(|length| vec![0.0; length]);
        Tensors { w, bias, out, out_bias }
    }

    /// The number of numbers in each tensor.
    pub fn lengths(shape: &Shape) -> [usize; 4] {
        [shape.rows() * shape.columns(), shape.columns(), shape.hidden * shape.outputs, shape.outputs]
    }

    /// The tensors in the order of [`Tensors::NAMES`].
    pub fn each(&self) -> [&Vec<f32>; 4] {
        [&self.w, &self.bias, &self.out, &self.out_bias]
    }

    /// The tensors in the order of [`Tensors::NAMES`], to change.
    pub fn each_mut(&mut self) -> [&mut Vec<f32>; 4] {
        [&mut self.w, &mut self.bias, &mut self.out, &mut self.out_bias]
    }

    /// Whether all numbers are finite.
    pub fn is_finite(&self) -> bool {
        self.each().into_iter().flatten().all(|x| x.is_finite())
    }
}
