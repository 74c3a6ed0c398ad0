//! Which backend of the device answers, and how it is opened.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_flow::Board;
use engram_memnet::Model;
use engram_spec::memnet::{Addressing, Datapath, Geometry, Memnet, Weights, geometry};

pub use engram_testbench::{Backend, Opening, open};

use crate::hardware::USUAL_BOARD;

/// The settings that a backend is opened with.
#[derive(Clone, Debug, clap::Args)]
pub struct BackendArguments {
    /// The size of the device [default: ecp5-25f, or ecp5-85f if the model needs it]. A board reports its own size.
    #[arg(long, value_name = "PRESET", value_parser = preset_parser())]
    pub preset: Option<Geometry>,
    /// Bits a second on the serial line.
    #[arg(long, value_name = "RATE", default_value_t = usual_baud())]
    pub baud: u32,
}

impl BackendArguments {
    /// A backend of this size.
    pub fn of(preset: Geometry) -> BackendArguments {
        BackendArguments { preset: Some(preset), baud: usual_baud() }
    }

    /// What a backend is opened with, for a model: without traces and waveforms.
    pub fn opening(&self, model: &Model) -> Opening<Memnet> {
        let (geometry, build) = (self.preset.unwrap_or_else(|| preset_for(model)), model.design.datapath());
        Opening { geometry, build, trace: false, vcd: None, baud: self.baud, cache: cache() }
    }
}

/// A backend that is hardware: every one but the integer model, which the others are held against.
pub fn hardware(text: &str) -> Result<Backend, String> {
    let choice = "choose verilator, cxxrtl, netlist, simulation or the path of a serial port";
    match text.parse() {
        Ok(Backend::Integer) | Err(_) => Err(format!("there is no backend '{text}': {choice}")),
        hardware => hardware,
    }
}

/// What a backend is called in reports: any port is a board.
pub fn reported(backend: &Backend) -> String {
    if matches!(backend, Backend::Port(_)) { "board".to_string() } else { backend.to_string() }
}

/// The rate of the usual board's serial line: a port does not tell its own.
fn usual_baud() -> u32 {
    Board::named(USUAL_BOARD).expect("a board of ours").baud
}

/// The smallest of the usual presets that holds a model's vectors.
pub fn preset_for(model: &Model) -> Geometry {
    let small = geometry::ECP5_25F;
    if model.design.shape.elements <= small.elements { small } else { geometry::ECP5_85F }
}

/// Presets by name.
pub fn preset_parser() -> impl TypedValueParser<Value = Geometry> {
    PossibleValuesParser::new(geometry::PRESETS.map(|preset| preset.name))
        .try_map(|name| Geometry::named(&name).ok_or("no such preset"))
}

/// The datapath of a device that is emitted, built or simulated.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct DatapathArguments {
    /// How the memory is addressed.
    #[arg(long, default_value = "hamming", value_parser = addressing_parser())]
    addressing: Addressing,
    /// What the weights are: codes, or signs, which need no multiplier.
    #[arg(long, default_value = "codes", value_parser = weights_parser())]
    weights: Weights,
}

impl DatapathArguments {
    /// The datapath.
    pub fn datapath(self) -> Datapath {
        Datapath { addressing: self.addressing, weights: self.weights }
    }
}

/// Ways of addressing by name.
pub fn addressing_parser() -> impl TypedValueParser<Value = Addressing> {
    PossibleValuesParser::new(Addressing::ALL.map(Addressing::name)).try_map(|name| name.parse::<Addressing>())
}

/// Kinds of weights by name.
pub fn weights_parser() -> impl TypedValueParser<Value = Weights> {
    PossibleValuesParser::new(Weights::ALL.map(Weights::name)).try_map(|name| name.parse::<Weights>())
}

/// The folder for compiled designs: `ENGRAM_CACHE`, else `engram` among the user's caches.
pub fn cache() -> PathBuf {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = || folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    folder("ENGRAM_CACHE").unwrap_or_else(|| caches().unwrap_or_else(std::env::temp_dir).join("engram"))
}
