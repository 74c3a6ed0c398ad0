"""The files of models: safetensors with texts in their metadata. Both "The file of .." of numerics.md."""
import json
import zlib

import numpy as np

TYPES = {"I8": "<i1", "F32": "<f4"}
MEMNET = ("engram", "model", "vocabulary", "training"), ("A", "B", "C", "W", "H", "T_A", "T_C", "position")
CROSSBAR = (
    ("engram-recurrent", "design", "meaning", "training", "memoization"),
    ("weights", "bias", "readout", "readout_bias"),
)


class Model:
    """Metadata, each text read as JSON, and tensors by name: codes as int64, real numbers as float32."""

    def __init__(self, metadata, tensors):
        self.metadata, self.tensors = metadata, {}
        for name, tensor in tensors.items():
            tensor = np.asarray(tensor)
            real = tensor.dtype.kind == "f"
            self.tensors[name] = tensor.astype(np.float32 if real else np.int64)

    @property
    def recurrent(self):
        return "engram-recurrent" in self.metadata


def read(path):
    """The model of a file; its checksum, where there is one, must fit."""
    with open(path, "rb") as file:
        content = file.read()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    texts = header.pop("__metadata__")
    data = {name: content[start + at["data_offsets"][0] : start + at["data_offsets"][1]] for name, at in header.items()}
    keys, names = CROSSBAR if "engram-recurrent" in texts else MEMNET
    sound = zlib.crc32("".join(texts.get(key, "") for key in keys).encode() + b"".join(data[name] for name in names))
    if "checksum" in texts and int(texts["checksum"]) != sound:
        raise ValueError(f"the checksum of {path} is {texts['checksum']}, its content has {sound}")
    metadata = {key: json.loads(text) for key, text in texts.items()}
    tensors = {name: np.frombuffer(data[name], TYPES[at["dtype"]]).reshape(at["shape"]) for name, at in header.items()}
    return Model(metadata, tensors)


def write(path, model):
    """Writes the file of a model, with its checksum."""
    texts = {key: json.dumps(value) for key, value in model.metadata.items() if key != "checksum"}
    keys, names = CROSSBAR if model.recurrent else MEMNET
    header, data = {}, b""
    for name in names:
        tensor = model.tensors[name]
        kind = "F32" if tensor.dtype.kind == "f" else "I8"
        content = tensor.astype(TYPES[kind]).tobytes()
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    texts["checksum"] = str(zlib.crc32("".join(texts.get(key, "") for key in keys).encode() + data))
    text = json.dumps({"__metadata__": texts, **header}).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)
