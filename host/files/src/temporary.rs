//! Temporary files and folders: locked as long as their process lives, so that those of a killed process are known.
//!
//! A file system without locks, as some that machines share, keeps what a killed process leaves: the lock serves tidiness alone.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempDir};

/// The beginning of every temporary name.
const PREFIX: &str = ".engram-";
/// The number of random letters and digits that follow.
const RANDOM: usize = 12;
/// The ends of the names of files and of folders.
const FILE: &str = ".part";
const FOLDER: &str = ".work";

/// The builder of temporary names with an end.
fn builder(end: &str) -> Builder<'_, '_> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM).suffix(end);
    builder
}

/// Whether a name has the form of temporary ones, which nobody gives a file of one's own.
fn is_temporary(name: &str, end: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(end));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A file in a folder. Temporary files are for their owner alone; these have what the umask leaves of reading and writing for all.
pub fn file(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let mut builder = builder(FILE);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder)?;
        let _ = file.as_file().lock();
        // Before the lock, another process may have taken it for a killed one's.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// A folder in a folder, and its lock.
pub fn folder(within: &Path) -> io::Result<(TempDir, File)> {
    loop {
        let folder = builder(FOLDER).tempdir_in(within)?;
        let lock = match File::open(folder.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            lock => lock?,
        };
        let _ = lock.lock();
        if folder.path().exists() {
            return Ok((folder, lock));
        }
    }
}

/// Takes the temporary files and folders away that killed processes left in a folder. What cannot be taken away stays.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        let is_file = kind.is_file() && is_temporary(&name, FILE);
        let is_folder = kind.is_dir() && is_temporary(&name, FOLDER);
        let opened = match (is_file, is_folder) {
            (true, _) => OpenOptions::new().write(true).open(&path),
            (_, true) => File::open(&path),
            _ => continue,
        };
        // Locked until it is gone: whoever made it a moment ago waits for the lock, and then sees that it is gone.
        let Ok(lock) = opened else { continue };
        if lock.try_lock().is_ok() {
            let _ = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_processes_left_goes_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        let left = [".engram-abcdefGHIJ12.part", ".engram-abcdefGHIJ12.work"];
        fs::write(at(left[0]), "half").unwrap();
        fs::create_dir_all(at(left[1]).join("inner")).unwrap();
        let own = [".engram-notes", ".engram-abcdefGHIJ1.part", ".engram-abcdefGHI_12.part", "engram.part"];
        own.iter().for_each(|name| fs::write(at(name), "the user's").unwrap());
        fs::create_dir(at(".engram-d")).unwrap();
        let (held, (work, _lock)) = (file(place.path()).unwrap(), folder(place.path()).unwrap());
        sweep(place.path());
        assert!(left.iter().all(|name| !at(name).exists()));
        assert!(own.iter().all(|name| at(name).exists()) && at(".engram-d").exists());
        assert!(held.path().exists() && work.path().exists(), "what is in use stays");
    }

    /// Many processes that make and sweep at once lose nothing.
    #[test]
    fn making_and_sweeping_go_together() {
        let place = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for number in 0..100 {
                        sweep(place.path());
                        let file = file(place.path()).unwrap();
                        let kept = place.path().join(format!("{number}"));
                        file.persist(&kept).unwrap();
                        assert!(folder(place.path()).unwrap().0.path().is_dir());
                    }
                });
            }
        });
    }
}
