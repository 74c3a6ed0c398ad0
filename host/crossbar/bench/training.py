"""An LSTM trained by JAX on one thread beside ours: the same data, the same size, the same work of an epoch.

`make bench` runs it.

Forward, backward, clip of the gradient's norm and Adam's update for each batch, then the validation's loss. An epoch is one
compiled function, so that nothing but arithmetic is measured; products with x are made for all steps at once, before the scan
over the steps. In JAX sequences are padded to the longest, as is usual there, and ours are packed: of JapaneseVowels JAX does 1.6
times the steps; the other data are of equal length. Symbols are gathered. Contenders take turns for some rounds, and of each
the best round counts, because the machine may be shared. Prints a table and writes docs/results/bench-lstm.json.
"""

import argparse
import json
import os
import subprocess
import time
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ.setdefault("OMP_NUM_THREADS", "1")

import jax
import jax.numpy as jnp
import numpy as np

SECONDS = 1.0


class Contender:
    """A network with the data that the example `epochs` wrote."""

    def __init__(self, exported):
        recipe = exported["recipe"]
        self.inputs, self.outputs, self.hidden = exported["inputs"], exported["outputs"], recipe["hidden"]
        self.batch, self.unroll, self.rate, self.clip = (recipe[name] for name in ("batch", "unroll", "rate", "clip"))
        self.symbols = isinstance(exported["train"][0], int)
        part = self.streams if self.symbols else self.recordings
        training, validation = part(exported["train"]), part(exported["validation"])
        self.compile(training, validation)

    def recordings(self, recordings):
        steps = [len(one["values"]) // self.inputs for one in recordings]
        values = np.zeros((len(recordings), max(steps), self.inputs), np.float32)
        for place, (one, length) in enumerate(zip(recordings, steps)):
            values[place, :length] = np.reshape(one["values"], (length, self.inputs))
        return jnp.array(values), jnp.array(steps), jnp.array([one["class"] for one in recordings])

    def streams(self, symbols):
        """Windows in order: windows x places x steps, and the symbols that follow."""
        length = len(symbols) // self.batch
        windows = (length - 1) // self.unroll
        places = np.reshape(symbols[: self.batch * length], (self.batch, length))
        window = lambda offset: np.stack(
            [places[:, start + offset :][:, : self.unroll] for start in range(0, windows * self.unroll, self.unroll)])
        return jnp.array(window(0)), jnp.array(window(1))

    def weights(self):
        keys = jax.random.split(jax.random.key(1), 3)
        normal = lambda key, *shape: jax.random.normal(key, shape) / np.sqrt(self.hidden)
        return {
            "x": normal(keys[0], self.inputs, 4 * self.hidden),
            "h": normal(keys[1], self.hidden, 4 * self.hidden),
            "bias": jnp.zeros(4 * self.hidden).at[self.hidden : 2 * self.hidden].set(1.0),
            "out": normal(keys[2], self.hidden, self.outputs),
            "out_bias": jnp.zeros(self.outputs),
        }

    def run(self, weights, state, projected):
        """States h of all steps (steps x batch x H) and the last state."""
        def step(state, projected):
            h, c = state
            i, f, g, o = jnp.split(projected + h @ weights["h"], 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h
        state, states = jax.lax.scan(step, state, projected)
        return states, state

    def zero(self, sequences):
        return jnp.zeros((sequences, self.hidden)), jnp.zeros((sequences, self.hidden))

    def cross_entropy(self, weights, h, targets):
        logits = h @ weights["out"] + weights["out_bias"]
        return jnp.mean(jax.nn.logsumexp(logits, -1) - jnp.take_along_axis(logits, targets[..., None], -1)[..., 0])

    def loss_of_recordings(self, weights, state, data):
        values, steps, classes = data
        projected = jnp.swapaxes(values, 0, 1) @ weights["x"] + weights["bias"]
        states, _ = self.run(weights, self.zero(len(values)), projected)
        last = states[steps - 1, jnp.arange(len(values))]
        return self.cross_entropy(weights, last, classes), state

    def loss_of_streams(self, weights, state, data):
        symbols, following = data
        projected = weights["x"][symbols.T] + weights["bias"]
        states, state = self.run(weights, state, projected)
        return self.cross_entropy(weights, states, following.T), state

    def compile(self, training, validation):
        loss = self.loss_of_streams if self.symbols else self.loss_of_recordings

        def update(carried, data):
            weights, first, second, step, state = carried
            (value, state), gradient = jax.value_and_grad(loss, has_aux=True)(weights, state, data)
            norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(gradient)))
            gradient = jax.tree.map(lambda g: g * jnp.minimum(1.0, self.clip / norm), gradient)
            step = step + 1
            first = jax.tree.map(lambda moment, g: 0.9 * moment + 0.1 * g, first, gradient)
            second = jax.tree.map(lambda moment, g: 0.999 * moment + 0.001 * g * g, second, gradient)
            rate = self.rate * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            move = lambda weight, m1, m2: weight - rate * m1 / (jnp.sqrt(m2) + 1e-8)
            return (jax.tree.map(move, weights, first, second), first, second, step, state), value

        def epoch(weights, first, second, step, key):
            if self.symbols:
                carried = (weights, first, second, step, self.zero(self.batch))
                carried, losses = jax.lax.scan(update, carried, training)
                validate = lambda state, data: tuple(reversed(loss(carried[0], state, data)))
                _, validated = jax.lax.scan(validate, self.zero(self.batch), validation)
            else:
                count = len(training[0])
                order = jax.random.permutation(key, count)[: count // self.batch * self.batch].reshape(-1, self.batch)
                carried = (weights, first, second, step, 0.0)
                chosen = lambda carried, places: update(carried, [part[places] for part in training])
                carried, losses = jax.lax.scan(chosen, carried, order)
                validated = loss(carried[0], 0.0, validation)[0]
            return carried[:4], (jnp.mean(losses), jnp.mean(validated))

        weights = self.weights()
        zeros = jax.tree.map(jnp.zeros_like, weights)
        self.state = (weights, zeros, zeros, jnp.array(0.0))
        self.epoch = jax.jit(epoch).lower(*self.state, jax.random.key(0)).compile()

    def seconds(self):
        """Seconds of processor time of an epoch, the best one."""
        state, start, best, losses = self.state, time.process_time(), float("inf"), []
        while time.process_time() - start < SECONDS or len(losses) < 2:
            before = time.process_time()
            state, (loss, _) = jax.block_until_ready(self.epoch(*state, jax.random.key(len(losses))))
            best = min(best, time.process_time() - before)
            losses.append(float(loss))
        if not losses[-1] < losses[0]:
            raise RuntimeError(f"found losses {losses[0]} and {losses[-1]}, expected them to go down: it does not learn")
        return best


def measure(binaries, work, rounds):
    """The rows of the table: seconds of processor time of an epoch."""
    call = [str(binaries / "examples/epochs"), str(work)]
    one_thread = os.environ | {"RAYON_NUM_THREADS": "1"}
    ours = lambda: json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, env=one_thread).stdout)
    rows, rivals = {}, {}
    for _ in range(rounds):
        for measured in ours():
            row = rows.setdefault(measured["data"], measured)
            row |= {name: min(row[name], measured[name]) for name in ("float", "four_bits")}
        for data, row in rows.items():
            rival = rivals.get(data) or Contender(json.loads((work / f"{data}.json").read_text()))
            rivals[data], row["jax"] = rival, min(row.get("jax", float("inf")), rival.seconds())
    return [row | {"ratio": row["jax"] / row["float"]} for row in rows.values()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", type=Path, default=Path("target/release"), help="where cargo put its release build")
    parser.add_argument("--work", type=Path, default=Path("build/bench/recurrent"))
    parser.add_argument("--out", type=Path, default=Path("docs/results/bench-lstm.json"))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    rows = measure(arguments.binaries, arguments.work, arguments.rounds)
    print("milliseconds of processor time an epoch of an LSTM's training, one thread")
    for row in rows:
        print(f"  {row['data']:18} float {1e3 * row['float']:9.2f}  4 bits {1e3 * row['four_bits']:9.2f}"
              f"  jax {1e3 * row['jax']:9.2f}  jax / float {row['ratio']:.2f}")
    measured = {"load": os.getloadavg()[0], "jax": jax.__version__, "rounds": arguments.rounds, "seconds_an_epoch": rows}
    arguments.out.write_text(json.dumps(measured, indent=1) + "\n")
    print(f"\nwritten to {arguments.out}")


if __name__ == "__main__":
    main()
