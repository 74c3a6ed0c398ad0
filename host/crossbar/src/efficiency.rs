//! An analytical model of what a crossbar of non-volatile cells needs for a product, in energy and area, beside digital
//! arithmetic with weights in static memory. No hardware is measured by it: it multiplies published figures of components,
//! and scales some of them by assumptions that are marked as such.
//!
//! Sources of constants:
//!
//! - ISAAC: Shafiee et al., "ISAAC: A Convolutional Neural Network Accelerator with In-Situ Analog Arithmetic in Crossbars"
//!   (ISCA 2016), table I, a unit (IMA) of eight crossbars of 128 x 128 cells at 32 nm, a read of which takes 100 ns.
//! - Horowitz: "Computing's energy problem (and what we can do about it)" (ISSCC 2014), energies at 45 nm and 0.9 V, and the
//!   areas of the same units.
//! - Intel: Mistry et al., "A 45nm Logic Technology with High-k+Metal Gate Transistors" (IEDM 2007): a cell of static memory.
//! - Assumption: ours, without a source.

/// A figure that the model multiplies, and where it is from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    /// The name of the constant.
    pub what: &'static str,
    /// The number.
    pub value: f64,
    /// The unit.
    pub unit: &'static str,
    /// The publication that the value is from; `assumption` where it has no source.
    pub source: &'static str,
}

const fn constant(what: &'static str, value: f64, unit: &'static str, source: &'static str) -> Constant {
    Constant { what, value, unit, source }
}

const ISAAC: &str = "ISAAC, table I";
const HOROWITZ: &str = "Horowitz, ISSCC 2014";
const ASSUMPTION: &str = "assumption";

/// 16 mW for eight at 1.2 Gsample/s.
pub const ADC_ENERGY: Constant = constant("conversion by an ADC of 8 bits", 16.0 / 8.0 / 1.2, "pJ", ISAAC);
/// 0.0096 mm2 for eight.
pub const ADC_AREA: Constant = constant("ADC of 8 bits", 9600.0 / 8.0, "um2", ISAAC);
/// Samples a nanosecond.
pub const ADC_RATE: Constant = constant("samples of an ADC", 1.2, "1/ns", ISAAC);
/// 4 mW for 8 x 128 during 100 ns.
pub const DAC_ENERGY: Constant = constant("conversion by a DAC of 1 bit", 4.0 / 1024.0 * 100.0, "pJ", ISAAC);
/// 0.00017 mm2 for 8 x 128.
pub const DAC_AREA: Constant = constant("DAC of 1 bit", 170.0 / 1024.0, "um2", ISAAC);
/// 0.01 mW for 8 x 128 during 100 ns.
pub const HOLD_ENERGY: Constant = constant("sample and hold of a column", 0.01 / 1024.0 * 100.0, "pJ", ISAAC);
/// 0.00004 mm2 for 8 x 128.
pub const HOLD_AREA: Constant = constant("sample and hold", 40.0 / 1024.0, "um2", ISAAC);
/// 2.4 mW for eight arrays during 100 ns.
pub const CELL_ENERGY: Constant = constant("read of a cell", 2.4 / (8.0 * 16384.0) * 100.0 * 1e3, "fJ", ISAAC);
/// 0.0002 mm2 for eight arrays.
pub const CELL_AREA: Constant = constant("cell", 200.0 / (8.0 * 16384.0), "um2", ISAAC);
/// The cycle of a read.
pub const READ_TIME: Constant = constant("read of a crossbar, at least", 100.0, "ns", ISAAC);
/// A multiplication of 8 bits.
pub const MULTIPLY_ENERGY: Constant = constant("8-bit multiplication, 45 nm", 0.2, "pJ", HOROWITZ);
/// An addition of 32 bits.
pub const ADD_ENERGY: Constant = constant("32-bit addition, 45 nm", 0.1, "pJ", HOROWITZ);
/// A read of a word of 64 bits.
pub const SRAM_ENERGY: Constant = constant("64-bit read of 8 KB of static memory, 45 nm", 10.0, "pJ", HOROWITZ);
/// A multiplier of 8 bits.
pub const MULTIPLY_AREA: Constant = constant("8-bit multiplier, 45 nm", 282.0, "um2", HOROWITZ);
/// An adder of 32 bits.
pub const ADD_AREA: Constant = constant("32-bit adder, 45 nm", 137.0, "um2", HOROWITZ);
/// A cell of six transistors.
pub const SRAM_AREA: Constant = constant("cell of static memory, 45 nm", 0.346, "um2", "Mistry et al., IEDM 2007");
/// The share of a memory's area that is cells.
pub const SRAM_SHARE: Constant = constant("share of a static memory's area that is cells", 0.7, "", ASSUMPTION);
/// The clock of the digital accelerator.
pub const CLOCK: Constant = constant("clock of the digital accelerator", 1.0, "GHz", ASSUMPTION);
/// Energy is taken to go down as the length, area as its square.
pub const SHRINK: Constant =
    constant("length at 32 nm beside 45 nm (energy in proportion, area in its square)", 32.0 / 45.0, "", ASSUMPTION);

