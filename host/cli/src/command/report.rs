//! `engram report`: the results as a page of HTML.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;

use engram_files::Kind;
use engram_results::Campaign;
use engram_results::crossbar::Crossbar;
use engram_results::document::Block;
use engram_results::files::write_whole;
use engram_results::memnet::Memnet;
use engram_results::memo::Memo;
use engram_results::page::page;
use engram_session::Failure;
use serde::Serialize;

use super::results::PlaceArguments;
use crate::arguments::output::Overwrite;
use crate::arguments::typed;
use crate::console::Console;

/// The arguments of `engram report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  engram report --runs results --out build/report.html

The page is a single file with its tables, plots and style. `engram results` makes the lines that it shows.")]
pub struct Report {
    /// The folder of finished runs.
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub runs: PathBuf,
    /// The folder of recipes.
    #[arg(long, value_name = "DIR", default_value = "recipes")]
    pub recipes: PathBuf,
    /// The page.
    #[arg(long, value_name = "FILE.html", default_value = "build/report.html")]
    pub out: PathBuf,
    #[command(flatten)]
    pub overwrite: Overwrite,
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
        let words: [&dyn AsRef<OsStr>; 5] = [&"--generated", &"--recipes", &self.recipes, &"--runs", &self.runs];
        let places: PlaceArguments = typed(&words)?;
        let options = places.options();
        let lines = [Memnet::NAME, Crossbar::NAME, Memo::NAME].map(|name| options.ledger(name));
        self.overwrite.check_in_new(&self.out, Kind::Page, &lines)?;
        let documents = [
            ("Memory networks", Memnet::new(&options, console)?.document()?),
            ("The crossbar LSTM", Crossbar::new(&options, console)?.document()?),
            ("Fuzzy memoization", Memo::new(&options, console)?.document()?),
        ];
        let mut blocks = Vec::new();
        for (heading, document) in documents {
            let Some(document) = document else { continue };
            blocks.push(Block::Heading(1, heading.to_string()));
            blocks.extend(document);
        }
        if blocks.is_empty() {
            let runs = self.runs.display();
            let text = format!("{runs} has no finished runs: make their lines with `engram results`");
            return Err(Failure::Input(text).into());
        }
        write_whole(&self.out, &page(&blocks))?;
        Ok(console.report(&Written { out: self.out.clone() })?)
    }
}
