//! Folders in which tools work.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::temporary::{folder, sweep};
use crate::writer::create_folder;

/// A temporary folder, which goes when it is dropped; if the process is killed, with the next one in the same place.
#[derive(Debug)]
pub struct Work {
    folder: TempDir,
    _lock: File,
}

impl Work {
    /// A folder within another, which is made where it is missing. On one file system, so that results can be renamed out of it.
    pub fn within(place: &Path) -> io::Result<Work> {
        create_folder(place)?;
        sweep(place);
        let (folder, lock) = folder(place)?;
        Ok(Work { folder, _lock: lock })
    }

    /// A folder where the system keeps temporary files.
    pub fn temporary() -> io::Result<Work> {
        Work::within(&std::env::temp_dir())
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// As `--out` folders may be links: what they point to is the user's.
    #[cfg(unix)]
    #[test]
    fn a_link_of_a_temporary_name_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("kept"), "").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), place.path().join(".engram-abcdefGHIJ12.work")).unwrap();
        drop(Work::within(place.path()).unwrap());
        assert!(elsewhere.path().join("kept").exists());
    }
}
