//! The cells of a part that a device will take, without synthesis.
//!
//! The device of a family that [`Resources`] has as a whole (on ECP5 the ECP5-25F's, on iCE40 the UP5K's) is the reference. Another device
//! differs from it in blocks: lanes, similarities, multipliers of logic, the weight memory, the predictor. The difference of their
//! cells, as they were synthesised one by one, is added. Place and route then takes more cells than synthesis names, in a proportion
//! that hardly varies. The tests hold the figures to those of the bitstreams that were built.

use std::ops::{Add, Mul, Sub};

use engram_flow::board::{Family, Part};
use engram_spec::crossbar;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::memnet::{self, Addressing, Datapath, Weights};
use serde::Serialize;

use crate::boards::Built;
use crate::resources::Resources;

/// Cells of a part by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cells {
    /// Cells of logic: a LUT of four inputs each.
    pub logic: u64,
    /// Multipliers.
    pub multipliers: u64,
    /// Block memories: of 16 kbit on ECP5, of 4 kbit on iCE40.
    pub block_memories: u64,
    /// Memories of 256 kbit, which the UP5K has.
    pub large_memories: u64,
}

impl Cells {
    /// Each count with the name of its kind.
    pub fn each(&self) -> [(&'static str, u64); 4] {
        let Cells { logic, multipliers, block_memories, large_memories } = *self;
        [
            ("logic", logic),
            ("multipliers", multipliers),
            ("block_memories", block_memories),
            ("large_memories", large_memories),
        ]
    }

    /// The cells of a bitstream that was built.
    pub fn of_built(built: &Built, family: Family) -> Cells {
        let used = |cell| built.utilization.get(cell).map_or(0, |cells| cells.used);
        match family {
            Family::Ecp5 => Cells {
                logic: used("TRELLIS_COMB"),
                multipliers: used("MULT18X18D"),
                block_memories: used("DP16KD"),
                large_memories: 0,
            },
            Family::Ice40 => Cells {
                logic: used("ICESTORM_LC"),
                multipliers: used("ICESTORM_DSP"),
                block_memories: used("ICESTORM_RAM"),
                large_memories: used("ICESTORM_SPRAM"),
            },
        }
    }

    /// The cells that a part has, as nextpnr counts them; `None` for a part that is not known here.
    pub fn of_part(part: &Part) -> Option<Cells> {
        let cells = |[logic, multipliers, block_memories, large_memories]: [u64; 4]| Cells {
            logic,
            multipliers,
            block_memories,
            large_memories,
        };
        Some(cells(match (part.family, part.device.as_str()) {
            // The 12F has the die of the 25F, and nextpnr lets a design use all of it.
            (Family::Ecp5, "12k" | "25k" | "um-25k" | "um5g-25k") => [24_288, 28, 56, 0],
            (Family::Ecp5, "45k" | "um-45k" | "um5g-45k") => [43_848, 72, 108, 0],
            (Family::Ecp5, "85k" | "um-85k" | "um5g-85k") => [83_640, 156, 208, 0],
            (Family::Ice40, "up5k") => [5_280, 8, 30, 4],
            (Family::Ice40, "up3k") => [2_800, 4, 20, 4],
            (Family::Ice40, "hx8k" | "lp8k" | "hx4k" | "lp4k") => [7_680, 0, 32, 0],
            (Family::Ice40, "hx1k" | "lp1k") => [1_280, 0, 16, 0],
            _ => return None,
        }))
    }
}

/// The cells that synthesis makes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Synthesised {
    /// LUTs.
    luts: f64,
    /// Carries: of two bits on ECP5, of one on iCE40.
    carries: f64,
    /// Registers.
    registers: f64,
    /// Memories of LUTs, on ECP5.
    distributed: f64,
    /// Block memories.
    memories: f64,
    /// Memories of 256 kbit.
    large: f64,
    /// Multipliers.
    multipliers: f64,
}

impl Synthesised {
    fn with(self, other: Synthesised, change: impl Fn(f64, f64) -> f64) -> Synthesised {
        Synthesised {
            luts: change(self.luts, other.luts),
            carries: change(self.carries, other.carries),
            registers: change(self.registers, other.registers),
            distributed: change(self.distributed, other.distributed),
            memories: change(self.memories, other.memories),
            large: change(self.large, other.large),
            multipliers: change(self.multipliers, other.multipliers),
        }
    }

    /// The logic alone.
    fn logic(self) -> Synthesised {
        Synthesised { memories: 0.0, large: 0.0, ..self }
    }

