//! The check of an output before the work for it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::writer::{Draft, folder_of, names_a_folder, target};

/// The kind of a file that engram writes, by which its own are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A model: a safetensors file whose header has engram's keys.
    Model,
    /// A network for PyTorch that engram exported: a safetensors file whose header says so.
    StateDict,
    /// A network in ONNX that engram exported.
    Onnx,
    /// Verilog of engram's.
    Verilog,
    /// Constraints of a board.
    Constraints,
    /// Waveforms, VCD.
    Waveforms,
    /// A page of HTML with engram as its generator.
    Page,
    /// A document in Markdown that says how it was made.
    Document,
}

impl Kind {
    /// The beginning and the end of the first line that engram writes into text of this kind; `None` where files say otherwise whose
    /// they are.
    fn first_line(self) -> Option<[&'static str; 2]> {
        match self {
            Kind::Verilog => Some(["// ", ", written by engram"]),
            Kind::Constraints => Some(["# ", ", written by engram"]),
            Kind::Waveforms => Some(["$comment ", ", written by engram $end"]),
            Kind::Model | Kind::StateDict | Kind::Onnx | Kind::Page | Kind::Document => None,
        }
    }

    /// The first line of text of this kind: what it is of, in a comment. Empty where files say otherwise whose they are.
    pub fn mark(self, of: &str) -> String {
        self.first_line().map_or(String::new(), |[begin, end]| format!("{begin}{of}{end}"))
    }

    /// Text of this kind as engram writes it into the file `name`: with the first line that says whose it is.
    pub fn marked(self, name: &str, text: &str) -> String {
        format!("{}\n{text}", self.mark(name))
    }

    /// The kind in words.
    fn name(self) -> &'static str {
        match self {
            Kind::Model => "a model of engram",
            Kind::StateDict => "a state dict that engram wrote",
            Kind::Onnx => "an ONNX file that engram wrote",
            Kind::Verilog => "Verilog that engram wrote",
            Kind::Constraints => "a file of constraints that engram wrote",
            Kind::Waveforms => "a file of waveforms that engram wrote",
            Kind::Page => "a page that engram wrote",
            Kind::Document => "a document that engram wrote",
        }
    }

    /// Whether a file of this kind begins so.
    fn knows(self, beginning: &[u8]) -> bool {
        if let Some([begin, end]) = self.first_line() {
            let line = beginning.split(|&byte| byte == b'\n').next().unwrap_or_default();
            return line.starts_with(begin.as_bytes()) && line.ends_with(end.as_bytes());
        }
        let has = |words: &[u8]| beginning.windows(words.len()).any(|window| window == words);
        match self {
            // The length of the header stands first.
            Kind::Model => beginning.get(8) == Some(&b'{') && has(b"\"engram"),
            Kind::StateDict => beginning.get(8) == Some(&b'{') && has(b"written by `engram export`"),
            // The name of the graph stands first, then the version of the layout and the producer: field 2, a text of 6 bytes.
            Kind::Onnx => beginning.get(12..20) == Some(b"\x12\x06engram"),
            Kind::Page => has(b"name=\"generator\" content=\"engram\""),
            _ => has(b"by `engram results`"),
        }
    }

    /// Whether engram wrote the file that is there.
    pub fn is_own(self, path: &Path) -> bool {
        let mut beginning = Vec::new();
        let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
        read.is_ok() && self.knows(&beginning)
    }
}

/// The bytes that are looked at: the header of a model with a large vocabulary has some 10 kB before its keys.
const BEGINNING: u64 = 1 << 20;

/// Why a file may not be written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The output is an input of the same command.
    #[error("cannot write {}: the command reads this file; name another file for the output", .0.display())]
    Input(PathBuf),
    /// The file that is there is not engram's.
    #[error("cannot write {}: a file of this name is there, and is not {kind}; name another file, or give --force to overwrite it", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The kind that was expected.
        kind: &'static str,
    },
    /// A folder has the name.
    #[error("cannot write {}: it is a folder; name a file in it", .0.display())]
    Folder(PathBuf),
    /// The folder of the file is missing.
    #[error("cannot write {}: {} is no folder; make it, or name a file in a folder that exists", .path.display(), .folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// The system refuses.
    #[error("cannot write {}: {source}; check the rights of the file and of its folder, or name another file", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A file that a command is to write.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// The file.
    pub path: &'a Path,
    /// The kind that it will have.
    pub kind: Kind,
    /// Whether to overwrite what engram did not write.
    pub force: bool,
}

impl Output<'_> {
    /// Checks that the file may be written: it is none of `inputs`, nothing foreign lies in its place, and its folder takes files.
    /// Inputs that do not exist are left to their reader.
    pub fn check(&self, inputs: &[&Path]) -> Result<(), Refused> {
        let Output { path, kind, force } = *self;
        let refused = |source| Refused::Io { path: path.to_path_buf(), source };
        if names_a_folder(path) {
            return Err(Refused::Folder(path.to_path_buf()));
        }
        let place = target(path).map_err(refused)?;
        if inputs.iter().any(|input| is_same(input, &place)) {
            return Err(Refused::Input(path.to_path_buf()));
        }
        match fs::metadata(&place) {
            Ok(old) if old.is_dir() => return Err(Refused::Folder(path.to_path_buf())),
            // Devices and pipes are opened when there is something to write: a pipe would wait for its reader here.
            Ok(old) if !old.is_file() => return Ok(()),
            Ok(old) if !force && old.len() > 0 && !kind.is_own(&place) => {
                return Err(Refused::Foreign { path: path.to_path_buf(), kind: kind.name() });
            }
            _ => {}
        }
        let folder = folder_of(&place);
        if !folder.is_dir() {
            return Err(Refused::NoFolder { path: path.to_path_buf(), folder: folder.to_path_buf() });
        }
        Draft::new(&place).map(drop).map_err(refused)
    }
}

