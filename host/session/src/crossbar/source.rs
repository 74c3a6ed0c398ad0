//! Sequences by name, their recipes, and where they are read from.

use std::path::Path;
use std::str::FromStr;

use engram_babi::Parts;
use engram_crossbar::Recipes;
use engram_sequences::text::Alphabet;
use engram_sequences::{Cache, Data, SequenceError, Source, Workload, text, ts, words};

use super::planned::symbols_max;

use crate::failure::Failure;
use crate::source::{StorySource, TEXT_MEBIBYTES, read_text};

/// Sequences by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Fetched data.
    Fetched(Workload),
    /// The stories of a task as one stream of words.
    Babi,
}

impl Set {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Set::Fetched(workload) => workload.name(),
            Set::Babi => "babi",
        }
    }

    /// The recipe: its file in `recipes/crossbar`.
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

impl Set {
    /// All sets.
    pub fn all() -> impl Iterator<Item = Set> {
        Workload::ALL.into_iter().map(Set::Fetched).chain([Set::Babi])
    }

    /// The source of the set: fetched or, where `stories` asks for generated text, made up.
    pub fn source(self, stories: &StorySource, task: Option<u8>) -> Result<Source, Failure> {
        if let (Set::Fetched(_), Some(task)) = (self, task) {
            let text = format!("--task {task} works with --set babi only, not with --set {}: remove it", self.name());
            return Err(Failure::Usage(text));
        }
        Ok(match (self, stories.generated) {
            (Set::Fetched(workload), false) => Source::Fetched(workload),
            (Set::Fetched(workload), true) => Source::MadeUp { workload, seed: stories.data_seed },
            (Set::Babi, generated) => Source::Babi { task: task.unwrap_or(1), generated },
        })
    }

    /// The set whose recipes are for sequences of a source.
    pub fn of(source: &Source) -> Set {
        match source {
            Source::Fetched(workload) | Source::MadeUp { workload, .. } => Set::Fetched(*workload),
            Source::Babi { .. } => Set::Babi,
            Source::Recordings { .. } => Set::Fetched(Workload::JapaneseVowels),
            Source::Text(_) => Set::Fetched(Workload::Shakespeare),
        }
    }
}

impl FromStr for Set {
    type Err = String;

    fn from_str(name: &str) -> Result<Set, String> {
        if name == Set::Babi.name() { Ok(Set::Babi) } else { name.parse().map(Set::Fetched) }
    }
}

/// The recipes for recordings of one's own, some numbers of which `engram_crossbar::choose` puts others in place of.
const OWN_RECORDINGS: &str = include_str!("../../../../recipes/recordings.toml");

/// Recipes of a file, or those for a source, which the binary holds.
pub fn recipes(file: Option<&Path>, source: &Source) -> Result<Recipes, Failure> {
    let Some(path) = file else {
        let text = match source {
            Source::Recordings { .. } => OWN_RECORDINGS,
            source => Set::of(source).recipes(),
        };
        return toml::from_str(text).map_err(|error| Failure::Input(format!("{source}: {error}")));
    };
    let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    toml::from_str(&text).map_err(|error| {
        wrong(format!(
            "the file has no recipes of a float and a quantised network ({error}); see `engram train --help`"
        ))
    })
}

/// The sequences that are read of a source.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// The place of stories.
    pub stories: &'a StorySource,
    /// The parts that are wanted: the others may be empty, and their files need not be there.
    pub parts: Parts,
    /// The alphabet of a text; `None` where it is learnt from the text.
    pub alphabet: Option<Alphabet>,
}

/// Reads the sequences of a source. Stories are those of `reading`, or generated where the source says so; `warn` is called
/// where sequences are made up or generated, and where files have what one should know.
pub fn read(source: Source, reading: &Reading, warn: &dyn Fn(&str)) -> anyhow::Result<Data> {
    let Reading { stories, parts, alphabet } = reading;
    let note = &mut |text: String| warn(&text);
    let data = match &source {
        Source::Fetched(workload) => workload.read(&Cache::standard()?)?,
        Source::MadeUp { workload, seed } => {
            warn("these sequences are made up: results on them say nothing about real ones");
            workload.made_up(*seed)?
        }
        Source::Babi { task, generated } => {
            let generated = stories.generated || *generated && stories.data.is_none();
            let stories = StorySource { generated, ..(*stories).clone() }.read(*task, *parts, warn)?.asking(*parts)?;
            return Ok(Data::Symbols(words::stream(&[stories])?));
        }
        Source::Recordings { test, .. } if *parts == Parts::Test => Data::Recordings(ts::read_test(test, note)?),
        Source::Recordings { train, test } => Data::Recordings(ts::read_set(train, test, note)?),
        Source::Text(path) => {
            let written = read_text(path, TEXT_MEBIBYTES)?;
            let wrong = |error: SequenceError| Failure::Input(format!("{}: {error}", path.display()));
            Data::Symbols(match alphabet {
                Some(alphabet) => text::stream("", &written, alphabet).map_err(wrong)?,
                None => text::learnt("", &written, symbols_max()).map_err(wrong)?,
            })
        }
    };
    if let Data::Symbols(set) = &data {
        set.outside.note().iter().for_each(|text| warn(text));
    }
    Ok(data.named_after(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_recipes() {
        let stories = StorySource { data: None, generated: true, data_seed: 1 };
        let sets = Set::all().map(|set| set.source(&stories, None).unwrap());
        let files = [Source::Recordings { train: "a.ts".into(), test: "b.ts".into() }, Source::Text("c.txt".into())];
        for source in sets.chain(files) {
            assert!(recipes(None, &source).unwrap().quantised.precisions.is_device(), "{source}");
        }
    }
}
