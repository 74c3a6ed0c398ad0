//! Models to keep: of each task the one of the seed that validation chooses, of the row `qmann` at 10k.

use std::path::{Path, PathBuf};

use engram_memnet::Model;

use super::aggregate::chosen;
use super::ledger::{Finished, Ledger};
use super::row::Size;
use engram_session::Failure;

/// The row and size whose models are exported.
pub const ROW: (&str, Size) = ("qmann", Size::K10);

/// Copies the models to `qa1.safetensors` and so on, of the tasks that have one. Gives the files.
pub fn export(cells: &[Finished], ledger: &Ledger, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut tasks: Vec<u8> = cells.iter().map(|cell| cell.task).collect();
    tasks.sort_unstable();
    tasks.dedup();
    if tasks.is_empty() {
        let (row, size) = ROW;
        let text =
            format!("no cell of row {row} at {size} is finished; run `engram results --sizes {size} --rows {row}`");
        return Err(Failure::Input(text).into());
    }
    let make = std::fs::create_dir_all(folder);
    make.map_err(|error| Failure::Input(format!("cannot make {}: {error}", folder.display())))?;
    let mut files = Vec::new();
    for task in tasks {
        let Some(cell) = chosen(cells.iter().filter(|cell| cell.task == task)) else { continue };
        // Read and written rather than copied: what is exported is whole.
        let model = Model::load(&ledger.model(cell.named()))?;
        let path = folder.join(format!("qa{task}.safetensors"));
        model.save(&path)?;
        files.push(path);
    }
    Ok(files)
}
