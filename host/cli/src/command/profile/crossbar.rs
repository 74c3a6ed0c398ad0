//! The values of a crossbar model against their codes.

use std::fmt;

use comfy_table::{CellAlignment, Table, presets};
use engram_crossbar::profile::{Profile, Range, profile};
use engram_crossbar::{Model, Precision, Precisions, Programming, quantise};
use engram_sequences::{Data, Questions};
use engram_session::bars::columns;
use engram_session::crossbar::gates::names;
use serde::Serialize;

use crate::console::{FAINT, styled};

/// Ranges of everything that is stored.
#[derive(Debug, Serialize)]
pub struct CrossbarProfile {
    source: String,
    precisions: Precisions,
    /// The precisions of the codes: of a float model those that `engram quantize` gives it.
    precisions_of: Precisions,
    /// Recordings or symbols.
    kind: &'static str,
    questions: usize,
    #[serde(flatten)]
    profile: Profile,
}

impl CrossbarProfile {
    /// The profile of a model on the first `limit` test questions of its data.
    pub fn of(
        model: &Model,
        data: Data,
        limit: Option<usize>,
        programming: &Programming,
    ) -> anyhow::Result<CrossbarProfile> {
        let (source, precisions) = (data.name().to_string(), model.design.precisions);
        let quantised;
        let coded = if precisions.is_device() {
            model
        } else {
            let bits = |precision| if precision == Precision::Float { Precision::Bits(4) } else { precision };
            let Precisions { weights, dac, adc } = precisions;
            let bits = Precisions { weights: bits(weights), dac: bits(dac), adc: bits(adc) };
            quantised = quantise(&data, model, bits, model.design.tiling)?;
            &quantised
        };
        let questions = Questions::of(data).limited(limit);
        let profile = profile(coded, programming, &questions, names(coded.design.cell))?;
        let (kind, questions) = (questions.name(), questions.count());
        Ok(CrossbarProfile { source, precisions, precisions_of: coded.design.precisions, kind, questions, profile })
    }
}

impl fmt::Display for CrossbarProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CrossbarProfile { source, precisions, precisions_of, kind, questions, profile } = self;
        let bits = |Precisions { weights, dac, adc }: &Precisions| format!("weights {weights}, DAC {dac}, ADC {adc}");
        writeln!(f, "{source}, bits of {}, {questions} {kind}, {} steps", bits(precisions), profile.steps)?;
        if precisions != precisions_of {
            let text = format!("against the codes that quantize finds: bits of {}", bits(precisions_of));
            writeln!(f, "{}", styled(FAINT, text))?;
        }
        write!(f, "{}\n\n{}", table(&profile.tensors), table(&profile.values))
    }
}

/// Ranges against codes.
fn table(ranges: &[Range]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header([
        "",
        "min",
        "mean",
        "max",
        "holds",
        "used %",
        "values",
        "saturated %",
        "to zero %",
        "distribution",
        "",
    ]);
    for range in ranges {
        let number = |value: f64| format!("{value:.3}");
        let share = |count: usize| format!("{:.2}", 100.0 * count as f64 / range.values.max(1) as f64);
        table.add_row([
            range.name.clone(),
            number(range.min),
            number(range.mean),
            number(range.max),
            number(range.largest),
            format!("{:.0}", 100.0 * range.used),
            range.values.to_string(),
            share(range.saturated),
            share(range.zeroed),
            columns(&range.histogram),
            range.unit.to_string(),
        ]);
    }
    let numbers = table.column_iter_mut().skip(1).take(8);
    numbers.for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}
