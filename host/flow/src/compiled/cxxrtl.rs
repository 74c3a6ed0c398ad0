//! The CXXRTL compiler, which comes with Yosys.

use std::fs;
use std::path::Path;

use super::{Job, LIBRARY, LIMIT, SHIM, shell};
use crate::error::Error;
use crate::yosys;

const GENERATED: &str = "generated.cpp";
/// The folder of CXXRTL's headers in Yosys' own.
const RUNTIME: &str = "include/backends/cxxrtl/runtime";

/// The text that every model includes: assertions throw.
const HEADER: &str = concat!(
    include_str!("stopped.h"),
    "#define CXXRTL_ASSERT(x) ((x) ? void() : throw Stopped(\"assertion broken: \" #x))\n\
     #include <cxxrtl/cxxrtl.h>\n"
);

/// Compiles a job into [`LIBRARY`].
pub(super) fn compile(job: &Job) -> Result<(), Error> {
    job.write("design.v", &job.design.verilog)?;
    job.write(shell::FILE, job.shell)?;
    let debug = if job.options.vcd { "-g4" } else { "-g0" };
    let script = format!(
        "read_verilog design.v {}; hierarchy -check -top {}; write_cxxrtl {debug} {GENERATED}",
        shell::FILE,
        shell::NAME
    );
    job.generator.make(GENERATED, ["-p", &script], job.folder, yosys::LOG, LIMIT)?;
    check_widths(job)?;
    job.write("model.cpp", &model(job))?;
    let header = yosys::shared(job.generator, &format!("{RUNTIME}/cxxrtl/cxxrtl.h"))?;
    let include = header.ancestors().nth(2).unwrap_or(Path::new("."));
    let include = [format!("-I{}", include.display())];
    let mut arguments = job.parsed(HEADER, &include)?.to_vec();
    arguments.extend(include.into_iter().chain(["-shared", "model.cpp"].map(String::from)));
    arguments.extend(job.options.vcd.then(|| "-DENGRAM_VCD".to_string()));
    job.cxx(job.options.optimise, LIBRARY, &arguments)
}

/// A port whose width is not the one that was named.
fn check_widths(job: &Job) -> Result<(), Error> {
    let log = fs::read_to_string(job.folder.join(yosys::LOG)).unwrap_or_default();
    let at_a_port = format!("Resizing cell port {}.", shell::NAME);
    match log.lines().find(|line| line.contains(&at_a_port)) {
        Some(line) => Err(Error::Design {
            top: job.design.top.clone(),
            reason: format!("the width of a port differs from the module's: {line}"),
        }),
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
