//! The source of sequences: a model's file keeps it, so that its data are found again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use crate::workload::Workload;

/// The source of sequences. Its `Display` is prose for people; model files written before there was this type hold that
/// prose alone, and `FromStr` reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Fetched data.
    Fetched(Workload),
    /// Made-up sequences of the shape of fetched ones.
    MadeUp {
        /// The data whose shape they have.
        workload: Workload,
        /// The seed.
        seed: u64,
    },
    /// The stories of a bAbI task as words.
    Babi {
        /// The task, 1 to 20.
        task: u8,
        /// Whether the stories are generated.
        generated: bool,
    },
    /// Two `.ts` files.
    Recordings {
        /// The recordings to train with.
        #[serde(serialize_with = "lossy")]
        train: PathBuf,
        /// The recordings to test with.
        #[serde(serialize_with = "lossy")]
        test: PathBuf,
    },
    /// A text.
    Text(#[serde(serialize_with = "lossy")] PathBuf),
}

/// Writes a path as text, so that no name of a file keeps a model from being saved.
fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

impl Source {
    /// The user's own files.
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Source::Recordings { train, test } => vec![train.clone(), test.clone()],
            Source::Text(path) => vec![path.clone()],
            Source::Fetched(_) | Source::MadeUp { .. } | Source::Babi { .. } => Vec::new(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Fetched(workload) => write!(f, "{workload}"),
            Source::MadeUp { workload, seed } => write!(f, "synthetic {workload}, seed {seed}"),
            Source::Babi { task, generated: false } => write!(f, "bAbI {task} as words"),
            Source::Babi { task, generated: true } => write!(f, "generated bAbI {task} as words"),
            Source::Recordings { train, test } => write!(f, "{} and {}", train.display(), test.display()),
            Source::Text(path) => write!(f, "text {}", path.display()),
        }
    }
}

impl FromStr for Source {
    type Err = ();

    fn from_str(text: &str) -> Result<Source, ()> {
        let named = |name: &str| {
            // Data sets have names of their own, such as JapaneseVowels.
            let plain = |name: &str| name.replace('-', "").to_lowercase();
            Workload::ALL.into_iter().find(|workload| plain(workload.name()) == plain(name))
        };
        if let Some(workload) = named(text) {
            return Ok(Source::Fetched(workload));
        }
        if let Some((name, seed)) = text.strip_prefix("synthetic ").and_then(|rest| rest.split_once(", seed ")) {
            return Ok(Source::MadeUp { workload: named(name).ok_or(())?, seed: seed.parse().map_err(|_| ())? });
        }
        let (stories, generated) = text.strip_prefix("generated ").map_or((text, false), |stories| (stories, true));
        if let Some(task) = stories.strip_prefix("bAbI ").and_then(|rest| rest.strip_suffix(" as words")) {
            return Ok(Source::Babi { task: task.parse().map_err(|_| ())?, generated });
        }
        if let Some(path) = text.strip_prefix("text ") {
            return Ok(Source::Text(path.into()));
        }
        let (train, test) = text.split_once(" and ").ok_or(())?;
        Ok(Source::Recordings { train: train.into(), test: test.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_as_they_are_written() {
        let sources = [
            Source::Fetched(Workload::JapaneseVowels),
            Source::MadeUp { workload: Workload::Watch, seed: 7 },
            Source::Babi { task: 1, generated: false },
            Source::Babi { task: 20, generated: true },
            Source::Recordings { train: "a.ts".into(), test: "b/c.ts".into() },
            Source::Text("some text.txt".into()),
        ];
        for source in sources {
            assert_eq!(serde_json::from_str::<Source>(&serde_json::to_string(&source).unwrap()).unwrap(), source);
            assert_eq!(source.to_string().parse(), Ok(source));
        }
        assert_eq!("JapaneseVowels".parse(), Ok(Source::Fetched(Workload::JapaneseVowels)));
        assert_eq!("synthetic waves".parse::<Source>(), Err(()));
    }

    #[test]
    fn a_path_with_and_in_it_is_kept_whole() {
        let source = Source::Recordings { train: "sand and sea.ts".into(), test: "b.ts".into() };
        let written = serde_json::to_string(&source).unwrap();
        assert_eq!(written, r#"{"recordings":{"train":"sand and sea.ts","test":"b.ts"}}"#);
        assert_eq!(serde_json::from_str::<Source>(&written).unwrap(), source);
    }
}
