//! One cell: a model trained, put into codes, or measured under noise.

use std::sync::Arc;

use anyhow::Context;
use engram_crossbar::evaluate::{
    answers, programmed_answers, programmed_recordings, programmed_stream, recordings, stream,
};
use engram_crossbar::{Loss, Model, Programming, quantise};
use engram_sequences::Data;
use engram_session::measure::UsageWho;
use engram_spec::crossbar::Program;
use engram_spec::crossbar::geometry::ECP5_85F;

use super::ledger::{Finished, Ledger, Score, UnderNoise, key};
use super::plan::Cell;
use super::row::Row;
use super::set::Set;
use crate::console::percent;
use crate::results::models::{self, Told, fit};
use engram_session::measure::processor_seconds;

/// The noise that networks are measured under, s_w and s_a; the first is none.
pub const NOISE: [(f64, f64); 30] = grid([0.0, 0.02, 0.05, 0.1, 0.15, 0.2], [0.0, 0.25, 0.5, 1.0, 2.0]);

/// How often a network is programmed, with other noise each time.
pub const PROGRAMMINGS: usize = 3;

/// The most symbols of a stream that are measured under each noise.
pub const NOISE_SYMBOLS: usize = 10_000;

const fn grid(weights: [f64; 6], read: [f64; 5]) -> [(f64, f64); 30] {
    let mut grid = [(0.0, 0.0); 30];
    let mut place = 0;
    while place < grid.len() {
        grid[place] = (weights[place / read.len()], read[place % read.len()]);
        place += 1;
    }
    grid
}

/// The models of a ledger.
pub struct Models<'a> {
    ledger: &'a Ledger,
    shared: models::Models,
}

impl<'a> Models<'a> {
    /// Those of a ledger.
    pub fn new(ledger: &'a Ledger) -> Models<'a> {
        Models { ledger, shared: models::Models::default() }
    }

    /// The model of a row; trained where the ledger has none. Float models alone are asked for by many.
    fn of(&self, set: &Set, row: Row, seed: u64, told: Told) -> anyhow::Result<Arc<Model>> {
        let path = self.ledger.model(set, row, seed);
        self.shared.get(&path, row == Row::Float, || self.make(set, row, seed, told))
    }

    fn make(&self, set: &Set, row: Row, seed: u64, told: Told) -> anyhow::Result<Model> {
        let start = |told: Told| self.of(set, Row::Float, seed, told).context("the float network that it begins with");
        match row {
            Row::Float => fit(&set.data, &set.recipes.float, seed, None, told),
            Row::Trained(change) | Row::UnderNoise(change) => {
                let start = start(&|_| ())?;
                fit(&set.data, &change.of(&set.recipes.quantised), seed, Some(&*start), told)
            }
            Row::After(change) => {
                let tiling = change.of(&set.recipes.quantised).tiling;
                Ok(quantise(&set.data, &*start(&|_| ())?, change.precisions(), tiling)?)
            }
        }
    }
}

/// Does a cell and keeps it. It has to have a thread of its own, whose processor time is the cell's.
pub fn finish(cell: &Cell, ledger: &Ledger, models: &Models, progress: Told) -> anyhow::Result<Finished> {
    let start = processor_seconds(UsageWho::RUSAGE_THREAD);
    let Cell { set, row, seed, .. } = *cell;
    let model = models.of(set, row.model(), seed, progress)?;
    let record = model.training.as_ref().context("a trained model without a record")?;
    let (test, noise) = match row {
        Row::UnderNoise(_) => under_noise(set, &model, progress)?,
        _ => (score(test(set, &model)?), Vec::new()),
    };
    let finished = Finished {
        key: key(set, row),
        set: set.name.clone(),
        row: row.to_string(),
        seed,
        training_targets: record.training_targets,
        test,
        validation_error_percent: percent(record.validation_error.into()),
        validation_nats: rounded(record.validation_loss.into()),
        epoch: record.epoch,
        noise,
        cpu_seconds: processor_seconds(UsageWho::RUSAGE_THREAD) - start,
        work: cell.work,
    };
    ledger.keep(set, row, &finished)?;
    Ok(finished)
}

/// In the arithmetic of its training, which for a device's precisions is the integer model's.
fn test(set: &Set, model: &Model) -> anyhow::Result<Loss> {
    Ok(match &set.data {
        Data::Recordings(data) => recordings(model, &data.test)?,
        Data::Symbols(data) => match answers(model, &data.test)? {
            Some(answers) => answers,
            None => stream(model, &data.test)?,
        },
    })
}

/// The score without noise, and those under noise.
fn under_noise(set: &Set, model: &Model, progress: Told) -> anyhow::Result<(Score, Vec<UnderNoise>)> {
    let mut measured = Vec::with_capacity(NOISE.len());
    for (place, &(weights, read)) in NOISE.iter().enumerate() {
        let programmings = if (weights, read) == (0.0, 0.0) { 1 } else { PROGRAMMINGS };
        let one = |number: usize| -> anyhow::Result<Score> {
            let (weight_seed, read_seed) = (number as u64 + 1, number as u32 + 1);
            let programming = Programming { weight_noise: weights, weight_seed, read_noise: read, read_seed };
            Ok(score(programmed(set, model, &model.program(ECP5_85F, &programming)?)?))
        };
        let scores = (0..programmings).map(one).collect::<anyhow::Result<Vec<Score>>>()?;
        measured.push(UnderNoise { weights, read, scores });
        progress((place + 1) as f64 / NOISE.len() as f64);
    }
    Ok((measured[0].scores[0], measured))
}

/// By the integer model that holds a program.
fn programmed(set: &Set, model: &Model, program: &Program) -> anyhow::Result<Loss> {
    Ok(match &set.data {
        Data::Recordings(data) => programmed_recordings(model, program, &data.test)?,
        Data::Symbols(data) => {
            let symbols = &data.test[..data.test.len().min(NOISE_SYMBOLS)];
            match programmed_answers(model, program, symbols)? {
                Some(answers) => answers,
                None => programmed_stream(model, program, symbols)?,
            }
        }
    })
}

/// A loss as it is kept.
pub fn score(loss: Loss) -> Score {
    Score { targets: loss.targets, error_percent: percent(loss.error()), nats: rounded(loss.mean()) }
}

/// To six decimals.
fn rounded(nats: f64) -> f64 {
    (nats * 1e6).round() / 1e6
}

#[cfg(test)]
pub mod tests {
    use engram_crossbar::{Precision, Precisions, Recipe, Recipes};
    use engram_sequences::synthetic::Waves;

