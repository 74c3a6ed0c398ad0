//! The self-test of a crossbar: networks drawn from a seed that use every lane, gate and tile, both kinds of cells, sequences for it, and the tally
//! of memoization.

use engram_crossbar::design::{Design, Tiling};
use engram_crossbar::{
    Converter, IntegerModel, Labels, Memoization, Model as Trained, Precision, Precisions, Programming, Shape, Tensors,
};
use engram_link::LinkError;
use engram_spec::Answer;
use engram_spec::crossbar::memo::{Denominator, Predictor, Settings, Tally};
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use engram_spec::crossbar::{
    Call, Cell, Crossbar, Geometry, Identity, Program, Reply, Requests, Sequence, geometry, levels,
};
use engram_spec::frame::{Command, Refusal};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::SelfTest;
use super::advice;
use super::answers::play;
use super::bench::{Bench, of_link};
use super::network::{Layer, Tested};
use super::report::Check;
use crate::crossbar::geometry_for;
use crate::failure::Failure;
use crate::hardware::{Network, Organisation};
use crate::model::Model;

/// The seed of the built-in network, and of the sequences.
const SEED: u64 = 0x6372_6f73_7362;
/// Steps of the sequence with memoization.
const REMEMBERING: usize = 12;
/// Sizes of the built-in network; those of the smallest preset are 8 each.
const HIDDEN: usize = 40;
const INPUTS: usize = 20;
const CLASSES: usize = 10;
/// Bits of its codes.
const BITS: u8 = 4;

/// The cells of a built-in network, its rows that are not 0, and whether it has more tiles than one.
#[derive(Clone, Copy)]
struct Parts {
    cell: Cell,
    inputs: bool,
    hidden: bool,
    tiles: bool,
}

/// The built-in network of a device.
fn built_in(geometry: &Geometry, parts: Parts) -> Option<Program> {
    let shape = Shape {
        inputs: INPUTS.min(geometry.inputs),
        hidden: HIDDEN.min(geometry.hidden),
        outputs: CLASSES.min(geometry.classes),
    };
    let rows = if parts.tiles { geometry.lanes } else { 0 };
    let tiling = Tiling { rows, lanes: geometry.lanes, cells: 1 };
    let design = Design::new(shape, Precisions::alike(Precision::Bits(BITS)), tiling);
    // A tile's sum is as large as that of so many products of codes; the largest code of the converter is twice that.
    let most = levels(BITS) as f32;
    let summed = if parts.tiles { geometry.lanes } else { shape.rows() };
    let gain = most / (2.0 * (summed as f32).sqrt() * most * most / 3.0);
    let design = Design { cell: parts.cell, converters: [Converter::nearest(gain); 4], ..design };
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut tensors = Tensors::zeroed(&shape);
    let (columns, inputs) = (shape.columns(), shape.inputs);
    for (row, weights) in tensors.w.chunks_exact_mut(columns).enumerate() {
        let counts = if row < inputs { parts.inputs } else { parts.hidden };
        weights.fill_with(|| random.random_range(-1.0..1.0));
        if !counts {
            weights.fill(0.0);
        }
    }
    tensors.bias.fill_with(|| random.random_range(-0.5..0.5));
    tensors.out.fill_with(|| random.random_range(-1.0..1.0));
    tensors.out_bias.fill_with(|| random.random_range(-0.05..0.05));
    let alphabet = (0..inputs.max(shape.outputs)).map(|symbol| symbol.to_string()).collect();
    let labels = Labels::Symbols { alphabet, separator: String::new(), boundary: None, cue: None };
    Trained::new(design, labels, &tensors, None).program(*geometry, &Programming::default()).ok()
}

