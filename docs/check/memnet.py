"""The memory network: "One question, step by step" of numerics.md, from the model's file to the logits."""
import numpy as np

from codes import fraction, largest, limit, padded, requantise, rounded, sign
from tables import RECIPROCAL, exponential

SETTINGS = "hops words answers memory_a memory_c question score centre padding align controller graded adjacent slots".split()


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


def settings(model, geometry):
    """The settings of a model's program by name, in the order of SETTINGS."""
    design = model.metadata["model"]
    shape, f = design["shape"], {name: fraction(text) for name, text in design["formats"].items()}
    adjacent, graded = tying(model) == "adjacent", design.get("graded", False)
    bound = shape["elements"] * 2.0 ** design["kappa"]
    most = 24 if design["addressing"] == "min" else 255
    score, centre = -design["kappa"], int(limit(np.floor(min(3 * bound, 8 * bound - 32)), 0, most))
    # Of two zeros, which padding is.
    padding = geometry.elements - shape["elements"] if similarity(design["addressing"], 0, 0) else 0
    if design["addressing"] == "dot":
        scores = design.get("scores") or {"shift": 0, "centre": 0}
        score, centre = f["controller"] + f["memory_a"] - 7 + scores["shift"], scores["centre"]
    controller = max(0, f["memory_c"] - f["controller"]) if adjacent else f["h"]
    return {
        "hops": shape["hops"],
        "words": shape["words"],
        "answers": shape.get("answers") or shape["words"],
        "memory_a": 6 + f["a"] - f["memory_a"],
        "memory_c": 6 + f["c"] - f["memory_c"],
        "question": 6 + f["b"] - f["controller"],
        "score": score,
        "centre": centre,
        "padding": padding,
        "align": controller + f["controller"] - f["memory_c"],
        "controller": controller,
        "graded": int(graded),
        "adjacent": int(adjacent),
        "slots": shape["slots"],
    }


def tying(model):
    return model.metadata["model"]["shape"].get("tying", "layer-wise")


class Network:
    """Settings and tensors, as a device holds them: embeddings A, B, C, W or E_0 to E_K, age words T_A, T_C or T_0 to T_K, of H
    what stands for it on the link."""

    def __init__(self, settings, embeddings, h, position, ages, addressing, bits=8):
        self.settings, self.addressing, self.bits = settings, addressing, bits
        self.embeddings, self.h, self.position, self.ages = embeddings, h, position, ages

    @property
    def adjacent(self):
        return self.settings["adjacent"]

    @property
    def memories(self):
        """The numbers of the embeddings that sentences are stored with, a memory each."""
        return range(self.settings["hops"] + 1) if self.adjacent else (0, 2)

    @property
    def asking(self):
        """The number of the embedding of questions."""
        return 0 if self.adjacent else 1

    @property
    def answering(self):
        return self.settings["hops"] if self.adjacent else 3

    def addressed_and_read(self, hop):
        """The numbers of two memories."""
        return (hop, hop + 1) if self.adjacent else (0, 1)

    def controlled(self, u):
        """H u, exactly."""
        return self.h[0] * u if self.adjacent else u @ self.h

    def grade(self, hop):
        """d_k of numerics.md."""
        hops = self.settings["hops"]
        if not self.settings["graded"] or hops == 1:
            return 0
        return {0: -1, hops - 1: 1}.get(hop, 0)


class Program(Network):
    """A model's program: rows padded to a geometry, those that a host sends."""

    def __init__(self, model, geometry):
        design = model.metadata["model"]
        self.geometry, self.vocabulary = geometry, model.metadata["vocabulary"]
        own = settings(model, geometry)
        tensors = {name: padded(tensor, len(tensor), geometry.elements) for name, tensor in model.tensors.items()}
        words, slots, answers = own["words"], own["slots"], own["answers"]
        if own["adjacent"]:
            embeddings = [tensors["A"], *parts(tensors["C"], words)]
            ages = [tensors["T_A"], *parts(tensors["T_C"], slots)]
            h = np.full((1, geometry.elements), 1 << own["controller"])
        else:
            embeddings = [tensors["A"], tensors["B"], tensors["C"], tensors["W"][:answers]]
            ages = [tensors["T_A"], tensors["T_C"]]
            h = padded(tensors["H"], geometry.elements, geometry.elements).T
        position = tensors["position"]
        position = np.concatenate([position, np.repeat(position[-1:], geometry.positions - len(position), axis=0)])
        super().__init__(own, embeddings, h, position, ages, design["addressing"], design.get("bits", 8))

    def words(self, text):
        """The numbers of a text's words."""
        return [self.vocabulary.index(word) for word in text.lower().rstrip(".?! \n").split()]


def parts(tensor, rows):
    """Tensors that stand one below the other."""
    return [tensor[at : at + rows] for at in range(0, len(tensor), rows)]


class Memory:
    """The story of a device, and the values of its computations by name."""

    def __init__(self, network):
        self.network = network
        self.clear()

    def clear(self):
        self.memories, self.trace = [[] for _ in self.network.memories], {}

    def bag(self, embedding, words):
        n = self.network
        return (n.position[: len(words)] * n.embeddings[embedding][list(words)]).sum(axis=0)

    def sentence(self, words):
        n = self.network
        for number, (memory, embedding) in enumerate(zip(self.memories, n.memories)):
            shift = n.settings["memory_c" if number else "memory_a"]
            code = requantise(self.bag(embedding, words), shift, n.bits)
            self.trace[f"{['m', 'c'][number] if number < 2 else f'c{number}'}[{len(memory)}]"] = code
            memory.append(code)

    def question(self, words):
        """The word's number and its logit."""
        n, s, bits, trace = self.network, self.network.settings, self.network.bits, self.trace
        newest = [np.array(memory)[: -s["slots"] - 1 : -1] for memory in self.memories]
        aged = [memory + n.ages[number][: len(memory)] for number, memory in enumerate(newest)]
        trace["u[0]"] = u = requantise(self.bag(n.asking, words), s["question"] - n.grade(0), bits)
        for k in range(s["hops"]):
            d, (addressed, read) = n.grade(k), n.addressed_and_read(k)
            scores = similarity(n.addressing, u, requantise(aged[addressed], -d, bits)).sum(axis=1) - 127 * s["padding"]
            trace[f"s[{k}]"] = z = limit(rounded(scores, s["score"]) - 16 * s["centre"], -512, 511)
            trace[f"e[{k}]"] = e = exponential(z)
            o = weighted_mean((e[:, None] * requantise(aged[read], 0, bits)).sum(axis=0), e.sum())
            trace[f"o[{k}]"] = o = requantise(o, 0, bits)
            u = n.controlled(u) + (o << s["align"] + d)
            trace[f"u[{k + 1}]"] = u = requantise(u, s["controller"] + d - n.grade(k + 1) * (k + 1 < s["hops"]), bits)
        trace["logit[0]"] = logits = n.embeddings[n.answering][: s["answers"]] @ u
        word = largest(logits)
        return word, int(logits[word])
