//! The program of a model: the integers that a crossbar device is loaded with, as its cells are programmed.

use std::fmt;

use engram_spec::crossbar::program::HIDDEN_MAX;
use engram_spec::crossbar::{GateSettings, Geometry, Program, ProgramError, Settings, geometry};

use crate::analog::{Analog, Columns};
use crate::column::{Gate, bias_code};
use crate::design::{Converter, Design, MANTISSA_MAX};
use crate::model::Model;
use crate::network::{readout_bias_code, readout_unit};
use crate::tensors::GATES;

/// A device that the integer model alone is: of as many cells as a program's settings say.
pub const SOFTWARE: Geometry =
    Geometry { name: "software", id: 22, hidden: HIDDEN_MAX, weight_depth: 1 << 16, ..geometry::ECP5_85F };

/// The settings with which a model is programmed into cells, and read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Programming {
    /// The state of the cells.
    pub cells: Analog,
    /// s_a: the deviation of a column's sum before conversion, in steps of the converter.
    pub read_noise: f64,
    /// The seed of that noise; not 0.
    pub read_seed: u32,
}

impl Default for Programming {
    /// Programming without noise.
    fn default() -> Programming {
        Programming { cells: Analog::default(), read_noise: 0.0, read_seed: 1 }
    }
}

/// An error of a model that cannot be put on a device.
#[derive(Debug, thiserror::Error)]
pub enum ProgrammingError {
    /// Real numbers.
    #[error(
        "found real numbers in the model (weights {weights}, DAC {dac}, ADC {adc} bits), expected 1 to 8 bits each; put \
         it into codes (`engram quantize`), or train it with the precisions of a device"
    )]
    Float {
        /// The precision of the weights.
        weights: crate::Precision,
        /// The precision of the digital-to-analog converters.
        dac: crate::Precision,
        /// The precision of the analog-to-digital converters.
        adc: crate::Precision,
    },
    /// The model is larger than the device.
    #[error(
        "the model has {found} {what}, geometry {geometry} holds {most}; train a smaller model or choose a larger geometry"
    )]
    TooLarge {
        /// The thing of which there is too much.
        what: &'static str,
        /// The number that the model has.
        found: usize,
        /// The number that the device has.
        most: usize,
        /// The device's geometry.
        geometry: &'static str,
    },
    /// The model's tiles would end elsewhere on the device.
    #[error(
        "the model's tiles are for rows padded to {found} lanes, geometry {geometry} pads to {lanes}; train with lanes = {lanes}, \
         or with one tile"
    )]
    Lanes {
        /// The lanes of the model.
        found: usize,
        /// The lanes of the device.
        lanes: usize,
        /// The device's geometry.
        geometry: &'static str,
    },
    /// Weights that deviate need finer codes than the weights themselves.
    #[error(
        "found cells that deviate from their codes for geometry {geometry} of 4-bit weights, expected one of 8 bits, such as ecp5-85f"
    )]
    Coarse {
        /// The device's geometry.
        geometry: &'static str,
    },
    /// Noise that the settings cannot say.
    #[error("found noise of deviation {found}, expected 0 to {most:.2} for this model's converters")]
    Noise {
        /// The deviation.
        found: f64,
        /// The most.
        most: f64,
    },
    /// No device runs the program.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

/// The deviation of the byte sum that read noise is drawn from.
const BYTE_SUM_DEVIATION: f64 = 147.800_31;

/// The least mantissa of a converter that gives up bits for noise: its gain is off by 1 in 32 at most.
const MANTISSA_NOISY: u16 = 16;

/// The room that programmed weights have beyond the largest code, for noise.
const ROOM: f64 = 1.25;

