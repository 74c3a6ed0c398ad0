"""Noise of a crossbar's cells and converters, and faults of its cells: `--noise-read` to `--wire` of numerics.md."""
import math

import numpy as np

from codes import limit
from chacha import ChaCha8

DEVIATION = 147.80031


def xorshift(x):
    x ^= x << 13 & 0xFFFFFFFF
    x ^= x >> 17
    return x ^ (x << 5 & 0xFFFFFFFF)


def drawn(state, gate):
    """N of one conversion; `state` is new."""
    return (sum(state.to_bytes(4, "little")) - 510) * gate["noise"] >> 8


def coarser(gate, read):
    """The gate with read noise of so many steps of the converter, its gain coarser where the noise would not fit."""
    m, s = gate["m"], gate["s"]
    for t in range(min(s, int(math.log2(m // 16)) if m >= 16 else 0) + 1):
        noise = math.floor(read * 2.0 ** (s - t) * 256 / DEVIATION + 0.5)
        if noise <= 65535:
            return dict(gate, m=(m + (1 << t >> 1)) >> t, s=s - t, noise=noise)
    raise ValueError(f"read noise of {read} steps does not fit a gate of mantissa {m} and shift {s}")


def normal(random):
    a, b = random.unit(), random.unit()
    return math.sqrt(-2 * math.log(1 - a)) * math.cos(2 * math.pi * b)


def held(weight, random, stuck, l_w, pairs):
    """The weight of pairs of cells, some of them stuck."""
    def cell(g):
        draw = random.unit()
        return 0.0 if draw < stuck / 2 else l_w if draw < stuck else g

    return sum(cell(max(weight, 0.0)) - cell(max(-weight, 0.0)) for _ in range(pairs)) / pairs


def dropped(column, places, tile, wire, l_w):
    """A column at the end of its wire, tile by tile."""
    number, tiles = places % tile + 1, places // tile
    share = np.abs(column) / (2 * l_w)
    along = np.array([(np.minimum(number[at], number) * share)[tiles == tiles[at]].sum() for at in range(len(column))])
    return column * np.maximum(1 - wire * along, 0)


def programmed(columns, cells, l_w, pairs, seed, reads, places, tile):
    """(the weights that cells hold, the bits F by which they are finer, the factor of each gate that makes up for drift)."""
    finer = max([f for f in range(7) if 1.25 * l_w * 2**f <= 127], default=0)
    weights, factors = columns.astype(float), np.ones(4)
    if cells.get("noise"):
        random, deviation = ChaCha8(seed), cells["noise"] * l_w / math.sqrt(pairs)
        weights += deviation * np.array([[normal(random) for _ in column] for column in columns])
    if cells.get("stuck"):
        random = ChaCha8(seed + 2**32)
        weights = np.array([[held(weight, random, cells["stuck"], l_w, pairs) for weight in column] for column in weights])
    for gate, (low, high) in enumerate(reads):
        weights[gate::4, :low] = 0
        weights[gate::4, high:] = 0
    if cells.get("drift", 0) > 20:
        random, before = ChaCha8(seed + 2**33), weights
        exponents = np.array([[max(0.0, 0.05 + 0.01 * normal(random)) for _ in column] for column in columns])
        weights = weights * np.exp(-exponents * math.log(cells["drift"] / 20))
        sums = [[np.abs(each[gate::4]).sum() for gate in range(4)] for each in (before, weights)]
        factors = np.array([a / b if b else 1.0 for a, b in zip(*sums)])
    if cells.get("wire"):
        weights = np.array([dropped(column, places, tile, cells["wire"], l_w) for column in weights])
    return limit(np.rint(weights * 2**finer).astype(np.int64), -127, 127), finer, factors
