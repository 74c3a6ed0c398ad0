//! The fetched data by name, each with the one split that results are reported for.

use std::fmt;
use std::fs;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::cache::Cache;
use crate::error::SequenceError;
use crate::recording::SequenceSet;
use crate::source::Source;
use crate::stream::StreamSet;
use crate::synthetic::{Text, Waves};
use crate::text::Alphabet;
use crate::watch::Windows;
use crate::{text, ts, watch};

/// Of the training recordings of a class, every fifth is for validation, where the data do not say who is recorded.
const HELD_OUT: usize = 5;

/// Fetched data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Workload {
    /// [`Cache::japanese_vowels`].
    JapaneseVowels,
    /// [`Cache::basic_motions`].
    BasicMotions,
    /// [`Cache::watch`], in windows of two seconds.
    Watch,
    /// [`Cache::shakespeare`].
    Shakespeare,
}

/// Recordings, or a stream of symbols.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Recordings with a class each.
    Recordings(SequenceSet),
    /// Symbols of which the next is predicted.
    Symbols(StreamSet),
}

impl Data {
    /// The name of the data, for people.
    pub fn name(&self) -> &str {
        match self {
            Data::Recordings(set) => &set.name,
            Data::Symbols(set) => &set.name,
        }
    }

    /// The place where the data come from; `None` where nothing finds them again.
    pub fn source(&self) -> Option<&Source> {
        match self {
            Data::Recordings(set) => set.source.as_ref(),
            Data::Symbols(set) => set.source.as_ref(),
        }
    }

    /// Inputs of a network with these data: channels, or symbols.
    pub fn inputs(&self) -> usize {
        match self {
            Data::Recordings(set) => set.channels,
            Data::Symbols(set) => set.symbols(),
        }
    }

    /// Outputs of a network for them: classes, or symbols.
    pub fn outputs(&self) -> usize {
        match self {
            Data::Recordings(set) => set.classes.len(),
            Data::Symbols(set) => set.symbols(),
        }
    }

    /// The same data, named after the source that they were read from.
    pub fn named_after(mut self, source: Source) -> Data {
        let (name, place) = match &mut self {
            Data::Recordings(set) => (&mut set.name, &mut set.source),
            Data::Symbols(set) => (&mut set.name, &mut set.source),
        };
        *name = source.to_string();
        *place = Some(source);
        self
    }

    /// The same data under their own name, from a source.
    fn with_source(mut self, source: Source) -> Data {
        match &mut self {
            Data::Recordings(set) => set.source = Some(source),
            Data::Symbols(set) => set.source = Some(source),
        }
        self
    }
}

impl Workload {
    /// All there are.
    pub const ALL: [Workload; 4] =
        [Workload::JapaneseVowels, Workload::BasicMotions, Workload::Watch, Workload::Shakespeare];

    /// The workload's name on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Workload::JapaneseVowels => "japanese-vowels",
            Workload::BasicMotions => "basic-motions",
            Workload::Watch => "watch",
            Workload::Shakespeare => "shakespeare",
        }
    }

    /// Reads it from a cache.
    pub fn read(self, cache: &Cache) -> Result<Data, SequenceError> {
        let data = match self {
            Workload::JapaneseVowels => Data::Recordings(cache.japanese_vowels()?),
            Workload::BasicMotions => Data::Recordings(cache.basic_motions()?),
            Workload::Watch => Data::Recordings(cache.watch(Windows::default())?),
            Workload::Shakespeare => Data::Symbols(cache.shakespeare()?),
        };
        Ok(data.with_source(Source::Fetched(self)))
    }

    /// Made-up sequences in its place, of the same kind, channels and classes, but fewer.
    pub fn made_up(self, seed: u64) -> Result<Data, SequenceError> {
        let (classes, channels, steps, recordings) = match self {
            Workload::JapaneseVowels => (9, 12, 7..=29, 24),
            Workload::BasicMotions => (4, 6, 100..=100, 8),
            Workload::Watch => (7, 6, 100..=100, 40),
            Workload::Shakespeare => return Ok(Data::Symbols(Text { seed, ..Text::default() }.generate()?)),
        };
        let waves = Waves { classes, channels, steps, recordings, seed, ..Waves::default() };
        Ok(Data::Recordings(waves.generate()?))
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Workload {
    type Err = String;

    fn from_str(name: &str) -> Result<Workload, String> {
        let names = || Workload::ALL.map(Workload::name).join(", ");
        let known = Workload::ALL.into_iter().find(|workload| workload.name() == name);
        known.ok_or_else(|| format!("there is no data set '{name}': choose one of {}", names()))
    }
}

impl Cache {
    /// Nine men say two vowels: 12 channels, 7 to 29 steps, the class is the speaker. 270 recordings to train with, of which
    /// 54 are for validation, and 370 for the test.
    pub fn japanese_vowels(&self) -> Result<SequenceSet, SequenceError> {
        self.archived("JapaneseVowels_TRAIN.ts", "JapaneseVowels_TEST.ts")
    }

    /// Four activities by a watch: 6 channels, 100 steps. 40 recordings to train with, of which 8 are for validation, and 40
    /// for the test.
    pub fn basic_motions(&self) -> Result<SequenceSet, SequenceError> {
        self.archived("BasicMotions_TRAIN.ts", "BasicMotions_TEST.ts")
    }

    fn archived(&self, train: &'static str, test: &'static str) -> Result<SequenceSet, SequenceError> {
        Ok(ts::read_set(self.file(train)?, self.file(test)?, &mut |_| ())?.hold_out(HELD_OUT))
    }

    /// Seven exercises of ten people by a watch: 6 channels, in windows; no person is in two parts ([`watch::TEST_SUBJECTS`]).
    pub fn watch(&self, windows: Windows) -> Result<SequenceSet, SequenceError> {
        watch::read(self.file("watch_dataset.npy")?)?.windows(windows)
    }

    /// Five million characters of 64 kinds ([`text::ALPHABET`]).
    pub fn shakespeare(&self) -> Result<StreamSet, SequenceError> {
        let path = self.file("shakespeare.txt")?;
        let text = fs::read_to_string(&path).map_err(SequenceError::io(&path))?;
        text::stream("Shakespeare", &text, &Alphabet::folding())
    }
}
