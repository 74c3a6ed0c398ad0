//! The values of a question as real numbers: each is what storing makes of the exact one, and a device has the same.

use engram_babi::{DataSet, Line};
use engram_memnet::examples::Examples;
use engram_memnet::profile;
use engram_memnet::values::{Observer, Vector, compare};
use engram_memnet::{IntegerModel, Mode, Model, Recipe, Tying, train};
use engram_spec::Device;
use engram_spec::Trace;
use engram_spec::memnet::geometry::UP5K;
use engram_spec::memnet::{Addressing, Requests};

fn data() -> DataSet {
    DataSet::generate(1, 60, 30, 3).unwrap()
}

fn trained(mode: Mode, graded: bool) -> Model {
    tied(mode, graded, Tying::LayerWise)
}

fn tied(mode: Mode, graded: bool, tying: Tying) -> Model {
    let recipe = Recipe { mode, graded, tying, epochs: 3, restarts: 1, slots: 16, ..Recipe::default() };
    train(&[data()], &recipe, 1, None, &|_| ()).unwrap()
}

fn questions(model: &Model) -> Examples {
    Examples::encode(&data().test, &model.vocabulary).unwrap()
}

/// Rounding and saturating the exact value gives the stored one. The one value that is rounded otherwise is o, by a
/// reciprocal from a table.
#[test]
fn storing_the_exact_value_gives_the_stored_one() {
    let mut compared = 0;
    let (one, other) = (Tying::LayerWise, Tying::Adjacent);
    let kinds =
        [(Mode::Qmann, false, one), (Mode::Qmann, true, one), (Mode::Fixed, false, one), (Mode::Binary, false, one)];
    for (mode, graded, tying) in kinds.into_iter().chain([(Mode::Qmann, false, other), (Mode::Fixed, false, other)]) {
        let model = tied(mode, graded, tying);
        let (examples, mut observer) = (questions(&model), Observer::new(&model));
        for vector in examples.questions.iter().flat_map(|question| observer.values(&examples, question)) {
            let Some(grid) = &vector.grid else { continue };
            let (step, largest) = (f64::from(grid.step), f64::from(grid.largest));
            let least = if vector.name == "s" { -largest - step } else { -largest };
            for (&stored, &exact) in vector.stored.iter().zip(&vector.exact) {
                let expected = (exact / step).round_ties_even() * step;
                let difference = (f64::from(stored) - expected.clamp(least, largest)).abs();
                let most = if vector.name == "o" { step } else { 0.0 };
                assert!(difference <= most, "{mode}, {}: {stored} of {exact}", vector.label());
                compared += 1;
            }
        }
    }
    assert!(compared > 100_000, "{compared}");
}

/// The integer model's trace, in real numbers, is what the observer sees.
#[test]
fn devices_have_these_values() {
    let model = trained(Mode::Qmann, false);
    let (examples, mut observer) = (questions(&model), Observer::new(&model));
    let mut device = IntegerModel::new(UP5K, model.design.datapath());
    device.load(&model.program(UP5K).unwrap()).unwrap();
    device.record(true);
    let story = &data().test[0];
    let mut trace = Trace::default();
    for line in &story.lines {
        let words = model.vocabulary.encode(line.words()).unwrap();
        match line {
            Line::Sentence(_) => device.sentence(&words).unwrap(),
            Line::Question { .. } => {
                device.question(&words).unwrap();
                break;
            }
        }
    }
    trace.entries.extend(device.trace().unwrap().entries);
    let mut compared = 0;
    for Vector { name, index, stored, grid, .. } in observer.values(&examples, &examples.questions[0]) {
        let entry = trace.entries.iter().find(|entry| (entry.quantity.name(), entry.index) == (name, index));
        let (Some(entry), Some(grid)) = (entry, grid) else { continue };
        let numbers: Vec<f32> = entry.values.iter().map(|&code| code as f32 * grid.step).collect();
        assert_eq!(numbers[..stored.len()], stored, "{name}[{index}]");
        compared += 1;
    }
    assert!(compared > 10, "{compared} vectors");
}

