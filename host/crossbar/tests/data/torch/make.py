"""Small networks of PyTorch as files, and their logits on every step: what `engram quantize` reads, and what it has to compute.

python3 -m venv v && v/bin/pip install torch onnx onnxscript safetensors && v/bin/python make.py
"""
import json
import warnings
from pathlib import Path

import onnx
import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
INPUTS, HIDDEN, CLASSES, STEPS, SYMBOLS = 3, 5, 4, 12, 6


class Network(torch.nn.Module):
    def __init__(self, kind, bias=True, symbols=False):
        super().__init__()
        self.embedding = torch.nn.Embedding(SYMBOLS, INPUTS) if symbols else None
        self.recurrent = getattr(torch.nn, kind)(INPUTS, HIDDEN, batch_first=True, bias=bias)
        self.classify = torch.nn.Linear(HIDDEN, SYMBOLS if symbols else CLASSES, bias=bias)

    def forward(self, x):
        out, _ = self.recurrent(self.embedding(x) if self.embedding else x)
        return self.classify(out[:, -1])

    def logits(self, x):
        """Of every step."""
        return self.classify(self.recurrent(self.embedding(x) if self.embedding else x)[0])[0]


def nameless(path):
    """Leaves out what an exporter notes of the machine: the lines of source of each operator."""
    model = onnx.load(path)
    for node in [model.graph, *model.graph.node]:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(model, path)


def write(name, network, x, exported):
    state = {f"model.{key}": value.contiguous() for key, value in network.state_dict().items()}
    save_file(state, HERE / f"{name}.safetensors")
    if exported:
        for exporter in (True, False):
            path = HERE / f"{name}-{'exported' if exporter else 'scripted'}.onnx"
            torch.onnx.export(network, (x,), str(path), dynamo=exporter, external_data=False, verbose=False)
            nameless(path)
    with torch.no_grad():
        return {"x": x[0].tolist(), "logits": network.double().logits(x if x.dtype == torch.long else x.double()).tolist()}


def main():
    warnings.simplefilter("ignore")
    torch.manual_seed(7)
    steps = {}
    for kind in ("LSTM", "GRU"):
        for bias in (True, False):
            name = kind.lower() + ("" if bias else "-without-bias")
            steps[name] = write(name, Network(kind, bias).eval(), 3 * torch.randn(1, STEPS, INPUTS), bias)
        name = f"{kind.lower()}-of-symbols"
        steps[name] = write(name, Network(kind, symbols=True).eval(), torch.randint(SYMBOLS, (1, STEPS)), True)
    half = {key: value.to(torch.bfloat16) for key, value in Network("LSTM").state_dict().items()}
    save_file(half, HERE / "lstm-bf16.safetensors")
    # What is refused.
    refused = {
        "bidirectional": torch.nn.LSTM(INPUTS, HIDDEN, bidirectional=True),
        "projected": torch.nn.LSTM(INPUTS, HIDDEN, proj_size=2),
        "two-layers": torch.nn.GRU(INPUTS, HIDDEN, num_layers=2),
        "plain": torch.nn.RNN(INPUTS, HIDDEN),
    }
    for name, network in refused.items():
        save_file(network.state_dict(), HERE / f"refused-{name}.safetensors")
    (HERE / "steps.json").write_text(json.dumps(steps) + "\n")


main()
