//! The campaign of fuzzy memoization.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use engram_crossbar::Model;
use engram_sequences::Data;
use engram_spec::crossbar::Cell;
use engram_spec::crossbar::memo::Predictor;

use super::aggregate::{DatasetResults, Tables, tables};
use super::document::document;
use super::finished::{Figures, model_key};
use super::proofs::{Proof, sort};
use super::prove::Prover;
use super::scheme::{CURVES, Scheme};
use super::variant::{HIDDEN, Variant};
use super::work::{LOSS, Measured, TEST_STEPS, TUNING_STEPS, is_pictured, model_file};
use crate::datasets::{self, Asked, Dataset, Finished, Kind, Models, Run, Shape, Sizes, Start, sizes, training};
use crate::document::Block;
use crate::files::hash;
use crate::observer::Progress;
use crate::proofs::{Asking, Proved};
use crate::trained::fit;

/// Default seeds of the networks whose goals are checked; all others have one, for they take most of the time.
const SEEDS: u64 = 3;

/// The seeds of a network with a data set, where nothing else is said.
pub fn default_seeds(asked: Asked, variant: Variant) -> u64 {
    let marked = asked == Asked::Classes && variant.hidden == HIDDEN[0];
    if marked { SEEDS } else { 1 }
}

/// Passes over the tuning data, about: thresholds alike, by gate, and the oracle's.
const ATTEMPTS: f64 = 100.0;

/// Passes over the test data: without, three schemes, the curves.
const TESTS: f64 = 20.0;

/// The version of what is measured of a network, raised when that changes.
const fn measuring(cell: Cell) -> u32 {
    match cell {
        Cell::Lstm => 5,
        Cell::Gru => 6,
    }
}

/// Processor seconds of a multiplication, before any run has said better: of a run, and of training in real numbers.
const SECONDS: f64 = 1.0e-10;
const FLOAT_SECONDS: f64 = 1.7e-11;

impl Variant {
    /// The float network that the training begins with, made where there is none.
    fn begin(self, dataset: &Dataset, seed: u64, models: &Models, progress: Progress) -> anyhow::Result<Arc<Model>> {
        let data = &dataset.loaded()?.data;
        let float = self.recipes(dataset, Asked::of(data)).float;
        let file = model_file(models, dataset, &self.float(), seed)?;
        let model = models.get(&file, true, || fit(data, &float, seed, None, progress));
        model.context("the float network that it begins with")
    }
}

/// The networks of the tables of memoization.
pub type Memo = datasets::Tables<Variant>;

impl datasets::Variant for Variant {
    const TITLE: &'static str = "Results of fuzzy memoization";
    const FOLDER: &'static str = "memo";
    type Row = Variant;
    type Measured = Figures;
    type Tables = Tables;
    type Proof = Proof;

    fn rows() -> Vec<Variant> {
        Variant::all()
    }

    fn named(name: &str) -> Option<Variant> {
        Variant::all().into_iter().find(|variant| variant.to_string() == name)
    }

    fn key(self, dataset: &Dataset) -> anyhow::Result<String> {
        let measured = (TUNING_STEPS, TEST_STEPS, LOSS, CURVES, Predictor::default());
        let model = model_key(dataset, &self.to_string())?;
        Ok(hash(&format!("{model}\n{}\n{measured:?}", measuring(self.cell))))
    }

    /// Of training, forward and twice as many backward; of measuring.
    fn work(self, dataset: &Dataset, data: &Data) -> f64 {
        let recipes = self.recipes(dataset, Asked::of(data));
        let Sizes { training: all, test, step } = sizes(data, &recipes.quantised);
        let measured = ATTEMPTS * all.min(TUNING_STEPS as f64) + TESTS * test.min(TEST_STEPS as f64);
        training(data, &recipes.quantised) + measured * step
    }

    fn kind(self) -> Kind {
        Kind(self.cell.name(), SECONDS)
    }

    fn file(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<PathBuf> {
        model_file(models, dataset, &self.to_string(), seed)
    }

    fn starts(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<Vec<Start>> {
        let data = &dataset.loaded()?.data;
        let work = training(data, &self.recipes(dataset, Asked::of(data)).float);
        let file = model_file(models, dataset, &self.float(), seed)?;
        Ok(vec![Start { file, kind: Kind("float", FLOAT_SECONDS), work }])
    }

    fn prepare(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<()> {
        self.begin(dataset, seed, models, &|_| ()).map(drop)
    }

    /// Of each kind of cells first the recordings, whose goals are checked, with one seed after the other.
    fn wanted<'a>(shapes: &[Shape<'a>], rows: &[Variant], seeds: Option<u64>) -> Vec<(&'a Dataset, Variant, u64)> {
        let mut wanted = Vec::new();
        let (recordings, streams): (Vec<&Shape>, Vec<&Shape>) =
            shapes.iter().partition(|shape| shape.asked == Asked::Classes);
        let all: Vec<Variant> = Variant::all().into_iter().filter(|variant| rows.contains(variant)).collect();
        for variants in all.chunk_by(|one, other| (one.cell, one.hidden) == (other.cell, other.hidden)) {
            for shapes in [&recordings, &streams] {
                for seed in 1..=seeds.unwrap_or(SEEDS) {
                    for shape in shapes {
                        let of_seed =
                            |&&variant: &&Variant| seed <= seeds.unwrap_or(default_seeds(shape.asked, variant));
                        wanted.extend(variants.iter().filter(of_seed).map(|&variant| (shape.dataset, variant, seed)));
                    }
                }
            }
        }
        wanted
    }

    fn train(self, dataset: &Dataset, seed: u64, models: &Models, progress: Progress) -> anyhow::Result<Arc<Model>> {
        let data = &dataset.loaded()?.data;
        let quantised = self.recipes(dataset, Asked::of(data)).quantised;
        models.get(&datasets::Variant::file(self, dataset, seed, models)?, false, || {
            fit(data, &quantised, seed, Some(&*self.begin(dataset, seed, models, progress)?), progress)
        })
    }

    fn measure(run: &Run<Variant>, model: &Model, _: Progress) -> anyhow::Result<Figures> {
        let data = &run.dataset.loaded()?.data;
        let measured = Measured::new(model, data)?;
        let (mut schemes, mut picture) = (Vec::new(), Vec::new());
        for scheme in Scheme::ALL {
            let (tested, how) = measured.tested(scheme)?;
            if scheme == Scheme::Paper && is_pictured(Asked::of(data), run.variant, run.seed) {
                picture = measured.picture(how)?;
            }
            schemes.push(tested);
        }
        Ok(Figures {
            tuning_steps: measured.tuning.steps(),
            test_steps: measured.test.steps(),
            test: measured.ask(&measured.test, None)?.score,
            schemes,
            curves: measured.curves()?,
            picture,
        })
    }

    fn tables(shape: &Shape, runs: &[&Finished<Figures>]) -> Option<Tables> {
        tables(shape, runs)
    }

    fn document(_: &[Dataset], results: &[DatasetResults], mut proofs: Vec<Proof>) -> anyhow::Result<Vec<Block>> {
        // A proof of thresholds that no run has is none of these.
        proofs.retain(|proof| results.iter().any(|dataset| dataset.has(proof)));
        sort(&mut proofs);
        document(results, &proofs)
    }

    fn prove(campaign: &Memo, asking: Asking<Proof>) -> anyhow::Result<Proved<Proof>> {
        let Memo { options, ledger, models, .. } = campaign;
        let prover = Prover { asking, seeds: options.seeds, ledger, models };
        prover.run(&campaign.datasets.chosen()?, &campaign.rows)
    }
}
