//! The named values of a question as real numbers, in the arithmetic of any model: as they are stored, and before that.
//!
//! Stored values are those of the [`Network`]. What they were before is computed here once more from what is stored ahead of
//! them, without rounding; so every one can be checked against its format, and two models compared whatever their modes.

use engram_spec::memnet::Tying;
use engram_spec::memnet::table::{SCORE_FRACTION, SCORE_MAX, centre_score};

use crate::design::Design;
use crate::examples::{Examples, Question};
use crate::model::Model;
use crate::network::{Network, Query, Workspace};
use crate::profile::Grid;
use crate::tensors::Tensors;

/// A named vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// The name, as in printed traces; `m+T_A` and `c+T_C` are the memory with its age words, oldest sentence first.
    pub name: &'static str,
    /// The number of the sentence for m and c, of the hop for others.
    pub index: usize,
    /// The hop that reads c, where every hop has a memory of its own.
    pub hop: Option<usize>,
    /// The elements as they are stored.
    pub stored: Vec<f32>,
    /// The elements before they are stored, exact to 2^-16 of a step of the format; the stored values again where
    /// arithmetic is real.
    pub exact: Vec<f64>,
    /// The format; `None` where the vector is not stored in one.
    pub grid: Option<Grid>,
}

impl Vector {
    /// The name, with the hop where every hop has such vectors, as in `c` and `c_1`.
    pub fn named(&self) -> String {
        self.hop.map_or_else(|| self.name.to_string(), |hop| format!("{}_{hop}", self.name))
    }

    /// The name with the index, as in `u[1]`.
    pub fn label(&self) -> String {
        format!("{}[{}]", self.named(), self.index)
    }
}

/// Looks into a model.
#[derive(Debug)]
pub struct Observer {
    network: Network,
    tensors: Tensors<f32>,
    work: Workspace,
    /// The scale of the scores, and their centre, from which they are shown.
    scale: f32,
    centre: f32,
    /// The design whose formats values are held against.
    formats: Option<Design>,
}

impl Observer {
    /// Into a model, its values held against the formats that it has; a float model has none.
    pub fn new(model: &Model) -> Observer {
        let formats = model.design.mode.is_quantised().then_some(model.design);
        let (network, tensors) = model.network();
        let scale = (-f32::from(model.design.score_shift())).exp2();
        let centre = centre_score(model.design.centre());
        Observer { work: Workspace::new(&network.shape), network, tensors, scale, centre, formats }
    }

    /// Into a float model, its values held against the formats of a design in codes.
    pub fn against(model: &Model, formats: Design) -> Observer {
        let scale = (-f32::from(formats.score_shift())).exp2();
        let centre = centre_score(formats.centre());
        Observer { formats: Some(formats), scale, centre, ..Observer::new(model) }
    }

    /// The values of a question, in the order in which they come about; scores newest sentence first.
    pub fn values(&mut self, examples: &Examples, question: &Question) -> Vec<Vector> {
        let sentences = examples.story(question, self.network.shape.slots);
        let first = question.sentences.len() - sentences.len();
        let ages: Vec<usize> = (0..sentences.len()).rev().collect();
        let query = Query { sentences, ages: &ages, question: &question.words };
        self.network.forward(&self.tensors, &query, &mut self.work);
        let mut values = Vec::new();
        let shape = self.network.shape;
        for (slot, words) in sentences.iter().enumerate() {
            for memory in 0..shape.memories() {
                let (name, hop) = (if memory == 0 { "m" } else { "c" }, self.reader(memory));
                let stored = &self.work.stored[self.network.row(memory, slot)];
                let exact = || self.embed(self.tensors.memory(&shape, memory).0, words);
                values.push(Vector { hop, ..self.vector(name, first + slot, stored, exact) });
            }
        }
        self.aged(sentences.len(), &ages, &mut values);
        let question = || self.embed(self.tensors.question(&shape), &question.words);
        values.push(self.stored("u", 0, &self.work.u, question));
        for hop in 0..self.network.shape.hops {
            self.hop(hop, sentences.len(), &mut values);
        }
        let logits = product(self.tensors.answer(&shape), self.state(shape.hops));
        values.push(self.vector("logit", 0, &self.work.logits, || logits));
        values
    }

