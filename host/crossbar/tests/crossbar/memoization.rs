//! Fuzzy memoization: without thresholds nothing changes, tuned thresholds keep their promise, the oracle saves the most.

use engram_crossbar::memoized::{Memoized, memoized};
use engram_crossbar::{
    IntegerModel, Memoization, Model, Precision, Precisions, Programming, Recipe, Thresholds, evaluate, train, tune,
};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Data, Questions, SequenceSet};
use engram_spec::Device;
use engram_spec::crossbar::geometry::ECP5_25F;
use engram_spec::crossbar::memo::{Counters, Denominator, ERROR_MAX, Settings};
use engram_spec::crossbar::{Program, Requests};

fn trained(data: &Data) -> (Model, Program) {
    let precisions = Precisions::alike(Precision::Bits(4));
    let recipe = Recipe { hidden: 24, epochs: 30, float_epochs: 20, precisions, ..Recipe::default() };
    let model = train(data, &recipe, 1, None, &|_| ()).unwrap();
    let program = model.program(ECP5_25F, &Programming::default()).unwrap();
    (model, program)
}

fn waves() -> SequenceSet {
    Waves { noise: 0.2, ..Waves::default() }.generate().unwrap()
}

fn with(denominator: Denominator, theta: u16) -> Memoization {
    let settings = Settings { denominator, throttling: true, theta: [theta; 4], ..Settings::default() };
    Memoization { settings, ..Memoization::default() }
}

#[test]
fn more_is_remembered_the_larger_the_threshold_and_less_is_right() {
    let set = waves();
    let (model, program) = trained(&Data::Recordings(set.clone()));
    let questions = &Questions::Recordings(set.test.clone());
    let without = memoized(&model, &program, questions, None).unwrap();
    assert_eq!(without.loss.wrong, evaluate::recordings(&model, &set.test).unwrap().wrong);
    assert_eq!(without.counters, Counters::default());
    for denominator in [Denominator::Current, Denominator::Remembered, Denominator::Rows] {
        let off = memoized(&model, &program, questions, Some(with(denominator, 0))).unwrap();
        assert_eq!((off.loss, off.counters.hits), (without.loss, [0; 4]));
        let mut least = 0.0;
        for theta in [1, 64, 256, 1024, ERROR_MAX] {
            let Memoized { counters, .. } =
                memoized(&model, &program, questions, Some(with(denominator, theta))).unwrap();
            assert!(counters.reuse() >= least, "{denominator:?} {theta}: {counters:?}");
            least = counters.reuse();
            let missed = counters.columns.iter().sum::<u64>() - counters.hits.iter().sum::<u64>();
            // Words of 16: one of x, two of h.
            assert_eq!(counters.cycles_without, 3 * missed + counters.words_not_read);
            let hits = counters.hits.iter().sum::<u64>();
            assert_eq!(counters.pipelined_cycles, 3 * missed + hits + counters.stall_cycles);
            assert!(counters.pipelined_cycles <= counters.serial_cycles, "{denominator:?} {theta}: {counters:?}");
        }
        assert!(least > 0.8, "{denominator:?}: {least}");
    }
    let all = memoized(&model, &program, questions, Some(with(Denominator::Rows, ERROR_MAX))).unwrap();
    assert_eq!(all.counters.forced, (set.test.len() * 4 * 24) as u64, "each column once a recording");
    assert!(all.loss.error() > without.loss.error() + 0.2, "{all:?}");
}

#[test]
fn thresholds_are_found_that_keep_the_loss() {
    let set = waves();
    let (model, program) = trained(&Data::Recordings(set.clone()));
    let questions = &Questions::Recordings(set.train[..60].to_vec());
    let find = |how, thresholds| tune(&model, &program, questions, how, thresholds, 0.1).unwrap();
    let alike = find(with(Denominator::Rows, 0), Thresholds::Alike);
    let per_gate = find(with(Denominator::Rows, 0), Thresholds::PerGate);
    let oracle = find(Memoization { oracle: true, ..with(Denominator::Current, 0) }, Thresholds::Alike);
    for tuned in [alike, per_gate, oracle] {
        assert!(tuned.with.loss.error() <= tuned.without.loss.error() + 0.101, "{tuned:?}");
        assert_eq!(memoized(&model, &program, questions, Some(tuned.how)).unwrap(), tuned.with);
    }
    let [alike, per_gate, oracle] = [alike, per_gate, oracle].map(|tuned| tuned.with.counters.reuse());
    assert!(0.2 < per_gate && alike < per_gate && alike < oracle, "{alike} {per_gate} {oracle}");
}

#[test]
fn streams_remember_and_a_program_loaded_anew_forgets() {
    let text = Text { length: 2000, ..Text::default() }.generate().unwrap();
    let (model, program) = trained(&Data::Symbols(text.clone()));
    let mut how = with(Denominator::Rows, 6);
    let reuse = |how| {
        let found = memoized(&model, &program, &Questions::Symbols(text.test[..200].to_vec()), Some(how)).unwrap();
        assert_eq!(found.loss.targets, 199);
        found.counters
    };
    let plain = reuse(how);
    how.settings.zero_is_minus = true;
    assert_ne!(plain.hits, reuse(how).hits, "symbols change more signs where blanks count as negative");
    let mut device = IntegerModel::new(ECP5_25F).memoizing(how);
    assert_eq!(device.take_counters(), Counters::default());
    device.load(&program).unwrap();
    for _ in 0..2 {
        device.clear().unwrap();
        device.symbol(0).unwrap();
        assert_eq!(device.take_counters().forced, 4 * 24);
    }
}
