//! The commands, a module each.

mod ask;
mod build;
mod completions;
mod data;
mod emit;
mod eval;
mod memoize;
mod parting;
mod profile;
mod program;
mod quantize;
mod report;
pub mod results;
mod run;
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
    /// Train a memory network on bAbI, or a recurrent network on sequences.
    Train(train::Train),
    /// Put a float model, or weights trained elsewhere, in a device's codes.
    Quantize(quantize::Quantize),
    /// Find a recurrent model's thresholds of fuzzy memoization.
    Memoize(memoize::Memoize),
    /// Put test questions to a backend of the device, and hold its answers against the integer model's.
    Eval(eval::Eval),
    /// Tell a story and ask questions about it.
    Ask(ask::Ask),
    /// Write the Verilog of a device, and a board's constraints.
    Emit(emit::Emit),
    /// Build a board's bitstream.
    Build(build::Build),
    /// Load a bitstream into a board.
    Program(program::Program),
    /// Print the named values of one question, where two backends or models part, or ranges against formats.
    Trace(trace::Trace),
    /// Train every row of the tables, and report.
    Results(results::Results),
    /// Make a page of the results.
    Report(report::Report),
    /// Simulate a board on a pseudo-terminal.
    Serve(serve::Serve),
    /// Do it all once: train, prove, emit, build, ask.
    Run(run::Run),
    /// Print a shell's completion script.
    Completions(completions::Completions),
}

impl Command {
    /// Does it.
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match self {
            Command::Data(command) => command.run(console),
            Command::Train(command) => command.run(console),
            Command::Quantize(command) => command.run(console),
            Command::Memoize(command) => command.run(console),
            Command::Eval(command) => command.run(console),
            Command::Ask(command) => command.run(console),
            Command::Emit(command) => command.run(console),
            Command::Build(command) => command.run(console),
            Command::Program(command) => command.run(console),
            Command::Trace(command) => command.run(console),
            Command::Results(command) => command.run(console),
            Command::Report(command) => command.run(console),
            Command::Serve(command) => command.run(console),
            Command::Run(command) => command.run(console),
            Command::Completions(command) => command.run(console),
        }
    }
}
