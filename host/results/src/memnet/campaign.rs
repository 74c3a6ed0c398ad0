//! The campaign of memory networks.

use engram_memnet::tasks::TASKS;
use engram_session::Failure;
use engram_spec::memnet::Addressing;

use super::aggregate::{SizeResults, size_results};
use super::document::{Numbers, document};
use super::export::export;
use super::finished::{Finished, GENERATED};
use super::inside::{Attention, Loaded, Similarities};
use super::models::Models;
use super::plan::{Run, plan};
use super::proofs::{BackendProofs, Proof, by_backend};
use super::prove::{Prover, USUAL};
use super::proved::Proved;
use super::texts::{Origin, Texts};
use super::variant::{Size, Variant};
use super::work::finish;
use crate::campaign::{Campaign, Key, Plan};
use crate::document::Block;
use crate::ledger::Ledger;
use crate::observer::{Observer, Progress};
use crate::options::{Options, Proving};
use crate::proofs::{Answered, Asking};
use crate::report::Mean;

/// The keys that there are.
const KEYS: &str = "memnet/SIZE/VARIANT/qaTASK/seedN";

/// The tables of memory networks.
pub struct Memnet {
    options: Options,
    texts: Texts,
    /// All variants that have recipes.
    variants: Vec<Variant>,
    tasks: Vec<u8>,
    ledger: Ledger<Finished>,
    proofs: Ledger<Proof>,
    similarity: Ledger<Similarities>,
    attention: Ledger<Attention>,
    models: Models,
}

impl Memnet {
    /// The campaign of some options.
    pub fn new(options: &Options, observer: &dyn Observer) -> anyhow::Result<Memnet> {
        let warn = |text: &str| observer.warn(text);
        let mut variants = Vec::new();
        for size in Size::ALL {
            // Recipes of a size that nobody asked for may be missing.
            let wanted = options.sizes.contains(&size);
            if wanted || options.recipes.join("memnet").join(size.name()).is_dir() {
                variants.extend(Variant::read_all(&options.recipes, size)?);
            }
        }
        let texts =
            if options.generated { Texts::default() } else { Texts::new(options.babi(), options.data_10k.clone()) };
        let inside = |name: &str| options.ledger(&format!("inside-{name}"));
        let memnet = Memnet {
            options: options.clone(),
            texts,
            variants,
            tasks: (1..=TASKS).filter(|task| options.tasks.is_empty() || options.tasks.contains(task)).collect(),
            ledger: Ledger::read(&options.ledger(Memnet::NAME), &warn)?,
            proofs: Ledger::read(&options.proofs(Memnet::NAME), &warn)?,
            similarity: Ledger::read(&inside("similarity"), &warn)?,
            attention: Ledger::read(&inside("attention"), &warn)?,
            models: Models::new(options.models_of("")),
        };
        memnet.chosen(&[])?;
        Ok(memnet)
    }

    /// The variants of the chosen sizes by name; where none is named the usual ones, or all where there are none.
    fn chosen(&self, usual: &[&str]) -> Result<Vec<&Variant>, Failure> {
        let of_sizes = || self.variants.iter().filter(|variant| self.options.sizes.contains(&variant.size));
        let known: Vec<&str> = of_sizes().map(|variant| variant.name.as_str()).collect();
        let named = &self.options.variants;
        if let Some(unknown) = named.iter().find(|name| !known.contains(&name.as_str())) {
            let (known, folder) = (known.join(", "), self.options.recipes.display());
            let text = format!("found row '{unknown}', expected one of {known}: a recipe in {folder}");
            return Err(Failure::Usage(text));
        }
        let wanted = |variant: &&Variant| match named.is_empty() {
            true => usual.is_empty() || usual.contains(&variant.name.as_str()),
            false => named.contains(&variant.name),
        };
        Ok(of_sizes().filter(wanted).collect())
    }

    /// The finished runs of the variants of a size. Those on generated text count where there are none on official text.
    fn finished(&self, size: Size) -> Vec<(&Variant, Vec<Finished>)> {
        let mut lines = self.ledger.all();
        lines.retain(|line| line.size == size);
        if lines.iter().any(|line| line.origin != Origin::Generated) {
            lines.retain(|line| line.origin != Origin::Generated);
        }
        lines.sort_by_key(|line| (line.task, line.seed));
        let own = |variant: &Variant| lines.iter().filter(|line| line.variant == variant.name).cloned().collect();
        let variants = self.variants.iter().filter(|variant| variant.size == size);
        variants.map(|variant| (variant, own(variant))).collect()
    }

    /// The results of the sizes of which something is finished.
    fn results(&self) -> Vec<SizeResults> {
        let results = Size::ALL.map(|size| size_results(size, &self.finished(size)));
        results.into_iter().filter(|results| !results.rows.is_empty()).collect()
    }
}

/// The place of a way of addressing.
fn way(name: &str) -> usize {
    Addressing::ALL.iter().position(|way| way.name() == name).unwrap_or(Addressing::ALL.len())
}

impl Campaign for Memnet {
    const NAME: &'static str = "memnet";
    const TITLE: &'static str = "Results";
    type Run<'a> = Run<'a>;
    type Finished = Finished;
    type Proved = Proved;

    fn ledger(&self) -> &Ledger<Finished> {
        &self.ledger
    }

