//! A crossbar model put into codes without further training.

use std::path::PathBuf;
use std::{fmt, fs};

use engram_babi::Parts;
use engram_crossbar::import::{Imported, Scales};
use engram_crossbar::{Model, Normalisation, Precision, Precisions, Recipe, import, quantise, refine};
use engram_files::Kind;
use engram_memnet::profile::Span;
use engram_sequences::Data;
use serde::Serialize;

use super::{Quantize, table};
use crate::arguments::crossbar::data_files;
use crate::console::Console;
use engram_session::Failure;
use engram_session::crossbar::gates;
use engram_session::crossbar::measured::{Measured, measured};
use engram_session::crossbar::planned::usable;
use engram_session::crossbar::source::{Reading, read};

/// The result of the command.
#[derive(Debug, Serialize)]
struct CrossbarQuantisation {
    source: String,
    /// The normalisation of recordings that a network from elsewhere was taken to have: none, data or given.
    #[serde(skip_serializing_if = "Option::is_none")]
    normalisation: Option<&'static str>,
    precisions: Precisions,
    /// Rows of a tile; 0 for one tile.
    rows: usize,
    /// The weights of each gate and of the readout: their ranges, and how many of them were saturated and rounded.
    tensors: Vec<Span>,
    /// The converters of the gates.
    converters: Vec<Gain>,
    /// On the training data, as the model was, and in codes.
    training_before: Measured,
    training: Measured,
    /// On the test data, as the model was.
    before: Measured,
    /// In codes: the device's, where all precisions are.
    test: Measured,
    out: PathBuf,
}

/// The gain of a gate's converter, codes a unit of a tile's sum: mantissa / 2^shift.
#[derive(Debug, Serialize)]
struct Gain {
    gate: &'static str,
    mantissa: u16,
    shift: u8,
}

impl fmt::Display for CrossbarQuantisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Precisions { weights, dac, adc } = self.precisions;
        writeln!(f, "{}, bits of weights {weights}, DAC {dac}, ADC {adc}", self.source)?;
        if let Some(normalisation) = self.normalisation {
            writeln!(f, "  normalisation of the inputs: {normalisation}")?;
        }
        writeln!(f, "{}", table(&self.tensors))?;
        let gains = self.converters.iter().map(|gain| format!("{} {}/2^{}", gain.gate, gain.mantissa, gain.shift));
        let gains: Vec<String> = gains.collect();
        if !gains.is_empty() {
            writeln!(f, "  converters   {}", gains.join(", "))?;
        }
        writeln!(f, "  training     {}", self.training_before)?;
        writeln!(f, "  in codes     {}", self.training)?;
        writeln!(f, "  test         {}", self.before)?;
        writeln!(f, "  in codes     {}", self.test)?;
        write!(f, "{}", self.out.display())
    }
}

impl Quantize {
    /// A model of engram's own in codes.
    pub(super) fn run_crossbar(&self, before: &Model, console: &Console) -> anyhow::Result<()> {
        self.overwrite.check(&self.out, Kind::Model, &data_files(before))?;
        if self.sequences.files().next().is_some() {
            let text = "a model of engram knows its data: remove --sequences and --text, or name a file with --data";
            return Err(Failure::Usage(text.to_string()).into());
        }
        let given = &before.design.precisions;
        if *given != Precisions::FLOAT {
            let text = format!(
                "{} has codes already: quantise a model that was trained with --precision float",
                self.model.display()
            );
            return Err(Failure::Input(text).into());
        }
        let data = self.source.sequences(before, self.sequences.set, self.task, Parts::Both, console)?;
        let precisions = self.precisions.precisions(Precisions::alike(Precision::Bits(4)));
        self.in_codes(before, &data, precisions, None, console)
    }

    /// A recurrent network from elsewhere in codes, or in real numbers.
    pub(super) fn run_import(&self, console: &Console) -> anyhow::Result<()> {
        let source = self.sequences.source(&self.source, self.task)?.ok_or_else(|| {
            Failure::Usage(format!(
                "{} has recurrent weights from elsewhere: give the data that they were trained with: --set, --sequences with --test, \
                 or --text",
                self.model.display()
            ))
        })?;
        let reading = Reading { stories: &self.source.stories(), parts: Parts::Both, alphabet: None };
        let data = read(source, &reading, &|text| console.warn(text))?;
        let Imported { model, normalisation } = import(&self.model, &self.normalisation()?, &data)?;
        let precisions = self.precisions.precisions(Precisions::alike(Precision::Bits(8)));
        let (cell, hidden) = (model.design.cell, model.design.shape.hidden);
        let note = usable(&data, &Recipe { cell, hidden, precisions, ..Recipe::default() })?;
        note.iter().for_each(|note| console.warn(note));
        self.in_codes(&model, &data, precisions, Some(normalisation), console)
    }

    /// The normalisation that is asked for.
    fn normalisation(&self) -> Result<Normalisation, Failure> {
        let Some(asked) = &self.unsaid.normalisation else { return Ok(Normalisation::Found) };
        match asked.as_str() {
            "none" => return Ok(Normalisation::Nothing),
            "data" => return Ok(Normalisation::OfData),
            _ => {}
        }
        let wrong = |what: String| {
            let expected =
                "expected none, data, or a JSON file {\"mean\": [..], \"deviation\": [..]}, a number a channel";
            Failure::Input(format!("--normalisation {asked}: {what}; {expected}"))
        };
        let text = fs::read_to_string(asked).map_err(|error| wrong(error.to_string()))?;
        let scales: Scales = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let usable = |deviation: &f32| deviation.is_finite() && *deviation > 0.0;
        if !scales.deviation.iter().all(usable) || !scales.mean.iter().all(|mean| mean.is_finite()) {
            return Err(wrong("found a mean that is no number, or a deviation that is not above 0".to_string()));
        }
        Ok(Normalisation::Given(scales))
    }

