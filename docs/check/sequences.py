"""What a crossbar network reads: recordings by a normaliser. "The file of a crossbar network" of numerics.md."""
import numpy as np


def recording(program, normaliser, values):
    """The DAC codes of each step of a recording (steps x channels); None or NaN is a missing value."""
    mean, deviation, span = (np.array(normaliser[name], np.float32) for name in ("mean", "deviation", "range"))
    values = np.array(values, np.float32)
    x = ((values - mean) / deviation) / span
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
