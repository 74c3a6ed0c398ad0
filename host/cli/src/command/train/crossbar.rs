//! Training of a crossbar network: a float one first, then with codes from that.

use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use engram_babi::Parts;
use engram_crossbar::{Labels, Model, NoiseRecipe, Precisions, Recipe, Recipes, train};
use engram_sequences::{Data, Source, Windowing};
use engram_session::measure::{UsageWho, processor_seconds};
use serde::Serialize;

use super::chosen::Chosen;
use super::{Display, Train};
use crate::console::{Console, percent, seconds_since};
use engram_session::Failure;
use engram_session::crossbar::measured::{Measured, measured};
use engram_session::crossbar::planned::{real_parts, usable};
use engram_session::crossbar::source::{Reading, Set, read, recipes};
use engram_session::crossbar::test_data::{alphabet, remap_to_model};
use engram_session::model::Model as AnyModel;

/// How a training came out.
#[derive(Debug, Serialize)]
pub struct CrossbarTraining {
    /// The data set that is learnt, as in `--set`; `recordings` or `text` of the user's own.
    workload: &'static str,
    source: String,
    precisions: Precisions,
    noise: NoiseRecipe,
    /// Rows of a tile; 0 for one tile.
    rows: usize,
    /// `lstm` or `gru`, and how many.
    cell: &'static str,
    hidden: usize,
    /// The steps of a recording that become one.
    #[serde(skip_serializing_if = "Windowing::is_none")]
    windowing: Windowing,
    /// The choice of the recipe, where it was not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<Chosen>,
    /// Epochs at most: of the float network where one was trained first, and of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    float_epochs: Option<usize>,
    epochs: usize,
    restarts: usize,
    seed: u64,
    /// Of a stream on as many symbols as the test has.
    train: Measured,
    validation_error_percent: f64,
    validation_cross_entropy: f64,
    /// In the model's own arithmetic; that of a model in codes is the device's.
    pub test: Measured,
    seconds: f64,
    cpu_seconds: f64,
    out: PathBuf,
}

impl fmt::Display for CrossbarTraining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CrossbarTraining { source, precisions, hidden, windowing, seconds, cpu_seconds, .. } = self;
        self.chosen.iter().try_for_each(|chosen| write!(f, "{chosen}"))?;
        let Precisions { weights, dac, adc } = precisions;
        write!(f, "{source}, {hidden} cells, bits of weights {weights}, DAC {dac}, ADC {adc}")?;
        writeln!(f, "{}", if windowing.is_none() { String::new() } else { format!(", {windowing}") })?;
        writeln!(f, "  training    {}", self.train)?;
        let (error, loss) = (self.validation_error_percent, self.validation_cross_entropy);
        // Of a choice: the error of networks that had not learnt the recordings, and not of this one.
        let validation = if self.chosen.is_some() { "cross-validation" } else { "validation" };
        writeln!(f, "  {validation:<10}  {error:>6.1} %, cross-entropy {loss:.3} nats")?;
        writeln!(f, "  test        {}", self.test)?;
        write!(f, "{} after {seconds:.1} s ({cpu_seconds:.1} s of processor time)", self.out.display())
    }
}

/// The name of a source in JSON: that of its set, or the kind of the user's own files.
fn named(source: &Source) -> &'static str {
    match source {
        Source::Recordings { .. } => "recordings",
        Source::Text(_) => "text",
        _ => Set::of(source).name(),
    }
}

