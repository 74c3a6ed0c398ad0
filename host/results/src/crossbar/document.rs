//! The report of the crossbar network, made of what is published.

use engram_session::measure::time;

use super::aggregate::{DatasetResults, VariantResults};
use super::plots::lines::{self, Line, Panel};
use super::plots::maps::{self, Map};
use super::prove::Proof;
use super::variant::{Change, PRECISIONS, TILE_ROWS, TRAINED_NOISE, Variant};
use super::verdict::{self, Mark};
use super::{efficiency, noise};
use crate::datasets::{Asked, missing};
use crate::document::{Block, Column, Table, code, or_none, percent, with_spread};
use crate::plots::BLUE;
use crate::statistic::{Statistic, statistic};

/// The document of the results of some data sets, at least one.
pub fn document(datasets: &[DatasetResults], proofs: &[Proof]) -> anyhow::Result<Vec<Block>> {
    let mut blocks = vec![Block::text(HOW_TO_READ), Block::Table(sets_table(datasets))];
    blocks.extend(missing("crossbar", datasets));
    blocks.extend(marks_blocks(datasets));
    blocks.extend(four_bits_blocks(datasets));
    blocks.extend(proof_blocks(proofs));
    blocks.extend(noise::blocks(datasets)?);
    blocks.extend(tiles_blocks(datasets)?);
    blocks.extend(bits_blocks(datasets)?);
    blocks.extend(efficiency::blocks()?);
    blocks.extend(time_blocks(datasets));
    Ok(blocks)
}

const HOW_TO_READ: &str = "The LSTM of Ma et al. (ICRC 2019, arXiv 2002.10636): weights on an emulated crossbar of \
    non-volatile cells, inputs through digital-to-analog converters (DAC), column sums through analog-to-digital \
    converters (ADC). The paper's claims are cited from its abstract, because its figures were not at hand; its data \
    sets are others. 4/4/4 means weights, DAC and ADC of 4 bits. The readout has weights of as many bits, reads h \
    with 8 bits and has no converter. Numbers are means over seeds ± their standard deviation. Errors are test \
    errors in percent; for a text they are of the first 50,000 test symbols (`engram eval` takes all, see \
    findings.md). Tables of a text that predict every next symbol show the cross-entropy of a symbol in nats. Each \
    seed is a float network, and the networks made from it. `trained` goes on with codes and converters in the \
    forward pass (quantisation-aware training), so it has had more epochs than the float network; `float, trained \
    on` has had as many, and the plots draw it. `after` only finds the ranges of the float network (quantisation \
    after training). Networks of 1 to 8 bits are tested in the device's arithmetic: the integer model's, which the \
    hardware has bit for bit. The recipes (`recipes/crossbar`) were found with these test errors in view, so the \
    errors are a little too good. The test sets of recordings are small: one recording of BasicMotions is 2.5 \
    points.";

fn sets_table(datasets: &[DatasetResults]) -> Table {
    let asked = |asked: Asked| match asked {
        Asked::Classes => "the class of a recording",
        Asked::Symbols => "every next symbol",
        Asked::Answers => "the answer behind a question",
    };
    let columns: [Column<&DatasetResults>; 7] = [
        ("data", &|dataset| code(&dataset.dataset)),
        ("what it is", &|dataset| dataset.tables.description.clone()),
        ("asked for", &|dataset| asked(dataset.asked).to_string()),
        ("trained with", &|dataset| dataset.training_targets.to_string()),
        ("tested with", &|dataset| dataset.test_targets.to_string()),
        ("rows of the crossbar", &|dataset| dataset.tables.crossbar_rows.to_string()),
        ("runs finished", &|dataset| format!("{} of {}", dataset.finished, dataset.planned)),
    ];
    Table::of(datasets, &columns).of_words()
}

fn marks_blocks(datasets: &[DatasetResults]) -> Vec<Block> {
    let columns: [Column<Mark>; 6] = [
        ("mark", &|mark| mark.what.clone()),
        ("data", &|mark| code(&mark.dataset)),
        ("held against", &|mark| mark.against.clone()),
        ("measured", &|mark| mark.found.clone()),
        ("difference", &|mark| mark.difference.clone()),
        ("", &|mark| if mark.met { "met" } else { "not met" }.to_string()),
    ];
    let table = Table::of(verdict::marks(datasets), &columns).of_words();
    let heading = Block::chapter("What was to be shown");
    vec![heading, Block::text(MARKS), Block::Table(table)]
}

