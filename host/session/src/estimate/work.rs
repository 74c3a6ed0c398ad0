//! The work of a device: the cycles of a question, or of a step and an answer, and the operations in it.
//!
//! An operation is a multiplication or an addition of the model. Rows, elements and words that only pad the model do not count,
//! although the device computes them; columns that memoization skips do.

use engram_memnet::energy::Operations;
use engram_spec::crossbar::Gate;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use engram_spec::{crossbar, memnet};
use serde::Serialize;

/// A piece of work, and its cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Work {
    /// The name of the work.
    pub what: &'static str,
    /// The sentences in the memory, of a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentences: Option<usize>,
    /// The words of a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<usize>,
    /// Clock cycles; with memoization those of a step in which no column is remembered.
    pub cycles: u32,
    /// With memoization the clock cycles of a step in which every column is remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_cycles: Option<u32>,
    /// Multiplications and additions.
    pub operations: u64,
}

/// The sentences and the words of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Sentences in the memory, at least 1.
    pub sentences: usize,
    /// Words, at least 1.
    pub words: usize,
}

/// The work of a memory network: a typical question, and the largest that the model holds.
pub fn memnet(design: &engram_memnet::Design, program: &memnet::Program, typical: Question) -> Vec<Work> {
    let shape = design.shape;
    let largest = Question { sentences: shape.slots, words: shape.positions };
    let work = |(what, Question { sentences, words })| {
        let Operations { multiplies, narrow_adds, wide_adds, .. } = Operations::of_question(design, words, sentences);
        Work {
            what,
            sentences: Some(sentences),
            words: Some(words),
            cycles: program.answer_cycles(words, sentences),
            least_cycles: None,
            operations: multiplies + narrow_adds + wide_adds,
        }
    };
    [("question", typical), ("largest_question", largest)].map(work).to_vec()
}

