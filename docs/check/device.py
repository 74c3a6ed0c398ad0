"""A memory network's device: the bytes that it replies with. "Frames", "Requests", "Programs", "Refusals", "State" and "Numbers" of link.md."""
import struct
import zlib

import numpy as np

import frames
import memnet
from link import COMMANDS, REFUSALS, VERSION
from loading import AGES, H, POSITION

LARGEST = dict.fromkeys(("memory_a", "memory_c", "question", "score", "controller"), 15)
LARGEST.update(centre=255, align=14, graded=1, adjacent=1)
REQUESTS = COMMANDS[:8]
EMPTY, LOADING, LOADED = range(3)


class Device:
    def __init__(self, geometry, addressing="hamming", signs=False):
        self.geometry, self.addressing, self.signs = geometry, addressing, signs
        self.state, self.settings, self.rows, self.hash = EMPTY, None, {}, 0
        self.number, self.kept, self.bad, self.repeats = 0, [], 0, 0
        self.times = []
        self.memory = None
        self.clear()

    def clear(self, _=b""):
        self.forgotten = self.sentences = 0
        if self.memory:
            self.memory.clear()
        return b""

    def reply(self, frame):
        """The reply to a frame with its zero. In `times` are the places in its content of the cycles, which are the hardware's own."""
        content, self.times = frames.parsed(frame), []
        if content is None:
            self.bad = (self.bad + 1) % 2**16
            return frames.BAD_FRAME
        number, rest = content[0], content[1:]
        before = (self.number - number) % 256
        if rest[0] & 127 == 1:
            self.kept = []
        elif 1 <= before <= len(self.kept):
            self.repeats = (self.repeats + 1) % 2**16
            return self.kept[-before]
        elif before:
            return frames.frame(bytes([number, 0, REFUSALS.index("OutOfOrder") + 1]))
        answer, done, refusal = bytes([number]), 0, None
        while rest and not refusal:
            refusal, payload, rest = self.item(rest, len(answer))
            if not refusal:
                answer, done = answer + payload, done + 1
        end = bytes([done, REFUSALS.index(refusal) + 1]) if refusal else b"\0"
        self.number = (number + 1) % 256
        self.kept = (self.kept + [frames.frame(answer + end)])[-7:]
        return self.kept[-1]

    def item(self, rest, long):
        """(refusal, payload of the reply, what follows) of the first item, where the reply is so long already."""
        if long > 44:
            return "ReplyFull", b"", b""
        brief, command = divmod(rest[0], 128)
        name = REQUESTS[command - 1] if 1 <= command <= len(REQUESTS) else None
        length = rest[1] if len(rest) > 1 else 0
        payload, behind = rest[2 : 2 + length], rest[2 + length :]
        if name and len(payload) < length:
            return "BadLength", b"", b""
        refusal = self.refusal(name, payload)
        answer = b"" if refusal else getattr(self, name)(payload)
        if answer and not brief and name == "question":
            self.times.append(long + 5)
        return refusal, b"" if brief else answer, behind

    def refusal(self, name, payload):
        """The first refusal that applies, by its name; None where the request is carried out."""
        g, s = self.geometry, self.settings
        if name is None:
            return "UnknownCommand"
        lengths = {"begin": len(memnet.SETTINGS), "row": 2 + g.elements, "seal": 4}
        spoken = name in ("sentence", "question")
        if not payload if spoken else len(payload) != lengths.get(name, 0):
            return "BadLength"
        if spoken and self.state != LOADED or name in ("row", "seal") and self.state != LOADING:
            return "NotLoaded"
        if spoken and len(payload) > g.positions:
            return "TooLong"
        if spoken and max(payload) >= s["words"]:
            return "UnknownWord"
        if name == "begin" and not self.fits(dict(zip(memnet.SETTINGS, payload))):
            return "WrongGeometry"
        if name == "row" and payload[1] >= g.rows(s["adjacent"], s["hops"]).get(payload[0], 0):
            return "WrongGeometry"
        if name == "seal" and int.from_bytes(payload, "little") != self.hash:
            return "WrongHash"
        if name == "question" and not self.sentences:
            return "NoStory"

    def fits(self, s):
        """Whether settings are in their ranges."""
        g = self.geometry
        if any(s[name] > largest for name, largest in LARGEST.items()) or s["padding"] >= g.elements:
            return False
        if s["adjacent"] and (self.signs or s["graded"]) or not 1 <= s["hops"] <= (4 if s["adjacent"] else 15):
            return False
        if s["graded"]:
            shifts = s["question"] <= 14 and 1 <= s["align"] <= 13 and 2 <= s["controller"] <= 14
            if self.addressing == "dot" or not shifts:
                return False
        words = 1 <= s["answers"] <= s["words"] <= g.words
        return words and 1 <= s["slots"] <= g.most_slots(s["adjacent"], s["hops"])

    def identify(self, _):
        g = self.geometry
        loaded = self.state == LOADED
        kind = [VERSION, g.number, ["hamming", "xnor", "dot", "min"].index(self.addressing), self.signs, loaded]
        hashed = (self.hash if loaded else 0).to_bytes(4, "little")
        return bytes(kind) + hashed + bytes([g.lanes, g.elements, g.slots, g.words, g.positions])

    def begin(self, payload):
        settings, before = dict(zip(memnet.SETTINGS, payload)), self.settings
        if before and any(settings[name] != before[name] for name in ("adjacent", "hops")):
            self.rows = {}
        self.settings, self.state, self.hash, self.memory = settings, LOADING, zlib.crc32(payload), None
        self.clear()
        return b""

    def row(self, payload):
        self.rows[payload[0], payload[1]] = np.frombuffer(payload[2:], np.int8).astype(np.int64)
        self.hash = zlib.crc32(payload, self.hash)
        return b""

    def defined(self):
        """Whether all rows that a host sends have come."""
        rows = used(self.geometry, self.settings)
        return all((region, row) in self.rows for region, number in rows.items() for row in range(number))

    def seal(self, _):
        self.state = LOADED
        if self.defined():
            rows = used(self.geometry, self.settings)
            tensors = {region: np.array([self.rows[region, row] for row in range(number)]) for region, number in rows.items()}
            embeddings, ages = ([each for region, each in tensors.items() if kind(region)] for kind in (H.__gt__, AGES.__le__))
            network = memnet.Network(self.settings, embeddings, tensors[H], tensors[POSITION], ages, self.addressing)
            self.memory = memnet.Memory(network)
        self.clear()
        return b""

    def sentence(self, payload):
        self.memory.sentence(payload)
        if self.sentences == self.settings["slots"]:
            self.forgotten = min(self.forgotten + 1, 2**16 - 1)
        self.sentences = min(self.sentences + 1, self.settings["slots"])
        return bytes([self.sentences])

    def question(self, payload):
        """The reply says no cycles, which are the hardware's own."""
        return struct.pack("<BiI", *self.memory.question(payload), 0)

    def status(self, _):
        return struct.pack("<BBHHHB", self.state == LOADED, self.sentences, self.forgotten, self.bad, self.repeats, 0)


def used(geometry, settings):
    """How many rows of each region a program uses."""
    rows = geometry.rows(settings["adjacent"], settings["hops"])
    last = 3 if not settings["adjacent"] else None
    for region, number in rows.items():
        if region < H:
            rows[region] = settings["answers" if region == last else "words"]
        elif region >= AGES:
            rows[region] = settings["slots"]
    return rows
