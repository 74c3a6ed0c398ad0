//! Folders in which tools work.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::temporary::{PREFIX, locked, sweep};
use crate::writer::create_folder;

/// A temporary folder, which goes when it is dropped; if the process is killed, with the next one in the same place.
#[derive(Debug)]
pub struct Work {
    folder: TempDir,
    _lock: File,
}

impl Work {
    /// A folder within another, which is made where it is missing. On one file system, so that results can be renamed out of it.
    pub fn within(folder: &Path) -> io::Result<Work> {
        create_folder(folder)?;
        sweep(folder);
        let (folder, lock) = locked(|| TempDir::with_prefix_in(PREFIX, folder), |made| made.path())?;
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

    #[test]
    fn a_folder_that_a_killed_process_left_goes_and_one_in_use_stays() {
        let place = tempfile::tempdir().unwrap();
        let left = place.path().join(".engram-left");
        fs::create_dir_all(left.join("inner")).unwrap();
        fs::write(place.path().join(".engram-file"), "half").unwrap();
        fs::write(place.path().join("own.txt"), "the user's").unwrap();
        let first = Work::within(place.path()).unwrap();
        assert!(!left.exists() && !place.path().join(".engram-file").exists());
        let second = Work::within(place.path()).unwrap();
        assert!(first.path().is_dir() && second.path().is_dir());
        drop((first, second));
        let names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["own.txt"]);
    }

    /// As `--out` folders may be links: what they point to is the user's.
    #[cfg(unix)]
    #[test]
    fn a_link_of_a_temporary_name_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("kept"), "").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), place.path().join(".engram-link")).unwrap();
        drop(Work::within(place.path()).unwrap());
        assert!(elsewhere.path().join("kept").exists());
    }
}
