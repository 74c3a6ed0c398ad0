"""Conversations with simulated boards, drawn at random: every reply of a memory network, to sound and to broken requests."""
import os
import shutil

import numpy as np

import frames
import link
import memnet
from device import LOADED, LOADING, Device, used
from engram import Board
from geometries import MEMNET
from loading import AGES, H, POSITION

PATIENCE = 60
PINS = os.path.join(os.path.dirname(__file__), "..", "..", "..", "constraints", "icebreaker", "icebreaker.pcf")
# A board of the small geometry: simulations of it are fast. The file has what `engram serve` needs.
TINY = """\
name = "small"
description = "a board to simulate"
memnet = "tiny"
oscillator_mhz = 12.0
clock_mhz = 12.0
baud = 1_000_000
constraints = "small.pcf"
programmer = "none"
adapter = "0000:0000"

[part]
family = "ice40"
device = "up5k"
package = "sg48"
"""
BOARDS = [
    *(("tiny", addressing, "codes") for addressing in ("hamming", "xnor", "min", "dot")),
    ("tiny", "hamming", "signs"),
    ("up5k", "hamming", "codes"),
    ("ecp5-25f", "xnor", "codes"),
    ("ecp5-85f", "dot", "codes"),
]
NAMES = {"up5k": "icebreaker", "ecp5-25f": "ulx3s-25f", "ecp5-85f": "ulx3s-85f"}


