//! Files that are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::temporary::{file, sweep};

/// The most symbolic links that are followed one after the other, as Linux does.
const LINKS: usize = 40;

/// Writes a file: whole or not at all, through symbolic links, with the rights of the old file or those that the umask leaves. Its
/// folder is to be there. Into a device or a pipe the bytes are written as they are.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let mut draft = Draft::new(path)?;
    draft.file().write_all(bytes.as_ref())?;
    draft.finish()
}

/// Makes a folder and those above it.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    // The empty path stands for the working folder.
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    match folder.ancestors().find(|above| above.exists()) {
        Some(above) if !above.is_dir() => {
            let text = format!("{} is a file: name a folder", above.display());
            Err(io::Error::new(io::ErrorKind::NotADirectory, text))
        }
        _ => fs::create_dir_all(folder),
    }
}

/// A file that is being written: it takes its place when it is finished, and leaves nothing if it is dropped before.
#[derive(Debug)]
pub struct Draft {
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// A file beside its place.
    Beside { draft: NamedTempFile, place: PathBuf },
    /// A device or a pipe.
    Stream { file: File, path: PathBuf },
}

impl Draft {
    /// Begins a file. Errors: a folder in its place, a folder that is missing or may not be written.
    pub fn new(path: &Path) -> io::Result<Draft> {
        if names_a_folder(path) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let place = target(path)?;
        let old = match fs::metadata(&place) {
            Ok(old) if old.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(old) if !old.is_file() => {
                let file = OpenOptions::new().write(true).open(&place)?;
                return Ok(Draft { form: Form::Stream { file, path: place } });
            }
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(old) = &old
            && old.permissions().readonly()
        {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let folder = folder_of(&place);
        sweep(folder);
        let draft = file(folder)?;
        if let Some(old) = old {
            draft.as_file().set_permissions(old.permissions())?;
        }
        Ok(Draft { form: Form::Beside { draft, place } })
    }

    /// The file to write into.
    pub fn file(&mut self) -> &mut File {
        match &mut self.form {
            Form::Beside { draft, .. } => draft.as_file_mut(),
            Form::Stream { file, .. } => file,
        }
    }

    /// The path to write to, for who opens files by their paths.
    pub fn path(&self) -> &Path {
        match &self.form {
            Form::Beside { draft, .. } => draft.path(),
            Form::Stream { path, .. } => path,
        }
    }

    /// Moves the file to its place, once its bytes are on the disk.
    pub fn finish(self) -> io::Result<()> {
        let Form::Beside { draft, place } = self.form else { return Ok(()) };
        draft.as_file().sync_all()?;
        draft.persist(place).map(drop).map_err(|error| error.error)
    }
}

/// Whether a path ends as only those of folders do.
pub(crate) fn names_a_folder(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file that a path leads to, through symbolic links, whether it is there or not.
pub(crate) fn target(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_symlink() => {
                // A link such as /dev/fd/1 to a pipe has no path behind it: it is opened by its own.
                let next = folder_of(&place).join(fs::read_link(&place)?);
                if !next.exists() && place.exists() {
                    return Ok(place);
                }
                place = next;
            }
            _ => return Ok(place),
        }
    }
    Err(io::Error::other(format!("found more than {LINKS} symbolic links one after the other")))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn links_stay_links_and_their_targets_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        symlink("deep/new.txt", at("dangling")).unwrap();
        symlink("dangling", at("second")).unwrap();
        write(&at("second"), "text").unwrap();
        assert_eq!(fs::read_to_string(at("deep/new.txt")).unwrap(), "text");
        assert!(fs::symlink_metadata(at("second")).unwrap().is_symlink());
        symlink("loop", at("loop")).unwrap();
        assert!(write(&at("loop"), "text").is_err());
    }

    #[test]
    fn devices_and_pipes_are_written_into() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        write(&pipe, "through").unwrap();
        assert_eq!(reader.join().unwrap(), "through");
        let null = folder.path().join("null");
        symlink("/dev/null", &null).unwrap();
        write(&null, "nothing").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file() && fs::symlink_metadata(&null).unwrap().is_symlink());
    }

    #[test]
    fn new_files_obey_the_umask_and_old_ones_keep_their_rights() {
        let folder = tempfile::tempdir().unwrap();
        let [new, other] = ["new", "other"].map(|name| folder.path().join(name));
        fs::write(&other, "made by another").unwrap();
        write(&new, "text").unwrap();
        assert_eq!(mode(&new), mode(&other), "the rights that any program's files have");
        fs::set_permissions(&new, fs::Permissions::from_mode(0o640)).unwrap();
        write(&new, "again").unwrap();
        assert_eq!((mode(&new), fs::read_to_string(&new).unwrap()), (0o640, "again".to_string()));
        fs::set_permissions(&new, fs::Permissions::from_mode(0o440)).unwrap();
        let refused = write(&new, "never").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied, "a file that is write-protected");
    }

    #[test]
    fn what_is_not_finished_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "old").unwrap();
        let mut draft = Draft::new(&path).unwrap();
        draft.file().write_all(b"half").unwrap();
        drop(draft);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(write(folder.path(), "text").unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(write(&folder.path().join("new/"), "text").unwrap_err().kind(), io::ErrorKind::IsADirectory);
        let refused = create_folder(&path.join("deep/folder")).unwrap_err().to_string();
        assert!(refused.ends_with("file is a file: name a folder"), "{refused}");
        assert_eq!(write(&path.join("below"), "text").unwrap_err().kind(), io::ErrorKind::NotADirectory);
    }

    /// /dev/full takes nothing, as a disk without room.
    #[test]
    fn a_full_disk_is_an_error() {
        if Path::new("/dev/full").exists() {
            assert_eq!(write(Path::new("/dev/full"), "text").unwrap_err().kind(), io::ErrorKind::StorageFull);
        }
    }
}
