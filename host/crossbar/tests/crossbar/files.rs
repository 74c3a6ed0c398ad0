//! Models in files: what is written is read, and what is damaged is refused with a reason.

use std::path::Path;

use engram_crossbar::{FileError, Model, Precision, Precisions, Recipe, train};
use engram_sequences::Data;
use engram_sequences::synthetic::{Text, Waves};
use engram_spec::crossbar::memo::{Denominator, Settings};
use proptest::prelude::*;

fn models() -> Vec<Model> {
    let waves = Data::Recordings(Waves { recordings: 4, ..Waves::default() }.generate().unwrap());
    let text = Data::Symbols(Text { length: 500, ..Text::default() }.generate().unwrap());
    let quantised = Precisions { dac: Precision::Float, ..Precisions::alike(Precision::Bits(4)) };
    let recipe = |precisions| Recipe { hidden: 5, epochs: 1, precisions, ..Recipe::default() };
    vec![
        train(&waves, &recipe(Precisions::FLOAT), 1, None, &|_| ()).unwrap(),
        train(&waves, &recipe(quantised), 1, None, &|_| ()).unwrap(),
        train(&text, &recipe(Precisions::alike(Precision::Bits(1))), 1, None, &|_| ()).unwrap(),
    ]
}

fn written(model: &Model, folder: &Path) -> Vec<u8> {
    let path = folder.join("model.safetensors");
    model.save(&path).unwrap();
    std::fs::read(&path).unwrap()
}

fn read(bytes: &[u8], folder: &Path) -> Result<Model, FileError> {
    let path = folder.join("read.safetensors");
    std::fs::write(&path, bytes).unwrap();
    Model::load(&path)
}

#[test]
fn models_survive_their_files() {
    let folder = tempfile::tempdir().unwrap();
    for mut model in models() {
        assert_eq!(read(&written(&model, folder.path()), folder.path()).unwrap(), model);
        let settings = Settings {
            denominator: Denominator::Rows,
            zero_is_minus: true,
            theta: [0, 1, 30, 4095],
            ..Settings::default()
        };
        model.memoization = Some(settings);
        assert_eq!(read(&written(&model, folder.path()), folder.path()).unwrap(), model);
        model.memoization = Some(Settings { theta: [4096; 4], ..settings });
        assert!(matches!(read(&written(&model, folder.path()), folder.path()), Err(FileError::Inconsistent { .. })));
    }
}

#[test]
fn files_that_are_no_model_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&models()[1], folder.path());
    let edited = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len(), "the header's length stays");
        let place = bytes.windows(from.len()).position(|window| window == from.as_bytes());
        let mut bytes = bytes.clone();
        bytes[place.expect(from)..][..from.len()].copy_from_slice(to.as_bytes());
        read(&bytes, folder.path()).unwrap_err()
    };
    assert!(matches!(edited("engram-recurrent", "engram-different"), FileError::Foreign { .. }));
    assert!(matches!(edited("\"engram-recurrent\":\"1\"", "\"engram-recurrent\":\"2\""), FileError::Version { .. }));
    assert!(matches!(edited("\\\"inputs\\\":3", "\\\"inputs\\\":0"), FileError::Inconsistent { .. }));
    assert!(matches!(edited("\\\"outputs\\\":4", "\\\"outputs\\\":5"), FileError::Inconsistent { .. }));
    assert!(
        matches!(edited("\\\"seed\\\":1", "\\\"seed\\\":2"), FileError::Torn { .. }),
        "the checksum sees the record"
    );
    assert!(matches!(Model::load(&folder.path().join("none")), Err(FileError::Io { .. })));
    let mut wrong = bytes.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert!(matches!(read(&wrong, folder.path()), Err(FileError::Torn { .. })));
}

proptest! {
    #[test]
    fn damaged_files_never_panic(cut in 0usize..4000, place in 0usize..4000, byte: u8) {
        thread_local! {
            static FILE: (tempfile::TempDir, Vec<u8>, Model) = {
                let folder = tempfile::tempdir().unwrap();
                let model = models().remove(2);
                let bytes = written(&model, folder.path());
                (folder, bytes, model)
            };
        }
        FILE.with(|(folder, bytes, model)| {
            let mut torn = bytes.clone();
            torn.truncate(bytes.len().saturating_sub(1 + cut));
            prop_assert!(read(&torn, folder.path()).is_err());
            let mut changed = bytes.clone();
            let place = place % bytes.len();
            changed[place] = byte;
            if let Ok(read) = read(&changed, folder.path()) {
                prop_assert!(read == *model || changed[..] == bytes[..] || bytes[place] == b' ', "byte {place} has no effect");
            }
            Ok(())
        })?;
    }
}
