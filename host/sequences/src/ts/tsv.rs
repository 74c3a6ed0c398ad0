//! Reader of `.tsv` files, the form of the UCR archive of 2018: a recording of one channel a line, its class first, its values behind it,
//! with tabs between. Shorter recordings end in missing values.

use engram_babi::encoding::{Fault, shown};

use super::{TsFile, Wrong, value, wrong};
use crate::error::Malformation;
use crate::recording::Recording;

/// Reads the text of a file. Classes are in ascending order, as numbers where all are numbers.
pub(super) fn parse(text: &str) -> Result<TsFile, Fault<Malformation>> {
    let mut read: Vec<(String, Vec<f32>)> = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let labelled = of_line(line);
        read.push(labelled.map_err(|Wrong { column, reason }| Fault { line: index + 1, column, reason })?);
    }
    let classes = ascending(read.iter().map(|(label, _)| label.clone()).filter(|label| label != "?").collect());
    let recordings: Result<Vec<Recording>, _> = read
        .into_iter()
        .map(|(label, values)| Recording::new(1, values, classes.iter().position(|class| *class == label)))
        .collect();
    match recordings {
        Ok(recordings) if !recordings.is_empty() => {
            Ok(TsFile { name: String::new(), classes, channels: 1, recordings, notes: Vec::new() })
        }
        _ => Err(Fault { line: 1, column: 1, reason: Malformation::NoRecordings }),
    }
}

/// The class and the values of a line.
fn of_line(line: &str) -> Result<(String, Vec<f32>), Wrong> {
    let (label, values) = line.split_once('\t').unwrap_or((line, ""));
    if label.trim().is_empty() {
        return Err(wrong(line, line, Malformation::NoFirstClass(shown(line))));
    }
    let mut values = values.split('\t').map(|text| value(line, text, true)).collect::<Result<Vec<f32>, Wrong>>()?;
    let steps = values.iter().rposition(|value| !value.is_nan()).map_or(0, |last| last + 1);
    if steps == 0 {
        return Err(wrong(line, line, Malformation::NoValues));
    }
    values.truncate(steps);
    Ok((label.trim().to_string(), values))
}

/// Names without doubles, in ascending order.
fn ascending(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    if let Some(numbers) = numbers {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|&one, &other| numbers[one].total_cmp(&numbers[other]));
        names = order.into_iter().map(|place| names[place].clone()).collect();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_recording() {
        let file = parse("10\t1\t2.5\tNaN\t-3e-1\n-1\t0\tNaN\tNaN\n\n2\t4\t5\n?\t1\n").unwrap();
        assert_eq!((file.classes, file.channels), (vec!["-1".to_string(), "2".to_string(), "10".to_string()], 1));
        let classes: Vec<Option<usize>> = file.recordings.iter().map(|recording| recording.class).collect();
        assert_eq!(classes, [Some(2), Some(0), Some(1), None]);
        let lengths: Vec<usize> = file.recordings.iter().map(Recording::len).collect();
        assert_eq!(lengths, [4, 1, 2, 1], "missing values at the end are no steps");
        assert!(file.recordings[0].values()[2].is_nan());
        assert_eq!(ascending(["b", "a", "b"].map(String::from).to_vec()), ["a", "b"]);
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, line, column, what) in [
            ("1\t2\n1\tx\n", 2, 3, "'x'"),
            ("\t2\n", 1, 1, "must begin with a class"),
            ("1\t\tNaN\n", 1, 1, "the recording has no value"),
            ("1\tinf\n", 1, 3, "'inf'"),
            ("\n", 1, 1, "no recordings"),
        ] {
            let fault = parse(text).unwrap_err();
            let said = fault.reason.to_string();
            assert_eq!((fault.line, fault.column), (line, column), "{text:?}: {said}");
            assert!(said.contains(what), "{text:?}: {said}");
        }
    }
}
