//! The common ground of the campaigns of the crossbar network and of memoization: data sets with recipes, and runs of a
//! variant with a data set and a seed.
//!
//! A campaign is a type of variants: it says which runs are wanted, how a model is trained and what is measured of it. Plans,
//! ledgers, finished runs and results are the same for both.

mod asked;
mod dataset;
mod finished;
mod results;
mod shape;
mod tables;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use engram_crossbar::Model;
use engram_sequences::Data;
use engram_session::Failure;
use serde::{Serialize, Serializer};

use crate::campaign::{Finished as _, Key, Plan};
use crate::document::Block;
use crate::estimate::Calibration;
use crate::ledger::{Ledger, Line};
use crate::observer::Progress;
use crate::options::Options;
use crate::proofs::{Asking, Proof, Proved};
use crate::runner;

pub use asked::{Asked, Score, nats};
#[cfg(test)]
pub use dataset::tests;
pub use dataset::{Dataset, chosen};
pub use finished::{Finished, Measured, finish};
pub use results::{Results, missing, results};
pub use shape::{Shape, Sizes, sizes, training};
pub use tables::Tables;

/// The trained models of a campaign.
pub type Models = crate::trained::Models<Model>;

/// A network or a measurement, which is run with a data set, and the campaign that is made of such.
pub trait Variant: Copy + fmt::Display + Sync + 'static {
    /// The name of the campaign.
    const CAMPAIGN: &'static str = Self::Measured::CAMPAIGN;

    /// The title of the document.
    const TITLE: &'static str;

    /// The name of the campaign in the folder of models.
    const FOLDER: &'static str;

    /// The things that are chosen by name: variants, or tables of some.
    type Row: Copy + PartialEq + fmt::Display + Sync;

    /// The figures of a run.
    type Measured: Measured;

    /// The numbers that are made of the runs with a data set.
    type Tables;

    /// The outcome of a network that was put to hardware.
    type Proof: Proof + Line;

    /// All rows.
    fn rows() -> Vec<Self::Row>;

    /// Crosses rows, data sets and the seeds 1 to `seeds`, or as many as there are by default, in the order of the work.
    fn wanted<'a>(shapes: &[Shape<'a>], rows: &[Self::Row], seeds: Option<u64>) -> Vec<(&'a Dataset, Self, u64)>;

    /// The trained model, made where there is none.
    fn train(self, dataset: &Dataset, seed: u64, models: &Models, progress: Progress) -> anyhow::Result<Arc<Model>>;

    /// Measures a trained model.
    fn measure(run: &Run<Self>, model: &Model, progress: Progress) -> anyhow::Result<Self::Measured>;

    /// The numbers of the finished runs with a data set, at least one.
    fn tables(shape: &Shape, runs: &[&Finished<Self::Measured>]) -> Option<Self::Tables>;

    /// The document of the results of some data sets, at least one. `datasets` are all, in their order.
    fn document(
        datasets: &[Dataset],
        results: &[Results<Self::Tables>],
        proofs: Vec<Self::Proof>,
    ) -> anyhow::Result<Vec<Block>>;

    /// Puts finished networks whose models are at hand to hardware.
    fn prove(campaign: &Tables<Self>, asking: Asking<Self::Proof>) -> anyhow::Result<Proved<Self::Proof>>;

    /// The variant of a name.
    fn named(name: &str) -> Option<Self>;

    /// The hash of what decides the outcome of a run, but its seed.
    fn key(self, dataset: &Dataset) -> anyhow::Result<String>;

    /// Multiplications of a run, about, without those of the models that it begins with.
    fn work(self, dataset: &Dataset, data: &Data) -> f64;

    /// The kind of work.
    fn kind(self) -> Kind;

    /// The file of the model.
    fn file(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<PathBuf>;

    /// The models that the training begins with, the first of them first.
    fn starts(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<Vec<Start>>;

    /// Makes the models that the training begins with, where they are missing.
    fn prepare(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<()>;

    /// The variant of the same data set and seed whose model this one begins with.
    fn after(self) -> Option<Self> {
        None
    }
}

/// A kind of work: its name, and the processor seconds of a multiplication, before any run has said better; measured on one core
/// with AVX-512.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind(pub &'static str, pub f64);

/// A model that runs begin with: made by the first of them, where it is missing.
#[derive(Clone, Debug)]
pub struct Start {
    /// The file.
    pub file: PathBuf,
    /// The kind of work that training it is.
    pub kind: Kind,
    /// Multiplications of its training, about.
    pub work: f64,
}

/// A variant with a data set and a seed.
#[derive(Clone, Debug, Serialize)]
pub struct Run<'a, V: Variant> {
    /// The data set.
    #[serde(rename = "set", serialize_with = "name")]
    pub dataset: &'a Dataset,
    /// The variant.
    #[serde(rename = "row", serialize_with = "shown")]
    pub variant: V,
    /// The seed.
    pub seed: u64,
    /// The hash of what decides the outcome.
    #[serde(skip)]
    pub key: String,
    /// Multiplications, about.
    #[serde(skip)]
    pub work: f64,
    /// Processor time in seconds, estimated from what is finished.
    pub estimated_seconds: f64,
}

fn name<S: Serializer>(dataset: &&Dataset, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&dataset.name)
}

fn shown<V: Variant, S: Serializer>(variant: &V, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(variant)
}

/// The key of a run, for people.
pub fn run_name(campaign: &str, dataset: &str, variant: impl fmt::Display, seed: u64) -> String {
    format!("{campaign}/{dataset}/{variant}/seed{seed}")
}

impl<V: Variant> runner::Run for Run<'_, V> {
    fn name(&self) -> String {
        run_name(V::CAMPAIGN, &self.dataset.name, self.variant, self.seed)
    }

    fn estimated_seconds(&self) -> f64 {
        self.estimated_seconds
    }

    fn after(&self) -> Option<String> {
        self.variant.after().map(|after| run_name(V::CAMPAIGN, &self.dataset.name, after, self.seed))
    }
}