/// The steps of a sequence with an answer after each; some are symbols.
fn sequence(program: &Program, random: &mut ChaCha8Rng, steps: usize) -> Vec<Call<'static>> {
    let (inputs, most) = (program.settings.inputs, levels(program.settings.dac_bits) as i8);
    let mut calls = Vec::new();
    for step in 0..steps {
        calls.push(if step % 4 == 3 {
            Call::Symbol(random.random_range(0..inputs))
        } else {
            Call::Step((0..inputs).map(|_| random.random_range(-most..=most)).collect())
        });
        calls.push(Call::Answer);
    }
    calls
}

impl Tested for Crossbar {
    type Sequence = Vec<Call<'static>>;

    fn simulated(test: &SelfTest) -> Result<(Geometry, Option<Predictor>), Failure> {
        let size = match (&test.model, test.wanted.preset) {
            (Some(Model::Crossbar(model)), preset) => geometry_for(model, preset, &Programming::default())?,
            (_, None) => geometry::ECP5_25F,
            (_, Some(preset)) => {
                let none = || Failure::Usage(format!("there is no crossbar of size '{}'", preset.name));
                Geometry::named(preset.name).ok_or_else(none)?
            }
        };
        if Geometry::named(size.name).is_none() {
            let text = format!("no hardware computes {} cells: give a model that fits a device", size.hidden);
            return Err(Failure::Usage(text));
        }
        Ok((size, test.wanted.memo))
    }

    fn beside(geometry: &Geometry, memo: Option<Predictor>) -> IntegerModel {
        let model = IntegerModel::new(*geometry);
        match memo {
            Some(predictor) => model.memoizing(Memoization { predictor, ..Memoization::default() }),
            None => model,
        }
    }

    const SIZES: [&'static str; 5] = ["lanes", "hidden", "inputs", "classes", "multipliers"];

    fn built(memo: Option<Predictor>) -> String {
        match memo {
            None => "without memoization".to_string(),
            Some(predictor) => format!("memoization {} wide, {}", predictor.width, Organisation::found(&predictor)),
        }
    }

    fn unwanted(identity: &Identity, test: &SelfTest) -> Option<(String, String)> {
        let wanted = &test.wanted;
        let (found, network) = (Network::Crossbar.name(), wanted.network.map(Network::name));
        if let Some(network) = network.filter(|network| *network != found) {
            return Some((found.to_string(), network.to_string()));
        }
        let found = identity.geometry.name;
        if let Some(preset) = wanted.preset.filter(|preset| preset.name != found) {
            return Some((found.to_string(), preset.name.to_string()));
        }
        let memo = wanted.memo.filter(|_| identity.build.is_none());
        memo.map(|predictor| (Crossbar::built(None), Crossbar::built(Some(predictor))))
    }

    fn layers(geometry: &Geometry, _: Option<Predictor>) -> Vec<Layer<Crossbar>> {
        let layers = [
            ("the gates' tables, the cells and the readout", Cell::Lstm, [false, false, false]),
            ("the columns' rows of x, and the converters", Cell::Lstm, [true, false, false]),
            ("the columns' rows of h", Cell::Lstm, [true, true, false]),
            ("the sums of several tiles", Cell::Lstm, [true, true, true]),
            ("the cells of a GRU", Cell::Gru, [true, true, true]),
        ];
        let layer = |(name, cell, [inputs, hidden, tiles]): (&'static str, Cell, [bool; 3])| {
            let program = built_in(geometry, Parts { cell, inputs, hidden, tiles })?;
            let sequences = Crossbar::sequences(&program);
            Some(Layer { name, program, sequences })
        };
        layers.into_iter().filter_map(layer).collect()
    }

    fn program_of(model: &Model, geometry: &Geometry) -> anyhow::Result<Program> {
        match model {
            Model::Crossbar(model) => Ok(model.program(*geometry, &Programming::default())?),
            Model::Memnet(_) => {
                Err(Failure::Input("the model is a memory network, and the device a crossbar network".to_string())
                    .into())
            }
        }
    }

    fn sequences(program: &Program) -> Vec<Vec<Call<'static>>> {
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        [1, 2, 5, 24].into_iter().map(|steps| sequence(program, &mut random, steps)).collect()
    }

