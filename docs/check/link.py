"""A client of a device on a serial port: "Requests" and "Numbers, repeats, time-outs" of link.md."""
import os
import select
import struct
import termios
import tty

import frames

COMMANDS = "identify begin row seal clear sentence question status step symbol answer memoize tally".split()
REFUSALS = "BadFrame UnknownCommand BadLength NotLoaded TooLong UnknownWord WrongGeometry WrongHash NoStory OutOfOrder ReplyFull".split()
VERSION = 8
QUIET, REPEATS = 0.05, 3


class Refused(Exception):
    """A device's refusal, by its name."""


class Client:
    """Waits `silence` seconds for each byte: 0.5 for a board; a simulated one is slower."""

    def __init__(self, path, silence=0.5, baud=getattr(termios, "B1000000", None)):
        self.silence, self.baud, self.number, self.sent = silence, baud, 0, 0
        self.open(path)

    def open(self, path):
        self.port = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.port)
        if self.baud is not None:
            line = termios.tcgetattr(self.port)
            line[4] = line[5] = self.baud
            termios.tcsetattr(self.port, termios.TCSANOW, line)

    def close(self):
        os.close(self.port)

    def replies(self):
        """Replies as they come, None at a silence; after a fault a short silence is enough."""
        held, wait = b"", self.silence
        while True:
            if not select.select([self.port], [], [], wait)[0]:
                yield None
                return
            held += os.read(self.port, 256)
            while b"\0" in held:
                whole, held = held.split(b"\0", 1)
                if whole:
                    content = frames.parsed(whole + b"\0")
                    reply = frames.reply(content) if content else None
                    wait = QUIET if reply is None or reply[3] == 1 else self.silence
                    yield reply

    def exchange(self, request):
        """The payload of the reply to this frame, which has the present number."""
        for attempt in range(REPEATS + 1):
            os.write(self.port, (b"\0" if attempt else b"") + request)
            self.sent += 1
            for reply in self.replies():
                if reply and reply[0] == self.number and reply[3] != 1:
                    if reply[3]:
                        raise Refused(REFUSALS[reply[3] - 1])
                    return reply[1]
        raise TimeoutError(f"no reply to request {self.number}: is the board on, and the port its own?")

    def raw(self, bytes_sent):
        """The frame that comes back, with its zero, whatever it says."""
        os.write(self.port, bytes_sent)
        held = b""
        while not held.endswith(b"\0"):
            if not select.select([self.port], [], [], self.silence)[0]:
                raise TimeoutError(f"no reply to {bytes_sent.hex(' ')}: is the board on, and the port its own?")
            read = os.read(self.port, 256)
            if not read:
                raise ConnectionError(f"the port was closed after {bytes_sent.hex(' ')}")
            held += read
        return held

    def request(self, command, payload=b""):
        self.number = (self.number + 1) % 256
        return self.exchange(frames.frame(frames.request(self.number, (COMMANDS.index(command) + 1, bytes(payload)))))

    def identify(self):
        identity = self.request("identify")
        if identity[0] != VERSION:
            raise ValueError(f"the device has version {identity[0]} of the link, this client version {VERSION}")
        return identity

    def load(self, begin, rows, seal):
        self.request("begin", begin)
        for row in rows:
            self.request("row", row)
        self.request("seal", seal)

    def question(self, words):
        """(word, logit, cycles)."""
        return struct.unpack("<BiI", self.request("question", words))

    def answer(self):
        """(class, logit, cycles)."""
        return struct.unpack("<BiI", self.request("answer"))

    def step(self, codes):
        """Cycles."""
        return struct.unpack("<I", self.request("step", [int(code) & 255 for code in codes]))[0]

    def tally(self, number):
        return struct.unpack("<I", self.request("tally", [number]))[0]

    def status(self, memnet):
        """(loaded, sentences, forgotten, bad frames, repeats, framing errors), or of a crossbar (loaded, steps, bad frames, repeats, framing errors)."""
        status = self.request("status")
        if memnet:
            return struct.unpack("<BBHHHB", status)
        return (status[0], int.from_bytes(status[1:4], "little"), *struct.unpack("<HHB", status[4:]))
