"""The examples in the text of the two pages: tables' checksums, both networks from file to answer, and both conversations."""
import json
import os
import re
import struct

import crossbar
import frames
import gates
import link
import loading
import memnet
import sequences
import tables
from files import Model
from geometries import CROSSBAR, MEMNET

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def page(name):
    with open(os.path.join(DOCS, name), encoding="utf-8") as file:
        return file.read()


NUMERICS, LINK = page("numerics.md"), page("link.md")


def part(text, begin):
    """What stands behind `begin` in the next block of code."""
    return re.search(re.escape(begin) + r".*?```\w+\n(.*?)```", text, re.S).group(1)


def values(trace):
    return [f"{name} {' '.join(map(str, each))}" for name, each in trace.items()]


def checksums(count):
    for name, table in tables.TABLES.items():
        stated = re.search(rf"checksum: {name} -->(\d+)", NUMERICS).group(1)
        count.equal(f"the checksum of {name}", tables.checksum(table), int(stated))


def memory_network(count):
    """The example's program, and its answer as bytes."""
    example = json.loads(part(NUMERICS, "### A memory network from file to answer"))
    program = memnet.Program(Model(example["metadata"], example["tensors"]), MEMNET["tiny"])
    memory = memnet.Memory(program)
    for sentence in example["story"]:
        memory.sentence(program.words(sentence))
    answer = memory.question(program.words(example["question"]))
    lines = part(NUMERICS, "<!-- values: memnet -->").splitlines()
    stated = dict(setting.split() for setting in lines[0].split(", "))
    for name, value in stated.items():
        count.equal(f"the example's {name}", program.settings[name], int(value))
    count.equal("the memory network's values", values(memory.trace), lines[1:])
    return loading.memnet(program), struct.pack("<Bi", *answer)


def crossbar_network(count):
    """The example's program, and its answer as bytes."""
    example = json.loads(part(NUMERICS, "### A crossbar network from file to answer"))
    model = Model(example["metadata"], example["tensors"])
    program = gates.Program(model, CROSSBAR["tiny"].lanes, example["noise-read"])
    lines = [f"{name}: m {g['m']}, s {g['s']}, noise {g['noise']}, q {g['q']}" for name, g in zip("ifgo", program.gates)]
    lines += values({"b": program.bias, "b_v": program.readout_bias})
    sequence = crossbar.Sequence(program)
    classes = example["metadata"]["meaning"]["classes"]
    for step in sequences.recording(program, classes, example["recording"]):
        sequence.trace = {}
        sequence.step(step)
        lines += values({"step": step, **sequence.trace})
    answer = sequence.answer()
    lines += values({"logit[0]": sequence.trace["logit[0]"]})
    count.equal("the crossbar's values", lines, part(NUMERICS, "<!-- values: crossbar -->").splitlines())
    return loading.crossbar(program, CROSSBAR["tiny"].bits), struct.pack("<Bi", *answer)


def items(content):
    """The commands and payloads of a request."""
    found, rest = [], content[1:]
    while rest:
        end = 2 + (rest[1] if len(rest) > 1 else 0)
        found.append((rest[0], rest[2:end]))
        rest = rest[end:]
    return found


def conversation(count, name, load, answered):
    """Frames are made again from what they say; the program's rows are those of the example, and so is the answer."""
    sent, asked = {}, []
    for line in part(LINK, f"<!-- conversation: {name} -->").splitlines():
        written = bytes.fromhex(line[1:].split("#")[0])
        content = frames.parsed(written)
        if content is None:
            continue
        count.equal(f"the frame {line}", frames.frame(content), written)
        if line[0] == ">":
            asked = items(content)
            count.equal(f"the request {line}", frames.request(content[0], *asked), content)
            for command, payload in asked:
                sent.setdefault(link.COMMANDS[command % 128 - 1], []).append(payload)
        elif link.COMMANDS[asked[-1][0] - 1] in ("question", "answer") and content[-1] == 0:
            count.equal(f"the answer {line}", content[-10:-5], answered)
    begin, rows, seal = load
    count.equal(f"Begin of {name}", [begin], sent["begin"])
    count.equal(f"the rows of {name}", rows, sent["row"])
    count.equal(f"Seal of {name}", [seal], sent["seal"])


def check(count):
    checksums(count)
    conversation(count, "memnet", *memory_network(count))
    conversation(count, "crossbar", *crossbar_network(count))
