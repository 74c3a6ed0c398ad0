//! A short name for the inputs of a step, by which its outputs are found again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{fs, io};

/// 64 bits in hexadecimal that change with any of the parts, their order or their borders.
///
/// The hash is the standard library's, which may change with the compiler: then steps run again, no more.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The length of a file and the CRC-32 of its bytes, which finds what a disk or an interruption damages. Some files of a cache have
/// 60 MB, and every use of them is checked: the hash above would take longer than what they save.
pub(crate) fn of_file(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    Ok(format!("{:08x}{:08x}", bytes.len(), crc32fast::hash(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn every_part_and_border_counts() {
        assert_eq!(fingerprint(&["ab", "c"]), fingerprint(&["ab", "c"]));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["c", "ab"]));
    }
}
