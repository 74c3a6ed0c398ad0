"""Logits, losses and gradients of one batch, by JAX in 64 bits: the oracle of the hand-written network.

    pip install jax && python golden.py > golden.json
"""

import json

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

WORDS, ELEMENTS, SLOTS, HOPS, POSITIONS = 7, 9, 5, 3, 4
RANGE, KAPPA = 2.0, -2
BOUND = 127 / 128
EXAMPLES = [
    {"sentences": [[0, 1, 2]], "ages": [0], "question": [3, 0], "answer": 2},
    {"sentences": [[4, 1, 5, 5], [6], [0, 2]], "ages": [3, 1, 0], "question": [3, 4], "answer": 5},
    {
        "sentences": [[1, 2], [3, 4, 0], [5, 6, 1, 2], [0, 0], [2, 6, 4]],
        "ages": [4, 3, 2, 1, 0],
        "question": [6, 1, 3, 2],
        "answer": 0,
    },
]


def position_weights(encoding):
    if encoding == "bag-of-words":
        return jnp.ones((POSITIONS, ELEMENTS))
    j = jnp.arange(1, POSITIONS + 1)[:, None] / POSITIONS
    e = jnp.arange(1, ELEMENTS + 1)[None, :] / ELEMENTS
    return 1 - j - e * (1 - 2 * j)


def similarity(addressing, u, m):
    if addressing == "dot":
        return m @ u
    if addressing == "min":
        return 2.0**KAPPA * jnp.sum(jnp.sign(u) * jnp.sign(m) * jnp.minimum(jnp.abs(u), jnp.abs(m)), axis=-1) / RANGE
    sign = jnp.clip(16 * u / RANGE, -1, 1) * jnp.clip(16 * m / RANGE, -1, 1)
    if addressing == "hamming":
        distance = jnp.abs(u - m) / RANGE
    else:
        distance = jnp.abs(jnp.abs(u) - jnp.abs(m)) / RANGE
    return 2.0**KAPPA * jnp.sum(sign * jnp.maximum(BOUND - distance, 0), axis=-1)


def logits_of(tensors, example, addressing, encoding):
    weights = position_weights(encoding)

    def embed(table, words):
        return jnp.sum(weights[: len(words)] * table[jnp.array(words)], axis=0)

    ages = jnp.array(example["ages"])
    m = jnp.stack([embed(tensors["A"], s) for s in example["sentences"]]) + tensors["T_A"][ages]
    c = jnp.stack([embed(tensors["C"], s) for s in example["sentences"]]) + tensors["T_C"][ages]
    u = embed(tensors["B"], example["question"])
    for _ in range(HOPS):
        p = jax.nn.softmax(similarity(addressing, u, m))
        u = tensors["H"] @ u + p @ c
    return tensors["W"] @ u


def loss_of(tensors, example, addressing, encoding):
    return -jax.nn.log_softmax(logits_of(tensors, example, addressing, encoding))[example["answer"]]


def main():
    random = np.random.RandomState(20)
    rows = {"A": WORDS, "B": WORDS, "C": WORDS, "W": WORDS, "H": ELEMENTS, "T_A": SLOTS, "T_C": SLOTS}
    tensors = {name: np.float32(random.normal(0, 0.5, (count, ELEMENTS))) for name, count in rows.items()}
    cases = []
    for addressing in ["hamming", "xnor", "min", "dot"]:
        for encoding in ["bag-of-words", "position"]:
            exact = {name: jnp.asarray(tensor, jnp.float64) for name, tensor in tensors.items()}

            def mean_loss(tensors):
                losses = [loss_of(tensors, example, addressing, encoding) for example in EXAMPLES]
                return sum(losses) / len(losses)

            losses = [float(loss_of(exact, example, addressing, encoding)) for example in EXAMPLES]
            gradients = jax.grad(mean_loss)(exact)
            gradients = {name: [round(x, 9) for x in np.ravel(g).tolist()] for name, g in gradients.items()}
            logits = [logits_of(exact, example, addressing, encoding).tolist() for example in EXAMPLES]
            case = {"addressing": addressing, "encoding": encoding, "logits": logits}
            cases.append(case | {"losses": losses, "gradients": gradients})
    shape = {"words": WORDS, "elements": ELEMENTS, "slots": SLOTS, "hops": HOPS, "positions": POSITIONS}
    inputs = {name: np.ravel(tensor).astype(float).tolist() for name, tensor in tensors.items()}
    golden = {"shape": shape, "range": RANGE, "kappa": KAPPA, "tensors": inputs, "examples": EXAMPLES, "cases": cases}
    print(json.dumps(golden))


if __name__ == "__main__":
    main()
