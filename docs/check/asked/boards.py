"""Simulated boards: a model is loaded by the client of the link, and asked."""
import crossbar
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


def memory_network(count, engram, random):
    program = memnet.Program(made.memnet(random, VOCABULARY, slots=2), MEMNET["up5k"])
    load = loading.memnet(program)
    with Board(engram, "--board", BOARD) as path:
        client = link.Client(path, PATIENCE)
        g = program.geometry
        sizes = [g.lanes, g.elements, g.slots, g.words, g.positions]
        count.equal("identity", list(client.identify()), [link.VERSION, g.number, 0, 0, 0, 0, 0, 0, 0, *sizes])
        client.load(*load)
        count.equal("loaded", client.identify()[4:9], b"\1" + load[2])
        memory = memnet.Memory(program)
        for at, sentence in enumerate(STORY):
            memory.sentence(program.words(sentence))
            count.equal("sentences", [min(at + 1, 2)], list(client.request("sentence", program.words(sentence))))
            words = program.words(f"Where is {sentence.split()[0]}?")
            count.equal(f"answer after {sentence}", memory.question(words), client.question(words)[:2])
        count.equal("status", [1, 2, len(STORY) - 2, 0, 0], client.status(memnet=True))
        client.close()


def lstm(count, engram, random, folder):
    """With memoization: answers of each step, and the numbers of hits."""
    memo = dict(denominator="current", throttling=True, blank=False, theta=[300, 0, 100, 4095])
    kind = dict(preset="up5k", precisions=(4, 4, 4), hidden=3, read=0.5, memo=memo)
    _, _, series, _, program, classes = recordings.made_up(random, folder, 1, **kind)
    g = CROSSBAR["up5k"]
    with Board(engram, "--board", BOARD, "--network", "crossbar", "--memo") as path:
        client = link.Client(path, PATIENCE)
        identity = client.identify()
        sizes = [g.lanes, g.hidden, g.inputs, g.classes, g.multipliers]
        count.equal("identity", list(identity[:2] + identity[3:]), [link.VERSION, g.number, g.bits, 0, 0, 0, 0, 0, *sizes])
        client.load(*loading.crossbar(program))
        client.request("memoize", loading.memoize(memo))
        sequence, decided = crossbar.Sequence(program), []
        for at, step in enumerate(sequences.recording(program, classes, series[0][1])):
            sequence.step(step)
            client.step(step)
            count.equal("answer", sequence.answer(), client.answer()[:2])
            count.equal("status", [1, at + 1, 0, 0], client.status(memnet=False))
            decided.append(sequence.trace[f"memo[{at}]"])
        hits = [sum(int((memo[gate::4] == 1).sum()) for memo in decided) for gate in range(4)]
        hits.append(sum(int((memo == 2).sum()) for memo in decided))
        count.equal("tallies", hits, [client.tally(number) for number in range(5)])
        # The reply to a repeated number comes again, and is counted; a bad frame changes nothing else.
        client.number -= 1
        count.equal("repeated", hits[4], client.tally(4))
        count.equal("one repeat", [1, len(decided), 0, 1], client.status(memnet=False))
        client.close()


def check(count, engram, random, folder, quick):
    lstm(count, engram, random, folder)
    if not quick:
        memory_network(count, engram, random)
