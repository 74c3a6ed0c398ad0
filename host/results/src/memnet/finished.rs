//! The figures of a finished run, and what decides them.

use std::fmt;

use engram_memnet::train::VERSION;
use engram_memnet::{Choice, Recipe};
use serde::{Deserialize, Serialize};

use super::texts::Origin;
use super::variant::{Size, Variant};
use crate::campaign::{self, is_stale};
use crate::files::hash;
use crate::ledger::Line;

/// A finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The hash of what it was made of: see [`key`].
    pub key: String,
    /// The size of the training text.
    pub size: Size,
    /// The variant.
    pub variant: String,
    /// The bAbI task.
    pub task: u8,
    /// The seed.
    pub seed: u64,
    /// The origin of the text.
    pub origin: Origin,
    /// Test questions.
    pub test_questions: usize,
    /// Errors in percent of the questions.
    pub test_error_percent: f64,
    /// None where all training text was learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_error_percent: Option<f64>,
    pub train_error_percent: f64,
    /// Epochs that the model was trained for.
    pub epoch: usize,
    /// The restart that was chosen, from 0.
    pub restart: usize,
    /// Processor time of training and testing.
    pub cpu_seconds: f64,
    /// The choice of the recipe among the variant's candidates, by cross-validation on the training text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// The seconds of it in which the recipe was chosen and the model of all tasks made that the run starts from, because they were
    /// missing.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub start_seconds: f64,
    /// Multiplications, about, by which the time was estimated.
    pub work: f64,
    /// Energy of a question, in picojoules, the mean over the test questions.
    pub energy: Energy,
}

fn is_nothing(seconds: &f64) -> bool {
    *seconds == 0.0
}

/// Energy in picojoules.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Energy {
    /// The energy of the arithmetic, by the paper's count.
    pub paper: f64,
    /// The energy of the arithmetic, every addition at its width.
    pub arithmetic: f64,
    /// The energy of the memory reads.
    pub memory: f64,
}

/// The hash of what decides the outcome of a run, but its seed: the recipe, the text, and the program's training.
pub fn key(variant: &Variant, task: u8, fingerprint: u64) -> String {
    let Variant { size, settings, .. } = variant;
    hash(&format!("{VERSION}\n{size}\n{task}\n{fingerprint}\n{settings}"))
}

/// The hash of what decides a model of all tasks that trainings start from, but its seed: `texts` is the fingerprint of all texts of
/// the size.
pub fn start_key(recipe: &Recipe, size: Size, texts: u64) -> String {
    hash(&format!("{VERSION}\n{size}\n{texts}\n{recipe:?}"))
}

/// The hash of what decides a variant's network of all tasks, but its seed.
pub fn joint_key(variant: &Variant, texts: u64) -> String {
    hash(&format!("{VERSION}\n{}\n{texts}\n{}", variant.size, variant.settings))
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finished { test_error_percent: test, validation_error_percent: validation, cpu_seconds, .. } = self;
        let validation = validation.map_or_else(String::new, |error| format!(", validation {error:.1} %"));
        let choice = self.choice.as_ref().map_or_else(String::new, |choice| format!(", chosen {}", choice.chosen));
        write!(f, "test error {test:.1} %{validation}{choice}, {cpu_seconds:.1} s")
    }
}

impl Line for Finished {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        run_name(self.size, self.origin == Origin::Generated, &self.variant, self.task, self.seed)
    }

    fn replaces(&self, old: &Finished) -> bool {
        is_stale(self, old)
    }
}

impl campaign::Finished for Finished {
    fn key(&self) -> &str {
        &self.key
    }

    fn cpu_seconds(&self) -> f64 {
        self.cpu_seconds
    }
}

/// The key of a run, for people. Runs on generated text have keys of their own: they take no other's place.
pub fn run_name(size: Size, generated: bool, variant: &str, task: u8, seed: u64) -> String {
    let generated = if generated { GENERATED } else { "" };
    format!("memnet/{size}{generated}/{variant}/qa{task}/seed{seed}")
}

/// The mark of generated text in keys.
pub const GENERATED: &str = "-generated";

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn variant(text: &str) -> Variant {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("memnet/1k")).unwrap();
        std::fs::write(folder.path().join("memnet/1k/qmann.toml"), text).unwrap();
        Variant::read_all(folder.path(), Size::K1).unwrap().remove(0)
    }

    pub fn run(task: u8, seed: u64, test_error_percent: f64) -> Finished {
        Finished {
            key: "k".into(),
            size: Size::K1,
            variant: "qmann".into(),
            task,
            seed,
            origin: Origin::Official,
            test_questions: 1000,
            test_error_percent,
            validation_error_percent: Some(test_error_percent / 2.0),
            train_error_percent: 0.0,
            epoch: 10,
            restart: 0,
            cpu_seconds: 3.0,
            choice: None,
            start_seconds: 0.0,
            work: 6.0,
            energy: Energy { paper: 500.0, arithmetic: 1000.0, memory: 4000.0 },
        }
    }

    #[test]
    fn the_key_follows_recipe_task_and_text() {
        let (one, other) = (variant("epochs = 2"), variant("epochs = 3"));
        let all = [key(&one, 1, 5), key(&other, 1, 5), key(&one, 2, 5), key(&one, 1, 6)];
        assert!((1..4).all(|i| !all[i..].contains(&all[i - 1])), "{all:?}");
        assert_eq!(all[0], key(&variant("# A comment does not count.\nepochs  =  2"), 1, 5));
    }

    #[test]
    fn only_what_was_made_otherwise_is_stale() {
        let other = |key: &str, seed, origin| Finished { key: key.into(), origin, ..run(1, seed, 1.0) };
        let new = run(1, 2, 1.0);
        assert!(new.replaces(&other("older", 1, Origin::Official)));
        assert!(!new.replaces(&other("k", 1, Origin::Official)) && !new.replaces(&run(6, 1, 1.0)));
        assert!(!other("g", 1, Origin::Generated).replaces(&new), "generated text takes no place of official text's");
    }
}
