//! Trained models that several runs of a campaign need: who asks first trains one, others wait.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use engram_crossbar::{Model, Recipe, train};
use engram_sequences::Data;

use engram_session::Failure;

use crate::observer::Progress;

/// A model that is kept in a file.
pub trait Saved: Sized {
    /// Reads a file; `None` where it is missing or torn.
    fn load(path: &Path) -> Option<Self>;

    /// Writes a file in a folder that is there.
    fn write(&self, path: &Path) -> anyhow::Result<()>;

    /// Saves the model in a folder that is made where it is missing.
    fn save(&self, path: &Path) -> anyhow::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let made = std::fs::create_dir_all(folder);
        made.map_err(|error| Failure::Input(format!("cannot make {}: {error}", folder.display())))?;
        self.write(path)
    }
}

impl Saved for Model {
    fn load(path: &Path) -> Option<Model> {
        Model::load(path).ok()
    }

    fn write(&self, path: &Path) -> anyhow::Result<()> {
        Ok(Model::save(self, path)?)
    }
}

impl Saved for engram_memnet::Model {
    fn load(path: &Path) -> Option<engram_memnet::Model> {
        engram_memnet::Model::load(path).ok()
    }

    fn write(&self, path: &Path) -> anyhow::Result<()> {
        Ok(engram_memnet::Model::save(self, path)?)
    }
}

/// A model, once it is there.
type Place<M> = Arc<Mutex<Option<Arc<M>>>>;

/// The models of a folder, and those that are trained or read so far.
#[derive(Debug)]
pub struct Models<M> {
    /// The folder.
    pub folder: PathBuf,
    places: Mutex<HashMap<PathBuf, Place<M>>>,
}

impl<M: Saved> Models<M> {
    /// The models of a folder.
    pub fn new(folder: PathBuf) -> Models<M> {
        Models { folder, places: Mutex::default() }
    }

    /// The file of the model of a data set, by the name and the seed of its network, and the hash of what it is made of.
    pub fn file(&self, dataset: &str, name: &str, seed: u64, key: &str) -> PathBuf {
        self.folder.join(dataset).join(name).join(format!("seed{seed}-{key}.safetensors"))
    }

    /// The model of a file; made, and kept there, where the file is missing or torn. Models that many runs ask for stay in
    /// memory.
    pub fn get(&self, path: &Path, many: bool, make: impl FnOnce() -> anyhow::Result<M>) -> anyhow::Result<Arc<M>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.entry(path.to_path_buf()).or_default().clone();
        drop(places);
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = &*place {
            return Ok(model.clone());
        }
        let model = match M::load(path) {
            Some(model) => model,
            None => {
                let model = make()?;
                Saved::save(&model, path)?;
                model
            }
        };
        let model = Arc::new(model);
        if many {
            *place = Some(model.clone());
        }
        Ok(model)
    }
}

/// Trains a model; `progress` follows its epochs.
pub fn fit(
    data: &Data,
    recipe: &Recipe,
    seed: u64,
    start: Option<&Model>,
    progress: Progress,
) -> anyhow::Result<Model> {
    Ok(train(data, recipe, seed, start, &|now| {
        let epochs = now.epoch as f64 / now.epochs.max(1) as f64;
        progress((now.restart as f64 + epochs) / recipe.restarts.max(1) as f64);
    })?)
}
