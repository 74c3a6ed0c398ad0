//! Temporary files and folders: locked as long as their process lives, so that those of a killed process are known.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// The beginning of every temporary name.
pub const PREFIX: &str = ".engram-";

/// Takes the temporary files and folders away that killed processes left in a folder. What cannot be taken away stays.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        // Only files and folders are locked: a link or a pipe of this name is not engram's.
        if !(kind.is_file() || kind.is_dir()) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() {
            let _ = if kind.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

/// Makes something temporary and locks it. Between its making and its lock, another process may take it for an orphan: then it is made
/// again.
pub fn locked<T>(mut make: impl FnMut() -> io::Result<T>, path: impl Fn(&T) -> &Path) -> io::Result<(T, File)> {
    loop {
        let made = make()?;
        let file = File::open(path(&made))?;
        file.lock()?;
        if path(&made).exists() {
            return Ok((made, file));
        }
    }
}
