//! The recipe of a training: every number that decides the outcome, recorded in the model.

use std::fmt;
use std::str::FromStr;

use engram_spec::memnet::{Addressing, Tying};
use serde::{Deserialize, Serialize};

use crate::choose::{Choice, FOLDS};
use crate::design::{Mode, WORD};
use crate::network::Encoding;
use crate::quantise::{Formats, optional_text, text};

/// The rule by which gradients change weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimiser {
    /// Stochastic gradient descent.
    Sgd,
    /// Adam (Kingma and Ba, ICLR 2015), with moments 0.9 and 0.999.
    #[default]
    Adam,
}

/// The source of a network's formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FormatChoice {
    /// A rule that finds them.
    Rule(FormatRule),
    /// The formats themselves.
    Given(Formats),
}

/// A rule by which formats are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormatRule {
    /// Formats for the ranges that are observed on the training questions after the epochs in real arithmetic.
    Observed,
}

/// A recipe. The default stands for each field that a file does not name.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// The arithmetic.
    pub mode: Mode,
    /// The addressing of the memory; without it, the mode's.
    #[serde(with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub addressing: Option<Addressing>,
    /// Whether the formats are graded over the hops ([`Design::graded`](crate::design::Design)).
    pub graded: bool,
    /// The word length of weights and activations, 2 to 8 bits.
    pub bits: u32,
    /// Trainings from different initial weights; the best by validation, or where none is kept by training, wins.
    pub restarts: usize,
    /// The number of restarts that begin with random weights although there is a model to start from.
    pub scratch: usize,
    /// Elements E of every vector.
    pub elements: usize,
    /// Slots M of the memory.
    pub slots: usize,
    /// Hops K.
    pub hops: usize,
    /// The tensors that hops share. With adjacent tying B, W and H are no tensors of their own, and all memories have the format of
    /// m: a recipe's formats of the others are not used.
    #[serde(with = "text", skip_serializing_if = "Tying::is_layer_wise")]
    pub tying: Tying,
    /// The way from the words of a sentence to a vector.
    pub encoding: Encoding,
    /// Whether questions are embedded as sentences are addressed: B = A.
    pub tie_b: bool,
    /// Whether answers are weighted as sentences are read: W = C.
    pub tie_w: bool,
    /// The rule of the updates.
    pub optimiser: Optimiser,
    /// The learning rate, on the mean gradient of a batch.
    pub rate: f64,
    /// The factor of H's learning rate.
    pub controller_rate: f64,
    /// Epochs after which the learning rate is halved, again and again.
    pub halve_every: usize,
    /// Passes over the training questions.
    pub epochs: usize,
    /// Questions between two updates.
    pub batch: usize,
    /// The most that the L2 norms of a tensor's rows may sum to in an update's gradient.
    pub clip: f64,
    /// Epochs at the start without the softmax (MemN2N's linear start).
    pub linear_epochs: usize,
    /// Epochs at the start, those of the linear start included, in real arithmetic.
    pub smooth_epochs: usize,
    /// The epoch until which the similarity is the product, before it goes over to a bounded addressing (a blend, linear in the
    /// epochs).
    #[serde(skip_serializing_if = "is_zero")]
    pub blend_from: usize,
    /// The epoch from which on the similarity is the addressing's alone; 0 where it is from the start. Networks of bounded addressing
    /// that do not find a task from random weights find it by way of the product.
    #[serde(skip_serializing_if = "is_zero")]
    pub blend_to: usize,
    /// The probability of a gap in the ages before each sentence (MemN2N's random noise).
    pub time_noise: f64,
    /// The most that noise moves a weight in a batch of training in real arithmetic, evenly distributed: half a step of a
    /// format is what rounding to it would do. It keeps float networks from learning a small data set by heart.
    pub weight_noise: f64,
    /// The standard deviation of the initial weights.
    pub deviation: f64,
    /// kappa: bounded similarities are scaled by 2^kappa. E 2^kappa is their bound, and decides where the range of a score
    /// lies ([`Design::centre`](crate::Design::centre)).
    pub kappa: i32,
    /// The formats of the quantised tensors; that of m also gives the range R of bounded similarities in real arithmetic.
    pub formats: FormatChoice,
    /// The share of the training stories that is kept for validation. With 0 all are learnt, and the best of the restarts is that of
    /// the smallest training error, of equal errors the smallest loss.
    pub validation: f64,
    /// Epochs without a better validation after which training stops.
    pub patience: usize,
    /// Epochs at the end whose weights are averaged (Izmailov et al., "Averaging weights leads to wider optima", UAI 2018), where
    /// those of the last are kept; 0 for the last alone.
    #[serde(skip_serializing_if = "is_zero")]
    pub average: usize,
    /// Whether the weights of the best validation are kept (the paper's early stopping, ES), or those of the last epoch.
    pub keep_best: bool,
}

