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


def logits_of(tensors, example, addressing, encoding, adjacent, answers):
    weights = position_weights(encoding)

    def embed(table, words):
        return jnp.sum(weights[: len(words)] * table[jnp.array(words)], axis=0)

    def memory(table, age_words):
        ages = jnp.array(example["ages"])
        return jnp.stack([embed(table, s) for s in example["sentences"]]) + age_words[ages]

    if adjacent:
        # A is E_0, C has E_1 to E_K one below the other; so have T_A and T_C the age words.
        tables = [tensors["A"], *jnp.split(tensors["C"], HOPS)]
        ages = [tensors["T_A"], *jnp.split(tensors["T_C"], HOPS)]
        memories = [memory(table, age_words) for table, age_words in zip(tables, ages)]
        u = embed(tables[0], example["question"])
        for m, c in zip(memories, memories[1:]):
            u = u + jax.nn.softmax(similarity(addressing, u, m)) @ c
        return (tables[HOPS] @ u)[:answers]
    m, c = memory(tensors["A"], tensors["T_A"]), memory(tensors["C"], tensors["T_C"])
    u = embed(tensors["B"], example["question"])
    for _ in range(HOPS):
        u = tensors["H"] @ u + jax.nn.softmax(similarity(addressing, u, m)) @ c
    return (tensors["W"] @ u)[:answers]


def loss_of(tensors, example, *kind):
    return -jax.nn.log_softmax(logits_of(tensors, example, *kind))[example["answer"]]


def drawn(random, rows):
    return {name: np.float32(random.normal(0, 0.5, (count, ELEMENTS))) for name, count in rows.items()}


def flat(tensors):
    return {name: np.ravel(tensor).astype(float).tolist() for name, tensor in tensors.items()}


def main():
    random = np.random.RandomState(20)
    layer_wise = {"A": WORDS, "B": WORDS, "C": WORDS, "W": WORDS, "H": ELEMENTS, "T_A": SLOTS, "T_C": SLOTS}
    adjacent = {"A": WORDS, "B": 0, "C": HOPS * WORDS, "W": 0, "H": 0, "T_A": SLOTS, "T_C": HOPS * SLOTS}
    tensors = {"layer-wise": drawn(random, layer_wise), "adjacent": drawn(random, adjacent)}
    cases = []
    for addressing in ["hamming", "xnor", "min", "dot"]:
        for encoding, answers in [("bag-of-words", WORDS), ("position", WORDS - 1)]:
            for tying in tensors:
                exact = {name: jnp.asarray(tensor, jnp.float64) for name, tensor in tensors[tying].items()}
                kind = (addressing, encoding, tying == "adjacent", answers)

                def mean_loss(tensors):
                    losses = [loss_of(tensors, example, *kind) for example in EXAMPLES]
                    return sum(losses) / len(losses)

                losses = [float(loss_of(exact, example, *kind)) for example in EXAMPLES]
                gradients = jax.grad(mean_loss)(exact)
                gradients = {name: [round(x, 9) for x in np.ravel(g).tolist()] for name, g in gradients.items()}
                logits = [logits_of(exact, example, *kind).tolist() for example in EXAMPLES]
                case = {"addressing": addressing, "encoding": encoding, "tying": tying, "answers": answers}
                cases.append(case | {"logits": logits, "losses": losses, "gradients": gradients})
    shape = {"words": WORDS, "elements": ELEMENTS, "slots": SLOTS, "hops": HOPS, "positions": POSITIONS}
    inputs = {tying: flat(each) for tying, each in tensors.items()}
    golden = {"shape": shape, "range": RANGE, "kappa": KAPPA, "tensors": inputs, "examples": EXAMPLES, "cases": cases}
    print(json.dumps(golden))


if __name__ == "__main__":
    main()
