//! Errors of the flow. A tool that is missing and a tool that ran and failed are different errors.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::adapter::Adapter;
use crate::bitstream::Target;
use crate::compiler::Compiler;

/// Any failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No usable build of a tool was found.
    #[error("engram cannot find {tool}{}: install it with `{install}`", notes(.passed_over))]
    MissingTool {
        /// The tool's own name, as in `yosys`.
        tool: &'static str,
        /// The builds that were rejected, each with the reason.
        passed_over: Vec<String>,
        /// The one command that installs it.
        install: &'static str,
    },
    /// A tool ran and ended with an error.
    #[error("{tool} failed ({outcome}): read its log {}, which ends with\n{tail}", .log.display())]
    Failed {
        /// The tool's own name.
        tool: &'static str,
        /// How it ended.
        outcome: Outcome,
        /// The whole of what it printed.
        log: PathBuf,
        /// The last lines of what it printed.
        tail: String,
    },
    /// The programmer found no board.
    #[error("the programmer found no {board} on USB: connect the board, and check the cable and your permission to open it (log: {})", .log.display())]
    NoBoard {
        /// The board's name.
        board: String,
        /// The whole of what the programmer printed.
        log: PathBuf,
    },
    /// The disk that a board shows is not mounted.
    #[error("engram found no disk {label} of the {board}: connect the board, open the disk that it shows, or copy {} to it by hand", .bitstream.display())]
    NoDisk {
        /// The board's name.
        board: String,
        /// The disk's label.
        label: String,
        /// The bitstream.
        bitstream: PathBuf,
    },
    /// An adapter was chosen for a board that has none.
    #[error(
        "the {board} takes a bitstream as a copy to its disk {label}, so --serial and --busdev-num choose nothing: leave them out"
    )]
    NoChoice {
        /// The board's name.
        board: String,
        /// The disk's label.
        label: String,
    },
    /// Several disks that the board may show.
    #[error("several disks are there that the {board} may show: copy {} to the right one by hand\n{}", .bitstream.display(), .disks.iter().map(|disk| format!("  {}", disk.display())).collect::<Vec<_>>().join("\n"))]
    SeveralDisks {
        /// The board's name.
        board: String,
        /// The bitstream.
        bitstream: PathBuf,
        /// The folders in which they are mounted.
        disks: Vec<PathBuf>,
    },
    /// Several adapters that the board may be behind.
    #[error("{} adapters are plugged in that the {board} may be behind: choose one with\n{}", .adapters.len(), .adapters.iter().map(|adapter| format!("  {adapter}")).collect::<Vec<_>>().join("\n"))]
    SeveralBoards {
        /// The board's name.
        board: String,
        /// The adapters.
        adapters: Vec<Adapter>,
    },
    /// No adapter is the one that was chosen.
    #[error("the programmer found no {board} with {chosen}: {} (log: {})", plugged(.adapters), .log.display())]
    NoSuchBoard {
        /// The board's name.
        board: String,
        /// The options by which it was chosen.
        chosen: String,
        /// The adapters there are.
        adapters: Vec<Adapter>,
        /// The whole of what the programmer printed.
        log: PathBuf,
    },
    /// A file that is no bitstream.
    #[error("{} is no bitstream of an ECP5 or an iCE40: give the bitstream.bit or bitstream.bin that `engram build` writes", .path.display())]
    NoBitstream {
        /// The file.
        path: PathBuf,
    },
    /// A bitstream for another FPGA.
    #[error("{} is for an {bitstream}, but the board {board} has an {hardware}: {}", .path.display(), instead(.board, .fitting))]
    OtherFpga {
        /// The bitstream.
        path: PathBuf,
        /// The FPGA that it is for.
        bitstream: Target,
        /// The board's name.
        board: String,
        /// The FPGA of the board.
        hardware: Target,
        /// The boards that have the FPGA of the bitstream, or where the board's own FPGA was read, those that have this one.
        fitting: Fitting,
    },
    /// A board that is not described in `constraints/`.
    #[error("there is no board {found:?}: choose one of {}", .known.join(", "))]
    UnknownBoard {
        /// The name asked for.
        found: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A board's description that makes no sense.
    #[error("{file}, line {line}, column {column}: {reason}")]
    Board {
        /// The description's file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// The fault: what was found and what was expected.
        reason: String,
    },
    /// A tool's report that is not what this crate reads.
    #[error("engram cannot read the report of {tool} ({reason}): use the version that `make tools` installs")]
    Report {
        /// The tool's own name.
        tool: &'static str,
        /// The fault: what was found and what was expected.
        reason: String,
    },
    /// Contents that cannot be put into the memories of a configuration.
    #[error(
        "engram cannot put the contents into the memories of the configuration ({reason}): build into an empty folder; if the error stays, build without --model and load the model"
    )]
    Contents {
        /// The fault: what was found and what was expected.
        reason: String,
    },
    /// A design that cannot be compiled for simulation as described.
    #[error("engram cannot compile module {top}: {reason}")]
    Design {
        /// The top module.
        top: String,
        /// The fault: what was found and what was expected.
        reason: String,
    },
    /// A compiled design that stopped itself, by an assertion or `$stop`: an error in the design.
    #[error("module {top} stopped itself (compiled by {compiler}): {reason}")]
    Stopped {
        /// The top module.
        top: String,
        /// The compiler of the design.
        compiler: Compiler,
        /// The design's own message.
        reason: String,
    },
    /// A compiled design that could not be loaded.
    #[error("engram cannot load the compiled design {}: delete the file, and engram compiles it again", .path.display())]
    Library {
        /// The shared library.
        path: PathBuf,
        /// The loader's own error.
        source: libloading::Error,
    },
    /// A file or folder that could not be read or written.
    #[error("{doing} {}", .path.display())]
    Io {
        /// The action that failed, as in `writing`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own error.
        source: io::Error,
    },
}

