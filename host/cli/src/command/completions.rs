//! `engram completions`: the completion script of a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Arguments;
use crate::console::Console;

/// The arguments of `engram completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  engram completions bash > ~/.local/share/bash-completion/completions/engram")]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        // Into memory first: the generator panics where it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "engram", &mut script);
        Ok(console.text(&String::from_utf8_lossy(&script))?)
    }
}
