"""A memory network in onnxruntime, float: the same shape, weights and questions as the integer model's, one thread.

The graph is laid out for speed. Position weights are folded into the tables of embeddings (a row for each word at each
place), A and C lie side by side in one table, and the age word is one more row of it, so that a story becomes its memory
in one operation. There are two ways for that operation, a gather of rows and their sum, or a product with rows of word
counts; what is reported is the faster one. At batch 128, questions about stories of like length share a batch.
"""

import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SECONDS = 0.2


class Network:
    """The weights and questions that `questions` wrote."""

    def __init__(self, exported):
        self.elements, self.words, self.hops = (exported[name] for name in ("elements", "words", "hops"))
        rows = lambda name: np.array(exported[name], np.float32).reshape(-1, self.elements)
        self.a, self.b, self.c, self.w, self.h = (rows(name) for name in ("a", "b", "c", "w", "h"))
        self.position = rows("position")
        self.age_a, self.age_c = rows("age_a"), rows("age_c")
        stories = [exported["sentences"][slice(*question["story"])] for question in exported["questions"]]
        # Newest sentence first: a sentence's place is its age.
        self.questions = [
            (story[::-1], question["words"], question["answer"])
            for story, question in zip(stories, exported["questions"])
        ]

    @property
    def padding(self):
        """The number of the row of zeros, behind the words at each place."""
        return len(self.position) * self.words

    def table(self, embedding, ages=None):
        """Rows of each place and word, a row of zeros, and the rows of the ages."""
        placed = (self.position[:, None] * embedding[None]).reshape(-1, self.elements)
        rows = [placed, np.zeros((1, self.elements), np.float32)]
        return np.vstack(rows if ages is None else [*rows, ages])

    def row_numbers(self, words, width):
        numbers = [place * self.words + word for place, word in enumerate(words)]
        return numbers + [self.padding] * (width - len(numbers))

    def logits(self, story, question):
        """The network by its definition, for checking the graph."""
        embed = lambda table, words: (self.position[: len(words)] * table[words]).sum(axis=0)
        m = np.array([embed(self.a, sentence) for sentence in story]) + self.age_a[: len(story)]
        c = np.array([embed(self.c, sentence) for sentence in story]) + self.age_c[: len(story)]
        u = embed(self.b, question)
        for _ in range(self.hops):
            p = np.exp(m @ u - (m @ u).max())
            u = self.h @ u + p @ c / p.sum()
        return self.w @ u