class Speaker:
    """Draws the next request for a device in its present state."""

    def __init__(self, random, device):
        self.random, self.device, self.waiting = random, device, []

    def below(self, number):
        return int(self.random.integers(number))

    def among(self, low, high):
        return low + self.below(high - low + 1)

    def one(self, *choices):
        return choices[self.below(len(choices))]

    def settings(self):
        """Settings in their ranges, of few words and slots; now and then at the ends of the ranges."""
        d, g = self.device, self.device.geometry
        adjacent = 0 if d.signs else self.below(2)
        hops = self.among(1, 4) if adjacent else self.one(1, 2, 3, self.among(1, 15))
        graded = 0 if d.addressing == "dot" or adjacent else self.below(2)
        most = g.most_slots(adjacent, hops)
        words = self.one(self.among(1, 5), self.among(1, min(g.words, 24)))
        controller = self.among(2, 10) if graded else self.among(0, 10)
        return {
            "hops": hops,
            "words": words,
            "answers": self.one(words, self.among(1, words)),
            "memory_a": self.one(self.among(4, 8), self.below(16)),
            "memory_c": self.one(self.among(4, 8), self.below(16)),
            "question": self.one(self.among(4, 8), self.below(15 if graded else 16)),
            "score": self.one(self.among(0, 4), self.below(16)),
            "centre": self.one(0, self.below(40), self.below(256)),
            "padding": self.one(0, self.below(g.elements)),
            "align": self.one(self.among(1, 8), self.among(1, 13) if graded else self.below(15)),
            "controller": self.one(controller, self.among(2, 14) if graded else self.below(16)),
            "graded": graded,
            "adjacent": adjacent,
            "slots": self.one(self.among(1, min(most, 4)), most if g.slots < 16 else 3),
        }

    def wrong_settings(self):
        """Settings of which one or two are beyond their ranges, or nearly."""
        g, settings = self.device.geometry, self.settings()
        for _ in range(self.among(1, 2)):
            edges = {
                "hops": [0, 4, 5, 15, 16],
                "words": [0, g.words, g.words + 1],
                "answers": [0, settings["words"], settings["words"] + 1],
                "centre": [255],
                "padding": [g.elements - 1, g.elements, 255],
                "align": [0, 1, 13, 14, 15],
                "graded": [1, 2],
                "adjacent": [1, 2],
                "slots": [0, 4, 5, 8, 9, 16, 17, g.slots, g.slots + 1],
            }
            name = self.one(*settings)
            settings[name] = self.one(*edges.get(name, [0, 1, 2, 14, 15, 16, 255]))
        return settings

    def codes(self, region):
        g, random, adjacent = self.device.geometry, self.random, self.device.settings["adjacent"]
        if self.device.signs and region in (0, 1, 2, H):
            return random.integers(-1, 2, g.elements)
        if adjacent and region == H:
            return np.full(g.elements, 1 << self.below(7)) if self.below(2) else random.integers(-127, 128, g.elements)
        largest = {POSITION: 100}.get(region, 40 if region < AGES else 20)
        return np.clip(random.normal(0, self.one(largest, 90), g.elements).round(), -127, 127).astype(int)

    def row(self, region, row):
        return "row", bytes([region, row]) + np.asarray(self.codes(region)).astype(np.int8).tobytes()

    def begin(self):
        """Begin; the rows come when the device has carried it out."""
        settings = self.settings()
        self.waiting = [self.load]
        return "begin", bytes(settings[name] for name in memnet.SETTINGS)

    def wrong_begin(self):
        settings = self.wrong_settings()
        if self.device.fits(settings):
            self.waiting = [self.load]
        return "begin", bytes(settings[name] for name in memnet.SETTINGS)

    def load(self):
        """All rows that the program uses, or those that the device lacks and a few of the others; in ascending or in any order."""
        d = self.device
        rows = [(region, row) for region, number in used(d.geometry, d.settings).items() for row in range(number)]
        if self.below(2):
            rows = [each for each in rows if each not in d.rows or self.below(3) == 0]
        if self.below(3) == 0:
            self.random.shuffle(rows)
        self.waiting = [lambda each=each: self.row(*map(int, each)) for each in rows]
        self.waiting += [lambda: ("seal", self.device.hash.to_bytes(4, "little"))]
        return self.waiting.pop(0)()

    def words(self):
        d, g = self.device, self.device.geometry
        words = d.settings["words"] if d.settings else g.words
        length = self.one(*[self.among(1, min(6, g.positions))] * 8, g.positions, g.positions + 1)
        most = words + 1 if self.below(20) == 0 else words
        return bytes(self.below(most) for _ in range(length))

    def any_row(self):
        """A row of some region, there or not."""
        g = self.device.geometry
        if self.device.state != LOADING:
            return "row", bytes(2 + g.elements)
        edges = [0, 1, 3, 4, 7, 8, 15, 16, g.elements - 1, g.elements, g.slots - 1, g.slots, g.words - 1, g.words, g.positions]
        return self.row(self.below(14), self.one(*edges))

    def lengthened(self):
        """A request of a length that may be wrong."""
        names = link.COMMANDS[:8]
        if self.device.state == LOADED and not self.device.defined():
            names = ["begin", "row", "seal", "status"]
        name = self.one(*names)
        return name, bytes(self.one(0, 1, 3, 4, 5, 13, 14, 15, self.device.geometry.elements + 3))

    def request(self):
        """(command, payload)."""
        d = self.device
        if d.state == LOADING and self.waiting and self.below(25):
            return self.waiting.pop(0)()
        if self.below(10) == 0:
            return self.one(
                *[self.wrong_begin] * 3,
                *[self.any_row] * 2,
                self.lengthened,
                lambda: ("seal", self.below(2**32).to_bytes(4, "little")),
                lambda: (self.one("identify", "status", "clear"), b""),
                lambda: (self.one("step", "symbol", "answer", "memoize", "tally"), bytes(self.below(10))),
            )()
        if d.state == LOADED and d.defined() and self.below(40):
            return self.one("sentence", "sentence", "question"), self.words()
        if d.state != LOADED and self.below(4) == 0:
            return self.one("sentence", "question"), self.words()
        return self.begin()

    def frame(self):
        """A frame, with its zero: mostly the next request, now and then of several items, with a number before or behind, or broken."""
        before = list(self.waiting)
        items, room = [], 240
        for _ in range(self.one(1, 1, 1, self.among(1, 8))):
            name, payload = self.request()
            if len(payload) + 2 > room:
                break
            room -= len(payload) + 2
            items.append((link.COMMANDS.index(name) + 1 + self.one(0, 0, 0, frames.BRIEF), payload))
            if name in ("begin", "seal", "row"):
                # What follows depends on whether it is carried out.
                break
        number = (self.device.number - self.one(*[0] * 30, self.below(10), self.below(256))) % 256
        frame = frames.frame(frames.request(number, *items))
        if self.below(30) == 0:
            frame = self.broken(frame)
        carried_out = number == self.device.number or items[0][0] % 128 == 1
        if not carried_out or frames.parsed(frame) is None:
            self.waiting = before
        return frame

    def broken(self, frame):
        """A frame in which a byte changed, is lost or is one too many; or bytes of any length."""
        code, at = bytearray(frame[:-1]), self.below(len(frame) - 1)
        fault = self.below(4)
        if fault == 0:
            code[at] = code[at] ^ 1 << self.below(8) or 1
        elif fault == 1 and len(code) > 1:
            del code[at]
        elif fault == 2:
            code.insert(at, self.among(1, 255))
        else:
            code = bytearray(self.among(1, 255) for _ in range(self.one(1, 3, 40, 251, 253, 254, 300)))
        return bytes(code) + b"\0"


