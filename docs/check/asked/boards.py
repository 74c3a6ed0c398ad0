"""Simulated boards: a model is loaded by the client of the link, and asked."""
import os

import crossbar
import files
import link
import loading
import made
import memnet
import sequences
from asked import recordings
from engram import Board
from geometries import CROSSBAR, MEMNET

# The smallest board, and seconds for a frame.
BOARD, PATIENCE = "icebreaker", 60
VOCABULARY = "garden is john kitchen mary where".split()
STORY = ["Mary is kitchen.", "John garden.", "John is kitchen.", "Mary is garden."]


# The networks that a board is asked with, one after the other.
KINDS = {
    "layer-wise": dict(slots=2),
    "few answers": dict(slots=2, answers=3, elements=20),
    "adjacent, 1 hop": dict(slots=32, hops=1, tying="adjacent"),
    "adjacent, 2 hops": dict(slots=16, hops=2, tying="adjacent", answers=2),
    "adjacent, 3 hops": dict(slots=2, hops=3, tying="adjacent", answers=4, elements=17),
    "adjacent, 4 hops": dict(slots=3, hops=4, tying="adjacent", elements=30),
}


def memory_networks(count, engram, random, folder):
    file = os.path.join(folder, "made.safetensors")
    with Board(engram, "--board", BOARD, "--addressing", "hamming") as path:
        g, client = MEMNET["up5k"], link.Client(path, PATIENCE)
        sizes = [g.lanes, g.elements, g.slots, g.words, g.positions]
        count.equal("identity", list(client.identify()), [link.VERSION, g.number, 0, 0, 0, 0, 0, 0, 0, *sizes])
        for what, kind in KINDS.items():
            model = made.memnet(random, VOCABULARY, **kind)
            program = memnet.Program(model, g)
            memory_network(count, client, what, program)
            files.write(file, model)
            engrams_own(count, engram, client, path, file, what, program)
        client.close()


def engrams_own(count, engram, client, path, file, what, program):
    """The program that engram makes of the same file, and loads because the board has none."""
    begin, _, seal = loading.memnet(program)
    client.request("begin", begin)
    client.close()
    story = os.path.join(os.path.dirname(file), "story.txt")
    with open(story, "w") as lines:
        lines.write("\n".join([*STORY, "Where is Mary?"]))
    given = engram.report("ask", file, "--story", story, "--on", path)["answers"][0]
    client.open(path)
    count.equal(f"{what}, engram's hash", client.identify()[4:9], b"\1" + seal)
    memory = memnet.Memory(program)
    for sentence in STORY:
        memory.sentence(program.words(sentence))
    word, logit = memory.question(program.words("Where is Mary?"))
    count.equal(f"{what}, engram's answer", [program.vocabulary[word], str(logit)], [given["answer"], str(given["logit"])])


def memory_network(count, client, what, program):
    load, slots = loading.memnet(program), program.settings["slots"]
    client.load(*load)
    count.equal(f"{what}, loaded", client.identify()[4:9], b"\1" + load[2])
    memory = memnet.Memory(program)
    for at, sentence in enumerate(STORY):
        memory.sentence(program.words(sentence))
        count.equal(f"{what}, sentences", [min(at + 1, slots)], list(client.request("sentence", program.words(sentence))))
        words = program.words(f"Where is {sentence.split()[0]}?")
        count.equal(f"{what}, answer after {sentence}", memory.question(words), client.question(words)[:2])
    kept = min(slots, len(STORY))
    count.equal(f"{what}, status", [1, kept, len(STORY) - kept, 0, 0, 0], client.status(memnet=True))


def recurrent(count, engram, random, folder, gru):
    """With memoization: answers of each step, and the numbers of hits."""
    memo = dict(denominator="current", throttling=True, blank=False, theta=[300, 0, 100, 4095])
    kind = dict(preset="up5k", precisions=(4, 4, 4), hidden=3, read=0.5, memo=memo, gru=gru)
    _, _, series, _, program, classes = recordings.made_up(random, folder, 1, **kind)
    g = CROSSBAR["up5k"]
    with Board(engram, "--board", BOARD, "--network", "crossbar", "--memo") as path:
        client = link.Client(path, PATIENCE)
        identity = client.identify()
        sizes = [g.lanes, g.hidden, g.inputs, g.classes, g.multipliers]
        count.equal("identity", list(identity[:2] + identity[3:]), [link.VERSION, g.number, g.bits, 0, 0, 0, 0, 0, *sizes])
        client.load(*loading.crossbar(program, g.bits))
        client.request("memoize", loading.memoize(memo))
        sequence, decided = crossbar.Sequence(program), []
        for at, step in enumerate(sequences.recording(program, classes, series[0][1])):
            sequence.step(step)
            client.step(step)
            count.equal("answer", sequence.answer(), client.answer()[:2])
            count.equal("status", [1, at + 1, 0, 0, 0], client.status(memnet=False))
            decided.append(sequence.trace[f"memo[{at}]"])
        hits = [sum(int((memo[gate::4] == 1).sum()) for memo in decided) for gate in range(4)]
        hits.append(sum(int((memo == 2).sum()) for memo in decided))
        count.equal("tallies", hits, [client.tally(number) for number in range(5)])
        # The reply to a repeated number comes again, and is counted; a bad frame changes nothing else.
        client.number -= 1
        count.equal("repeated", hits[4], client.tally(4))
        count.equal("one repeat", [1, len(decided), 0, 1, 0], client.status(memnet=False))
        client.close()


def check(count, engram, random, folder, quick):
    for gru in (False, True):
        recurrent(count, engram, random, folder, gru)
    if not quick:
        memory_networks(count, engram, random, folder)
