//! The chapter on the crossbar's efficiency, which is a model and no measurement.

use engram_crossbar::efficiency::{CONSTANTS, Constant, Crossbar, Efficiency, Scaling, digital};

use super::plots::lines::{self, Line, Panel};
use crate::document::{Block, Column, Table};
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
    let mut blocks =
        vec![Block::chapter("Efficiency: a model, not a measurement"), Block::text(TEXT), Block::Table(ratios_table())];
    let energy = draw("joule", |efficiency| efficiency.tera_per_joule)?;
    let area = draw("mm2", |efficiency| efficiency.tera_per_mm2)?;
    for (name, svg) in [("energy", energy), ("area", area)] {
        let caption =
            "Modelled peak operations by bits of DAC and ADC: a crossbar's divided by a digital accelerator's.";
        blocks.push(Block::figure(format!("crossbar-efficiency-{name}.svg"), svg, caption));
    }
    blocks.push(Block::Table(constants_table()));
    Ok(blocks)
}

const SCALINGS: [(Scaling, &str); 2] = [(Scaling::Exponential, "exponential"), (Scaling::Linear, "linear")];

fn ratios_table() -> Table {
    type Line = (u8, &'static str, Efficiency, Efficiency);
    let of_bits = |bits| SCALINGS.map(|(scaling, name)| (bits, name, tile(bits, scaling).efficiency(), digital(bits)));
    let claim = |bits: u8, text: &str| if bits == 4 { text.to_string() } else { String::new() };
    let columns: [Column<Line>; 10] = [
        ("bits", &|line| line.0.to_string()),
        ("converters", &|line| line.1.to_string()),
        ("crossbar, TOPS/W", &|(_, _, crossbar, _)| format!("{:.2}", crossbar.tera_per_joule)),
        ("digital, TOPS/W", &|(_, _, _, digital)| format!("{:.2}", digital.tera_per_joule)),
        ("ratio", &|(_, _, crossbar, digital)| format!("{:.1}", crossbar.tera_per_joule / digital.tera_per_joule)),
        ("paper's claim", &|line| claim(line.0, "at least 2.4")),
        ("crossbar, TOPS/mm2", &|(_, _, crossbar, _)| format!("{:.2}", crossbar.tera_per_mm2)),
        ("digital, TOPS/mm2", &|(_, _, _, digital)| format!("{:.2}", digital.tera_per_mm2)),
        ("ratio", &|(_, _, crossbar, digital)| format!("{:.1}", crossbar.tera_per_mm2 / digital.tera_per_mm2)),
        ("paper's claim", &|line| claim(line.0, "40")),
    ];
    Table::of(BITS.into_iter().flat_map(of_bits), &columns)
}

fn constants_table() -> Table {
    let value = |value: f64| if value < 0.01 { format!("{value:.5}") } else { format!("{value:.3}") };
    let columns: [Column<&Constant>; 4] = [
        ("constant of the model", &|constant| constant.what.to_string()),
        ("value", &|constant| value(constant.value)),
        ("unit", &|constant| constant.unit.to_string()),
        ("source", &|constant| constant.source.to_string()),
    ];
    Table::of(&CONSTANTS, &columns).of_words()
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
