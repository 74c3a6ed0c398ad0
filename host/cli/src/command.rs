//! The commands, a module each.

mod ask;
mod bench;
mod build;
mod completions;
mod data;
mod emit;
mod estimate;
mod eval;
mod export;
mod memoize;
mod profile;
mod program;
mod quantize;
mod report;
pub mod results;
mod run;
mod selftest;
mod sequences;
mod serve;
mod trace;
pub mod train;

use crate::console::Console;

/// A command of the command line.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write generated bAbI tasks, describe a data set, compare generated with official text, or fetch sequences.
    Data(data::Data),
    /// Train a memory network on bAbI, or a crossbar network on sequences.
    Train(train::Train),
    /// Convert a float model, or weights trained elsewhere, to the codes of a device.
    Quantize(quantize::Quantize),
    /// Write a crossbar model for PyTorch or ONNX Runtime.
    Export(export::Export),
    /// Find thresholds of fuzzy memoization for a crossbar model.
    Memoize(memoize::Memoize),
    /// Ask a backend the test questions, and compare its answers with the integer model's.
    Eval(eval::Eval),
    /// Tell a story and ask questions about it.
    Ask(ask::Ask),
    /// Say what a model will cost on a board: cycles, cells, energy, and whether it fits.
    Estimate(estimate::Estimate),
    /// Write the Verilog of a device and the constraints of a board.
    Emit(emit::Emit),
    /// Build a bitstream for a board.
    Build(build::Build),
    /// Load a bitstream into a board.
    Program(program::Program),
    /// Test a board, or another device: what is there, whether it computes rightly, how fast the line is.
    Selftest(selftest::Selftest),
    /// Measure how fast a board answers over its USB chip, which is modelled.
    Bench(bench::Bench),
    /// Print the inner values of a question, the first difference of two backends or models, or the use of formats.
    Trace(trace::Trace),
    /// Train every row of the published tables, and write the report.
    Results(results::Results),
    /// Write the results as a page of HTML.
    Report(report::Report),
    /// Simulate a board on a pseudo-terminal.
    Serve(serve::Serve),
    /// Do everything once: train, prove, emit, build, ask.
    Run(run::Run),
    /// Print the completion script of a shell.
    Completions(completions::Completions),
}

impl Command {
    /// Runs the command.
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match self {
            Command::Data(command) => command.run(console),
            Command::Train(command) => command.run(console),
            Command::Quantize(command) => command.run(console),
            Command::Export(command) => command.run(console),
            Command::Memoize(command) => command.run(console),
            Command::Eval(command) => command.run(console),
            Command::Ask(command) => command.run(console),
            Command::Estimate(command) => command.run(console),
            Command::Emit(command) => command.run(console),
            Command::Build(command) => command.run(console),
            Command::Program(command) => command.run(console),
            Command::Selftest(command) => command.run(console),
            Command::Bench(command) => command.run(console),
            Command::Trace(command) => command.run(console),
            Command::Results(command) => command.run(console),
            Command::Report(command) => command.run(console),
            Command::Serve(command) => command.run(console),
            Command::Run(command) => command.run(console),
            Command::Completions(command) => command.run(console),
        }
    }
}
