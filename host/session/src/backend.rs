//! The backends of a device, and how each is opened.

use std::path::PathBuf;

use engram_flow::Board;
use engram_memnet::Model;
use engram_spec::memnet::{Geometry, Memnet, geometry};

pub use engram_testbench::{Backend, Opening, open, stream};

use crate::hardware::USUAL_BOARD;

/// The size of a backend, and the rate of a port.
#[derive(Clone, Copy, Debug)]
pub struct BackendOptions {
    /// The size of the device; where nothing is said ecp5-25f, and ecp5-85f for models that need it. A board says its own.
    pub preset: Option<Geometry>,
    /// Bits a second on the serial line.
    pub baud: u32,
}

impl BackendOptions {
    /// A backend of this size.
    pub fn of(preset: Geometry) -> BackendOptions {
        BackendOptions { preset: Some(preset), baud: usual_baud() }
    }

    /// The opening of a backend for a model, without traces and waveforms.
    pub fn opening(&self, model: &Model) -> Opening<Memnet> {
        let (geometry, build) = (self.preset.unwrap_or_else(|| preset_for(model)), model.design.datapath());
        Opening { geometry, build, trace: false, vcd: None, baud: self.baud, cache: cache() }
    }
}

/// The name of a backend in reports: any port is a board.
pub fn reported(backend: &Backend) -> String {
    if matches!(backend, Backend::Port(_)) { "board".to_string() } else { backend.to_string() }
}

/// The rate of the usual board's serial line: a port does not have its own.
pub fn usual_baud() -> u32 {
    Board::named(USUAL_BOARD).expect("a board of ours").baud
}

/// The smallest of the usual presets that holds a model's vectors.
pub fn preset_for(model: &Model) -> Geometry {
    let small = geometry::ECP5_25F;
    if model.design.shape.elements <= small.elements { small } else { geometry::ECP5_85F }
}

/// The folder for compiled designs: `ENGRAM_CACHE`, else `engram` among the user's caches.
pub fn cache() -> PathBuf {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = || folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    folder("ENGRAM_CACHE").unwrap_or_else(|| caches().unwrap_or_else(std::env::temp_dir).join("engram"))
}
