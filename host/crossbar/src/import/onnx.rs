//! An ONNX file: an operator LSTM or GRU, Gemm or MatMul and Add behind it, and what exporters put between.

use std::collections::HashMap;
use std::path::Path;

use engram_learn::file::{self, Dtype};
use engram_spec::crossbar::Cell;
use rten_onnx::onnx::{AttributeProto, DataLocation, DataType, GraphProto, ModelProto, NodeProto, TensorProto};

use super::{Found, ImportError, labels_in, wire};
use crate::layers::{Layers, gates, of_symbols, transposed};

/// Operators that bring data into another form and change no number.
const FORMS: [&str; 6] = ["Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"];

/// The most operators between a value and the constant that it comes from: a graph of a damaged file may be a ring.
const DEPTH: usize = 32;

/// Whether a file is one of ONNX, by its name.
pub fn is_onnx(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"))
}

/// Reads an ONNX file.
pub(super) fn read(path: &Path) -> Result<Found, ImportError> {
    let wrong = |found: String, expected: &str| ImportError::weights(path, found, expected);
    let bytes = file::read(path)?;
    if !wire::is_whole(&bytes) {
        return Err(wrong("no ONNX model (it is torn, or of another kind)".to_string(), "an ONNX file"));
    }
    let model = ModelProto::parse_buf(&bytes);
    let model = model.map_err(|error| wrong(format!("no ONNX model ({error})"), "an ONNX file"))?;
    let graph = model.graph.ok_or_else(|| wrong("an ONNX file without a graph".to_string(), "a model"))?;
    let metadata = |key: &str| model.metadata_props.iter().find(|entry| entry.key.as_deref() == Some(key));
    let labels = labels_in(|key| metadata(key)?.value.as_ref());
    Ok(Found { layers: Graph::of(path, &graph).layers()?, labels })
}

/// A graph, by what makes each value.
struct Graph<'a> {
    path: &'a Path,
    /// The graph's first output.
    output: &'a str,
    constants: HashMap<&'a str, &'a TensorProto>,
    makers: HashMap<&'a str, &'a NodeProto>,
}

/// A matrix or vector of the file.
struct Tensor {
    shape: Vec<usize>,
    numbers: Vec<f32>,
}

/// A linear layer.
struct Linear<'a> {
    /// The value that is multiplied.
    given: &'a str,
    /// Numbers of that value.
    inputs: usize,
    /// V x H.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

fn operator(node: &NodeProto) -> &str {
    node.op_type.as_deref().unwrap_or_default()
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name))
}

/// The name of an input; `None` where it is left out.
fn input(node: &NodeProto, place: usize) -> Option<&str> {
    node.input.get(place).map(String::as_str).filter(|name| !name.is_empty())
}

