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
