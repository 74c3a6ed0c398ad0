//! Reader of `.ts` files, the text format of the UCR and UEA archives of time series.
//!
//! Tags (`@problemName`, `@univariate`, `@dimensions`, `@classLabel`, ...) stand before `@data`, one recording a line behind
//! it: channels between colons, their values between commas, the class at the end; `?` where a value is missing. Recordings
//! may differ in length, the channels of one may not. Lines that begin with `#` are comments. The format is described in
//! Middlehurst et al., "aeon: a Python toolkit for learning from time series", 2024, and the documentation of aeon.

use std::fs;
use std::path::Path;

use crate::error::{Malformation, SequenceError};
use crate::recording::{Recording, SequenceSet};

/// The content of a `.ts` file.
#[derive(Clone, Debug, PartialEq)]
pub struct TsFile {
    /// The name that the file gives the data; empty where it gives none.
    pub name: String,
    /// The names of the classes, in the order of the file.
    pub classes: Vec<String>,
    /// How many channels every recording has.
    pub channels: usize,
    /// The recordings in order: at least one. Missing values are NaN.
    pub recordings: Vec<Recording>,
}

/// Reads a file.
pub fn read(path: impl AsRef<Path>) -> Result<TsFile, SequenceError> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(SequenceError::io(path))?;
    // Comments of the archives are not all UTF-8; a value that is not is refused as no number.
    let text = String::from_utf8_lossy(&bytes);
    parse(&text).map_err(|(line, reason)| SequenceError::Malformed { path: path.to_path_buf(), line, reason })
}

/// Reads a training file and its test file into a set, with nothing held out for validation yet.
pub fn read_set(train: impl AsRef<Path>, test: impl AsRef<Path>) -> Result<SequenceSet, SequenceError> {
    let path = test.as_ref();
    let [train, test] = [read(train)?, read(path)?];
    if train.classes != test.classes {
        let (path, found, expected) = (path.to_path_buf(), test.classes, train.classes);
        return Err(SequenceError::OtherClasses { path, found, expected });
    }
    SequenceSet::new(train.name, train.classes, train.recordings, test.recordings)
}

/// Reads the text of a file; an error comes with its line, counted from 1.
pub fn parse(text: &str) -> Result<TsFile, (usize, Malformation)> {
    let mut header = Header::default();
    let mut recordings: Vec<Recording> = Vec::new();
    let mut in_data = false;
    let mut last = 1;
    for (index, line) in text.lines().enumerate() {
        last = index + 1;
        let at = |reason| (index + 1, reason);
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if in_data {
            let channels = header.dimensions.or(recordings.first().map(Recording::channels));
            recordings.push(header.recording(line, channels).map_err(at)?);
        } else {
            in_data = header.tag(line).map_err(at)?;
        }
    }
    let Some(channels) = recordings.first().map(Recording::channels) else {
        return Err((last, if in_data { Malformation::NoRecordings } else { Malformation::NoData }));
    };
    Ok(TsFile { name: header.name, classes: header.classes, channels, recordings })
}

/// The header of the file: what its tags say.
#[derive(Debug, Default)]
struct Header {
    name: String,
    classes: Vec<String>,
    dimensions: Option<usize>,
    series_length: Option<usize>,
}

impl Header {
    /// Takes in a line before the data; true for the tag with which they begin.
    fn tag(&mut self, line: &str) -> Result<bool, Malformation> {
        let mut words = line.split_whitespace();
        let tag = words.next().unwrap_or_default();
        let values: Vec<&str> = words.collect();
        let refused = |expected| Malformation::Tag { tag: tag.to_string(), found: values.join(" "), expected };
        let yes = || match values.first().map(|value| value.to_lowercase()).as_deref() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(refused("true or false")),
        };
        let count = || match values.first().map(|value| value.parse()) {
            Some(Ok(count)) if count > 0 => Ok(Some(count)),
            _ => Err(refused("a number of at least 1")),
        };
        match tag.to_lowercase().as_str() {
            "@problemname" => self.name = values.join(" "),
            "@timestamps" if yes()? => return Err(refused("false: only evenly spaced values can be read")),
            "@univariate" if yes()? => self.dimensions = Some(1),
            "@dimensions" | "@dimension" => self.dimensions = count()?,
            "@serieslength" => self.series_length = count()?,
            "@classlabel" if yes()? && values.len() > 1 => {
                self.classes = values[1..].iter().map(|class| class.to_string()).collect();
            }
            "@classlabel" => return Err(refused("true and the names of the classes")),
            "@timestamps" | "@univariate" => {}
            "@missing" | "@equallength" => _ = yes()?,
            "@data" if self.classes.is_empty() => return Err(Malformation::NoClasses),
            "@data" => return Ok(true),
            _ => return Err(Malformation::UnknownTag(excerpt(line))),
        }
        Ok(false)
    }

    /// A recording out of a line of the data.
    fn recording(&self, line: &str, channels: Option<usize>) -> Result<Recording, Malformation> {
        let Some((values, class)) = line.rsplit_once(':') else {
            return Err(Malformation::NoLabel(excerpt(line)));
        };
        let label = class.trim();
        let Some(class) = self.classes.iter().position(|name| name == label) else {
            return Err(Malformation::UnknownClass { found: excerpt(label), classes: self.classes.clone() });
        };
        let series: Vec<Vec<f32>> = values.split(':').map(series).collect::<Result<_, _>>()?;
        if let Some(expected) = channels.filter(|&expected| expected != series.len()) {
            return Err(Malformation::Dimensions { found: series.len(), expected });
        }
        let steps = self.series_length.unwrap_or(series[0].len());
        if let Some(index) = series.iter().position(|values| values.len() != steps) {
            return Err(Malformation::Lengths { dimension: index + 1, found: series[index].len(), expected: steps });
        }
        let values = (0..steps).flat_map(|step| series.iter().map(move |values| values[step])).collect();
        Recording::new(series.len(), values, class).map_err(|_| Malformation::NoLabel(excerpt(line)))
    }
}