    fn plan(&self) -> anyhow::Result<Plan<Run<'_>>> {
        plan(&self.chosen(&[])?, &self.tasks, self.options.seeds, &self.texts, &self.ledger, &self.models)
    }

    fn run(&self, key: &Key) -> anyhow::Result<Run<'_>> {
        let [size, variant, task] = key.parts(KEYS)?;
        let (size, generated) = size.strip_suffix(GENERATED).map_or((size, false), |size| (size, true));
        let size = Size::ALL.into_iter().find(|known| known.name() == size).ok_or_else(|| key.unknown(KEYS))?;
        let task = task.strip_prefix("qa").and_then(|task| task.parse().ok()).ok_or_else(|| key.unknown(KEYS))?;
        let mut variants = self.variants.iter().filter(|known| known.size == size);
        let variant = variants.find(|known| known.name == variant).ok_or_else(|| key.unknown(KEYS))?;
        let text = self.texts.read(size, task)?;
        if generated != (text.origin == Origin::Generated) {
            let found = if generated { "official text" } else { "no official text" };
            let remedy = if generated { "give --generated" } else { "give --data" };
            return Err(Failure::Usage(format!("found {found} for key '{key}', expected the other; {remedy}")).into());
        }
        Ok(Run::new(variant, &text, key.seed))
    }

    fn key<'a>(run: &'a Run<'_>) -> &'a str {
        &run.key
    }

    fn finish(&self, run: &Run, progress: Progress) -> anyhow::Result<Finished> {
        finish(run, &self.texts, &self.models, progress)
    }

    fn document(&self) -> anyhow::Result<Option<Vec<Block>>> {
        let sizes = self.results();
        if sizes.is_empty() {
            return Ok(None);
        }
        let (mut similarity, mut attention) = (self.similarity.all(), self.attention.all());
        similarity.sort_by_key(|one| (one.task, way(&one.addressing)));
        attention.sort_by_key(|one| one.task);
        let proofs = by_backend(&self.proofs.all());
        document(&Numbers { sizes, similarity, attention, proofs }).map(Some)
    }

    fn prove(&self, proving: &Proving, observer: &dyn Observer) -> anyhow::Result<Proved> {
        let Memnet { options, texts, ledger, proofs, models, .. } = self;
        let asking = Asking { observer, proving, jobs: options.jobs, ledger: proofs };
        let prover = Prover { asking, texts, ledger, models };
        let Answered { before, proofs, failed } = prover.run(&self.chosen(&USUAL)?, &self.tasks)?;
        let proofs = BackendProofs::new(proving.name(), &asked(options, proving), proofs);
        Ok(Proved { proved_before: before, failed, proofs, files: vec![options.proofs(Memnet::NAME)] })
    }

    fn notes(&self) -> Vec<String> {
        let missing = self.options.sizes.iter().filter(|&&size| self.texts.folder(size).is_none());
        let note = |size| {
            format!("no bAbI text of {size} is there; using generated text, results on which are no bAbI scores")
        };
        if self.options.generated { Vec::new() } else { missing.map(note).collect() }
    }

    /// For each task, the models of the largest size are looked into.
    fn look_inside(&self) -> anyhow::Result<()> {
        for size in Size::ALL {
            let finished = self.finished(size);
            for task in 1..=TASKS {
                let look = |way| Loaded::first(&finished, task, way, &self.models);
                let all = Addressing::ALL.into_iter().filter_map(|way| look(Some(way))).collect::<Vec<Loaded>>();
                let Some(first) = look(None) else { continue };
                let text = self.texts.read(size, task)?;
                let larger = |line_task: u8, line_size: Size| line_task == task && line_size > size;
                for loaded in all {
                    let seen = loaded.similarities(&text)?;
                    let same = |old: &Similarities| larger(old.task, old.size) && old.addressing == seen.addressing;
                    if self.similarity.find(same).is_none() {
                        self.similarity.keep(&[seen])?;
                    }
                }
                if let Some(seen) = first.attention(&text)?
                    && self.attention.find(|old| larger(old.task, old.size)).is_none()
                {
                    self.attention.keep(&[seen])?;
                }
            }
        }
        Ok(())
    }

    fn means(&self) -> Vec<Mean> {
        let of_size = |results: SizeResults| {
            let mean = move |variant: super::aggregate::VariantResults| Mean {
                size: results.size.to_string(),
                variant: variant.variant,
                tasks: variant.tasks.len(),
                test_error_percent: variant.mean.map(|mean| mean.mean),
                spread: variant.mean.and_then(|mean| mean.spread),
            };
            results.rows.into_iter().map(mean).collect::<Vec<Mean>>()
        };
        let wanted = |results: &SizeResults| self.options.sizes.contains(&results.size);
        self.results().into_iter().filter(wanted).flat_map(of_size).collect()
    }

    fn export(&self, folder: &std::path::Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
        let runs: Vec<Finished> =
            Size::ALL.into_iter().flat_map(|size| self.finished(size)).flat_map(|one| one.1).collect();
        export(&runs, &self.models, folder)
    }
}

/// The options that the same is asked with, without sizes, rows and folders.
fn asked(options: &Options, proving: &Proving) -> String {
    let tasks: Vec<String> = options.tasks.iter().map(u8::to_string).collect();
    let options_given = [
        ("tasks", (!tasks.is_empty()).then(|| tasks.join(","))),
        ("questions", proving.limit.map(|questions| questions.to_string())),
        ("preset", proving.options.preset.map(|preset| preset.name.to_string())),
        ("prove", Some(proving.backend.to_string())),
    ];
    let said = options_given.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", value?)));
    let generated = if options.generated { " --generated" } else { "" };
    format!("{generated}{}", said.collect::<String>())
}
