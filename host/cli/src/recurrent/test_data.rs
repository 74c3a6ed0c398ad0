//! What a recurrent model is tested with: recordings or a stream, in the numbers of its own classes and symbols.

use std::path::Path;

use engram_recurrent::{Meaning, Model};
use engram_sequences::{Data, Recording, SequenceError, StreamSet, text, ts};

use super::source::{SequenceSource, Set, read_text};
use crate::console::Console;
use crate::failure::Failure;
use crate::source::SourceArguments;

/// Where test sequences are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Data by name, instead of the model's own.
    pub set: Option<Set>,
    /// A file of `.ts` or text in place of both, or where stories come from.
    pub stories: &'a SourceArguments,
    /// The task of stories, instead of the model's own.
    pub task: Option<u8>,
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

/// Test sequences and where they come from.
pub fn test_data(model: &Model, wanted: Wanted, console: &Console) -> anyhow::Result<(Questions, String)> {
    let Wanted { set, stories, task } = wanted;
    if let Some(file) = stories.data.as_deref().filter(|data| !data.is_dir() && set != Some(Set::Babi)) {
        return Ok((own(model, of_file(file)?)?, file.display().to_string()));
    }
    let recorded = || model.training.as_ref().map(|record| record.source.as_str()).unwrap_or("unknown data");
    let unknown = || {
        let text = format!(
            "the model was trained with {}, which cannot be found by that; give --set, or --data with a .ts file or a text",
            recorded()
        );
        Failure::Usage(text)
    };
    let source = match set {
        Some(set) => SequenceSource::of_set(set, stories, task)?,
        None => match (recorded().parse().map_err(|()| unknown())?, task) {
            (SequenceSource::Babi(own, generated), task) => SequenceSource::Babi(task.unwrap_or(own), generated),
            (source, None) => source,
            (source, Some(_)) => {
                return Err(Failure::Usage(format!("found --task, and a model of {source}; leave it out")).into());
            }
        },
    };
    let data = source.read(stories, console)?;
    let name = match &data {
        Data::Recordings(set) => set.name.clone(),
        Data::Symbols(set) => set.name.clone(),
    };
    Ok((own(model, data)?, name))
}

/// All recordings of a `.ts` file, or all of a text, as test data.
fn of_file(path: &Path) -> anyhow::Result<Data> {
    if path.extension().is_some_and(|extension| extension == "ts") {
        let file = ts::read(path)?;
        let classes = file.classes;
        let set = engram_sequences::SequenceSet {
            name: file.name,
            classes,
            channels: file.channels,
            train: vec![],
            validation: vec![],
            test: file.recordings,
        };
        return Ok(Data::Recordings(set));
    }
    let mut set = text::stream("", &read_text(path)?);
    set.test = [std::mem::take(&mut set.train), std::mem::take(&mut set.validation), set.test].concat();
    Ok(Data::Symbols(set))
}

/// The test part of data in the numbers of a model: classes and symbols are the same where they have the same name.
fn own(model: &Model, data: Data) -> anyhow::Result<Questions> {
    let kinds = |found: &str, model: &str| {
        Failure::Input(format!("found {found} for a model of {model}; give --set or --data with {model}"))
    };
    let number = |names: &[String], name: &str| names.iter().position(|own| own == name);
    match (&model.meaning, data) {
        (Meaning::Classes { names, .. }, Data::Recordings(set)) => {
            let none = |name: &str| Failure::Input(format!("found class '{name}', the model has {}", names.join(", ")));
            let classes = set.classes.iter().map(|name| number(names, name).ok_or_else(|| none(name)));
            let classes = classes.collect::<Result<Vec<usize>, Failure>>()?;
            let mut recordings = set.test;
            recordings.iter_mut().for_each(|recording| recording.class = classes[recording.class]);
            Ok(Questions::Recordings(recordings))
        }
        (Meaning::Symbols { alphabet, .. }, Data::Symbols(StreamSet { alphabet: names, test, .. })) => {
            let numbers: Vec<Option<usize>> = names.iter().map(|name| number(alphabet, name)).collect();
            let symbol = |symbol: u16| match numbers[usize::from(symbol)] {
                Some(number) => Ok(number as u16),
                None => Err(SequenceError::UnknownSymbol(names[usize::from(symbol)].clone())),
            };
            Ok(Questions::Symbols(test.into_iter().map(symbol).collect::<Result<_, SequenceError>>()?))
        }
        (Meaning::Classes { .. }, Data::Symbols(_)) => Err(kinds("symbols", "recordings").into()),
        (Meaning::Symbols { .. }, Data::Recordings(_)) => Err(kinds("recordings", "symbols").into()),
    }
}