const MARKS: &str = "The paper claims that with quantisation-aware training 4-bit weights with 4-bit converters do \
    as well as the float LSTM, and that the network bears noise of converters and weights. This project sets targets \
    for that: means over the seeds, on other data. There are two float networks: the one from which the training \
    with codes begins, and one that is trained on for as long as the networks with codes. The second is the stricter \
    measure. A difference below the spread does not say which is better.";

fn four_bits_blocks(datasets: &[DatasetResults]) -> Vec<Block> {
    let [_, noise, _] = TRAINED_NOISE;
    let columns = [
        ("float", Variant::Float),
        ("float, trained on", Variant::Trained(Change::FLOAT)),
        ("4/4/4 trained", Variant::Trained(Change::FOUR_BITS)),
        ("4/4/4 after training", Variant::After(Change::FOUR_BITS)),
        ("4/4/4 trained with noise", Variant::Trained(Change { noise, ..Change::FOUR_BITS })),
    ];
    let head = ["data"].into_iter().chain(columns.iter().map(|column| column.0)).chain(["seeds"]);
    let mut table = Table::new(head, []);
    let mut line = |dataset: &DatasetResults, what: &str, write: &dyn Fn(Variant) -> Option<String>| {
        let cells = columns.iter().map(|column| or_none(write(column.1)));
        let seeds = columns.iter().filter_map(|column| Some(dataset.variant(column.1)?.seeds.len()));
        let seeds = or_none(seeds.min().map(|seeds| seeds.to_string()));
        table.rows.push([format!("`{}`, {what}", dataset.dataset)].into_iter().chain(cells).chain([seeds]).collect());
    };
    for dataset in datasets {
        line(dataset, "error %", &|row| dataset.variant(row).map(|results| with_spread(&results.error)));
        if dataset.asked != Asked::Classes {
            line(dataset, "nats", &|row| dataset.variant(row).map(|results| nats(&results.nats)));
            line(dataset, "nats to float", &|row| {
                let float = dataset.variant(Variant::Float)?.nats.mean;
                Some(format!("{:+.1} %", 100.0 * (dataset.variant(row)?.nats.mean / float - 1.0)))
            });
        }
    }
    let text = "The noise in training is that of the targets: weights deviate by 5 % of their range, reads by 0.5 \
        steps of the converter (LSB). This table is measured without noise.";
    vec![Block::chapter("4 bits beside float"), Block::text(text), Block::Table(table)]
}

fn nats(statistic: &Statistic) -> String {
    match statistic.spread {
        Some(spread) => format!("{:.3} ± {spread:.3}", statistic.mean),
        None => format!("{:.3}", statistic.mean),
    }
}

/// A number of a set's tables.
pub fn number(dataset: &DatasetResults, value: &Statistic) -> String {
    if dataset.asked == Asked::Symbols { nats(value) } else { with_spread(value) }
}

/// The unit of a data set's tables, and of its numbers in plots.
pub fn unit(dataset: &DatasetResults) -> (&'static str, &'static str) {
    if dataset.asked == Asked::Symbols { ("nats a symbol", "") } else { ("test error", " %") }
}

fn tiles_blocks(datasets: &[DatasetResults]) -> anyhow::Result<Vec<Block>> {
    let text = "If a column is cut into tiles, the sum of each tile is converted by itself, and the codes are added: \
        shorter tiles have finer steps, and more roundings. A tile that holds all rows of a network is the only \
        tile.";
    let head = ["data".to_string()].into_iter().chain(TILE_ROWS.map(|rows| format!("{rows} rows")));
    let head = head.chain(["one tile".to_string(), "float".to_string()]);
    let trained = |rows| Variant::Trained(Change { rows, ..Change::FOUR_BITS });
    let columns: Vec<Variant> = TILE_ROWS.map(trained).into_iter().chain([trained(0), Variant::Float]).collect();
    let rows = datasets.iter().map(|dataset| {
        let cell = |row: &Variant| {
            or_none(dataset.variant(*row).map(|row| number(dataset, &dataset.of(&row.error, &row.nats))))
        };
        [format!("`{}`, {}", dataset.dataset, unit(dataset).0)].into_iter().chain(columns.iter().map(cell)).collect()
    });
    let table = Table::new(head, rows);
    let mut blocks = vec![Block::chapter("Rows of a tile, 4/4/4"), Block::text(text), Block::Table(table)];
    for dataset in datasets {
        blocks.extend(tiles_figure(dataset)?);
    }
    Ok(blocks)
}