    fn calls<'a>(sequence: &'a Vec<Call<'static>>) -> Vec<Call<'a>> {
        sequence.clone()
    }

    fn due(program: &Program, memo: Option<Predictor>, sequence: &Vec<Call<'static>>, _: &[Reply]) -> Vec<Option<u32>> {
        let due = |call: &Call<'_>| match (call, memo) {
            (Call::Answer, None) => Some(program.answer_cycles()),
            (Call::Answer, Some(predictor)) => Some(predictor.answer_cycles(program)),
            // With memoization the columns decide how long a step takes: the tally is compared in their place.
            (Call::Step(_), None) => Some(program.step_cycles()),
            (Call::Symbol(_), None) => Some(program.step_cycles() + SYMBOL_CYCLES),
            _ => None,
        };
        sequence.iter().map(due).collect()
    }

    fn split(reply: Reply) -> (Reply, Option<u32>) {
        match reply {
            Reply::Answer(answer) => (Reply::Answer(Answer { cycles: 0, ..answer }), Some(answer.cycles)),
            Reply::Cycles(cycles) => (Reply::Cycles(0), Some(cycles)),
            Reply::Number(_) | Reply::Memoizing => (reply, None),
        }
    }

    fn words(reply: &Reply) -> String {
        match reply {
            Reply::Answer(answer) => format!("class {}, logit {}", answer.word, answer.logit),
            Reply::Number(number) => format!("the number {number}"),
            Reply::Cycles(_) | Reply::Memoizing => "done".to_string(),
        }
    }

    fn refused(program: &Program) -> Vec<(&'static str, Call<'static>, Refusal)> {
        let inputs = usize::from(program.settings.inputs);
        vec![
            ("an answer before a step", Call::Answer, Refusal::NoStory),
            ("a symbol beyond the inputs", Call::Symbol(program.settings.inputs), Refusal::UnknownWord),
            ("a step of a code too many", Call::Step(vec![0; inputs + 1].into()), Refusal::BadLength),
        ]
    }

    fn counted() -> (Command, Vec<u8>) {
        (Command::Symbol, vec![0])
    }

    fn counts(Sequence { steps }: Sequence) -> Vec<(&'static str, u64)> {
        vec![("steps", steps.into())]
    }

    /// Compares the tally of memoization, and the cycles of a sequence, where the device remembers columns.
    fn more(bench: &mut Bench<'_, '_, Crossbar>, model: Option<&Model>) -> Result<(), LinkError> {
        let Some(predictor) = bench.driver.identity().build else { return Ok(()) };
        bench.checks.begin("memoization");
        let of_model = match model {
            Some(Model::Crossbar(model)) => model.memoization,
            _ => None,
        };
        // As many signs may change as let about half of the columns be remembered.
        let usual = Settings {
            denominator: Denominator::Rows,
            throttling: true,
            zero_is_minus: false,
            theta: [12, 14, 16, 18],
        };
        let settings = of_model.unwrap_or(usual);
        bench.driver.memoize(&settings).map_err(of_link)?;
        bench.beside.memoize(&settings).map_err(of_link)?;
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let sequence = sequence(&bench.program, &mut random, REMEMBERING);
        let (found, expected) = (play(&mut bench.driver, &sequence)?, play(&mut bench.beside, &sequence)?);
        let [tally, due] = [bench.driver.tally().map_err(of_link)?, bench.beside.tally().map_err(of_link)?];
        let names = [
            "hits of i",
            "hits of f",
            "hits of g",
            "hits of o",
            "columns without an entry",
            "cycles of the predictor",
            "cycles of waiting",
            "cycles of the columns",
        ];
        let mut wrong: Vec<String> = names
            .into_iter()
            .zip(tally.numbers().into_iter().zip(due.numbers()))
            .filter(|(_, (found, due))| found != due)
            .map(|(name, (found, due))| format!("{found} {name} in place of {due}"))
            .collect();
        if found.replies != expected.replies {
            wrong.insert(0, "an answer differs".to_string());
        }
        // A backend without a clock counts none.
        let clock: u32 = found.cycles.iter().flatten().sum();
        let cycles = cycles_of(&bench.program, &predictor, &sequence, &due);
        if clock > 0 && clock != cycles {
            wrong.push(format!("{clock} cycles in place of {cycles}"));
        }
        let words = |tally: &Tally| {
            let (hits, all) = (tally.hits.iter().sum::<u32>(), columns(&bench.program, &sequence));
            format!("{hits} of {all} columns remembered, {} numbers of the tally equal", Tally::NUMBERS)
        };
        bench.checks.add(if wrong.is_empty() {
            Check::passed("memoization", words(&tally), words(&due))
        } else {
            let remedy = advice::computes(bench.on, "memoization (`memo`)");
            Check::failed("memoization", wrong.join(", "), words(&due), remedy)
        });
        // What follows computes every column again.
        bench.driver.memoize(&Settings::default()).map_err(of_link)?;
        bench.beside.memoize(&Settings::default()).map_err(of_link)?;
        Ok(())
    }
}