    /// The cells after place and route.
    ///
    /// On ECP5 a carry of two bits takes two cells, and the ends of its chain 0.6 more on average; a memory of LUTs takes six. On iCE40 a
    /// register lies in the cell of the LUT before it, and half of the registers have none.
    fn placed(self, family: Family) -> Cells {
        let logic = match family {
            Family::Ecp5 => self.luts + 2.6 * self.carries + 6.0 * self.distributed,
            Family::Ice40 => self.luts + 0.5 * self.registers,
        };
        let whole = |count: f64| count.max(0.0).round() as u64;
        Cells {
            logic: whole(logic),
            multipliers: whole(self.multipliers),
            block_memories: whole(self.memories),
            large_memories: whole(self.large),
        }
    }
}

impl Add for Synthesised {
    type Output = Synthesised;

    fn add(self, other: Synthesised) -> Synthesised {
        self.with(other, |own, other| own + other)
    }
}

impl Sub for Synthesised {
    type Output = Synthesised;

    fn sub(self, other: Synthesised) -> Synthesised {
        self.with(other, |own, other| own - other)
    }
}

impl Mul<f64> for Synthesised {
    type Output = Synthesised;

    fn mul(self, times: f64) -> Synthesised {
        self.with(self, |own, _| times * own)
    }
}

/// The blocks of a family's reference device, one by one.
struct Blocks<'a> {
    resources: &'a Resources,
    family: Family,
}

impl Blocks<'_> {
    /// The cells of a block by itself; none where there is no such block.
    fn of(&self, name: &str) -> Synthesised {
        let count = |title: &str| self.resources.count(self.family, name, title) as f64;
        match self.family {
            Family::Ecp5 => Synthesised {
                luts: count("LUT4"),
                carries: count("CCU2C"),
                registers: count("FF"),
                distributed: count("DPR16X4"),
                memories: count("DP16KD"),
                large: 0.0,
                multipliers: count("MULT18X18D"),
            },
            Family::Ice40 => Synthesised {
                luts: count("LUT4"),
                carries: count("CARRY"),
                registers: count("DFF"),
                distributed: 0.0,
                memories: count("RAM40"),
                large: count("SPRAM"),
                multipliers: count("MAC16"),
            },
        }
    }
}

/// Lanes that build their multiplier of logic.
fn of_logic(lanes: usize, multipliers: usize) -> f64 {
    lanes.saturating_sub(multipliers) as f64
}

/// The cells of a memory network's device on a family.
pub fn memnet(family: Family, geometry: &memnet::Geometry, datapath: Datapath) -> Cells {
    let blocks = Blocks { resources: Resources::kept(), family };
    let reference = match family {
        Family::Ecp5 => memnet::geometry::ECP5_25F,
        Family::Ice40 => memnet::geometry::UP5K,
    };
    let lanes = geometry.lanes as f64;
    let share = 1.0 / reference.lanes as f64;
    let lane = blocks.of("pair") * 0.5 + (blocks.of("adder_tree") + blocks.of("gather")) * share;
    let logic = blocks.of("multiplier_of_logic") - blocks.of("multiplier");
    let more_lanes = lane * (lanes - reference.lanes as f64);
    let more_logic = of_logic(geometry.lanes, geometry.multipliers) - of_logic(reference.lanes, reference.multipliers);
    let similarity = match datapath.addressing {
        Addressing::Hamming => "similarity_hamming",
        Addressing::Xnor => "similarity_xnor",
        Addressing::Min => "similarity_min",
        Addressing::Dot => "similarity_dot",
    };
    let mut all = blocks.of("board") + more_lanes + logic * more_logic;
    all = all + (blocks.of(similarity) - blocks.of("similarity_hamming")) * lanes;
    if datapath.weights == Weights::Signs {
        all = all + (blocks.of("lane_of_signs") - blocks.of("lane")) * lanes;
    }
    all.placed(family)
}

/// The cells of a crossbar's device on a family.
pub fn crossbar(family: Family, geometry: &crossbar::Geometry, memo: Option<Predictor>) -> Cells {
    let blocks = Blocks { resources: Resources::kept(), family };
    let reference = match family {
        Family::Ecp5 => crossbar::geometry::ECP5_25F,
        Family::Ice40 => crossbar::geometry::UP5K,
    };
    let board = if memo.is_some() { "crossbar_board_with_memo" } else { "crossbar_board" };
    let store = if memo.is_some() { "weight_store_below_signs" } else { "weight_store" };
    let logic = blocks.of("row_product_of_logic") - blocks.of("row_product");
    // The block crossbar_lane has a product of logic.
    let lane = blocks.of("crossbar_lane") - logic;
    let more_lanes = lane * (geometry.lanes as f64 - reference.lanes as f64);
    let more_logic = of_logic(geometry.lanes, geometry.multipliers) - of_logic(reference.lanes, reference.multipliers);
    let wider = weight_bits(geometry, memo) / weight_bits(&reference, memo);
    let mut all = blocks.of(board) + more_lanes + logic * more_logic;
    all = all + blocks.of(store).logic() * (wider - 1.0);
    let [own, others] = [geometry, &reference].map(|geometry| weight_memories(family, geometry, memo));
    match family {
        Family::Ecp5 => all.memories += own - others,
        Family::Ice40 => all.large += own - others,
    }
    if let Some(predictor) = memo {
        let usual = Predictor::of(&reference);
        let words = |predictor: &Predictor, lanes: usize| f64::from(predictor.width) / lanes as f64;
        let wider = words(&predictor, geometry.lanes) / words(&usual, reference.lanes);
        let compared = blocks.of("disagreement") + blocks.of("sign_plane");
        all = all + compared * (wider - 1.0);
        if predictor.queue == 1 {
            all = all + blocks.of("queue_of_one") - blocks.of("queue");
        }
    }
    all.placed(family)
}

