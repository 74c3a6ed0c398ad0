"""Loads a network that `engram export` wrote, in PyTorch and in ONNX Runtime, and compares the two on random inputs.

cargo run -- export vowels.safetensors --onnx build/vowels.onnx --state-dict build/vowels-torch.safetensors
python3 -m venv v && v/bin/pip install torch onnx onnxruntime safetensors
v/bin/python examples/exported.py build/vowels.onnx build/vowels-torch.safetensors
"""
import argparse
import json
import sys

import numpy
import onnx
import onnxruntime
import torch
from safetensors import safe_open


class Network(torch.nn.Module):
    """The modules that the state dict has the names of: `lstm` or `gru`, and `linear`."""

    def __init__(self, state):
        super().__init__()
        kind = "lstm" if "lstm.weight_ih_l0" in state else "gru"
        rows, inputs = state[f"{kind}.weight_ih_l0"].shape
        outputs, hidden = state["linear.weight"].shape
        setattr(self, kind, getattr(torch.nn, kind.upper())(inputs, hidden))
        self.linear = torch.nn.Linear(hidden, outputs)
        self.kind = kind

    def forward(self, x):
        return self.linear(getattr(self, self.kind)(x)[0])


def read(path):
    """The tensors and the labels of a state dict."""
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["labels"])


def inputs(labels, count, random):
    """Random inputs (steps x sequences x I) in the network's form."""
    if "symbols" in labels:
        return numpy.eye(count, dtype=numpy.float32)[random.integers(count, size=(20, 3))]
    scales = labels["classes"]["normaliser"]
    values = numpy.asarray(scales["mean"]) + 3 * numpy.asarray(scales["deviation"]) * random.standard_normal((20, 3, count))
    x = (values - scales["mean"]) / scales["deviation"] / scales["range"]
    return numpy.clip(x, -1, 1).astype(numpy.float32)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("onnx", help="the file of --onnx")
    options.add_argument("state_dict", help="the file of --state-dict")
    given = options.parse_args()
    onnx.checker.check_model(onnx.load(given.onnx), full_check=True)
    state, labels = read(given.state_dict)
    network = Network(state)
    network.load_state_dict(state)
    session = onnxruntime.InferenceSession(given.onnx, providers=["CPUExecutionProvider"])
    x = inputs(labels, session.get_inputs()[0].shape[2], numpy.random.default_rng(1))
    with torch.no_grad():
        of_torch = network(torch.from_numpy(x)).numpy()
    of_onnx = session.run(["logits"], {"x": x})[0]
    difference = float(numpy.abs(of_torch - of_onnx).max())
    print(f"{network.kind.upper()}, logits {of_onnx.shape} up to {numpy.abs(of_onnx).max():.3f}, largest difference {difference:.1e}")
    return 0 if difference < 1e-5 else 1


sys.exit(main())
