//! The options that speak of crossbar networks: what they are trained with, their precisions, noise on a device.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_crossbar::{Analog, Model, Precision, Precisions, Programming, Tiling};
use engram_sequences::Source;
use engram_session::Failure;
use engram_session::crossbar::gates::names;
use engram_session::crossbar::source::Set;
use engram_spec::crossbar::{Cell, Geometry};

use super::source::SourceArguments;
use super::{by_name, from_zero, within};
use crate::console::Console;

/// The data that a crossbar network is trained with.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Crossbar networks")]
pub struct SequenceArguments {
    /// Sequences by name, for a crossbar network; with --generated made-up ones of the same kind. `babi` gives the stories
    /// of --task word by word.
    #[arg(long, value_name = "NAME", value_parser = set_parser(), group = "sequence_data")]
    pub set: Option<Set>,
    /// Recordings of one's own to train with, a .ts, .tsv or .arff file; --test has those for the test.
    #[arg(long, value_name = "TRAIN.ts", requires = "test", conflicts_with_all = ["data", "generated"], group = "sequence_data")]
    pub sequences: Option<PathBuf>,
    /// The test recordings beside --sequences.
    #[arg(long, value_name = "TEST.ts", requires = "sequences")]
    pub test: Option<PathBuf>,
    /// A text of one's own, whose next characters are learnt; its last twentieth is for the test.
    #[arg(long, value_name = "FILE.txt", conflicts_with_all = ["data", "generated"], group = "sequence_data")]
    pub text: Option<PathBuf>,
}

impl SequenceArguments {
    /// Whether any data are named.
    pub fn given(&self) -> bool {
        self.set.is_some() || self.files().next().is_some()
    }

    /// The files that are named.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        [&self.sequences, &self.test, &self.text].into_iter().flatten().cloned()
    }

    /// The source of the sequences; `None` where no option names one.
    pub fn source(&self, stories: &SourceArguments, task: Option<u8>) -> Result<Option<Source>, Failure> {
        let SequenceArguments { set, sequences, test, text } = self;
        let files = sequences.clone().zip(test.clone());
        let files = files.map(|(train, test)| Source::Recordings { train, test });
        match (set, files.or(text.clone().map(Source::Text))) {
            (Some(set), _) => set.source(&stories.stories(), task).map(Some),
            (None, Some(_)) if task.is_some() => {
                Err(Failure::Usage("--task works with --set babi only: remove --task, or the files".to_string()))
            }
            (None, files) => Ok(files),
        }
    }
}

/// The user's own files that a model has its data from, and that commands read again.
pub fn data_files(model: &Model) -> Vec<PathBuf> {
    let source = model.training.as_ref().and_then(|record| record.data());
    source.map_or_else(Vec::new, |source| source.files())
}

/// The precisions of a crossbar network, and its tiles, instead of a recipe's.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Crossbar networks")]
pub struct PrecisionArguments {
    /// Bits of weights and converters alike, 1 to 8, or float [default: the recipe's, 4].
    #[arg(long, value_name = "BITS")]
    pub precision: Option<Precision>,
    /// Bits of the weights, or float.
    #[arg(long, value_name = "BITS")]
    pub weight_bits: Option<Precision>,
    /// Bits of the digital-to-analog converters, or float.
    #[arg(long, value_name = "BITS")]
    pub dac_bits: Option<Precision>,
    /// Bits of the analog-to-digital converters, or float.
    #[arg(long, value_name = "BITS")]
    pub adc_bits: Option<Precision>,
    /// Rows of a crossbar's tile, a multiple of 16; 0 for one tile.
    #[arg(long, value_name = "N", value_parser = within(0, 8192, "the arithmetic has no room for more"))]
    pub rows: Option<usize>,
}

impl PrecisionArguments {
    /// The precisions that are given, instead of the usual ones.
    pub fn precisions(&self, usual: Precisions) -> Precisions {
        let or = |given: Option<Precision>, usual| given.or(self.precision).unwrap_or(usual);
        Precisions {
            weights: or(self.weight_bits, usual.weights),
            dac: or(self.dac_bits, usual.dac),
            adc: or(self.adc_bits, usual.adc),
        }
    }

