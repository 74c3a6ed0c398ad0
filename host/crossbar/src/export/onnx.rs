//! An ONNX file: an operator LSTM or GRU, Squeeze of its one direction, MatMul and Add.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;

use engram_learn::file::bytes_of_numbers;
use engram_spec::crossbar::Cell;
use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto,
    StringStringEntryProto, TensorProto, TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};

use crate::layers::{Layers, gates, transposed};

/// The version of the file's layout: ONNX 1.10.
const IR_VERSION: i64 = 8;
/// The version of the operators, of ONNX 1.10 too.
const OPERATORS: i64 = 15;

/// The name of the graph, which ONNX requires, as a graph of its own: field 7 of a model, and in it field 2. `rten_onnx` knows no name. Of a
/// message that comes twice, protobuf's readers join the two, or take the last.
const NAME: &[u8] = b"\x3a\x08\x12\x06engram";

/// The bytes of an ONNX file.
pub(super) fn bytes(layers: &Layers, metadata: HashMap<String, String>) -> io::Result<Vec<u8>> {
    let mut metadata: Vec<(String, String)> = metadata.into_iter().collect();
    metadata.sort();
    let entry = |(key, value)| StringStringEntryProto { key: Some(key), value: Some(value) };
    let model = ModelProto {
        ir_version: Some(IR_VERSION),
        graph: Some(graph(layers)),
        opset_import: vec![OperatorSetIdProto { domain: Some(String::new()), version: Some(OPERATORS) }],
        metadata_props: metadata.into_iter().map(entry).collect(),
        producer_name: Some("engram".to_string()),
        producer_version: Some(env!("CARGO_PKG_VERSION").to_string()),
    };
    let model = model.write_buf().map_err(|error| io::Error::other(error.to_string()))?;
    Ok([NAME, &model].concat())
}

fn graph(layers: &Layers) -> GraphProto {
    let &Layers { cell, inputs, hidden, outputs, .. } = layers;
    let rows = gates(cell) * hidden;
    let (operator, order) = match cell {
        Cell::Lstm => ("LSTM", &[0, 3, 1, 2][..]),
        Cell::Gru => ("GRU", &[1, 0, 2][..]),
    };
    let ordered = |numbers: &[f32]| in_order(order, numbers);
    let biases = layers.biases.each_ref().map(|bias| ordered(bias)).concat();
    let mut attributes = vec![whole("hidden_size", hidden as i64)];
    if cell == Cell::Gru {
        attributes.push(whole("linear_before_reset", 1));
    }
    GraphProto {
        node: vec![
            node(operator, &["x", "W", "R", "B"], "h_of_direction", attributes),
            node("Squeeze", &["h_of_direction", "direction"], "h", vec![]),
            node("MatMul", &["h", "V"], "products", vec![]),
            node("Add", &["products", "b"], "logits", vec![]),
        ],
        initializer: vec![
            numbers("W", &[1, rows, inputs], &ordered(&layers.of_inputs)),
            numbers("R", &[1, rows, hidden], &ordered(&layers.of_hidden)),
            numbers("B", &[1, 2 * rows], &biases),
            // Steps x directions x sequences x H.
            TensorProto { int64_data: vec![1], ..tensor("direction", DataType::INT64, &[1]) },
            numbers("V", &[hidden, outputs], &transposed(&layers.readout, [outputs, hidden])),
            numbers("b", &[outputs], &layers.readout_bias),
        ],
        input: vec![value("x", inputs)],
        output: vec![value("logits", outputs)],
        ..GraphProto::default()
    }
}

/// Rows of gates in the order of ONNX, from that of PyTorch.
fn in_order(order: &[usize], numbers: &[f32]) -> Vec<f32> {
    let gate = numbers.len() / order.len();
    order.iter().flat_map(|&place| &numbers[place * gate..][..gate]).copied().collect()
}

fn node(operator: &str, inputs: &[&str], output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        op_type: Some(operator.to_string()),
        name: Some(output.to_string()),
        input: inputs.iter().map(|name| name.to_string()).collect(),
        output: vec![output.to_string()],
        attribute,
        ..NodeProto::default()
    }
}

fn whole(name: &str, value: i64) -> AttributeProto {
    let (name, r#type) = (Some(name.to_string()), Some(AttributeType::INT));
    AttributeProto { name, i: Some(value), r#type, ..AttributeProto::default() }
}

fn tensor(name: &str, kind: DataType, shape: &[usize]) -> TensorProto {
    let dims = shape.iter().map(|&size| size as i64).collect();
    TensorProto { dims, data_type: Some(kind), name: Some(name.to_string()), ..TensorProto::default() }
}

fn numbers(name: &str, shape: &[usize], numbers: &[f32]) -> TensorProto {
    let raw_data = Some(RefCell::new(bytes_of_numbers(numbers)));
    TensorProto { raw_data, ..tensor(name, DataType::FLOAT, shape) }
}

/// A value of the graph: steps x sequences x a number of its own.
fn value(name: &str, size: usize) -> ValueInfoProto {
    let named = |name: &str| Dimension { dim_value: None, dim_param: Some(name.to_string()) };
    let size = Dimension { dim_value: Some(size as i64), dim_param: None };
    let shape = Some(TensorShapeProto { dim: vec![named("steps"), named("sequences"), size] });
    let tensor_type = Some(TypeProtoTensor { elem_type: Some(DataType::FLOAT), shape });
    let r#type = Some(TypeProto { tensor_type, sequence: None });
    ValueInfoProto { name: Some(name.to_string()), r#type }
}
