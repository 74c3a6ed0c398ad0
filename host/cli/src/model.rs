//! A trained model of either kind, told apart by what its file holds.

use std::path::Path;

use engram_nn::ModelError;
use engram_recurrent::FileError;

use crate::failure::Failure;

/// A memory network or a recurrent one.
#[derive(Debug)]
pub enum Model {
    /// Q-MANN.
    Memory(Box<engram_nn::Model>),
    /// The crossbar LSTM.
    Recurrent(Box<engram_recurrent::Model>),
}

impl Model {
    /// Reads a model's file, of whichever kind it is.
    pub fn load(path: &Path) -> anyhow::Result<Model> {
        let foreign = match engram_nn::Model::load(path) {
            Err(foreign @ ModelError::Foreign { key: "engram", .. }) => foreign,
            model => return Ok(Model::Memory(Box::new(model?))),
        };
        match engram_recurrent::Model::load(path) {
            Err(FileError::Foreign { key: "engram-recurrent", .. }) => Err(foreign.into()),
            model => Ok(Model::Recurrent(Box::new(model?))),
        }
    }
}

/// Refuses options that say nothing to models of one kind: those of `given` that are there.
pub fn refuse(options: &[(&str, bool)], of: &str, found: &str) -> Result<(), Failure> {
    let given: Vec<&str> = options.iter().filter(|(_, given)| *given).map(|&(name, _)| name).collect();
    match given.as_slice() {
        [] => Ok(()),
        given => Err(Failure::Usage(format!("{} of {of}, and the model is {found}; leave it out", given.join(", ")))),
    }
}
