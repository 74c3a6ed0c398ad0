"""Frames: COBS and CRC-16/GENIBUS. "Frames" of link.md."""

BAD_FRAME = bytes.fromhex("01 04 01 f2 d1 00")


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


def frame(number, command, payload=b""):
    """A request, or a reply with its refusal in the place of the command."""
    content = bytes([number, command]) + payload
    return cobs(content + crc16(content).to_bytes(2, "big")) + b"\0"


def parsed(frame):
    """(number, command or refusal, payload) of a frame with its zero; None if it is not sound."""
    content = content_of(frame[:-1])
    if content is None or len(content) < 4 or crc16(content[:-2]) != int.from_bytes(content[-2:], "big"):
        return None
    return content[0], content[1], content[2:-2]
