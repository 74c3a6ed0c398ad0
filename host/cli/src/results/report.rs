//! What all campaigns tell and write: the cells that are to be done, and a report with its figures.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::document::Block;
use super::files::write_whole;
use super::markdown::markdown;
use super::runner::{Cell, Failed, seconds, time};
use crate::console::Console;
use engram_session::Failure;

/// The cells that are to be done.
#[derive(Debug, Serialize)]
pub struct Planned<'a, C> {
    finished: usize,
    estimated_seconds: f64,
    cells: &'a [C],
}

impl<C: Cell> Planned<'_, C> {
    /// These, beside so many that are finished.
    pub fn new(cells: &[C], finished: usize) -> Planned<'_, C> {
        Planned { finished, estimated_seconds: seconds(cells), cells }
    }
}

impl<C: Cell> fmt::Display for Planned<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cell in self.cells {
            writeln!(f, "{:>12}  {}", time(cell.estimated_seconds()), cell.name())?;
        }
        let all = time(self.estimated_seconds);
        write!(f, "{} cells to do, about {all} of processor time; {} are finished", self.cells.len(), self.finished)
    }
}

/// Says how long cells will take.
pub fn note<C: Cell>(console: &Console, cells: &[C]) {
    if !cells.is_empty() {
        let all = time(seconds(cells));
        console.note(format!("{} cells, about {all} of processor time; it may be interrupted", cells.len()));
    }
}

/// How a campaign of recurrent networks came out.
#[derive(Debug, Default, Serialize)]
pub struct Done {
    pub trained: usize,
    pub finished_before: usize,
    pub failed: Vec<String>,
    pub cpu_seconds: f64,
    pub files: Vec<PathBuf>,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Done { trained, finished_before, cpu_seconds, files, .. } = self;
        let all = time(*cpu_seconds);
        write!(f, "{trained} cells done, {finished_before} finished before; {all} of processor time in all")?;
        files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl Done {
    /// Counts the cells of a run, of which some failed.
    pub fn count(&mut self, console: &Console, cells: usize, failed: Vec<Failed>) {
        for Failed { cell, error } in &failed {
            console.warn(format!("{cell}: {error:#}"));
        }
        self.trained = cells - failed.len();
        self.failed = failed.into_iter().map(|failed| failed.cell).collect();
    }

    /// Tells it; cells that failed are a check that failed.
    pub fn tell(&self, console: &Console) -> anyhow::Result<()> {
        console.report(self)?;
        match self.failed.len() {
            0 => Ok(()),
            count => Err(Failure::Check(format!("{count} cells failed; the others are kept and reported")).into()),
        }
    }
}

/// Writes a report as Markdown beside the folder that its numbers lie in, and its figures into it. Gives the report's file.
pub fn write(blocks: &[Block], title: &str, folder: &Path, path: &Path) -> anyhow::Result<PathBuf> {
    for block in blocks {
        if let Block::Figure(figure) = block {
            write_whole(&folder.join(&figure.file), &figure.svg)?;
        }
    }
    let within = folder.file_name().map(Path::new).unwrap_or(Path::new("."));
    write_whole(path, &markdown(title, blocks, &within.display().to_string()))?;
    Ok(path.to_path_buf())
}
