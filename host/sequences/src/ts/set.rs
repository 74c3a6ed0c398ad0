//! Files that belong together: recordings to train with and recordings to test with, whose classes are the same by name.

use std::path::Path;

use super::{TsFile, read};
use crate::error::SequenceError;
use crate::recording::{Recording, SequenceSet};

/// Reads a training file and its test file into a set, with nothing held out for validation yet. The classes have the order
/// of the training file. `note` is called with what one should know of the files.
pub fn read_set(
    train: impl AsRef<Path>,
    test: impl AsRef<Path>,
    note: &mut dyn FnMut(String),
) -> Result<SequenceSet, SequenceError> {
    let (train_path, test_path) = (train.as_ref(), test.as_ref());
    let train = labelled(train_path, note)?;
    let mut test = labelled(test_path, note)?;
    if test.channels != train.channels {
        let (path, found, expected) = (test_path.to_path_buf(), test.channels, train.channels);
        return Err(SequenceError::OtherChannels { path, found, expected });
    }
    let counts = |recordings: &[Recording], class| recordings.iter().filter(|one| one.class == Some(class)).count();
    let learnt = (0..train.classes.len()).filter(|&class| counts(&train.recordings, class) > 0).count();
    if learnt < 2 {
        let class = train.recordings[0].class.and_then(|class| train.classes.get(class)).cloned();
        return Err(SequenceError::OneClass { path: train_path.to_path_buf(), class: class.unwrap_or_default() });
    }
    let mut numbers = Vec::new();
    for (class, name) in test.classes.iter().enumerate() {
        let number = train.classes.iter().position(|known| known == name);
        let count = counts(&test.recordings, class);
        if number.is_none() && count > 0 {
            let (path, class, expected) = (test_path.to_path_buf(), name.clone(), train.classes);
            return Err(SequenceError::OtherClass { path, class, count, expected });
        }
        numbers.push(number);
    }
    for recording in &mut test.recordings {
        recording.class = recording.class.and_then(|class| numbers[class]);
    }
    for (class, name) in train.classes.iter().enumerate() {
        if counts(&train.recordings, class) == 0 {
            let tested = counts(&test.recordings, class);
            let path = train_path.display();
            note(format!(
                "{path} has no recording of the class '{name}', so no network learns it; {tested} are tested"
            ));
        }
    }
    SequenceSet::new(train.name, train.classes, train.recordings, test.recordings)
}

/// Reads a test file alone, for a network that was trained already.
pub fn read_test(test: impl AsRef<Path>, note: &mut dyn FnMut(String)) -> Result<SequenceSet, SequenceError> {
    let test = labelled(test.as_ref(), note)?;
    SequenceSet::new(test.name, test.classes, Vec::new(), test.recordings)
}

/// Reads a file whose recordings all have a class.
fn labelled(path: &Path, note: &mut dyn FnMut(String)) -> Result<TsFile, SequenceError> {
    let file = read(path)?;
    file.notes.iter().for_each(|text| note(format!("{}, {text}", path.display())));
    let without = file.recordings.iter().filter(|recording| recording.class.is_none()).count();
    if without > 0 {
        let (path, of) = (path.to_path_buf(), file.recordings.len());
        return Err(SequenceError::Unlabelled { path, without, of });
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const TRAIN: &str = "@classLabel true still moving\n@data\n1,2:3,4:moving\n0:1:still\n";

    fn together(train: &str, test: &str) -> (Result<SequenceSet, SequenceError>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let [train_path, test_path] = ["train.ts", "test.ts"].map(|name| folder.path().join(name));
        fs::write(&train_path, train).unwrap();
        fs::write(&test_path, test).unwrap();
        let mut notes = Vec::new();
        (read_set(&train_path, &test_path, &mut |note| notes.push(note)), notes)
    }

    fn classes(set: &SequenceSet) -> Vec<&str> {
        set.test.iter().map(|recording| set.classes[recording.class.unwrap()].as_str()).collect()
    }

    #[test]
    fn classes_are_the_same_by_name() {
        let (set, notes) = together(&format!("@problemName Small\n{TRAIN}"), TRAIN);
        let set = set.unwrap();
        assert_eq!((set.name.as_str(), set.train.len(), classes(&set)), ("Small", 2, vec!["moving", "still"]));
        assert!(notes.is_empty());
        let (other_order, _) = together(TRAIN, &TRAIN.replace("still moving", "flying moving still"));
        let other_order = other_order.unwrap();
        assert_eq!((&other_order.test, &other_order.classes), (&set.test, &set.classes));
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let refused = |train: &str, test: &str| together(train, test).0.unwrap_err().to_string();
        let other = refused(TRAIN, &TRAIN.replace("still", "flying"));
        assert!(other.contains("test.ts has 1 recordings of the class 'flying'"), "{other}");
        assert!(other.contains("moving") && other.contains("add recordings of it"), "{other}");
        let channels = refused(TRAIN, "@classLabel true still\n@data\n1:still");
        assert!(channels.contains("test.ts has recordings of 1 channels"), "{channels}");
        let one = refused(&TRAIN.replace(":still", ":moving"), TRAIN);
        assert!(one.contains("train.ts has recordings of the class 'moving' only"), "{one}");
        let unlabelled = refused(TRAIN, "@data\n1,2:3,4");
        assert!(unlabelled.contains("1 of the 1 recordings") && unlabelled.contains("engram ask"), "{unlabelled}");
        assert!(refused(TRAIN, "@data").contains("test.ts, line 1"));
        assert!(read_set("none.ts", "test.ts", &mut |_| ()).unwrap_err().to_string().contains("none.ts"));
    }

    #[test]
    fn a_class_that_nothing_is_learnt_of_is_noted() {
        let (set, notes) = together(&TRAIN.replace("still moving", "still moving flying"), TRAIN);
        assert!(
            set.is_ok() && notes.len() == 1 && notes[0].contains("no recording of the class 'flying'"),
            "{notes:?}"
        );
    }

    #[test]
    fn a_test_file_is_read_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.ts");
        fs::write(&path, TRAIN).unwrap();
        let set = read_test(&path, &mut |_| ()).unwrap();
        assert_eq!((set.train.len(), set.channels, classes(&set)), (0, 2, vec!["moving", "still"]));
    }
}
