"""The generator ChaCha8 of the crate rand_chacha, seeded by `seed_from_u64`: that of the noise of weights."""

MASK, MASK64 = 2**32 - 1, 2**64 - 1


def key(seed):
    """32 bytes from 64 bits, by PCG32, as `seed_from_u64` of the crate rand_core makes them."""
    words = []
    for _ in range(8):
        seed = (seed * 6364136223846793005 + 11634580027462260723) & MASK64
        mixed, turn = ((seed >> 18 ^ seed) >> 27) & MASK, seed >> 59
        words.append((mixed >> turn | mixed << (32 - turn)) & MASK)
    return words


def quarter(x, a, b, c, d):
    for add, to, by, turn in ((a, d, b, 16), (c, b, d, 12), (a, d, b, 8), (c, b, d, 7)):
        x[add] = (x[add] + x[by]) & MASK
        mixed = x[to] ^ x[add]
        x[to] = (mixed << turn | mixed >> (32 - turn)) & MASK


def block(key, counter):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key, counter & MASK, counter >> 32, 0, 0]
    x = list(start)
    for _ in range(4):
        for at in range(4):
            quarter(x, at, at + 4, at + 8, at + 12)
        for at in range(4):
            quarter(x, at, 4 + (at + 1) % 4, 8 + (at + 2) % 4, 12 + (at + 3) % 4)
    return [(a + b) & MASK for a, b in zip(x, start)]


class ChaCha8:
    def __init__(self, seed):
        self.key, self.counter, self.words = key(seed), 0, []

    def unit(self):
        """A number in [0, 1) of 53 bits: the upper ones of 64, of which the first word is the lower half."""
        if not self.words:
            self.words, self.counter = block(self.key, self.counter), self.counter + 1
        low, high = self.words.pop(0), self.words.pop(0)
        return ((high << 32 | low) >> 11) * 2.0**-53
