//! `engram report`: the published results as a page of HTML.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::console::Console;
use crate::results::document::Block;
use crate::results::files::write_whole;
use crate::results::page::page;
use crate::results::{crossbar, memnet, memo};
use engram_session::Failure;

/// The arguments of `engram report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  engram report --results docs/results --out build/report.html

The page is a single file with its tables, plots and style. `engram results` makes the results that it shows.")]
pub struct Report {
    /// The folder of the results.
    #[arg(long, value_name = "DIR", default_value = "docs/results")]
    pub results: PathBuf,
    /// The page.
    #[arg(long, value_name = "FILE.html", default_value = "build/report.html")]
    pub out: PathBuf,
}

/// The page that was written.
#[derive(Debug, Serialize)]
struct Written {
    out: PathBuf,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.out.display())
    }
}

impl Report {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let memory = memnet::published::Published::read(&self.results)?;
        let lstm = crossbar::published::Published::read(&self.results)?;
        let memo = memo::published::Published::read(&self.results)?;
        if memory.sizes.is_empty() && lstm.sets.is_empty() && memo.sets.is_empty() {
            let folder = self.results.display();
            let text = format!(
                "{folder} has no results (1k.json, 10k.json, lstm.json or memo.json): make them with `engram results`"
            );
            return Err(Failure::Input(text).into());
        }
        let mut blocks = Vec::new();
        if !memory.sizes.is_empty() {
            blocks.push(Block::Heading(1, "Memory networks".to_string()));
            blocks.extend(memnet::document::document(&memory)?);
        }
        if !lstm.sets.is_empty() {
            blocks.push(Block::Heading(1, "The crossbar LSTM".to_string()));
            blocks.extend(crossbar::document::document(&lstm)?);
        }
        if !memo.sets.is_empty() {
            blocks.push(Block::Heading(1, "Fuzzy memoization".to_string()));
            blocks.extend(memo::document::document(&memo)?);
        }
        write_whole(&self.out, &page(&blocks))?;
        Ok(console.report(&Written { out: self.out.clone() })?)
    }
}
