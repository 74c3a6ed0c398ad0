//! The output for the user: results on standard output, everything else on standard error, colour and progress on terminals
//! only. Whatever people read is made printable here; JSON has the exact text, and escapes of its own.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use engram_session::Failure;
pub use engram_session::measure::{percent, seconds_since};
use engram_session::progress::Work;
use engram_session::style::printable;
pub use engram_session::style::{BAD, FAINT, GOOD, NOTE, STRONG, styled};
use serde::Serialize;
use serde_json::json;

use crate::failure;

/// The outputs of a command.
#[derive(Debug)]
pub struct Console {
    json: bool,
    /// Whether the JSON object was printed, of which there is one.
    reported: AtomicBool,
}

impl Console {
    /// A console that prints results as JSON, or for people.
    pub fn new(json: bool) -> Console {
        Console { json, reported: AtomicBool::new(false) }
    }

    /// Whether results are printed as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the result of a command: as JSON, or as its `Display` says it to people.
    pub fn report(&self, report: &(impl Serialize + Display)) -> Result<(), Failure> {
        if !self.json {
            return self.line(report);
        }
        let object = serde_json::to_string(report).map_err(|error| Failure::Output(error.into()))?;
        self.reported.store(true, Ordering::Relaxed);
        write_line(&object)
    }

    /// Prints a line of a result for people; nothing where the result is JSON.
    pub fn line(&self, text: impl Display) -> Result<(), Failure> {
        if self.json { Ok(()) } else { write_line(printable(&text.to_string())) }
    }

    /// Prints text as it is, at once.
    pub fn text(&self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        write!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::Output)
    }

    /// Prints a message on standard error. It is no failure that nobody reads it.
    pub fn note(&self, text: impl Display) {
        let _ = writeln!(anstream::stderr().lock(), "{}", printable(&text.to_string()));
    }

    /// Prints a message that the user should look at.
    pub fn warn(&self, text: impl Display) {
        self.note(format!("{} {text}", styled(NOTE, "note:")));
    }

    /// The progress of so many units of work.
    pub fn bar(&self, count: usize, doing: &str, unit: &'static str) -> Work {
        Work::steps(count as u64, doing, unit)
    }

    /// A sign of life while something takes its time.
    pub fn spinner(&self, doing: impl Into<String>) -> Work {
        Work::waiting(doing)
    }

    /// Prints an error with its causes, and gives the exit code for it.
    pub fn fail(&self, error: &anyhow::Error) -> ExitCode {
        if failure::is_closed_pipe(error) {
            return ExitCode::SUCCESS;
        }
        let code = failure::exit_code(error);
        let message = message(error);
        self.note(format!("{} {message}", styled(BAD, "error:")));
        self.refuse(&message, code);
        ExitCode::from(code)
    }

    /// Prints an error as JSON, where results are JSON and none was printed.
    pub fn refuse(&self, message: &str, code: u8) {
        if self.json && !self.reported.load(Ordering::Relaxed) {
            let _ = write_line(json!({ "error": message, "exit_code": code }));
        }
    }
}

/// An error and its causes, each on a line. A cause that its error already quotes is not repeated.
fn message(error: &anyhow::Error) -> String {
    let mut message = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if message.is_empty() {
            message = cause;
        } else if !message.contains(&cause) {
            message = format!("{message}\n  because: {cause}");
        }
    }
    message
}

fn write_line(text: impl Display) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::Output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn causes_are_named_once() {
        let error = Err::<(), _>(anyhow::anyhow!("no such file")).context("cannot read a.toml").unwrap_err();
        assert_eq!(message(&error), "cannot read a.toml\n  because: no such file");
        let quoted = Err::<(), _>(anyhow::anyhow!("no such file")).context("a.toml: no such file").unwrap_err();
        assert_eq!(message(&quoted), "a.toml: no such file");
    }
}
