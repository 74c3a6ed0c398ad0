"""The bytes of a program on the link: the payloads of Begin, of its rows in their order, and of Seal. "Programs" of link.md."""
import zlib

import numpy as np

from memnet import SETTINGS


H, POSITION, AGES = 5, 6, 7


def memnet(program):
    regions = {**dict(enumerate(program.embeddings)), H: program.h, POSITION: program.position, **dict(enumerate(program.ages, AGES))}
    rows = [bytes([region, row]) + codes(values) for region, each in regions.items() for row, values in enumerate(each)]
    return sealed([bytes(program.settings[name] for name in SETTINGS), *rows])


def crossbar(program, bits):
    """Of a device that keeps so many bits of a weight."""
    p = program
    begin = bytes([p.hidden % 256, p.inputs, p.classes, p.tile, p.dac + 128 * p.gru, p.adc])
    for gate in p.gates:
        begin += bytes([gate["m"], gate["s"]]) + gate["noise"].to_bytes(2, "little") + gate["q"].to_bytes(2, "little")
    begin += p.seed.to_bytes(4, "little")
    readout = np.zeros((p.classes, p.rows_h), np.int64)
    readout[:, : p.hidden] = p.readout
    columns = [column[slice(*p.span(number % 4))] for number, column in enumerate(p.columns)]
    weights = b"".join(map(codes, columns)) + codes(readout)
    if bits == 4:
        weights = bytes(low & 15 | (high & 15) << 4 for low, high in zip(weights[::2], weights[1::2]))
    biases = np.concatenate([p.bias, p.readout_bias]).astype("<i4").tobytes()
    rows = []
    for region, content in enumerate((weights, biases)):
        for row in range(-(-len(content) // 64)):
            rows.append(bytes([region]) + row.to_bytes(2, "little") + content[64 * row : 64 * row + 64].ljust(64, b"\0"))
    return sealed([begin, *rows])


def codes(values):
    return np.asarray(values).astype(np.int8).tobytes()


def sealed(payloads):
    """(Begin, rows, hash)."""
    return payloads[0], payloads[1:], zlib.crc32(b"".join(payloads)).to_bytes(4, "little")


def memoize(settings):
    """The payload of Memoize."""
    bits = {"current": 0, "remembered": 1, "rows": 2}[settings["denominator"]]
    bits += 4 * settings["throttling"] + 8 * settings["blank"]
    return bytes([bits]) + b"".join(theta.to_bytes(2, "little") for theta in settings["theta"])
