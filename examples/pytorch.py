"""Trains an LSTM and a GRU on Japanese Vowels in PyTorch, and writes each as a state dict and as ONNX, for `engram quantize`.

cargo run -- data fetch
python3 -m venv v && v/bin/pip install torch onnx onnxscript safetensors && v/bin/python examples/pytorch.py --out build/pytorch
cargo run -- quantize build/pytorch/lstm.safetensors --set japanese-vowels --out build/pytorch/vowels.safetensors
"""
import argparse
import os
from pathlib import Path

import torch
from safetensors.torch import save_file

USUAL = Path(os.environ.get("ENGRAM_DATA") or Path.home() / ".cache/engram/data")


def recordings(path):
    """(steps x channels, class) of each recording of a .ts file, and the classes in the file's order."""
    read, classes = [], []
    for line in path.read_text().splitlines():
        if line.lower().startswith("@classlabel"):
            classes = line.split()[2:]
        elif line and line[0] not in "@#":
            *channels, label = line.split(":")
            values = [[float(value) for value in channel.split(",")] for channel in channels]
            read.append((torch.tensor(values).T, classes.index(label)))
    return read, classes


class Network(torch.nn.Module):
    def __init__(self, kind, inputs, hidden, classes):
        super().__init__()
        self.recurrent = getattr(torch.nn, kind)(inputs, hidden, batch_first=True)
        self.classify = torch.nn.Linear(hidden, classes)

    def forward(self, x):
        return self.classify(self.recurrent(x)[0][:, -1])


def error(network, test):
    with torch.no_grad():
        return sum(int(network(x[None]).argmax()) != right for x, right in test) / len(test)


def trained(kind, train, classes, epochs, hidden):
    torch.manual_seed(1)
    network = Network(kind, train[0][0].shape[1], hidden, classes)
    optimiser = torch.optim.Adam(network.parameters(), lr=5e-3)
    for _ in range(epochs):
        for place in torch.randperm(len(train)).split(16):
            logits = torch.cat([network(train[i][0][None]) for i in place])
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor([train[i][1] for i in place]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
    return network.eval()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, required=True, help="the folder of the files")
    options.add_argument("--data", type=Path, default=USUAL, help="the folder that `engram data fetch` filled")
    options.add_argument("--epochs", type=int, default=40)
    options.add_argument("--hidden", type=int, default=32)
    given = options.parse_args()
    (train, classes), (test, _) = (recordings(given.data / f"JapaneseVowels_{part}.ts") for part in ("TRAIN", "TEST"))
    given.out.mkdir(parents=True, exist_ok=True)
    for kind in ("LSTM", "GRU"):
        network = trained(kind, train, len(classes), given.epochs, given.hidden)
        print(f"{kind}: {100 * error(network, test):.1f} % of {len(test)} test recordings answered wrongly")
        save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, given.out / f"{kind.lower()}.safetensors")
        torch.onnx.export(network, (train[0][0][None],), str(given.out / f"{kind.lower()}.onnx"), external_data=False, verbose=False)


main()
