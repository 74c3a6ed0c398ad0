"""Codes and their rounding: "Codes and formats" of numerics.md. Numbers are Python integers or arrays of int64."""
import numpy as np


def rounded(x, shift):
    """round(x / 2^shift), to nearest, ties to even; a negative shift multiplies."""
    x = np.asarray(x, np.int64)
    if shift <= 0:
        return x << -shift
    floor, rest, half = x >> shift, x & ((1 << shift) - 1), 1 << (shift - 1)
    return floor + ((rest > half) | ((rest == half) & (floor & 1 == 1)))


def limit(x, low, high):
    return np.minimum(np.maximum(x, low), high)


def saturate(x, bits=8):
    """Limits to ±127, or to the largest code of fewer bits."""
    return limit(x, 1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1)


def requantise(x, shift, bits=8):
    """A code of 8 bits; of fewer, a multiple of 2^(8 - bits)."""
    drop = 8 - bits
    return saturate(rounded(x, shift + drop), bits) << drop


def sign(x):
    return np.where(np.asarray(x) < 0, -1, 1)


def fraction(text):
    """f of the format "Qi.f"."""
    return int(text.split(".")[1])


def padded(array, *sizes):
    """The array with zeros behind it, up to these sizes."""
    return np.pad(array, [(0, size - have) for size, have in zip(sizes, array.shape)])


def largest(values):
    """The index of the largest value, the lowest among equals."""
    return int(np.argmax(values))