impl Model {
    /// The program of this model for devices of a geometry.
    pub fn program(&self, geometry: Geometry, programming: &Programming) -> Result<Program, ProgrammingError> {
        let precisions = self.design.precisions;
        let (Some(codes), Some(levels), Some(dac_bits), Some(adc_bits)) =
            (self.codes(), precisions.weights.levels(), precisions.dac.bits(), precisions.adc.bits())
        else {
            let crate::Precisions { weights, dac, adc } = precisions;
            return Err(ProgrammingError::Float { weights, dac, adc });
        };
        fits(&self.design, &geometry)?;
        let Programming { cells, read_noise, read_seed } = *programming;
        let fine = match (cells.is_exact(), geometry.weight_bits) {
            (true, _) => 0,
            (false, ..8) => return Err(ProgrammingError::Coarse { geometry: geometry.name }),
            _ if !(0.0..=1.0).contains(&cells.noise) => {
                return Err(ProgrammingError::Noise { found: cells.noise, most: 1.0 });
            }
            _ => fine_bits(levels),
        };
        let shape = self.design.shape;
        let gates = gate_settings(&self.design, fine, read_noise)?;
        let settings = Settings {
            cell: self.design.cell,
            hidden: shape.hidden as u16,
            inputs: shape.inputs as u8,
            classes: shape.outputs as u8,
            tile: self.design.tiling.rows as u8,
            dac_bits,
            adc_bits,
            gates,
            seed: read_seed,
        };
        let mut program = Program::zeroed(geometry, settings);
        for cell in 0..shape.hidden {
            for gate in 0..GATES {
                let (column, from) = (GATES * cell + gate, gate * shape.hidden + cell);
                let weights = codes.weights.iter().skip(from).step_by(shape.columns());
                let rows = shape.rows();
                program.columns[column * rows..][..rows].iter_mut().zip(weights).for_each(|(to, &code)| *to = code);
                program.bias[column] = bias_code(self.tensors().bias[from]) as i32;
            }
        }
        if !cells.is_exact() {
            self.hold(&mut program, &cells, fine);
        }
        let unit = readout_unit(&self.design);
        for class in 0..shape.outputs {
            let row = &mut program.readout[class * shape.hidden..][..shape.hidden];
            let weights = codes.readout.iter().skip(class).step_by(shape.outputs);
            row.iter_mut().zip(weights).for_each(|(to, &code)| *to = code);
            program.readout_bias[class] = readout_bias_code(self.tensors().out_bias[class], unit) as i32;
        }
        program.validate()?;
        Ok(program)
    }

    /// Puts what cells hold in place of the codes of a program, in codes that are finer by some bits; and the scale that makes up for
    /// drift into its gates.
    fn hold(&self, program: &mut Program, cells: &Analog, fine: u32) {
        let (inputs, rows) = (self.design.shape.inputs, self.design.shape.rows());
        let hidden_row = program.input_chunks() * program.geometry.lanes;
        let places: Vec<usize> = (0..inputs).chain((0..rows - inputs).map(|row| hidden_row + row)).collect();
        let levels = f64::from(self.design.precisions.weights.levels().unwrap_or(1));
        let pairs = self.design.tiling.cells.max(1);
        let reads = [0, 1, 2, 3].map(|gate| self.design.cell.reads(gate, inputs, rows));
        let columns = Columns { levels, pairs, places: &places, tile: program.tile_rows().max(1), reads };
        let (weights, factors) = cells.hold(&program.columns, &columns);
        for (code, weight) in program.columns.iter_mut().zip(weights) {
            *code = (weight * f64::from(1 << fine)).round_ties_even().clamp(-127.0, 127.0) as i8;
        }
        for (gate, factor) in program.settings.gates.iter_mut().zip(factors) {
            gate.scale = (f64::from(gate.scale) * factor).round_ties_even().clamp(1.0, f64::from(u16::MAX)) as u16;
        }
    }
}

/// A converter that read noise makes coarser: its gain with the noise and without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coarsened {
    /// The gate, 0 to 3.
    pub gate: usize,
    /// The gain with the noise.
    pub with: Converter,
    /// The gain without it.
    pub without: Converter,
}

