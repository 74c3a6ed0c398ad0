//! The integers that are loaded into a crossbar device: weights, biases, and the settings of converters and gates.

use std::ops::Range;

use crate::crossbar::cell::Cell;
use crate::crossbar::converter::levels;
use crate::crossbar::gate::Gate;
use crate::crossbar::geometry::{Geometry, ROW_BYTES, Region};
use crate::machine::Load;

/// The most bits of a converter or DAC.
pub const BITS_MAX: u8 = 8;
/// The largest shift of a converter.
pub const SHIFT_MAX: u8 = 24;
/// The most hidden cells that the settings' byte says, in which 0 stands for them.
pub const HIDDEN_MAX: usize = 256;
/// The largest magnitude of a bias: 24 bits.
pub const BIAS_MAX: i32 = (1 << 23) - 1;

/// The bit of the settings' byte of dac_bits that is set for GRUs.
const GRU_FLAG: u8 = 128;

/// Cycles that a step with a symbol takes longer: the symbol is checked.
pub const SYMBOL_CYCLES: u32 = 3;

/// Cycles of a step but those of its inputs and of the walk over its columns; [`Cell::step_cycles`] more.
pub const STEP_CYCLES: u32 = 38;
/// Cycles of an answer but those of the walk over its classes.
pub(super) const ANSWER_CYCLES: u32 = 20;

/// The settings that the columns of a gate have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct GateSettings {
    /// m of the converter, a code is round((S m + N) / 2^s): 1..=255.
    pub mantissa: u8,
    /// s of the converter, 0..=24.
    pub shift: u8,
    /// The factor of the read noise, [`crate::crossbar::Noise::draw`]; 0 for none.
    pub noise: u16,
    /// q, what a step of the converter is worth in z, in units of 2^-12.
    pub scale: u16,
}

/// The numbers of a crossbar network that are not tensors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The kind of the cells.
    pub cell: Cell,
    /// Hidden cells H, 1 to [`HIDDEN_MAX`].
    pub hidden: u16,
    /// Inputs I, at least 1.
    pub inputs: u8,
    /// Classes V, at least 1; the answer is one of them.
    pub classes: u8,
    /// Rows of a tile R, a multiple of the lanes; 0 for one tile of all rows.
    pub tile: u8,
    /// Bits of the DAC codes, 1..=8.
    pub dac_bits: u8,
    /// Bits of the converters' codes, 1..=8.
    pub adc_bits: u8,
    /// Of the gates i, f, g, o, or z, r, nx, nh.
    pub gates: [GateSettings; 4],
    /// From which the read noise starts; not 0 where there is noise.
    pub seed: u32,
}

impl Settings {
    /// Bytes of a settings frame's payload.
    pub const BYTES: usize = 34;

