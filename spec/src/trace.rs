//! The named intermediate values of a question, which every backend of a device gives alike, so that a difference is found
//! by layer.

use std::fmt;

/// The kind of a traced value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// The codes of a memory, E of them, when a sentence is stored (index: the sentence's number since `clear`). Without its
    /// age word. The memories are counted from 0; with layer-wise tying 0 is m and 1 is c.
    Memory(u8),
    /// u_k, E codes: the controller's state before hop k (index k), and after the last.
    Controller,
    /// Score codes of a hop (index: the hop), newest sentence first.
    Score,
    /// Exponentials of a hop, newest sentence first.
    Exponential,
    /// o of a hop, E codes.
    Read,
    /// Logits of the answer, one a word of the vocabulary (of a crossbar device: a class), exact.
    Logit,
    /// The verdicts of a step (index: the step since `clear`) with memoization, one a column, cell by cell i, f, g, o: 0 missed,
    /// 1 remembered, 2 forced ([`crate::crossbar::memo::Verdict`]). This and the following are a crossbar device's.
    Verdict,
    /// S of a step: the tiles' column sums in the order of their conversions, of columns that are computed.
    TileSum,
    /// a of a step: the converters' codes in the same order.
    Converted,
    /// The table indices of a step, one a column.
    Index,
    /// The gates of a step, one a column: cell by cell i, f, g, o, in units of 2^-10.
    Gate,
    /// The cells' states after a step, in units of 2^-11.
    Cell,
    /// The DAC codes of h after a step.
    Hidden,
    /// The readout's codes of h after a step.
    Readout,
}

impl Quantity {
    /// The name in printed traces.
    pub const fn name(self) -> &'static str {
        match self {
            Quantity::Memory(0) => "m",
            Quantity::Memory(1) => "c",
            Quantity::Memory(2) => "c2",
            Quantity::Memory(3) => "c3",
            Quantity::Memory(_) => "c4",
            Quantity::Controller => "u",
            Quantity::Score => "s",
            Quantity::Exponential => "e",
            Quantity::Read => "o",
            Quantity::Logit => "logit",
            Quantity::Verdict => "memo",
            Quantity::TileSum => "S",
            Quantity::Converted => "a",
            Quantity::Index => "z",
            Quantity::Gate => "gate",
            Quantity::Cell => "cell",
            Quantity::Hidden => "h",
            Quantity::Readout => "r",
        }
    }
}

/// A traced vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The kind of the vector.
    pub quantity: Quantity,
    /// The vector's number: the sentence for m and c, the hop for u, s, e and o, 0 for logits, else the step.
    pub index: usize,
    /// The vector's values.
    pub values: Vec<i32>,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.quantity.name(), self.index)?;
        self.values.iter().try_for_each(|value| write!(f, " {value}"))
    }
}

/// The traced values in the order in which they came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The vectors.
    pub entries: Vec<Entry>,
}

/// Where two traces part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The entry's name, as in `s[1]`.
    pub entry: String,
    /// The first element that differs; the shorter length where one is a prefix of the other.
    pub element: usize,
    /// The first trace's value there.
    pub left: Option<i32>,
    /// The second trace's value there.
    pub right: Option<i32>,
}

impl fmt::Display for Parting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: Option<i32>| value.map_or("nothing".to_string(), |value| value.to_string());
        write!(f, "{} element {}: {} against {}", self.entry, self.element, show(self.left), show(self.right))
    }
}

impl Trace {
    /// Appends a vector.
    pub fn push(&mut self, quantity: Quantity, index: usize, values: Vec<i32>) {
        self.entries.push(Entry { quantity, index, values });
    }

    /// The vector of a quantity and index, the latest where there are several.
    pub fn get(&self, quantity: Quantity, index: usize) -> Option<&[i32]> {
        let found = self.entries.iter().rev().find(|entry| entry.quantity == quantity && entry.index == index);
        found.map(|entry| entry.values.as_slice())
    }

    /// The first place where this trace and another part, in this one's order; `None` where they are equal.
    pub fn parting(&self, other: &Trace) -> Option<Parting> {
        let places = self.entries.len().max(other.entries.len());
        (0..places).find_map(|place| {
            let (left, right) = (self.entries.get(place), other.entries.get(place));
            if left == right {
                return None;
            }
            let name = |entry: &Entry| format!("{}[{}]", entry.quantity.name(), entry.index);
            let values = |entry: Option<&Entry>| entry.map(|entry| entry.values.clone()).unwrap_or_default();
            let (l, r) = (values(left), values(right));
            let element = l.iter().zip(&r).take_while(|(a, b)| a == b).count();
            Some(Parting {
                entry: left.or(right).map(name).unwrap_or_default(),
                element,
                left: l.get(element).copied(),
                right: r.get(element).copied(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_found() {
        let mut one = Trace::default();
        one.push(Quantity::Controller, 0, vec![1, 2, 3]);
        one.push(Quantity::Score, 0, vec![4, 5]);
        let mut other = one.clone();
        assert_eq!(one.parting(&other), None);
        other.entries[1].values[1] = 6;
        assert_eq!(one.parting(&other).unwrap().to_string(), "s[0] element 1: 5 against 6");
        other.entries.pop();
        assert_eq!(one.parting(&other).unwrap().to_string(), "s[0] element 0: 4 against nothing");
        assert_eq!(one.get(Quantity::Score, 0), Some(&[4, 5][..]));
    }
}