/// The work of a crossbar network: a step, and an answer after it. `by_symbols` says whether a step takes a symbol.
pub fn crossbar(program: &crossbar::Program, by_symbols: bool, predictor: Option<Predictor>) -> Vec<Work> {
    let more = if by_symbols { SYMBOL_CYCLES } else { 0 };
    let (inputs, hidden) = (usize::from(program.settings.inputs), usize::from(program.settings.hidden));
    let reads = Gate::ALL.map(|gate| program.settings.cell.reads(gate as usize, inputs, inputs + hidden).len());
    let columns = (hidden * reads.into_iter().sum::<usize>()) as u64;
    let readout = program.readout.len() as u64;
    let work = |what, cycles, least_cycles, weights| {
        let (sentences, words) = (None, None);
        Work { what, sentences, words, cycles, least_cycles, operations: 2 * weights }
    };
    let (step, least, answer) = match predictor {
        None => (program.step_cycles(), None, program.answer_cycles()),
        Some(predictor) => {
            let [least, most] = predictor.step_bounds(program);
            (most, Some(least + more), predictor.answer_cycles(program))
        }
    };
    vec![work("step", step + more, least, columns), work("answer", answer, None, readout)]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use engram_babi::{DataSet, Line};
    use engram_crossbar::{Labels, Precision, Precisions, Programming, Shape, Tensors, Tiling};
    use engram_sequences::{Normaliser, Windowing};
    use engram_spec::Device;
    use engram_spec::crossbar::memo::{Denominator, Settings};
    use engram_spec::crossbar::{Cell, Crossbar, Requests as _};
    use engram_spec::memnet::{Memnet, Requests as _};
    use engram_testbench::{Backend, Network, Opening, open};

    use super::*;

    /// The simulated hardware of a size.
    fn hardware<M: Network>(geometry: M::Geometry, build: M::Build) -> Box<dyn Device<M>> {
        let (vcd, cache) = (None, std::env::temp_dir());
        open(&Backend::Simulation, &Opening { geometry, build, trace: false, vcd, baud: 0, cache }).unwrap()
    }

    /// A network of a size, whose weights all differ a little.
    fn network(cell: Cell, [inputs, hidden, outputs]: [usize; 3], lanes: usize) -> engram_crossbar::Model {
        let shape = Shape { inputs, hidden, outputs };
        let tiling = Tiling { lanes, ..Tiling::default() };
        let design = engram_crossbar::Design::new(shape, Precisions::alike(Precision::Bits(4)), tiling);
        let design = engram_crossbar::Design { cell, ..design };
        let normaliser = Normaliser { mean: vec![0.0; inputs], deviation: vec![1.0; inputs], range: vec![1.0; inputs] };
        let names = (0..outputs).map(|class| class.to_string()).collect();
        let labels = Labels::Classes { names, windowing: Windowing::NONE, normaliser };
        let mut tensors = Tensors::zeroed(&shape);
        tensors.w.iter_mut().enumerate().for_each(|(place, weight)| *weight = (place as f32 * 0.7).sin());
        tensors.out.iter_mut().enumerate().for_each(|(place, weight)| *weight = (place as f32 * 0.3).cos());
        engram_crossbar::Model::new(design, labels, &tensors, None)
    }

    #[test]
    fn steps_and_answers_take_the_cycles_that_are_estimated() {
        for geometry in [crossbar::geometry::UP5K, crossbar::geometry::ECP5_25F] {
            let mut device = hardware::<Crossbar>(geometry, None);
            let sizes = [[1, 1, 1], [3, 5, 2], [9, 17, 4], [12, 24, 9], [17, 8, 17]];
            for (cell, size) in [Cell::Lstm, Cell::Gru].into_iter().flat_map(|cell| sizes.map(|size| (cell, size))) {
                let program = network(cell, size, geometry.lanes).program(geometry, &Programming::default()).unwrap();
                device.load(&program).unwrap();
                let [step, answer] = &crossbar(&program, false, None)[..] else { panic!("a step and an answer") };
                for value in [0, 3, -7] {
                    assert_eq!(device.step(&vec![value; size[0]]).unwrap(), step.cycles, "{} {size:?}", geometry.name);
                    assert_eq!(device.answer().unwrap().cycles, answer.cycles, "{} {size:?}", geometry.name);
                }
                let [inputs, hidden, outputs] = size.map(|size| size as u64);
                let columns = if cell == Cell::Gru { 3 } else { 4 };
                assert_eq!(step.operations, 2 * columns * hidden * (inputs + hidden));
                assert_eq!(answer.operations, 2 * hidden * outputs);
                let by_symbol = crossbar(&program, true, None);
                assert_eq!(device.symbol(0).unwrap(), by_symbol[0].cycles, "{} {size:?}", geometry.name);
            }
        }
    }

    /// The first step computes every column; with the largest thresholds the next ones remember all.
    #[test]
    fn steps_with_memoization_take_the_cycles_between_which_they_are_estimated() {
        for geometry in [crossbar::geometry::UP5K, crossbar::geometry::ECP5_25F] {
            let predictors = [Predictor::of(&geometry), Predictor::of(&geometry).serial()];
            for (cell, predictor) in [Cell::Lstm, Cell::Gru].into_iter().zip(predictors) {
                let mut device = hardware::<Crossbar>(geometry, Some(predictor));
                let program =
                    network(cell, [9, 10, 4], geometry.lanes).program(geometry, &Programming::default()).unwrap();
                device.load(&program).unwrap();
                let theta = [engram_spec::crossbar::memo::ERROR_MAX; 4];
                let settings =
                    Settings { denominator: Denominator::Rows, throttling: false, zero_is_minus: false, theta };
                device.memoize(&settings).unwrap();
                let [step, answer] = &crossbar(&program, false, Some(predictor))[..] else { panic!("two") };
                let taken = [0; 3].map(|_| device.step(&[3; 9]).unwrap());
                assert_eq!(taken[0], step.cycles, "{} {predictor:?}", geometry.name);
                assert_eq!(Some(taken[2]), step.least_cycles, "{} {predictor:?}", geometry.name);
                assert_eq!(device.answer().unwrap().cycles, answer.cycles, "{} {predictor:?}", geometry.name);
            }
        }
    }

    #[test]
    fn questions_of_generated_stories_take_the_cycles_that_are_estimated() {
        let path = |task| Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../models/qa{task}.safetensors"));
        for (task, geometry) in [
            (1, memnet::geometry::UP5K),
            (1, memnet::geometry::ECP5_25F),
            (16, memnet::geometry::ECP5_25F),
            (5, memnet::geometry::UP5K),
        ] {
            let model = engram_memnet::Model::load(&path(task)).unwrap();
            let slots = geometry.ring(model.design.shape.memories());
            let model = if model.design.shape.slots > slots { model.with_slots(slots).unwrap() } else { model };
            let program = model.program(geometry).unwrap();
            let mut device = hardware::<Memnet>(geometry, program.datapath);
            device.load(&program).unwrap();
            let data = DataSet::generate(task, 20, 20, 3).unwrap();
            let mut asked = 0;
            for story in data.test.iter().take(3) {
                device.clear().unwrap();
                let mut sentences = 0;
                for line in &story.lines {
                    match line {
                        Line::Sentence(words) => {
                            device.sentence(&model.vocabulary.encode(words).unwrap()).unwrap();
                            sentences = slots.min(model.design.shape.slots).min(sentences + 1);
                        }
                        Line::Question { words, .. } => {
                            let question = Question { sentences, words: words.len() };
                            let taken = device.question(&model.vocabulary.encode(words).unwrap()).unwrap().cycles;
                            let [typical, largest] = &memnet(&model.design, &program, question)[..] else {
                                panic!("two questions")
                            };
                            assert_eq!(taken, typical.cycles, "task {task}, {}: {words:?}", geometry.name);
                            assert!(taken <= largest.cycles && typical.operations <= largest.operations);
                            asked += 1;
                        }
                    }
                }
            }
            assert!(asked >= 3, "{asked} questions");
        }
    }
}