    fn elements(&self) -> usize {
        self.network.shape.elements
    }

    fn state(&self, hop: usize) -> &[f32] {
        &self.work.u[hop * self.elements()..][..self.elements()]
    }

    /// The hop that alone reads a memory; `None` where all do, or none.
    fn reader(&self, memory: usize) -> Option<usize> {
        memory.checked_sub(1).filter(|_| self.network.shape.tying == Tying::Adjacent)
    }

    /// The memories with their age words as each hop compares them, and as they are read.
    fn aged(&self, sentences: usize, ages: &[usize], values: &mut Vec<Vector>) {
        let shape = &self.network.shape;
        let hops = if self.network.compares_alike() { 1 } else { shape.hops };
        for hop in 0..hops {
            let aged = self.work.aged(shape, shape.tying.addressed(hop), sentences);
            let compared = &self.work.compared[self.network.compared(hop)..][..aged.len()];
            let exact = || aged.iter().map(|&value| value.into()).collect();
            values.push(self.vector("m+T_A", hop, compared, exact));
        }
        for memory in 1..shape.memories() {
            let (_, age_words) = self.tensors.memory(shape, memory);
            let age = |&age: &usize| &age_words[age * self.elements()..][..self.elements()];
            let words = ages.iter().flat_map(age).zip(&self.work.stored[self.network.rows(memory, sentences)]);
            let exact = || words.map(|(&age, &c)| f64::from(c) + f64::from(age)).collect();
            let vector = self.vector("c+T_C", 0, self.work.aged(shape, memory, sentences), exact);
            values.push(Vector { hop: self.reader(memory), ..vector });
        }
    }

    /// The scores of a hop, what is read, and the state after it.
    fn hop(&self, hop: usize, sentences: usize, values: &mut Vec<Vector>) {
        let (elements, slots) = (self.elements(), self.network.shape.slots);
        let (u, start) = (self.state(hop), self.network.compared(hop));
        let memory = self.work.compared[start..][..sentences * elements].chunks_exact(elements);
        // Stored scores are relative to the centre; real ones are shown so, to be compared with them.
        let shown = |score: f32| score * self.scale - self.centre;
        let stored = |&score: &f32| if self.network.is_quantised() { score } else { shown(score) };
        let scores: Vec<f32> = self.work.scores[hop * slots..][..sentences].iter().rev().map(stored).collect();
        let exact = || memory.rev().map(|m| shown(self.network.similarities[hop].exact(u, m)).into()).collect();
        values.push(self.vector("s", hop, &scores, exact));
        let weights = &self.work.weights[hop * slots..][..sentences];
        let aged = self.work.aged(&self.network.shape, self.network.shape.tying.read(hop), sentences);
        values.push(self.stored("o", hop, &self.work.o[hop * elements..], || self.read(weights, aged)));
        let next = || {
            let o = &self.work.o[hop * elements..][..elements];
            let controlled = match self.network.shape.tying {
                Tying::LayerWise => product(&self.tensors.h, u),
                Tying::Adjacent => u.iter().map(|&u| u.into()).collect(),
            };
            controlled.into_iter().zip(o).map(|(sum, &o)| sum + f64::from(o)).collect()
        };
        values.push(self.stored("u", hop + 1, &self.work.u[(hop + 1) * elements..], next));
    }

    /// The mean of the memory by its weights; their sum where those are truncated and no longer sum to one.
    fn read(&self, weights: &[f32], aged: &[f32]) -> Vec<f64> {
        let mut o = vec![0.0; self.elements()];
        for (&weight, c) in weights.iter().zip(aged.chunks_exact(o.len())) {
            o.iter_mut().zip(c).for_each(|(o, &c)| *o += f64::from(weight) * f64::from(c));
        }
        let sum: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
        if sum > 0.0 && self.formats.is_none_or(|design| !design.mode.is_truncating()) {
            o.iter_mut().for_each(|o| *o /= sum);
        }
        o
    }