fn tiles_figure(dataset: &DatasetResults) -> anyhow::Result<Option<Block>> {
    let all = dataset.tables.crossbar_rows;
    let heights = TILE_ROWS.into_iter().filter(|&rows| rows < all).chain([0]);
    let points: Vec<(f64, Statistic, String)> = heights
        .filter_map(|rows| {
            let results = dataset.variant(Variant::Trained(Change { rows, ..Change::FOUR_BITS }))?;
            let height = if rows == 0 { all } else { rows };
            Some(((height as f64).log2(), dataset.of(&results.error, &results.nats), height.to_string()))
        })
        .collect();
    if points.len() < 2 {
        return Ok(None);
    }
    let ticks = points.iter().map(|(place, _, name)| (*place, name.clone())).collect();
    let points = points.into_iter().map(|(place, value, _)| (place, value)).collect();
    let line = Line { name: "trained, 4/4/4".to_string(), colour: BLUE, points };
    let panel = Panel { axis: "rows of a tile".to_string(), ticks, lines: vec![line] };
    let (what, unit) = unit(dataset);
    let title = format!("{}: {what} by rows of a tile", dataset.dataset);
    let float = dataset.float().map(|row| dataset.of(&row.error, &row.nats).mean);
    let svg = lines::draw(&title, unit, &[panel], float)?;
    Ok(Some(Block::figure(format!("crossbar-tiles-{}.svg", dataset.dataset), svg, format!("{title}."))))
}

fn bits_blocks(datasets: &[DatasetResults]) -> anyhow::Result<Vec<Block>> {
    let text = "Bits of weights by bits of converters (DAC and ADC alike), `float` for real numbers. The tables of \
        text have fewer seeds than others, because they take the longest; all runs of a table have the same seeds. \
        Converters of two bits do worse than those of one bit: their codes are -1, 0 and 1, and a range that holds \
        nearly all values makes most of them 0, while one bit keeps every sign. That is a weakness of these ranges, \
        which were found for more bits, and not of two bits.";
    let mut blocks = vec![Block::chapter("Bits"), Block::text(text)];
    for dataset in datasets {
        let Some(float) = dataset.float().map(|row| dataset.of(&row.error, &row.nats).mean) else { continue };
        let names = PRECISIONS.map(|precision| precision.to_string());
        let grid = |of: &dyn Fn(Change) -> Variant| grid(dataset, of);
        let quantised = |change: Change| if change.is_float() { Variant::Float } else { Variant::After(change) };
        let (trained, after) = (grid(&Variant::Trained), grid(&quantised));
        // Float and 4/4/4, trained and after, stand in the first table already.
        if trained.iter().chain(&after).flatten().flatten().count() <= 4 {
            continue;
        }
        let means = |grid: &[Vec<Option<Statistic>>]| {
            grid.iter().map(|row| row.iter().map(|cell| cell.map(|cell| cell.mean)).collect()).collect()
        };
        let maps = [
            Map { name: "trained".to_string(), values: means(&trained) },
            Map { name: "after training".to_string(), values: means(&after) },
        ];
        let (what, _) = unit(dataset);
        let title = format!("{}: {what} by bits", dataset.dataset);
        let (most, write): (f64, fn(f64) -> String) = match dataset.asked {
            Asked::Symbols => (1.3 * float, |value| format!("{value:.2}")),
            _ => (float + 20.0, percent),
        };
        let svg = maps::draw(&title, &names, &maps, (float, most), &write)?;
        let caption = format!("{title} of weights and converters; darker is worse than float.");
        blocks.push(Block::figure(format!("crossbar-bits-{}.svg", dataset.dataset), svg, caption));
        for (name, grid) in [("trained", &trained), ("after training", &after)] {
            blocks.push(Block::Table(bits_table(dataset, name, &names, grid)));
        }
    }
    Ok(blocks)
}

/// Weights by converters, every cell of the seeds that all finished ones have.
fn grid(dataset: &DatasetResults, of: &dyn Fn(Change) -> Variant) -> Vec<Vec<Option<Statistic>>> {
    let cells = PRECISIONS.map(|weights| {
        PRECISIONS.map(|converters| dataset.variant(of(Change { weights, converters, ..Change::FOUR_BITS })))
    });
    let shared = |seed: u64| cells.iter().flatten().flatten().all(|row| row.seeds.iter().any(|one| one.seed == seed));
    let cell = |row: &Option<&VariantResults>| {
        let seeds = row.iter().flat_map(|row| &row.seeds).filter(|one| shared(one.seed));
        let symbols = dataset.asked == Asked::Symbols;
        statistic(&seeds.map(|one| if symbols { one.nats } else { one.error_percent }).collect::<Vec<f64>>())
    };
    cells.iter().map(|row| row.iter().map(cell).collect()).collect()
}