impl<'a> Graph<'a> {
    fn of(path: &'a Path, graph: &'a GraphProto) -> Graph<'a> {
        let mut constants: HashMap<&str, &TensorProto> =
            graph.initializer.iter().filter_map(|tensor| Some((tensor.name.as_deref()?, tensor))).collect();
        for node in graph.node.iter().filter(|node| operator(node) == "Constant") {
            if let (Some(output), Some(value)) = (node.output.first(), attribute(node, "value")) {
                constants.extend(value.t.as_ref().map(|tensor| (output.as_str(), tensor)));
            }
        }
        let made = graph.node.iter().flat_map(|node| node.output.iter().map(move |output| (output.as_str(), node)));
        let output = graph.output.first().and_then(|output| output.name.as_deref()).unwrap_or_default();
        Graph { path, output, constants, makers: made.collect() }
    }

    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> ImportError {
        ImportError::weights(self.path, found, expected)
    }

    /// The numbers of a tensor of the file.
    fn numbers(&self, name: &str, tensor: &TensorProto) -> Result<Tensor, ImportError> {
        if tensor.data_location == Some(DataLocation::EXTERNAL) {
            return Err(self.wrong(format!("weights in another file (tensor {name})"), "all in one file"));
        }
        let kind = tensor.data_type.unwrap_or(DataType::FLOAT);
        let dtype = [
            (DataType::FLOAT, Dtype::F32),
            (DataType::DOUBLE, Dtype::F64),
            (DataType::FLOAT16, Dtype::F16),
            (DataType::BFLOAT16, Dtype::BF16),
        ];
        let dtype = dtype.into_iter().find(|(own, _)| *own == kind).map(|(_, dtype)| dtype);
        let Some(dtype) = dtype else {
            let found = format!("tensor {name} of {}", kind.name().unwrap_or("an unknown type"));
            return Err(self.wrong(found, format!("numbers of {}", file::WIDENED)));
        };
        let raw = tensor.raw_data.as_ref().map(|raw| raw.borrow().clone()).filter(|raw| !raw.is_empty());
        let numbers = match (raw, dtype) {
            (Some(raw), dtype) => file::widened(dtype, &raw).unwrap_or_default(),
            (None, Dtype::F64) => tensor.double_data.iter().map(|&number| number as f32).collect(),
            (None, Dtype::F32) => tensor.float_data.clone(),
            // Numbers of 16 bits stand one in an integer each.
            (None, dtype) => {
                let bytes: Vec<u8> = tensor.int32_data.iter().flat_map(|&bits| (bits as u16).to_le_bytes()).collect();
                file::widened(dtype, &bytes).unwrap_or_default()
            }
        };
        let shape: Vec<usize> = tensor.dims.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect();
        let count = shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size));
        if count != Some(numbers.len()) || numbers.is_empty() {
            let found = format!("{} numbers in tensor {name} {shape:?}", numbers.len());
            return Err(self.wrong(found, "as many as its shape has"));
        }
        match numbers.iter().find(|number| !number.is_finite()) {
            Some(odd) => Err(self.wrong(format!("{odd} in tensor {name}"), "finite numbers")),
            None => Ok(Tensor { shape, numbers }),
        }
    }

    /// The numbers of a value that does not depend on the graph's inputs; `None` of another.
    fn constant(&self, name: &str) -> Result<Option<Tensor>, ImportError> {
        self.constant_within(DEPTH, name)
    }

    fn constant_within(&self, depth: usize, name: &str) -> Result<Option<Tensor>, ImportError> {
        if let Some(tensor) = self.constants.get(name) {
            return self.numbers(name, tensor).map(Some);
        }
        let Some((node, depth)) = self.makers.get(name).zip(depth.checked_sub(1)) else { return Ok(None) };
        let of = input(node, 0).map(|name| self.constant_within(depth, name)).transpose()?.flatten();
        Ok(match (operator(node), of) {
            ("Identity" | "Cast", Some(tensor)) => Some(tensor),
            ("Squeeze", Some(Tensor { shape, numbers })) => {
                Some(Tensor { shape: shape.into_iter().filter(|&size| size != 1).collect(), numbers })
            }
            ("Transpose", Some(Tensor { shape, numbers })) => match shape[..] {
                _ if attribute(node, "perm").is_some_and(|perm| perm.ints.is_sorted()) => {
                    Some(Tensor { shape, numbers })
                }
                [rows, columns] => {
                    Some(Tensor { shape: vec![columns, rows], numbers: transposed(&numbers, [rows, columns]) })
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// The weights at an input of an operator.
    fn weights(&self, node: &NodeProto, place: usize, expected: &str) -> Result<Tensor, ImportError> {
        let name = input(node, place)
            .ok_or_else(|| self.wrong(format!("an operator {} without {expected}", operator(node)), expected))?;
        self.constant(name)?.ok_or_else(|| {
            self.wrong(
                format!("{expected} of {} that are computed (value {name})", operator(node)),
                "weights in the file",
            )
        })
    }

    /// Whether a value is 0 whatever the inputs are.
    fn is_zero(&self, depth: usize, name: &str) -> bool {
        if let Some(tensor) = self.constants.get(name) {
            return self.numbers(name, tensor).is_ok_and(|tensor| tensor.numbers.iter().all(|&number| number == 0.0));
        }
        let Some((node, depth)) = self.makers.get(name).zip(depth.checked_sub(1)) else { return false };
        match operator(node) {
            "ConstantOfShape" => attribute(node, "value").and_then(|value| value.t.as_ref()).is_none_or(|tensor| {
                self.numbers(name, tensor).is_ok_and(|tensor| tensor.numbers.iter().all(|&number| number == 0.0))
            }),
            "Expand" | "Reshape" | "Squeeze" | "Unsqueeze" | "Transpose" | "Identity" | "Cast" | "Slice" | "Gather" => {
                input(node, 0).is_some_and(|of| self.is_zero(depth, of))
            }
            _ => false,
        }
    }

    /// The operator that makes a value; `None` of an input of the graph.
    fn maker(&self, value: &str) -> Result<Option<&'a NodeProto>, ImportError> {
        let node = self.makers.get(value).copied();
        match node.and_then(|node| node.domain.as_deref()).filter(|domain| !["", "ai.onnx"].contains(domain)) {
            Some(domain) => Err(self.wrong(format!("an operator of {domain}"), "those of ONNX itself")),
            None => Ok(node),
        }
    }

    /// Goes back from a value over operators that `passes`; the first other value, and the operator that makes it.
    fn back(
        &self,
        mut value: &'a str,
        passes: impl Fn(&NodeProto) -> bool,
    ) -> Result<(&'a str, Option<&'a NodeProto>), ImportError> {
        for _ in 0..DEPTH {
            let Some(node) = self.maker(value)? else { return Ok((value, None)) };
            if !passes(node) {
                return Ok((value, Some(node)));
            }
            value = input(node, 0).ok_or_else(|| self.wrong(format!("{} without input", operator(node)), "one"))?;
        }
        Err(self.wrong("a chain of operators without end", "a recurrent layer and a linear layer"))
    }

    fn is_form(node: &NodeProto) -> bool {
        FORMS.contains(&operator(node))
    }

    /// Whether an operator takes the last of what it is given: the last step, or the only layer.
    fn takes_last(&self, node: &NodeProto) -> bool {
        let whole = |place: usize| -> Option<i64> {
            let tensor = self.constants.get(input(node, place)?)?;
            let bytes = tensor.raw_data.as_ref().map(|raw| raw.borrow().clone()).unwrap_or_default();
            let raw = <[u8; 8]>::try_from(&bytes[..]).ok().map(i64::from_le_bytes);
            raw.or_else(|| tensor.int64_data.first().copied())
        };
        match operator(node) {
            "Gather" => whole(1) == Some(-1),
            "Slice" => whole(1) == Some(-1) && whole(2) == Some(i64::MAX) && whole(4).unwrap_or(1) == 1,
            _ => false,
        }
    }

    fn layers(&self) -> Result<Layers, ImportError> {
        // The largest logit stays the largest.
        let ending = |node: &NodeProto| Self::is_form(node) || ["Softmax", "LogSoftmax"].contains(&operator(node));
        let (value, last) = self.back(self.output, ending)?;
        let linear =
            last.ok_or_else(|| self.wrong(format!("no operator before the output {value}"), "a linear layer"))?;
        let Linear { given, inputs: readout_rows, weights: readout, biases: readout_bias } = self.linear(linear)?;
        let between = |node: &NodeProto| Self::is_form(node) || self.takes_last(node);
        let (value, node) = self.back(given, between)?;
        let expected = "an LSTM or GRU of one layer, of which the last step or every step goes to the linear layer";
        let found = |node: Option<&NodeProto>| {
            node.map_or("an input of the graph".to_string(), |node| operator(node).to_string())
        };
        let Some(node) = node.filter(|node| ["LSTM", "GRU"].contains(&operator(node))) else {
            return Err(self.wrong(format!("{} before the linear layer", found(node)), expected));
        };
        if node.output.iter().position(|output| output == value).is_none_or(|place| place > 1) {
            return Err(self.wrong("a linear layer behind the state c", "one behind h"));
        }
        let cell = self.check(node)?;
        let per_cell = gates(cell);
        let (w, r) = (self.weights(node, 1, "W")?, self.weights(node, 2, "R")?);
        let (&[1, rows, dimension], &[1, same, hidden]) = (&w.shape[..], &r.shape[..]) else {
            let found = format!("W {:?} and R {:?}", w.shape, r.shape);
            return Err(self.wrong(found, "one direction, and matrices"));
        };
        if Some(rows) != per_cell.checked_mul(hidden) || same != rows {
            let found = format!("W of {rows} rows and R of {same} for {hidden} cells");
            return Err(self.wrong(found, format!("{per_cell} rows a cell")));
        }
        if readout_rows != hidden {
            let found = format!("a linear layer of {readout_rows} inputs");
            return Err(self.wrong(found, format!("{hidden}, as there are cells")));
        }
        let biases = match input(node, 3) {
            Some(_) => self.weights(node, 3, "B")?.numbers,
            None => vec![0.0; 2 * rows],
        };
        if biases.len() != 2 * rows {
            return Err(self.wrong(format!("B of {} numbers", biases.len()), format!("{}", 2 * rows)));
        }
        let order = |numbers: &[f32]| in_order(cell, numbers);
        let (mut inputs, mut of_inputs) = (dimension, order(&w.numbers));
        let table = self.table(node, dimension)?;
        if let Some(table) = &table {
            (inputs, of_inputs) = (table.shape[0], of_symbols(&of_inputs, &table.numbers, dimension));
        }
        Ok(Layers {
            cell,
            inputs,
            hidden,
            outputs: readout_bias.len(),
            of_inputs,
            of_hidden: order(&r.numbers),
            biases: [order(&biases[..rows]), order(&biases[rows..])],
            readout,
            readout_bias,
            has_table: table.is_some(),
        })
    }

    /// The cells of a recurrent operator, which has nothing that a crossbar does not compute.
    fn check(&self, node: &NodeProto) -> Result<Cell, ImportError> {
        let name = operator(node);
        let cell = if name == "LSTM" { Cell::Lstm } else { Cell::Gru };
        let text = |of: &str| attribute(node, of).and_then(|attribute| attribute.s.clone());
        let number = |of: &str| attribute(node, of).and_then(|attribute| attribute.i).unwrap_or(0);
        if let Some(direction) = text("direction").filter(|direction| direction != "forward") {
            return Err(self.wrong(format!("an {name} of direction {direction}"), "forward"));
        }
        if attribute(node, "clip").is_some() {
            return Err(self.wrong(format!("an {name} with clip"), "none"));
        }
        if number("input_forget") != 0 {
            return Err(self.wrong("an LSTM with input_forget", "gates i and f of their own"));
        }
        if cell == Cell::Gru && number("linear_before_reset") == 0 {
            let expected = "linear_before_reset = 1, as PyTorch has it: the reset gate behind the product with h";
            return Err(self.wrong("a GRU with linear_before_reset = 0", expected));
        }
        let activations = attribute(node, "activations").map_or(&[][..], |attribute| &attribute.strings[..]);
        let usual = if cell == Cell::Lstm { &["Sigmoid", "Tanh", "Tanh"][..] } else { &["Sigmoid", "Tanh"] };
        if !activations.is_empty() && activations != usual {
            return Err(self.wrong(format!("an {name} with activations {}", activations.join(", ")), usual.join(", ")));
        }
        if input(node, 4).is_some() {
            return Err(
                self.wrong(format!("an {name} with sequence_lens"), "sequences that are computed to their ends")
            );
        }
        if input(node, 7).is_some() {
            return Err(self.wrong("an LSTM with peepholes (P)", "none"));
        }
        for (place, state) in [(5, "initial_h"), (6, "initial_c")] {
            if let Some(value) = input(node, place).filter(|value| !self.is_zero(DEPTH, value)) {
                return Err(
                    self.wrong(format!("{state} that is not 0 (value {value})"), "sequences that begin with zeros")
                );
            }
        }
        Ok(cell)
    }

    /// The table of vectors before the recurrent layer, where there is one: a matrix of which rows are gathered. Between it and the
    /// graph's input nothing changes a number.
    fn table(&self, recurrent: &'a NodeProto, dimension: usize) -> Result<Option<Tensor>, ImportError> {
        let expected = "an input of the graph, or an embedding of it, before the recurrent layer";
        let x = input(recurrent, 0).ok_or_else(|| self.wrong("a recurrent layer without input", expected))?;
        let (_, Some(node)) = self.back(x, Self::is_form)? else { return Ok(None) };
        let axis = attribute(node, "axis").and_then(|attribute| attribute.i).unwrap_or(0);
        if operator(node) == "Gather"
            && axis == 0
            && let Some(table) = input(node, 0).map(|name| self.constant(name)).transpose()?.flatten()
            && matches!(table.shape[..], [_, columns] if columns == dimension)
        {
            let symbols = input(node, 1).ok_or_else(|| self.wrong("an embedding without symbols", expected))?;
            return match self.back(symbols, |node| Self::is_form(node) || operator(node) == "Cast")? {
                (_, None) => Ok(Some(table)),
                (_, Some(other)) => Err(self.wrong(format!("{} before the embedding", operator(other)), expected)),
            };
        }
        Err(self.wrong(format!("{} before the recurrent layer", operator(node)), expected))
    }

    /// The linear layer of an operator.
    fn linear(&self, last: &'a NodeProto) -> Result<Linear<'a>, ImportError> {
        let expected = "a linear layer before the output: a Gemm, or a MatMul and an Add of V biases";
        let product_of = |name: &str| self.makers.get(name).copied().filter(|node| operator(node) == "MatMul");
        let (node, bias) = match operator(last) {
            "Gemm" => (last, input(last, 2).map(|_| self.weights(last, 2, "biases")).transpose()?),
            "MatMul" => (last, None),
            "Add" => {
                let of = |product: usize| input(last, product).and_then(product_of).map(|node| (node, 1 - product));
                let (node, place) =
                    of(0).or_else(|| of(1)).ok_or_else(|| self.wrong("an Add without MatMul", expected))?;
                (node, Some(self.weights(last, place, "biases")?))
            }
            other => return Err(self.wrong(format!("{other} before the output"), expected)),
        };
        let number = |name: &str| attribute(node, name).and_then(|attribute| attribute.i).unwrap_or(0);
        let factor = |name: &str| attribute(node, name).and_then(|attribute| attribute.f).unwrap_or(1.0);
        if operator(node) == "Gemm" && (factor("alpha") != 1.0 || factor("beta") != 1.0 || number("transA") != 0) {
            return Err(self.wrong("a Gemm with alpha, beta or transA", "none"));
        }
        let weights = self.weights(node, 1, "weights")?;
        let turned = operator(node) == "Gemm" && number("transB") == 1;
        let &[first, second] = &weights.shape[..] else {
            return Err(self.wrong(format!("weights {:?} of the linear layer", weights.shape), "a matrix"));
        };
        let (rows, outputs) = if turned { (second, first) } else { (first, second) };
        let readout = match turned {
            true => weights.numbers,
            false => transposed(&weights.numbers, [rows, outputs]),
        };
        let bias = bias.map_or_else(|| vec![0.0; outputs], |bias| bias.numbers);
        if bias.len() != outputs {
            return Err(self.wrong(format!("{} biases of the linear layer", bias.len()), format!("{outputs}")));
        }
        let given = input(node, 0).ok_or_else(|| self.wrong("a linear layer without input", expected))?;
        Ok(Linear { given, inputs: rows, weights: readout, biases: bias })
    }
}

/// Rows of gates in PyTorch's order: ONNX has those of an LSTM as i, o, f, c, those of a GRU as z, r, h.
fn in_order(cell: Cell, numbers: &[f32]) -> Vec<f32> {
    let order: &[usize] = match cell {
        Cell::Lstm => &[0, 2, 3, 1],
        Cell::Gru => &[1, 0, 2],
    };
    let gate = numbers.len() / order.len();
    order.iter().flat_map(|&place| &numbers[place * gate..][..gate]).copied().collect()
}
