//! The options of a backend, and of the device that it is.

use clap::builder::TypedValueParser;
use engram_session::backend::{Backend, BackendOptions, usual_baud};
use engram_spec::memnet::{Addressing, Geometry, Weights, geometry};

use super::by_name;

/// The size of a backend, and the rate of a port.
#[derive(Clone, Debug, clap::Args)]
pub struct BackendArguments {
    /// The size of the device [default: ecp5-25f, or ecp5-85f if the model needs it]. A board reports its own size.
    #[arg(long, value_name = "PRESET", value_parser = preset_parser())]
    pub preset: Option<Geometry>,
    /// Bits a second on the serial line.
    #[arg(long, value_name = "RATE", default_value_t = usual_baud(), value_parser = baud)]
    pub baud: u32,
}

impl BackendArguments {
    /// A backend of this size.
    pub fn of(preset: Geometry) -> BackendArguments {
        BackendArguments { preset: Some(preset), baud: usual_baud() }
    }

    /// The options as a session takes them.
    pub fn options(&self) -> BackendOptions {
        BackendOptions { preset: self.preset, baud: self.baud }
    }
}

/// A rate that serial lines have.
fn baud(text: &str) -> Result<u32, String> {
    let rate = text.parse().ok().filter(|rate| (300..=12_000_000).contains(rate));
    rate.ok_or_else(|| "expected bits a second, 300 to 12000000; a board's own rate is in its board.toml".to_string())
}

/// A backend that is hardware: every one but the integer model, which the others are compared with.
pub fn hardware(text: &str) -> Result<Backend, String> {
    let choice = "choose verilator, cxxrtl, netlist, simulation or the path of a serial port";
    match text.parse() {
        Ok(Backend::Integer) | Err(_) => Err(format!("there is no backend '{text}': {choice}")),
        hardware => hardware,
    }
}

/// Presets by name.
pub fn preset_parser() -> impl TypedValueParser<Value = Geometry> {
    by_name(geometry::PRESETS, |preset| preset.name)
}

/// Ways of addressing by name.
pub fn addressing_parser() -> impl TypedValueParser<Value = Addressing> {
    by_name(Addressing::ALL, |addressing| addressing.name())
}

/// Kinds of weights by name.
pub fn weights_parser() -> impl TypedValueParser<Value = Weights> {
    by_name(Weights::ALL, |weights| weights.name())
}
