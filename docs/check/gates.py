"""A crossbar network's program: the settings and columns that follow from its file. "The file of a crossbar network" of numerics.md."""
import numpy as np

import noise
from codes import limit, padded

F32 = np.float32
BIAS = 2**23 - 1


def largest_code(bits):
    """L of codes of so many bits."""
    return max(1, 2 ** (bits - 1) - 1)


def up(number, multiple):
    return -(-number // multiple) * multiple


class Program:
    """Weights by column (cell by cell, gate by gate; rows of x, then of h), biases and gates for a device of `lanes` lanes,
    with noise of converters (`read`) and faults of cells: noise, stuck, drift, wire."""

    def __init__(self, model, lanes, read=0.0, cells=None, seed=1):
        design, tensors = model.metadata["design"], model.tensors
        self.gru, self.lanes, self.seed = design.get("cell") == "gru", lanes, seed
        shape, bits = design["shape"], design["precisions"]
        self.inputs, self.hidden, self.classes = (shape[name] for name in ("inputs", "hidden", "outputs"))
        self.dac, self.adc = bits["dac"], bits["adc"]
        self.l_dac, self.l_adc, l_w = (largest_code(bits[name]) for name in ("dac", "adc", "weights"))
        self.rows_x, self.rows_h = up(self.inputs, lanes), up(self.hidden, lanes)
        self.tile = design["tiling"]["rows"]
        if self.tile and up(self.inputs, design["tiling"]["lanes"]) != self.rows_x:
            raise ValueError(f"tiles of {self.tile} rows do not fit {lanes} lanes")

        def by_column(tensor):
            return tensor.reshape(*tensor.shape[:-1], 4, self.hidden).swapaxes(-1, -2).reshape(*tensor.shape[:-1], -1)

        columns = by_column(tensors["weights"]).T
        bias = by_column(np.rint(F32(4096) * tensors["bias"]).astype(np.int64))
        self.bias = limit(bias, -BIAS, BIAS)
        self.readout = tensors["readout"].T
        scale = (F32(design["readout_range"]) / F32(l_w)) / F32(127)
        self.readout_bias = limit(np.rint(tensors["readout_bias"] / scale).astype(np.int64), -BIAS, BIAS)
        self.gates = [self.gate(*each, l_w) for each in zip(design["ranges"], design["converters"])]
        if cells:
            places = np.array([*range(self.inputs), *range(self.rows_x, self.rows_x + self.hidden)])
            rows, x = len(places), self.inputs
            reads = [(0, rows), (0, rows), (0, x), (x, rows)] if self.gru else [(0, rows)] * 4
            wires = reads, places, self.tile or self.rows_x + self.rows_h
            columns, finer, factors = noise.programmed(columns, cells, l_w, design["tiling"]["cells"], seed, *wires)
            scales = [int(limit(np.rint(gate["q"] * factor), 1, 65535)) for gate, factor in zip(self.gates, factors)]
            self.gates = [dict(gate, s=gate["s"] + finer, q=q) for gate, q in zip(self.gates, scales)]
        self.gates = [noise.coarser(gate, read) for gate in self.gates]
        self.columns = np.zeros((4 * self.hidden, self.rows_x + self.rows_h), np.int64)
        self.columns[:, : self.inputs] = columns[:, : self.inputs]
        self.columns[:, self.rows_x : self.rows_x + self.hidden] = columns[:, self.inputs :]
        # The rows that each gate reads, without padding.
        x, h = range(self.inputs), range(self.rows_x, self.rows_x + self.hidden)
        both = [*x, *h]
        self.reads = [both, both, list(x), list(h)] if self.gru else [both] * 4
        if self.gru:
            self.columns[2::4, self.rows_x :] = 0
            self.columns[3::4, : self.rows_x] = 0
        self.memo = model.metadata.get("memoization")

    def gate(self, weight_range, converter, l_w):
        m, s = converter["mantissa"], converter["shift"]
        step = (F32(weight_range) / F32(l_w)) / F32(self.l_dac)
        q = np.rint(F32(4096) * (step / (F32(m) / F32(2**s))))
        return {"m": m, "s": s, "q": int(limit(q, 1, 65535)), "noise": 0}

    def span(self, gate):
        """The rows that a column of this gate reads, padding included: (from, to)."""
        total = self.rows_x + self.rows_h
        return (0, total) if not self.gru else [(0, total), (0, total), (0, self.rows_x), (self.rows_x, total)][gate]

    def tiles(self, gate):
        """The rows of each tile that a column of this gate converts: (from, to)."""
        total = self.rows_x + self.rows_h
        low, high = self.span(gate)
        size = self.tile or total
        tiles = [(at, min(at + size, total)) for at in range(0, total, size)]
        return [tile for tile in tiles if tile[0] < high and tile[1] > low]

    def codes(self, numbers):
        """DAC codes of inputs in [-1, 1]."""
        if self.dac == 1:
            return np.where(np.asarray(numbers) < 0, -1, 1)
        return limit(np.rint(np.asarray(numbers, np.float64) * self.l_dac).astype(np.int64), -self.l_dac, self.l_dac)

    def symbol(self, number):
        return np.eye(self.inputs, dtype=np.int64)[number] * self.l_dac
