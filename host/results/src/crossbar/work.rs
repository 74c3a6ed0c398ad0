//! The measurement of a model: tested, or tested under noise.

use std::path::PathBuf;

use engram_crossbar::evaluate::{
    answers, programmed_answers, programmed_recordings, programmed_stream, recordings, stream,
};
use engram_crossbar::{Analog, Loss, Model, Programming};
use engram_sequences::Data;
use engram_spec::crossbar::Program;
use engram_spec::crossbar::geometry::ECP5_85F;

use super::finished::UnderNoise;
use super::variant::Variant;
use crate::datasets::{Dataset, Models, Score, Variant as _};
use crate::observer::Progress;

/// The noise that networks are measured under, s_w and s_a; the first is none.
pub const NOISE: [(f64, f64); 30] = grid([0.0, 0.02, 0.05, 0.1, 0.15, 0.2], [0.0, 0.25, 0.5, 1.0, 2.0]);

/// Programmings of a network, with other noise each time.
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

/// The file of a variant's model.
pub fn file(models: &Models, dataset: &Dataset, variant: Variant, seed: u64) -> anyhow::Result<PathBuf> {
    let made = variant.model();
    Ok(models.file(&dataset.name, &made.to_string(), seed, &made.key(dataset)?))
}

/// In the arithmetic of its training, which for a device's precisions is the integer model's.
pub fn test(data: &Data, model: &Model) -> anyhow::Result<Loss> {
    Ok(match data {
        Data::Recordings(data) => recordings(model, &data.test)?,
        Data::Symbols(data) => match answers(model, &data.test)? {
            Some(answers) => answers,
            None => stream(model, &data.test)?,
        },
    })
}

/// The score without noise, and those under noise.
pub fn under_noise(data: &Data, model: &Model, progress: Progress) -> anyhow::Result<(Score, Vec<UnderNoise>)> {
    let mut measured = Vec::with_capacity(NOISE.len());
    for (place, &(weights, read)) in NOISE.iter().enumerate() {
        let programmings = if (weights, read) == (0.0, 0.0) { 1 } else { PROGRAMMINGS };
        let one = |number: usize| -> anyhow::Result<Score> {
            let (cells, read_seed) =
                (Analog { noise: weights, seed: number as u64 + 1, ..Analog::default() }, number as u32 + 1);
            let programming = Programming { cells, read_noise: read, read_seed };
            Ok(Score::of(programmed(data, model, &model.program(ECP5_85F, &programming)?)?))
        };
        let scores = (0..programmings).map(one).collect::<anyhow::Result<Vec<Score>>>()?;
        measured.push(UnderNoise { weights, read, scores });
        progress((place + 1) as f64 / NOISE.len() as f64);
    }
    Ok((measured[0].scores[0], measured))
}

