//! The report of fuzzy memoization, made of what is published.

use engram_session::measure::time;
use engram_spec::crossbar::memo::{Denominator, Entry};
use engram_spec::crossbar::{Cell, Gate, gru};

use super::aggregate::{CurvePoint, DatasetResults, EnergyResults, SchemeResults, VariantResults};
use super::marks::{ENERGY, GAIN, LOST, Mark, REUSE, SETS, Verdict, marks, verdicts};
use super::picture;
use super::proofs::{Proof, Sum, device, sums};
use super::prove::STEPS;
use super::scheme::CURVES;
use super::variant::{BITS, HIDDEN, READ_NOISE, SYMBOLS, Variant};
use crate::crossbar::plots::lines::{self, Line, Panel};
use crate::datasets::{Asked, missing};
use crate::document::{Block, Column, Table, code, or_none, percent, with_spread};
use crate::plots::{BLUE, ORANGE, RED, SKY};
use crate::statistic::Statistic;

/// The first so many steps of a recording are drawn: more make a large file and fine lines.
const PICTURE_STEPS: usize = 25;

/// The document of the results of some data sets, at least one.
pub fn document(datasets: &[DatasetResults], proofs: &[Proof]) -> anyhow::Result<Vec<Block>> {
    let mut blocks = vec![Block::Text(how_to_read()), Block::Table(sets_table(datasets))];
    blocks.extend(missing("memo", datasets));
    blocks.extend(marks_blocks(datasets));
    blocks.extend(schemes_blocks(datasets));
    blocks.extend(gates_blocks(datasets));
    blocks.extend(curves_blocks(datasets)?);
    blocks.extend(pictures(datasets)?);
    blocks.extend(proof_blocks(proofs));
    blocks.push(Block::chapter("Time of the memoization's runs"));
    let all = time(datasets.iter().map(|dataset| dataset.cpu_seconds).sum());
    let text = format!("Processor time of all finished runs, training, tuning and measuring: {all}.");
    blocks.push(Block::text(text));
    Ok(blocks)
}

fn how_to_read() -> String {
    format!(
        "Fuzzy memoization of Silfa, Arnau and Gonzalez (MICRO 2019, arXiv 2202.06563) skips a column of a gate if \
        its signs changed little since it was computed. The networks are LSTMs and GRUs of {} or {} cells, with \
        weights and converters of 4 or 8 bits. They are trained by the recipes of the crossbar network \
        (`recipes/crossbar`), but with these cells, numbers and bits, and recordings with read noise of {READ_NOISE} \
        steps; of a text {SYMBOLS} symbols are learnt. The thresholds come from the training data, with the \
        validation part: the error there may rise by {LOST} point at most, less a step of sqrt 2 (`engram memoize`). \
        Then they are tested. (That noise and that step were chosen with tests of LSTMs of 128 cells in view, but \
        not of the others.) `paper` divides the difference of signs by |a| and has one threshold. `per gate` takes \
        the difference as it is, with a threshold for each gate. `oracle` follows the rule of `paper` with the true \
        relative change of a column: better signs than those of `paper` could save as much. Reuse is the share of \
        the computations that are avoided. The integer model counts it and the cycles, with 16 lanes and a predictor \
        128 rows wide: the cycles of the lanes over the columns of all steps, in turns with the predictor (serial) \
        or behind it (pipelined), and the cycles of whole steps, with their inputs and their end. The entries take \
        {} bits a column, {} kbit with {} cells. Energy is counted, not measured: multiplications, additions and \
        memory bits of the columns at 45 nm, with the predictor's signs, queue, entries and comparisons \
        (`engram_crossbar::energy`). Numbers are means over seeds ± their standard deviation.",
        HIDDEN[0],
        HIDDEN[1],
        Entry::BITS,
        4 * HIDDEN[0] * Entry::BITS / 1024,
        HIDDEN[0]
    )
}