impl Recipe {
    /// The addressing of the memory, named or by the mode.
    pub fn addressing(&self) -> Addressing {
        self.addressing.unwrap_or(self.mode.addressing())
    }

    /// The share of the addressing in the similarity of an epoch, from 0; the product has the rest.
    pub fn share(&self, epoch: usize) -> f32 {
        let (from, to) = (self.blend_from, self.blend_to);
        if epoch >= to { 1.0 } else { epoch.saturating_sub(from) as f32 / (to - from) as f32 }
    }

    /// Whether B is kept equal to A.
    pub(crate) fn keeps_b(&self) -> bool {
        self.tie_b && self.tying == Tying::LayerWise
    }

    /// Whether W is kept equal to C.
    pub(crate) fn keeps_w(&self) -> bool {
        self.tie_w && self.tying == Tying::LayerWise
    }
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The recipes of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipes {
    /// The recipe of a task's model; what candidates share.
    pub recipe: Recipe,
    /// The recipe of the model of all tasks that its trainings start from: the table `start` of the file.
    pub start: Option<Recipe>,
    /// The tables `candidate` of the file, of which cross-validation chooses one for a task ([`choose`](crate::choose())); none where
    /// the recipe is given.
    pub candidates: Vec<Candidate>,
    /// The folds of the training text that the candidates are asked about, 1 to [`FOLDS`]: the key `folds` of the file. Fewer are
    /// enough where a fold has many questions.
    pub folds: usize,
    /// Whether the recipe is that of one network for all tasks: the key `joint` of the file.
    pub joint: bool,
}

/// A recipe that may be chosen for a task: that of its file, but the keys that its table names. The keys of its table `start` take the
/// place of the start's in the same way; with `start = false` it begins with random weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The name.
    pub name: String,
    /// The recipe of a task's model.
    pub recipe: Recipe,
    /// The recipe of the model of all tasks that its trainings start from.
    pub start: Option<Recipe>,
}

impl Default for Recipes {
    fn default() -> Recipes {
        Recipes { recipe: Recipe::default(), start: None, candidates: Vec::new(), folds: FOLDS, joint: false }
    }
}

impl FromStr for Recipes {
    type Err = toml::de::Error;