/// By the integer model that holds a program.
fn programmed(data: &Data, model: &Model, program: &Program) -> anyhow::Result<Loss> {
    Ok(match data {
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

#[cfg(test)]
pub mod tests {
    use super::super::finished::Figures;
    use super::super::variant::{Change, Table};
    use super::*;
    use crate::datasets::tests::waves;
    use crate::datasets::{Finished, Run, Shape, finish, plan};
    use crate::ledger::Ledger;

    /// Float, trained, after training and under noise, finished with one seed.
    pub fn trained() -> (tempfile::TempDir, Dataset, Ledger<Finished<Figures>>) {
        let folder = tempfile::tempdir().unwrap();
        let dataset = waves();
        let ledger = Ledger::read(&folder.path().join("crossbar.jsonl"), &|text| panic!("{text}")).unwrap();
        let models = Models::new(folder.path().join("models"));
        for variant in [
            Variant::UnderNoise(Change::FOUR_BITS),
            Variant::After(Change::FOUR_BITS),
            Variant::Trained(Change::FOUR_BITS),
            Variant::Float,
        ] {
            let run = Run::new(&dataset, variant, 1).unwrap();
            ledger.keep(&[finish(&run, &models, &|_| ()).unwrap()]).unwrap();
        }
        (folder, dataset, ledger)
    }

    #[test]
    fn runs_make_what_they_need_and_are_not_done_again() {
        let (folder, dataset, ledger) = trained();
        let find = |dataset: &Dataset, variant: Variant| {
            let key = variant.key(dataset).unwrap();
            ledger.find(|line| line.key == key)
        };
        let [float, under] =
            [Variant::Float, Variant::UnderNoise(Change::FOUR_BITS)].map(|variant| find(&dataset, variant).unwrap());
        let models = Models::new(folder.path().join("models"));
        let model = Model::load(&file(&models, &dataset, Variant::Float, 1).unwrap()).unwrap();
        assert_eq!(Score::of(test(&dataset.loaded().unwrap().data, &model).unwrap()), float.measured.test);
        let noise = &under.measured.noise;
        assert_eq!((noise.len(), noise[0].scores.len(), noise[29].scores.len()), (NOISE.len(), 1, PROGRAMMINGS));
        let quiet = find(&dataset, Variant::Trained(Change::FOUR_BITS)).unwrap().measured.test;
        assert_eq!(under.measured.test.error_percent, quiet.error_percent, "the integer model answers as the network");
        let shape = Shape::of(&dataset).unwrap();
        let planned =
            plan(Variant::wanted(&[shape], &[Table::FourBits, Table::Noise], Some(1)), &ledger, &models).unwrap();
        // Left: float trained on, training with two kinds of noise, and both under noise.
        assert_eq!((planned.finished, planned.runs.len()), (4, 5));
        let mut changed = waves();
        changed.settings[1] = "epochs = 5".into();
        assert_eq!(find(&changed, Variant::Trained(Change::FOUR_BITS)), None);
        assert_eq!(find(&changed, Variant::Float), Some(float));
    }

    #[test]
    fn the_first_run_of_a_missing_start_has_its_time() {
        let (folder, dataset, ledger) = trained();
        let shape = Shape::of(&dataset).unwrap();
        let seconds = |folder: &str, of: &tempfile::TempDir| -> Vec<f64> {
            let wanted = Variant::wanted(&[shape], &[Table::FourBits], Some(1));
            let planned = plan(wanted, &ledger, &Models::new(of.path().join(folder))).unwrap();
            planned.runs.iter().map(|run| run.estimated_seconds).collect()
        };
        let (there, missing) = (seconds("models", &folder), seconds("none", &folder));
        // Left: float trained on, and training with noise; both begin with the float network.
        assert_eq!((there.len(), missing.len()), (2, 2));
        assert!(missing[0] > 1.2 * there[0] && missing[1] == there[1], "{missing:?} {there:?}");
        // The first of all runs was under noise, and made what it begins with.
        let of = |variant: &str| ledger.find(|line| line.variant.starts_with(variant)).unwrap();
        let under = of("under-noise");
        assert!(under.start_seconds > 0.0 && under.start_seconds < under.cpu_seconds, "{under:?}");
        assert_eq!((of("float").start_seconds, of("trained").start_seconds), (0.0, 0.0));
    }

    #[test]
    fn a_changed_recipe_takes_the_place_of_its_runs() {
        let (folder, _, ledger) = trained();
        let mut changed = waves();
        changed.settings[1] = "epochs = 5".into();
        let run = Run::new(&changed, Variant::Trained(Change::FOUR_BITS), 2).unwrap();
        ledger.keep(&[finish(&run, &Models::new(folder.path().join("models")), &|_| ()).unwrap()]).unwrap();
        let seeds: Vec<u64> =
            ledger.all().iter().filter(|line| line.variant == "trained-w4-c4").map(|line| line.seed).collect();
        assert_eq!(seeds, [2], "the seeds of the recipe before are no part of a mean with it");
    }
}
