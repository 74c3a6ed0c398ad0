//! Ranges against formats: how much of its format a tensor or an intermediate value fills, and what storing it loses.

use engram_spec::Format;
use serde::Serialize;

use crate::design::{Design, WORD};
use crate::examples::Examples;
use crate::model::Model;
use crate::quantise::{Quantiser, position_format};
use crate::tensors::Tensors;
use crate::values::Observer;

/// The values that can be stored: multiples of a step up to a largest magnitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The format's name, as in `Q2.5`.
    pub name: String,
    /// The smallest difference of two values.
    pub step: f32,
    /// The largest magnitude.
    pub largest: f32,
}

impl Grid {
    /// The grid of codes of `bits` bits with the range of a format, `grade` more fraction bits and fewer integer bits.
    pub fn graded(format: Format, bits: u32, grade: i32) -> Grid {
        let quantiser = Quantiser::graded(format, bits, grade);
        let (integer, fraction) = (format.integer() as i32 - grade, format.fraction() as i32 + grade);
        let name = format!("Q{integer}.{}", fraction - (WORD - bits) as i32);
        Grid { name, step: quantiser.step(), largest: quantiser.largest }
    }

    /// The grids of a design's tensors, in the order of [`Tensors::each`]: of binary tensors one magnitude.
    pub fn of_tensors(design: &Design) -> [Grid; 8] {
        let mut grids = design.formats.each().map(|format| Grid::graded(format, design.bits, 0));
        grids[7] = Grid::graded(position_format(), WORD, 0);
        for (place, format) in
            design.formats.each().into_iter().enumerate().filter(|&(place, _)| design.is_binary(place))
        {
            grids[place] = Grid { name: format!("±{}", format.step()), step: format.step(), largest: format.step() };
        }
        grids
    }
}

/// The range of some values against their format.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// The name of the values, as in `u[1]`.
    pub name: String,
    /// The format; `None` where the values are not stored.
    pub format: Option<String>,
    /// The largest magnitude that the format holds.
    pub largest: Option<f32>,
    /// The least value, before it was stored.
    pub min: f32,
    /// The greatest.
    pub max: f32,
    /// The part of the format's range that is used, 0 to 1, and above where values saturate.
    pub used: Option<f32>,
    /// The number of values.
    pub values: usize,
    /// Values beyond the format, which storing cuts off.
    pub saturated: usize,
    /// Values between two of the format's, which storing moves to one of them.
    pub rounded: usize,
}

/// The part of a step by which a value may differ from a grid and still count as on it: the sum of a mean in f64 is
/// exact to 2^-16 steps, and no product is finer than 2^-14.
const EXACT: f64 = 1.0 / 32768.0;

impl Span {
    /// A span without values.
    pub fn new(name: impl Into<String>, grid: Option<&Grid>) -> Span {
        let (format, largest) = (grid.map(|grid| grid.name.clone()), grid.map(|grid| grid.largest));
        let (min, max) = (f32::INFINITY, f32::NEG_INFINITY);
        Span { name: name.into(), format, largest, min, max, used: None, values: 0, saturated: 0, rounded: 0 }
    }

    /// Counts values as they are before they are stored, on a grid.
    pub fn count(&mut self, exact: impl IntoIterator<Item = f64>, grid: Option<&Grid>) {
        for value in exact {
            self.values += 1;
            (self.min, self.max) = (self.min.min(value as f32), self.max.max(value as f32));
            let Some(grid) = grid else { continue };
            let (step, largest) = (f64::from(grid.step), f64::from(grid.largest));
            if value.abs() > largest + step / 2.0 {
                self.saturated += 1;
            } else if (value / step - (value / step).round()).abs() > EXACT || value.abs() > largest + step * EXACT {
                self.rounded += 1;
            }
        }
        self.used = self.largest.map(|largest| self.max.abs().max(self.min.abs()) / largest);
    }
}

/// The real tensors of a network against the formats of a design; those that have no rows are left out.
pub fn tensors(design: &Design, tensors: &Tensors<f32>) -> Vec<Span> {
    let mut spans = each_tensor(design, tensors);
    spans.retain(|span| span.values > 0);
    spans
}

/// All tensors, in the order of [`Tensors::each`].
fn each_tensor(design: &Design, tensors: &Tensors<f32>) -> Vec<Span> {
    let each = Tensors::<f32>::NAMES.into_iter().zip(tensors.each()).zip(Grid::of_tensors(design));
    let span = |((name, values), grid): ((&str, &Vec<f32>), Grid)| {
        let mut span = Span::new(name, Some(&grid));
        span.count(values.iter().map(|&value| value.into()), Some(&grid));
        span
    };
    each.map(span).collect()
}

/// The tensors of a model against its formats. Of a float model they are held against those of `formats`. Of a model of
/// codes, which does not keep what they were, those at the ends of a format count as saturated.
pub fn tensors_of(model: &Model, formats: &Design) -> Vec<Span> {
    let (_, numbers) = model.network();
    let mut spans = each_tensor(formats, &numbers);
    if model.design.mode.is_quantised() {
        let each = spans.iter_mut().zip(numbers.each()).zip(Grid::of_tensors(formats));
        for ((span, numbers), grid) in each.filter(|(_, grid)| grid.step < grid.largest) {
            span.saturated = numbers.iter().filter(|number| number.abs() >= grid.largest).count();
        }
    }
    spans.retain(|span| span.values > 0);
    spans
}

/// The intermediate values of some questions against their formats: m and c over all sentences, u, s and o by hop.
pub fn values(observer: &mut Observer, examples: &Examples, limit: Option<usize>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for question in examples.questions.iter().take(limit.unwrap_or(usize::MAX)) {
        for vector in observer.values(examples, question) {
            let name = match vector.name {
                "m" | "c" | "c+T_C" | "logit" => vector.named(),
                _ => vector.label(),
            };
            let place = spans.iter().position(|span| span.name == name).unwrap_or_else(|| {
                spans.push(Span::new(name, vector.grid.as_ref()));
                spans.len() - 1
            });
            spans[place].count(vector.exact, vector.grid.as_ref());
        }
    }
    spans.retain(|span| span.values > 0);
    spans
}
