//! The choice among the candidates of a recipe's file, and how it is shown.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use engram_babi::DataSet;
use engram_memnet::choose::Tried;
use engram_memnet::{Choice, Fold, Recipe, Recipes, TrainError, choose};
use engram_session::Failure;
use engram_session::memnet::planned::usable;
use serde::Serialize;

use super::{Tasks, Train};
use crate::console::{Console, FAINT, GOOD, percent, styled};

/// The stories from which on the usual recipe has a choice: fewer tell no tying from another.
const STORIES_MIN: usize = 10;

/// The choice, and the errors by which it was made.
#[derive(Debug, Serialize)]
pub struct Candidates {
    /// Training questions that each was tried on, by networks that had not learnt them.
    questions: usize,
    /// Parts of the training text.
    folds: usize,
    /// All that were tried.
    candidates: Vec<Row>,
}

/// A candidate that was tried.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    error_percent: f64,
    cross_entropy: f64,
    chosen: bool,
}

impl From<&Choice> for Candidates {
    fn from(choice: &Choice) -> Candidates {
        let row = |Tried { name, error, loss }: &Tried| Row {
            name: name.clone(),
            error_percent: percent(*error),
            cross_entropy: (loss * 1e4).round() / 1e4,
            chosen: *name == choice.chosen,
        };
        let candidates = choice.candidates.iter().map(row).collect();
        Candidates { questions: choice.questions, folds: choice.folds, candidates }
    }
}

impl fmt::Display for Candidates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: BTreeSet<String> = self.candidates.iter().map(|row| row.error_percent.to_string()).collect();
        let equal = if errors.len() == 1 { ", which are equal" } else { "" };
        writeln!(f, "chosen by the errors on {} training questions that were not learnt{equal}:", self.questions)?;
        for Row { name, error_percent, cross_entropy, chosen } in &self.candidates {
            let line = format!("  {error_percent:>6.1} %, cross-entropy {cross_entropy:.3} nats: {name}");
            match chosen {
                true => writeln!(f, "{}", styled(GOOD, line + " <- chosen"))?,
                false => writeln!(f, "{}", styled(FAINT, line))?,
            }
        }
        Ok(())
    }
}

impl Train {
    /// The choice among the candidates of a recipe; none where it has no candidates.
    pub(super) fn choose_candidate(
        &self,
        recipes: &Recipes,
        data: &[DataSet],
        console: &Console,
    ) -> anyhow::Result<Option<Choice>> {
        let candidates = &recipes.candidates;
        let is_usual = self.recipe.is_none();
        if candidates.is_empty() {
            return Ok(None);
        }
        let are_few = data.iter().any(|task| task.train.len() < STORIES_MIN);
        if is_usual && (are_few || !Fold::all_have_questions(data, recipes.folds)) {
            console.warn(format!(
                "the training text is too small to choose a tying by a part of it: trained with {} tying; --tying adjacent chooses the other",
                recipes.recipe.tying
            ));
            return Ok(None);
        }
        if self.start.is_some() {
            let text = "candidates are tried on training questions that the model of --start may have learnt: leave --start out, \
                        or give a recipe without candidates";
            return Err(Failure::Usage(text.to_string()).into());
        }
        recipes.check_starts().map_err(|error| Failure::Input(error.to_string()))?;
        for candidate in candidates {
            // Those of the usual recipe are no names that anybody has given.
            let named = |error: anyhow::Error| match is_usual {
                true => error,
                false => Failure::Input(format!("candidate '{}': {error}", candidate.name)).into(),
            };
            usable(data, &candidate.recipe, None).map_err(named)?;
        }
        let has_starts = candidates.iter().any(|candidate| candidate.start.is_some());
        let all = if has_starts { self.read(Tasks::All, console)? } else { Vec::new() };
        let start = |recipe: &Recipe, fold: Fold| match fold.start(&all, recipe) {
            Err(TrainError::Diverged(_)) => Ok(None),
            trained => Ok::<_, anyhow::Error>(Some(Arc::new(trained?))),
        };
        let work = console.spinner("choosing a recipe");
        let choice = choose(data, candidates, recipes.folds, &start, &|done, all| {
            work.set_share(done as f64 / all.max(1) as f64);
            work.set_message(format!("choosing a recipe: training {done} of {all} on parts of the text"));
        })?;
        work.finish();
        // Of equal errors the usual recipe takes the tying of which every board holds more sentences.
        let first = &choice.candidates[0];
        let are_equal = choice.candidates.iter().all(|candidate| candidate.error == first.error);
        let chosen = if is_usual && are_equal { first.name.clone() } else { choice.chosen.clone() };
        Ok(Some(Choice { chosen, ..choice }))
    }
}