    /// The payload of a settings frame: hidden (0 for 256), inputs, classes, tile, dac_bits (and 128 for GRUs), adc_bits; of each
    /// gate mantissa, shift, noise (2), scale (2); seed (4). Little-endian.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let Settings { cell, hidden, inputs, classes, tile, dac_bits, adc_bits, gates, seed } = *self;
        let row_codes = if cell == Cell::Gru { dac_bits | GRU_FLAG } else { dac_bits };
        bytes[..6].copy_from_slice(&[hidden as u8, inputs, classes, tile, row_codes, adc_bits]);
        for (place, gate) in bytes[6..30].chunks_exact_mut(6).zip(gates) {
            place[..2].copy_from_slice(&[gate.mantissa, gate.shift]);
            place[2..4].copy_from_slice(&gate.noise.to_le_bytes());
            place[4..].copy_from_slice(&gate.scale.to_le_bytes());
        }
        bytes[30..].copy_from_slice(&seed.to_le_bytes());
        bytes
    }

    /// The settings of a frame's payload.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Settings {
        let gate = |gate: usize| {
            let at = |place: usize| bytes[6 + 6 * gate + place];
            let (noise, scale) = (u16::from_le_bytes([at(2), at(3)]), u16::from_le_bytes([at(4), at(5)]));
            GateSettings { mantissa: at(0), shift: at(1), noise, scale }
        };
        let [hidden, inputs, classes, tile, row_codes, adc_bits, ..] = *bytes;
        let cell = if row_codes & GRU_FLAG > 0 { Cell::Gru } else { Cell::Lstm };
        let dac_bits = row_codes & !GRU_FLAG;
        let hidden = if hidden == 0 { HIDDEN_MAX as u16 } else { hidden.into() };
        let seed = u32::from_le_bytes([bytes[30], bytes[31], bytes[32], bytes[33]]);
        Settings { cell, hidden, inputs, classes, tile, dac_bits, adc_bits, gates: [0, 1, 2, 3].map(gate), seed }
    }

    /// Columns, 4 H: column n is gate n mod 4 of cell n / 4.
    pub const fn columns(&self) -> usize {
        4 * self.hidden as usize
    }

    /// The first setting that a device of this geometry refuses. (Noise from seed 0 it takes; [`Program::validate`] does
    /// not.)
    pub fn check(&self, geometry: &Geometry) -> Result<(), ProgramError> {
        let Settings { hidden, inputs, classes, tile, dac_bits, adc_bits, gates, .. } = *self;
        let sizes = [
            ("hidden", hidden, 1, geometry.hidden.min(HIDDEN_MAX) as u16),
            ("inputs", inputs.into(), 1, geometry.inputs as u16),
            ("classes", classes.into(), 1, geometry.classes as u16),
            ("dac_bits", dac_bits.into(), 1, BITS_MAX.into()),
            ("adc_bits", adc_bits.into(), 1, BITS_MAX.into()),
        ];
        let of_gate = |gate: GateSettings| {
            [("mantissa", gate.mantissa.into(), 1, u8::MAX.into()), ("shift", gate.shift.into(), 0, SHIFT_MAX.into())]
        };
        let mut limits = sizes.into_iter().chain(gates.into_iter().flat_map(of_gate));
        if let Some((setting, found, least, most)) =
            limits.find(|&(_, found, least, most)| found < least || found > most)
        {
            return Err(ProgramError::Setting { setting, found, least, most });
        }
        if !usize::from(tile).is_multiple_of(geometry.lanes) {
            return Err(ProgramError::Tile { found: tile, lanes: geometry.lanes });
        }
        Ok(())
    }
}

/// A quantised crossbar network as it is loaded into a device of one geometry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The geometry it is made for.
    pub geometry: Geometry,
    /// Sizes, converters, gates.
    pub settings: Settings,
    /// The columns, 4 H x (I + H) codes, row-major: column n = 4 j + gate begins at n (I + H), the inputs' rows first. Codes of rows
    /// that a column does not read ([`Cell::reads`]) count for nothing.
    pub columns: Vec<i8>,
    /// The columns' biases, 4 H, in units of 2^-12.
    pub bias: Vec<i32>,
    /// The readout, V x H codes, row-major.
    pub readout: Vec<i8>,
    /// The classes' biases, V.
    pub readout_bias: Vec<i32>,
}

/// A program that no crossbar device can run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProgramError {
    /// A tensor's length is not that of the settings.
    #[error("tensor {tensor} has {found} numbers, expected {expected}")]
    Length {
        /// The tensor's name.
        tensor: &'static str,
        /// Numbers found.
        found: usize,
        /// Numbers of the settings.
        expected: usize,
    },
    /// A number that the tensor cannot have.
    #[error("tensor {tensor} holds {found} at {index}, expected -{most} to {most}")]
    Number {
        /// The tensor's name.
        tensor: &'static str,
        /// The value's place in the tensor.
        index: usize,
        /// The number.
        found: i32,
        /// The largest magnitude that the tensor's numbers may have.
        most: i32,
    },
    /// A setting out of its range.
    #[error("setting {setting} is {found}, expected {least} to {most}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value that was found.
        found: u16,
        /// The least allowed.
        least: u16,
        /// The most allowed.
        most: u16,
    },
    /// Tiles that do not end between words.
    #[error("tiles have {found} rows, but must have a multiple of the device's {lanes} lanes, or 0 for one tile")]
    Tile {
        /// Rows of a tile.
        found: u8,
        /// The device's lanes.
        lanes: usize,
    },
    /// Noise that never changes.
    #[error("the seed of read noise is 0, which gives every conversion the same noise: choose another seed")]
    Seed,
}