def graph(network, counted, masked):
    """An onnxruntime session. Inputs: story and question, as rows or as counts of rows; the mask where it is masked."""
    weights = {
        "memory": np.hstack([network.table(network.a, network.age_a), network.table(network.c, network.age_c)]),
        "embedding": network.table(network.b),
        "H": np.ascontiguousarray(network.h.T),
        "W": np.ascontiguousarray(network.w.T),
    }
    nodes = []

    def op(kind, inputs, *outputs, **attributes):
        nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[0]

    if counted:
        op("MatMul", ["story", "memory"], "slots")
        u = op("MatMul", ["question", "embedding"], "u0")
        kind, story, question = TensorProto.FLOAT, len(weights["memory"]), [1, len(weights["embedding"])]
    else:
        weights |= {"places": np.array([2]), "place": np.array([1])}
        op("ReduceSum", [op("Gather", ["memory", "story"], "rows"), "places"], "slots", keepdims=0)
        u = op("ReduceSum", [op("Gather", ["embedding", "question"], "words"), "place"], "u0", keepdims=1)
        kind, story, question = TensorProto.INT32, "places", ["words"]
    inputs = [
        helper.make_tensor_value_info("story", kind, ["batch", "sentences", story]),
        helper.make_tensor_value_info("question", kind, ["batch", *question]),
    ]
    if masked:
        inputs.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["batch", 1, "sentences"]))
    op("Split", ["slots"], "m", "c", axis=-1, num_outputs=2)
    op("Transpose", ["m"], "m_transposed", perm=[0, 2, 1])
    for hop in range(network.hops):
        score = op("MatMul", [u, "m_transposed"], f"s{hop}")
        if masked:
            score = op("Add", [score, "mask"], f"masked{hop}")
        p = op("Softmax", [score], f"p{hop}", axis=-1)
        o = op("MatMul", [p, "c"], f"o{hop}")
        u = op("Add", [op("MatMul", [u, "H"], f"hu{hop}"), o], f"u{hop + 1}")
    op("ArgMax", [op("MatMul", [u, "W"], "logits")], "answer", axis=-1, keepdims=0)
    outputs = [
        helper.make_tensor_value_info("answer", TensorProto.INT64, ["batch", 1]),
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1, network.words]),
    ]
    initial = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    operators = [helper.make_opsetid("", 18)]
    model = helper.make_model(
        helper.make_graph(nodes, "memory_network", inputs, outputs, initial), opset_imports=operators, ir_version=9
    )
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def batches(network, size, counted):
    """The inputs of the questions, `size` at a time, prepared: what a batch costs then is the network alone."""
    questions = network.questions if size == 1 else sorted(network.questions, key=lambda question: len(question[0]))
    padding, prepared = network.padding, []
    for first in range(0, len(questions), size):
        batch = questions[first : first + size]
        sentences = max(len(story) for story, _, _ in batch)
        places = max(len(sentence) for story, _, _ in batch for sentence in story)
        longest = max(len(words) for _, words, _ in batch)
        rows = np.full((len(batch), sentences, places + 1), padding, np.int32)
        asked = np.full((len(batch), longest), padding, np.int32)
        mask = np.full((len(batch), 1, sentences), -1e9, np.float32)
        for number, (story, words, _) in enumerate(batch):
            for age, sentence in enumerate(story):
                rows[number, age] = [*network.row_numbers(sentence, places), padding + 1 + age]
            asked[number] = network.row_numbers(words, longest)
            mask[number, 0, : len(story)] = 0
        if counted:
            rows = counts(rows, padding, padding + 1 + len(network.age_a))
            asked = counts(asked[:, None], padding, padding + 1)
        feeds = {"story": rows, "question": asked} | ({"mask": mask} if size > 1 else {})
        values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(value) for name, value in feeds.items()}
        prepared.append((values, batch))
    return prepared


def counts(rows, padding, width):
    """Each vector of row numbers as a vector of how often each row is in it."""
    counted = np.zeros((*rows.shape[:2], width), np.float32)
    for place in range(rows.shape[2]):
        np.put_along_axis(counted, rows[:, :, place : place + 1].astype(np.int64), 1, axis=2)
    counted[:, :, padding] = 0
    return counted


class Contender:
    """onnxruntime at a batch size, with the same questions again and again."""

    def __init__(self, network, size):
        self.questions = len(network.questions)
        self.ways = [(graph(network, counted, size > 1), batches(network, size, counted)) for counted in (False, True)]
        for session, prepared in self.ways:
            check(network, session, prepared)

    def rate(self):
        """Questions a second of processor time, the best pass of the faster way."""
        return self.questions / min(best_pass(session, prepared) for session, prepared in self.ways)


def best_pass(session, prepared):
    start, best = time.process_time(), float("inf")
    while time.process_time() - start < SECONDS:
        before = time.process_time()
        for values, _ in prepared:
            session.run_with_ort_values(["answer"], values)
        best = min(best, time.process_time() - before)
    return best


def check(network, session, prepared):
    """The graph's answers against the definition's, on the first and last batches."""
    for values, batch in (prepared[0], prepared[-1]):
        found = session.run_with_ort_values(["logits"], values)[0].numpy()[:, 0]
        expected = np.array([network.logits(story, words) for story, words, _ in batch])
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
