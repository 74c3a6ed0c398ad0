//! The header of a `.ts` file: its tags, and what of them the recordings contradict.

use engram_babi::encoding::{column, shown};

use super::{Wrong, wrong};
use crate::error::Malformation;
use crate::recording::Recording;

/// The content of the tags.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The name of the data.
    pub name: String,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// Claims of other tags about the recordings, to be compared with them.
    claims: Vec<Claim>,
    /// Notes on tags that are not known.
    unknown: Vec<String>,
}

/// A claim of a tag about the recordings.
#[derive(Debug)]
struct Claim {
    /// The line of the tag, and the tag as it is written.
    line: usize,
    text: String,
    what: Claimed,
}

#[derive(Debug)]
enum Claimed {
    Channels(usize),
    Steps(usize),
    EqualLength,
    NothingMissing,
}

impl Header {
    /// Takes in a line before the data; true for the tag with which they begin.
    pub fn tag(&mut self, line: &str, number: usize) -> Result<bool, Wrong> {
        let mut words = line.split_whitespace();
        let tag = words.next().unwrap_or_default();
        let values: Vec<&str> = words.collect();
        let found = || shown(&values.join(" "));
        let place = column(line, values.first().copied().unwrap_or(&line[line.trim_end().len()..]));
        let refused = |expected| {
            let reason = Malformation::Tag { tag: shown(tag), found: found(), expected };
            Wrong { column: place, reason }
        };
        let yes = || match values.first().map(|value| value.to_lowercase()).as_deref() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(refused("true or false")),
        };
        let count = || match values.first().map(|value| value.parse()) {
            Some(Ok(count)) if count > 0 => Ok(count),
            _ => Err(refused("a number of at least 1")),
        };
        if !tag.starts_with('@') {
            return Err(wrong(line, tag, Malformation::NoTag(shown(line.trim()))));
        }
        let mut claim = |what| {
            let text = shown(line.split_whitespace().collect::<Vec<_>>().join(" ").as_str());
            self.claims.push(Claim { line: number, text, what });
        };
        match tag.to_lowercase().as_str() {
            "@problemname" => self.name = values.join(" "),
            "@timestamps" if yes()? => return Err(wrong(line, tag, Malformation::TimeStamps)),
            "@targetlabel" if yes()? => return Err(wrong(line, tag, Malformation::Regression)),
            "@univariate" if yes()? => claim(Claimed::Channels(1)),
            "@dimensions" | "@dimension" => claim(Claimed::Channels(count()?)),
            "@serieslength" => claim(Claimed::Steps(count()?)),
            "@equallength" if yes()? => claim(Claimed::EqualLength),
            "@missing" if !yes()? => claim(Claimed::NothingMissing),
            "@classlabel" if yes()? => {
                let names: Vec<String> = values[1..].iter().map(|class| class.to_string()).collect();
                if names.is_empty() || (1..names.len()).any(|n| names[..n].contains(&names[n])) {
                    return Err(refused("true and the names of the classes, each once"));
                }
                self.classes = names;
            }
            "@classlabel" | "@timestamps" | "@targetlabel" | "@univariate" | "@missing" | "@equallength" => {}
            "@relation" | "@attribute" => return Err(wrong(line, tag, Malformation::Arff)),
            "@data" => return Ok(true),
            _ => {
                self.unknown
                    .push(format!("line {number}: engram does not know the tag {}, and left it out", shown(tag)));
            }
        }
        Ok(false)
    }

    /// Notes: tags that are not known, and tags that say other than the recordings.
    pub fn notes(&self, recordings: &[Recording]) -> Vec<String> {
        let lengths = || recordings.iter().map(Recording::len);
        let (shortest, longest) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        let steps = if shortest == longest { format!("{shortest}") } else { format!("{shortest} to {longest}") };
        let channels = recordings.first().map_or(0, Recording::channels);
        let missing = || recordings.iter().flat_map(Recording::values).filter(|value| value.is_nan()).count();
        let contradicted = |claim: &Claim| {
            let have = match claim.what {
                Claimed::Channels(claimed) if claimed != channels => format!("the recordings have {channels} channels"),
                Claimed::Steps(claimed) if (shortest, longest) != (claimed, claimed) => {
                    format!("the recordings have {steps} steps")
                }
                Claimed::EqualLength if shortest != longest => format!("the recordings have {steps} steps"),
                Claimed::NothingMissing if missing() > 0 => format!("{} values are missing", missing()),
                _ => return None,
            };
            let Claim { line, text, .. } = claim;
            Some(format!("line {line}: the header says '{text}', but {have}: engram reads them as they are"))
        };
        self.unknown.iter().cloned().chain(self.claims.iter().filter_map(contradicted)).collect()
    }
}