#[test]
fn two_models_part_where_they_differ() {
    let (model, float) = (trained(Mode::Qmann, false), trained(Mode::Float, false));
    let examples = questions(&model);
    let question = &examples.questions[0];
    let values = |model: &Model| Observer::new(model).values(&examples, question);
    let (left, right) = (values(&model), values(&float));
    assert!(compare(&left, &left, None).iter().all(|distance| distance.largest == 0.0 && distance.first.is_none()));
    let distances = compare(&left, &right, None);
    assert_eq!((distances.len(), &distances[0].name[..]), (left.len(), "m[0]"));
    assert!(distances.iter().any(|distance| distance.first.is_some()));
    assert!(compare(&left, &right, Some(1e6)).iter().all(|distance| distance.first.is_none()));
    let mut moved = left.clone();
    let u = moved.iter().position(|vector| (vector.name, vector.index) == ("u", 1)).unwrap();
    let step = moved[u].grid.as_ref().unwrap().step;
    moved[u].stored[3] += 0.4 * step;
    assert!(compare(&left, &moved, None).iter().all(|distance| distance.first.is_none()));
    moved[u].stored[3] += 0.4 * step;
    let parted = compare(&left, &moved, None);
    let first = parted.iter().find(|distance| distance.first.is_some()).unwrap();
    assert_eq!((&first.name[..], first.first.unwrap().0, first.tolerance), ("u[1]", 3, step / 2.0));
}

/// Counts of what is known: a tensor of three values, one on the grid, one between, one beyond.
#[test]
fn what_is_lost_is_counted() {
    let model = trained(Mode::Fixed, false);
    let grid = profile::Grid::of_tensors(&model.design)[0].clone();
    let mut span = profile::Span::new("A", Some(&grid));
    let values = [grid.step, 1.5 * grid.step, -grid.largest - grid.step].map(f64::from);
    span.count(values, Some(&grid));
    assert_eq!((span.values, span.rounded, span.saturated), (3, 1, 1));
    assert!(span.used.unwrap() > 1.0 && span.min < -grid.largest);
}

/// A profile names every tensor and value, and what saturates in a network whose formats are too small is seen.
#[test]
fn formats_too_small_are_seen() {
    let float = trained(Mode::Float, false);
    let examples = questions(&float);
    let design = float.quantised(Mode::Fixed, false, &examples).unwrap().design;
    assert_eq!(design.addressing, Addressing::Dot);
    let mut formats = design.formats;
    formats.controller = "Q0.7".parse().unwrap();
    let fitted = profile::values(&mut Observer::against(&float, design), &examples, None);
    let narrow = engram_memnet::Design { formats, ..design };
    let narrow = profile::values(&mut Observer::against(&float, narrow), &examples, None);
    let names: Vec<_> = fitted.iter().map(|span| &span.name[..]).collect();
    let expected =
        ["m", "c", "m+T_A[0]", "c+T_C", "u[0]", "s[0]", "o[0]", "u[1]", "s[1]", "o[1]", "u[2]", "s[2]", "o[2]"];
    assert_eq!((&names[..13], &names[13..]), (&expected[..], &["u[3]", "logit"][..]));
    let saturated = |spans: &[profile::Span]| spans.iter().find(|span| span.name == "u[3]").unwrap().saturated;
    assert!(saturated(&narrow) > saturated(&fitted), "{narrow:?}");
    assert_eq!(profile::tensors_of(&float, &design).len(), 8);
}

/// With adjacent tying every hop reads a memory of its own, and B, W and H are no tensors.
#[test]
fn a_profile_names_the_memory_of_each_hop() {
    let model = tied(Mode::Fixed, false, Tying::Adjacent);
    let spans = profile::values(&mut Observer::new(&model), &questions(&model), Some(5));
    let names: Vec<_> = spans.iter().map(|span| &span.name[..]).collect();
    let memories = ["m", "c_0", "c_1", "c_2", "m+T_A[0]", "m+T_A[1]", "m+T_A[2]", "c+T_C_0", "c+T_C_1", "c+T_C_2"];
    assert_eq!(names[..10], memories);
    let tensors = profile::tensors_of(&model, &model.design);
    let names: Vec<_> = tensors.iter().map(|span| &span.name[..]).collect();
    assert_eq!(names, ["A", "C", "T_A", "T_C", "position"]);
}