/// The columns that the steps of a sequence want.
fn columns(program: &Program, sequence: &[Call<'_>]) -> usize {
    program.settings.columns() * sequence.iter().filter(|call| !matches!(call, Call::Answer)).count()
}

/// The clock cycles of a sequence whose walks over the columns took as many as a tally says.
fn cycles_of(program: &Program, predictor: &Predictor, sequence: &[Call<'_>], tally: &Tally) -> u32 {
    let besides = |call: &Call<'_>| match call {
        Call::Answer => predictor.answer_cycles(program),
        Call::Symbol(_) => predictor.step_cycles(program, 0) + SYMBOL_CYCLES,
        _ => predictor.step_cycles(program, 0),
    };
    sequence.iter().map(besides).sum::<u32>() + tally.cycles
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::Device;
    use engram_spec::crossbar::geometry::{TINY, UP5K};

    /// The replies to all sequences.
    fn replies(program: &Program) -> Vec<Reply> {
        let mut device = IntegerModel::new(program.geometry);
        device.load(program).unwrap();
        Crossbar::sequences(program)
            .iter()
            .flat_map(|sequence| play::<Crossbar>(&mut device, sequence).unwrap().replies)
            .collect()
    }

    /// A fault in any row of the columns, in any cell and in any gate changes an answer.
    #[test]
    fn every_row_and_every_cell_count() {
        for geometry in [TINY, UP5K] {
            let program = Crossbar::layers(&geometry, None).pop().unwrap().program;
            let expected = replies(&program);
            let classes = |reply: &Reply| if let Reply::Answer(answer) = reply { Some(answer.word) } else { None };
            let classes: std::collections::BTreeSet<u8> = expected.iter().filter_map(classes).collect();
            assert!(classes.len() >= 4, "{}: the answers are {classes:?} only", geometry.name);
            let (hidden, rows) = (usize::from(program.settings.hidden), program.columns.len() / program.bias.len());
            for row in 0..rows {
                let mut faulty = program.clone();
                faulty.columns.iter_mut().skip(row).step_by(rows).for_each(|code| *code = 0);
                assert_ne!(replies(&faulty), expected, "{}: row {row}", geometry.name);
            }
            for column in 0..program.bias.len() {
                let mut faulty = program.clone();
                faulty.bias[column] = -faulty.bias[column];
                assert_ne!(replies(&faulty), expected, "{}: column {column}", geometry.name);
            }
            for cell in 0..hidden {
                let mut faulty = program.clone();
                faulty.readout.iter_mut().skip(cell).step_by(hidden).for_each(|code| *code = 0);
                assert_ne!(replies(&faulty), expected, "{}: cell {cell} of the readout", geometry.name);
            }
        }
    }
}
