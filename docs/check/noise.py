"""Noise of a crossbar's cells and converters: `--noise-read` and `--noise-weights` of numerics.md."""
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


def programmed(columns, share, l_w, cells, seed):
    """(weights with noise, the bits F by which they are finer)."""
    finer = max([f for f in range(7) if 1.25 * l_w * 2**f <= 127], default=0)
    random = ChaCha8(seed)

    def normal():
        a, b = random.unit(), random.unit()
        return math.sqrt(-2 * math.log(1 - a)) * math.cos(2 * math.pi * b)

    deviation = share * l_w / math.sqrt(cells)
    normals = np.array([[normal() for _ in column] for column in columns])
    noisy = np.rint((columns + deviation * normals) * 2**finer).astype(np.int64)
    return limit(noisy, -127, 127), finer