/// All constants of the model.
pub const CONSTANTS: [Constant; 19] = [
    ADC_ENERGY,
    ADC_AREA,
    ADC_RATE,
    DAC_ENERGY,
    DAC_AREA,
    HOLD_ENERGY,
    HOLD_AREA,
    CELL_ENERGY,
    CELL_AREA,
    READ_TIME,
    MULTIPLY_ENERGY,
    ADD_ENERGY,
    SRAM_ENERGY,
    MULTIPLY_AREA,
    ADD_AREA,
    SRAM_AREA,
    SRAM_SHARE,
    CLOCK,
    SHRINK,
];

/// The assumption on how a converter's figures depend on its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// Doubling with each bit, as in Walden's figure of merit: what a converter of few bits could be at best.
    Exponential,
    /// Figures in proportion to the bits: a comparator's decisions and its clock stay.
    Linear,
}

impl Scaling {
    /// A figure of so many bits, from that of others.
    fn from(self, figure: f64, bits: f64, to: f64) -> f64 {
        match self {
            Scaling::Exponential => figure * (to - bits).exp2(),
            Scaling::Linear => figure * to / bits,
        }
    }
}

/// A crossbar accelerator's tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossbar {
    /// Rows that are driven at once, a DAC each.
    pub rows: usize,
    /// Columns of weights, which share one ADC.
    pub columns: usize,
    /// Cells that make a weight: 2 for a differential pair.
    pub cells: usize,
    /// Bits of the DACs.
    pub dac_bits: u8,
    /// Bits of the ADC.
    pub adc_bits: u8,
    /// The assumption on converters.
    pub scaling: Scaling,
}

/// Operations (a multiplication and an addition are two) at peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Efficiency {
    /// 10^12 operations a joule, which is TOPS/W.
    pub tera_per_joule: f64,
    /// 10^12 operations a second and mm2.
    pub tera_per_mm2: f64,
}

impl Efficiency {
    /// Operations, their energy in pJ and time in ns, on an area in um2.
    fn of(operations: f64, energy: f64, time: f64, area: f64) -> Efficiency {
        Efficiency { tera_per_joule: operations / energy, tera_per_mm2: operations / time / area * 1e3 }
    }
}

impl Crossbar {
    /// The energy of a read of all columns in pJ: DACs, cells, sample and hold, ADC. The codes' digital addition is left out.
    pub fn energy(&self) -> f64 {
        let (rows, columns) = (self.rows as f64, self.columns as f64);
        let dac = self.scaling.from(DAC_ENERGY.value, 1.0, self.dac_bits.into());
        let adc = self.scaling.from(ADC_ENERGY.value, 8.0, self.adc_bits.into());
        let cells = rows * columns * self.cells as f64 * CELL_ENERGY.value / 1e3;
        rows * dac + columns * (adc + HOLD_ENERGY.value) + cells
    }

    /// The area in um2.
    pub fn area(&self) -> f64 {
        let (rows, columns) = (self.rows as f64, self.columns as f64);
        let dac = self.scaling.from(DAC_AREA.value, 1.0, self.dac_bits.into());
        let adc = self.scaling.from(ADC_AREA.value, 8.0, self.adc_bits.into());
        rows * dac + columns * HOLD_AREA.value + adc + rows * columns * self.cells as f64 * CELL_AREA.value
    }

    /// The time of a read in ns: that of the cells, or of all columns' conversions.
    pub fn time(&self) -> f64 {
        READ_TIME.value.max(self.columns as f64 / ADC_RATE.value)
    }