impl Program {
    /// A program of zeros.
    pub fn zeroed(geometry: Geometry, settings: Settings) -> Program {
        let sizes = [settings.hidden, settings.inputs.into(), settings.classes.into()];
        let [hidden, inputs, classes] = sizes.map(usize::from);
        let columns = settings.columns();
        Program {
            geometry,
            settings,
            columns: vec![0; columns * (inputs + hidden)],
            bias: vec![0; columns],
            readout: vec![0; classes * hidden],
            readout_bias: vec![0; classes],
        }
    }

    /// Checks settings, lengths and numbers; a program that passes can be loaded into a device of its geometry.
    pub fn validate(&self) -> Result<(), ProgramError> {
        self.settings.check(&self.geometry)?;
        if self.settings.seed == 0 && self.settings.gates.iter().any(|gate| gate.noise > 0) {
            return Err(ProgramError::Seed);
        }
        let zeroed = Program::zeroed(self.geometry, self.settings);
        let weight = levels(self.geometry.weight_bits);
        check("columns", self.columns.iter().map(|&code| code.into()), zeroed.columns.len(), weight)?;
        check("bias", self.bias.iter().copied(), zeroed.bias.len(), BIAS_MAX)?;
        check("readout", self.readout.iter().map(|&code| code.into()), zeroed.readout.len(), weight)?;
        check("readout_bias", self.readout_bias.iter().copied(), zeroed.readout_bias.len(), BIAS_MAX)
    }

    /// Words of P that the inputs fill: in the row vector h begins behind them, and a step of a column takes
    /// `input_chunks + hidden_chunks` cycles.
    pub const fn input_chunks(&self) -> usize {
        self.geometry.chunks(self.settings.inputs as usize)
    }

    /// Words of P that h fills.
    pub const fn hidden_chunks(&self) -> usize {
        self.geometry.chunks(self.settings.hidden as usize)
    }

    /// Rows of the row vector, padding included.
    pub const fn rows_of_column(&self) -> usize {
        (self.input_chunks() + self.hidden_chunks()) * self.geometry.lanes
    }

    /// Rows of a tile: the setting, or all rows.
    pub const fn tile_rows(&self) -> usize {
        match self.settings.tile {
            0 => self.rows_of_column(),
            rows => rows as usize,
        }
    }

    /// Tiles of a column: conversions each takes.
    pub const fn tiles(&self) -> usize {
        self.rows_of_column().div_ceil(self.tile_rows())
    }

    /// The column of a gate of a cell as it lies on the row vector: padded with zeros behind the inputs and behind h.
    pub fn column(&self, cell: usize, gate: Gate) -> Vec<i8> {
        let inputs = usize::from(self.settings.inputs);
        let rows = inputs + usize::from(self.settings.hidden);
        let column = &self.columns[(4 * cell + gate as usize) * rows..][..rows];
        let mut padded = column[..inputs].to_vec();
        padded.resize(self.input_chunks() * self.geometry.lanes, 0);
        padded.extend(&column[inputs..]);
        padded.resize(self.rows_of_column(), 0);
        padded
    }

    /// The rows, padding included, that the columns of a gate read, whole words of P.
    pub const fn reads(&self, gate: Gate) -> Range<usize> {
        let hidden_row = self.input_chunks() * self.geometry.lanes;
        self.settings.cell.reads(gate as usize, hidden_row, self.rows_of_column())
    }

    /// Words of P that the four columns of a cell read.
    pub const fn words_of_cell(&self) -> usize {
        self.settings.cell.columns_of_words() * (self.input_chunks() + self.hidden_chunks())
    }

