//! The campaign of the crossbar LSTM.

use engram_session::Failure;

use super::aggregate::{DatasetResults, dataset_results};
use super::dataset::Dataset;
use super::document::document;
use super::finished::Finished;
use super::plan::{Shape, wanted};
use super::prove::{Proof, Prover};
use super::published::complete;
use super::variant::{Table, Variant};
use super::work::{Models, finish};
use crate::campaign::{Campaign, Key, Plan};
use crate::document::Block;
use crate::ledger::Ledger;
use crate::observer::{Observer, Progress};
use crate::options::{Options, Proving};
use crate::proofs::{Answered, Asking, Proved};
use crate::recurrent::{Datasets, Run, plan};

/// The LSTM's tables.
pub struct Crossbar {
    options: Options,
    datasets: Datasets,
    tables: Vec<Table>,
    ledger: Ledger<Finished>,
    proofs: Ledger<Proof>,
    models: Models,
}

impl Crossbar {
    /// The campaign of some options.
    pub fn new(options: &Options, observer: &dyn Observer) -> anyhow::Result<Crossbar> {
        Ok(Crossbar {
            options: options.clone(),
            datasets: Datasets::read(options)?,
            tables: tables(&options.variants)?,
            ledger: Ledger::read(&options.ledger(Crossbar::NAME), &|text| observer.warn(text))?,
            proofs: Ledger::read(&options.proofs(Crossbar::NAME), &|text| observer.warn(text))?,
            models: Models::new(options.models_of("lstm")),
        })
    }
}

impl Campaign for Crossbar {
    const NAME: &'static str = "crossbar";
    const TITLE: &'static str = "Results of the crossbar LSTM";
    type Run<'a> = Run<'a, Variant>;
    type Finished = Finished;
    type Proved = Proved<Proof>;

    fn ledger(&self) -> &Ledger<Finished> {
        &self.ledger
    }

    fn plan(&self) -> anyhow::Result<Plan<Self::Run<'_>>> {
        let shapes = self.datasets.chosen()?.into_iter().map(Shape::of).collect::<anyhow::Result<Vec<Shape>>>()?;
        plan(wanted(&shapes, &self.tables, self.options.seeds), &self.ledger)
    }

    fn run(&self, key: &Key) -> anyhow::Result<Self::Run<'_>> {
        self.datasets.run(key)
    }

    fn finish(&self, run: &Run<Variant>, progress: Progress) -> anyhow::Result<Finished> {
        finish(run, &self.models, progress)
    }

    fn document(&self) -> anyhow::Result<Option<Vec<Block>>> {
        let lines = self.ledger.all();
        let results = |dataset: &Dataset| complete(dataset_results(dataset, &lines), &dataset.name, &self.options.runs);
        let results: Vec<DatasetResults> = self.datasets.all.iter().filter_map(results).collect();
        let mut proofs = self.proofs.all();
        let place = |proof: &Proof| self.datasets.all.iter().position(|dataset| dataset.name == proof.dataset);
        proofs.sort_by_cached_key(|proof| (place(proof), proof.variant.clone()));
        Ok(if results.is_empty() { None } else { Some(document(&results, &proofs)?) })
    }

    fn prove(&self, proving: &Proving, observer: &dyn Observer) -> anyhow::Result<Proved<Proof>> {
        let asking = Asking { observer, proving, jobs: self.options.jobs, ledger: &self.proofs };
        let prover = Prover { asking, models: &self.models };
        let Answered { proofs, failed, .. } = prover.run(&self.datasets.chosen()?)?;
        Ok(Proved { proofs, failed, files: vec![self.options.proofs(Crossbar::NAME)] })
    }
}

/// The tables by name; all where none is named.
fn tables(names: &[String]) -> Result<Vec<Table>, Failure> {
    let named = |name: &String| {
        let names = Table::ALL.map(|table| table.name()).join(", ");
        let text = format!("found rows '{name}', expected of {names}");
        Table::ALL.into_iter().find(|table| table.name() == name).ok_or(Failure::Usage(text))
    };
    if names.is_empty() { Ok(Table::ALL.into()) } else { names.iter().map(named).collect() }
}