fn sets_table(datasets: &[DatasetResults]) -> Table {
    let part = |dataset: &DatasetResults, targets: usize, steps: usize| match dataset.asked {
        Asked::Classes => format!("{targets} recordings, {steps} steps"),
        Asked::Symbols => format!("{targets} symbols"),
        Asked::Answers => format!("{targets} answers in {steps} words"),
    };
    let columns: [Column<&DatasetResults>; 5] = [
        ("data", &|dataset| code(&dataset.dataset)),
        ("trained with", &|dataset| dataset.training_targets.to_string()),
        ("tuned with", &|dataset| part(dataset, dataset.tables.tuning_targets, dataset.tables.tuning_steps)),
        ("tested with", &|dataset| part(dataset, dataset.test_targets, dataset.tables.test_steps)),
        ("runs finished", &|dataset| format!("{} of {}", dataset.finished, dataset.planned)),
    ];
    Table::of(datasets, &columns).of_words()
}

fn marks_blocks(datasets: &[DatasetResults]) -> Vec<Block> {
    let marks = marks(datasets);
    let text = format!(
        "The paper claims 26.7 % of the computations avoided, 21 % less energy and 1.4 times fewer cycles for about \
        a point of accuracy. The targets of this project are the same, on at least {SETS} of the data sets of \
        recordings: at least {REUSE} % of the computations avoided, {ENERGY} % of the energy saved, {GAIN} times \
        fewer cycles of a whole step (pipelined), and at most {LOST} point of test error lost, all at once, in the \
        means over the seeds. A network has learnt its training data, so the loss on them says little about the loss \
        on the test data. If a set has few recordings, one of them is more than the point that may be lost, on \
        training data and on test data. A loss that is smaller than its spread is not significant."
    );
    let mut blocks = vec![Block::chapter("What was to be shown"), Block::text(text)];
    let columns: [Column<Verdict>; 4] = [
        ("network", &|verdict| code(verdict.variant)),
        ("scheme", &|verdict| verdict.scheme.name().to_string()),
        ("data with which all marks are met", &|verdict| format!("{} of {}", verdict.met, verdict.measured)),
        ("", &|verdict| if verdict.met >= SETS { "met" } else { "not met" }.to_string()),
    ];
    blocks.push(Block::Table(Table::of(verdicts(&marks), &columns).of_words()));
    let columns: [Column<Mark>; 9] = [
        ("network", &|mark| code(mark.variant)),
        ("scheme", &|mark| mark.scheme.name().to_string()),
        ("data", &|mark| code(&mark.dataset)),
        ("avoided %", &|mark| percent(mark.found[0])),
        ("energy saved %", &|mark| percent(mark.found[1])),
        ("fewer cycles", &|mark| format!("{:.2}", mark.found[2])),
        ("points lost", &|mark| signed(&mark.lost)),
        ("seeds", &|mark| mark.seeds.to_string()),
        ("", &|mark| if mark.lacks.is_empty() { "met".into() } else { format!("not met; {}", mark.lacks.join("; ")) }),
    ];
    blocks.push(Block::Table(Table::of(marks, &columns).of_words()));
    blocks
}