/// Bits of a word of the weight memory.
fn weight_bits(geometry: &crossbar::Geometry, memo: Option<Predictor>) -> f64 {
    let kept = f64::from(geometry.weight_bits) - if memo.is_some() { 1.0 } else { 0.0 };
    geometry.lanes as f64 * kept
}

/// The memories of the weights: banks of 16 bits, less the signs where these lie in a plane of their own.
fn weight_memories(family: Family, geometry: &crossbar::Geometry, memo: Option<Predictor>) -> f64 {
    let banks = (geometry.lanes * usize::from(geometry.weight_bits)).div_ceil(16);
    let (words, width) = (geometry.weight_depth, 16 - memo.map_or(0, |_| 16 / usize::from(geometry.weight_bits)));
    (banks
        * match family {
            Family::Ecp5 => block_memories(words, width),
            Family::Ice40 => words.div_ceil(16384),
        }) as f64
}

/// The fewest block memories of ECP5, of 16384 bits in words of 1, 2, 4, 9 or 18, for so many words of a width.
fn block_memories(words: usize, width: usize) -> usize {
    let shapes = [(16_384, 1), (8_192, 2), (4_096, 4), (2_048, 9), (1_024, 18)];
    let count = |(deep, wide): (usize, usize)| words.div_ceil(deep) * width.div_ceil(wide);
    shapes.into_iter().map(count).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boards::{Boards, NETWORKS};
    use engram_flow::Board;

    /// The share of a figure by which another differs from it.
    fn error(found: u64, expected: u64) -> f64 {
        found as f64 / expected as f64 - 1.0
    }

    /// The device of a board without options, as `engram build` makes it.
    fn usual(board: &Board, network: &str) -> Cells {
        let (family, sizes) = (board.part.family, &board.sizes);
        match network {
            "memnet" => memnet(family, &sizes.memnet, Addressing::Min.into()),
            _ => crossbar(family, &sizes.crossbar.unwrap(), None),
        }
    }

    /// Memories and multipliers come out exactly, logic within 15 %.
    #[test]
    fn footprints_are_those_of_the_bitstreams_that_were_built() {
        let (mut compared, mut worst) = (0, 0.0_f64);
        for name in Board::names() {
            let board = Board::named(name).unwrap();
            for network in NETWORKS {
                let Some(built) = Boards::kept().of(name, network) else { continue };
                let (found, built) = (usual(&board, network), Cells::of_built(built, board.part.family));
                let error = error(found.logic, built.logic);
                assert!(error.abs() < 0.15, "{name} {network}: {found:?}, built {built:?}");
                assert_eq!(Cells { logic: 0, ..found }, Cells { logic: 0, ..built }, "{name} {network}");
                (compared, worst) = (compared + 1, worst.max(error.abs()));
            }
        }
        assert!(compared >= 7, "{compared} bitstreams");
        println!("{compared} bitstreams, logic within {:.1} %", 100.0 * worst);
    }

    /// The cells that a part has are those that nextpnr reports.
    #[test]
    fn parts_have_the_cells_that_nextpnr_counts() {
        for name in Board::names() {
            let board = Board::named(name).unwrap();
            let part = Cells::of_part(&board.part).unwrap();
            for built in NETWORKS.iter().filter_map(|network| Boards::kept().of(name, network)) {
                let available = |cell: &str| built.utilization.get(cell).map(|cells| cells.available);
                let [logic, memories] = match board.part.family {
                    Family::Ecp5 => ["TRELLIS_COMB", "DP16KD"],
                    Family::Ice40 => ["ICESTORM_LC", "ICESTORM_RAM"],
                };
                assert_eq!(available(logic), Some(part.logic), "{name}");
                assert_eq!(available(memories), Some(part.block_memories), "{name}");
            }
        }
        let unknown = Part { device: "9k".to_string(), ..Board::named("icebreaker").unwrap().part };
        assert_eq!(Cells::of_part(&unknown), None);
    }
}
