//! `engram data fetch`, and fetched sequences in numbers.

use engram_sequences::Cache;

use crate::setting::{engram, fails, object};

/// The cache of whoever runs the tests, where it is filled; a check that needs it is left out elsewhere.
fn cache() -> Option<Cache> {
    let cache = Cache::standard().unwrap();
    if cache.is_filled() {
        return Some(cache);
    }
    assert!(std::env::var_os("ENGRAM_REQUIRE").is_none(), "no fetched data: engram data fetch");
    eprintln!("left out: no fetched data; engram data fetch");
    None
}

#[test]
fn what_keeps_data_from_being_fetched_is_explained() {
    let message = fails(engram("data fetch").env("PATH", ""), 4);
    assert!(
        message.contains("engram cannot find python3") && message.contains("install Python 3 with pip"),
        "{message}"
    );
    // Without an index pip finds no package; it is not the network that this depends on.
    let folder = tempfile::tempdir().unwrap();
    let message = fails(engram("data fetch").env("ENGRAM_DATA", folder.path()).env("PIP_NO_INDEX", "1"), 1);
    assert!(message.contains("pip could not download") && message.contains("aeon==1.6.0"), "{message}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    let file = tempfile::NamedTempFile::new().unwrap();
    let message = fails(engram("data fetch").env("ENGRAM_DATA", file.path()), 3);
    assert!(message.contains(file.path().to_str().unwrap()), "{message}");
}

#[test]
fn what_was_not_fetched_is_explained() {
    let message = fails(&mut engram("data --describe --set watch"), 3);
    assert!(
        message.contains("watch_dataset.npy does not exist: fetch the data once with `engram data fetch`"),
        "{message}"
    );
}

#[test]
fn what_is_there_is_not_fetched_again() {
    let Some(cache) = cache() else { return };
    let mut fetch = engram("data fetch --json");
    // Neither an index nor Python is needed.
    let assert = fetch.env("ENGRAM_DATA", cache.directory()).env("PATH", "").assert().success();
    let report = object(&assert.get_output().stdout);
    assert_eq!(report["downloaded"].as_array().unwrap().len(), 0);
    assert_eq!(report["files"].as_array().unwrap().len(), 9);
    let assert = engram("data fetch").env("ENGRAM_DATA", cache.directory()).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("nothing was downloaded") && text.contains("LICENCES.txt"), "{text}");
}

#[test]
fn fetched_data_are_described() {
    let Some(cache) = cache() else { return };
    let describe = |set: &str| {
        let mut describe = engram(&format!("data --describe --json --set {set}"));
        let assert = describe.env("ENGRAM_DATA", cache.directory()).assert().success();
        object(&assert.get_output().stdout)
    };
    let vowels = describe("japanese-vowels");
    assert_eq!((&vowels["kind"], &vowels["channels"]), (&"recordings".into(), &12.into()));
    assert_eq!(vowels["test"]["recordings"], 370);
    assert_eq!(describe("shakespeare")["symbols"], 64);
    let assert = engram("data --describe --set watch").env("ENGRAM_DATA", cache.directory()).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("of class TRAP") && text.contains("0.13 deviations"), "{text}");
}

#[test]
fn a_damaged_file_of_the_cache_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["JapaneseVowels_TRAIN.ts", "JapaneseVowels_TEST.ts", "watch_dataset.npy", "shakespeare.txt"] {
        std::fs::write(folder.path().join(name), "@problemname x\n@data\n1,2:a\n").unwrap();
    }
    for (set, name) in
        [("japanese-vowels", "JapaneseVowels_T"), ("watch", "watch_dataset"), ("shakespeare", "shakespeare")]
    {
        let mut describe = engram("data --describe --set");
        let message = fails(describe.arg(set).env("ENGRAM_DATA", folder.path()), 3);
        assert!(
            message.contains(name) && message.contains("is damaged: it is not the file that was fetched"),
            "{message}"
        );
        assert!(message.contains("fetch it again with `engram data fetch`"), "{message}");
    }
}
