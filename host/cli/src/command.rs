//! The commands, a module each.

mod ask;
mod completions;
mod data;
mod eval;
mod train;

use crate::console::Console;

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write generated bAbI tasks, describe a data set, or compare generated with official text.
    Data(data::Data),
    /// Train a model of one task.
    Train(train::Train),
    /// Put the test questions of a task to a body of the device, and hold its answers against the integer model's.
    Eval(eval::Eval),
    /// Tell a story and ask questions about it.
    Ask(ask::Ask),
    /// Print a shell's completion script.
    Completions(completions::Completions),
}

impl Command {
    /// Does it.
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match self {
            Command::Data(command) => command.run(console),
            Command::Train(command) => command.run(console),
            Command::Eval(command) => command.run(console),
            Command::Ask(command) => command.run(console),
            Command::Completions(command) => command.run(console),
        }
    }
}
