//! Fuzzy memoization on a backend: whether columns are remembered, and by a predictor of which size.

use engram_crossbar::{Memoization, Model, Programming};
use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use super::paired::{Paired, geometry_for};
use crate::backend::{Backend, BackendOptions};
use crate::failure::Failure;
use crate::hardware::Organisation;
use crate::progress::Work;

/// The memoization that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Remember {
    /// Whether columns are remembered; where nothing is said, they are where the model has thresholds.
    pub memo: Option<bool>,
    /// Rows whose signs the predictor compares in a cycle.
    pub predictor_width: Option<u32>,
    /// The order of predictor and lanes.
    pub organisation: Option<Organisation>,
}

/// The error of a model that no column can be remembered with.
pub fn no_thresholds() -> Failure {
    Failure::Usage("the model has no thresholds for memoization: find them with `engram memoize`".to_string())
}

impl Remember {
    /// The predictor of a device of this size.
    pub fn predictor(&self, geometry: &Geometry) -> Predictor {
        let usual = Predictor::of(geometry);
        let predictor = Predictor { width: self.predictor_width.unwrap_or(usual.width), ..usual };
        self.organisation.unwrap_or_default().of(predictor)
    }

    /// Opens a backend with a model, which shows on `work`. It remembers columns where the model has thresholds and nothing says otherwise.
    pub fn open(
        &self,
        model: &Model,
        backend: &Backend,
        options: &BackendOptions,
        programming: &Programming,
        work: &Work,
    ) -> anyhow::Result<Paired> {
        let memo = self.memoization(model, &geometry_for(model, options.preset, programming)?)?;
        let device = Paired::remembering(model, backend, options, programming, memo, work)?;
        device.predictor().iter().try_for_each(|found| self.allow(found))?;
        Ok(device)
    }

    /// Refuses a board's predictor that is not the one asked for.
    fn allow(&self, found: &Predictor) -> Result<(), Failure> {
        let board = (found.width, Organisation::found(found));
        let asked = (self.predictor_width.unwrap_or(board.0), self.organisation.unwrap_or(board.1));
        if asked == board {
            return Ok(());
        }
        let text = format!(
            "the board's predictor is not --predictor-width {} and --organisation {}, but {} wide and {}: remove the options, or \
             build a board with them",
            asked.0, asked.1, board.0, board.1
        );
        Err(Failure::Usage(text))
    }

    /// The memoization of a model on a device of this size; `None` where it has no thresholds or is to compute every column.
    pub fn memoization(&self, model: &Model, geometry: &Geometry) -> Result<Option<Memoization>, Failure> {
        let settings = model.memoization.filter(|_| self.memo != Some(false));
        let asked = self.memo == Some(true) || self.predictor_width.is_some() || self.organisation.is_some();
        if model.memoization.is_none() && asked {
            return Err(no_thresholds());
        }
        Ok(settings.map(|settings| Memoization { settings, predictor: self.predictor(geometry), oracle: false }))
    }
}