    /// The rows given, in place of others.
    pub fn tiling(&self, usual: Tiling) -> Tiling {
        Tiling { rows: self.rows.unwrap_or(usual.rows), ..usual }
    }
}

/// Kinds of cells by name.
pub fn cell_parser() -> impl TypedValueParser<Value = Cell> {
    by_name([Cell::Lstm, Cell::Gru], |cell| cell.name())
}

/// Sequences by name.
pub fn set_parser() -> impl TypedValueParser<Value = Set> {
    PossibleValuesParser::new(Set::all().map(Set::name)).try_map(|name| name.parse::<Set>())
}

/// Noise of a device's cells and converters.
#[derive(Clone, Debug, PartialEq, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Crossbar networks")]
pub struct NoiseArguments {
    /// The deviation of programmed weights, as a share of the largest; 8-bit weight memory (ecp5-85f) holds them. Codes of
    /// 8 bits have no room above the largest: there they deviate inwards only.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = from_zero)]
    pub noise_weights: f64,
    /// The deviation of a column's sum where it is read, in steps of the converter.
    #[arg(long, value_name = "STEPS", default_value_t = 0.0, value_parser = from_zero)]
    pub noise_read: f64,
    /// The share of memory cells that are stuck, half of them at 0, half at the largest; as all below, with 8-bit weight memory.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub stuck_cells: f64,
    /// Seconds since the cells were programmed: phase-change memory drifts from 20 s on, and a scale for each gate makes up for
    /// its mean.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = from_zero)]
    pub drift: f64,
    /// The resistance of the wire from cell to cell of a column, over that of a cell at its largest conductance.
    #[arg(long, value_name = "RATIO", default_value_t = 0.0, value_parser = from_zero)]
    pub wire: f64,
    /// The seed of all of them; not 0.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub noise_seed: u32,
}

/// A share: a number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a share, a number from 0 to 1".to_string())
}

/// Points of error: a number from 0 to 100.
pub fn points(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "expected points of error, a number from 0 to 100".to_string())
}

impl NoiseArguments {
    /// No noise.
    pub fn none() -> NoiseArguments {
        NoiseArguments { noise_weights: 0.0, noise_read: 0.0, stuck_cells: 0.0, drift: 0.0, wire: 0.0, noise_seed: 1 }
    }

    /// Whether any of it is drawn, so that another seed gives another result.
    pub fn is_any(&self) -> bool {
        self.noise_read > 0.0 || !Analog { wire: 0.0, ..self.programming().cells }.is_exact()
    }

    /// The same noise drawn from so many seeds, one after the other.
    pub fn draws(&self, count: u32) -> Result<Vec<NoiseArguments>, Failure> {
        let last = self.noise_seed.checked_add(count.max(1) - 1);
        let text = || format!("--noise-seed {} leaves no {count} seeds: choose a smaller one", self.noise_seed);
        let last = last.ok_or_else(|| Failure::Usage(text()))?;
        Ok((self.noise_seed..=last).map(|noise_seed| NoiseArguments { noise_seed, ..self.clone() }).collect())
    }

    /// How a model is programmed.
    pub fn programming(&self) -> Programming {
        let NoiseArguments { noise_weights, noise_read, stuck_cells, drift, wire, noise_seed } = *self;
        let cells = Analog { noise: noise_weights, stuck: stuck_cells, drift, wire, seed: noise_seed.into() };
        Programming { cells, read_noise: noise_read, read_seed: noise_seed }
    }

    /// Tells of converters that the read noise changes beside adding noise.
    pub fn note_coarsened(&self, model: &Model, geometry: Geometry, console: &Console) -> anyhow::Result<()> {
        let changed = model.coarsened(geometry, &self.programming())?;
        if !changed.is_empty() {
            let names = names(model.design.cell);
            let gates: Vec<String> = changed.iter().map(|found| format!("{} {found}", names[found.gate])).collect();
            console.warn(format!(
                "with --noise-read {} the device's settings have fewer bits for the converters, so that the gains change, too: {}",
                self.noise_read,
                gates.join(", ")
            ));
        }
        Ok(())
    }
}