fn schemes_blocks(datasets: &[DatasetResults]) -> Vec<Block> {
    let text = "The error without memoization, and what each scheme saves and costs on the test data. `step` is how \
        many times fewer cycles whole steps take, pipelined; `bound` is 1 / (1 - reuse), the gain of the lanes if \
        prediction cost nothing. For a text the errors are of the next symbol, for stories of the answers. The \
        oracle has no cycles and no energy: it computes every column.";
    let mut blocks = vec![Block::chapter("Reuse, cycles and energy"), Block::text(text)];
    type Line<'a> = (&'a VariantResults, &'a SchemeResults);
    let energy = |(_, it): &Line, write: fn(EnergyResults) -> String| or_none(it.energy.map(write));
    let gain =
        |(_, it): &Line, of: fn(&SchemeResults) -> Statistic| or_none(it.energy.map(|_| format!("{:.2}", of(it).mean)));
    let columns: [Column<Line>; 15] = [
        ("network", &|(row, _)| code(&row.variant)),
        ("scheme", &|(_, it)| it.scheme.name().to_string()),
        ("error %", &|(row, _)| with_spread(&row.error)),
        ("points lost", &|(_, it)| signed(&it.lost)),
        ("nats lost", &|(_, it)| format!("{:+.3}", it.nats_lost.mean)),
        ("reuse %", &|(_, it)| with_spread(&it.reuse)),
        ("forced %", &|(_, it)| percent(it.forced.mean)),
        ("step", &|line| gain(line, |it| it.step)),
        ("serial", &|line| gain(line, |it| it.serial)),
        ("pipelined", &|line| gain(line, |it| it.pipelined)),
        ("bound", &|(_, it)| format!("{:.2}", it.bound.mean)),
        ("nJ a step without", &|line| energy(line, |it| percent(it.without.mean))),
        ("with", &|line| energy(line, |it| percent(it.with.mean))),
        ("saved %", &|line| energy(line, |it| with_spread(&it.saved))),
        ("seeds", &|(row, _)| row.seeds.to_string()),
    ];
    for dataset in datasets {
        let lines = dataset.tables.rows.iter().flat_map(|row| row.schemes.iter().map(move |scheme| (row, scheme)));
        blocks.push(Block::Heading(3, code(&dataset.dataset)));
        blocks.push(Block::Table(Table::of(lines, &columns)));
    }
    blocks
}

/// Reuse by gate: of either cell a table, for their gates are others.
fn gates_blocks(datasets: &[DatasetResults]) -> Vec<Block> {
    let text = "The percentage of the columns of each gate that are remembered, and the thresholds, seed by seed: \
        for `paper` and `oracle` in units of 1/256, for `per gate` twice the changed signs. A GRU's nx reads the \
        inputs only, its nh the cells.";
    let mut blocks = vec![Block::chapter("Reuse by gate"), Block::text(text)];
    for (cell, gates) in [(Cell::Lstm, Gate::ALL.map(Gate::name)), (Cell::Gru, gru::COLUMNS)] {
        let named = ["data", "network", "scheme"].into_iter().chain(gates).chain(["thresholds"]);
        let networks = |dataset: &DatasetResults| {
            let rows = Variant::all().into_iter().filter(|row| row.cell == cell);
            let results =
                rows.filter_map(|row| dataset.variant(row)).flat_map(|row| row.schemes.iter().map(move |it| (row, it)));
            let line = |(row, results): (&VariantResults, &SchemeResults)| {
                let names =
                    [format!("`{}`", dataset.dataset), format!("`{}`", row.variant), results.scheme.name().to_string()];
                let gates = results.gates.map(|gate| percent(gate.mean));
                names.into_iter().chain(gates).chain([thresholds(&results.theta)]).collect()
            };
            results.map(line).collect::<Vec<Vec<String>>>()
        };
        let rows: Vec<_> = datasets.iter().flat_map(networks).collect();
        if !rows.is_empty() {
            blocks.push(Block::Table(Table::new(named, rows).of_words()));
        }
    }
    blocks
}

/// The thresholds of each seed, in one number where all gates have the same.
fn thresholds(seeds: &[[u16; 4]]) -> String {
    let one = |theta: &[u16; 4]| match theta {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => first.to_string(),
        _ => theta.map(|theta| theta.to_string()).join(" "),
    };
    seeds.iter().map(one).collect::<Vec<String>>().join("; ")
}

/// Points with their sign.
fn signed(points: &Statistic) -> String {
    let spread = points.spread.map_or(String::new(), |spread| format!(" ± {spread:.1}"));
    format!("{:+.1}{spread}", points.mean)
}

