//! A file that simulators write, who neither say when a disk is full nor write through links.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::Work;
use crate::writer::Draft;

/// A named pipe in place of a file: what is written into it becomes the file when it is finished.
#[derive(Debug)]
pub struct Pipe {
    place: PathBuf,
    /// The end for writing that keeps the pipe open while others open and close theirs.
    open: File,
    copy: JoinHandle<io::Result<Draft>>,
    _work: Work,
}

impl Pipe {
    /// A pipe into a file, whose first line is `first`.
    pub fn new(path: &Path, first: &str) -> io::Result<Pipe> {
        let draft = Draft::new(path)?;
        let work = Work::temporary()?;
        let place = work.path().join("pipe");
        mkfifo(&place, Mode::S_IRUSR | Mode::S_IWUSR)?;
        // Opened for both, so that it waits for nobody.
        let open = OpenOptions::new().read(true).write(true).open(&place)?;
        let pipe = OpenOptions::new().read(true).open(&place)?;
        let first = format!("{first}\n");
        let copy = thread::spawn(move || copy(&first, pipe, draft));
        Ok(Pipe { place, open, copy, _work: work })
    }

    /// The path to write to.
    pub fn path(&self) -> &Path {
        &self.place
    }

    /// Waits for the last byte, and moves the file to its place. Whoever wrote into the pipe must have closed it. Errors: the first
    /// of all that met the file, such as a full disk.
    pub fn finish(self) -> io::Result<()> {
        drop(self.open);
        let copied = self.copy.join().map_err(|_| io::Error::other("the thread that writes the file panicked"))?;
        copied?.finish()
    }
}

/// Copies a pipe into a file to the pipe's end, whatever meets the file: a writer whose pipe is not emptied would wait for ever.
fn copy(first: &str, mut pipe: File, mut draft: Draft) -> io::Result<Draft> {
    let (mut buffer, mut outcome) = (vec![0; 1 << 16], draft.file().write_all(first.as_bytes()));
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) if outcome.is_ok() => outcome = draft.file().write_all(&buffer[..length]),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    outcome.map(|()| draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_several_writers_write_one_after_the_other_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let pipe = Pipe::new(&path, "$comment first $end").unwrap();
        drop(File::create(pipe.path()).unwrap());
        File::create(pipe.path()).unwrap().write_all(&[b'x'; 200_000]).unwrap();
        assert!(!path.exists(), "the file is not whole yet");
        pipe.finish().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("$comment first $end\nxxx") && text.len() == 200_020);
    }

    #[test]
    fn a_full_disk_is_told_at_the_end_and_stops_no_writer() {
        if !Path::new("/dev/full").exists() {
            return;
        }
        let pipe = Pipe::new(Path::new("/dev/full"), "first").unwrap();
        File::create(pipe.path()).unwrap().write_all(&[b'x'; 200_000]).unwrap();
        assert_eq!(pipe.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
