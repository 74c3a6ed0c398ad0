//! The exit code of a failure.

use std::io;

use engram_babi::{BabiError, UnknownWord};
use engram_link::LinkError;
use engram_memnet::{EvaluateError, ModelError, TrainError};
use engram_sequences::SequenceError;
use engram_session::Failure;
use engram_spec::DeviceError;
use engram_testbench::BackendError;

fn exit_code_of(failure: &Failure) -> u8 {
    match failure {
        Failure::Check(_) | Failure::Output(_) => 1,
        Failure::Usage(_) => 2,
        Failure::Input(_) => 3,
        Failure::MissingTool(_) => 4,
    }
}

/// Whether an error only says that nobody reads the output any more, as after `| head`.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe)
}

/// The exit code of an error: 2 bad usage, 3 bad input, 4 a missing tool, 1 a failed check, as are a tool that ran and
/// failed and whatever has no code of its own.
///
/// Input is all that a command is given to work on: files, data, and the device that --on names. So a device that cannot
/// be used and words that it refuses are bad input; answers of it that are wrong are a failed check.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    error.chain().find_map(code_of).unwrap_or(1)
}

/// The exit code of one error of a chain, where it decides one.
fn code_of(error: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return Some(exit_code_of(failure));
    }
    if let Some(error) = error.downcast_ref::<engram_flow::Error>() {
        return match error {
            engram_flow::Error::MissingTool { .. } => Some(4),
            engram_flow::Error::UnknownBoard { .. }
            | engram_flow::Error::NoChoice { .. }
            | engram_flow::Error::SeveralBoards { .. } => Some(2),
            engram_flow::Error::Io { .. }
            | engram_flow::Error::NoBoard { .. }
            | engram_flow::Error::NoDisk { .. }
            | engram_flow::Error::SeveralDisks { .. }
            | engram_flow::Error::NoSuchBoard { .. }
            | engram_flow::Error::NoBitstream { .. }
            | engram_flow::Error::OtherFpga { .. } => Some(3),
            _ => None,
        };
    }
    match error.downcast_ref::<BackendError>() {
        Some(BackendError::Tool(error)) => return code_of(error),
        Some(BackendError::Link(error)) => return code_of(error),
        None => {}
    }
    if let Some(error) = error.downcast_ref::<SequenceError>() {
        return Some(match error {
            SequenceError::NoPython | SequenceError::NoPip { .. } => 4,
            SequenceError::PipFailed { .. } => 1,
            _ => 3,
        });
    }
    if let Some(error) = error.downcast_ref::<TrainError>() {
        return Some(if matches!(error, TrainError::Diverged { .. }) { 1 } else { 3 });
    }
    if let Some(error) = error.downcast_ref::<LinkError>() {
        // A pseudo-terminal is made by the system, not given.
        return (!matches!(error, LinkError::Pty { .. })).then_some(3);
    }
    // These two pass for what they hold, so that a chain of causes does not show it.
    match error.downcast_ref::<DeviceError>() {
        Some(DeviceError::Refused(_)) => return Some(3),
        Some(DeviceError::Unreachable(error)) => return code_of(error.as_ref()),
        None => {}
    }
    match error.downcast_ref::<EvaluateError>() {
        Some(EvaluateError::Device(error)) => return code_of(error),
        Some(EvaluateError::UnknownWord(_) | EvaluateError::TooLong { .. }) => return Some(3),
        None => {}
    }
    (error.is::<BabiError>() || error.is::<UnknownWord>() || error.is::<ModelError>())
        .then_some(3)
        .or(of_crossbar(error))
}

/// The same of a crossbar network's errors.
fn of_crossbar(error: &(dyn std::error::Error + 'static)) -> Option<u8> {
    use engram_crossbar::evaluate::EvaluateError;
    use engram_crossbar::{FileError, ImportError, ProgrammingError, TrainError};
    match (error.downcast_ref::<TrainError>(), error.downcast_ref::<EvaluateError>()) {
        (Some(TrainError::Diverged { .. }), _) => Some(1),
        (Some(_), _) => Some(3),
        (_, Some(EvaluateError::Device(error))) => code_of(error),
        (_, Some(_)) => Some(3),
        _ => (error.is::<FileError>() || error.is::<ImportError>() || error.is::<ProgrammingError>()).then_some(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;
    use engram_memnet::Diverged;
    use engram_spec::frame::Refusal;

    #[test]
    fn the_cause_decides_the_exit_code() {
        let missing = engram_flow::Error::MissingTool { tool: "yosys", passed_over: vec![], install: "make tools" };
        let wrapped = Err::<(), _>(missing).context("while building").unwrap_err();
        assert_eq!(exit_code(&wrapped), 4);
        assert_eq!(exit_code(&Failure::Usage(String::new()).into()), 2);
        assert_eq!(exit_code(&BabiError::UnknownTask(0).into()), 3);
        assert_eq!(exit_code(&SequenceError::NoPython.into()), 4);
        assert_eq!(exit_code(&SequenceError::PipFailed { said: String::new() }.into()), 1);
        assert_eq!(exit_code(&SequenceError::NothingToFit.into()), 3);
        assert_eq!(exit_code(&TrainError::Diverged(Diverged { restarts: 1 }).into()), 1);
        assert_eq!(exit_code(&anyhow::anyhow!("anything else")), 1);
        let lost = || LinkError::Lost { port: "p".into(), source: io::ErrorKind::BrokenPipe.into() };
        assert_eq!(exit_code(&lost().into()), 3);
        assert_eq!(exit_code(&BackendError::from(lost()).into()), 3);
        assert_eq!(exit_code(&EvaluateError::from(DeviceError::from(lost())).into()), 3);
        assert_eq!(exit_code(&DeviceError::Refused(Refusal::TooLong).into()), 3);
        assert_eq!(exit_code(&LinkError::Pty { source: io::ErrorKind::NotFound.into() }.into()), 1);
    }

    #[test]
    fn only_a_closed_output_is_no_failure() {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_closed_pipe(&Failure::Output(closed()).into()));
        assert!(!is_closed_pipe(&LinkError::Lost { port: "p".into(), source: closed() }.into()));
    }
}
