//! Ranges against codes: what is cut off, and what becomes 0, is counted where it happens.

use engram_crossbar::profile::{Profile, Range, profile};
use engram_crossbar::{Converter, Model, Precision, Precisions, Programming, Recipe, Tiling, train};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Data, Questions, Recording};
use engram_spec::crossbar::{Cell, gru};

const NAMES: [&str; 4] = ["i", "f", "g", "o"];

fn model(data: &Data, cell: Cell, rows: usize) -> Model {
    let precisions = Precisions::alike(Precision::Bits(4));
    let tiling = Tiling { rows, ..Tiling::default() };
    train(data, &Recipe { cell, hidden: 20, epochs: 2, precisions, tiling, ..Recipe::default() }, 1, None, &|_| ())
        .unwrap()
}

fn of(model: &Model, questions: &Questions) -> Profile {
    let names = if model.design.cell == Cell::Gru { gru::COLUMNS } else { NAMES };
    profile(model, &Programming::default(), questions, names).unwrap()
}

fn named<'a>(profile: &'a Profile, name: &str) -> &'a Range {
    profile.values.iter().chain(&profile.tensors).find(|range| range.name == name).unwrap()
}

#[test]
fn every_value_of_every_step_is_counted() {
    let set = Waves { recordings: 4, ..Waves::default() }.generate().unwrap();
    let (data, questions) = (Data::Recordings(set.clone()), Questions::Recordings(set.test.clone()));
    let steps: usize = set.test.iter().map(Recording::len).sum();
    let lstm = |tiles| ["ADC i", "ADC f", "ADC g", "ADC o"].map(|name| (name, tiles));
    let gru = [("ADC z", 3), ("ADC r", 3), ("ADC nx", 1), ("ADC nh", 2)];
    for (cell, rows, conversions) in [(Cell::Lstm, 0, lstm(1)), (Cell::Lstm, 16, lstm(3)), (Cell::Gru, 16, gru)] {
        let model = model(&data, cell, rows);
        let profile = of(&model, &questions);
        assert_eq!(profile.steps, steps);
        let names: Vec<&str> = profile.values.iter().map(|range| range.name.as_str()).collect();
        assert_eq!((names.len(), names[0], names[1], names[15]), (16, "x", conversions[0].0, "h of the readout"));
        assert_eq!(named(&profile, "x").values, steps * set.channels);
        for (name, tiles) in conversions {
            assert_eq!(named(&profile, name).values, steps * 20 * tiles, "{cell:?} {name}");
        }
        let own = if cell == Cell::Gru { ["z nx", "gate n", "h state"] } else { ["z f", "gate o", "c"] };
        for name in own.into_iter().chain(["h", "h of the readout"]) {
            assert_eq!(named(&profile, name).values, steps * 20, "{name}");
        }
        assert_eq!(named(&profile, "weights readout").values, 20 * set.classes.len());
        assert!(profile.values.iter().all(|range| range.min <= range.max && range.used > 0.0), "{profile:?}");
        for range in profile.values.iter().chain(&profile.tensors) {
            assert!(range.min <= range.mean && range.mean <= range.max, "{range:?}");
            assert_eq!(range.histogram.iter().sum::<usize>(), range.values, "{range:?}");
        }
        let codes = &named(&profile, "weights readout");
        let of_program = model.codes().unwrap().readout;
        let mean = of_program.iter().map(|&code| f64::from(code)).sum::<f64>() / of_program.len() as f64;
        assert!((codes.mean - mean).abs() < 1e-9, "{codes:?}");
        let counted = |code: i8| of_program.iter().filter(|&&other| other == code).count();
        assert_eq!(codes.histogram.to_vec(), (-7..=7).map(counted).collect::<Vec<usize>>(), "{codes:?}");
    }
    let text = Text { length: 400, ..Text::default() }.generate().unwrap();
    let data = Data::Symbols(text.clone());
    let profile = of(&model(&data, Cell::Lstm, 0), &Questions::Symbols(text.test.clone()));
    assert_eq!(
        (profile.steps, profile.values[0].name.as_str()),
        (text.test.len() - 1, "ADC i"),
        "symbols have no range"
    );
}

/// A GRU's state is h, in units of 2^-14; what a trace has of nh is its index, in those of 2^-5.
#[test]
fn the_state_of_a_gru_has_its_own_units() {
    let set = Waves { recordings: 4, ..Waves::default() }.generate().unwrap();
    let (data, questions) = (Data::Recordings(set.clone()), Questions::Recordings(set.test.clone()));
    let profile = of(&model(&data, Cell::Gru, 0), &questions);
    let [state, codes, index, z] =
        ["h state", "h of the readout", "index nh", "z nh"].map(|name| named(&profile, name));
    // The readout's codes are h, rounded to 127 steps.
    assert_eq!((state.largest, state.saturated), (1.0, 0));
    for (fine, code) in [(state.min, codes.min), (state.max, codes.max), (state.mean, codes.mean)] {
        assert!((fine - code / 127.0).abs() <= 0.5 / 127.0, "{state:?} {codes:?}");
    }
    assert_eq!(*index, Range { name: "index nh".to_string(), ..z.clone() });
    assert_eq!(index.largest, 8.0);
    for gate in ["gate z", "gate r", "gate n"] {
        assert_eq!(named(&profile, gate).largest, 1.0, "{gate}");
    }
}

#[test]
fn what_is_lost_is_found_where_it_is_lost() {
    let set = Waves { recordings: 4, ..Waves::default() }.generate().unwrap();
    let (data, questions) = (Data::Recordings(set.clone()), Questions::Recordings(set.test.clone()));
    let model = model(&data, Cell::Lstm, 0);
    let share = |count: usize, range: &Range| count as f64 / range.values as f64;
    let converter = |gain: f32| {
        let mut changed = model.clone();
        changed.design.converters[1] = Converter::nearest(model.design.converters[1].gain() * gain);
        let profile = of(&changed, &questions);
        let range = named(&profile, "ADC f").clone();
        (share(range.saturated, &range), share(range.zeroed, &range), range.used)
    };
    let (usual, large, small) = (converter(1.0), converter(16.0), converter(1.0 / 16.0));
    assert!(usual.0 < 0.1 && large.0 > 0.5 && large.2 > 8.0, "{usual:?} {large:?}");
    assert!(small.1 > 0.9 && small.0 == 0.0 && small.1 > usual.1, "{usual:?} {small:?}");
    // Inputs beyond what the normalisation holds.
    let louder = |factor: f32| -> f64 {
        let scaled = |recording: &Recording| {
            Recording::new(set.channels, recording.values().iter().map(|x| x * factor).collect(), recording.class)
        };
        let profile = of(&model, &Questions::Recordings(set.test.iter().map(|it| scaled(it).unwrap()).collect()));
        share(named(&profile, "x").saturated, named(&profile, "x"))
    };
    assert!(louder(1.0) < 0.02 && louder(5.0) > 0.3, "{} {}", louder(1.0), louder(5.0));
}