fn curves_blocks(datasets: &[DatasetResults]) -> anyhow::Result<Vec<Block>> {
    let text = "One threshold for all gates, on the test data. The plots draw reuse and test error of the LSTM of \
        128 cells; the tables have all networks with |a| as denominator, in units of 1/256.";
    let mut blocks = vec![Block::chapter("Reuse and error by threshold"), Block::text(text)];
    for dataset in datasets {
        let bits = BITS.into_iter().zip([(BLUE, ORANGE), (SKY, RED)]);
        let networks: Vec<_> = bits
            .filter_map(|(bits, colours)| {
                let row = dataset.variant(Variant { cell: Cell::Lstm, hidden: HIDDEN[0], bits })?;
                Some((format!("{bits} bits"), colours, row))
            })
            .collect();
        if networks.is_empty() {
            continue;
        }
        let panel = |curve: usize| {
            let place = |point: &CurvePoint| f64::from(point.theta).log2();
            let line = |name: String, colour, row: &VariantResults, of: fn(&CurvePoint) -> Statistic| {
                let points = row.curves.iter().filter(|point| point.curve == curve);
                Line { name, colour, points: points.map(|point| (place(point), of(point))).collect() }
            };
            let reuse = networks
                .iter()
                .map(|(name, (blue, _), row)| line(format!("reuse, {name}"), *blue, row, |point| point.reuse));
            let error = networks
                .iter()
                .map(|(name, (_, red), row)| line(format!("error, {name}"), *red, row, |point| point.error));
            let axis =
                ["threshold, |a| as denominator, 1/256", "threshold, twice the changed signs"][curve].to_string();
            let ticks = CURVES[curve].1.map(|theta| (f64::from(theta).log2(), theta.to_string())).into();
            Panel { axis, ticks, lines: reuse.chain(error).collect() }
        };
        let title = format!("{}: reuse and test error by threshold", dataset.dataset);
        let svg = lines::draw(&title, " %", &[panel(0), panel(1)], None)?;
        blocks.push(Block::figure(format!("memo-threshold-{}.svg", dataset.dataset), svg, format!("{title}.")));
        blocks.push(Block::Table(thresholds_table(dataset)));
    }
    Ok(blocks)
}

/// All networks over the paper's thresholds.
fn thresholds_table(dataset: &DatasetResults) -> Table {
    let networks = Variant::all().into_iter().filter_map(|row| dataset.variant(row));
    let points = networks.flat_map(|row| row.curves.iter().map(move |point| (row, point)));
    let columns: [Column<(&VariantResults, &CurvePoint)>; 6] = [
        ("network", &|(row, _)| code(&row.variant)),
        ("threshold", &|(_, point)| point.theta.to_string()),
        ("reuse %", &|(_, point)| with_spread(&point.reuse)),
        ("error %", &|(_, point)| with_spread(&point.error)),
        ("pipelined", &|(_, point)| format!("{:.2}", point.pipelined.mean)),
        ("energy saved %", &|(_, point)| with_spread(&point.saved)),
    ];
    Table::of(points.filter(|(_, point)| CURVES[point.curve].0 == Denominator::Current), &columns)
}

fn pictures(datasets: &[DatasetResults]) -> anyhow::Result<Vec<Block>> {
    let pictured: Vec<&DatasetResults> = datasets.iter().filter(|dataset| !dataset.tables.picture.is_empty()).collect();
    if pictured.is_empty() {
        return Ok(Vec::new());
    }
    let text = "The columns of an LSTM of 128 cells and 4 bits with one test recording and the thresholds of \
        `paper`: the columns of a gate side by side, those that are remembered most often first, and the steps \
        downward.";
    let mut blocks = vec![Block::chapter("Which columns are remembered when"), Block::text(text)];
    for dataset in pictured {
        let title = format!("{}: which columns are remembered when", dataset.dataset);
        let svg = picture::draw(&title, &dataset.tables.picture[..dataset.tables.picture.len().min(PICTURE_STEPS)])?;
        blocks.push(Block::figure(format!("memo-picture-{}.svg", dataset.dataset), svg, format!("{title}.")));
    }
    Ok(blocks)
}

