"""Simulated boards: a model is loaded by the client of the link, and asked."""
import babi
import crossbar
import files
import link
import loading
import memnet
import sequences
from asked import memnets, recordings
from engram import Board
from geometries import CROSSBAR, MEMNET

PATIENCE = 60


def memory_network(count, engram, folder, committed):
    program = memnet.Program(files.read(committed.format(1)), MEMNET["ecp5-25f"])
    load = loading.memnet(program)
    _, file = memnets.text(engram, folder, 1)
    with Board(engram, "--board", "ulx3s-25f") as path:
        client = link.Client(path, PATIENCE)
        g = program.geometry
        sizes = [g.lanes, g.elements, g.slots, g.words, g.positions]
        count.equal("identity", list(client.identify()), [link.VERSION, g.number, 0, 0, 0, 0, 0, 0, 0, *sizes])
        client.load(*load)
        count.equal("loaded", client.identify()[4:9], b"\1" + load[2])
        for story, question, _ in list(babi.questions(file))[:3]:
            memory = memnets.told(program, story)
            client.request("clear")
            for at, sentence in enumerate(story):
                count.equal("sentences", [at + 1], list(client.request("sentence", program.words(sentence))))
            words = program.words(question)
            count.equal(f"answer to {question}", memory.question(words), client.question(words)[:2])
            count.equal("status", [1, len(story), 0, 0, 0], client.status(memnet=True))
        client.close()


def lstm(count, engram, random, folder):
    """With memoization: answers of each step, and the numbers of hits."""
    memo = dict(denominator="current", throttling=True, blank=False, theta=[300, 0, 100, 4095])
    kind = dict(precisions=(4, 4, 4), hidden=3, read=0.5, memo=memo)
    _, _, series, _, program, classes = recordings.made_up(random, folder, 1, **kind)
    g = CROSSBAR["ecp5-25f"]
    with Board(engram, "--board", "ulx3s-25f", "--network", "crossbar", "--memo") as path:
        client = link.Client(path, PATIENCE)
        identity = client.identify()
        sizes = [g.lanes, g.hidden, g.inputs, g.classes, g.multipliers]
        count.equal("identity", list(identity[:2] + identity[3:]), [link.VERSION, g.number, g.bits, 0, 0, 0, 0, 0, *sizes])
        client.load(*loading.crossbar(program))
        client.request("memoize", loading.memoize(memo))
        sequence, decided = crossbar.Sequence(program), []
        for at, step in enumerate(sequences.recording(program, classes["normaliser"], series[0][1])):
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


def check(count, engram, random, folder, committed, quick):
    lstm(count, engram, random, folder)
    if not quick:
        memory_network(count, engram, folder, committed)
