"""Models of random codes, of every kind that the pages describe, so that the check needs no training and no data."""
import numpy as np

from files import Model

FORMATS = dict(a="Q2.5", b="Q2.5", c="Q3.4", w="Q2.5", h="Q1.6", memory_a="Q2.5", memory_c="Q3.4", controller="Q2.5")


def memnet(random, vocabulary, elements=32, slots=8, positions=8, hops=3, signs=False, tying=None, answers=None, formats={}, **design):
    """A memory network of these words; `design` has mode, addressing, graded, bits, kappa, scores, where they are not the usual."""
    words, adjacent = len(vocabulary), tying == "adjacent"
    shape = dict(words=words, elements=elements, slots=slots, hops=hops, positions=positions)
    shape.update({name: value for name, value in (("tying", tying), ("answers", answers)) if value})
    kept = {"mode": "qmann", "addressing": "hamming", "graded": False, "bits": 8, "kappa": -1, **design}
    drop = 2 ** (8 - kept["bits"])

    def codes(largest, *size):
        return (np.clip(random.normal(0, largest / 2, size), -127, 127) / drop).round().clip(1 - 128 // drop, 128 // drop - 1) * drop

    sizes = {"A": words, "B": words, "C": words, "W": words, "H": elements, "T_A": slots, "T_C": slots}
    if adjacent:
        sizes.update(B=0, C=hops * words, W=0, H=0, T_C=hops * slots)
    tensors = {name: codes(60 if name < "T" else 20, rows, elements).astype(np.int64) for name, rows in sizes.items()}
    if signs:
        tensors.update({name: random.integers(0, 2, tensors[name].shape) * 2 - 1 for name in "ABCH"})
    tensors["position"] = random.integers(20, 128, (positions, elements))
    usual = dict(FORMATS, a="Q5.2", b="Q5.2", c="Q5.2", h="Q4.3") if signs else FORMATS
    usual = dict(usual, c="Q2.5", memory_c="Q2.5", h="Q0.7") if adjacent else usual
    chosen = {**usual, **formats}
    if adjacent:
        chosen.update(b=chosen["a"], w=chosen["c"])
    model = {**kept, "shape": shape, "encoding": "learnt", "formats": chosen}
    return Model({"engram": 1, "model": model, "vocabulary": list(vocabulary)}, tensors)


def crossbar(random, meaning, inputs, hidden, outputs, precisions, rows=0, gru=False, memo=None, cells=1):
    """An LSTM, or GRUs, with precisions of (weights, DAC, ADC) bits."""
    weight_bits, dac, adc = precisions
    largest = max(1, 2 ** (weight_bits - 1) - 1)

    def codes(*size):
        if weight_bits == 1:
            return random.integers(0, 2, size) * 2 - 1
        return random.integers(-largest, largest + 1, size)

    def numbers(*size):
        return random.uniform(0.4, 1.6, size).astype(np.float32).tolist()

    # A tile's deviation should come near a third of the converter's range.
    deviation = largest * max(1, 2 ** (dac - 1) - 1) * np.sqrt(rows or inputs + hidden) / 3
    gain = max(1, 2 ** (adc - 1) - 1) / 2 / deviation
    shift = int(np.clip(np.floor(np.log2(255 / gain)), 0, 24))
    converters = [{"mantissa": int(np.clip(random.uniform(0.6, 1) * gain * 2**shift, 1, 255)), "shift": shift} for _ in range(4)]
    design = {
        **({"cell": "gru"} if gru else {}),
        "shape": dict(inputs=inputs, hidden=hidden, outputs=outputs),
        "precisions": dict(weights=weight_bits, dac=dac, adc=adc),
        "tiling": dict(rows=rows, lanes=16, cells=cells),
        "ranges": numbers(4),
        "readout_range": numbers(1)[0],
        "converters": converters,
    }
    tensors = {
        "weights": codes(inputs + hidden, 4 * hidden),
        "bias": random.normal(0, 0.5, 4 * hidden).astype(np.float32),
        "readout": codes(hidden, outputs),
        "readout_bias": random.normal(0, 0.2, outputs).astype(np.float32),
    }
    metadata = {"engram-recurrent": 1, "design": design, "meaning": meaning}
    if memo:
        metadata["memoization"] = memo
    return Model(metadata, tensors)


def recordings(random, channels, classes):
    """What a model of recordings reads: (meaning, names of its classes)."""
    names = [f"class-{number}" for number in range(classes)]
    normal = {name: random.uniform(0.5, 2, channels).astype(np.float32).tolist() for name in ("mean", "deviation", "range")}
    return {"classes": {"names": names, "normaliser": normal}}