    /// The bytes of a region as the device holds them, up to the last that is used, padded to whole rows.
    pub fn image(&self, region: Region) -> Vec<u8> {
        let mut image: Vec<u8> = Vec::new();
        match region {
            Region::Weights => {
                let cells = 0..usize::from(self.settings.hidden);
                let columns =
                    cells.flat_map(|cell| Gate::ALL.into_iter().map(move |gate| (self.column(cell, gate), gate)));
                for (column, gate) in columns {
                    image.extend(column[self.reads(gate)].iter().map(|&code| code as u8));
                }
                for class in self.readout.chunks(self.settings.hidden.max(1).into()) {
                    image.extend(class.iter().map(|&code| code as u8));
                    image.resize(image.len().next_multiple_of(self.geometry.lanes), 0);
                }
                if self.geometry.weight_bits == 4 {
                    image = image.chunks(2).map(|codes| codes[0] & 0xf | codes[1] << 4).collect();
                }
            }
            Region::Biases => {
                image.extend(self.bias.iter().chain(&self.readout_bias).flat_map(|bias| bias.to_le_bytes()));
            }
        }
        image.resize(image.len().next_multiple_of(ROW_BYTES), 0);
        image
    }

    /// The program that a device computes whose memories hold these images, with codes as [`Geometry::held`] keeps them and
    /// biases of 24 bits: the inverse of [`Program::image`]. Bytes of the padding count for nothing. A number that no program may
    /// hold, with which a device may compute anything, becomes the nearest that it may.
    pub fn of_images(geometry: Geometry, settings: Settings, weights: &[u8], biases: &[u8]) -> Program {
        let mut program = Program::zeroed(geometry, settings);
        let (inputs, hidden) = (usize::from(settings.inputs), usize::from(settings.hidden));
        let most = levels(geometry.weight_bits) as i8;
        let held = |place: usize| geometry.weight_at(weights, place).max(-most);
        let hidden_row = program.input_chunks() * geometry.lanes;
        let reads = Gate::ALL.map(|gate| program.reads(gate));
        let mut begin = 0;
        for (column, codes) in program.columns.chunks_exact_mut(inputs + hidden).enumerate() {
            let reads = &reads[column % 4];
            for (row, code) in codes.iter_mut().enumerate() {
                let row = if row < inputs { row } else { hidden_row + row - inputs };
                if reads.contains(&row) {
                    *code = held(begin + row - reads.start);
                }
            }
            begin += reads.len();
        }
        let (readout, class_rows) = (begin, program.hidden_chunks() * geometry.lanes);
        for (class, codes) in program.readout.chunks_exact_mut(hidden).enumerate() {
            codes.iter_mut().enumerate().for_each(|(row, code)| *code = held(readout + class * class_rows + row));
        }
        let held = biases
            .chunks_exact(4)
            .map(|bytes| (i32::from_le_bytes([0, bytes[0], bytes[1], bytes[2]]) >> 8).max(-BIAS_MAX));
        let numbers = program.bias.iter_mut().chain(&mut program.readout_bias);
        numbers.zip(held).for_each(|(number, bias)| *number = bias);
        program
    }

    /// The clock cycles of a step, from the last byte of its frame to the reply: every step takes as many, the hardware
    /// reports the same number. A step with a symbol takes [`SYMBOL_CYCLES`] more.
    pub const fn step_cycles(&self) -> u32 {
        (self.settings.hidden as usize * self.words_of_cell()) as u32 + self.step_overhead()
    }

    /// The cycles of a step but those of the walk over its columns.
    pub const fn step_overhead(&self) -> u32 {
        self.settings.inputs as u32 + STEP_CYCLES + self.settings.cell.step_cycles()
    }

    /// The clock cycles of an answer.
    pub const fn answer_cycles(&self) -> u32 {
        (self.settings.classes as usize * self.hidden_chunks()) as u32 + ANSWER_CYCLES
    }

    /// The hash of the loaded program, [`Load::hash`].
    pub fn hash(&self) -> u32 {
        Load::hash(self)
    }
}

/// Whether a tensor has so many numbers, all in ±`most`.
fn check(
    tensor: &'static str,
    numbers: impl ExactSizeIterator<Item = i32>,
    expected: usize,
    most: i32,
) -> Result<(), ProgramError> {
    if numbers.len() != expected {
        return Err(ProgramError::Length { tensor, found: numbers.len(), expected });
    }
    match numbers.enumerate().find(|&(_, found)| found < -most || found > most) {
        Some((index, found)) => Err(ProgramError::Number { tensor, index, found, most }),
        None => Ok(()),
    }
}

