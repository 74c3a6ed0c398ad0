//! The campaign of fuzzy memoization.

use std::path::PathBuf;

use engram_crossbar::Model;
use engram_session::Failure;

use super::aggregate::{DatasetResults, dataset_results};
use super::document::document;
use super::finished::Finished;
use super::plan::wanted;
use super::proofs::{Proof, sort};
use super::prove::Prover;
use super::proved::ProvedMemo;
use super::published::complete;
use super::variant::Variant;
use super::work::finish;
use crate::campaign::{Campaign, Key, Plan};
use crate::crossbar::dataset::Dataset;
use crate::crossbar::plan::Shape;
use crate::document::Block;
use crate::ledger::Ledger;
use crate::observer::{Observer, Progress};
use crate::options::{Options, Proving};
use crate::proofs::{Answered, Asking, Proved};
use crate::recurrent::{Datasets, Run, Variant as _, plan};
use crate::trained::Models;

/// The networks of the tables of memoization.
pub struct Memo {
    options: Options,
    datasets: Datasets,
    variants: Vec<Variant>,
    ledger: Ledger<Finished>,
    proofs: Ledger<Proof>,
    models: Models<Model>,
    folder: PathBuf,
}

impl Memo {
    /// The campaign of some options.
    pub fn new(options: &Options, observer: &dyn Observer) -> anyhow::Result<Memo> {
        Ok(Memo {
            options: options.clone(),
            datasets: Datasets::read(options)?,
            variants: variants(&options.variants)?,
            ledger: Ledger::read(&options.ledger(Memo::NAME), &|text| observer.warn(text))?,
            proofs: Ledger::read(&options.proofs(Memo::NAME), &|text| observer.warn(text))?,
            models: Models::default(),
            folder: options.models_of(Memo::NAME),
        })
    }
}

impl Campaign for Memo {
    const NAME: &'static str = "memo";
    const TITLE: &'static str = "Results of fuzzy memoization";
    type Run<'a> = Run<'a, Variant>;
    type Finished = Finished;
    type Proved = ProvedMemo;

    fn ledger(&self) -> &Ledger<Finished> {
        &self.ledger
    }

    fn plan(&self) -> anyhow::Result<Plan<Self::Run<'_>>> {
        let shapes = self.datasets.chosen()?.into_iter().map(Shape::of).collect::<anyhow::Result<Vec<Shape>>>()?;
        let wanted = wanted(&shapes, self.options.seeds);
        plan(wanted.into_iter().filter(|(_, variant, _)| self.variants.contains(variant)), &self.ledger)
    }

    fn run(&self, key: &Key) -> anyhow::Result<Self::Run<'_>> {
        self.datasets.run(key)
    }

    fn finish(&self, run: &Run<Variant>, progress: Progress) -> anyhow::Result<Finished> {
        finish(run, &self.folder, &self.models, progress)
    }

    fn document(&self) -> anyhow::Result<Option<Vec<Block>>> {
        let lines = self.ledger.all();
        let results = |dataset: &Dataset| complete(dataset_results(dataset, &lines), &dataset.name, &self.options.runs);
        let results: Vec<DatasetResults> = self.datasets.all.iter().filter_map(results).collect();
        // A proof of thresholds that no run has is none of these.
        let mut proofs = self.proofs.all();
        proofs.retain(|proof| results.iter().any(|dataset| dataset.has(proof)));
        sort(&mut proofs);
        Ok(if results.is_empty() { None } else { Some(document(&results, &proofs)?) })
    }

    fn prove(&self, proving: &Proving, observer: &dyn Observer) -> anyhow::Result<ProvedMemo> {
        let Memo { options, ledger, proofs, folder: models, .. } = self;
        let asking = Asking { observer, proving, jobs: options.jobs, ledger: proofs };
        let prover = Prover { asking, seeds: options.seeds, ledger, models };
        let (asked, elsewhere) = prover.run(&self.datasets.chosen()?, &self.variants)?;
        let Answered { before, proofs, failed } = asked;
        let proved = Proved { proofs, failed, files: vec![options.proofs(Memo::NAME)] };
        Ok(ProvedMemo { proved_before: before, not_in_hardware: elsewhere, proved })
    }
}

/// The networks by name; all where none is named.
fn variants(names: &[String]) -> Result<Vec<Variant>, Failure> {
    let named = |name: &String| {
        let names = Variant::all().iter().map(Variant::to_string).collect::<Vec<String>>().join(", ");
        let text = format!("found rows '{name}', expected of {names}");
        Variant::named(name).ok_or(Failure::Usage(text))
    };
    if names.is_empty() { Ok(Variant::all()) } else { names.iter().map(named).collect() }
}
