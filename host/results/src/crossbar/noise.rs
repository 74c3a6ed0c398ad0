//! The chapter on networks under noise.

use engram_crossbar::NoiseRecipe;
use plotters::style::RGBColor;

use super::aggregate::{DatasetResults, NoisePoint};
use super::document::{number, unit};
use super::plots::lines::{self, Line, Panel};
use super::variant::TRAINED_NOISE;
use super::work::{NOISE_SYMBOLS, PROGRAMMINGS};
use crate::document::{Block, Table, code, or_none, with_spread};
use crate::plots::{BLUE, GREEN, ORANGE};
use crate::statistic::Statistic;

/// The trainings with noise: recipe, name and colour.
fn trainings() -> [(NoiseRecipe, String, RGBColor); 3] {
    let [none, some, more] = TRAINED_NOISE;
    let named = |noise: NoiseRecipe| format!("trained with {:.0} %, {} LSB", 100.0 * noise.weights, noise.read);
    [(none, "trained without noise".to_string(), ORANGE), (some, named(some), BLUE), (more, named(more), GREEN)]
}

/// The chapter.
pub fn blocks(datasets: &[DatasetResults]) -> anyhow::Result<Vec<Block>> {
    let mut blocks = vec![Block::chapter("Noise"), Block::Text(noise_text())];
    if datasets.iter().all(|dataset| dataset.tables.noise.is_empty()) {
        blocks.push(Block::text("Nothing of this is finished yet."));
        return Ok(blocks);
    }
    blocks.push(Block::Table(breaks_table(datasets)));
    for dataset in datasets.iter().filter(|dataset| !dataset.tables.noise.is_empty()) {
        let panels = [
            panel(dataset, "deviation of weights, % (reads without noise)", &|point| {
                (point.read == 0.0).then_some(100.0 * point.weights)
            }),
            panel(dataset, "deviation of reads, LSB (weights without noise)", &|point| {
                (point.weights == 0.0).then_some(point.read)
            }),
        ];
        let (what, unit) = unit(dataset);
        let title = format!("{}: {what} under noise, 4/4/4", dataset.dataset);
        let float = dataset.float().map(|row| dataset.of(&row.error, &row.nats).mean);
        let svg = lines::draw(&title, unit, &panels, float)?;
        let caption = format!("{title}, of networks trained with different noise.");
        blocks.push(Block::figure(format!("crossbar-noise-{}.svg", dataset.dataset), svg, caption));
        blocks.extend(noise_table(dataset));
    }
    Ok(blocks)
}

fn noise_text() -> String {
    format!(
        "Cells are programmed with noise (`s_w`, the deviation of a weight as a share of its gate's range) and columns are read with \
         noise (`s_a`, in steps of the converter), by the integer model, in the numbers of the device `ecp5-85f`. Each network is \
         programmed {PROGRAMMINGS} times, with other noise each time; of a text {NOISE_SYMBOLS} symbols are measured. A level \
         breaks a network where it costs more than 1 point of error, and more than one recording, against no noise; the first such \
         level is given. A pair of cells is one signed weight with the noise of the pair. Weights and reads of the gates' columns \
         are noisy; the readout, 8 bits of h by weights of 4 bits, is digital and has neither noise nor converter. Noise of reads \
         is there on every device; noise of weights needs memories of 8 bits a weight, which `ecp5-85f` has."
    )
}

/// The noise at which networks break.
fn breaks_table(datasets: &[DatasetResults]) -> Table {
    let head = ["data", "network", "without noise", "5 %, 0.5 LSB", "breaks at s_w", "breaks at s_a"];
    let mut table = Table::new(head, []).of_words();
    for dataset in datasets {
        for (noise, name, _) in trainings() {
            let Some(results) = dataset.under_noise(noise) else { continue };
            let Some(quiet) = results.at(0.0, 0.0) else { continue };
            let breaks = |of: &dyn Fn(&NoisePoint) -> Option<String>| {
                let one = 100.0 / dataset.test_targets.max(1) as f64;
                let costly = |point: &&NoisePoint| point.error.mean - quiet.error.mean > one.max(1.0);
                let first = results.points.iter().filter(|point| of(point).is_some()).find(costly);
                first.and_then(of).unwrap_or("none measured".to_string())
            };
            table.rows.push(vec![
                code(&dataset.dataset),
                name,
                with_spread(&quiet.error),
                or_none(results.at(0.05, 0.5).map(|point| with_spread(&point.error))),
                breaks(&|point| (point.read == 0.0).then(|| format!("{:.0} %", 100.0 * point.weights))),
                breaks(&|point| (point.weights == 0.0).then(|| format!("{} LSB", point.read))),
            ]);
        }
    }
    table
}

/// The lines of the three trainings over the levels that `level` picks.
fn panel(dataset: &DatasetResults, axis: &str, level: &dyn Fn(&NoisePoint) -> Option<f64>) -> Panel {
    let mut ticks: Vec<(f64, String)> = Vec::new();
    let lines = trainings().into_iter().filter_map(|(noise, name, colour)| {
        let picked = dataset.under_noise(noise)?.points.iter().filter_map(|point| Some((level(point)?, point)));
        let points: Vec<(f64, Statistic)> = picked
            .map(|(place, point)| {
                if ticks.iter().all(|tick| tick.0 != place) {
                    ticks.push((place, place.to_string()));
                }
                (place, dataset.of(&point.error, &point.nats))
            })
            .collect();
        Some(Line { name, colour, points })
    });
    Panel { lines: lines.collect(), axis: axis.to_string(), ticks }
}

/// Every noise, of the network that is trained with that of the goals.
fn noise_table(dataset: &DatasetResults) -> Option<Block> {
    let results = dataset.under_noise(TRAINED_NOISE[1])?;
    let mut reads: Vec<f64> = results.points.iter().map(|point| point.read).collect();
    reads.sort_by(f64::total_cmp);
    reads.dedup();
    let first = format!("`{}`: s_w \\ s_a", dataset.dataset);
    let head = [first].into_iter().chain(reads.iter().map(|read| format!("{read} LSB")));
    let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
    for point in &results.points {
        if rows.last().is_none_or(|row| row.0 != point.weights) {
            rows.push((point.weights, vec![format!("{:.0} %", 100.0 * point.weights)]));
        }
        let value = number(dataset, &dataset.of(&point.error, &point.nats));
        if let Some((_, cells)) = rows.last_mut() {
            cells.push(value);
        }
    }
    Some(Block::Table(Table::new(head, rows.into_iter().map(|row| row.1))))
}