    fn from_str(text: &str) -> Result<Recipes, toml::de::Error> {
        let mut table: toml::Table = toml::from_str(text)?;
        let joint = table.remove("joint").map(toml::Value::try_into).transpose()?;
        let folds = table.remove("folds").map(toml::Value::try_into::<usize>).transpose()?;
        if let Some(found) = folds.filter(|folds| !(1..=FOLDS).contains(folds)) {
            return Err(wrong(format!("found folds = {found}, expected 1 to {FOLDS}")));
        }
        let tables = match table.remove("candidate") {
            Some(candidates) => match candidates.try_into::<Vec<toml::Table>>() {
                Ok(tables) if !tables.is_empty() => tables,
                _ => {
                    return Err(wrong("found a key candidate without tables, expected a table [[candidate]] for each"));
                }
            },
            None => Vec::new(),
        };
        let candidates = tables.into_iter().map(|candidate| Candidate::of(candidate, &table));
        let candidates = candidates.collect::<Result<Vec<Candidate>, _>>()?;
        for (place, Candidate { name, .. }) in candidates.iter().enumerate() {
            if candidates[..place].iter().any(|other| other.name == *name) {
                return Err(wrong(format!("found two candidates named '{name}', expected a name of its own for each")));
            }
        }
        // Read whole where it can be, so that an error names its line.
        let more = table.contains_key("start") || !candidates.is_empty() || joint.is_some() || folds.is_some();
        let (recipe, start) = if more { of_table(table)? } else { (toml::from_str(text)?, None) };
        Ok(Recipes { recipe, start, candidates, folds: folds.unwrap_or(FOLDS), joint: joint.unwrap_or(false) })
    }
}

impl Candidate {
    /// The candidate of a table in a file.
    fn of(mut own: toml::Table, file: &toml::Table) -> Result<Candidate, toml::de::Error> {
        let Some(toml::Value::String(name)) = own.remove("name") else {
            return Err(wrong("found a candidate without a name, expected a key name with a text"));
        };
        if name.is_empty() {
            return Err(wrong("found a candidate with an empty name, expected a text that tells it from the others"));
        }
        let mut table = file.clone();
        match (own.remove("start"), table.get_mut("start")) {
            (None, _) => {}
            (Some(toml::Value::Boolean(false)), _) => {
                table.remove("start");
            }
            (Some(toml::Value::Table(own)), Some(toml::Value::Table(start))) => start.extend(own),
            (Some(start), _) => {
                table.insert("start".to_string(), start);
            }
        }
        table.extend(own);
        let (recipe, start) =
            of_table(table).map_err(|error| wrong(format!("candidate '{name}': {}", error.message())))?;
        Ok(Candidate { name, recipe, start })
    }
}

/// An error of a recipe whose start does not suit it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The networks of both have other shapes.
    #[error("the recipe has {name} = {expected}, and its table start {name} = {found}: choose the same")]
    Differs {
        /// The key in which they differ.
        name: &'static str,
        /// The start's value.
        found: String,
        /// The recipe's value.
        expected: String,
    },
    /// The start learns stories that the training validates with, so that it would be stopped by what it knows by heart.
    #[error(
        "the recipe has validation = {expected}, and its table start validation = {found}: the start would learn stories that \
         validate; choose the same"
    )]
    Seen {
        /// The start's share of the stories.
        found: f64,
        /// The recipe's.
        expected: f64,
    },
    /// The start of a candidate does not suit it.
    #[error("candidate '{name}': {error}")]
    Candidate {
        /// The candidate's name.
        name: String,
        /// The mistake.
        error: Box<StartError>,
    },
}

impl Recipes {
    /// Checks that every training can begin with its start: those of the candidates, where there are some.
    pub fn check_starts(&self) -> Result<(), StartError> {
        let check =
            |recipe: &Recipe, start: &Option<Recipe>| start.as_ref().map_or(Ok(()), |start| recipe.begins_with(start));
        if self.candidates.is_empty() {
            return check(&self.recipe, &self.start);
        }
        self.candidates.iter().try_for_each(|Candidate { name, recipe, start }| {
            let named = |error| StartError::Candidate { name: name.clone(), error: Box::new(error) };
            check(recipe, start).map_err(named)
        })
    }

    /// The recipe of a training, and that of its start: those of the candidate that was chosen, where there was a choice.
    pub fn chosen(&self, choice: Option<&Choice>) -> (&Recipe, Option<&Recipe>) {
        match choice.and_then(|choice| choice.among(&self.candidates)) {
            Some(candidate) => (&candidate.recipe, candidate.start.as_ref()),
            None => (&self.recipe, self.start.as_ref()),
        }
    }
}

