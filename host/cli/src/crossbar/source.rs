//! Where sequences come from: fetched data by name, bAbI's stories as words, files, or made-up ones.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_crossbar::Recipes;
use engram_sequences::{Cache, Data, Workload, text, ts, words};

use crate::console::Console;
use crate::failure::Failure;
use crate::source::SourceArguments;

/// Sequences by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Fetched data.
    Fetched(Workload),
    /// The stories of a task as one stream of words.
    Babi,
}

impl Set {
    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Set::Fetched(workload) => workload.name(),
            Set::Babi => "babi",
        }
    }

    /// How it is learnt: its file in `recipes/crossbar`.
    pub fn recipes(self) -> &'static str {
        match self {
            Set::Fetched(Workload::JapaneseVowels) => include_str!("../../../../recipes/crossbar/japanese-vowels.toml"),
            Set::Fetched(Workload::BasicMotions) => include_str!("../../../../recipes/crossbar/basic-motions.toml"),
            Set::Fetched(Workload::Watch) => include_str!("../../../../recipes/crossbar/watch.toml"),
            Set::Fetched(Workload::Shakespeare) => include_str!("../../../../recipes/crossbar/shakespeare.toml"),
            Set::Babi => include_str!("../../../../recipes/crossbar/babi.toml"),
        }
    }
}

impl FromStr for Set {
    type Err = String;

    fn from_str(name: &str) -> Result<Set, String> {
        if name == Set::Babi.name() { Ok(Set::Babi) } else { name.parse().map(Set::Fetched) }
    }
}

/// Sequences by name.
pub fn set_parser() -> impl TypedValueParser<Value = Set> {
    let names = Workload::ALL.map(Workload::name).into_iter().chain([Set::Babi.name()]);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Set>())
}

/// Recipes of a file, or of its text that the binary holds.
pub fn recipes(file: Option<&Path>, set: Set) -> Result<Recipes, Failure> {
    let Some(path) = file else {
        return toml::from_str(set.recipes()).map_err(|error| Failure::Input(format!("{}: {error}", set.name())));
    };
    let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    toml::from_str(&text).map_err(|error| {
        wrong(format!("found no recipes of a float and a quantised network: {error}; see `engram train --help`"))
    })
}

/// Where sequences come from. What it is written as stands in the models that were trained with them, and is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceSource {
    /// Fetched data.
    Fetched(Workload),
    /// Made-up sequences of the shape of fetched ones, from a seed.
    MadeUp(Workload, u64),
    /// The stories of a bAbI task as words; whether they are generated.
    Babi(u8, bool),
    /// Two `.ts` files: to train with, and for the test.
    Recordings(PathBuf, PathBuf),
    /// A text.
    Text(PathBuf),
}

impl fmt::Display for SequenceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SequenceSource::Fetched(workload) => write!(f, "{workload}"),
            SequenceSource::MadeUp(workload, seed) => write!(f, "synthetic {workload}, seed {seed}"),
            SequenceSource::Babi(task, false) => write!(f, "bAbI {task} as words"),
            SequenceSource::Babi(task, true) => write!(f, "generated bAbI {task} as words"),
            SequenceSource::Recordings(train, test) => write!(f, "{} and {}", train.display(), test.display()),
            SequenceSource::Text(path) => write!(f, "text {}", path.display()),
        }
    }
}

impl FromStr for SequenceSource {
    type Err = ();

    fn from_str(text: &str) -> Result<SequenceSource, ()> {
        let named = |name: &str| {
            // Data sets have names of their own, such as JapaneseVowels.
            let plain = |name: &str| name.replace('-', "").to_lowercase();
            Workload::ALL.into_iter().find(|workload| plain(workload.name()) == plain(name))
        };
        if let Some(workload) = named(text) {
            return Ok(SequenceSource::Fetched(workload));
        }
        if let Some((name, seed)) = text.strip_prefix("synthetic ").and_then(|rest| rest.split_once(", seed ")) {
            return Ok(SequenceSource::MadeUp(named(name).ok_or(())?, seed.parse().map_err(|_| ())?));
        }
        let (stories, generated) = text.strip_prefix("generated ").map_or((text, false), |stories| (stories, true));
        if let Some(task) = stories.strip_prefix("bAbI ").and_then(|rest| rest.strip_suffix(" as words")) {
            return Ok(SequenceSource::Babi(task.parse().map_err(|_| ())?, generated));
        }
        if let Some(path) = text.strip_prefix("text ") {
            return Ok(SequenceSource::Text(path.into()));
        }
        let (train, test) = text.split_once(" and ").ok_or(())?;
        Ok(SequenceSource::Recordings(train.into(), test.into()))
    }
}

