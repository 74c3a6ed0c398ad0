//! The campaign of a crossbar network: its variants with every data set that has a recipe.

use engram_session::Failure;

use super::{Datasets, Finished, Models, Run, Variant, finish, plan, results};
use crate::campaign::{Campaign, Key, Plan};
use crate::datasets::Shape;
use crate::document::Block;
use crate::ledger::Ledger;
use crate::observer::{Observer, Progress};
use crate::options::{Options, Proving};
use crate::proofs::{Asking, Proved};

/// The tables of a crossbar network.
pub struct Tables<V: Variant> {
    pub options: Options,
    pub datasets: Datasets,
    /// The rows that are wanted.
    pub rows: Vec<V::Row>,
    pub ledger: Ledger<Finished<V::Measured>>,
    pub proofs: Ledger<V::Proof>,
    pub models: Models,
}

impl<V: Variant> Tables<V> {
    /// The campaign of some options.
    pub fn new(options: &Options, observer: &dyn Observer) -> anyhow::Result<Tables<V>> {
        Ok(Tables {
            options: options.clone(),
            datasets: Datasets::read(options)?,
            rows: chosen::<V>(&options.variants)?,
            ledger: Ledger::read(&options.ledger(Self::NAME), &|text| observer.warn(text))?,
            proofs: Ledger::read(&options.proofs(Self::NAME), &|text| observer.warn(text))?,
            models: Models::new(options.models_of(V::FOLDER)),
        })
    }
}

/// The rows by name; all where none is named.
fn chosen<V: Variant>(names: &[String]) -> Result<Vec<V::Row>, Failure> {
    let all = V::rows();
    let named = |name: &String| {
        let names = all.iter().map(V::Row::to_string).collect::<Vec<String>>().join(", ");
        let text = format!("there is no row '{name}': choose of {names}");
        all.iter().copied().find(|row| row.to_string() == *name).ok_or(Failure::Usage(text))
    };
    if names.is_empty() { Ok(all) } else { names.iter().map(named).collect() }
}

impl<V: Variant> Campaign for Tables<V> {
    const NAME: &'static str = V::CAMPAIGN;
    const TITLE: &'static str = V::TITLE;
    type Run<'a> = Run<'a, V>;
    type Finished = Finished<V::Measured>;
    type Proved = Proved<V::Proof>;

    fn ledger(&self) -> &Ledger<Finished<V::Measured>> {
        &self.ledger
    }

    fn plan(&self) -> anyhow::Result<Plan<Self::Run<'_>>> {
        let shapes = self.datasets.chosen()?.into_iter().map(Shape::of).collect::<anyhow::Result<Vec<Shape>>>()?;
        plan(V::wanted(&shapes, &self.rows, self.options.seeds), &self.ledger, &self.models)
    }

    fn run(&self, key: &Key) -> anyhow::Result<Self::Run<'_>> {
        self.datasets.run(key)
    }

    fn key<'a>(run: &'a Run<'_, V>) -> &'a str {
        &run.key
    }

    fn finish(&self, run: &Run<V>, progress: Progress) -> anyhow::Result<Finished<V::Measured>> {
        finish(run, &self.models, progress)
    }

    fn document(&self) -> anyhow::Result<Option<Vec<Block>>> {
        let (lines, datasets) = (self.ledger.all(), &self.datasets.all);
        let finished: Vec<_> = datasets.iter().filter_map(|dataset| results::<V>(dataset, &lines)).collect();
        if finished.is_empty() { Ok(None) } else { V::document(datasets, &finished, self.proofs.all()).map(Some) }
    }

    fn prove(&self, proving: &Proving, observer: &dyn Observer) -> anyhow::Result<Proved<V::Proof>> {
        let asking = Asking { observer, proving, jobs: self.options.jobs, ledger: &self.proofs };
        let proved = V::prove(self, asking)?;
        Ok(Proved { files: vec![self.options.proofs(Self::NAME)], ..proved })
    }
}
