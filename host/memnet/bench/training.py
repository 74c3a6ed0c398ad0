"""A memory network trained by JAX on one thread: the work of an epoch of `engram train`, compiled beforehand.

The same shape (dot addressing, position encoding, B tied to A) and the same work: forward, backward, clip on the norms of
the rows and Adam's update for each batch of 32, then the questions for validation. An epoch is one compiled function, so
that nothing but arithmetic is measured, and stories are as long as the longest that there is. There are two ways to embed,
a gather of rows, or products with word counts that are made beforehand; both are reported.
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ.setdefault("OMP_NUM_THREADS", "1")

import time

import jax
import jax.numpy as jnp
import numpy as np

BATCH, RATE, CLIP, DEVIATION = 32, 0.01, 40.0, 0.1
SECONDS = 1.0


class Contender:
    """A network with the questions that `questions` wrote: as many, and as long, as those that `engram train` learns from."""

    def __init__(self, exported):
        self.words, self.elements, self.hops = (exported[name] for name in ("words", "elements", "hops"))
        stories = [exported["sentences"][slice(*question["story"])][::-1] for question in exported["questions"]]
        self.slots = max(map(len, stories))
        self.places = exported["positions"]
        self.position = jnp.array(exported["position"], jnp.float32).reshape(-1, self.elements)
        questions = exported["questions"]
        # The number behind the words is that of a row of zeros.
        memory = np.full((len(stories), self.slots, self.places), self.words, np.int32)
        asked = np.full((len(stories), 1, self.places), self.words, np.int32)
        for number, (story, question) in enumerate(zip(stories, questions)):
            for age, sentence in enumerate(story):
                memory[number, age, : len(sentence)] = sentence
            asked[number, 0, : len(question["words"])] = question["words"]
        mask = np.array([[0.0] * len(story) + [-1e9] * (self.slots - len(story)) for story in stories], np.float32)
        answers = np.array([question["answer"] for question in questions], np.int32)
        kept = len(questions) // 10
        self.ways = {}
        for name, counted in (("gather", False), ("counts", True)):
            rows = [self.counts(memory), self.counts(asked)] if counted else [memory, asked]
            data = [jnp.array(part) for part in (*rows, mask, answers)]
            split = [part[kept:] for part in data], [part[:kept] for part in data]
            self.ways[name] = self.compile(counted, *split)

    def counts(self, numbers):
        """Of each vector of words: how often each is in it, and the same weighted by place, j / J."""
        one_hot = np.eye(self.words + 1, dtype=np.float32)[numbers][..., : self.words]
        place = np.arange(1, self.places + 1, dtype=np.float32) / self.places
        return np.concatenate([one_hot.sum(2), np.einsum("nsjv,j->nsv", one_hot, place)], axis=-1)

    def embed(self, counted, table, rows):
        if not counted:
            table = jnp.vstack([table, jnp.zeros((1, self.elements))])
            return jnp.sum(table[rows] * self.position, axis=-2)
        # P[j][e] = (1 - e/E) - j/J (1 - 2 e/E).
        e = jnp.arange(1, self.elements + 1) / self.elements
        folded = jnp.vstack([table * (1 - e), -table * (1 - 2 * e)])
        return rows @ folded

    def loss(self, counted, weights, data):
        memory, asked, mask, answers = data
        m = self.embed(counted, weights["A"], memory) + weights["T_A"][: self.slots]
        c = self.embed(counted, weights["C"], memory) + weights["T_C"][: self.slots]
        u = self.embed(counted, weights["A"], asked)[:, 0]
        for _ in range(self.hops):
            p = jax.nn.softmax(jnp.einsum("bse,be->bs", m, u) + mask)
            u = u @ weights["H"].T + jnp.einsum("bs,bse->be", p, c)
        logits = u @ weights["W"].T
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), answers[:, None], axis=1))

    def initial(self):
        shapes = {
            "A": self.words, "C": self.words, "W": self.words, "H": self.elements, "T_A": self.slots, "T_C": self.slots
        }
        keys = dict(zip(shapes, jax.random.split(jax.random.key(1), len(shapes))))
        weights = {name: DEVIATION * jax.random.normal(keys[name], (rows, self.elements)) for name, rows in shapes.items()}
        weights["H"] += jnp.eye(self.elements)
        return weights

    def compile(self, counted, training, validation):
        """One epoch: (state, key) to state and losses."""
        questions = len(training[0])
        size = min(BATCH, questions)
        batches = questions // size

        def update(state, chosen):
            weights, first, second, step = state
            data = [part[chosen] for part in training]
            loss, gradient = jax.value_and_grad(lambda weights: self.loss(counted, weights, data))(weights)

            def clip(rows):
                norms = jnp.sum(jnp.sqrt(jnp.sum(rows**2, axis=1) + 1e-20))
                return rows * jnp.minimum(1.0, CLIP / norms)

            gradient = jax.tree.map(clip, gradient)
            step = step + 1
            first = jax.tree.map(lambda moment, g: 0.9 * moment + 0.1 * g, first, gradient)
            second = jax.tree.map(lambda moment, g: 0.999 * moment + 0.001 * g * g, second, gradient)
            rate = RATE * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            move = lambda weight, m1, m2: weight - rate * m1 / (jnp.sqrt(m2) + 1e-8)
            return (jax.tree.map(move, weights, first, second), first, second, step), loss

        def epoch(state, key):
            order = jax.random.permutation(key, questions)[: batches * size].reshape(batches, size)
            state, losses = jax.lax.scan(update, state, order)
            return state, (jnp.mean(losses), self.loss(counted, state[0], validation))

        weights = self.initial()
        zeros = jax.tree.map(jnp.zeros_like, weights)
        state = (weights, zeros, zeros, jnp.array(0.0))
        compiled = jax.jit(epoch).lower(state, jax.random.key(0)).compile()
        return compiled, state

    def seconds(self):
        """Seconds of processor time an epoch, the best epoch of each way."""
        return {name: best_epoch(*way) for name, way in self.ways.items()}


def best_epoch(compiled, state):
    start, best, epoch = time.process_time(), float("inf"), 0
    first = None
    while time.process_time() - start < SECONDS:
        before = time.process_time()
        state, losses = jax.block_until_ready(compiled(state, jax.random.key(epoch)))
        best = min(best, time.process_time() - before)
        first = losses[0] if first is None else first
        epoch += 1
    if not losses[0] < first:
        raise RuntimeError(f"found a loss of {losses[0]} after {epoch} epochs, expected less than {first}: it does not learn")
    return best
