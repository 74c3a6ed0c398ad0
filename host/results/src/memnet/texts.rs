//! The text of the campaign's tasks: the official files where they are there, else generated text, which is marked as such.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crc::{CRC_64_XZ, Crc};
use engram_babi::{BabiError, DataSet, Line, Source, Story, reader};
use engram_memnet::tasks::TASKS;
use serde::{Deserialize, Serialize};

use super::variant::Size;

/// The seed of generated text.
const DATA_SEED: u64 = 1;
/// Questions of generated test text: as many as the official files have.
const TEST_QUESTIONS: usize = 1_000;

/// The origin of a task's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Official, training and test.
    Official,
    /// Trained on generated text, tested on the official: the official training file is missing.
    GeneratedTraining,
    /// Generated, training and test. Results on it are no bAbI scores.
    Generated,
}

/// A task's text.
#[derive(Debug)]
pub struct Text {
    /// The stories.
    pub data: DataSet,
    /// The origin of the texts.
    pub origin: Origin,
}

/// The folders of the official text; generated text where there is none.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    k1: Option<PathBuf>,
    k10: Option<PathBuf>,
    /// The fingerprints of all texts of each size, where they were asked for.
    whole: Arc<[OnceLock<u64>; 2]>,
}

impl Texts {
    /// Official text of 1k in this folder, of 10k in that.
    pub fn new(k1: Option<PathBuf>, k10: Option<PathBuf>) -> Texts {
        // The archive has both folders side by side.
        let beside = |k1: &Path| Some(k1.parent()?.join("en-10k")).filter(|folder| folder.is_dir());
        let k10 = k10.or_else(|| beside(k1.as_deref()?));
        Texts { k1, k10, whole: Arc::default() }
    }

    /// The folder of a size's official text.
    pub fn folder(&self, size: Size) -> Option<&Path> {
        match size {
            Size::K1 => self.k1.as_deref(),
            Size::K10 => self.k10.as_deref(),
        }
    }

    /// A number that changes with any word of the texts of all tasks. They are read once.
    pub fn fingerprint(&self, size: Size) -> Result<u64, BabiError> {
        let known = &self.whole[size as usize];
        if let Some(&known) = known.get() {
            return Ok(known);
        }
        let crc = Crc::<u64>::new(&CRC_64_XZ);
        let mut digest = crc.digest();
        for task in 1..=TASKS {
            digest.update(&self.read(size, task)?.fingerprint().to_le_bytes());
        }
        Ok(*known.get_or_init(|| digest.finalize()))
    }

    /// Reads a task, or generates it.
    pub fn read(&self, size: Size, task: u8) -> Result<Text, BabiError> {
        let Some(folder) = self.folder(size) else {
            let data = DataSet::generate(task, size.questions(), TEST_QUESTIONS, DATA_SEED)?;
            return Ok(Text { data, origin: Origin::Generated });
        };
        match DataSet::read(folder, task).and_then(DataSet::known) {
            Ok(data) => {
                let generated = matches!(data.source, Source::Generated { .. });
                Ok(Text { data, origin: if generated { Origin::Generated } else { Origin::Official } })
            }
            Err(error) => match official_test(&error) {
                Some(test) => {
                    let mut data = DataSet::generate(task, size.questions(), 1, DATA_SEED)?;
                    data.test = reader::file(&test)?;
                    Ok(Text { data, origin: Origin::GeneratedTraining })
                }
                None => Err(error),
            },
        }
    }
}

/// The test file of a task whose training file alone is missing.
fn official_test(error: &BabiError) -> Option<PathBuf> {
    let BabiError::NoSuchTask { directory, missing, .. } = error else { return None };
    let [name] = missing.as_slice() else { return None };
    Some(directory.join(format!("{}_test.txt", name.strip_suffix("_train.txt")?)))
}