def edges(geometry):
    """Begin with each setting at the ends of its range and beyond, and rows at the ends of each region and beyond."""
    usual = dict.fromkeys(memnet.SETTINGS, 2) | dict(words=5, answers=3, centre=0, padding=0, slots=1)
    begin = lambda settings: ("begin", bytes(settings[name] for name in memnet.SETTINGS))
    ends = {
        "hops": [0, 1, 4, 5, 15, 16],
        "words": [0, 2, 3, geometry.words, geometry.words + 1],
        "answers": [0, 1, 5, 6],
        "centre": [255],
        "padding": [geometry.elements - 1, geometry.elements],
        "align": [0, 1, 13, 14, 15],
        "graded": [2],
        "adjacent": [2],
        "slots": [0, geometry.slots, geometry.slots + 1],
    }
    for adjacent, graded in ((0, 0), (0, 1), (1, 0), (1, 1)):
        for name in memnet.SETTINGS:
            for value in ends.get(name, [0, 1, 2, 14, 15, 16]):
                yield begin({**usual, "adjacent": adjacent, "graded": graded, name: value})
    for hops in range(1, 6):
        for slots in (4, 5, 8, 9, 16, 17, 32, 33, 64, 65):
            yield begin({**usual, "adjacent": 1, "graded": 0, "hops": hops, "slots": slots})
    for adjacent, hops in ((0, 15), (1, 1), (1, 2), (1, 3), (1, 4)):
        yield begin({**usual, "adjacent": adjacent, "graded": 0, "hops": hops})
        rows = geometry.rows(adjacent, hops)
        for region in range(14):
            for row in {0, 4, 8, 16, 255, geometry.slots, max(rows.get(region, 1) - 1, 0), rows.get(region, 1)}:
                yield "row", bytes([region, row]) + bytes(geometry.elements)


def asked_edges(count, client, device, what):
    for name, payload in edges(device.geometry):
        frame = frames.frame(frames.request(device.number, (link.COMMANDS.index(name) + 1, payload)))
        count.equal(f"{what}, {name} {list(payload[: len(memnet.SETTINGS)])}", device.reply(frame), client.raw(frame))


def conversation(count, client, device, random, requests, what):
    """So many requests and their replies; the cycles of an answer are the hardware's own."""
    speaker, asked = Speaker(random, device), 0
    for at in range(requests):
        frame = speaker.frame()
        ours, theirs = device.reply(frame), client.raw(frame)
        said, heard = frames.parsed(ours), frames.parsed(theirs)
        if device.times and heard and len(heard) == len(said):
            asked += len(device.times)
            said = bytearray(said)
            for at_time in device.times:
                said[at_time : at_time + 4] = heard[at_time : at_time + 4]
            ours = device.kept[-1] = frames.frame(bytes(said))
        count.equal(f"{what}, request {at}: the reply to {frame.hex(' ')}", ours, theirs)
    return asked


def check(count, engram, random, folder, quick):
    """Prints how many questions were answered, because refusals are the most of a conversation."""
    path = os.path.join(folder, "board.toml")
    with open(path, "w") as file:
        file.write(TINY)
    shutil.copy(PINS, os.path.join(folder, "small.pcf"))
    questions = 0
    for geometry, addressing, weights in BOARDS[:1] if quick else BOARDS:
        board = NAMES.get(geometry, path)
        what = f"{geometry}, {addressing}, {weights}"
        with Board(engram, "--board", board, "--addressing", addressing, "--weights", weights) as port:
            client = link.Client(port, PATIENCE)
            device = Device(MEMNET[geometry], addressing, weights == "signs")
            requests = 400 if quick else 1200 if geometry == "tiny" else 300
            if not quick and geometry in ("tiny", "up5k"):
                asked_edges(count, client, device, what)
            questions += conversation(count, client, device, random, requests, what)
            client.close()
    print(f"conversations: {questions} questions answered")