    /// Peak efficiency.
    pub fn efficiency(&self) -> Efficiency {
        let operations = 2.0 * self.rows as f64 * self.columns as f64;
        Efficiency::of(operations, self.energy(), self.time(), self.area())
    }
}

/// A digital accelerator: banks of 8 KB of static memory, each read 64 bits a cycle into as many multiplier-accumulators as that
/// holds weights, at the crossbar's 32 nm. Multipliers go with the square of the bits, an assumption.
pub fn digital(bits: u8) -> Efficiency {
    let bits = f64::from(bits);
    let lanes = 64.0 / bits;
    let multiplier = (bits / 8.0).powi(2);
    let energy = lanes * (MULTIPLY_ENERGY.value * multiplier + ADD_ENERGY.value) + SRAM_ENERGY.value;
    let memory = 65536.0 * SRAM_AREA.value / SRAM_SHARE.value;
    let area = lanes * (MULTIPLY_AREA.value * multiplier + ADD_AREA.value) + memory;
    Efficiency::of(2.0 * lanes, energy * SHRINK.value, 1.0 / CLOCK.value, area * SHRINK.value.powi(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILE: Crossbar =
        Crossbar { rows: 128, columns: 128, cells: 1, dac_bits: 1, adc_bits: 8, scaling: Scaling::Exponential };

    /// The published unit has 16, 4, 0.01 and 2.4 mW and 0.0096, 0.00017, 0.00004 and 0.0002 mm2 for eight tiles.
    #[test]
    fn the_published_unit_comes_out() {
        let published = (16.0 + 4.0 + 0.01 + 2.4) * 100.0 / 8.0;
        // 128 conversions take 107 ns where the published cycle has 100.
        assert!((TILE.energy() / published - 1.0).abs() < 0.06, "{} pJ, published {published}", TILE.energy());
        let published = (9600.0 + 170.0 + 40.0 + 200.0) / 8.0;
        assert!((TILE.area() / published - 1.0).abs() < 1e-9, "{} um2, published {published}", TILE.area());
        assert!((TILE.time() - 128.0 / 1.2).abs() < 1e-9);
    }

    #[test]
    fn fewer_bits_are_cheaper_and_more_rows_share_a_conversion() {
        for scaling in [Scaling::Exponential, Scaling::Linear] {
            let by_bits =
                [8, 4, 2].map(|bits| Crossbar { adc_bits: bits, dac_bits: bits, scaling, ..TILE }.efficiency());
            assert!(by_bits.windows(2).all(|pair| pair[0].tera_per_joule < pair[1].tera_per_joule), "{by_bits:?}");
            assert!(by_bits.windows(2).all(|pair| pair[0].tera_per_mm2 < pair[1].tera_per_mm2), "{by_bits:?}");
            let by_rows = [16, 64, 128].map(|rows| Crossbar { rows, scaling, ..TILE }.efficiency().tera_per_joule);
            assert!(by_rows.is_sorted(), "{by_rows:?}");
        }
        let pairs = Crossbar { cells: 2, ..TILE };
        assert!(pairs.energy() > TILE.energy() && pairs.area() > TILE.area());
    }

    /// 8 multiplications and additions of 0.3 pJ and a read of 10 pJ are 12.4 pJ at 45 nm for 16 operations.
    #[test]
    fn digital_arithmetic_is_counted_by_hand() {
        let efficiency = digital(8);
        assert!((efficiency.tera_per_joule - 16.0 / (12.4 * 32.0 / 45.0)).abs() < 1e-9);
        let area = (8.0 * 419.0 + 65536.0 * 0.346 / 0.7) * (32.0f64 / 45.0).powi(2);
        assert!((efficiency.tera_per_mm2 - 16.0 / area * 1e3).abs() < 1e-9);
        assert!(digital(4).tera_per_joule > efficiency.tera_per_joule);
    }

    #[test]
    fn every_constant_has_a_source_or_is_an_assumption() {
        assert!(CONSTANTS.iter().all(|one| one.value > 0.0 && !one.source.is_empty() && !one.what.is_empty()));
        assert_eq!(CONSTANTS.iter().filter(|one| one.source == ASSUMPTION).count(), 3);
    }
}