impl Text {
    /// A number that changes with any word of the text.
    pub fn fingerprint(&self) -> u64 {
        let crc = Crc::<u64>::new(&CRC_64_XZ);
        let mut digest = crc.digest();
        let mut part = |stories: &[Story]| {
            for line in stories.iter().flat_map(|story| story.lines.iter().map(Some).chain([None])) {
                digest.update(b"\n");
                let Some(line) = line else { continue };
                for word in line.words().iter().map(String::as_str).chain(line.answer()) {
                    digest.update(word.as_bytes());
                    digest.update(if line.is_question() { b"?" } else { b" " });
                }
            }
            digest.update(b"\n\n\n");
        };
        part(&self.data.train);
        part(&self.data.test);
        digest.finalize()
    }

    /// The words and the sentences before it of each test question.
    pub fn test_lengths(&self) -> Vec<(usize, usize)> {
        let mut lengths = Vec::new();
        for story in &self.data.test {
            let mut sentences = 0;
            for line in &story.lines {
                match line {
                    Line::Sentence(_) => sentences += 1,
                    Line::Question { words, .. } => lengths.push((words.len(), sentences)),
                }
            }
        }
        lengths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_training_file_is_generated_and_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let official = folder.path().join("en");
        DataSet::generate(1, 20, 10, 7).unwrap().write(&official).unwrap();
        std::fs::remove_file(official.join("qa1_single-supporting-fact_train.txt")).unwrap();
        let texts = Texts::new(Some(official.clone()), Some(official));
        let text = texts.read(Size::K10, 1).unwrap();
        assert_eq!(text.origin, Origin::GeneratedTraining);
        assert_eq!(text.data.train.iter().map(Story::questions).sum::<usize>(), 10_000);
        assert_eq!(text.test_lengths()[..2], [(3, 2), (3, 4)]);
        assert_eq!(text.data.test, DataSet::generate(1, 20, 10, 7).unwrap().test);
        assert!(texts.read(Size::K10, 6).is_err(), "both files are missing");
    }

    /// The official 10k set lacks the training file of task 3, and lies beside that of 1k.
    #[test]
    fn the_official_sets_are_found() {
        let folder = std::env::var_os("ENGRAM_BABI").map_or("../../../shared/babi".into(), PathBuf::from);
        let texts = Texts::new(Some(folder.join("en")), None);
        let Some(_) = texts.folder(Size::K10) else {
            return eprintln!(
                "skipped: no bAbI data in {}; set ENGRAM_BABI to the folder that holds en and en-10k",
                folder.display()
            );
        };
        let origins = [(Size::K1, 3), (Size::K10, 3), (Size::K10, 1)].map(|(size, task)| {
            let text = texts.read(size, task).unwrap();
            assert_eq!(text.test_lengths().len(), 1_000);
            text.origin
        });
        assert_eq!(origins, [Origin::Official, Origin::GeneratedTraining, Origin::Official]);
    }

    /// A network of all tasks that learnt other texts is another one.
    #[test]
    fn all_texts_have_a_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let official = folder.path().join("en");
        (1..=TASKS).for_each(|task| DataSet::generate(task, 20, 10, 7).unwrap().write(&official).unwrap());
        let texts = Texts::new(Some(official), None);
        assert_ne!(texts.fingerprint(Size::K1).unwrap(), Texts::default().fingerprint(Size::K1).unwrap());
        assert_eq!(texts.fingerprint(Size::K1).unwrap(), texts.clone().fingerprint(Size::K1).unwrap());
    }

    #[test]
    fn the_fingerprint_follows_the_words() {
        let texts = Texts::default();
        let (one, mut other) = (texts.read(Size::K1, 1).unwrap(), texts.read(Size::K1, 1).unwrap());
        assert_eq!((one.fingerprint(), one.origin), (other.fingerprint(), Origin::Generated));
        other.data.test.swap(0, 1);
        assert_ne!(one.fingerprint(), other.fingerprint());
        other.data.test.swap(0, 1);
        other.data.train.pop();
        assert_ne!(one.fingerprint(), other.fingerprint());
    }
}
