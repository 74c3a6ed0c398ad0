//! The data of a recurrent model found again, and what it is tested with, in the numbers of its own classes and symbols.

use std::path::Path;

use engram_crossbar::memoized::{self, sample};
use engram_crossbar::{Meaning, Model};
use engram_sequences::{Data, Recording, SequenceError, SequenceSet, text, ts};

use super::source::{SequenceSource, Set, read_text};
use crate::console::Console;
use crate::failure::Failure;
use crate::source::SourceArguments;

/// Where the sequences of a model are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Data by name, instead of the model's own.
    pub set: Option<Set>,
    /// A file of `.ts` or text in place of both, or where stories come from.
    pub stories: &'a SourceArguments,
    /// The task of stories, instead of the model's own.
    pub task: Option<u8>,
}

impl Wanted<'_> {
    /// The file that takes the place of other data.
    pub fn file(&self) -> Option<&Path> {
        self.stories.data.as_deref().filter(|data| !data.is_dir() && self.set != Some(Set::Babi))
    }
}

/// What is put to a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Questions {
    /// Recordings, whose class is asked for.
    Recordings(Vec<Recording>),
    /// Symbols, of each of which the next one is asked for.
    Symbols(Vec<u16>),
}

impl Questions {
    /// The test part of data.
    pub fn of(data: Data) -> Questions {
        match data {
            Data::Recordings(set) => Questions::Recordings(set.test),
            Data::Symbols(set) => Questions::Symbols(set.test),
        }
    }

    /// Of the test part so many steps at most, about: recordings evenly taken, or the first symbols.
    pub fn test(data: &Data, steps: usize) -> Questions {
        match data {
            Data::Recordings(set) => Questions::Recordings(sample(&set.test.iter().collect::<Vec<_>>(), steps)),
            Data::Symbols(set) => Questions::Symbols(set.test[..set.test.len().min(steps)].to_vec()),
        }
    }

    /// The same of the training part, validation included.
    pub fn training(data: &Data, steps: usize) -> Questions {
        match data {
            Data::Recordings(set) => {
                let all: Vec<&Recording> = set.train.iter().chain(&set.validation).collect();
                Questions::Recordings(sample(&all, steps))
            }
            Data::Symbols(set) => Questions::Symbols(set.train[..set.train.len().min(steps)].to_vec()),
        }
    }

    /// As they are put to a model with memoization.
    pub fn asked(&self) -> memoized::Questions<'_> {
        match self {
            Questions::Recordings(recordings) => memoized::Questions::Recordings(recordings),
            Questions::Symbols(symbols) => memoized::Questions::Stream(symbols),
        }
    }

    /// Steps of the sequences.
    pub fn steps(&self) -> usize {
        match self {
            Questions::Recordings(recordings) => recordings.iter().map(Recording::len).sum(),
            Questions::Symbols(symbols) => symbols.len().saturating_sub(1),
        }
    }

    /// How many answers are asked for.
    pub fn count(&self) -> usize {
        match self {
            Questions::Recordings(recordings) => recordings.len(),
            Questions::Symbols(symbols) => symbols.len().saturating_sub(1),
        }
    }

    /// The first of them.
    pub fn limited(mut self, most: Option<usize>) -> Questions {
        match (&mut self, most) {
            (Questions::Recordings(recordings), Some(most)) => recordings.truncate(most),
            (Questions::Symbols(symbols), Some(most)) => symbols.truncate(most.saturating_add(1)),
            (_, None) => {}
        }
        self
    }

    /// What they are called.
    pub fn name(&self) -> &'static str {
        match self {
            Questions::Recordings(_) => "recordings",
            Questions::Symbols(_) => "symbols",
        }
    }
}

/// What data are called.
pub fn name(data: &Data) -> &str {
    match data {
        Data::Recordings(set) => &set.name,
        Data::Symbols(set) => &set.name,
    }
}

/// The data that a model was trained with, or others that are wanted for it, in the model's numbers.
pub fn find(model: &Model, wanted: Wanted, console: &Console) -> anyhow::Result<Data> {
    let Wanted { set, stories, task } = wanted;
    if let Some(file) = wanted.file() {
        return own(model, of_file(file)?);
    }
    let source = match set {
        Some(set) => SequenceSource::of_set(set, stories, task)?,
        None => match (recorded(model)?, task) {
            (SequenceSource::Babi(own, generated), task) => SequenceSource::Babi(task.unwrap_or(own), generated),
            (source, None) => source,
            (source, Some(_)) => {
                return Err(
                    Failure::Usage(format!("the model learnt {source}, which has no tasks: leave out --task")).into()
                );
            }
        },
    };
    own(model, source.read(stories, console)?)
}

/// What a model was trained with.
fn recorded(model: &Model) -> Result<SequenceSource, Failure> {
    let found = model.training.as_ref().map_or("unknown data", |record| &record.source);
    found.parse().map_err(|()| {
        Failure::Usage(format!(
            "the model was trained with {found}, which cannot be found by that; give --set, or --data with a .ts file or a text"
        ))
    })
}

/// A file as data: all recordings of a `.ts` file, or all of a text, are for the test.
pub fn of_file(path: &Path) -> anyhow::Result<Data> {
    if path.extension().is_some_and(|extension| extension == "ts") {
        let file = ts::read(path)?;
        let train = file.recordings.clone();
        let name = path.display().to_string();
        return Ok(Data::Recordings(SequenceSet::new(name, file.classes, train, file.recordings)?));
    }
    let mut set = text::stream(path.display().to_string(), &read_text(path)?);
    set.test = [set.train.as_slice(), &set.validation, &set.test].concat();
    Ok(Data::Symbols(set))
}

/// Data in the numbers of a model: classes and symbols are the same where they have the same name.
pub fn own(model: &Model, data: Data) -> anyhow::Result<Data> {
    let kinds = |found: &str, expected: &str| {
        let text = format!("found {found} for a model of {expected}; give --set or --data with {expected}");
        Err(Failure::Input(text).into())
    };
    let number = |names: &[String], name: &str| names.iter().position(|own| own == name);
    match (&model.meaning, data) {
        (Meaning::Classes { names, .. }, Data::Recordings(mut set)) => {
            let none = |name: &str| Failure::Input(format!("found class '{name}', the model has {}", names.join(", ")));
            let classes = set.classes.iter().map(|name| number(names, name).ok_or_else(|| none(name)));
            let classes = classes.collect::<Result<Vec<usize>, Failure>>()?;
            let all = set.train.iter_mut().chain(&mut set.validation).chain(&mut set.test);
            all.for_each(|recording| recording.class = classes[recording.class]);
            set.classes.clone_from(names);
            Ok(Data::Recordings(set))
        }
        (Meaning::Symbols { alphabet, boundary, cue, .. }, Data::Symbols(mut set)) => {
            let numbers: Vec<Option<usize>> = set.alphabet.iter().map(|name| number(alphabet, name)).collect();
            for symbol in set.train.iter_mut().chain(&mut set.validation).chain(&mut set.test) {
                let unknown = || SequenceError::UnknownSymbol(set.alphabet[usize::from(*symbol)].clone());
                *symbol = numbers[usize::from(*symbol)].ok_or_else(unknown)? as u16;
            }
            (set.boundary, set.cue) = (*boundary, *cue);
            set.alphabet.clone_from(alphabet);
            Ok(Data::Symbols(set))
        }
        (Meaning::Classes { .. }, Data::Symbols(_)) => kinds("symbols", "recordings"),
        (Meaning::Symbols { .. }, Data::Recordings(_)) => kinds("recordings", "symbols"),
    }
}