    /// Puts a float model into codes, measures both, and writes the result. Of one that was imported the normalisation is told.
    fn in_codes(
        &self,
        before: &Model,
        data: &Data,
        precisions: Precisions,
        imported: Option<Option<&'static str>>,
        console: &Console,
    ) -> anyhow::Result<()> {
        if before.is_blank() {
            let text = format!(
                "{}: the readout has only zeros, so every answer is the same: give a trained model",
                self.model.display()
            );
            return Err(Failure::Input(text).into());
        }
        let tiling = self.precisions.tiling(before.design.tiling);
        let spinner = console.spinner("finding ranges");
        let model = refine(data, before, &quantise(data, before, precisions, tiling)?)?;
        let (real, codes) = (measured(before, data)?, measured(&model, data)?);
        spinner.finish();
        let note = codes.1.note.clone();
        model.save(&self.out)?;
        let parts = [("training", &real.0, &codes.0), ("test", &real.1, &codes.1)];
        if let Some((part, real, codes)) = parts.into_iter().find(|(_, real, codes)| jumps(real, codes)) {
            console.warn(self.advice(before, imported.is_some(), part, real, codes));
        }
        let converters = model.design.converters.iter().zip(gates::names(model.design.cell));
        let gain = |(converter, gate): (&engram_crossbar::Converter, _)| Gain {
            gate,
            mantissa: converter.mantissa,
            shift: converter.shift,
        };
        console.report(&CrossbarQuantisation {
            source: data.name().to_string(),
            normalisation: imported.flatten(),
            precisions,
            rows: tiling.rows,
            tensors: spans(before, &model),
            converters: if precisions.adc.bits().is_some() { converters.map(gain).collect() } else { Vec::new() },
            training_before: real.0,
            training: codes.0,
            before: real.1,
            test: codes.1,
            out: self.out.clone(),
        })?;
        note.iter().for_each(|note| console.warn(note));
        Ok(())
    }

    /// The advice where codes cost too much.
    fn advice(&self, before: &Model, elsewhere: bool, part: &str, real: &Measured, codes: &Measured) -> String {
        let (from, to) = (worst(real), worst(codes));
        if elsewhere {
            return format!(
                "on the {part} data the error rises from {from:.1} to {to:.1} %: codes cost this network much as it is. Keep it in real \
                 numbers (--precision float) and train it in codes, to which it then adapts (`engram train --start FLOAT.safetensors \
                 --cell {} --hidden {} --out ..`, with the same data), or give more bits",
                before.design.cell.name(),
                before.design.shape.hidden
            );
        }
        format!(
            "on the {part} data the error rises from {from:.1} to {to:.1} %: codes cost this model much as it is. Train it in codes, to \
             which it then adapts (`engram train --start {} --hidden {} --out ..`, with the data that it was trained with), or give \
             more bits (--precision 6, or --adc-bits 6 alone)",
            self.model.display(),
            before.design.shape.hidden
        )
    }
}

/// Points of error from which a loss by codes is worth a word.
const JUMP: f64 = 2.0;

/// The error that counts: that of the answers, where there is a cue.
fn worst(measured: &Measured) -> f64 {
    measured.answer_error_percent.unwrap_or(measured.error_percent)
}

/// Whether the error in codes is so much above that in real numbers that it is no chance: some points, and more than one answer.
fn jumps(real: &Measured, codes: &Measured) -> bool {
    let points = worst(codes) - worst(real);
    points >= JUMP && points * real.targets as f64 / 100.0 > 1.5
}

/// The weights of the gates and of the readout against the ranges of their codes.
fn spans(before: &Model, model: &Model) -> Vec<Span> {
    let (hidden, design) = (model.design.shape.hidden, &model.design);
    let names = gates::names(design.cell);
    let gate = |gate: usize| -> Vec<f32> {
        before.tensors().w.chunks_exact(hidden).skip(gate).step_by(names.len()).flatten().copied().collect()
    };
    let gates = names.iter().enumerate().map(|(place, name)| {
        span(model, format!("gate {name}"), &gate(place), design.ranges[place], design.weight_step(place))
    });
    let readout = &before.tensors().out;
    gates.chain([span(model, "readout".to_string(), readout, design.readout_range, design.readout_step())]).collect()
}

/// The part of a step within which a weight is taken for its code.
const EXACT: f32 = 1e-3;

fn span(model: &Model, name: String, weights: &[f32], range: f32, step: f32) -> Span {
    let stored = model.design.precisions.weights.bits();
    let (min, max) = weights.iter().fold((f32::MAX, f32::MIN), |(min, max), &w| (min.min(w), max.max(w)));
    let count = |beyond: &dyn Fn(f32) -> bool| weights.iter().filter(|&&w| stored.is_some() && beyond(w)).count();
    Span {
        name,
        format: stored.map(|bits| format!("{bits} bits")),
        largest: stored.map(|_| range),
        min,
        max,
        used: stored.map(|_| min.abs().max(max.abs()) / range),
        values: weights.len(),
        saturated: count(&|w| w.abs() > range + step / 2.0),
        rounded: count(&|w| w.abs() <= range + step / 2.0 && (w / step - (w / step).round()).abs() > EXACT),
    }
}
