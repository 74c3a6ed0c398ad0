//! Reader of `.ts` files, the text format of the UCR and UEA archives of time series, and of their other forms, `.tsv` and `.arff`.
//!
//! Tags (`@problemName`, `@univariate`, `@dimensions`, `@classLabel`, ...) stand before `@data`, in any order and any case, one
//! recording a line behind it: channels between colons, their values between commas, the class at the end. A missing value
//! is `?`, `NaN` in any spelling, or nothing. Recordings may differ in length, the channels of one may not: a recording is an
//! array of channels and steps. Lines that begin with `#` or `%` are comments. Where the header and the recordings disagree,
//! the recordings count, and a note says so. A file without `@classLabel` has recordings without a class, as one recording
//! has whose class is `?`. The format is described in Middlehurst et al., "aeon: a Python toolkit for learning from time
//! series", 2024, and the documentation of aeon.

mod arff;
mod header;
mod set;
mod tsv;

use std::path::Path;

use engram_babi::encoding::{EncodingError, Fault, column, decode, invisible, read_bytes, shown};

use self::header::Header;
pub use self::set::{read_set, read_test};
use crate::error::{Malformation, SequenceError};
use crate::recording::Recording;

/// The most MiB of a file: more than any archive has, so that an endless file ends in an error.
const MEBIBYTES: u64 = 1024;

/// The content of a `.ts` file.
#[derive(Clone, Debug, PartialEq)]
pub struct TsFile {
    /// The name that the file gives the data; empty where it gives none.
    pub name: String,
    /// The names of the classes, in the order of the file; none where its recordings have no class.
    pub classes: Vec<String>,
    /// How many channels every recording has.
    pub channels: usize,
    /// The recordings in order: at least one. Missing values are NaN.
    pub recordings: Vec<Recording>,
    /// Notes on the file: unknown tags, and tags that say other than the recordings.
    pub notes: Vec<String>,
}

/// Reads a file.
pub fn read(path: impl AsRef<Path>) -> Result<TsFile, SequenceError> {
    let path = path.as_ref();
    let bytes = read_bytes(path, MEBIBYTES).map_err(SequenceError::io(path))?;
    if let Some(kind) = foreign(path) {
        return Err(SequenceError::NotTs { path: path.to_path_buf(), kind });
    }
    let text = match decode(&bytes) {
        // Comments of the archives are not all UTF-8; what is no comment is refused where it is not.
        Err(Fault { reason: EncodingError::NotUtf8(_), .. }) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        text => text.map_err(|fault| fault.map(Malformation::Encoding)),
    };
    let parse = match extension(path).as_deref() {
        Some("tsv") => tsv::parse,
        Some("arff") => arff::parse,
        _ => parse,
    };
    let file = text.and_then(|text| parse(&text));
    file.map_err(|fault| SequenceError::Malformed { path: path.to_path_buf(), fault })
}

/// The ending of a file's name, in small letters.
fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_lowercase())
}

/// The kind of a file that its name says to be none of these.
fn foreign(path: &Path) -> Option<&'static str> {
    match extension(path)?.as_str() {
        "csv" => Some("a table of values"),
        "npy" | "npz" => Some("a file of NumPy"),
        "json" | "parquet" | "mat" | "h5" | "hdf5" | "xls" | "xlsx" | "pkl" | "zip" | "gz" => Some("of another format"),
        _ => None,
    }
}

/// Reads the text of a file.
pub fn parse(text: &str) -> Result<TsFile, Fault<Malformation>> {
    let mut header = Header::default();
    let mut recordings: Vec<Recording> = Vec::new();
    let mut in_data = false;
    let mut last = 1;
    for (index, line) in text.lines().enumerate() {
        last = index + 1;
        let at = |Wrong { column, reason }| Fault { line: index + 1, column, reason };
        let begins = line.trim_start().chars().next();
        if matches!(begins, None | Some('#' | '%')) {
            continue;
        }
        let odd = invisible(line).map(|(column, c)| Wrong { column, reason: Malformation::Invisible(c) });
        let damaged = || Some(wrong(line, &line[line.find('\u{fffd}')?..], Malformation::NotUtf8));
        if let Some(wrong) = odd.or_else(damaged) {
            return Err(at(wrong));
        }
        if in_data {
            let channels = recordings.first().map(Recording::channels);
            recordings.push(recording(&header, line, channels).map_err(at)?);
        } else {
            in_data = header.tag(line, index + 1).map_err(at)?;
        }
    }
    let Some(channels) = recordings.first().map(Recording::channels) else {
        let reason = if in_data { Malformation::NoRecordings } else { Malformation::NoData };
        return Err(Fault { line: last, column: 1, reason });
    };
    let notes = header.notes(&recordings);
    Ok(TsFile { name: header.name, classes: header.classes, channels, recordings, notes })
}

