"""Sizes of devices, by the number of the geometry: "Identities" and "Programs" of link.md."""
from collections import namedtuple


class Memnet(namedtuple("Memnet", "number lanes elements slots words positions")):
    def most_slots(self, adjacent, hops):
        """The most that the setting `slots` may be."""
        fewer = {(1, 2): 16, (1, 3): 16, (1, 4): 8, (4, 4): 4}
        return fewer.get((self.number, hops), self.slots) if adjacent else self.slots

    def rows(self, adjacent, hops):
        """The rows of each region that the network has."""
        slots, other = self.most_slots(adjacent, hops), {6: self.positions}
        if adjacent:
            memories = range(hops + 1)
            return {**{k: self.words for k in memories}, 5: 1, **other, **{7 + k: slots for k in memories}}
        return {**dict.fromkeys(range(4), self.words), 5: self.elements, **other, 7: slots, 8: slots}


Crossbar = namedtuple("Crossbar", "number lanes hidden inputs classes multipliers bits weights biases")

MEMNET = {
    "up5k": Memnet(1, 8, 32, 32, 192, 16),
    "ecp5-25f": Memnet(2, 32, 32, 64, 192, 16),
    "ecp5-85f": Memnet(3, 64, 64, 64, 192, 16),
    "tiny": Memnet(4, 4, 8, 8, 24, 8),
}
CROSSBAR = {
    "up5k": Crossbar(17, 8, 128, 64, 64, 0, 4, 1024, 36),
    "ecp5-25f": Crossbar(18, 16, 128, 64, 64, 16, 4, 832, 36),
    "ecp5-85f": Crossbar(19, 16, 128, 64, 64, 16, 8, 1664, 36),
    "tiny": Crossbar(20, 4, 8, 8, 8, 2, 4, 8, 3),
    "tiny-wide": Crossbar(21, 4, 8, 8, 8, 2, 8, 16, 3),
}