    /// sum_j P\[j\] table\[w_j\].
    fn embed(&self, table: &[f32], words: &[u8]) -> Vec<f64> {
        let mut sum = vec![0.0; self.elements()];
        for (&word, factors) in words.iter().zip(self.network.positions(&self.tensors.position)) {
            let row = &table[usize::from(word) * sum.len()..];
            sum.iter_mut().zip(factors).zip(row).for_each(|((sum, &p), &x)| *sum += f64::from(p) * f64::from(x));
        }
        sum
    }

    /// A vector of E elements at the start of `stored`.
    fn stored(&self, name: &'static str, index: usize, stored: &[f32], exact: impl FnOnce() -> Vec<f64>) -> Vector {
        self.vector(name, index, &stored[..self.elements()], exact)
    }

    fn vector(&self, name: &'static str, index: usize, stored: &[f32], exact: impl FnOnce() -> Vec<f64>) -> Vector {
        let real = || stored.iter().map(|&value| value.into()).collect();
        let exact = if self.network.is_quantised() { exact() } else { real() };
        let grid = self.formats.and_then(|design| grid(&design, name, index));
        Vector { name, index, hop: None, stored: stored.to_vec(), exact, grid }
    }
}

/// The format of a value.
fn grid(design: &Design, name: &str, index: usize) -> Option<Grid> {
    let Design { formats, bits, mode, .. } = *design;
    let graded = |format, grade| Some(Grid::graded(format, bits, grade));
    match name {
        "m" => graded(formats.memory_a, 0),
        "m+T_A" => graded(formats.memory_a, design.grade(index)),
        "c" | "c+T_C" | "o" => graded(formats.memory_c, 0),
        "u" => graded(formats.controller, design.grade(index)),
        "s" if mode.is_truncating() => graded(formats.controller, 0),
        "s" => {
            let step = (-(SCORE_FRACTION as f32)).exp2();
            Some(Grid { name: format!("Q2.{SCORE_FRACTION}"), step, largest: SCORE_MAX as f32 * step })
        }
        _ => None,
    }
}

/// A matrix times a vector.
fn product(matrix: &[f32], vector: &[f32]) -> Vec<f64> {
    let row = |row: &[f32]| row.iter().zip(vector).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
    matrix.chunks_exact(vector.len()).map(row).collect()
}

/// The difference of a vector of two models.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Distance {
    /// The vector, as in `u[1]`.
    pub name: String,
    /// The largest difference of an element.
    pub largest: f32,
    /// The largest difference that counts as equal.
    pub tolerance: f32,
    /// The first element that differs by more, and what it is in the one model and the other.
    pub first: Option<(usize, f32, f32)>,
}

/// Compares the values of two models on one question, in the order of the first.
///
/// Without `tolerance` values are equal that differ by at most half a step, the larger of the two; logits, which are not
/// stored, have that of the state before them. Of two float models nothing is equal that differs.
pub fn compare(left: &[Vector], right: &[Vector], tolerance: Option<f32>) -> Vec<Distance> {
    let mut half = 0.0;
    let pairs = left.iter().filter_map(|one| {
        let other =
            right.iter().find(|other| (other.name, other.hop, other.index) == (one.name, one.hop, one.index))?;
        (one.stored.len() == other.stored.len()).then_some((one, other))
    });
    let distance = |(one, other): (&Vector, &Vector)| {
        let steps = one.grid.iter().chain(&other.grid).map(|grid| grid.step / 2.0);
        half = steps.reduce(f32::max).unwrap_or(half);
        let tolerance = tolerance.unwrap_or(half);
        let places = || one.stored.iter().zip(&other.stored).map(|(&one, &other)| (one, other)).enumerate();
        let largest = places().map(|(_, (one, other))| (one - other).abs()).fold(0.0, f32::max);
        let first = places().find(|(_, (one, other))| (one - other).abs() > tolerance);
        let first = first.map(|(element, (one, other))| (element, one, other));
        Distance { name: one.label(), largest, tolerance, first }
    };
    pairs.map(distance).collect()
}
