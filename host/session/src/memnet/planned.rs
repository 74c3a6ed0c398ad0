//! A memory network before it is trained: the devices that will hold it.

use std::path::Path;

use engram_babi::DataSet;
use engram_memnet::model::fits;
use engram_memnet::train::planned;
use engram_memnet::{Design, Model, ModelError, Recipe};
use engram_spec::memnet::geometry;

use crate::failure::Failure;

/// Checks that some command will be able to use a model of these data and this recipe. Gives a note where no device will
/// hold it.
pub fn usable(data: &[DataSet], recipe: &Recipe, start: Option<&Model>) -> anyhow::Result<Option<String>> {
    let design = planned(data, recipe, start)?;
    let Some(error) = too_large(&design) else { return Ok(other_arithmetic(&design)) };
    let why = reason(&error, data);
    // Slots can be cut after training, and the software evaluates any number of hops.
    let is_of_use = matches!(&error, ModelError::TooLarge { what: "slots" | "hops", .. });
    if design.is_device() && !is_of_use {
        return Err(Failure::Input(format!("no command could use the model: {why}")).into());
    }
    Ok(Some(format!("no device could hold this model, nor its codes: {why}")))
}

/// A note on a model that no device holds; `None` where one does.
pub fn unheld(design: &Design) -> Option<String> {
    too_large(design).map(|error| format!("no device holds this model: {error}"))
}

/// A note on a model that was trained to `out` and that the smallest board does not hold because of its slots; `None` where it does,
/// or has no room for another reason.
pub fn smallest_board(design: &Design, out: &Path) -> Option<String> {
    match fits(design, &geometry::UP5K) {
        Err(ModelError::TooLarge { what: "slots", most, .. }) => Some(format!(
            "an iCEBreaker or iCESugar holds {most} slots of {} tying: for these boards train with --tying layer-wise, or cut the model \
             with `engram quantize {} --slots {most} --out FILE`",
            design.shape.tying,
            out.display()
        )),
        _ => None,
    }
}

/// Why no preset holds a design; `None` where one does.
fn too_large(design: &Design) -> Option<ModelError> {
    let mut errors = geometry::PRESETS.iter().map(|preset| fits(design, preset).err());
    if errors.any(|error| error.is_none()) { None } else { fits(design, &geometry::ECP5_85F).err() }
}

/// The size that does not fit, and the remedy before training.
fn reason(error: &ModelError, data: &[DataSet]) -> String {
    match error {
        ModelError::TooLarge { what, found, most, .. } if what.starts_with("positions") => {
            let longest = data.iter().map(DataSet::longest).max_by_key(|words| words.len()).unwrap_or_default();
            format!(
                "the longest sentence or question has {found} words, and devices hold {most}: shorten those of more than \
                 {most} words, such as '{}'",
                longest.join(" ")
            )
        }
        ModelError::TooLarge { what, found, most, .. } => {
            let less = match *what {
                "words" => "use less text or fewer tasks",
                "slots" => "choose a recipe with fewer, or cut the model with `engram quantize MODEL --slots N`",
                _ => "choose a recipe with fewer",
            };
            format!("it would have {found} {what}, and devices hold {most}: {less}")
        }
        error => error.to_string(),
    }
}

/// A note on codes with which no device computes.
fn other_arithmetic(design: &Design) -> Option<String> {
    if !design.mode.is_quantised() || design.is_device() {
        return None;
    }
    let what = match design.mode.is_truncating() {
        true => format!("in {}", design.mode),
        false => format!("in {} bits", design.bits),
    };
    Some(format!("no device computes {what}: `engram eval` computes as in training"))
}

#[cfg(test)]
mod tests {
    use engram_babi::{Source, reader};
    use engram_memnet::{Mode, Tying};

    use super::*;

    fn of(text: &str, recipe: Recipe) -> Result<Option<String>, String> {
        let stories = reader::stories(text.as_bytes()).unwrap();
        let source = Source::Generated { seed: 1 };
        let data = DataSet { task: 1, source, train: stories.clone(), test: stories };
        usable(&[data], &recipe, None).map_err(|error| error.to_string())
    }

    #[test]
    fn what_no_device_holds_is_known_before_training() {
        let text = |words: usize| format!("1 {}.\n2 Where is Mary?\tgarden\t1\n", vec!["Mary"; words].join(" "));
        let float = Recipe { mode: Mode::Float, ..Recipe::default() };
        assert_eq!(of(&text(16), Recipe::default()), Ok(None));
        let long = of(&text(22), Recipe::default()).unwrap_err();
        assert!(long.contains("has 22 words, and devices hold 16: shorten") && long.contains("'mary mary"), "{long}");
        assert!(of(&text(22), float).unwrap().unwrap().contains("nor its codes"));
        let many = (0..200).map(|n| format!("1 word{n}.\n")).collect::<String>() + &text(2);
        let many = of(&many, Recipe::default()).unwrap_err();
        assert!(many.contains("words, and devices hold 192: use less text"), "{many}");
        let wide = of(&text(2), Recipe { elements: 65, ..Recipe::default() }).unwrap_err();
        assert!(wide.contains("65 elements, and devices hold 64"), "{wide}");
        let slots = of(&text(2), Recipe { slots: 65, ..Recipe::default() }).unwrap().unwrap();
        assert!(slots.contains("65 slots, and devices hold 64") && slots.contains("--slots N"), "{slots}");
        let six = of(&text(2), Recipe { bits: 6, ..Recipe::default() }).unwrap().unwrap();
        assert!(six.contains("no device computes in 6 bits"), "{six}");
        let adjacent = |hops, slots| of(&text(2), Recipe { tying: Tying::Adjacent, hops, slots, ..Recipe::default() });
        assert_eq!(adjacent(4, 64), Ok(None));
        let hops = adjacent(5, 8).unwrap().unwrap();
        assert!(hops.contains("it would have 5 hops, and devices hold 4: choose a recipe with fewer"), "{hops}");
    }

    #[test]
    fn a_model_that_no_device_holds_is_told() {
        let text = "1 Mary is.\n2 Where is Mary?\tis\t1\n";
        let stories = reader::stories(text.as_bytes()).unwrap();
        let data = DataSet { task: 1, source: Source::Generated { seed: 1 }, train: stories.clone(), test: stories };
        let note = |hops| {
            let recipe = Recipe { tying: Tying::Adjacent, hops, slots: 8, ..Recipe::default() };
            unheld(&planned(std::slice::from_ref(&data), &recipe, None).unwrap())
        };
        assert_eq!(note(4), None);
        let five = note(5).unwrap();
        assert!(
            five.starts_with("no device holds this model: the model has 5 hops, geometry ecp5-85f holds 4"),
            "{five}"
        );
    }
}