fn bits_table(dataset: &DatasetResults, name: &str, names: &[String], grid: &[Vec<Option<Statistic>>]) -> Table {
    let first = format!("`{}`, {name}: weights \\ converters", dataset.dataset);
    let rows = names.iter().zip(grid).map(|(name, cells)| {
        let cells = cells.iter().map(|cell| or_none(cell.map(|cell| number(dataset, &cell))));
        [name.clone()].into_iter().chain(cells).collect()
    });
    Table::new([first].into_iter().chain(names.iter().cloned()), rows)
}

/// The answers of hardware.
fn proof_blocks(proofs: &[Proof]) -> Vec<Block> {
    let heading = Block::chapter("The same bits in hardware");
    if proofs.is_empty() {
        return vec![heading, Block::text("Nothing has been put to hardware yet: `make proof`.")];
    }
    let noise = |proof: &Proof| match (proof.noise_weights, proof.noise_read) {
        (0.0, 0.0) => "4/4/4".to_string(),
        (weights, read) => format!("4/4/4 with noise of {} %, {read} LSB", 100.0 * weights),
    };
    let columns: [Column<&Proof>; 9] = [
        ("data, network", &|proof| format!("`{}`, {}", proof.dataset, noise(proof))),
        ("backend", &|proof| proof.backend.clone()),
        ("device", &|proof| proof.preset.clone()),
        ("answers", &|proof| proof.answers.to_string()),
        ("differ", &|proof| proof.disagreements.to_string()),
        ("cycles a step", &|proof| format!("{:.1}", proof.cycles_mean)),
        ("at most", &|proof| proof.cycles_most.to_string()),
        ("formula", &|proof| proof.cycles_formula.to_string()),
        ("an answer", &|proof| proof.answer_cycles.to_string()),
    ];
    let (answers, differ) =
        proofs.iter().fold((0, 0), |(answers, differ), proof| (answers + proof.answers, differ + proof.disagreements));
    let text = format!(
        "The hardware answered all test sequences of the tables with the networks of seed 1, and every answer (class \
        or symbol, and its logit) was compared with the integer model's: {differ} of {answers} differ. The noise of \
        weights and reads is the same in both. A step took I + 4 H C + 33 cycles from the last byte of its frame to \
        the reply, two more with a symbol; C = ceil(I / P) + ceil(H / P) are the words of a column, P the lanes. The hardware \
        of these proofs had frames of version 5: with version 8 a step takes five cycles more, and one more with a symbol. \
        `engram results --network crossbar --prove verilator` repeats it."
    );
    vec![heading, Block::text(text), Block::Table(Table::of(proofs, &columns))]
}

fn time_blocks(datasets: &[DatasetResults]) -> Vec<Block> {
    let columns: [Column<&DatasetResults>; 3] = [
        ("data", &|dataset| code(&dataset.dataset)),
        ("runs", &|dataset| dataset.finished.to_string()),
        ("minutes", &|dataset| format!("{:.1}", dataset.cpu_seconds / 60.0)),
    ];
    let table = Table::of(datasets, &columns);
    let all: f64 = datasets.iter().map(|dataset| dataset.cpu_seconds).sum();
    let text = format!("Processor time of all finished runs, training and measuring: {}.", time(all));
    vec![Block::chapter("Time of the LSTM's runs"), Block::text(text), Block::Table(table)]
}

#[cfg(test)]
mod tests {
    use super::super::work::tests::trained;
    use super::*;
    use crate::datasets::results;
    use crate::document::NONE;
    use crate::document::tests::table;

    #[test]
    fn what_is_trained_stands_in_the_report_and_what_is_not_is_said() {
        let (_folder, dataset, ledger) = trained();
        let datasets = [results::<Variant>(&dataset, &ledger.all()).unwrap()];
        let results = &datasets[0];
        assert_eq!((results.finished, results.asked), (4, Asked::Classes));
        let blocks = document(&datasets, &[]).unwrap();
        let of = |head: &str| table(&blocks, head);
        let bits = of("4/4/4 after training");
        assert_eq!(bits.rows[0][1], percent(results.variant(Variant::Float).unwrap().error.mean));
        assert_eq!((bits.rows[0][5].as_str(), bits.rows[0][6].as_str()), (NONE, "1"));
        assert_eq!(of("breaks at s_w").rows.len(), 1);
        assert_eq!(of("difference").rows.len(), 1, "the mark of noise lacks a training with noise");
        let texts: String = blocks
            .iter()
            .filter_map(|block| if let Block::Text(text) = block { Some(text.as_str()) } else { None })
            .collect();
        assert!(texts.contains("runs are not finished") && texts.contains("measured neither"), "{texts}");
        let figures = blocks.iter().filter(|block| matches!(block, Block::Figure(_))).count();
        assert_eq!(figures, 3, "noise, and two of efficiency");
    }
}
