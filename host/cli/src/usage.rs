//! The command line read: numbers below 0 are taken for numbers, and what makes no sense is an error like any other.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error, FromArgMatches};

use crate::Arguments;
use crate::console::Console;

/// Reads the arguments. Help and the version are printed and are a success; so the outcome of those is `Err`, too.
pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Arguments, ExitCode> {
    let words: Vec<OsString> = words.into_iter().collect();
    let mut command = with_numbers_below_zero(Arguments::command());
    let read = command.try_get_matches_from_mut(&words).and_then(|matches| Arguments::from_arg_matches(&matches));
    read.map_err(|error| refuse(explained(error, &mut command), &words))
}

/// An option takes `-1` for its value, which is then refused as what it is; otherwise `-1` would be taken for an option.
fn with_numbers_below_zero(command: Command) -> Command {
    let command =
        command.mut_args(|argument| match argument.get_action().takes_values() && !argument.is_positional() {
            true => argument.allow_negative_numbers(true),
            false => argument,
        });
    command.mut_subcommands(with_numbers_below_zero)
}

/// The error with what was expected of a whole number, in place of the words of the standard library.
fn explained(error: Error, command: &mut Command) -> Error {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    let expected = match cause.as_str() {
        "invalid digit found in string" => "expected a whole number from 0",
        "number too large to fit in target type" => "the number is too large",
        "invalid float literal" => "expected a number",
        _ => return error,
    };
    let (value, argument) = (context(ContextKind::InvalidValue), context(ContextKind::InvalidArg));
    command.error(ErrorKind::ValueValidation, format!("invalid value '{value}' for '{argument}': {expected}"))
}

/// Prints the error (or the help that was asked for), and with --json the object that other errors have.
fn refuse(error: Error, words: &[OsString]) -> ExitCode {
    // It is no failure that nobody reads it.
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    let is_json = words.iter().take_while(|word| *word != "--").any(|word| word == "--json");
    let text = error.render().to_string();
    let message = text.trim();
    Console::new(is_json).refuse(message.strip_prefix("error: ").unwrap_or(message), code);
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        with_numbers_below_zero(Arguments::command()).debug_assert();
    }
}