impl fmt::Display for Coarsened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Coarsened { with, without, .. } = self;
        let percent = 100.0 * (with.gain() / without.gain() - 1.0);
        let [(m, s), (m_without, s_without)] = [with, without].map(|converter| (converter.mantissa, converter.shift));
        write!(f, "{m} / 2^{s} in place of {m_without} / 2^{s_without} ({percent:+.2} %)")
    }
}

impl Model {
    /// The converters that the read noise of a programming changes, beside adding noise: where the number of the noise does not
    /// fit its 16 bits, the last bits of the mantissa are given up for it.
    pub fn coarsened(&self, geometry: Geometry, programming: &Programming) -> Result<Vec<Coarsened>, ProgrammingError> {
        let quiet = Programming { read_noise: 0.0, ..*programming };
        let [with, without] = [programming, &quiet].map(|programming| self.program(geometry, programming));
        let gates = with?.settings.gates.into_iter().zip(without?.settings.gates).enumerate();
        let converter = |gate: GateSettings| Converter { mantissa: gate.mantissa.into(), shift: gate.shift };
        let pairs = gates.map(|(gate, (with, without))| (gate, converter(with), converter(without)));
        let changed = pairs.filter(|(_, with, without)| with.gain() != without.gain());
        Ok(changed.map(|(gate, with, without)| Coarsened { gate, with, without }).collect())
    }
}

