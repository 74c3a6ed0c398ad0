//! The engram command line: from bAbI text to a trained model, and from there to Verilog, a bitstream and a board that
//! answers questions.

mod arguments;
mod command;
mod console;
mod failure;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use command::Command;
use console::Console;
use engram_session::progress;

/// Train neural networks with memory in the arithmetic of hardware, prove that the hardware gives the same bits, and build
/// it for an FPGA with open tools.
#[derive(Debug, Parser)]
#[command(name = "engram", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  engram train --generated --task 1 --out qa1.safetensors
  engram ask qa1.safetensors
  engram eval qa1.safetensors --on simulation --questions 20
  engram train --set japanese-vowels --out vowels.safetensors
  engram build --board ulx3s-25f --out build/ulx3s-25f

Exit codes:
  0  done
  1  a check failed (answers differ, the clock is too slow), or a tool failed
  2  bad usage
  3  bad input: engram cannot use a file or data, or a device does not answer or does not fit
  4  a tool is missing")]
struct Arguments {
    /// Print the result as one JSON object; everything else goes to standard error.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = match usage::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let console = Console::new(arguments.json);
    let done = progress::interval().map_err(anyhow::Error::from).and_then(|_| arguments.command.run(&console));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => console.fail(&error),
    }
}
