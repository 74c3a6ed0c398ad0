//! The tensors of a memory network: what is learnt, and of what size.

use std::ops::Range;

use engram_spec::memnet::geometry::PRESETS;
use engram_spec::memnet::program::HOPS_MAX;
use engram_spec::memnet::{Geometry, Tying};
use serde::{Deserialize, Serialize};

use crate::quantise::text;

/// The most words of a sentence.
pub const POSITIONS_MAX: usize = 64;

/// The size of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Words V of the vocabulary.
    pub words: usize,
    /// Elements E of every vector.
    pub elements: usize,
    /// Slots M of the memory: the last M sentences of a story are remembered, on every device.
    pub slots: usize,
    /// Hops K.
    pub hops: usize,
    /// Words J of the longest sentence or question of the data set.
    pub positions: usize,
    /// The tensors that hops share.
    #[serde(default, with = "text", skip_serializing_if = "Tying::is_layer_wise")]
    pub tying: Tying,
    /// The words that may be the answer, those with the lowest numbers; without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<usize>,
}

impl Shape {
    /// The number of words that may be the answer.
    pub fn answers(&self) -> usize {
        self.answers.unwrap_or(self.words)
    }

    /// The number of memories, each with words and age words of its own.
    pub fn memories(&self) -> usize {
        self.tying.memories(self.hops)
    }

    /// The rows of each tensor, in the order of [`Tensors::each`].
    pub fn rows(&self) -> [usize; 8] {
        let Shape { words, elements, slots, positions, tying, .. } = *self;
        let read = self.memories() - 1;
        let untied = |rows| if tying == Tying::LayerWise { rows } else { 0 };
        let [b, w, h] = [words, words, elements].map(untied);
        [words, b, read * words, w, h, slots, read * slots, positions]
    }

    /// The first number of the shape that is 0 or more than can be computed exactly, with its name and the most allowed.
    ///
    /// Within these limits all sums of quantised training are below 2^24, exact in f32, and those of the integer model
    /// below 2^31.
    pub fn excess(&self) -> Option<(&'static str, usize, usize)> {
        let counts = [
            ("words", self.words, 255),
            ("words that may be the answer", self.answers(), self.words),
            ("elements", self.elements, 256),
            ("slots", self.slots, 256),
            ("hops", self.hops, usize::from(HOPS_MAX)),
            ("positions", self.positions, POSITIONS_MAX),
        ];
        counts.into_iter().find(|&(_, found, most)| found < 1 || found > most)
    }

    /// The numbers of the shape that a device limits, each with its name and the most that a device of this geometry holds.
    pub fn sizes(&self, geometry: &Geometry) -> [(&'static str, usize, usize); 5] {
        [
            ("elements", self.elements, geometry.elements),
            ("words", self.words, geometry.words),
            ("positions in its longest sentence", self.positions, geometry.positions),
            ("hops", self.hops, self.tying.most_hops().into()),
            ("slots", self.slots, geometry.ring(self.memories())),
        ]
    }

    /// The first number of the shape that is more than a device of this geometry holds, with its name and the most that it
    /// holds.
    pub fn beyond(&self, geometry: &Geometry) -> Option<(&'static str, usize, usize)> {
        self.sizes(geometry).into_iter().find(|&(_, found, most)| found > most)
    }

    /// The names of the geometries that hold a network of this shape.
    pub fn holders(&self) -> Vec<&'static str> {
        PRESETS.into_iter().filter(|preset| self.beyond(preset).is_none()).map(|preset| preset.name).collect()
    }
}

/// The tensors, row-major: real numbers (`f32`) or codes (`i8`).
///
/// With [`Tying::Adjacent`], A is E_0 and C is E_1 to E_K, one after the other; so are T_A and T_C; B, W and H are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors<T> {
    /// A, V x E: words of sentences, for addressing.
    pub a: Vec<T>,
    /// B, V x E: words of questions.
    pub b: Vec<T>,
    /// C, V x E: words of sentences, for reading.
    pub c: Vec<T>,
    /// W, V x E: the answer's weights.
    pub w: Vec<T>,
    /// H, E x E: the controller, h\[e\]\[k\] at e E + k.
    pub h: Vec<T>,
    /// T_A, M x E: the age words of addressing, row 0 the newest sentence's.
    pub age_a: Vec<T>,
    /// T_C, M x E: the age words of reading.
    pub age_c: Vec<T>,
    /// P, J x E: the position weights, which words beyond the last take from it. Learnt only with
    /// [`Encoding::Learnt`](crate::network::Encoding).
    pub position: Vec<T>,
}

