//! What all campaigns tell and write: the cells that are to be done, and a report with its figures.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::document::Block;
use super::files::write_whole;
use super::markdown::markdown;
use super::runner::{Cell, seconds, time};

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
