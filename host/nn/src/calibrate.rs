//! A float model in codes, in formats that are found from the ranges its values have on training questions.

use engram_spec::{Addressing, Weights};

use crate::design::{Design, DesignError, Mode, WORD};
use crate::examples::Examples;
use crate::model::{Model, ModelError, Stored};
use crate::quantise::Formats;
use crate::ranges::Ranges;
use crate::tensors::Tensors;

impl Model {
    /// This float model in codes of a quantised mode: formats that hold 99.9 % of the magnitudes on `training`
    /// ([`Ranges`]), each number rounded to them once. m and u of a bounded addressing keep the format whose range R the
    /// float model was trained with, because the similarity is relative to it.
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
        let found = Ranges::of(&self.design, tensors, training).formats(design.addressing, mode.weights());
        let formats = match design.addressing {
            Addressing::Dot => found,
            Addressing::Hamming | Addressing::Xnor => {
                let compared = self.design.formats.memory_a;
                Formats { memory_a: compared, controller: compared, ..found }
            }
        };
        let design = Design { formats, ..design };
        if !mode.is_truncating() {
            design.settings()?;
        }
        Ok(Model { design, weights: Stored::Codes(codes(&design, tensors)), ..self.clone() })
    }
}

/// The codes of real tensors: 1 or -1 where weights are signs.
fn codes(design: &Design, tensors: &Tensors<f32>) -> Tensors<i8> {
    let mut codes = design.formats.encode(tensors);
    if design.mode.weights() == Weights::Signs {
        for (codes, numbers) in [
            (&mut codes.a, &tensors.a),
            (&mut codes.b, &tensors.b),
            (&mut codes.c, &tensors.c),
            (&mut codes.h, &tensors.h),
        ] {
            codes.iter_mut().zip(numbers).for_each(|(code, &number)| *code = if number < 0.0 { -1 } else { 1 });
        }
    }
    codes
}
