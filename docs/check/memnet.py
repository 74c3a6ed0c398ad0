"""The memory network: "One question, step by step" of numerics.md, from the model's file to the logits."""
import numpy as np

from codes import fraction, largest, limit, padded, requantise, rounded, sign
from tables import RECIPROCAL, exponential

SETTINGS = "hops words memory_a memory_c question score centre align controller graded slots".split()


def similarity(addressing, a, b):
    if addressing == "dot":
        return a * b
    if addressing == "min":
        return sign(a) * sign(b) * np.minimum(np.abs(a), np.abs(b))
    apart = np.abs(a - b) if addressing == "hamming" else np.abs(a) ^ np.abs(b)
    return sign(a) * sign(b) * (127 - np.minimum(apart, 127))


def weighted_mean(total, weight):
    n = int(weight).bit_length() - 1
    return requantise((total << 7 >> n) * RECIPROCAL[(int(weight) << 9 >> n) - 512], 22)


def settings(model):
    """The settings of a program by name."""
    design = model.metadata["model"]
    shape, f = design["shape"], {name: fraction(text) for name, text in design["formats"].items()}
    bound = shape["elements"] * 2.0 ** design["kappa"]
    most = 24 if design["addressing"] == "min" else 255
    score, centre = -design["kappa"], int(limit(np.floor(min(3 * bound, 8 * bound - 32)), 0, most))
    if design["addressing"] == "dot":
        scores = design.get("scores") or {"shift": 0, "centre": 0}
        score, centre = f["controller"] + f["memory_a"] - 7 + scores["shift"], scores["centre"]
    return {
        "hops": shape["hops"],
        "words": shape["words"],
        "slots": shape["slots"],
        "memory_a": 6 + f["a"] - f["memory_a"],
        "memory_c": 6 + f["c"] - f["memory_c"],
        "question": 6 + f["b"] - f["controller"],
        "score": score,
        "centre": centre,
        "align": f["h"] + f["controller"] - f["memory_c"],
        "controller": f["h"],
        "graded": int(design.get("graded", False)),
    }


class Program:
    """Settings, and tensors padded to a geometry."""

    def __init__(self, model, geometry):
        design, tensors = model.metadata["model"], model.tensors
        self.settings, self.geometry = settings(model), geometry
        self.addressing, self.bits = design["addressing"], design.get("bits", 8)
        self.vocabulary = model.metadata["vocabulary"]
        e = geometry.elements
        words, have = tensors["A"].shape
        self.tensors = {name: padded(tensors[name], words, e) for name in "ABCW"}
        self.tensors["H"] = padded(tensors["H"], e, e)
        slots = self.settings["slots"]
        for name in ("T_A", "T_C"):
            self.tensors[name] = padded(tensors[name], slots, e)
        self.tensors["T_A"][:, have::2], self.tensors["T_A"][:, have + 1 :: 2] = 127, -127
        position = padded(tensors["position"], len(tensors["position"]), e)
        beyond = np.repeat(position[-1:], geometry.positions - len(position), axis=0)
        self.tensors["position"] = np.concatenate([position, beyond])

    def grade(self, hop):
        """d_k of numerics.md."""
        hops = self.settings["hops"]
        if not self.settings["graded"] or hops == 1:
            return 0
        return {0: -1, hops - 1: 1}.get(hop, 0)

    def words(self, text):
        """The numbers of a text's words."""
        return [self.vocabulary.index(word) for word in text.lower().rstrip(".?! \n").split()]


class Memory:
    """The story of a device, and the values of its computations by name."""

    def __init__(self, program):
        self.program = program
        self.clear()

    def clear(self):
        self.m, self.c, self.trace = [], [], {}

    def bag(self, tensor, words):
        weights = self.program.tensors["position"][: len(words)]
        return (weights * self.program.tensors[tensor][words]).sum(axis=0)

    def sentence(self, words):
        s, bits = self.program.settings, self.program.bits
        at = len(self.m)
        self.m.append(requantise(self.bag("A", words), s["memory_a"], bits))
        self.c.append(requantise(self.bag("C", words), s["memory_c"], bits))
        self.trace[f"m[{at}]"], self.trace[f"c[{at}]"] = self.m[-1], self.c[-1]

    def question(self, words):
        """The word's number and its logit."""
        p, s, bits = self.program, self.program.settings, self.program.bits
        newest = slice(None, -s["slots"] - 1, -1)
        m, c = np.array(self.m)[newest], np.array(self.c)[newest]
        with_age = m + p.tensors["T_A"][: len(m)]
        read = requantise(c + p.tensors["T_C"][: len(c)], 0, bits)
        trace = self.trace
        trace["u[0]"] = u = requantise(self.bag("B", words), s["question"] - p.grade(0), bits)
        for k in range(s["hops"]):
            d = p.grade(k)
            scores = similarity(p.addressing, u, requantise(with_age, -d, bits)).sum(axis=1)
            trace[f"s[{k}]"] = z = limit(rounded(scores, s["score"]) - 16 * s["centre"], -512, 511)
            trace[f"e[{k}]"] = e = exponential(z)
            o = weighted_mean((e[:, None] * read).sum(axis=0), e.sum())
            trace[f"o[{k}]"] = o = requantise(o, 0, bits)
            u = p.tensors["H"] @ u + (o << s["align"] + d)
            trace[f"u[{k + 1}]"] = u = requantise(u, s["controller"] + d - p.grade(k + 1) * (k + 1 < s["hops"]), bits)
        trace["logit[0]"] = logits = p.tensors["W"] @ u
        word = largest(logits)
        return word, int(logits[word])