/// Whether what is written to one path takes the place of what is written to the other. Their file need not be there yet.
pub fn is_same_place(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let place = target(path).ok()?;
        Some(folder_of(&place).canonicalize().ok()?.join(place.file_name()?))
    };
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// Whether two paths lead to one file.
fn is_same(input: &Path, output: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file =
            |path: &Path| fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino(), metadata.is_file()));
        // A terminal or /dev/null may be read and written.
        matches!((file(input), file(output)), (Some(left), Some(right)) if left == right && left.2)
    }
    #[cfg(not(unix))]
    matches!((input.canonicalize(), output.canonicalize()), (Ok(left), Ok(right)) if left == right)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn check(path: &Path, kind: Kind, inputs: &[&Path]) -> Result<(), Refused> {
        Output { path, kind, force: false }.check(inputs)
    }

    #[test]
    fn an_input_is_no_output_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, hard] = ["file", "link", "hard"].map(|name| folder.path().join(name));
        fs::write(&file, Kind::Verilog.mark("x")).unwrap();
        symlink(&file, &link).unwrap();
        fs::hard_link(&file, &hard).unwrap();
        for name in [&file, &link, &hard, &folder.path().join("./file")] {
            assert!(matches!(check(name, Kind::Verilog, &[&file]), Err(Refused::Input(_))), "{}", name.display());
            let forced = Output { path: name, kind: Kind::Verilog, force: true };
            assert!(matches!(forced.check(&[&file]), Err(Refused::Input(_))), "not even with --force");
        }
        let null = Path::new("/dev/null");
        check(null, Kind::Verilog, &[null]).unwrap();
    }

    #[test]
    fn a_place_is_known_by_any_name_before_its_file_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        symlink("deep/../new", at("link")).unwrap();
        symlink("deep", at("shallow")).unwrap();
        for (one, other) in [("new", "./new"), ("new", "deep/../new"), ("link", "new"), ("deep/x", "shallow/x")] {
            assert!(is_same_place(&at(one), &at(other)), "{one} {other}");
        }
        for (one, other) in [("new", "old"), ("new", "deep/new"), ("missing/x", "missing/x")] {
            assert!(!is_same_place(&at(one), &at(other)), "{one} {other}");
        }
    }

    #[test]
    fn only_own_files_are_overwritten_without_force() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        check(&file, Kind::Model, &[]).unwrap();
        let header = |key: &str| {
            [&90_u64.to_le_bytes()[..], format!("{{\"__metadata__\":{{\"{key}\":\"1\"}}}}").as_bytes()].concat()
        };
        let own = [
            (Kind::Model, header("engram-memnet")),
            (Kind::Verilog, b"// x, written by engram\nmodule".to_vec()),
            (Kind::Constraints, Kind::Constraints.mark("pins").into_bytes()),
            (Kind::Waveforms, Kind::Waveforms.mark("waveforms").into_bytes()),
            (Kind::Page, b"<meta name=\"generator\" content=\"engram\">".to_vec()),
            (Kind::Model, Vec::new()),
        ];
        let foreign = [
            (Kind::Model, header("format")),
            (Kind::Model, b"my notes on \"engram\"".to_vec()),
            (Kind::Verilog, b"module mine;\n// x, written by engram".to_vec()),
            (Kind::Verilog, b"module mine; endmodule // x, written by engram? no".to_vec()),
            (Kind::Waveforms, b"// x, written by engram\nmodule".to_vec()),
            (Kind::Page, b"<html>".to_vec()),
        ];
        for (kind, bytes) in own {
            fs::write(&file, bytes).unwrap();
            check(&file, kind, &[]).unwrap();
        }
        for (kind, bytes) in foreign {
            fs::write(&file, &bytes).unwrap();
            let text = check(&file, kind, &[]).unwrap_err().to_string();
            assert!(text.contains("--force"), "{text}");
            Output { path: &file, kind, force: true }.check(&[]).unwrap();
            assert_eq!(fs::read(&file).unwrap(), bytes, "a check changes nothing");
        }
    }

    #[test]
    fn a_place_that_takes_no_file_is_known_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(check(folder.path(), Kind::Verilog, &[]), Err(Refused::Folder(_))));
        assert!(matches!(check(&folder.path().join("new/"), Kind::Model, &[]), Err(Refused::Folder(_))));
        assert!(matches!(check(&folder.path().join("no/file"), Kind::Verilog, &[]), Err(Refused::NoFolder { .. })));
        assert!(matches!(check(Path::new("/proc/file"), Kind::Verilog, &[]), Err(Refused::Io { .. })));
    }
}
