//! What the proofs of recurrent networks share: networks put to hardware side by side, and what came of it, told.

use std::fmt;
use std::path::PathBuf;
use std::sync::Mutex;

use engram_crossbar::Model;
use engram_crossbar::evaluate::{EvaluateError, Prediction, questions_on};
use engram_spec::crossbar::Program;
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use serde::Serialize;

use super::models::Told;
use super::runner::{Cell, Failed, missing_tool, run};
use crate::console::{BAD, Console, GOOD, styled};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::crossbar::Paired;

/// What came of a network that was put to hardware; displayed as a line, without an end of line.
pub trait Proof: fmt::Display {
    /// What of it is held against the integer model, in words.
    const COMPARED: &str;

    /// How much of it there was.
    fn compared(&self) -> usize;

    /// Of this, what differs.
    fn differing(&self) -> usize;
}

/// Does every job, `jobs` at a time. Those that fail do not hold up the others; a tool that is missing is missing for all.
pub fn prove<C: Cell, P: Proof + Send>(
    console: &Console,
    backend: &Backend,
    cells: &[C],
    jobs: usize,
    ask: impl Fn(&C, Told) -> anyhow::Result<P> + Sync,
) -> anyhow::Result<(Vec<P>, Vec<Failed>)> {
    // A serial port is held by one device at a time.
    let workers = if matches!(backend, Backend::Port(_)) { 1 } else { jobs };
    let proofs = Mutex::new(Vec::new());
    let mut failed = run(console, cells, workers, |cell, told| {
        let proof = ask(cell, told)?;
        let words = format!("{} {}, {} differ", proof.compared(), P::COMPARED, proof.differing());
        if let Ok(mut proofs) = proofs.lock() {
            proofs.push(proof);
        }
        Ok(words)
    })?;
    match missing_tool(&mut failed) {
        Some(error) => Err(error),
        None => Ok((proofs.into_inner().unwrap_or_default(), failed)),
    }
}

/// Puts questions to a device, and tells the share that is done.
pub fn put(device: &mut Paired, model: &Model, questions: &Questions, told: Told) -> Result<(), EvaluateError> {
    let (mut heard, all) = (0, questions.count() as f64);
    let hear = |_: &Paired, _: Prediction| {
        heard += 1;
        told(f64::from(heard) / all);
    };
    questions_on(device, model, questions, hear).map(drop)
}

/// The clock cycles of a step with questions of a kind, where every column is computed.
pub fn step_cycles(program: &Program, questions: &Questions) -> u32 {
    match questions {
        Questions::Recordings(_) => program.step_cycles(),
        Questions::Symbols(_) => program.step_cycles() + SYMBOL_CYCLES,
    }
}

/// How a proof came out.
#[derive(Debug, Serialize)]
pub struct Proved<P> {
    pub proofs: Vec<P>,
    pub failed: Vec<String>,
    pub files: Vec<PathBuf>,
}

impl<P: Proof> fmt::Display for Proved<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for proof in &self.proofs {
            let differ = match proof.differing() {
                0 => styled(GOOD, "the same every time".to_string()),
                count => styled(BAD, format!("{count} differ")),
            };
            writeln!(f, "{proof}: {} {}, {differ}", proof.compared(), P::COMPARED)?;
        }
        let files = self.files.iter().map(|file| file.display().to_string());
        write!(f, "{}", files.collect::<Vec<_>>().join("\n"))
    }
}

impl<P: Proof> Proved<P> {
    /// Whether everything agreed and every network could be asked.
    pub fn check(&self) -> anyhow::Result<()> {
        let sum = |count: fn(&P) -> usize| self.proofs.iter().map(count).sum::<usize>();
        let told = match (sum(P::differing), self.failed.len()) {
            (0, 0) => return Ok(()),
            (0, failed) => format!("{failed} networks could not be asked; the others are kept and reported"),
            (count, _) => format!("{count} of {} {} differ from the integer model's", sum(P::compared), P::COMPARED),
        };
        Err(Failure::Check(told).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many compared and differing.
    struct Counted(usize, usize);

    impl fmt::Display for Counted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("network")
        }
    }

    impl Proof for Counted {
        const COMPARED: &str = "answers";

        fn compared(&self) -> usize {
            self.0
        }

        fn differing(&self) -> usize {
            self.1
        }
    }

    #[test]
    fn what_differs_or_fails_is_no_proof() {
        let of = |proofs, failed: usize| Proved { proofs, failed: vec![String::new(); failed], files: Vec::new() };
        assert!(of(vec![Counted(3, 0), Counted(4, 0)], 0).check().is_ok());
        let told = |proved: Proved<Counted>| proved.check().unwrap_err().to_string();
        let differing = of(vec![Counted(3, 0), Counted(4, 1)], 1);
        assert_eq!(differing.to_string().matches("1 differ").count(), 1, "{differing}");
        assert_eq!(told(differing), "1 of 7 answers differ from the integer model's");
        assert!(told(of(vec![Counted(3, 0)], 1)).contains("1 networks could not be asked"));
    }
}
