//! The Verilator compiler.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Job, LIBRARY, LIMIT, SHIM, shell};
use crate::error::Error;
use crate::fingerprint::fingerprint;

/// Compiles a job into [`LIBRARY`].
pub(super) fn compile(job: &Job) -> Result<(), Error> {
    // Widths that differ within the design are its own affair, but not at its ports.
    job.write("design.v", &format!("/* verilator lint_off WIDTH */ {}", job.design.verilog))?;
    job.write(shell::FILE, job.shell)?;
    let generated = verilate(job)?;
    job.write("model.cpp", &model(job, &generated))?;
    let include = include(job)?;
    let runtime = runtime(job, &include)?;
    let flags = flags(job, &include);
    let mut arguments = job.parsed(HEADER, &flags)?.to_vec();
    arguments.extend(flags);
    arguments.extend(["-shared", "model.cpp"].map(String::from));
    arguments.push(runtime.display().to_string());
    job.cxx(job.options.optimise, LIBRARY, &arguments)
}

/// Runs Verilator; the C++ files that it wrote.
fn verilate(job: &Job) -> Result<Vec<String>, Error> {
    let fixed = "--cc -O3 --x-assign 0 --x-initial 0 --default-language 1364-2005 --no-timing -Wno-fatal -Wno-lint -Wwarn-WIDTH";
    let mut arguments: Vec<_> = fixed.split(' ').collect();
    arguments.extend(["--top-module", shell::NAME, "--Mdir", "generated"]);
    arguments.extend(job.options.vcd.then_some("--trace"));
    arguments.extend([shell::FILE, "design.v"]);
    job.generator.run(arguments, job.folder, "verilator.log", LIMIT)?;
    check_widths(job)?;
    let folder = job.folder.join("generated");
    let entries = fs::read_dir(&folder).map_err(Error::io("cannot read", &folder))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut generated: Vec<_> = names.filter(|name| name.ends_with(".cpp")).collect();
    generated.sort();
    Ok(generated)
}

/// A port whose width is not the one that was named.
fn check_widths(job: &Job) -> Result<(), Error> {
    let log = fs::read_to_string(job.folder.join("verilator.log")).unwrap_or_default();
    let at_a_port = |line: &&str| line.starts_with("%Warning-WIDTH") && line.contains(shell::FILE);
    match log.lines().find(at_a_port) {
        Some(line) => Err(Error::Design {
            top: job.design.top.clone(),
            reason: format!("the width of a port differs from the module's: {line}"),
        }),
        None => Ok(()),
    }
}

/// The text that every model includes.
const HEADER: &str = concat!(include_str!("stopped.h"), "#include \"verilated.h\"\n");

/// The functions that Verilator's run-time library calls where a design stops itself, or does not settle.
const STOPS: &str = "\
[[noreturn]] static void stopped(const char *why, const char *file, int line, const char *more) {
  throw Stopped(std::string(why) + \" at \" + file + \":\" + std::to_string(line) + (*more ? \": \" : \"\") + more);
}
void vl_finish(const char *file, int line, const char *) { stopped(\"$finish\", file, line, \"\"); }
void vl_stop(const char *file, int line, const char *) { stopped(\"$stop\", file, line, \"\"); }
void vl_fatal(const char *file, int line, const char *, const char *message) { stopped(\"fatal\", file, line, message); }
";

/// The C++ of the model: one translation unit, so that the headers are read once.
fn model(job: &Job, generated: &[String]) -> String {
    let sources: String = generated.iter().map(|name| format!("#include \"{name}\"\n")).collect();
    let accessors = job.accessors(|port| format!("top.i{port} = value"), |port| format!("top.o{port}"));
    let vcd = "\
#ifdef ENGRAM_VCD
  VerilatedVcdC vcd;
  void record(const char *path) { top.trace(&vcd, 99); vcd.open(path); }
  void dump(uint64_t time) { vcd.dump(time); }
  ~Model() { vcd.close(); }
#endif
";
    format!(
        "{sources}{STOPS}#ifdef ENGRAM_VCD\n#include \"verilated_vcd_c.h\"\n#endif\n\
         struct Model {{\n  VerilatedContext context;\n  {name} top{{(context.traceEverOn(true), &context)}};\n\
         \x20 void clock(bool level) {{ top.clock = level; }}\n  void eval() {{ top.eval(); }}\n{accessors}{vcd}}};\n{SHIM}",
        name = format_args!("V{}", shell::NAME),
    )
}

fn flags(job: &Job, include: &Path) -> Vec<String> {
    let trace = u8::from(job.options.vcd);
    let mut flags = vec![format!("-DVM_TRACE={trace}"), format!("-DVM_TRACE_VCD={trace}")];
    flags.extend(
        "-DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE_FST=0 -DVL_TIME_CONTEXT -DVL_USER_FINISH -DVL_USER_STOP -DVL_USER_FATAL -pthread -Igenerated"
            .split(' ')
            .map(String::from),
    );
    flags.push(format!("-I{}", include.display()));
    flags.push(format!("-I{}", include.join("vltstd").display()));
    flags.extend(job.options.vcd.then(|| "-DENGRAM_VCD".to_string()));
    flags
}

/// The folder of Verilator's own headers.
fn include(job: &Job) -> Result<PathBuf, Error> {
    job.generator.run(["--getenv", "VERILATOR_ROOT"], job.folder, "root.log", LIMIT)?;
    let answer = fs::read_to_string(job.folder.join("root.log")).unwrap_or_default();
    let include = Path::new(answer.trim()).join("include");
    if include.join("verilated.h").is_file() {
        return Ok(include);
    }
    let reason = format!("VERILATOR_ROOT is {:?}, which has no include/verilated.h", answer.trim());
    Err(Error::Report { tool: "verilator", reason })
}

/// Verilator's run-time library as an object file, which all designs in the cache share.
fn runtime(job: &Job, include: &Path) -> Result<PathBuf, Error> {
    const OBJECT: &str = "runtime.o";
    let kind = fingerprint(&[&job.cxx.description(), &job.generator.description(), &flags(job, include).join(" ")]);
    let shared = job.cache.join(format!("verilator-{kind}.o"));
    if !shared.is_file() {
        let vcd = if job.options.vcd { "#include \"verilated_vcd_c.cpp\"\n" } else { "" };
        job.write("runtime.cpp", &format!("#include \"verilated.cpp\"\n#include \"verilated_threads.cpp\"\n{vcd}"))?;
        let arguments = ["-c", "runtime.cpp"].map(String::from).into_iter().chain(flags(job, include));
        job.cxx(1, OBJECT, &arguments.collect::<Vec<_>>())?;
        fs::rename(job.folder.join(OBJECT), &shared).map_err(Error::io("cannot write", &shared))?;
    }
    shared.canonicalize().map_err(Error::io("cannot read", &shared))
}
