//! The recipe of a training for which no file is given. Its numbers were found by cross-validation on the official 1k training text:
//! networks that learnt four fifths of each task's answered the fifth that was left. The tying is chosen so for each text: layer-wise
//! tying has fewer errors on most tasks, and task 16 is learnt with adjacent tying alone.

use engram_spec::Format;
use engram_spec::memnet::{Addressing, Tying, Weights};

use crate::design::Mode;
use crate::network::Encoding;
use crate::quantise::Formats;
use crate::recipe::{Candidate, FormatChoice, Optimiser, Recipe, Recipes};
use crate::tensors::Shape;

/// The fifths of a training text that networks of both tyings are asked about: 400 questions of 1,000, on two processors at a time.
const FOLDS: usize = 2;

impl Recipes {
    /// The usual recipes of an arithmetic: that of a tying, or one candidate of each. A network of signs has one tying, and the
    /// truncating baselines that of the networks that they are compared with.
    pub fn usual(mode: Mode, addressing: Option<Addressing>, tying: Option<Tying>) -> Recipes {
        let of = |tying: Tying| Recipe::usual(mode, addressing, tying);
        let one = Recipes { recipe: of(tying.unwrap_or_default()), ..Recipes::default() };
        if tying.is_some() || mode.weights() == Weights::Signs || mode.is_truncating() {
            return one;
        }
        let candidate = |tying: Tying| Candidate { name: format!("{tying} tying"), recipe: of(tying), start: None };
        Recipes { candidates: Tying::ALL.map(candidate).to_vec(), folds: FOLDS, ..one }
    }
}

impl Recipe {
    /// The usual recipe of an arithmetic, of an addressing, or of the best of the arithmetic, and of a tying. `qmann` is addressed by
    /// the smaller magnitude: over the tasks its networks answer more questions that they have not learnt than those of the signed L1
    /// form.
    pub fn usual(mode: Mode, addressing: Option<Addressing>, tying: Tying) -> Recipe {
        let best = if mode == Mode::Qmann { Addressing::Min } else { mode.addressing() };
        let recipe = Recipe { mode, addressing: Some(addressing.unwrap_or(best)), tying, ..Recipe::default() };
        if mode.is_truncating() {
            // Its errors jump from epoch to epoch: the best by validation is kept, as the default has it.
            return recipe;
        }
        let recipe = Recipe {
            restarts: 2,
            encoding: Encoding::Learnt,
            epochs: 100,
            halve_every: 25,
            validation: 0.0,
            average: 10,
            keep_best: false,
            ..recipe
        };
        let recipe = match recipe.addressing() {
            Addressing::Min => Recipe { kappa: 0, formats: FormatChoice::Given(narrow()), ..recipe },
            Addressing::Dot | Addressing::Hamming | Addressing::Xnor => recipe,
        };
        match tying {
            Tying::LayerWise => recipe,
            Tying::Adjacent => found_from_random_weights(recipe),
        }
    }

    /// The usual recipe of a training that goes on from a network of this shape: of its size and tying, and without what finds a
    /// network from random weights.
    pub fn usual_from(mode: Mode, addressing: Option<Addressing>, shape: &Shape) -> Recipe {
        let Shape { elements, slots, hops, tying, .. } = *shape;
        Recipe { elements, slots, hops, tying, ..Recipe::usual(mode, addressing, Tying::LayerWise) }
    }

    /// The same recipe over another number of epochs: each of its parts has the share of them that it had.
    pub fn over(self, epochs: usize) -> Recipe {
        let share = |part: usize| (part as u128 * epochs as u128 / self.epochs.max(1) as u128) as usize;
        Recipe {
            epochs,
            halve_every: share(self.halve_every).max(1),
            linear_epochs: share(self.linear_epochs),
            smooth_epochs: share(self.smooth_epochs),
            blend_from: share(self.blend_from),
            blend_to: share(self.blend_to),
            average: share(self.average),
            ..self
        }
    }
}

/// A recipe that finds a network of adjacent tying from random weights: by a linear start, and by way of the product.
fn found_from_random_weights(recipe: Recipe) -> Recipe {
    let recipe = Recipe {
        encoding: Encoding::Position,
        optimiser: Optimiser::Sgd,
        rate: 0.4,
        clip: 5.0,
        deviation: 0.3,
        linear_epochs: 30,
        smooth_epochs: 31,
        ..recipe
    };
    match recipe.addressing() {
        Addressing::Dot => recipe,
        Addressing::Hamming | Addressing::Xnor | Addressing::Min => {
            Recipe { smooth_epochs: 70, blend_from: 35, blend_to: 70, epochs: 120, halve_every: 35, ..recipe }
        }
    }
}

/// The default formats with a range of 2 for what is compared, to which `min` is relative: in 4 its similarities would be half as
/// large.
fn narrow() -> Formats {
    let format = |fraction| Format::with_fraction(fraction).unwrap_or(Format::holding(1.0));
    Formats { memory_a: format(6), memory_c: format(4), controller: format(6), ..Formats::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::planned;
    use engram_babi::DataSet;

    #[test]
    fn every_usual_recipe_can_be_trained() {
        let data = [DataSet::generate(1, 20, 10, 1).unwrap()];
        let mut count = 0;
        for mode in Mode::ALL {
            for addressing in Addressing::ALL.into_iter().filter(|&addressing| mode.allows(addressing)) {
                for tying in [Tying::LayerWise, Tying::Adjacent] {
                    if tying == Tying::Adjacent && mode.weights() == Weights::Signs {
                        // There is no such network.
                        continue;
                    }
                    for epochs in [1, 2, 3, 7, 50, 100, 1000] {
                        let recipe = Recipe::usual(mode, Some(addressing), tying).over(epochs);
                        let say = |error| panic!("{mode} {addressing} {tying}, {epochs} epochs: {error}");
                        planned(&data, &recipe, None).unwrap_or_else(say);
                        count += 1;
                    }
                }
            }
        }
        assert_eq!(count, 7 * 25);
    }

    #[test]
    fn a_tying_is_chosen_where_there_are_two() {
        let names = |mode, tying| {
            let recipes = Recipes::usual(mode, None, tying);
            recipes.candidates.into_iter().map(|candidate| candidate.name).collect::<Vec<String>>()
        };
        assert_eq!(names(Mode::Qmann, None), ["layer-wise tying", "adjacent tying"]);
        assert!(names(Mode::Qmann, Some(Tying::Adjacent)).is_empty());
        assert!(names(Mode::Binary, None).is_empty() && names(Mode::FixedTruncating, None).is_empty());
    }

    #[test]
    fn the_usual_addressing_is_the_best_of_the_arithmetic() {
        let of = |mode| Recipe::usual(mode, None, Tying::LayerWise).addressing();
        let found = [Mode::Qmann, Mode::Binary, Mode::Fixed, Mode::Float].map(of);
        assert_eq!(found, [Addressing::Min, Addressing::Hamming, Addressing::Dot, Addressing::Dot]);
    }
}
