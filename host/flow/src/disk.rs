//! Debuggers that show a USB disk: a bitstream that is copied to it is on the board.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The list of what is mounted, on Linux.
const MOUNTS: &str = "/proc/mounts";

/// Copies a bitstream to the disk of this label, to the last byte.
pub(crate) fn copy(bitstream: &Path, board: &str, label: &str) -> Result<(), Error> {
    let mounts = fs::read_to_string(MOUNTS).unwrap_or_default();
    let disk = mounted(&mounts, label);
    let disk = disk.ok_or_else(|| Error::NoDisk {
        board: board.to_string(),
        label: label.to_string(),
        bitstream: bitstream.to_path_buf(),
    })?;
    copy_into(bitstream, &disk)
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

/// The folder in which the disk of a label is mounted: desktops name the folder by the label.
fn mounted(mounts: &str, label: &str) -> Option<PathBuf> {
    let folders = mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(unescaped);
    let named = |folder: &Path| folder.file_name().is_some_and(|name| name.eq_ignore_ascii_case(label));
    folders.map(PathBuf::from).find(|folder| named(folder))
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
        assert_eq!(mounted(mounts, "iCELink"), Some(PathBuf::from("/media/me/iCELink")));
        assert_eq!(mounted(mounts, "icelink"), Some(PathBuf::from("/media/me/iCELink")));
        assert_eq!(mounted(mounts, "MY DISK"), Some(PathBuf::from("/media/me/MY DISK")));
        assert_eq!(mounted(mounts, "me"), None);
        assert_eq!(mounted("", "iCELink"), None);
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