impl Train {
    /// Trains, saves and tests a crossbar model.
    pub fn train_crossbar(&self, source: &Source, console: &Console) -> anyhow::Result<CrossbarTraining> {
        let (begun, cpu) = (Instant::now(), processor_seconds(UsageWho::RUSAGE_SELF));
        let mut recipes = self.crossbar_recipes(source)?;
        let start = self.start.as_deref().map(AnyModel::load_crossbar).transpose()?;
        let stories = self.source.stories();
        let alphabet = start.as_ref().and_then(alphabet);
        let reading = Reading { stories: &stories, parts: Parts::Both, alphabet };
        let mut data = read(source.clone(), &reading, &|text| console.warn(text))?;
        if let Some(start) = &start {
            data = remap_to_model(start, data)?;
            if let Labels::Classes { windowing, .. } = start.labels {
                recipes.quantised.windowing = windowing;
            }
        }
        let Recipes { float, quantised } = &recipes;
        let is_begun = start.is_none() && quantised.precisions != Precisions::FLOAT;
        if is_begun && (float.hidden, float.cell) != (quantised.hidden, quantised.cell) {
            let text = "the recipe's float network and the one in codes differ in hidden or cell, and the second begins with the first: \
                        make them alike";
            return Err(Failure::Input(text.to_string()).into());
        }
        let notes = [usable(&data, quantised)?, real_parts(quantised.precisions)];
        notes.iter().flatten().for_each(|note| console.warn(note));
        if let Source::Recordings { train, test } = source
            && train.canonicalize().is_ok_and(|train| test.canonicalize().is_ok_and(|test| train == test))
        {
            console
                .warn("--test is the file of --sequences: its error says nothing of recordings that were not learnt");
        }
        let choice = self.choose(source, &data, &recipes, console)?;
        let Recipes { float, quantised } = choice.as_ref().map_or(recipes, |choice| choice.recipes);
        let (mut model, recipe, float_epochs) = match start {
            Some(start) => (self.fit_crossbar("training", &data, &quantised, Some(&start), console)?, quantised, None),
            None if quantised.precisions == Precisions::FLOAT => {
                (self.fit_crossbar("training", &data, &float, None, console)?, float, None)
            }
            None => {
                let start = self.fit_crossbar("training in float", &data, &float, None, console)?;
                let model = self.fit_crossbar("training in codes", &data, &quantised, Some(&start), console)?;
                (model, quantised, Some(float.epochs))
            }
        };
        if let (Some(choice), Some(record)) = (&choice, &mut model.training) {
            // All recordings were trained with: what is known of others is what the choice was made by.
            let candidate = choice.candidate();
            (record.validation_error, record.validation_loss) = (candidate.error as f32, candidate.loss as f32);
        }
        model.save(&self.out)?;
        let record = model.training.as_ref().context("a trained model without a record")?;
        let work = console.spinner("testing");
        let (train, test) = measured(&model, &data)?;
        work.finish();
        Ok(CrossbarTraining {
            workload: named(source),
            source: record.source.clone(),
            precisions: recipe.precisions,
            noise: recipe.noise,
            rows: recipe.tiling.rows,
            cell: recipe.cell.name(),
            hidden: recipe.hidden,
            windowing: recipe.windowing,
            chosen: choice.as_ref().map(Chosen::from),
            float_epochs,
            epochs: recipe.epochs,
            restarts: recipe.restarts,
            seed: self.seed,
            train,
            validation_error_percent: percent(record.validation_error.into()),
            validation_cross_entropy: (f64::from(record.validation_loss) * 1e4).round() / 1e4,
            test,
            seconds: seconds_since(begun),
            cpu_seconds: ((processor_seconds(UsageWho::RUSAGE_SELF) - cpu) * 1e3).round() / 1e3,
            out: self.out.clone(),
        })
    }

    fn fit_crossbar(
        &self,
        doing: &str,
        data: &Data,
        recipe: &Recipe,
        start: Option<&Model>,
        console: &Console,
    ) -> anyhow::Result<Model> {
        let display = Display::new(console, doing, recipe.restarts, recipe.epochs);
        let is_validated = recipe.hold_out > 0 || matches!(data, Data::Symbols(_));
        let model = train(data, recipe, self.seed, start, &|progress| {
            let validation_error = is_validated.then_some(progress.validation_error);
            display.show(progress.restart, progress.epoch, progress.loss, validation_error);
        })?;
        display.work.finish();
        Ok(model)
    }

    /// The recipes of the set or file, with what the command line says.
    fn crossbar_recipes(&self, source: &Source) -> Result<Recipes, Failure> {
        let mut recipes = recipes(self.recipe.as_deref(), source)?;
        let Recipes { float, quantised } = &mut recipes;
        for recipe in [float, &mut *quantised] {
            recipe.restarts = self.restarts.unwrap_or(recipe.restarts);
            recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
            recipe.hidden = self.hidden.unwrap_or(recipe.hidden);
            recipe.cell = self.cell.unwrap_or(recipe.cell);
        }
        quantised.precisions = self.precisions.precisions(quantised.precisions);
        quantised.tiling = self.precisions.tiling(quantised.tiling);
        quantised.noise.weights = self.noise_weights.unwrap_or(quantised.noise.weights);
        quantised.noise.read = self.noise_read.unwrap_or(quantised.noise.read);
        if quantised.precisions == Precisions::FLOAT
            && (self.noise_weights.is_some() || self.noise_read.is_some() || self.precisions.rows.is_some())
        {
            let text = "--noise-weights, --noise-read and --rows need a network in codes, but this one is float: remove them, \
                        or choose bits with --precision";
            return Err(Failure::Usage(text.to_string()));
        }
        Ok(recipes)
    }
}
