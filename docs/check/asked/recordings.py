"""LSTMs and GRUs of every precision, with tiles, noise and memoization, on made-up recordings."""
import os

import crossbar
import files
import gates
import made
import sequences
from geometries import CROSSBAR

MEMO = [
    dict(denominator=denominator, throttling=throttling, blank=not throttling, theta=theta)
    for denominator, theta in (("current", [300, 0, 100, 4095]), ("remembered", [150, 900, 0, 60]), ("rows", [3, 0, 7, 30]))
    for throttling in (True, False)
]
BOTH = [
    dict(precisions=(4, 4, 4)),
    dict(precisions=(4, 4, 4), rows=16, read=0.5),
    dict(precisions=(1, 1, 1), rows=16),
    dict(precisions=(2, 3, 5), inputs=18),
    dict(precisions=(8, 8, 8), rows=48, preset="ecp5-85f"),
    dict(precisions=(4, 4, 4), read=17, seed=77),
    dict(precisions=(2, 4, 4), faults=dict(noise=0.3), read=0.5, seed=5, preset="ecp5-85f", rows=16, cells=4),
    dict(precisions=(4, 4, 4), faults=dict(noise=0.1), preset="ecp5-85f"),
    dict(precisions=(4, 4, 4), faults=dict(stuck=0.05), preset="ecp5-85f", cells=2),
    dict(precisions=(3, 4, 4), faults=dict(drift=1e5), preset="ecp5-85f"),
    dict(precisions=(4, 4, 4), faults=dict(wire=2e-3), preset="ecp5-85f", rows=16),
    dict(precisions=(4, 4, 4), faults=dict(noise=0.05, stuck=0.01, drift=3600, wire=1e-3), preset="ecp5-85f", read=0.5, seed=9),
    *(dict(precisions=(4, 4, 4), rows=16, memo=memo) for memo in MEMO),
]
KINDS = [dict(kind, gru=gru) for kind in BOTH for gru in (False, True)]
KINDS.append(dict(precisions=(4, 4, 4), hidden=8, preset="tiny"))
KINDS.append(dict(precisions=(4, 4, 4), preset="up5k", read=0.5))
KINDS.append(dict(precisions=(4, 4, 4), windowing=dict(pool=2, window=2, stride=1)))
KINDS.append(dict(precisions=(4, 4, 4), windowing=dict(window=4, stride=3), rows=16, read=0.5))
STEPS = 5


def series(random, channels):
    """A recording in which values are missing, some too large."""
    drawn = random.normal(1.2, 1.5, (STEPS, channels)).round(3)
    return [[None if random.random() < 0.05 else float(value) for value in step] for step in drawn]


def made_up(random, folder, number, inputs=3, hidden=20, preset="ecp5-25f", read=0, faults=None, seed=1, windowing=None, **kind):
    """(the model's file, the recordings' file, the recordings, the options of engram, the program, its classes)."""
    side_by_side = inputs * (windowing or {}).get("window", 1)
    meaning = made.recordings(random, side_by_side, 4)
    if windowing:
        meaning["classes"]["windowing"] = windowing
    model = made.crossbar(random, meaning, side_by_side, hidden, 4, **kind)
    path, data = (os.path.join(folder, f"made.{end}") for end in ("safetensors", "ts"))
    files.write(path, model)
    names = meaning["classes"]["names"]
    recordings = [(names[at % 4], series(random, inputs)) for at in range(number)]
    sequences.written(data, inputs, names, recordings)
    geometry = CROSSBAR[preset]
    options = ["--noise-read", read, "--noise-seed", seed, "--preset", preset]
    names = dict(noise="--noise-weights", stuck="--stuck-cells", drift="--drift", wire="--wire")
    options += [part for name, value in (faults or {}).items() for part in (names[name], value)]
    return path, data, recordings, options, gates.Program(model, geometry.lanes, read, faults, seed), meaning["classes"]


def check(count, engram, random, folder, quick):
    for kind in KINDS[:4] + KINDS[-8:] if quick else KINDS:
        number = 1 if quick else max(2, 100 // len(KINDS))
        path, data, recordings, options, program, classes = made_up(random, folder, number, **kind)
        for at, (_, steps) in enumerate(recordings):
            sequence = crossbar.Sequence(program)
            for step in sequences.recording(program, classes, steps):
                sequence.step(step)
            number, logit = sequence.answer()
            report, trace = engram.trace(path, "--data", data, "--sequence", at + 1, *options)
            count.same(f"{kind}, recording {at + 1}", sequence.trace, trace)
            answer = [classes["names"][number], str(logit)]
            count.equal(f"{kind}, answer", answer, [report["answer"], str(report["logit"])])