/// The numbers of a design that a device limits, each with its name and the most that a device of a geometry holds.
pub fn sizes(design: &Design, geometry: &Geometry) -> [(&'static str, usize, usize); 5] {
    let (shape, bits) = (design.shape, design.precisions.weights.bits().unwrap_or(8));
    [
        ("inputs", shape.inputs, geometry.inputs),
        ("hidden elements", shape.hidden, geometry.hidden),
        ("outputs", shape.outputs, geometry.classes),
        ("rows a tile", design.tiling.rows, u8::MAX.into()),
        ("bits a weight", bits.into(), geometry.weight_bits.into()),
    ]
}

/// Whether devices of a geometry hold models of a design, whatever their weights.
pub fn fits(design: &Design, geometry: &Geometry) -> Result<(), ProgrammingError> {
    let (shape, tiling) = (design.shape, design.tiling);
    if let Some((what, found, most)) = sizes(design, geometry).into_iter().find(|&(_, found, most)| found > most) {
        return Err(ProgrammingError::TooLarge { what, found, most, geometry: geometry.name });
    }
    let padded = |lanes: usize| shape.inputs.next_multiple_of(lanes);
    if tiling.rows > 0 && padded(tiling.lanes) != padded(geometry.lanes) {
        return Err(ProgrammingError::Lanes { found: tiling.lanes, lanes: geometry.lanes, geometry: geometry.name });
    }
    Ok(())
}

/// The bits by which programmed weights are finer than codes up to `levels`: as many as leave room for noise in 8 bits.
fn fine_bits(levels: i32) -> u32 {
    (0..7).rev().find(|&fine| f64::from(levels << fine) * ROOM <= 127.0).unwrap_or(0)
}

/// The settings of the gates, where weights are finer by some bits.
fn gate_settings(design: &Design, fine: u32, read_noise: f64) -> Result<[GateSettings; GATES], ProgrammingError> {
    let mut settings = [GateSettings::default(); GATES];
    for (gate, (settings, scales)) in settings.iter_mut().zip(Gate::all(design)).enumerate() {
        let converter = design.converters[gate];
        let mantissa = converter.mantissa.min(MANTISSA_MAX);
        let shift = u32::from(converter.shift) + fine;
        // In units of S m: a step of the converter is 2^shift of them.
        let factor = |shift: u32| 256.0 * (1u64 << shift) as f64 / BYTE_SUM_DEVIATION;
        // Where the noise's number has too many bits, the last bits of the mantissa are given up for it.
        let fits = |spare: &u32| read_noise * factor(shift - spare) <= f64::from(u16::MAX);
        let most = shift.min((mantissa / MANTISSA_NOISY).checked_ilog2().unwrap_or(0));
        let spare = (0..most).find(fits).unwrap_or(most);
        let (mantissa, shift) = ((mantissa + (1 << spare >> 1)) >> spare, shift - spare);
        let noise = (read_noise * factor(shift)).round();
        if !(0.0..=f64::from(u16::MAX)).contains(&noise) {
            return Err(ProgrammingError::Noise { found: read_noise, most: f64::from(u16::MAX) / factor(shift) });
        }
        *settings = GateSettings {
            mantissa: mantissa as u8,
            shift: shift as u8,
            noise: noise as u16,
            scale: scales.worth as u16,
        };
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use engram_sequences::{Normaliser, Windowing};
    use engram_spec::crossbar::Cell;
    use engram_spec::crossbar::program::sums_suffice;

    use super::*;
    use crate::{Labels, Precision, Precisions, Shape, Tensors, Tiling};

    #[test]
    fn more_cells_than_settings_say_are_refused() {
        let design = |cell, hidden| {
            let shape = Shape { inputs: 64, hidden, outputs: 64 };
            Design { cell, ..Design::new(shape, Precisions::alike(Precision::Bits(8)), Tiling::default()) }
        };
        assert!(sums_suffice(&SOFTWARE));
        for cell in [Cell::Lstm, Cell::Gru] {
            assert!([255, 256].into_iter().all(|hidden| fits(&design(cell, hidden), &SOFTWARE).is_ok()));
            let refused = fits(&design(cell, 257), &SOFTWARE).unwrap_err().to_string();
            assert!(
                refused.starts_with("the model has 257 hidden elements, geometry software holds 256;"),
                "{refused}"
            );
        }
        let refused = fits(&design(Cell::Lstm, 256), &geometry::ECP5_85F).unwrap_err().to_string();
        assert!(refused.starts_with("the model has 256 hidden elements, geometry ecp5-85f holds 128;"), "{refused}");
    }

    /// The converters that noise changes in a model with these, each a mantissa and a shift.
    fn coarsened(converters: [(u16, u8); GATES], read_noise: f64) -> Result<Vec<Coarsened>, ProgrammingError> {
        let shape = Shape { inputs: 2, hidden: 3, outputs: 2 };
        let design = Design::new(shape, Precisions::alike(Precision::Bits(4)), Tiling::default());
        let converters = converters.map(|(mantissa, shift)| Converter { mantissa, shift });
        let normaliser = Normaliser { mean: vec![0.0; 2], deviation: vec![1.0; 2], range: vec![1.0; 2] };
        let labels =
            Labels::Classes { names: vec!["a".to_string(), "b".to_string()], windowing: Windowing::NONE, normaliser };
        let model = Model::new(Design { converters, ..design }, labels, &Tensors::zeroed(&shape), None);
        model.coarsened(geometry::ECP5_85F, &Programming { read_noise, ..Programming::default() })
    }

    #[test]
    fn converters_that_noise_changes_are_named() {
        // Half a step is 113,512 of 65,535 where s is 17. An even mantissa gives up a bit without a loss.
        let converters = [(195, 17), (196, 17), (195, 16), (15, 12)];
        assert!(coarsened(converters, 0.25).unwrap().is_empty());
        let found = coarsened(converters, 0.5).unwrap();
        let shown: Vec<(usize, String)> = found.iter().map(|found| (found.gate, found.to_string())).collect();
        assert_eq!(shown, [(0, "98 / 2^16 in place of 195 / 2^17 (+0.51 %)".to_string())]);
        // A mantissa below 16 has no bit to give up.
        let refused = coarsened([(15, 17); GATES], 0.5).unwrap_err().to_string();
        assert_eq!(refused, "found noise of deviation 0.5, expected 0 to 0.29 for this model's converters");
    }

    #[test]
    fn weights_are_as_fine_as_leaves_room() {
        assert_eq!([1, 1, 3, 7, 127].map(fine_bits), [6, 6, 5, 3, 0]);
    }
}
