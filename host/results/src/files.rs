//! Files that are written whole or not at all, so that what is there after an interruption can be trusted.

use std::path::Path;

use engram_session::Failure;

/// Writes a file in a folder that is made where it is missing; an interruption leaves the old file or the new one.
pub fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().map_or(Ok(()), engram_files::create_folder);
    let written = folder.and_then(|()| engram_files::write(path, text));
    written.map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))
}

/// A number that changes with the text, as names of files and keys hold it: CRC-64, hexadecimal.
pub fn hash(text: &str) -> String {
    format!("{:016x}", crc::Crc::<u64>::new(&crc::CRC_64_XZ).checksum(text.as_bytes()))
}

/// Published numbers; `None` where they are not there. A damaged file is an error: a document without its numbers would take the
/// place of one with them.
pub fn read_published<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(format!("cannot be read: {error}"))),
    };
    let damaged = |error| wrong(format!("engram cannot read the published numbers ({error}): restore the file"));
    serde_json::from_str(&text).map(Some).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_numbers_are_named_with_file_line_and_column() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("published-crossbar.json");
        let read = || read_published::<Vec<u32>>(&path);
        assert_eq!(read().unwrap(), None);
        std::fs::write(&path, "[1, 2]").unwrap();
        assert_eq!(read().unwrap(), Some(vec![1, 2]));
        std::fs::write(&path, "[1,\n 2, x]").unwrap();
        let message = read().unwrap_err().to_string();
        assert!(message.contains("published-crossbar.json: ") && message.contains("at line 2 column 5"), "{message}");
        assert!(message.ends_with("restore the file"), "{message}");
    }
}
