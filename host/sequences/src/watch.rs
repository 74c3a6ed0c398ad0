//! The watch recordings of seglearn: seven shoulder exercises of ten people, by the accelerometer and gyroscope of a watch.
//!
//! Burns et al., "Shoulder physiotherapy exercise recognition", 2018 (arXiv 1802.01489). Six channels at 50 Hz, 140
//! recordings of some 20 repetitions of one exercise by one arm. The file is NumPy's, with one pickled object within.

use std::fs;
use std::path::Path;

use crate::error::SequenceError;
use crate::pickle::{Node, Pickle};
use crate::recording::{Recording, SequenceSet};

/// The person whose recordings are for validation.
pub const VALIDATION_SUBJECT: u32 = 8;
/// The people whose recordings are for the test; those of all others are to train with.
pub const TEST_SUBJECTS: [u32; 2] = [9, 10];

/// Recordings are cut into windows of the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The steps of a window.
    pub steps: usize,
    /// The steps from the begin of a window to that of the next one.
    pub hop: usize,
}

impl Default for Windows {
    /// Two seconds, a new one every second.
    fn default() -> Windows {
        Windows { steps: 100, hop: 50 }
    }
}

/// The recordings as they are, and the names of the exercises.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchFile {
    /// The names of the exercises.
    pub exercises: Vec<String>,
    /// The recordings, each with its subject.
    pub recordings: Vec<Recording>,
}

/// Reads the file.
pub fn read(path: impl AsRef<Path>) -> Result<WatchFile, SequenceError> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(SequenceError::io(path))?;
    parse(&bytes).map_err(|reason| SequenceError::NotTheWatchFile { path: path.to_path_buf(), reason })
}

impl WatchFile {
    /// Windows of the recordings, split by people: who is tested with is not trained with.
    pub fn windows(&self, windows: Windows) -> Result<SequenceSet, SequenceError> {
        if windows.steps == 0 || windows.hop == 0 {
            let found = format!("{} and {}", windows.steps, windows.hop);
            return Err(SequenceError::Setting { what: "steps and hop of windows", found, expected: "at least 1" });
        }
        let of = |belongs: fn(u32) -> bool| -> Vec<Recording> {
            let recordings = self.recordings.iter().filter(|recording| recording.subject.is_some_and(belongs));
            recordings.flat_map(|recording| recording.windows(windows.steps, windows.hop)).collect()
        };
        let test = of(|subject| TEST_SUBJECTS.contains(&subject));
        let validation = of(|subject| subject == VALIDATION_SUBJECT);
        let train = of(|subject| subject != VALIDATION_SUBJECT && !TEST_SUBJECTS.contains(&subject));
        let set = SequenceSet::new("watch", self.exercises.clone(), train, test)?;
        Ok(SequenceSet { validation, ..set })
    }
}

fn parse(bytes: &[u8]) -> Result<WatchFile, String> {
    let pickle = Pickle::read(object(bytes)?)?;
    let arrays = Arrays(&pickle);
    let content = arrays.content()?;
    let entry = |key: &str| pickle.entry(content, key).ok_or_else(|| format!("it has no entry '{key}'"));
    let Node::List(recordings) = entry("X")? else { return Err("it has no list of recordings".into()) };
    let exercises = arrays.texts(entry("y_labels")?)?;
    let [classes, subjects] = [arrays.integers(entry("y")?)?, arrays.integers(entry("subject")?)?];
    if [classes.len(), subjects.len()] != [recordings.len(); 2] {
        let (recordings, classes, subjects) = (recordings.len(), classes.len(), subjects.len());
        return Err(format!(
            "it has {recordings} recordings, {classes} exercises and {subjects} subjects, which must be equal in number"
        ));
    }
    let labelled = pickle.all(recordings).zip(classes.into_iter().zip(subjects));
    let recording = |(node, (class, subject)): (&Node, (i64, i64))| {
        let (steps, channels, values) = arrays.matrix(node)?;
        let class = usize::try_from(class).ok().filter(|&class| class < exercises.len());
        let class = class.ok_or("an exercise has no name")?;
        let subject = u32::try_from(subject).map_err(|_| format!("a subject has the number {subject}"))?;
        let refused = |error: SequenceError| format!("{steps} x {channels}: {error}");
        Ok(Recording::new(channels, values, class).map_err(refused)?.of_subject(subject))
    };
    let recordings = labelled.map(recording).collect::<Result<Vec<_>, String>>()?;
    Ok(WatchFile { exercises, recordings })
}

