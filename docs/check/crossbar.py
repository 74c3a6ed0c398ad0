"""The crossbar, LSTMs and GRUs: "The crossbar" of numerics.md, a step at a time."""
import numpy as np

from codes import largest, limit, rounded
from memo import Predictor
from noise import drawn, xorshift
from tables import sigmoid, tanh


def index(x, shift):
    return limit(rounded(x, shift), -256, 255)


class Sequence:
    """The state of a device, and the values of its computations by name."""

    def __init__(self, program):
        self.program = program
        self.clear()

    def clear(self):
        p = self.program
        self.h, self.r = np.zeros(p.hidden, np.int64), np.zeros(p.hidden, np.int64)
        self.cell = np.zeros(p.hidden, np.int64)
        self.z = np.zeros(4 * p.hidden, np.int64)
        self.steps, self.noise, self.trace = 0, p.seed, {}
        self.predictor = Predictor(p) if p.memo else None

    def convert(self, total, gate):
        """The code of a tile's sum, with the noise of this conversion."""
        p = self.program
        self.noise = xorshift(self.noise)
        exact = int(total) * gate["m"] + drawn(self.noise, gate)
        if p.adc == 1:
            return -1 if exact < 0 else 1
        return int(limit(rounded(exact, gate["s"]), -p.l_adc, p.l_adc))

    def step(self, inputs):
        """A step with the DAC codes of the inputs."""
        p = self.program
        v = np.zeros(p.rows_x + p.rows_h, np.int64)
        v[: p.inputs] = inputs
        v[p.rows_x : p.rows_x + p.hidden] = self.h
        memo = self.predictor.decide(v) if p.memo else np.zeros(4 * p.hidden, np.int64)
        sums, codes = [], []
        for column in np.flatnonzero(memo != 1):
            gate = p.gates[column % 4]
            tiles = [p.columns[column, low:high] @ v[low:high] for low, high in p.tiles(column % 4)]
            converted = [self.convert(total, gate) for total in tiles]
            self.z[column] = index(gate["q"] * sum(converted) + p.bias[column], 7)
            sums, codes = sums + tiles, codes + converted
        values = {"memo": memo} if p.memo else {}
        values.update(S=sums, a=codes, z=self.z.copy(), **(self.gru() if p.gru else self.lstm()))
        self.trace.update({f"{name}[{self.steps}]": each for name, each in values.items()})
        self.steps += 1

    def codes(self, h, unit):
        """DAC codes and readout codes of h in units of 2^-unit."""
        p = self.program
        self.h = np.where(h < 0, -1, 1) if p.dac == 1 else rounded(h * p.l_dac, unit)
        self.r = rounded(127 * h, unit)
        return {"h": self.h, "r": self.r}

    def lstm(self):
        i, f, g, o = (table(self.z[at::4]) for at, table in enumerate((sigmoid, sigmoid, tanh, sigmoid)))
        self.cell = limit(rounded(f * self.cell + 2 * i * g, 10), -(2**15), 2**15 - 1)
        h = o * tanh(index(self.cell, 6))
        gates = np.stack([i, f, g, o], axis=1).ravel()
        return {"gate": gates, "cell": self.cell, **self.codes(h, 20)}

    def gru(self):
        z, r = sigmoid(self.z[0::4]), sigmoid(self.z[1::4])
        nx, nh = self.z[2::4], self.z[3::4]
        n = tanh(index(1024 * nx + r * nh, 10))
        self.cell = limit(rounded((n << 14) + z * (self.cell - 16 * n), 10), -(2**15), 2**15 - 1)
        gates = np.stack([z, r, n, nh], axis=1).ravel()
        return {"gate": gates, "cell": self.cell, **self.codes(self.cell, 14)}

    def answer(self):
        """The class and its logit."""
        p = self.program
        self.trace["logit[0]"] = logits = p.readout_bias + p.readout @ self.r
        number = largest(logits)
        return number, int(logits[number])
