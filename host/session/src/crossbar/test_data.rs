//! The data of a crossbar model found again, and brought to the numbers of its own classes and symbols.

use std::path::Path;

use engram_babi::Parts;
use engram_crossbar::{Labels, Model};
use engram_sequences::text::Alphabet;
use engram_sequences::{Data, Recording, SequenceError, SequenceSet, Source, text, ts};

use super::source::{Reading, Set, read};
use crate::failure::Failure;
use crate::source::{StorySource, TEXT_MEBIBYTES, read_text};

/// The sequences that a command asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Data by name, instead of the model's own.
    pub set: Option<Set>,
    /// A file of `.ts` or text in place of both, or where stories come from.
    pub stories: &'a StorySource,
    /// The task of stories, instead of the model's own.
    pub task: Option<u8>,
    /// The parts that are wanted.
    pub parts: Parts,
}

impl Wanted<'_> {
    /// The file that takes the place of other data.
    pub fn file(&self) -> Option<&Path> {
        self.stories.data.as_deref().filter(|data| !data.is_dir() && self.set != Some(Set::Babi))
    }
}

/// The data that a model was trained with, or others that are wanted for it, in the model's numbers.
pub fn find(model: &Model, wanted: Wanted, warn: &dyn Fn(&str)) -> anyhow::Result<Data> {
    let Wanted { set, stories, task, parts } = wanted;
    if let Some(file) = wanted.file() {
        return labelled(file, remap_to_model(model, of_file(model, file, warn)?)?);
    }
    let source = match set {
        Some(set) => set.source(stories, task)?,
        None => match (recorded(model)?, task) {
            (Source::Babi { task: own, generated }, task) => Source::Babi { task: task.unwrap_or(own), generated },
            (source, None) => source,
            (source, Some(_)) => {
                return Err(
                    Failure::Usage(format!("the model learnt {source}, which has no tasks: remove --task")).into()
                );
            }
        },
    };
    remap_to_model(model, read(source, &Reading { stories, parts, alphabet: alphabet(model) }, warn)?)
}

/// The alphabet of a model of a text; `None` of another.
pub fn alphabet(model: &Model) -> Option<Alphabet> {
    match &model.labels {
        Labels::Symbols { alphabet, cue: None, .. } => Alphabet::of(alphabet),
        _ => None,
    }
}

/// Data of a file that have a class each, where they are recordings.
fn labelled(path: &Path, data: Data) -> anyhow::Result<Data> {
    let Data::Recordings(set) = &data else { return Ok(data) };
    let without = set.test.iter().filter(|recording| recording.class.is_none()).count();
    match without {
        0 => Ok(data),
        _ => Err(SequenceError::Unlabelled { path: path.to_path_buf(), without, of: set.test.len() }.into()),
    }
}

/// The source of the data that a model was trained with.
fn recorded(model: &Model) -> Result<Source, Failure> {
    model.training.as_ref().and_then(engram_crossbar::Record::data).ok_or_else(|| {
        let found = model.training.as_ref().map_or("unknown data", |record| &record.source);
        Failure::Usage(format!(
            "the model was trained with {found}, which engram cannot find: give --set, or --data with a .ts file or a text"
        ))
    })
}

/// A file as data for a model: all recordings of a `.ts` file, whose classes need not be known, or all of a text, are for the
/// test. `warn` is called with what one should know of the file.
pub fn of_file(model: &Model, path: &Path, warn: &dyn Fn(&str)) -> anyhow::Result<Data> {
    let name = path.display().to_string();
    let is_ts = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ts"));
    let is_text = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
    if is_ts || !is_text && matches!(model.labels, Labels::Classes { .. }) {
        let file = ts::read(path)?;
        file.notes.iter().for_each(|text| warn(&format!("{name}, {text}")));
        let train = file.recordings.clone();
        return Ok(Data::Recordings(SequenceSet::new(name, file.classes, train, file.recordings)?));
    }
    let alphabet = match (alphabet(model), &model.labels) {
        (Some(alphabet), _) => alphabet,
        (None, Labels::Classes { .. }) => Alphabet::folding(),
        (None, Labels::Symbols { .. }) => {
            let text =
                format!("{name} is a file, but the model learnt stories word by word: give a folder of bAbI files");
            return Err(Failure::Input(text).into());
        }
    };
    let written = read_text(path, TEXT_MEBIBYTES)?;
    let wrong = |error: SequenceError| Failure::Input(format!("{}: {error}", path.display()));
    let set = text::test(name.clone(), &written, &alphabet).map_err(wrong)?;
    set.outside.note().iter().for_each(|text| warn(text));
    Ok(Data::Symbols(set))
}

/// Data in the numbers of a model: classes and symbols are the same where they have the same name.
pub fn remap_to_model(model: &Model, data: Data) -> anyhow::Result<Data> {
    let kinds = |found: &str, expected: &str| {
        let text =
            format!("the data are {found}, but the model learnt {expected}: give --set or --data with {expected}");
        Err(Failure::Input(text).into())
    };
    let number = |names: &[String], name: &str| names.iter().position(|own| own == name);
    match (&model.labels, data) {
        (Labels::Classes { names, .. }, Data::Recordings(mut set)) => {
            let none = |name: &str| {
                Failure::Input(format!(
                    "the data have the class '{name}', but the model has {}: use data with the model's classes",
                    names.join(", ")
                ))
            };
            let own = |recording: &Recording| match recording.class.and_then(|class| set.classes.get(class)) {
                None => Ok(None),
                Some(name) => number(names, name).map(Some).ok_or_else(|| none(name)),
            };
            let all = set.recordings().map(own).collect::<Result<Vec<_>, Failure>>()?;
            let recordings = set.train.iter_mut().chain(&mut set.validation).chain(&mut set.test);
            recordings.zip(all).for_each(|(recording, class)| recording.class = class);
            set.classes.clone_from(names);
            Ok(Data::Recordings(set))
        }
        (Labels::Symbols { alphabet, boundary, cue, .. }, Data::Symbols(mut set)) => {
            let numbers: Vec<Option<usize>> = set.alphabet.iter().map(|name| number(alphabet, name)).collect();
            for symbol in set.train.iter_mut().chain(&mut set.validation).chain(&mut set.test) {
                let unknown = || SequenceError::UnknownSymbol(set.alphabet[usize::from(*symbol)].clone());
                *symbol = numbers[usize::from(*symbol)].ok_or_else(unknown)? as u16;
            }
            (set.boundary, set.cue) = (*boundary, *cue);
            set.alphabet.clone_from(alphabet);
            Ok(Data::Symbols(set))
        }
        (Labels::Classes { .. }, Data::Symbols(_)) => kinds("symbols", "recordings"),
        (Labels::Symbols { .. }, Data::Recordings(_)) => kinds("recordings", "symbols"),
    }
}
