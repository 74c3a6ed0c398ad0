//! A trained model of either kind, recognised by its file's contents.

use std::path::Path;

use engram_memnet::{FileError, ModelError};

use crate::failure::Failure;

/// A memory network or a crossbar network.
#[derive(Debug)]
pub enum Model {
    /// Q-MANN.
    Memnet(Box<engram_memnet::Model>),
    /// The crossbar network.
    Crossbar(Box<engram_crossbar::Model>),
}

impl Model {
    /// Reads a memory network's file.
    pub fn load_memnet(path: &Path) -> anyhow::Result<engram_memnet::Model> {
        match Model::load(path)? {
            Model::Memnet(model) => Ok(*model),
            Model::Crossbar(_) => {
                let text = format!("{} is a crossbar model, but a memory network is needed", path.display());
                Err(Failure::Input(text + ": train one with `engram train --task`").into())
            }
        }
    }

    /// Reads a crossbar network's file.
    pub fn load_crossbar(path: &Path) -> anyhow::Result<engram_crossbar::Model> {
        match Model::load(path)? {
            Model::Crossbar(model) => Ok(*model),
            Model::Memnet(_) => {
                let text = format!("{} is a memory network, but a crossbar model is needed", path.display());
                Err(Failure::Input(text + ": train one with `engram train --set`").into())
            }
        }
    }

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
