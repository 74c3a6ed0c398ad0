"""What a crossbar network reads: recordings in windows by a normaliser. "The file of a crossbar network" of numerics.md."""
import numpy as np


def windows(windowing, steps):
    """The steps of a recording that a network takes as one."""
    pool, window, stride = (windowing.get(name, 1) for name in ("pool", "window", "stride"))
    means = [[mean(channel) for channel in zip(*steps[at : at + pool])] for at in range(0, len(steps), pool)]
    count = 1 + -(-max(len(means) - window, 0) // stride)
    side_by_side = lambda begin: [means[min(at, len(means) - 1)] for at in range(begin, begin + window)]
    return [sum(side_by_side(at * stride), []) for at in range(count)]


def mean(values):
    """The mean of the values that are there, summed in 64 bits one after the other; NaN of none."""
    known = [float(value) for value in values if not np.isnan(value)]
    return np.float32(sum(known) / len(known)) if known else np.float32("nan")


def recording(program, classes, values):
    """The DAC codes of each step of a recording (steps x channels); None or NaN is a missing value."""
    normaliser, values = classes["normaliser"], np.array(values, np.float32)
    if "windowing" in classes:
        values = windows(classes["windowing"], values)
    centre, deviation, span = (np.array(normaliser[name], np.float32) for name in ("mean", "deviation", "range"))
    values = np.array(values, np.float32)
    x = ((values - centre) / deviation) / span
    x = np.where(np.isnan(x), np.float32(0), np.minimum(np.maximum(x, np.float32(-1)), np.float32(1)))
    return program.codes(x)


def written(path, channels, classes, recordings):
    """Writes recordings (class, steps x channels) as a file of the format .ts, in which engram reads them."""
    with open(path, "w") as file:
        file.write("@problemName check\n@timeStamps false\n@univariate false\n")
        file.write(f"@dimensions {channels}\n@classLabel true {' '.join(classes)}\n@data\n")
        for name, steps in recordings:
            series = [",".join("?" if x is None else repr(x) for x in channel) for channel in zip(*steps)]
            file.write(":".join(series) + f":{name}\n")