impl Recipe {
    /// Checks that a training by this recipe can begin with a model of all tasks that was learnt by the recipe `start`: both have
    /// networks of one shape, and the start leaves out the stories that validate.
    pub fn begins_with(&self, start: &Recipe) -> Result<(), StartError> {
        // Hops of a layer-wise network share all tensors, so their number may differ.
        let hops = |of: &Recipe| if of.tying == Tying::Adjacent { of.hops } else { self.hops };
        let alike = [
            ("elements", start.elements.to_string(), self.elements.to_string()),
            ("slots", start.slots.to_string(), self.slots.to_string()),
            ("tying", format!("\"{}\"", start.tying), format!("\"{}\"", self.tying)),
            ("hops", hops(start).to_string(), self.hops.to_string()),
        ];
        if let Some((name, found, expected)) = alike.into_iter().find(|(_, found, expected)| found != expected) {
            return Err(StartError::Differs { name, found, expected });
        }
        if start.validation < self.validation {
            return Err(StartError::Seen { found: start.validation, expected: self.validation });
        }
        Ok(())
    }
}

/// The recipe of a table, and that of its table `start`.
fn of_table(mut table: toml::Table) -> Result<(Recipe, Option<Recipe>), toml::de::Error> {
    let start = table.remove("start").map(toml::Value::try_into).transpose()?;
    Ok((table.try_into()?, start))
}