/// A fault of a line, and the column where it is.
struct Wrong {
    column: usize,
    reason: Malformation,
}

/// The fault of a part of a line.
fn wrong(line: &str, part: &str, reason: Malformation) -> Wrong {
    Wrong { column: column(line, part), reason }
}

/// A recording out of a line of the data, of as many channels as others have.
fn recording(header: &Header, line: &str, channels: Option<usize>) -> Result<Recording, Wrong> {
    let begin = line.trim_start();
    if begin.starts_with('@') {
        return Err(wrong(line, begin, Malformation::TagBehindData(shown(begin))));
    }
    let (values, class) = match header.classes.as_slice() {
        [] => (line, None),
        classes => {
            let labelled = line.rsplit_once(':').filter(|(_, label)| !label.trim().is_empty());
            let (values, label) =
                labelled.ok_or_else(|| wrong(line, &line[line.len()..], Malformation::NoLabel(shown(begin))))?;
            (values, class_of(classes, label.trim()).map_err(|reason| wrong(line, label.trim(), reason))?)
        }
    };
    if let Some(place) = values.find('(') {
        return Err(wrong(line, &values[place..], Malformation::TimeStamps));
    }
    let is_labelled = !header.classes.is_empty();
    let value = |text: &str| value(line, text, is_labelled);
    let series: Vec<&str> = values.split(':').collect();
    if let Some(expected) = channels.filter(|&expected| expected != series.len()) {
        return Err(wrong(line, begin, Malformation::Dimensions { found: series.len(), expected }));
    }
    let read = series.iter().map(|text| text.split(',').map(value).collect()).collect::<Result<Vec<Vec<f32>>, _>>()?;
    of_channels(line, begin, &series, &read, class)
}

/// A value of a line, NaN where it is missing.
fn value(line: &str, text: &str, is_labelled: bool) -> Result<f32, Wrong> {
    match text.trim() {
        missing if is_missing(missing) => Ok(f32::NAN),
        text => match text.parse::<f32>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(wrong(line, text, Malformation::NotANumber { found: shown(text), is_labelled })),
        },
    }
}

/// A recording of the values of its channels, which are `series` of the line, from `begin` on.
fn of_channels(
    line: &str,
    begin: &str,
    series: &[&str],
    read: &[Vec<f32>],
    class: Option<usize>,
) -> Result<Recording, Wrong> {
    let steps = read[0].len();
    if let Some(index) = read.iter().position(|values| values.len() != steps) {
        let reason = Malformation::Lengths { dimension: index + 1, found: read[index].len(), expected: steps };
        return Err(wrong(line, series[index], reason));
    }
    if read.iter().flatten().all(|value| value.is_nan()) {
        return Err(wrong(line, begin, Malformation::NoValues));
    }
    let steps = (0..steps).flat_map(|step| read.iter().map(move |values| values[step]));
    Recording::new(read.len(), steps.collect(), class).map_err(|_| wrong(line, begin, Malformation::NoValues))
}

/// The number of a class; `None` for a recording whose class is not known.
fn class_of(classes: &[String], label: &str) -> Result<Option<usize>, Malformation> {
    let number = classes.iter().position(|name| name == label);
    match number {
        None if label == "?" => Ok(None),
        None => Err(Malformation::UnknownClass { found: shown(label), classes: classes.to_vec() }),
        number => Ok(number),
    }
}