impl SequenceSource {
    /// A set by name: fetched or, where `stories` asks for generated text, made up.
    pub fn of_set(set: Set, stories: &SourceArguments, task: Option<u8>) -> Result<SequenceSource, Failure> {
        if let (Set::Fetched(_), Some(task)) = (set, task) {
            let text = format!("found --task {task} with --set {}; tasks are those of --set babi", set.name());
            return Err(Failure::Usage(text));
        }
        Ok(match (set, stories.generated) {
            (Set::Fetched(workload), false) => SequenceSource::Fetched(workload),
            (Set::Fetched(workload), true) => SequenceSource::MadeUp(workload, stories.data_seed),
            (Set::Babi, generated) => SequenceSource::Babi(task.unwrap_or(1), generated),
        })
    }

    /// The set whose recipes are for such sequences.
    pub fn set(&self) -> Set {
        match self {
            SequenceSource::Fetched(workload) | SequenceSource::MadeUp(workload, _) => Set::Fetched(*workload),
            SequenceSource::Babi(..) => Set::Babi,
            SequenceSource::Recordings(..) => Set::Fetched(Workload::JapaneseVowels),
            SequenceSource::Text(_) => Set::Fetched(Workload::Shakespeare),
        }
    }

    /// Reads the sequences. Stories are those of `stories`, or generated where this source says so.
    pub fn read(&self, stories: &SourceArguments, console: &Console) -> anyhow::Result<Data> {
        let mut data = match self {
            SequenceSource::Fetched(workload) => workload.read(&Cache::standard()?)?,
            SequenceSource::MadeUp(workload, seed) => {
                console.warn("made-up sequences; results on them say nothing of real ones");
                workload.made_up(*seed)?
            }
            SequenceSource::Babi(task, generated) => {
                let generated = stories.generated || *generated && stories.data.is_none();
                let stories = SourceArguments { generated, ..stories.clone() }.read(*task, console)?;
                return Ok(Data::Symbols(words::stream(&[stories])?));
            }
            SequenceSource::Recordings(train, test) => Data::Recordings(ts::read_set(train, test)?),
            SequenceSource::Text(path) => Data::Symbols(text::stream("", &read_text(path)?)),
        };
        match &mut data {
            Data::Recordings(set) => set.name = self.to_string(),
            Data::Symbols(set) => set.name = self.to_string(),
        }
        Ok(data)
    }
}

/// The most bytes of a text: more than anyone trains with here, so that an endless file ends in an error.
const TEXT_BYTES: u64 = 256 << 20;

/// The text of a file; what is not UTF-8 is folded as any rare character.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(TEXT_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
    if bytes.len() as u64 > TEXT_BYTES {
        let most = TEXT_BYTES >> 20;
        return Err(Failure::Input(format!("{} has more than {most} MiB; give a part of it", path.display())));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_as_they_are_written() {
        let sources = [
            SequenceSource::Fetched(Workload::JapaneseVowels),
            SequenceSource::MadeUp(Workload::Watch, 7),
            SequenceSource::Babi(1, false),
            SequenceSource::Babi(20, true),
            SequenceSource::Recordings("a.ts".into(), "b/c.ts".into()),
            SequenceSource::Text("some text.txt".into()),
        ];
        for source in sources {
            assert_eq!(source.to_string().parse(), Ok(source));
        }
        assert_eq!("JapaneseVowels".parse(), Ok(SequenceSource::Fetched(Workload::JapaneseVowels)));
        assert_eq!("synthetic waves".parse::<SequenceSource>(), Err(()));
    }

    #[test]
    fn every_set_has_recipes() {
        let sets = Workload::ALL.map(Set::Fetched).into_iter().chain([Set::Babi]);
        sets.for_each(|set| assert!(recipes(None, set).unwrap().quantised.precisions.is_device(), "{}", set.name()));
    }
}
