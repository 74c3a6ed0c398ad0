//! A trained model of either kind, recognised by its file's contents.

use std::path::Path;

use engram_memnet::{FileError, ModelError};

/// A memory network or a crossbar network.
#[derive(Debug)]
pub enum Model {
    /// Q-MANN.
    Memnet(Box<engram_memnet::Model>),
    /// The crossbar LSTM.
    Crossbar(Box<engram_crossbar::Model>),
}

impl Model {
    /// Reads a model's file, of whichever kind it is.
    pub fn load(path: &Path) -> anyhow::Result<Model> {
        let foreign = match engram_memnet::Model::load(path) {
            Err(foreign @ ModelError::File(FileError::Foreign { key: "engram", .. })) => foreign,
            model => return Ok(Model::Memnet(Box::new(model?))),
        };
        match engram_crossbar::Model::load(path) {
            Err(FileError::Foreign { key: "engram-recurrent", .. }) => Err(foreign.into()),
            model => Ok(Model::Crossbar(Box::new(model?))),
        }
    }
}