/// The answers and counters of hardware.
fn proof_blocks(proofs: &[Proof]) -> Vec<Block> {
    let heading = Block::chapter("The same bits in hardware");
    if proofs.is_empty() {
        return vec![heading, Block::text("Nothing has been put to hardware yet: `make proof`.")];
    }
    let columns: [Column<&Sum>; 13] = [
        ("data, network", &|sum| format!("`{}`, `{}`", sum.first.dataset, sum.first.variant)),
        ("scheme", &|sum| sum.first.scheme.name().to_string()),
        ("backend", &|sum| sum.first.backend.clone()),
        ("device", &|sum| sum.first.preset.clone()),
        ("organisation", &|sum| sum.first.counted.organisation.to_string()),
        ("seeds", &|sum| sum.seeds.to_string()),
        ("answers", &|sum| sum.answers.to_string()),
        ("differ", &|sum| sum.disagreements.to_string()),
        ("sequences' counters", &|sum| sum.sequences.to_string()),
        ("differ", &|sum| sum.differences.to_string()),
        ("reuse %", &|sum| percent(sum.reuse)),
        ("cycles a step", &|sum| format!("{:.1}", sum.cycles_mean)),
        ("without", &|sum| sum.first.cycles_without.to_string()),
    ];
    let sums = sums(proofs);
    let all = |of: fn(&Sum) -> usize| sums.iter().map(of).sum::<usize>();
    let elsewhere = Variant::all().into_iter().filter(|&row| device(row).is_none());
    let text = format!(
        "The test questions of the tables, at most {STEPS} steps of a set, were run on hardware with memoization and \
        the thresholds above. Every answer (class or symbol, and its logit) was compared with the integer model's, \
        and for every sequence the hits of each gate, the forced columns, the predictor's cycles, the lanes' waits \
        and all clock cycles. Of {} answers {} differ, of {} sequences' counters {}. Cycles are those of a step from \
        the last byte of its frame to the reply; those without memoization come from the formula. Misses and words \
        not read follow from the hits. Not in hardware are {}. `engram results --network memo --prove verilator` \
        repeats it.",
        all(|sum| sum.answers),
        all(|sum| sum.disagreements),
        all(|sum| sum.sequences),
        all(|sum| sum.differences),
        elsewhere.map(|row| format!("`{row}`")).collect::<Vec<_>>().join(", ")
    );
    vec![heading, Block::text(text), Block::Table(Table::of(&sums, &columns))]
}

#[cfg(test)]
mod tests {
    use super::super::scheme::Scheme;
    use super::super::work::tests::measured;
    use super::*;
    use crate::datasets::results;
    use crate::document::NONE;
    use crate::document::tests::table;

    #[test]
    fn what_is_measured_stands_in_the_report_and_what_is_not_is_said() {
        let (_folder, dataset, ledger) = measured();
        let datasets = [results::<Variant>(&dataset, &ledger.all()).unwrap()];
        let results = &datasets[0];
        assert_eq!((results.finished, results.planned, results.tables.rows.len()), (1, 4 * 3 + 4, 1));
        let blocks = document(&datasets, &[]).unwrap();
        let of = |head: &str| table(&blocks, head);
        let lines = &of("pipelined").rows;
        let paper = results.tables.rows[0].scheme(Scheme::Paper).unwrap();
        assert_eq!((lines.len(), &lines[0][5]), (3, &percent(paper.reuse.mean)));
        assert_eq!((lines[2][7].as_str(), lines[2][13].as_str()), (NONE, NONE), "the oracle saves nothing");
        assert_eq!(of("avoided %").rows.len(), 2);
        assert_eq!(of("data with which all marks are met").rows.len(), 0, "one set is too few");
        let figures = blocks.iter().filter(|block| matches!(block, Block::Figure(_))).count();
        assert_eq!(figures, 2, "thresholds and a picture");
        assert!(blocks.iter().any(|block| matches!(block, Block::Text(text) if text.contains("are not finished"))));
        assert!(blocks.iter().any(|block| matches!(block, Block::Text(text) if text.contains("put to hardware yet"))));
    }
}
