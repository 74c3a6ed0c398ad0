"""How many values were compared, and how many differ."""
import numpy as np


def array(values):
    """Values of any type in one dimension; bytes one by one, lists of bytes whole."""
    if isinstance(values, bytes):
        return np.frombuffer(values, np.uint8)
    values = list(values) if isinstance(values, (list, tuple)) else values
    return np.atleast_1d(np.asarray(values, object if isinstance(values, list) else None))


class Count:
    def __init__(self):
        self.compared = self.different = 0

    def equal(self, what, ours, theirs):
        """Compares a number, a text, bytes or a list of numbers."""
        ours, theirs = array(ours), array(theirs)
        if ours.shape == theirs.shape:
            different = int((ours != theirs).sum())
        else:
            different = max(ours.size, theirs.size)
        self.compared += max(ours.size, theirs.size)
        self.different += different
        if different:
            print(f"{what}: {different} values differ\n  computed: {ours}\n  expected: {theirs}")

    def same(self, what, ours, theirs):
        """Compares values by name, and the names."""
        self.equal(f"names of {what}", sorted(ours), sorted(theirs))
        for name in ours:
            if name in theirs:
                self.equal(f"{what}, {name}", ours[name], theirs[name])
