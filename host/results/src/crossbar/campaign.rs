//! The campaign of the crossbar network.

use std::collections::HashSet;
use std::path::PathBuf;
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
use super::work::{NOISE, NOISE_SYMBOLS, PROGRAMMINGS, file, test, under_noise};
use crate::datasets::{self, Dataset, Finished, Kind, Models, Run, Score, Shape, Sizes, Start, nats, sizes, training};
use crate::document::Block;
use crate::files::hash;
use crate::observer::Progress;
use crate::proofs::{Answered, Asking, Proved};
use crate::trained::fit;

/// The LSTM's tables.
pub type Crossbar = datasets::Tables<Variant>;

impl datasets::Variant for Variant {
    const TITLE: &'static str = "Results of the crossbar network";
    const FOLDER: &'static str = "lstm";
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
        let Sizes { test, step, .. } = sizes(data, recipe);
        let learnt = if let Variant::Float | Variant::Trained(_) = self { training(data, recipe) } else { 0.0 };
        let tested = match self {
            Variant::Float | Variant::Trained(_) => test,
            Variant::After(_) => test,
            Variant::UnderNoise(_) => {
                let test = if let Data::Symbols(_) = data { test.min(NOISE_SYMBOLS as f64) } else { test };
                test * (1 + PROGRAMMINGS * (NOISE.len() - 1)) as f64
            }
        };
        learnt + tested * step
    }

    fn kind(self) -> Kind {
        match self {
            Variant::Float => Kind("float", 1.7e-11),
            Variant::Trained(change) if change.is_float() => Kind("float", 1.7e-11),
            Variant::Trained(change) if change.rows > 0 => Kind("tiles", 4.0e-11),
            Variant::Trained(_) => Kind("trained", 4.2e-11),
            Variant::After(_) => Kind("after", 8.0e-11),
            Variant::UnderNoise(_) => Kind("under-noise", 3.5e-10),
        }
    }

    fn file(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<PathBuf> {
        file(models, dataset, self, seed)
    }

    fn starts(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<Vec<Start>> {
        let made = [Variant::Float, self.model()].into_iter().filter(|start| *start != self);
        let start = |variant: Variant| {
            let work = variant.work(dataset, &dataset.loaded()?.data);
            Ok(Start { file: variant.file(dataset, seed, models)?, kind: variant.kind(), work })
        };
        made.map(start).collect()
    }

    fn prepare(self, dataset: &Dataset, seed: u64, models: &Models) -> anyhow::Result<()> {
        match self {
            Variant::Float => Ok(()),
            Variant::Trained(_) | Variant::After(_) => Variant::Float.train(dataset, seed, models, &|_| ()).map(drop),
            Variant::UnderNoise(_) => self.model().train(dataset, seed, models, &|_| ()).map(drop),
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

#[cfg(test)]
mod tests {
    use super::super::variant::Change;
    use super::*;
    use crate::estimate::Calibration;

    /// Runs that were finished, by kind and data set: their number, their processor seconds together, and their multiplications.
    const FINISHED: [(&str, &str, usize, f64, f64); 25] = [
        ("after", "babi", 5, 0.1, 2.13e9),
        ("after", "basic-motions", 170, 1.0, 5.40e9),
        ("after", "japanese-vowels", 170, 1.1, 1.56e10),
        ("after", "shakespeare", 71, 6.5, 9.54e10),
        ("after", "watch", 170, 12.5, 1.35e11),
        ("float", "babi", 10, 12.5, 8.09e11),
        ("float", "basic-motions", 10, 3.7, 2.43e11),
        ("float", "japanese-vowels", 10, 2.1, 1.34e11),
        ("float", "shakespeare", 10, 109.4, 7.27e12),
        ("float", "watch", 10, 15.0, 8.82e11),
        ("tiles", "babi", 15, 25.9, 6.96e11),
        ("tiles", "basic-motions", 10, 9.7, 2.16e11),
        ("tiles", "japanese-vowels", 10, 3.4, 1.01e11),
        ("tiles", "shakespeare", 15, 275.8, 1.09e13),
        ("tiles", "watch", 10, 19.7, 6.16e11),
        ("trained", "babi", 15, 19.1, 6.96e11),
        ("trained", "basic-motions", 185, 249.8, 3.99e12),
        ("trained", "japanese-vowels", 185, 90.1, 1.86e12),
        ("trained", "shakespeare", 39, 1113.1, 2.84e13),
        ("trained", "watch", 185, 557.5, 1.14e13),
        ("under-noise", "babi", 15, 100.6, 5.61e11),
        ("under-noise", "basic-motions", 15, 17.8, 4.19e10),
        ("under-noise", "japanese-vowels", 15, 38.5, 1.21e11),
        ("under-noise", "shakespeare", 15, 98.6, 3.55e11),
        ("under-noise", "watch", 15, 428.1, 1.05e12),
    ];

    /// The seconds of a multiplication, by the name of the kind.
    fn seconds(kind: &str) -> f64 {
        let tiles = Change { rows: 16, ..Change::FOUR_BITS };
        let four_bits = [Variant::Trained, Variant::After, Variant::UnderNoise].map(|of| of(Change::FOUR_BITS));
        let all = [Variant::Float, Variant::Trained(tiles)].into_iter().chain(four_bits);
        let kinds = all.map(datasets::Variant::kind).find(|known| known.0 == kind);
        kinds.map(|Kind(_, seconds)| seconds).unwrap()
    }

    /// The estimate of all that is not finished, divided by the time that it took.
    fn ratio(is_finished: impl Fn(&str, &str) -> bool) -> f64 {
        let mut calibration = Calibration::default();
        let groups = |kind, dataset| [(kind, None), (kind, Some(dataset))];
        for (kind, dataset, _, taken, work) in FINISHED.into_iter().filter(|run| is_finished(run.0, run.1)) {
            calibration.add(groups(kind, dataset), taken, seconds(kind) * work);
        }
        let rest = FINISHED.into_iter().filter(|run| !is_finished(run.0, run.1));
        let (estimated, taken) =
            rest.fold((0.0, 0.0), |(estimated, taken), (kind, dataset, _, seconds_taken, work)| {
                let estimate = seconds(kind) * work * calibration.factor(groups(kind, dataset));
                (estimated + estimate, taken + seconds_taken)
            });
        estimated / taken
    }

    #[test]
    fn the_rest_takes_between_half_and_twice_the_estimate_whatever_is_finished() {
        let mut found = vec![("nothing".to_string(), ratio(|_, _| false))];
        for (kind, dataset, ..) in FINISHED {
            found.push((format!("{kind} {dataset}"), ratio(|one, other| (one, other) == (kind, dataset))));
            found.push((kind.to_string(), ratio(|one, _| one == kind)));
            found.push((dataset.to_string(), ratio(|_, other| other == dataset)));
        }
        let wrong: Vec<_> = found.iter().filter(|(_, ratio)| !(0.5..=2.0).contains(ratio)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn one_cheap_run_leaves_the_estimate_right() {
        // One network put into codes that made its float network, too: 400 times the modelled time.
        let mut calibration = Calibration::default();
        calibration.add([("after", None), ("after", Some("basic-motions"))], 0.78, 0.002);
        let all: f64 = FINISHED
            .iter()
            .map(|&(kind, dataset, _, _, work)| {
                seconds(kind) * work * calibration.factor([(kind, None), (kind, Some(dataset))])
            })
            .sum();
        let taken: f64 = FINISHED.iter().map(|run| run.3).sum();
        assert!((0.5..=2.0).contains(&(all / taken)), "{}", all / taken);
    }
}
