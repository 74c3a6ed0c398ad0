//! The power of a part while a network works, as a range between assumptions.
//!
//! No board was measured. For the UP5K two published measurements bound it; for the ECP5 there is none, and the range is wide.

use engram_flow::board::{Family, Part};
use engram_testbench::footprint::Cells;
use serde::Serialize;

/// Milliwatts of a UP5K that stands still, of the log of its core current.
const UP5K_STATIC: f64 = 0.104;
/// Milliwatts of a UP5K's clock a megahertz, of the same log.
const UP5K_CLOCK: f64 = 0.052;
/// Cells of logic of the UP5K.
const UP5K_CELLS: f64 = 5280.0;
/// Picojoules of a product of 8 bits in a UP5K's multiplier, of the same log.
const PRODUCT: f64 = 24.0;
/// Milliwatts of Eciton under load.
const ECITON: f64 = 17.0;
/// The factor by which an ECP5 may take less or more than is assumed.
const FACTOR: f64 = 2.0;

/// The power of a part, and what it is assumed from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Power {
    /// The least and the most, in milliwatts.
    pub milliwatts: [f64; 2],
    /// The assumptions.
    pub assumptions: Vec<String>,
}

impl Power {
    /// The power of a part at a clock in MHz, with these cells in use and so many products a cycle; `None` of a part of which no figure
    /// is known.
    pub fn of(part: &Part, clock_mhz: f64, cells: &Cells, products: usize) -> Option<Power> {
        let dynamic = |clock: f64| clock * clock_mhz + PRODUCT * products as f64 * clock_mhz * 1e-3;
        match (part.family, part.device.as_str()) {
            (Family::Ice40, "up5k") => {
                let least = UP5K_STATIC + dynamic(UP5K_CLOCK);
                let assumptions = vec![
                    format!(
                        "least: a public log of a UP5K's core current: {UP5K_STATIC} mW static, {UP5K_CLOCK} mW a MHz of clock, {PRODUCT} pJ \
                         a product, {products} products every cycle"
                    ),
                    format!(
                        "most: {ECITON} mW, as published for Eciton (FPL 2021), an 8-bit LSTM on a UP5K under load, at its own clock"
                    ),
                ];
                Some(Power { milliwatts: [least, least.max(ECITON)], assumptions })
            }
            (Family::Ecp5, device) => {
                let leakage = match device {
                    _ if device.ends_with("85k") => 240.0,
                    _ if device.ends_with("45k") => 130.0,
                    _ => 90.0,
                };
                let typical = leakage + dynamic(UP5K_CLOCK * cells.logic as f64 / UP5K_CELLS);
                let assumptions = vec![
                    format!("no measurement of an ECP5 is known to engram: the range is a factor {FACTOR} either way"),
                    format!("static: {leakage} mW, the order of the part's standby current at 1.1 V; an assumption"),
                    format!(
                        "dynamic: that of a UP5K, {UP5K_CLOCK} mW a MHz and {UP5K_CELLS} cells, {PRODUCT} pJ a product, {products} products \
                         every cycle; an assumption, both parts being of 40 nm"
                    ),
                ];
                Some(Power { milliwatts: [typical / FACTOR, typical * FACTOR], assumptions })
            }
            _ => None,
        }
    }

    /// The energy of a time in microseconds, least and most, in microjoules.
    pub fn microjoules(&self, microseconds: f64) -> [f64; 2] {
        self.milliwatts.map(|milliwatts| milliwatts * microseconds * 1e-3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_flow::Board;

    fn power(board: &str, products: usize) -> Power {
        let board = Board::named(board).unwrap();
        let cells = Cells { logic: 5280, ..Cells::default() };
        Power::of(&board.part, board.clock_mhz, &cells, products).unwrap()
    }

    /// 0.104 mW, 18 MHz at 0.052 mW, and 8 products of 24 pJ at 18 MHz.
    #[test]
    fn the_least_of_a_up5k_is_counted_by_hand() {
        let Power { milliwatts: [least, most], assumptions } = power("icebreaker", 8);
        assert!((least - (0.104 + 0.936 + 3.456)).abs() < 1e-9 && most == 17.0, "{least} {most}");
        assert!(assumptions[0].contains("24 pJ") && assumptions[1].contains("17 mW"));
        let [least, most] = power("icebreaker", 8).microjoules(100.0);
        assert!((least - 0.4496).abs() < 1e-9 && (most - 1.7).abs() < 1e-9);
    }

    #[test]
    fn larger_parts_take_more() {
        let typical = |board| power(board, 16).milliwatts[0];
        assert!(typical("icebreaker") < typical("ulx3s-25f"));
        assert!(typical("ulx3s-25f") < typical("ulx3s-45f") && typical("ulx3s-45f") < typical("ulx3s-85f"));
        assert_eq!(typical("ulx3s-12f"), typical("ulx3s-25f"));
    }

    #[test]
    fn nothing_is_said_of_parts_without_figures() {
        let part = Part { device: "hx8k".to_string(), ..Board::named("icebreaker").unwrap().part };
        assert_eq!(Power::of(&part, 12.0, &Cells::default(), 8), None);
    }
}
