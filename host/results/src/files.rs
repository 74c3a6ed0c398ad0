//! Files that are written whole or not at all, so that what is there after an interruption can be trusted.

use std::io::Write;
use std::path::Path;

use engram_session::Failure;

/// Writes a file in a folder that is made where it is missing; an interruption leaves the old file or the new one.
pub fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        make_readable(&file)?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))
}

/// Temporary files are their owner's alone; results are for all to read.
fn make_readable(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

/// A number that changes with the text, as names of files and keys hold it: CRC-64, hexadecimal.
pub fn hash(text: &str) -> String {
    format!("{:016x}", crc::Crc::<u64>::new(&crc::CRC_64_XZ).checksum(text.as_bytes()))
}

/// Published numbers; `None` where they are not there, or are of another version.
pub fn read_published<T: serde::de::DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}