/// The values of one channel.
fn series(text: &str) -> Result<Vec<f32>, Malformation> {
    let value = |text: &str| match text.trim() {
        "?" | "NaN" => Ok(f32::NAN),
        text => match text.parse::<f32>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(Malformation::NotANumber(excerpt(text))),
        },
    };
    text.split(',').map(value).collect()
}

/// So much of a text as a message can show.
fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    shown
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

    fn refused(text: &str) -> (usize, String) {
        let (line, reason) = parse(text).unwrap_err();
        (line, reason.to_string())
    }

    fn changed(from: &str, to: &str) -> (usize, String) {
        assert!(SMALL.contains(from));
        refused(&SMALL.replacen(from, to, 1))
    }

    #[test]
    fn a_file_is_read() {
        let file = parse(SMALL).unwrap();
        assert_eq!((file.name.as_str(), file.channels), ("Small", 2));
        assert_eq!(file.classes, ["still", "moving"]);
        let first = &file.recordings[0];
        assert_eq!(first.values()[..4], [1.0, -1.0, 2.5, -2.0]);
        assert!(first.values()[4].is_nan() && first.values()[5] == -0.3);
        assert_eq!(
            file.recordings.iter().map(|recording| (recording.len(), recording.class)).collect::<Vec<_>>(),
            [(3, 1), (1, 0)]
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = |(line, reason): (usize, String), expected: (usize, &str)| {
            assert!(line == expected.0 && reason.contains(expected.1), "line {line}: {reason}");
        };
        told(changed("2.5", "2.5x"), (10, "'2.5x'"));
        told(changed("2.5", "inf"), (10, "'inf'"));
        told(changed("2.5", ""), (10, "''"));
        told(changed(":moving", ":running"), (10, "still, moving"));
        told(changed(",-3e-1", ""), (10, "dimension 2"));
        told(changed("0:1:still", "0:still"), (11, "has 1 dimensions, but must have 2"));
        told(changed("0:1:still", "0"), (11, "'0'"));
        told(changed("@dimensions 2", "@dimensions 3"), (10, "must have 3"));
        told(changed("@dimensions 2", "@seriesLength 3"), (11, "must have 3"));
        told(changed("@dimensions 2", "@dimensions none"), (5, "'none'"));
        told(changed("@timeStamps false", "@timeStamps true"), (3, "evenly spaced"));
        told(changed("@timeStamps false", "@timeStamps"), (3, "true or false"));
        told(changed("true still moving", "false"), (7, "@classLabel"));
        told(changed("true still moving", "true"), (7, "names of the classes"));
        told(changed("@classLabel true still moving", ""), (9, "@classLabel"));
        told(changed("@data", "@target true"), (9, "'@target true'"));
        told(changed("@data", ""), (10, "@data"));
        told(refused(""), (1, "@data"));
        told(refused(&SMALL[..SMALL.find("1,2.5").unwrap()]), (9, "no recordings"));
    }

    #[test]
    fn dimensions_need_not_be_told() {
        let file = parse(&SMALL.replace("@dimensions 2", "")).unwrap();
        assert_eq!(file.channels, 2);
        let (line, reason) = changed("@dimensions 2\n@equalLength false", "@univariate true");
        assert!(line == 9 && reason.contains("must have 1"), "{line} {reason}");
    }

    #[test]
    fn files_that_belong_together_have_the_same_classes() {
        let folder = tempfile::tempdir().unwrap();
        let [train, test] = ["train.ts", "test.ts"].map(|name| folder.path().join(name));
        fs::write(&train, SMALL).unwrap();
        fs::write(&test, SMALL).unwrap();
        let set = read_set(&train, &test).unwrap();
        assert_eq!((set.name.as_str(), set.train.len(), set.test.len()), ("Small", 2, 2));
        fs::write(&test, SMALL.replace("still moving", "moving still")).unwrap();
        assert!(read_set(&train, &test).unwrap_err().to_string().contains("moving, still"));
        fs::write(&test, "@data").unwrap();
        assert!(read_set(&train, &test).unwrap_err().to_string().contains("test.ts, line 1"));
        assert!(read_set(folder.path().join("none.ts"), &test).unwrap_err().to_string().contains("none.ts"));
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
