//! The chapter on the crossbar's efficiency, which is a model and no measurement.

use engram_crossbar::efficiency::{CONSTANTS, Constant, Crossbar, Efficiency, Scaling, digital};

use super::plots::lines::{self, Line, Panel};
use crate::document::{Block, Figure, Table};
use crate::plots::{BLUE, ORANGE};
use crate::statistic::Statistic;

/// Bits of converters that are shown.
const BITS: [u8; 5] = [1, 2, 3, 4, 8];

/// The tile that is shown: pairs of cells, as weights with signs have.
const fn tile(bits: u8, scaling: Scaling) -> Crossbar {
    Crossbar { rows: 128, columns: 128, cells: 2, dac_bits: bits, adc_bits: bits, scaling }
}

const TEXT: &str = "The paper claims at least 2.4 times the computing efficiency and 40 times the area efficiency of \
    digital accelerators. These are ratios of peak operations to those of published chips. This project has no such \
    chip, emulates the cells on an FPGA, and has measured neither. The tables below are a model \
    (`engram_crossbar::efficiency`): operations of a tile of 128 rows and 128 columns of weights, each a pair of \
    cells, with a DAC for each row and one ADC for all columns, at 32 nm. The digital accelerator beside it reads \
    weights of as many bits from static memory next to its multipliers, whose energy and area grow with the square \
    of the bits. The model favours the crossbar, because it omits the digital parts, control, wires, buffers and \
    programming, cells that are larger than the published ones, and, on the digital side, weights that are used \
    again without a read. So the ratios are far above what whole chips reach (ISAAC's abstract: 5.5 times in energy, \
    7.5 times in computational density), and are no estimate of one. They show how the ratios change with the bits \
    of converters, and that this depends on an assumption: `exponential`, converters that double with each bit (from \
    the published ADC of 8 bits down, from the published DAC of 1 bit up), or `linear`, in proportion to the bits. \
    The model confirms no figure of the paper.";

/// The chapter.
pub fn blocks() -> anyhow::Result<Vec<Block>> {
    let mut blocks = vec![
        Block::Heading(2, "Efficiency: a model, not a measurement".to_string()),
        Block::Text(TEXT.to_string()),
        Block::Table(ratios_table()),
    ];
    let energy = draw("joule", |efficiency| efficiency.tera_per_joule)?;
    let area = draw("mm2", |efficiency| efficiency.tera_per_mm2)?;
    for (name, svg) in [("energy", energy), ("area", area)] {
        let caption =
            "Modelled peak operations by bits of DAC and ADC: a crossbar's divided by a digital accelerator's."
                .to_string();
        blocks.push(Block::Figure(Figure { file: format!("crossbar-efficiency-{name}.svg"), svg, caption }));
    }
    blocks.push(Block::Table(constants_table()));
    Ok(blocks)
}

const SCALINGS: [(Scaling, &str); 2] = [(Scaling::Exponential, "exponential"), (Scaling::Linear, "linear")];

fn ratios_table() -> Table {
    let head = [
        "bits",
        "converters",
        "crossbar, TOPS/W",
        "digital, TOPS/W",
        "ratio",
        "paper's claim",
        "crossbar, TOPS/mm2",
        "digital, TOPS/mm2",
        "ratio",
        "paper's claim",
    ];
    let mut table = Table { head: head.map(String::from).into(), ..Table::default() };
    for bits in BITS {
        let digital = digital(bits);
        for (scaling, name) in SCALINGS {
            let crossbar = tile(bits, scaling).efficiency();
            let claim = |text: &str| if bits == 4 { text.to_string() } else { String::new() };
            table.rows.push(vec![
                bits.to_string(),
                name.to_string(),
                format!("{:.2}", crossbar.tera_per_joule),
                format!("{:.2}", digital.tera_per_joule),
                format!("{:.1}", crossbar.tera_per_joule / digital.tera_per_joule),
                claim("at least 2.4"),
                format!("{:.2}", crossbar.tera_per_mm2),
                format!("{:.2}", digital.tera_per_mm2),
                format!("{:.1}", crossbar.tera_per_mm2 / digital.tera_per_mm2),
                claim("40"),
            ]);
        }
    }
    table
}

fn constants_table() -> Table {
    let head = ["constant of the model", "value", "unit", "source"].map(String::from).into();
    let rows = CONSTANTS.iter().map(|Constant { what, value, unit, source }| {
        let value = if *value < 0.01 { format!("{value:.5}") } else { format!("{value:.3}") };
        vec![what.to_string(), value, unit.to_string(), source.to_string()]
    });
    Table { head, rows: rows.collect(), sums: 0, words: true }
}

/// Draws the ratio of operations a something.
fn draw(what: &str, of: fn(&Efficiency) -> f64) -> anyhow::Result<String> {
    let line = |(scaling, name): (Scaling, &str)| {
        let at = |bits: u8| of(&tile(bits, scaling).efficiency()) / of(&digital(bits));
        let points = BITS.map(|bits| (f64::from(bits), Statistic { mean: at(bits), spread: None }));
        let colour = if scaling == Scaling::Exponential { BLUE } else { ORANGE };
        Line { name: format!("converters {name}"), colour, points: points.into() }
    };
    let ticks = BITS.map(|bits| (f64::from(bits), bits.to_string())).into();
    let panel = Panel { axis: "bits of DAC and ADC".to_string(), ticks, lines: SCALINGS.map(line).into() };
    lines::draw(&format!("Model: ratio of operations a {what}"), " x", &[panel], None)
}
