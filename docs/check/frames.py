"""Frames: COBS and CRC-16/GENIBUS. "Frames" of link.md."""

BRIEF = 0x80


def crc16(content):
    register = 0xFFFF
    for byte in content:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ (0x1021 if register & 0x8000 else 0)) & 0xFFFF
    return register ^ 0xFFFF


def cobs(content):
    """The content without zeros, one byte longer; it is less than 254 bytes."""
    return b"".join(bytes([len(block) + 1]) + block for block in content.split(b"\0"))


def content_of(code):
    """The content of a frame without its zero; None if the frame is torn."""
    content, at = bytearray(), 0
    while at < len(code):
        end = at + code[at]
        if code[at] == 0 or end > len(code):
            return None
        content += code[at + 1 : end]
        if end < len(code) and code[at] != 0xFF:
            content.append(0)
        at = end
    return bytes(content)


def frame(content):
    """The frame of a content without its CRC."""
    return cobs(content + crc16(content).to_bytes(2, "big")) + b"\0"


def parsed(frame):
    """The content of a frame with its zero, without the CRC; None if it is not sound."""
    content = content_of(frame[:-1])
    if content is None or not 4 <= len(content) <= 253 or crc16(content[:-2]) != int.from_bytes(content[-2:], "big"):
        return None
    return content[:-2]


def request(number, *items):
    """The content of a request. An item is a command and its payload; at the end a payload of no bytes has no length."""
    content = bytes([number])
    for at, (command, payload) in enumerate(items, 1):
        content += bytes([command]) + (bytes([len(payload)]) if payload or at < len(items) else b"") + payload
    return content


def reply(content):
    """(number, payloads, items done, refusal) of a reply's content; the items done are None where all are."""
    if content[-1] == 0:
        return content[0], content[1:-1], None, 0
    return content[0], content[1:-2], content[-2], content[-1]


BAD_FRAME = frame(bytes([0, 0, 1]))
