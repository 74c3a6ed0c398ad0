"""How many values were compared, and how many differ."""
import numpy as np


class Count:
    def __init__(self):
        self.compared = self.different = 0

    def equal(self, what, ours, engram):
        """Compares a number, a text, bytes or a list of numbers."""
        ours, engram = np.atleast_1d(np.asarray(ours)), np.atleast_1d(np.asarray(engram))
        if ours.shape == engram.shape:
            different = int((ours != engram).sum())
        else:
            different = max(ours.size, engram.size)
        self.compared += max(ours.size, engram.size)
        self.different += different
        if different:
            print(f"{what}: {different} values differ\n  page:   {ours}\n  engram: {engram}")

    def same(self, what, ours, engram):
        """Compares values by name, and the names."""
        self.equal(f"names of {what}", sorted(ours), sorted(engram))
        for name in ours:
            if name in engram:
                self.equal(f"{what}, {name}", ours[name], engram[name])
