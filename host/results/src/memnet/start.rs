//! The models of all tasks that trainings of one task start from: each is trained once and kept beside the runs' models.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use engram_babi::DataSet;
use engram_memnet::tasks::TASKS;
use engram_memnet::{Model, Recipe, train};

use super::finished::{Models, start_key};
use super::texts::Texts;
use super::variant::{Size, Variant};
use super::work::save;

/// A model, once it is there.
type Place = Arc<Mutex<Option<Arc<Model>>>>;

/// The models that are trained or read so far, by size, recipe and seed.
#[derive(Default)]
pub struct Starts {
    places: Mutex<HashMap<(String, u64), Place>>,
}

impl Starts {
    /// The model that a variant's training with a seed starts from, where it does. Who asks first trains it; others wait.
    pub fn of(
        &self,
        variant: &Variant,
        seed: u64,
        texts: &Texts,
        models: &Models,
    ) -> anyhow::Result<Option<Arc<Model>>> {
        let Some(recipe) = &variant.start else { return Ok(None) };
        let key = start_key(recipe, variant.size);
        let place =
            self.places.lock().unwrap_or_else(PoisonError::into_inner).entry((key.clone(), seed)).or_default().clone();
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            let path = models.start(variant.size, seed, &key);
            // A torn file is trained again.
            let model = match Model::load(&path) {
                Ok(model) => model,
                Err(_) => {
                    let model = joint(recipe, variant.size, seed, texts)?;
                    save(&model, &path)?;
                    model
                }
            };
            *place = Some(Arc::new(model));
        }
        Ok(place.clone())
    }
}

fn joint(recipe: &Recipe, size: Size, seed: u64, texts: &Texts) -> anyhow::Result<Model> {
    let tasks = (1..=TASKS).map(|task| Ok(texts.read(size, task)?.data)).collect::<anyhow::Result<Vec<DataSet>>>()?;
    train(&tasks, recipe, seed, None, &|_| ()).context("training on all tasks, which the variant starts from")
}