impl<T: Clone + Default> Tensors<T> {
    /// Tensors of zeros.
    pub fn zeroed(shape: &Shape) -> Tensors<T> {
        let zeros = |rows: usize| vec![T::default(); rows * shape.elements];
        let [a, b, c, w, h, age_a, age_c, position] = shape.rows().map(zeros);
        Tensors { a, b, c, w, h, age_a, age_c, position }
    }
}

/// The place of a memory's rows in the tensor that holds all memories but the first.
fn place(memory: usize, rows: usize, elements: usize) -> Range<usize> {
    (memory - 1) * rows * elements..memory * rows * elements
}

impl<T> Tensors<T> {
    /// The tensors' names, in the order of [`Tensors::each`].
    pub const NAMES: [&'static str; 8] = ["A", "B", "C", "W", "H", "T_A", "T_C", "position"];

    /// The tensors in their order.
    pub fn each(&self) -> [&Vec<T>; 8] {
        let Tensors { a, b, c, w, h, age_a, age_c, position } = self;
        [a, b, c, w, h, age_a, age_c, position]
    }

    /// The words and the age words of a memory.
    pub fn memory(&self, shape: &Shape, memory: usize) -> (&[T], &[T]) {
        match memory {
            0 => (&self.a, &self.age_a),
            _ => {
                let place = |rows| place(memory, rows, shape.elements);
                (&self.c[place(shape.words)], &self.age_c[place(shape.slots)])
            }
        }
    }

    /// The words and the age words of a memory, to be changed, and the position weights.
    pub fn memory_mut(&mut self, shape: &Shape, memory: usize) -> (&mut [T], &mut [T], &mut [T]) {
        match memory {
            0 => (&mut self.a, &mut self.age_a, &mut self.position),
            _ => {
                let place = |rows| place(memory, rows, shape.elements);
                (&mut self.c[place(shape.words)], &mut self.age_c[place(shape.slots)], &mut self.position)
            }
        }
    }

    /// The words of questions: B.
    pub fn question(&self, shape: &Shape) -> &[T] {
        match shape.tying {
            Tying::LayerWise => &self.b,
            Tying::Adjacent => &self.a,
        }
    }

    /// The words of questions, to be changed, and the position weights.
    pub fn question_mut(&mut self, shape: &Shape) -> (&mut [T], &mut [T]) {
        match shape.tying {
            Tying::LayerWise => (&mut self.b, &mut self.position),
            Tying::Adjacent => (&mut self.a, &mut self.position),
        }
    }

    /// The answer's weights: W.
    pub fn answer(&self, shape: &Shape) -> &[T] {
        match shape.tying {
            Tying::LayerWise => &self.w,
            Tying::Adjacent => self.memory(shape, shape.hops).0,
        }
    }

    /// The answer's weights, to be changed.
    pub fn answer_mut(&mut self, shape: &Shape) -> &mut [T] {
        match shape.tying {
            Tying::LayerWise => &mut self.w,
            Tying::Adjacent => self.memory_mut(shape, shape.hops).0,
        }
    }

    /// Converts every number, with something of its tensor's.
    pub fn convert<K: Copy, U>(&self, kinds: [K; 8], convert: impl Fn(K, &T) -> U) -> Tensors<U> {
        let tensors = self.each();
        let one = |place: usize| tensors[place].iter().map(|value| convert(kinds[place], value)).collect();
        let [a, b, c, w, h, age_a, age_c, position] = std::array::from_fn(one);
        Tensors { a, b, c, w, h, age_a, age_c, position }
    }

    /// Reads each tensor, in their order, from its bytes.
    pub(crate) fn read<E>(bytes: &[&[u8]], read: impl Fn(&[u8]) -> Result<Vec<T>, E>) -> Result<Tensors<T>, E> {
        let mut tensors = bytes.iter().map(|bytes| read(bytes)).collect::<Result<Vec<_>, E>>()?;
        let mut next = |place: usize| std::mem::take(&mut tensors[place]);
        let [a, b, c, w, h, age_a, age_c, position] = std::array::from_fn(&mut next);
        Ok(Tensors { a, b, c, w, h, age_a, age_c, position })
    }

    /// The tensors in their order, to be changed.
    pub fn each_mut(&mut self) -> [&mut Vec<T>; 8] {
        let Tensors { a, b, c, w, h, age_a, age_c, position } = self;
        [a, b, c, w, h, age_a, age_c, position]
    }
}

impl<T: Copy + Default> Tensors<T> {
    /// Fills every tensor with zeros.
    pub fn clear(&mut self) {
        self.each_mut().into_iter().for_each(|tensor| tensor.fill(T::default()));
    }
}