    use super::super::plan::Plan;
    use super::super::row::{Change, Table};
    use super::*;

    /// A small set of made-up recordings.
    pub fn waves() -> Set {
        let float = Recipe { hidden: 8, epochs: 3, ..Recipe::default() };
        let quantised = Recipe { epochs: 2, precisions: Precisions::alike(Precision::Bits(4)), ..float };
        let data = Waves { recordings: 6, ..Waves::default() }.generate().unwrap();
        Set {
            name: "waves".into(),
            description: "Waves.".into(),
            recipes: Recipes { float, quantised },
            settings: ["epochs = 3".into(), "epochs = 2".into()],
            data: Data::Recordings(data),
            fingerprint: 7,
        }
    }

    /// Float, trained, after training and under noise, finished with one seed.
    pub fn trained() -> (tempfile::TempDir, Set, Ledger) {
        let folder = tempfile::tempdir().unwrap();
        let (set, ledger) = (waves(), Ledger::new(&folder.path().join("cells")));
        for row in [
            Row::UnderNoise(Change::FOUR_BITS),
            Row::After(Change::FOUR_BITS),
            Row::Trained(Change::FOUR_BITS),
            Row::Float,
        ] {
            let cell = Cell { set: &set, name: &set.name, row, seed: 1, work: 1.0, estimated_seconds: 1.0 };
            finish(&cell, &ledger, &Models::new(&ledger), &|_| ()).unwrap();
        }
        (folder, set, ledger)
    }

    #[test]
    fn cells_make_what_they_need_and_are_not_done_again() {
        let (_folder, set, ledger) = trained();
        let [float, under] =
            [Row::Float, Row::UnderNoise(Change::FOUR_BITS)].map(|row| ledger.find(&set, row, 1).unwrap());
        let model = Model::load(&ledger.model(&set, Row::Float, 1)).unwrap();
        assert_eq!(score(test(&set, &model).unwrap()), float.test);
        assert_eq!(
            (under.noise.len(), under.noise[0].scores.len(), under.noise[29].scores.len()),
            (NOISE.len(), 1, PROGRAMMINGS)
        );
        let quiet = ledger.find(&set, Row::Trained(Change::FOUR_BITS), 1).unwrap().test;
        assert_eq!(under.test.error_percent, quiet.error_percent, "the integer model answers as the network");
        let sets = [set];
        let plan = Plan::new(&sets, &[Table::FourBits, Table::Noise], Some(1), &ledger);
        assert_eq!(plan.finished.len(), 4);
        // Left: float trained on, training with two kinds of noise, and both under noise.
        assert_eq!(plan.cells.len(), 5);
        let [mut changed] = sets;
        changed.settings[1] = "epochs = 5".into();
        assert_eq!(ledger.find(&changed, Row::Trained(Change::FOUR_BITS), 1), None);
        assert_eq!(ledger.find(&changed, Row::Float, 1), Some(float));
    }
}