/// An error of a file that its types do not tell.
fn wrong(what: impl fmt::Display) -> toml::de::Error {
    serde::de::Error::custom(what)
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            mode: Mode::default(),
            addressing: None,
            graded: false,
            bits: WORD,
            restarts: 4,
            scratch: 0,
            elements: 32,
            slots: 32,
            hops: 3,
            tying: Tying::LayerWise,
            encoding: Encoding::Position,
            tie_b: true,
            tie_w: false,
            optimiser: Optimiser::Adam,
            rate: 0.01,
            controller_rate: 1.0,
            halve_every: 40,
            epochs: 200,
            batch: 32,
            clip: 40.0,
            linear_epochs: 0,
            smooth_epochs: 0,
            blend_from: 0,
            blend_to: 0,
            time_noise: 0.1,
            weight_noise: 0.0,
            deviation: 0.1,
            kappa: -2,
            formats: FormatChoice::Given(Formats::default()),
            validation: 0.1,
            patience: 60,
            average: 0,
            keep_best: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_have_the_files_keys_but_their_own() {
        let file = "mode = \"fixed\"\nepochs = 7\n[start]\nepochs = 3\nrate = 0.5\n";
        let one = "[[candidate]]\nname = \"one\"\nstart = { rate = 0.25 }\n";
        let two = "[[candidate]]\nname = \"two\"\ntying = \"adjacent\"\nepochs = 9\nstart = false\n";
        let Recipes { recipe, start, candidates, .. } = [file, one, two].concat().parse().unwrap();
        assert_eq!((recipe.epochs, start.unwrap().rate, candidates.len()), (7, 0.5, 2));
        let [one, two] = &candidates[..] else { panic!("{candidates:?}") };
        assert_eq!((one.name.as_str(), one.recipe), ("one", recipe));
        assert_eq!(one.start, Some(Recipe { rate: 0.25, ..start.unwrap() }));
        assert_eq!((two.name.as_str(), two.start), ("two", None));
        assert_eq!(two.recipe, Recipe { tying: Tying::Adjacent, epochs: 9, ..recipe });
        let refused = |text: &str| [file, text].concat().parse::<Recipes>().unwrap_err().to_string();
        assert!(refused("[[candidate]]\nepochs = 3").contains("without a name"));
        assert!(refused("[[candidate]]\nname = \"a\"\n[[candidate]]\nname = \"a\"").contains("named 'a'"));
        let elephants = refused("[[candidate]]\nname = \"a\"\nelephants = 2");
        assert!(elephants.contains("candidate 'a'") && elephants.contains("elephants"), "{elephants}");
        assert!(refused("[[candidate]]\nname = \"a\"\nstart = 3").contains("expected"));
        assert!(refused("[[candidate]]\nname = \"\"").contains("an empty name"));
        for empty in ["candidate = []\n", "candidate = 3\n"] {
            let error = [empty, file].concat().parse::<Recipes>().unwrap_err().to_string();
            assert!(error.contains("a table [[candidate]] for each"), "{error}");
        }
    }

    #[test]
    fn a_start_has_the_shape_of_its_recipe_and_has_not_seen_what_validates() {
        let recipe = Recipe { validation: 0.1, ..Recipe::default() };
        let error = |start: Recipe| recipe.begins_with(&start).unwrap_err().to_string();
        assert!(recipe.begins_with(&Recipe { hops: 2, validation: 0.2, ..recipe }).is_ok());
        assert!(error(Recipe { elements: 16, ..recipe }).contains("elements = 32, and its table start elements = 16"));
        assert!(error(Recipe { validation: 0.0, ..recipe }).contains("stories that validate"));
        let adjacent = Recipe { tying: Tying::Adjacent, ..recipe };
        assert!(error(adjacent).contains("tying = \"layer-wise\""));
        assert!(adjacent.begins_with(&Recipe { hops: 2, ..adjacent }).unwrap_err().to_string().contains("hops = 3"));
    }

    #[test]
    fn folds_are_those_that_candidates_are_asked_about() {
        let folds = |text: &str| text.parse::<Recipes>().map(|recipes| recipes.folds);
        assert_eq!((folds("epochs = 3").unwrap(), folds("folds = 1\nepochs = 3").unwrap()), (FOLDS, 1));
        let error = folds("folds = 6").unwrap_err().to_string();
        assert!(error.contains("found folds = 6, expected 1 to 5"), "{error}");
        assert!(folds("folds = 0").is_err());
    }

    #[test]
    fn a_recipe_of_one_network_for_all_tasks_says_so() {
        let joint = |text: &str| text.parse::<Recipes>().map(|recipes| (recipes.joint, recipes.recipe.epochs));
        assert_eq!(joint("epochs = 3").unwrap(), (false, 3));
        assert_eq!(joint("joint = true\nepochs = 3\n[start]\nepochs = 2").unwrap(), (true, 3));
        assert!(joint("joint = 3").is_err());
    }

    #[test]
    fn a_blend_is_linear_in_the_epochs() {
        let shares = |recipe: Recipe| [0, 10, 11, 15, 20, 30].map(|epoch| recipe.share(epoch));
        let recipe = Recipe { blend_from: 10, blend_to: 20, ..Recipe::default() };
        assert_eq!(shares(recipe), [0.0, 0.0, 0.1, 0.5, 1.0, 1.0]);
        assert_eq!(shares(Recipe::default()), [1.0; 6]);
        let written = serde_json::to_string(&Recipe::default()).unwrap();
        assert!(!written.contains("blend"), "old recipes are written as they were: {written}");
    }

    #[test]
    fn what_a_recipe_leaves_out_is_the_default() {
        let recipe: Recipe = serde_json::from_str(r#"{"epochs": 5, "encoding": "bag-of-words"}"#).unwrap();
        assert_eq!(recipe, Recipe { epochs: 5, encoding: Encoding::BagOfWords, ..Recipe::default() });
        let written = serde_json::to_string(&recipe).unwrap();
        assert!(written.contains(r#""rate":0.01"#) && written.contains(r#""memory_a":"Q2.5""#), "{written}");
        assert_eq!(serde_json::from_str::<Recipe>(&written).unwrap(), recipe);
        assert!(serde_json::from_str::<Recipe>(r#"{"epoch": 5}"#).is_err());
        assert!(serde_json::from_str::<Recipe>(&written.replace("Q2.5", "Q2.6")).is_err());
    }
}
