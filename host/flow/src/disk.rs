//! Debuggers that show a USB disk: a bitstream that is copied to it is on the board.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The list of what is mounted, on Linux.
const MOUNTS: &str = "/proc/mounts";

/// Copies a bitstream to the disk of this label, to the last byte.
pub(crate) fn copy(bitstream: &Path, board: &str, label: &str) -> Result<(), Error> {
    // Other systems have no such list: there the disk is not found, and the error says what to do by hand.
    let mounts = fs::read_to_string(MOUNTS).unwrap_or_default();
    let (board, path) = (board.to_string(), bitstream.to_path_buf());
    match &mounted(&mounts, label)[..] {
        [] => Err(Error::NoDisk { board, label: label.to_string(), bitstream: path }),
        [disk] => copy_into(bitstream, disk),
        disks => Err(Error::SeveralDisks { board, bitstream: path, disks: disks.to_vec() }),
    }
}

fn copy_into(bitstream: &Path, disk: &Path) -> Result<(), Error> {
    let bytes = fs::read(bitstream).map_err(Error::io("cannot read the bitstream", bitstream))?;
    let path = disk.join(bitstream.file_name().unwrap_or(bitstream.as_os_str()));
    // The debugger programs what it gets, so a copy beside it that is renamed would be another bitstream.
    let written = |path: &Path| -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(&bytes)?;
        file.sync_all()
    };
    written(&path).map_err(Error::io("cannot write", &path))
}

/// The folders in which disks of a label are mounted: desktops name the folder by the label, those of further disks with a number.
fn mounted(mounts: &str, label: &str) -> Vec<PathBuf> {
    let folders = mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(unescaped);
    let named = |folder: &PathBuf| {
        let name = folder.file_name().map(|name| name.to_string_lossy().to_lowercase());
        name.is_some_and(|name| name.trim_end_matches(|letter: char| letter.is_ascii_digit()) == label.to_lowercase())
    };
    folders.map(PathBuf::from).filter(named).collect()
}

/// A folder as the list has it, where a space is `\040`.
fn unescaped(folder: &str) -> String {
    folder.replace("\\040", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_found_by_its_label() {
        let mounts = "proc /proc proc rw 0 0\n/dev/sdb /media/me/iCELink vfat rw 0 0\n/dev/sdc /media/me/MY\\040DISK vfat rw 0 0\n";
        assert_eq!(mounted(mounts, "iCELink"), [PathBuf::from("/media/me/iCELink")]);
        assert_eq!(mounted(mounts, "icelink"), [PathBuf::from("/media/me/iCELink")]);
        assert_eq!(mounted(mounts, "MY DISK"), [PathBuf::from("/media/me/MY DISK")]);
        assert!(mounted(mounts, "me").is_empty() && mounted("", "iCELink").is_empty());
        let two = format!("{mounts}/dev/sdd /media/me/iCELink1 vfat rw 0 0\n");
        assert_eq!(mounted(&two, "iCELink").len(), 2);
    }

    #[test]
    fn a_bitstream_is_copied_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (from, disk) = (folder.path().join("bitstream.bin"), folder.path().join("disk"));
        fs::write(&from, [1, 2, 3]).unwrap();
        assert!(copy_into(&from, &disk).unwrap_err().to_string().contains("cannot write"));
        fs::create_dir(&disk).unwrap();
        copy_into(&from, &disk).unwrap();
        assert_eq!(fs::read(disk.join("bitstream.bin")).unwrap(), [1, 2, 3]);
    }
}
