"""Logits, losses and gradients of two batches, by JAX in 64 bits: the oracle of the hand-written LSTM and GRU.

    pip install jax && python golden.py lstm > lstm.json && python golden.py gru > gru.json
"""

import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

INPUTS, HIDDEN, OUTPUTS = 3, 5, 4
LENGTHS, CLASSES = [4, 7, 1, 4], [2, 0, 3, 1]
STREAMS = [[0, 2, 1, 1, 0], [1, 1, 2, 0, 2]]


def lstm(tensors, state, x):
    h, c = state
    z = jnp.concatenate([x, h]) @ tensors["weights"] + tensors["bias"]
    i, f, g, o = jnp.split(z, 4)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


def gru(tensors, state, x):
    h, _ = state
    parts = [vector @ weights for vector, weights in zip([x, h], jnp.split(tensors["weights"], [INPUTS]))]
    (zx, rx, nx, _), (zh, rh, _, nh) = [jnp.split(part, 4) for part in parts]
    bz, br, bx, bh = jnp.split(tensors["bias"], 4)
    z, r = jax.nn.sigmoid(zx + zh + bz), jax.nn.sigmoid(rx + rh + br)
    n = jnp.tanh(nx + bx + r * (nh + bh))
    return (1 - z) * n + z * h, None


step = {"lstm": lstm, "gru": gru}[sys.argv[1]]


def logits(tensors, h):
    return h @ tensors["readout"] + tensors["readout_bias"]


def cross_entropy(logits, target):
    return jax.nn.logsumexp(logits) - logits[target]


def zero():
    return jnp.zeros(HIDDEN), jnp.zeros(HIDDEN)


def of_sequences(tensors, sequences):
    answers = []
    for sequence in sequences:
        state = zero()
        for x in sequence:
            state = step(tensors, state, x)
        answers.append(logits(tensors, state[0]))
    losses = [cross_entropy(answer, target) for answer, target in zip(answers, CLASSES)]
    return sum(losses) / len(losses), answers


def of_streams(tensors, streams):
    losses, answers = [], []
    for stream in streams:
        state = zero()
        for symbol, following in zip(stream, stream[1:]):
            state = step(tensors, state, jnp.eye(INPUTS)[symbol])
            answers.append(logits(tensors, state[0]))
            losses.append(cross_entropy(answers[-1], following))
    return sum(losses) / len(losses), answers


def case(function, tensors, data):
    (loss, answers), gradients = jax.value_and_grad(function, has_aux=True)(tensors, data)
    return {
        "loss": float(loss),
        "logits": [answer.tolist() for answer in answers],
        "gradients": {name: gradient.ravel().tolist() for name, gradient in gradients.items()},
    }


def main():
    random = np.random.default_rng(1)
    shapes = {
        "weights": (INPUTS + HIDDEN, 4 * HIDDEN), "bias": 4 * HIDDEN, "readout": (HIDDEN, OUTPUTS), "readout_bias": OUTPUTS
    }
    # Numbers that f32 holds exactly.
    tensors = {name: np.float32(random.normal(0, 0.7, shape)).astype(float) for name, shape in shapes.items()}
    sequences = [np.float32(random.uniform(-1, 1, (length, INPUTS))).astype(float) for length in LENGTHS]
    golden = {
        "shape": {"inputs": INPUTS, "hidden": HIDDEN, "outputs": OUTPUTS},
        "tensors": {name: tensor.ravel().tolist() for name, tensor in tensors.items()},
        "sequences": [sequence.ravel().tolist() for sequence in sequences],
        "classes": CLASSES,
        "streams": STREAMS,
        "of_sequences": case(of_sequences, tensors, sequences),
        "of_streams": case(of_streams, tensors, STREAMS),
    }
    print(json.dumps(golden))


main()