/// Whether every exact sum of any program of this geometry fits the widths of the hardware: a tile's sum 24 bits and a word's
/// sum 22, the product of a sum and a mantissa 33, z 32, a logit 32.
pub fn sums_suffice(geometry: &Geometry) -> bool {
    let rows = (geometry.chunks(geometry.inputs) + geometry.chunks(geometry.hidden)) * geometry.lanes;
    let most = i64::from(levels(geometry.weight_bits)) + 1;
    let word = geometry.lanes as i64 * most * 128;
    let sum = rows as i64 * most * 128;
    let noise = 510 * i64::from(u16::MAX) / 256 + 1;
    let tiles = (rows / geometry.lanes) as i64;
    let z = tiles * 127 * i64::from(u16::MAX) + i64::from(BIAS_MAX) + 1;
    word < 1 << 21 && sum < 1 << 23 && sum * 255 + noise < 1 << 32 && z < 1 << 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossbar::geometry::{PRESETS, TINY, TINY_WIDE};

    fn settings() -> Settings {
        let gate = GateSettings { mantissa: 200, shift: 9, noise: 0x1234, scale: 0xfedc };
        let gates = [1, 2, 3, 4].map(|shift| GateSettings { shift, ..gate });
        Settings {
            cell: Cell::Lstm,
            hidden: 5,
            inputs: 3,
            classes: 2,
            tile: 4,
            dac_bits: 4,
            adc_bits: 3,
            gates,
            seed: 0x8765_4321,
        }
    }

    #[test]
    fn the_sums_of_every_preset_suffice() {
        assert!(PRESETS.iter().all(sums_suffice));
    }

    #[test]
    fn settings_survive_their_bytes() {
        assert_eq!(Settings::from_bytes(&settings().to_bytes()), settings());
        assert_eq!(settings().to_bytes()[..12], [5, 3, 2, 4, 4, 3, 200, 1, 0x34, 0x12, 0xdc, 0xfe]);
        for (hidden, byte) in [(255, 255), (256, 0)] {
            let large = Settings { hidden, ..settings() };
            assert_eq!((large.to_bytes()[0], Settings::from_bytes(&large.to_bytes())), (byte, large));
        }
    }

    #[test]
    fn a_gru_is_a_bit_of_the_settings_and_loads_what_it_reads() {
        let gru = Settings { cell: Cell::Gru, ..settings() };
        assert_eq!((gru.to_bytes()[4], Settings::from_bytes(&gru.to_bytes())), (0x84, gru));
        let mut program = Program::zeroed(TINY, gru);
        let codes = (0..program.columns.len()).map(|place| (place % 15) as i8 - 7);
        program.columns.copy_from_slice(&codes.collect::<Vec<_>>());
        for (column, codes) in program.columns.chunks_exact_mut(8).enumerate() {
            let reads = Cell::Gru.reads(column % 4, 3, 8);
            codes.iter_mut().enumerate().for_each(|(row, code)| *code *= i8::from(reads.contains(&row)));
        }
        program.readout.fill(-3);
        assert_eq!(Gate::ALL.map(|gate| program.reads(gate)), [0..12, 0..12, 0..4, 4..12]);
        assert_eq!((program.words_of_cell(), program.step_cycles()), (9, 3 + 5 * 9 + 40));
        // Nine words a cell and two a class, 4 codes each, two a byte; the second column begins behind three words.
        let weights = program.image(Region::Weights);
        assert_eq!(weights.len(), (5 * 9 + 2 * 2) * 4usize / 2 + 30);
        assert_eq!(TINY.weight_at(&weights, 12), program.columns[8]);
        assert_eq!(TINY.weight_at(&weights, 9 * 4), program.columns[4 * 8]);
        assert_eq!(Program::of_images(TINY, gru, &weights, &program.image(Region::Biases)), program);
    }

    #[test]
    fn what_no_device_can_run_is_refused() {
        let good = Program::zeroed(TINY, settings());
        assert_eq!(good.validate(), Ok(()));
        let refused = |change: &dyn Fn(&mut Program)| {
            let mut bad = good.clone();
            change(&mut bad);
            bad.validate().unwrap_err().to_string()
        };
        assert_eq!(refused(&|bad| bad.columns[7] = 8), "tensor columns holds 8 at 7, expected -7 to 7");
        assert_eq!(refused(&|bad| bad.bias[1] = 1 << 23).split(',').next(), Some("tensor bias holds 8388608 at 1"));
        assert_eq!(refused(&|bad| bad.readout.truncate(9)), "tensor readout has 9 numbers, expected 10");
        assert_eq!(refused(&|bad| bad.settings.hidden = 9), "setting hidden is 9, expected 1 to 8");
        assert_eq!(refused(&|bad| bad.settings.gates[3].shift = 25), "setting shift is 25, expected 0 to 24");
        assert!(refused(&|bad| bad.settings.tile = 6).starts_with("tiles have 6 rows"));
        assert!(refused(&|bad| bad.settings.seed = 0).starts_with("the seed of read noise is 0"));
        // What the byte 0 stands for is too much for a device of fewer cells.
        assert_eq!(refused(&|bad| bad.settings.hidden = 256), "setting hidden is 256, expected 1 to 8");
        let large = Geometry { hidden: 1000, ..TINY };
        let check = |hidden| Settings { hidden, ..settings() }.check(&large).map_err(|error| error.to_string());
        assert_eq!([255, 256].map(check), [Ok(()), Ok(())]);
        for hidden in [0, 257] {
            assert_eq!(check(hidden), Err(format!("setting hidden is {hidden}, expected 1 to 256")));
        }
        let mut wide = Program { geometry: TINY_WIDE, ..good.clone() };
        wide.columns[7] = -127;
        assert_eq!(wide.validate(), Ok(()));
    }

    #[test]
    fn columns_are_padded_to_words_and_cut_into_tiles() {
        let mut program = Program::zeroed(TINY, settings());
        program.columns[8 * 9..][..8].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, -7]);
        assert_eq!(program.column(2, Gate::Forget), [1, 2, 3, 0, 4, 5, 6, 7, -7, 0, 0, 0]);
        assert_eq!((program.rows_of_column(), program.tile_rows(), program.tiles()), (12, 4, 3));
        program.settings.tile = 8;
        assert_eq!(program.tiles(), 2);
        program.settings.tile = 0;
        assert_eq!((program.tile_rows(), program.tiles()), (12, 1));
    }

    #[test]
    fn the_image_has_every_number_in_its_place() {
        let mut program = Program::zeroed(TINY, settings());
        program.columns[8 * 9] = -7;
        program.readout.copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, -1, -2, -3]);
        program.bias[19] = -2;
        program.readout_bias[1] = 0x123456;
        let weights = program.image(Region::Weights);
        assert_eq!((weights.len(), weights[9 * 12 / 2]), (128, 0x09));
        // 1, 2, 3, 4, 5, three of the padding, 6, 7, -1, -2, -3, three of the padding.
        assert_eq!(weights[20 * 12 / 2..], [0x21, 0x43, 0x05, 0, 0x76, 0xef, 0x0d, 0]);
        let biases = program.image(Region::Biases);
        assert_eq!(biases[19 * 4..22 * 4], [0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x56, 0x34, 0x12, 0]);
        assert_eq!((program.rows().len(), biases.len()), (2 + 2, 128));
        assert_eq!(program.rows()[3][..3], [1, 1, 0]);
        assert!(Region::ALL.iter().all(|&region| program.image(region).len() / ROW_BYTES <= TINY.rows(region)));
        assert_eq!(Program::of_images(TINY, settings(), &weights, &biases), program);
        // Numbers that no program may hold become numbers that it may.
        let lowest = Program::of_images(TINY, settings(), &[0x88; 1 << 12], &[0, 0, 0x80, 0].repeat(64));
        assert_eq!(lowest.validate(), Ok(()));
        assert_eq!((lowest.columns[0], lowest.bias[0]), (-7, -BIAS_MAX));
    }

    #[test]
    fn the_hash_sees_every_number() {
        let program = Program::zeroed(TINY, settings());
        let changes: [&dyn Fn(&mut Program); 5] = [
            &|program| program.columns[159] = 1,
            &|program| program.bias[19] = 1,
            &|program| program.readout[9] = 1,
            &|program| program.readout_bias[1] = 1,
            &|program| program.settings.seed += 1,
        ];
        for change in changes {
            let mut other = program.clone();
            change(&mut other);
            assert_ne!(other.hash(), program.hash());
        }
    }
}
