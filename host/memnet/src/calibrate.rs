//! A float model in codes, in formats that are found from the ranges its values have on training questions.

use crate::design::{Design, DesignError, Mode, WORD};
use crate::examples::Examples;
use crate::model::{Model, ModelError, Stored};
use crate::ranges::Ranges;
use crate::tensors::Tensors;

impl Model {
    /// Quantises a float model: formats that hold 99.9 % of the magnitudes on `training` ([`Ranges`]), each number
    /// rounded to them once. m and u of a bounded addressing keep the format whose range R the float model was trained
    /// with, because the similarity is relative to it.
    ///
    /// Training in the mode adapts to what is lost here, so it gives better models; for weights from elsewhere this is the
    /// way to a device. Errors: a model that has codes, and what a device (or, in a truncating mode, the software) cannot
    /// compute.
    pub fn quantised(&self, mode: Mode, graded: bool, training: &Examples) -> Result<Model, ModelError> {
        let Stored::Real(tensors) = &self.weights else {
            return Err(DesignError::Quantised { mode: self.design.mode }.into());
        };
        let design = Design { mode, graded, bits: WORD, ..self.design };
        design.check()?;
        let formats = Ranges::of(&self.design, tensors, training).formats(&design);
        let design = Design { formats, ..design };
        if !mode.is_truncating() {
            design.settings()?;
        }
        let mut grid = Tensors::zeroed(&design.shape);
        design.round(tensors, &mut grid);
        Ok(Model { design, weights: Stored::Codes(design.formats.encode(&grid)), ..self.clone() })
    }
}