/// Whether a value is one of the ways to write that there is none.
fn is_missing(text: &str) -> bool {
    let without_sign = text.strip_prefix(['+', '-']).unwrap_or(text);
    text.is_empty()
        || text == "?"
        || ["nan", "na", "n/a", "null", "none"].iter().any(|name| without_sign.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: &str = "\
# two channels, two recordings
@problemName Small
@timeStamps false
@univariate false
@dimensions 2
@equalLength false
@classLabel true still moving

@data
1,2.5,?:-1,-2,-3e-1:moving
0:1:still
";

    fn refused(text: &str) -> (usize, usize, String) {
        let Fault { line, column, reason } = parse(text).unwrap_err();
        (line, column, reason.to_string())
    }

    fn changed(from: &str, to: &str) -> (usize, usize, String) {
        assert!(SMALL.contains(from));
        refused(&SMALL.replacen(from, to, 1))
    }

    fn classes(file: &TsFile) -> Vec<Option<usize>> {
        file.recordings.iter().map(|recording| recording.class).collect()
    }

    #[test]
    fn a_file_is_read() {
        let file = parse(SMALL).unwrap();
        assert_eq!((file.name.as_str(), file.channels), ("Small", 2));
        assert_eq!(file.classes, ["still", "moving"]);
        let first = &file.recordings[0];
        assert_eq!(first.values()[..4], [1.0, -1.0, 2.5, -2.0]);
        assert!(first.values()[4].is_nan() && first.values()[5] == -0.3);
        assert_eq!(file.recordings.iter().map(Recording::len).collect::<Vec<_>>(), [3, 1]);
        assert_eq!((classes(&file), file.notes.len()), (vec![Some(1), Some(0)], 0));
    }

    #[test]
    fn what_is_wrong_is_explained_at_its_place() {
        let explained = |(line, column, reason): (usize, usize, String), expected: (usize, usize, &str)| {
            let is_as_expected = (line, column) == (expected.0, expected.1) && reason.contains(expected.2);
            assert!(is_as_expected, "line {line}, column {column}: {reason}; expected {expected:?}");
        };
        explained(changed("2.5", "2.5x"), (10, 3, "'2.5x'"));
        explained(changed("2.5", " inf"), (10, 4, "'inf'"));
        explained(changed("2.5", "(0,1)"), (10, 3, "time stamps are not supported"));
        explained(changed(":moving", ":running"), (10, 21, "still, moving"));
        explained(changed(",-3e-1", ""), (10, 9, "dimension 2 has 2 values, but dimension 1 has 3"));
        explained(changed("0:1:still", "0:still"), (11, 1, "has 1 dimensions, but the first has 2"));
        explained(changed("0:1:still", "0"), (11, 2, "'0'"));
        explained(changed("0:1:still", "0:1:"), (11, 5, "'0:1:'"));
        explained(changed("0:1:still", "?:nan:still"), (11, 1, "no value"));
        explained(changed("0:1:still", "@missing true"), (11, 1, "before @data"));
        explained(changed("0:1:still", "0:\u{7}1:still"), (11, 3, "U+0007"));
        explained(changed("0:1:still", "0:1:st\u{fffd}ll"), (11, 7, "UTF-8"));
        explained(changed("@dimensions 2", "@dimensions none"), (5, 13, "'none'"));
        explained(changed("@timeStamps false", "@timeStamps true"), (3, 1, "time stamps are not supported"));
        explained(changed("@timeStamps false", "@timeStamps"), (3, 12, "true or false"));
        explained(changed("@classLabel true still moving", "@targetLabel true"), (7, 1, "regression is not supported"));
        explained(changed("true still moving", "true"), (7, 13, "names of the classes"));
        explained(changed("true still moving", "true a b a"), (7, 13, "each once"));
        explained(changed("@data", "1,2:still"), (9, 1, "'1,2:still'"));
        explained(changed("@classLabel true still moving", ""), (10, 21, "the header has no @classLabel"));
        explained(changed("@data", ""), (10, 1, "@data"));
        explained(refused(""), (1, 1, "@data"));
        explained(refused(&SMALL[..SMALL.find("1,2.5").unwrap()]), (9, 1, "no recordings"));
    }

    #[test]
    fn a_missing_value_is_one_in_any_spelling() {
        for missing in ["?", "", " ", "NaN", "nan", "NAN", "-nan", "NA", "null"] {
            let file = parse(&format!("@classLabel true a\n@data\n1,{missing},3:a")).unwrap();
            let values = file.recordings[0].values();
            assert!(values.len() == 3 && values[1].is_nan() && values[2] == 3.0, "{missing}: {values:?}");
        }
    }

    #[test]
    fn tags_have_any_case_and_order_and_comments_stand_anywhere() {
        let text =
            "% one\n@CLASSLABEL\tTRUE still moving\n#two\n@Dimensions 2\n@data\n  % three\n1,2 :\t3,4 : still \n\n";
        let plain = parse("@classLabel true still moving\n@data\n1,2:3,4:still").unwrap();
        let file = parse(text).unwrap();
        assert_eq!((&file.recordings, file.notes.len()), (&plain.recordings, 0));
        let torn_comment = [b"#caf\xe9\n".as_slice(), text.as_bytes()].concat();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ts");
        for bytes in [torn_comment, format!("\u{feff}{text}").into_bytes(), text.replace('\n', "\r\n").into_bytes()] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path).unwrap().recordings, plain.recordings);
        }
        std::fs::write(&path, b"@classLabel true caf\xe9\n@data\n1:caf\xe9").unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(message.contains("a.ts, line 1, column 21") && message.contains("UTF-8"), "{message}");
    }

    #[test]
    fn a_header_that_contradicts_the_recordings_is_noted() {
        let notes = |header: &str| {
            let file = parse(&format!("{header}\n@classLabel true a\n@data\n1,2:3,?:a\n1:2:a")).unwrap();
            assert_eq!((file.channels, file.recordings.len()), (2, 2));
            file.notes
        };
        let noted = |header: &str, expected: &str| {
            let notes = notes(header);
            assert!(notes.len() == 1 && notes[0].contains(expected), "{notes:?}");
        };
        noted("@equalLength true", "line 1: the header says '@equalLength true', but the recordings have 1 to 2 steps");
        noted("@seriesLength 7", "1 to 2 steps");
        noted("@dimensions 3", "the recordings have 2 channels");
        noted("@univariate true", "the recordings have 2 channels");
        noted("@missing false", "1 values are missing");
        noted("@weather fine", "line 1: engram does not know the tag @weather");
        assert!(notes("@equalLength false\n@dimensions 2\n@missing true\n@univariate false").is_empty());
    }

    #[test]
    fn recordings_need_no_class() {
        let file = parse("@classLabel false\n@data\n1,2:3,4\n5:6").unwrap();
        assert_eq!((classes(&file), file.channels), (vec![None, None], 2));
        assert_eq!(parse("@data\n1,2:3,4\n5:6").unwrap().recordings, file.recordings);
        // What stands in parentheses is no time stamp in the name of a class.
        assert!(parse("@classLabel true walk(slow)\n@data\n1,2:walk(slow)").is_ok());
        let some = parse("@classLabel true a\n@data\n1,2:a\n5:?").unwrap();
        assert_eq!(classes(&some), [Some(0), None]);
    }

    #[test]
    fn other_formats_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            read(&path).unwrap_err().to_string()
        };
        let message = refused("a.csv", "1,2,3");
        assert!(message.contains("a table of values") && message.contains(".arff files only"), "{message}");
        let message = refused("a.ts", "@relation x\n@attribute y numeric");
        assert!(message.contains("line 1, column 1: the file is an ARFF file: give it a name"), "{message}");
    }

    #[test]
    fn the_archives_other_forms_are_read_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let recordings = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let file = read(&path).unwrap();
            (file.classes, file.recordings)
        };
        let ts = recordings("a.ts", "@classLabel true 1 2\n@data\n1,2.5:2\n3,?,4:1\n");
        assert_eq!(recordings("a.TSV", "2\t1\t2.5\tNaN\n1\t3\t5\t4\n").0, ts.0);
        let arff = "@relation a\n@attribute x real\n@attribute c {1,2}\n@data\n1,2.5,2\n3,5,4,1\n";
        assert_eq!(recordings("a.arff", arff), recordings("a.tsv", "2\t1\t2.5\n1\t3\t5\t4\n"));
    }

    proptest! {
        #[test]
        fn values_come_back(values in proptest::collection::vec(proptest::array::uniform2(-1e30f32..1e30), 1..20)) {
            let channel = |channel: usize| {
                values.iter().map(|step| step[channel].to_string()).collect::<Vec<_>>().join(",")
            };
            let text = format!("@classLabel true a\n@data\n{}:{}:a\n", channel(0), channel(1));
            let file = parse(&text).unwrap();
            prop_assert_eq!(file.recordings[0].values(), values.as_flattened());
        }

        #[test]
        fn no_torn_file_is_taken_for_a_whole_one(end in 0..SMALL.len() - 1) {
            // Only what is cut between recordings, or within a value's digits or the class, could pass: the class ends a line.
            if let Ok(file) = parse(&SMALL[..end]) {
                prop_assert_eq!(file.recordings.len(), 1);
            }
        }

        #[test]
        fn nothing_read_panics(text in "(@(data|classLabel true a|dimensions 2|univariate true)\n|[0-9,:?.a\n]{0,8}){0,8}") {
            if let Ok(file) = parse(&text) {
                prop_assert!(file.recordings.iter().all(|recording| recording.channels() == file.channels));
            }
        }
    }
}
