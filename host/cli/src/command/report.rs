//! `engram report`: the published results as a page of HTML.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::results::document::document;
use crate::results::files::write_whole;
use crate::results::page::page;
use crate::results::published::Published;

/// Of what, and where.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  engram report --results docs/results --out build/report.html

The page stands alone: tables, plots and style are inside it. `engram results` makes the results that it shows.")]
pub struct Report {
    /// The folder of the results.
    #[arg(long, value_name = "DIR", default_value = "docs/results")]
    pub results: PathBuf,
    /// The page.
    #[arg(long, value_name = "FILE.html", default_value = "build/report.html")]
    pub out: PathBuf,
}

/// What was written.
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
        let published = Published::read(&self.results)?;
        if published.sizes.is_empty() {
            let folder = self.results.display();
            let text =
                format!("{folder}: found no results, expected 1k.json or 10k.json; make them with `engram results`");
            return Err(Failure::Input(text).into());
        }
        write_whole(&self.out, &page(&document(&published)?))?;
        Ok(console.report(&Written { out: self.out.clone() })?)
    }
}