/// The pickled object within a file of NumPy's format 1.0.
fn object(bytes: &[u8]) -> Result<&[u8], String> {
    let header = bytes.strip_prefix(b"\x93NUMPY\x01\x00").ok_or("it is no file of NumPy's format 1.0")?;
    let cut = || "it ends within its header".to_string();
    let (length, header) = header.split_first_chunk().ok_or_else(cut)?;
    let (header, object) = header.split_at_checked(u16::from_le_bytes(*length).into()).ok_or_else(cut)?;
    if String::from_utf8_lossy(header).contains("'descr': '|O'") {
        Ok(object)
    } else {
        Err("it has no pickled object".into())
    }
}

/// NumPy's arrays within a pickle.
struct Arrays<'a>(&'a Pickle);

/// An array as it is stored.
struct Array<'a> {
    shape: Vec<usize>,
    /// The type of an element: `f8`, `i8`.
    kind: &'a str,
    by_columns: bool,
    /// The stored elements.
    elements: &'a Node,
}

impl<'a> Arrays<'a> {
    /// The dictionary that the file's array of one object holds.
    fn content(&self) -> Result<&'a Node, String> {
        match self.array(self.0.root())?.elements {
            Node::List(items) if items.len() == 1 => Ok(self.0.node(items[0])),
            _ => Err("it has no array of one object".into()),
        }
    }

    /// An array: `_reconstruct(...)` with the state (version, shape, type, whether by columns, elements).
    fn array(&self, node: &'a Node) -> Result<Array<'a>, String> {
        let array = || {
            let Node::Call { function, state: Some(state), .. } = node else { return None };
            let Node::Global(name) = self.0.node(*function) else { return None };
            let Node::Tuple(state) = self.0.node(*state) else { return None };
            let [_, shape, kind, by_columns, elements] = state[..] else { return None };
            let (Node::Tuple(shape), Node::Call { arguments, .. }) = (self.0.node(shape), self.0.node(kind)) else {
                return None;
            };
            let size = |node: &Node| if let Node::Integer(size) = node { usize::try_from(*size).ok() } else { None };
            let Node::Tuple(arguments) = self.0.node(*arguments) else { return None };
            let Node::Text(kind) = self.0.node(*arguments.first()?) else { return None };
            name.ends_with("._reconstruct").then_some(Array {
                shape: self.0.all(shape).map(size).collect::<Option<_>>()?,
                kind,
                by_columns: matches!(self.0.node(by_columns), Node::Integer(1)),
                elements: self.0.node(elements),
            })
        };
        array().ok_or_else(|| "an array is missing".to_string())
    }

    /// The elements of an array, 8 bytes each, which Python 2 pickled as `_codecs.encode(text, "latin1")`.
    fn elements(&self, array: &Array, kind: &str) -> Result<Vec<[u8; 8]>, String> {
        let text = || {
            let Node::Call { arguments, .. } = array.elements else { return None };
            let Node::Tuple(arguments) = self.0.node(*arguments) else { return None };
            let Node::Text(text) = self.0.node(*arguments.first()?) else { return None };
            text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>()
        };
        let bytes = text().ok_or("an array has no elements")?;
        let (elements, rest) = bytes.as_chunks();
        let count = array.shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size));
        if array.kind != kind || !rest.is_empty() || count != Some(elements.len()) {
            let (found, length) = (array.kind, bytes.len());
            return Err(format!(
                "{length} bytes of '{found}' have the shape {:?}, but must be of '{kind}'",
                array.shape
            ));
        }
        Ok(elements.to_vec())
    }

    fn integers(&self, node: &'a Node) -> Result<Vec<i64>, String> {
        Ok(self.elements(&self.array(node)?, "i8")?.into_iter().map(i64::from_le_bytes).collect())
    }

    /// Rows, columns, and the values row by row.
    fn matrix(&self, node: &'a Node) -> Result<(usize, usize, Vec<f32>), String> {
        let array = self.array(node)?;
        let [rows, columns] = array.shape[..] else {
            return Err(format!("a recording has the shape {:?}, but must have steps x channels", array.shape));
        };
        let elements = self.elements(&array, "f8")?;
        let value = |row: usize, column: usize| {
            let place = if array.by_columns { column * rows + row } else { row * columns + column };
            f64::from_le_bytes(elements[place]) as f32
        };
        let values = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        Ok((rows, columns, values.map(|(row, column)| value(row, column)).collect()))
    }

    fn texts(&self, node: &Node) -> Result<Vec<String>, String> {
        let Node::List(items) = node else { return Err("it has no list of names".into()) };
        let text = |node: &Node| if let Node::Text(text) = node { Some(text.clone()) } else { None };
        self.0.all(items).map(text).collect::<Option<_>>().ok_or_else(|| "a name is no text".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two recordings of a channel or two, as Python 2 would have pickled them.
    fn small() -> Vec<u8> {
        let text = |text: &str| {
            let length = u32::try_from(text.len()).unwrap().to_le_bytes();
            [b"X", &length[..], text.as_bytes()].concat()
        };
        let array = |shape: &[u8], kind: &str, by_columns: bool, elements: &[u8]| {
            let shape: Vec<u8> = shape.iter().flat_map(|&size| [b'K', size]).collect();
            let latin: String = elements.iter().copied().map(char::from).collect();
            let kind = [b"cnumpy\ndtype\n", &text(kind)[..], b"\x85R"].concat();
            let elements = [b"c_codecs\nencode\n", &text(&latin)[..], &text("latin1"), b"\x86R"].concat();
            let order = if by_columns { b"\x88" } else { b"\x89" };
            let state = [b"(K\x01(", &shape[..], b"t", &kind, order, &elements, b"tb"].concat();
            [b"cnumpy.core.multiarray\n_reconstruct\n)R", &state[..]].concat()
        };
        let reals = |values: &[f64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let integers = |values: &[i64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let recordings = [
            array(&[3, 2], "f8", true, &reals(&[1.0, 2.0, 3.0, -1.0, -2.0, -3.0])),
            array(&[2, 2], "f8", false, &reals(&[0.5, -0.5, 0.25, -0.25])),
        ];
        let entries = [
            [text("X"), [b"](", &recordings.concat()[..], b"e"].concat()],
            [text("y"), array(&[2], "i8", false, &integers(&[1, 0]))],
            [text("subject"), array(&[2], "i8", false, &integers(&[3, 9]))],
            [text("y_labels"), [b"](", &text("PEN")[..], &text("ABD"), b"e"].concat()],
        ];
        let content = [b"](}(", &entries.concat().concat()[..], b"ue"].concat();
        let object = [
            &b"cnumpy.core.multiarray\n_reconstruct\n)R(K\x01)"[..],
            b"cnumpy\ndtype\n",
            &text("O8"),
            b"\x85R\x89",
            &content,
            b"tb.",
        ];
        let header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }\n";
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), &object.concat()].concat()
    }

    #[test]
    fn recordings_are_read_by_columns_and_by_rows() {
        let file = parse(&small()).unwrap();
        assert_eq!(file.exercises, ["PEN", "ABD"]);
        let [first, second] = &file.recordings[..] else { panic!("{file:?}") };
        assert_eq!(first.values(), [1.0, -1.0, 2.0, -2.0, 3.0, -3.0]);
        assert_eq!(second.values(), [0.5, -0.5, 0.25, -0.25]);
        assert_eq!(
            ((first.class, first.subject), (second.class, second.subject)),
            ((Some(1), Some(3)), (Some(0), Some(9)))
        );
    }

    #[test]
    fn people_are_kept_apart() {
        let set = parse(&small()).unwrap().windows(Windows { steps: 2, hop: 1 }).unwrap();
        assert_eq!((set.train.len(), set.validation.len(), set.test.len()), (2, 0, 1));
        assert!(set.train.iter().all(|recording| recording.subject == Some(3)));
        assert!(parse(&small()).unwrap().windows(Windows { steps: 0, hop: 1 }).is_err());
    }

    #[test]
    fn no_torn_file_is_read() {
        let whole = small();
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let changed = |from: &[u8], to: &[u8]| {
            let mut bytes = small();
            let place = bytes.windows(from.len()).position(|window| window == from).unwrap();
            bytes.splice(place..place + from.len(), to.iter().copied());
            parse(&bytes).unwrap_err()
        };
        assert!(changed(b"NUMPY\x01", b"NUMPY\x02").contains("format 1.0"));
        assert!(changed(b"'|O'", b"'f8'").contains("no pickled object"));
        assert!(changed(b"K\x03K\x02", b"K\x04K\x02").contains("[4, 2]"));
        assert!(changed(b"f8", b"f4").contains("'f4'"));
        assert!(changed(b"y_labels", b"Y_labels").contains("'y_labels'"));
        assert!(changed(&1i64.to_le_bytes(), &2i64.to_le_bytes()).contains("has no name"));
    }
}
