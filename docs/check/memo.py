"""Fuzzy memoization: which columns a step computes. "Fuzzy memoization" of numerics.md."""
import numpy as np

from codes import sign
from tables import R


class Predictor:
    def __init__(self, program):
        self.program, self.settings = program, program.memo
        columns = 4 * program.hidden
        self.known = np.zeros(columns, bool)
        self.agreement, self.drift = np.zeros(columns, np.int64), np.zeros(columns, np.int64)

    def decide(self, v):
        """0 computed, 1 remembered, 2 computed for want of a comparison, for each column; keeps what the next step compares with."""
        p, settings = self.program, self.settings
        signs = sign(v)
        if settings["blank"]:
            signs[: p.inputs][v[: p.inputs] == 0] = -1
        memo = np.zeros(4 * p.hidden, np.int64)
        for g, rows in enumerate(p.reads):
            at = slice(g, None, 4)
            a = (sign(p.columns[at][:, rows]) * signs[rows]).sum(axis=1)
            old, theta = self.agreement[at].copy(), settings["theta"][g]
            apart = np.abs(a - old)
            n = np.abs(a if settings["denominator"] == "current" else old)
            if settings["denominator"] == "rows":
                error, comparable = apart, self.known[at]
            else:
                error, comparable = apart * R[np.maximum(n, 1) - 1] >> 8, self.known[at] & (n > 0)
            error = np.minimum(4095, error)
            drift = np.minimum(4095, self.drift[at] + error) if settings["throttling"] else error
            remembered = comparable & (drift < theta)
            memo[at] = np.where(remembered, 1, np.where(comparable, 0, 2))
            self.drift[at] = np.where(remembered, drift, 0)
            self.agreement[at] = np.where(remembered, old, a)
        self.known[:] = True
        return memo
