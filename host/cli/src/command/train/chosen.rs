//! The choice of a recipe for recordings of one's own, as it is shown.

use std::fmt;

use engram_crossbar::{Candidate, Choice, Open, Precisions, Recipes, choose};
use engram_sequences::{Data, Source, Windowing};
use serde::Serialize;

use super::Train;
use crate::arguments::crossbar::PrecisionArguments;
use crate::console::{Console, FAINT, GOOD, percent, styled};

/// The choice, and the errors by which it was made.
#[derive(Debug, Serialize)]
pub struct Chosen {
    /// Training recordings that each was tried on, by networks that had not learnt them.
    recordings: usize,
    /// All that were tried.
    candidates: Vec<Tried>,
}

/// A way to take recordings that was tried.
#[derive(Debug, Serialize)]
struct Tried {
    /// The steps that become one.
    windowing: Windowing,
    /// The share of the values of a channel that its range holds.
    covered: f64,
    precisions: Precisions,
    error_percent: f64,
    cross_entropy: f64,
    chosen: bool,
}

impl Tried {
    fn of(candidate: &Candidate, chosen: bool) -> Tried {
        let Candidate { windowing, covered, precisions, error, loss } = *candidate;
        Tried {
            windowing,
            covered,
            precisions,
            error_percent: percent(error),
            cross_entropy: (loss * 1e4).round() / 1e4,
            chosen,
        }
    }
}

impl From<&Choice> for Chosen {
    fn from(choice: &Choice) -> Chosen {
        let tried = |(place, candidate)| Tried::of(candidate, place == choice.chosen);
        Chosen { recordings: choice.recordings, candidates: choice.candidates.iter().enumerate().map(tried).collect() }
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "chosen by the error on {} training recordings that were not learnt:", self.recordings)?;
        for tried in &self.candidates {
            let Tried { windowing, covered, precisions, error_percent, cross_entropy, chosen } = tried;
            let Precisions { weights, dac, adc } = precisions;
            let line = format!(
                "  {error_percent:>6.1} %, cross-entropy {cross_entropy:.3} nats: bits {weights}/{dac}/{adc}, \
                 {:.1} % of the values in range, {windowing}",
                100.0 * covered
            );
            if *chosen {
                writeln!(f, "{}", styled(GOOD, line + " <- chosen"))?;
            } else {
                writeln!(f, "{}", styled(FAINT, line))?;
            }
        }
        Ok(())
    }
}

impl Train {
    /// The recipes for recordings of one's own, chosen by the training recordings; `None` where the recipe is given, or where the
    /// model to start from says it.
    pub(super) fn choose(
        &self,
        source: &Source,
        data: &Data,
        recipes: &Recipes,
        console: &Console,
    ) -> anyhow::Result<Option<Choice>> {
        let (Source::Recordings { .. }, Data::Recordings(set)) = (source, data) else { return Ok(None) };
        if self.recipe.is_some() || self.start.is_some() {
            return Ok(None);
        }
        let precisions_given = PrecisionArguments { rows: None, ..self.precisions.clone() };
        let open = Open { bits: precisions_given == PrecisionArguments::default(), epochs: self.epochs.is_none() };
        let work = console.spinner("choosing how to take the recordings");
        let choice = choose(set, recipes, open, self.seed, &|done, all| {
            work.set_share(done as f64 / all.max(1) as f64);
            work.set_message(format!("choosing how to take the recordings: training {done} of {all} on parts of them"));
        })?;
        work.finish();
        Ok(Some(choice))
    }
}