/// Where the FPGA of a board is known from, and the boards that fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fitting {
    /// From its board.toml: the boards that the bitstream is for.
    Described(Vec<String>),
    /// From the FPGA itself: the boards that have it.
    Read(Vec<String>),
}

/// The advice on a bitstream for another FPGA.
fn instead(board: &str, fitting: &Fitting) -> String {
    let names = |boards: &[String]| boards.join(" or --board ");
    match fitting {
        Fitting::Described(boards) if boards.is_empty() => {
            format!("build it with `engram build --board {board}`")
        }
        Fitting::Described(boards) => {
            format!("build it with `engram build --board {board}`, or give --board {}", names(boards))
        }
        Fitting::Read(boards) if boards.is_empty() => {
            "if the board is right, its idcode was read wrongly: use a shorter cable, and program it again".to_string()
        }
        Fitting::Read(boards) => format!("build and program with --board {}", names(boards)),
    }
}

fn plugged(adapters: &[Adapter]) -> String {
    match adapters {
        [] => "no adapter is plugged in, or you may not open it".to_string(),
        adapters => {
            let lines: Vec<String> = adapters.iter().map(|adapter| format!("  {adapter}")).collect();
            format!("there are\n{}\n", lines.join("\n"))
        }
    }
}

/// How a tool that failed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With this exit code.
    Exit(i32),
    /// By a signal, or without an exit code.
    Killed,
    /// Stopped after this many seconds.
    TimedOut(u64),
    /// With exit code 0, but without the file it was to write.
    NoOutput(&'static str),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Exit(code) => write!(f, "exit code {code}"),
            Outcome::Killed => f.write_str("killed by a signal"),
            Outcome::TimedOut(seconds) => write!(f, "stopped after {seconds} s"),
            Outcome::NoOutput(file) => write!(f, "exit code 0, but no {file}"),
        }
    }
}

impl Error {
    /// Whether a tool has to be installed first: exit code 4 of the command line, where every other failure is 1.
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, Error::MissingTool { .. })
    }

    /// Moves a failed tool's log to a folder that outlives the tool's working folder.
    pub(crate) fn keep_log(mut self, folder: &Path, prefix: &str) -> Error {
        if let Error::Failed { log, .. } = &mut self
            && let Some(name) = log.file_name()
        {
            let kept = folder.join(format!("{prefix}{}", name.to_string_lossy()));
            if fs::rename(&*log, &kept).is_ok() {
                *log = kept;
            }
        }
        self
    }

    /// Turns an I/O error into one that says what was tried with which file.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Io { doing, path, source }
    }
}

fn notes(passed_over: &[String]) -> String {
    if passed_over.is_empty() { String::new() } else { format!(" ({})", passed_over.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_says_what_to_do() {
        let passed_over = vec!["/usr/bin/yosys is 0.23, older than 0.70".to_string()];
        let missing = Error::MissingTool { tool: "yosys", passed_over, install: "make tools" };
        assert!(missing.is_missing_tool());
        assert_eq!(
            missing.to_string(),
            "engram cannot find yosys (/usr/bin/yosys is 0.23, older than 0.70): install it with `make tools`"
        );
    }

    #[test]
    fn a_failed_tool_shows_the_end_of_its_log() {
        let (outcome, log) = (Outcome::Exit(2), PathBuf::from("out/yosys.log"));
        let failed = Error::Failed { tool: "yosys", outcome, log, tail: "ERROR: no top".to_string() };
        assert!(!failed.is_missing_tool());
        assert_eq!(
            failed.to_string(),
            "yosys failed (exit code 2): read its log out/yosys.log, which ends with\nERROR: no top"
        );
    }
}
