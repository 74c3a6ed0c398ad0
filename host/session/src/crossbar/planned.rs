//! A crossbar model before it is trained: the devices that will hold it, and the data that there are to learn from.

use engram_crossbar::program::{SOFTWARE, fits};
use engram_crossbar::train::planned;
use engram_crossbar::{Precision, Precisions, ProgrammingError, Recipe};
use engram_sequences::{Data, Questions};
use engram_spec::crossbar::geometry;

use super::measured::nothing;
use crate::failure::Failure;

/// The most symbols of a stream that a device holds: inputs, and classes to answer with.
pub fn symbols_max() -> usize {
    let most = geometry::PRESETS.iter().map(|preset| preset.inputs.min(preset.classes)).max();
    most.unwrap_or(geometry::ECP5_25F.inputs)
}

/// Checks that some command will be able to use a model of these data and this recipe, and that there is something to test it
/// with. Gives a note where no device will hold it.
pub fn usable(data: &Data, recipe: &Recipe) -> anyhow::Result<Option<String>> {
    let test = Questions::test(data, usize::MAX);
    if test.count() == 0 {
        return Err(nothing(&test).into());
    }
    let design = planned(recipe, recipe.windowing.inputs(data.inputs()), data.outputs())?;
    let too_large = |geometry| fits(&design, geometry).err();
    let mut errors = geometry::PRESETS.iter().map(too_large);
    if errors.any(|error| error.is_none()) {
        return Ok(None);
    }
    let why = too_large(&geometry::ECP5_85F).map(|error| reason(&error)).unwrap_or_default();
    let is_device = recipe.precisions.is_device();
    match too_large(&SOFTWARE) {
        Some(error) if is_device => Err(Failure::Input(format!(
            "no command could use the model: {}; choose less, or --precision float, which `engram eval` runs as it was trained",
            reason(&error)
        ))
        .into()),
        Some(_) => Ok(Some(format!("no device holds this model, nor its codes: {why}"))),
        None => Ok(Some(format!("no device holds this model: {why}; the integer model runs it"))),
    }
}

/// The size that does not fit, without the advice for models that are there already.
fn reason(error: &ProgrammingError) -> String {
    match error {
        ProgrammingError::TooLarge { what, found, most, geometry } => {
            format!("it would have {found} {what}, and {geometry} holds {most}")
        }
        error => error.to_string(),
    }
}

/// A note on precisions in which no device computes.
pub fn real_parts(precisions: Precisions) -> Option<String> {
    let some = [precisions.weights, precisions.dac, precisions.adc];
    let is_mixed = some.contains(&Precision::Float) && precisions != Precisions::FLOAT;
    is_mixed.then(|| {
        "no device holds this model: a part of its numbers is float; `engram eval` runs it as it was trained"
            .to_string()
    })
}

#[cfg(test)]
mod tests {
    use engram_sequences::synthetic::Waves;
    use engram_spec::crossbar::Cell;

    use super::*;

    #[test]
    fn what_no_device_holds_is_known_before_training() {
        let waves = |channels| Waves { channels, recordings: 2, ..Waves::default() }.generate().unwrap();
        let data = Data::Recordings(waves(3));
        let codes = Recipe { precisions: Precisions::alike(Precision::Bits(4)), ..Recipe::default() };
        let of = |hidden| usable(&data, &Recipe { hidden, ..codes });
        assert_eq!(of(128).unwrap(), None);
        let note = of(200).unwrap().unwrap();
        assert!(note.contains("200 hidden elements, and ecp5-85f holds 128; the integer model runs it"), "{note}");
        let refused = of(300).unwrap_err().to_string();
        assert!(refused.contains("300 hidden elements, and software holds 256"), "{refused}");
        let float = usable(&data, &Recipe { hidden: 300, ..Recipe::default() }).unwrap().unwrap();
        assert!(float.contains("nor its codes"), "{float}");
        assert_eq!(usable(&data, &Recipe { cell: Cell::Gru, hidden: 8, ..codes }).unwrap(), None);
        let wide = usable(&Data::Recordings(waves(65)), &codes).unwrap_err().to_string();
        assert!(wide.contains("65 inputs, and software holds 64"), "{wide}");
        let mut silent = waves(3);
        silent.test.clear();
        let silent = usable(&Data::Recordings(silent), &codes).unwrap_err().to_string();
        assert!(silent.contains("no recordings to test with"), "{silent}");
        let mixed = Precisions { dac: Precision::Float, ..codes.precisions };
        assert!(real_parts(mixed).is_some() && real_parts(Precisions::FLOAT).is_none());
    }
}
