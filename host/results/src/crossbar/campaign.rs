//! The campaign of the crossbar LSTM.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Context;
use engram_crossbar::train::VERSION;
use engram_crossbar::{Model, quantise};
use engram_sequences::Data;
use engram_session::measure::percent;

use super::aggregate::{DatasetResults, Tables, tables};
use super::document::document;
use super::finished::Figures;
use super::prove::{Proof, Prover};
use super::variant::{Table, Variant};
use super::work::{NOISE, PROGRAMMINGS, file, test, under_noise};
use crate::datasets::{self, Dataset, Finished, Models, Run, Score, Shape, Sizes, nats, sizes};
use crate::document::Block;
use crate::files::hash;
use crate::observer::Progress;
use crate::proofs::{Answered, Asking, Proved};
use crate::trained::fit;

/// The LSTM's tables.
pub type Crossbar = datasets::Tables<Variant>;

impl datasets::Variant for Variant {
    const TITLE: &'static str = "Results of the crossbar LSTM";
    const FOLDER: &'static str = "lstm";
    const SECONDS: f64 = 4.0e-11;
    type Row = Table;
    type Measured = Figures;
    type Tables = Tables;
    type Proof = Proof;

    fn rows() -> Vec<Table> {
        Table::ALL.into()
    }

    fn named(name: &str) -> Option<Variant> {
        let all = Table::ALL.into_iter().flat_map(Table::variants);
        all.flat_map(|variant| [variant, variant.model()]).find(|variant| variant.to_string() == name)
    }

    fn key(self, dataset: &Dataset) -> anyhow::Result<String> {
        let [float, quantised] = &dataset.settings;
        let fingerprint = dataset.loaded()?.fingerprint;
        let mut made_of = format!("{VERSION}\n{}\n{fingerprint}\n{float}\n{self}", dataset.name);
        if let Variant::Trained(_) | Variant::UnderNoise(_) = self {
            made_of += &format!("\n{quantised}");
        }
        if let Variant::UnderNoise(_) = self {
            made_of += &format!("\n{NOISE:?}");
        }
        Ok(hash(&made_of))
    }

    /// Forward, and where something is learnt twice as many backward, in all of its epochs; then the test.
    fn work(self, dataset: &Dataset, data: &Data) -> f64 {
        let recipe = if self == Variant::Float { &dataset.recipes.float } else { &dataset.recipes.quantised };
        let Sizes { training, test, step } = sizes(data, recipe);
        let steps = match self {
            Variant::Float | Variant::Trained(_) => 3.0 * training * (recipe.epochs * recipe.restarts) as f64 + test,
            Variant::After(_) => test,
            Variant::UnderNoise(_) => test * (1 + PROGRAMMINGS * (NOISE.len() - 1)) as f64,
        };
        steps * step
    }

    fn kind(self) -> &'static str {
        match self {
            Variant::Float => "float",
            Variant::Trained(_) => "trained",
            Variant::After(_) => "after",
            Variant::UnderNoise(_) => "under-noise",
        }
    }

    fn after(self) -> Option<Variant> {
        Some(Variant::Float)
    }

    /// The networks that a run begins with come before it.
    fn wanted<'a>(shapes: &[Shape<'a>], tables: &[Table], seeds: Option<u64>) -> Vec<(&'a Dataset, Variant, u64)> {
        let (mut wanted, mut seen) = (Vec::new(), HashSet::new());
        for table in Table::ALL.into_iter().filter(|table| tables.contains(table)) {
            for shape in shapes {
                for variant in table.variants_of(shape) {
                    for seed in 1..=seeds.unwrap_or(table.default_seeds(shape.asked)) {
                        // First what it begins with: other runs may be waiting for the same.
                        for variant in [Variant::Float, variant.model(), variant] {
                            if seen.insert((&shape.dataset.name, variant.to_string(), seed)) {
                                wanted.push((shape.dataset, variant, seed));
                            }
                        }
                    }
                }
            }
        }
        wanted
    }

    fn train(self, dataset: &Dataset, seed: u64, models: &Models, progress: Progress) -> anyhow::Result<Arc<Model>> {
        let (made, data) = (self.model(), &dataset.loaded()?.data);
        let start = || {
            let float = Variant::Float.train(dataset, seed, models, &|_| ());
            float.context("the float network that it begins with")
        };
        let make = || match made {
            Variant::Float => fit(data, &dataset.recipes.float, seed, None, progress),
            Variant::Trained(change) | Variant::UnderNoise(change) => {
                fit(data, &change.of(&dataset.recipes.quantised), seed, Some(&*start()?), progress)
            }
            Variant::After(change) => {
                let tiling = change.of(&dataset.recipes.quantised).tiling;
                Ok(quantise(data, &*start()?, change.precisions(), tiling)?)
            }
        };
        // Float models alone are asked for by many.
        models.get(&file(models, dataset, made, seed)?, made == Variant::Float, make)
    }

    fn measure(run: &Run<Variant>, model: &Model, progress: Progress) -> anyhow::Result<Figures> {
        let data = &run.dataset.loaded()?.data;
        let record = model.training.as_ref().context("a trained model without a record")?;
        let (test, noise) = match run.variant {
            Variant::UnderNoise(_) => under_noise(data, model, progress)?,
            _ => (Score::of(test(data, model)?), Vec::new()),
        };
        Ok(Figures {
            test,
            validation_error_percent: percent(record.validation_error.into()),
            validation_nats: nats(record.validation_loss.into()),
            epoch: record.epoch,
            noise,
        })
    }

    fn tables(shape: &Shape, runs: &[&Finished<Figures>]) -> Option<Tables> {
        Some(tables(shape, runs))
    }

    fn document(
        datasets: &[Dataset],
        results: &[DatasetResults],
        mut proofs: Vec<Proof>,
    ) -> anyhow::Result<Vec<Block>> {
        let place = |proof: &Proof| datasets.iter().position(|dataset| dataset.name == proof.dataset);
        proofs.sort_by_cached_key(|proof| (place(proof), proof.variant.clone()));
        document(results, &proofs)
    }

    fn prove(campaign: &Crossbar, asking: Asking<Proof>) -> anyhow::Result<Proved<Proof>> {
        let prover = Prover { asking, models: &campaign.models };
        let Answered { proofs, failed, .. } = prover.run(&campaign.datasets.chosen()?)?;
        Ok(Proved { proved_before: None, not_in_hardware: None, proofs, failed, files: Vec::new() })
    }
}
