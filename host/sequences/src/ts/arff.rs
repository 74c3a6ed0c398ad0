//! Reader of `.arff` files, the form of Weka in which the UCR and UEA archives come, too. The last attribute is the class. A recording of
//! one channel is a line of values; of several channels the first field is quoted, with `\n` between the channels.

use engram_babi::encoding::{Fault, shown};

use super::{TsFile, Wrong, class_of, of_channels, value, wrong};
use crate::error::Malformation;
use crate::recording::Recording;

/// Reads the text of a file.
pub(super) fn parse(text: &str) -> Result<TsFile, Fault<Malformation>> {
    let (mut name, mut classes, mut in_data, mut last) = (String::new(), None, false, 1);
    let mut recordings: Vec<Recording> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        last = index + 1;
        let at = |Wrong { column, reason }| Fault { line: index + 1, column, reason };
        let content = line.trim();
        if content.is_empty() || content.starts_with('%') {
            continue;
        }
        if in_data {
            let channels = recordings.first().map(Recording::channels);
            recordings.push(of_line(line, classes.as_deref().unwrap_or_default(), channels).map_err(at)?);
            continue;
        }
        let (tag, rest) = content.split_once(char::is_whitespace).unwrap_or((content, ""));
        match tag.to_lowercase().as_str() {
            "@relation" => name = unquoted(rest.trim()).to_string(),
            // The last attribute counts; those of values, and of a relation of them, have types without braces.
            "@attribute" => classes = nominal(rest),
            "@data" => {
                if classes.is_none() {
                    return Err(at(wrong(line, content, Malformation::Regression)));
                }
                in_data = true;
            }
            "@end" => {}
            _ => return Err(at(wrong(line, content, Malformation::NoTag(shown(content))))),
        }
    }
    let Some(channels) = recordings.first().map(Recording::channels) else {
        let reason = if in_data { Malformation::NoRecordings } else { Malformation::NoData };
        return Err(Fault { line: last, column: 1, reason });
    };
    Ok(TsFile { name, classes: classes.unwrap_or_default(), channels, recordings, notes: Vec::new() })
}

/// The names of a nominal attribute, `name {a, b}`; `None` of another.
fn nominal(attribute: &str) -> Option<Vec<String>> {
    let (_, names) = attribute.split_once('{')?;
    let names = names.split_once('}').map_or(names, |(names, _)| names);
    Some(names.split(',').map(|name| unquoted(name.trim()).to_string()).collect())
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}

/// A recording out of a line.
fn of_line(line: &str, classes: &[String], channels: Option<usize>) -> Result<Recording, Wrong> {
    let unlabelled = || wrong(line, &line[line.len()..], Malformation::NoLastClass(shown(line.trim())));
    let (values, label) = line.rsplit_once(',').ok_or_else(unlabelled)?;
    let label = label.trim();
    let class = class_of(classes, unquoted(label)).map_err(|reason| wrong(line, label, reason))?;
    let values = unquoted(values.trim());
    let value = |text: &str| value(line, text, true);
    let series: Vec<&str> = values.split("\\n").collect();
    if let Some(expected) = channels.filter(|&expected| expected != series.len()) {
        return Err(wrong(line, values, Malformation::Dimensions { found: series.len(), expected }));
    }
    let mut read =
        series.iter().map(|text| text.split(',').map(value).collect()).collect::<Result<Vec<Vec<f32>>, _>>()?;
    // Missing values at the end of all channels are the end of a shorter recording.
    let steps = read.iter().filter_map(|values| values.iter().rposition(|value| !value.is_nan())).max();
    let steps = steps.map_or(0, |last| last + 1);
    read.iter_mut().for_each(|channel| channel.truncate(steps.max(1)));
    of_channels(line, values, &series, &read, class)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "% UCR\n@relation 'Small set'\n@attribute att0 numeric\n@attribute 'att 1' real\n@attribute target {1, 2}\n\n@data\n1,2.5,2\n?,-1,1\n3,?,?\n";
    const TWO: &str = "@RELATION Two\n@ATTRIBUTE relationalAtt relational\n@attribute att0 numeric\n@attribute att1 numeric\n@end relationalAtt\n@attribute activity {still,'moving about'}\n@DATA\n'1.0,2.0\\n3.0,4.0',still\n\"5,?\\n7,?\",'moving about'\n";

    #[test]
    fn both_forms_are_read() {
        let file = parse(ONE).unwrap();
        assert_eq!((file.name.as_str(), file.classes.len(), file.channels), ("Small set", 2, 1));
        let classes: Vec<Option<usize>> = file.recordings.iter().map(|recording| recording.class).collect();
        assert_eq!(classes, [Some(1), Some(0), None]);
        assert_eq!(file.recordings.iter().map(Recording::len).collect::<Vec<_>>(), [2, 2, 1]);
        let file = parse(TWO).unwrap();
        assert_eq!((file.channels, file.classes[1].as_str()), (2, "moving about"));
        assert_eq!(file.recordings[0].values(), [1.0, 3.0, 2.0, 4.0]);
        assert_eq!(file.recordings[1].values(), [5.0, 7.0]);
    }

    #[test]
    fn a_fault_has_its_place() {
        for (from, to, line, what) in [
            ("{1, 2}", "numeric", 7, "regression"),
            ("2.5,2", "2.5,3", 8, "'3'"),
            ("1,2.5", "1,two", 8, "'two'"),
            ("@data\n1,2.5,2\n?,-1,1\n3,?,?\n", "", 6, "@data"),
            ("1,2.5,2\n?,-1,1\n3,?,?\n", "", 7, "no recordings"),
            ("?,-1,1", "?,?,1", 9, "no value"),
            ("@relation", "relation", 2, "relation"),
        ] {
            let fault = parse(&ONE.replace(from, to)).unwrap_err();
            let said = fault.reason.to_string();
            assert!(fault.line == line && said.to_lowercase().contains(what), "{to:?}: line {}: {said}", fault.line);
        }
        let uneven = parse(&TWO.replace("3.0,4.0", "3.0")).unwrap_err();
        assert_eq!((uneven.line, uneven.reason.to_string().contains("dimension 2")), (8, true), "{}", uneven.reason);
        let other = parse(&TWO.replace("\\n7,?", "")).unwrap_err();
        assert_eq!(other.line, 9);
    }
}