impl<'a, V: Variant> Run<'a, V> {
    /// A run of a data set, whose time is not estimated yet.
    pub fn new(dataset: &'a Dataset, variant: V, seed: u64) -> anyhow::Result<Run<'a, V>> {
        let (key, work) = (variant.key(dataset)?, variant.work(dataset, &dataset.loaded()?.data));
        Ok(Run { dataset, variant, seed, key, work, estimated_seconds: 0.0 })
    }
}

/// The plan of wanted runs. Where a model that runs begin with is missing, the time of the first has that of making it.
pub fn plan<'a, V: Variant>(
    wanted: impl IntoIterator<Item = (&'a Dataset, V, u64)>,
    ledger: &Ledger<Finished<V::Measured>>,
    models: &Models,
) -> anyhow::Result<Plan<Run<'a, V>>> {
    let lines: HashMap<String, Finished<V::Measured>> =
        ledger.all().into_iter().map(|line| (line.name(), line)).collect();
    let (mut runs, mut finished) = (Vec::new(), 0);
    // The kind, and the kind with the data set.
    let groups = |Kind(kind, _), dataset: &'a Dataset| [(kind, None), (kind, Some(dataset.name.as_str()))];
    let mut calibration = Calibration::default();
    for (dataset, variant, seed) in wanted {
        let run = Run::new(dataset, variant, seed)?;
        let Some(line) = lines.get(&runner::Run::name(&run)).filter(|line| line.key() == run.key) else {
            runs.push(run);
            continue;
        };
        finished += 1;
        let kind = variant.kind();
        let taken = line.cpu_seconds() - line.start_seconds;
        calibration.add_alike(format!("{}/{variant}", dataset.name), taken);
        calibration.add(groups(kind, dataset), taken, kind.1 * run.work);
    }
    let seconds =
        |name: &str, kind: Kind, dataset, work: f64| calibration.seconds(name, groups(kind, dataset), kind.1 * work);
    let mut made = HashSet::new();
    for run in &mut runs {
        let Run { dataset, variant, seed, .. } = *run;
        run.estimated_seconds = seconds(&format!("{}/{variant}", dataset.name), variant.kind(), dataset, run.work);
        for start in variant.starts(dataset, seed, models)? {
            if !start.file.is_file() && made.insert(start.file) {
                run.estimated_seconds += seconds("", start.kind, dataset, start.work);
            }
        }
        made.insert(variant.file(dataset, seed, models)?);
    }
    Ok(Plan { runs, finished })
}

/// The data sets that have recipes, and those that are wanted.
pub struct Datasets {
    options: Options,
    /// All data sets.
    pub all: Vec<Dataset>,
}

impl Datasets {
    /// The data sets of some options. Whoever only reads lines may have no such recipes.
    pub fn read(options: &Options) -> Result<Datasets, Failure> {
        let recipes = options.recipes.join("crossbar");
        let there = recipes.is_dir() || !options.datasets.is_empty();
        let all = if there { Dataset::read_all(&recipes, options.babi().as_deref())? } else { Vec::new() };
        chosen(&all, &options.datasets)?;
        Ok(Datasets { options: options.clone(), all })
    }

    /// The data sets that are wanted.
    pub fn chosen(&self) -> Result<Vec<&Dataset>, Failure> {
        if self.all.is_empty() {
            Dataset::read_all(&self.options.recipes.join("crossbar"), None)?;
        }
        chosen(&self.all, &self.options.datasets)
    }

    /// The run of a key.
    pub fn run<V: Variant>(&self, key: &Key) -> anyhow::Result<Run<'_, V>> {
        let expected = format!("{}/DATASET/VARIANT/seedN", V::CAMPAIGN);
        let [dataset, variant] = key.parts(&expected)?;
        let dataset = self.all.iter().find(|known| known.name == dataset).ok_or_else(|| key.unknown(&expected))?;
        let variant = V::named(variant).ok_or_else(|| key.unknown(&expected))?;
        Run::new(dataset, variant, key.seed)
    }
}
