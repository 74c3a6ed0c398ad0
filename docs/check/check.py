"""Compares what numerics.md and link.md say, as this folder reads them, with what engram computes, bit by bit.

    python docs/check/check.py [ENGRAM] [--quick]

ENGRAM is the program, `target/debug/engram` if nothing is said. Exit code 1 if a value differs."""
import argparse
import os
import sys
import tempfile

sys.dont_write_bytecode = True

import numpy as np

import examples
from asked import boards, conversations, memnets, recordings
from count import Count
from engram import Engram

ROOT = os.path.join(examples.DOCS, "..")
COMMITTED = os.path.join(ROOT, "models", "qa{}.safetensors")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("engram", nargs="?", default=os.path.join(ROOT, "target", "debug", "engram"))
    arguments.add_argument("--quick", action="store_true", help="a sample that takes seconds")
    arguments = arguments.parse_args()
    engram, count, random = Engram(os.path.abspath(arguments.engram)), Count(), np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        parts = {
            "examples of the pages": lambda: examples.check(count),
            "memory networks": lambda: memnets.check(count, engram, random, folder, COMMITTED, arguments.quick),
            "LSTMs and GRUs": lambda: recordings.check(count, engram, random, folder, arguments.quick),
            "boards": lambda: boards.check(count, engram, random, folder, arguments.quick),
            "conversations": lambda: conversations.check(count, engram, random, folder, arguments.quick),
        }
        for name, part in parts.items():
            before = count.compared, count.different
            part()
            print(f"{name}: {count.compared - before[0]} values compared, {count.different - before[1]} differ", flush=True)
    print(f"{count.compared} values compared, {count.different} differ")
    return int(count.different > 0)


if __name__ == "__main__":
    sys.exit(main())
