//! The common ground of the proofs of crossbar networks: networks are put to hardware side by side, and the outcome is shown.

use std::fmt;
use std::path::PathBuf;
use std::sync::Mutex;

use engram_crossbar::Model;
use engram_crossbar::evaluate::{EvaluateError, Prediction, questions_on};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::crossbar::Paired;
use engram_session::style::{BAD, GOOD, styled};
use engram_spec::crossbar::Program;
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use serde::Serialize;

use super::ledger::{Ledger, Line};
use super::report::warn_of;
use super::runner::{Run, missing_tool, run};
use crate::campaign;
use crate::observer::{Observer, Progress};
use crate::options::Proving;

/// The outcome of a network that was put to hardware; displayed as a line, without an end of line.
pub trait Proof: fmt::Display {
    /// The things that are compared with the integer model, in words.
    const COMPARED: &str;

    /// The number of things compared.
    fn compared(&self) -> usize;

    /// The number of things that differ.
    fn differing(&self) -> usize;
}

/// The hardware that is asked, and the proofs that are kept of it.
pub struct Asking<'a, P> {
    pub observer: &'a dyn Observer,
    pub proving: &'a Proving,
    /// Jobs at the same time.
    pub jobs: usize,
    /// The proofs.
    pub ledger: &'a Ledger<P>,
}

/// The proofs of some jobs.
#[derive(Debug)]
pub struct Answered<P> {
    /// The number of jobs that were asked before.
    pub before: usize,
    /// All proofs, those of before first.
    pub proofs: Vec<P>,
    /// The jobs that could not be asked.
    pub failed: Vec<String>,
}

impl<P: Proof + Line> Asking<'_, P> {
    /// The proof that the ledger holds of the same job. Answers that differ are asked for again, and a board is, because it does
    /// not say which hardware it has.
    pub fn kept(&self, is_same: impl Fn(&P) -> bool) -> Option<P> {
        let agrees = |proof: &P| is_same(proof) && proof.differing() == 0;
        self.ledger.find(agrees).filter(|_| !self.proving.is_board())
    }

    /// Does every job, some at a time, and keeps its proof. Those that fail do not hold up the others; a tool that is missing is
    /// missing for all. `before` are the proofs of jobs that are not done again; without these and jobs the error is `nothing`.
    pub fn run<R: Run>(
        &self,
        jobs: &[R],
        before: Vec<P>,
        nothing: &str,
        ask: impl Fn(&R, Progress) -> anyhow::Result<P> + Sync,
    ) -> anyhow::Result<Answered<P>> {
        if jobs.is_empty() && before.is_empty() {
            return Err(Failure::Input(nothing.to_string()).into());
        }
        // A serial port is held by one device at a time.
        let workers = if self.proving.is_board() { 1 } else { self.jobs };
        let asked_before = before.len();
        let proofs = Mutex::new(before);
        let mut failed = run(self.observer, jobs, workers, |job, progress| {
            let proof = ask(job, progress)?;
            self.ledger.keep(std::slice::from_ref(&proof))?;
            let words = format!("{} {}, {} differ", proof.compared(), P::COMPARED, proof.differing());
            if let Ok(mut proofs) = proofs.lock() {
                proofs.push(proof);
            }
            Ok(words)
        })?;
        if let Some(error) = missing_tool(&mut failed) {
            return Err(error);
        }
        warn_of(self.observer, &failed);
        let failed = failed.into_iter().map(|failed| failed.run).collect();
        Ok(Answered { before: asked_before, proofs: proofs.into_inner().unwrap_or_default(), failed })
    }
}

/// Puts questions to a device; `progress` follows the share that is done.
pub fn put(device: &mut Paired, model: &Model, questions: &Questions, progress: Progress) -> Result<(), EvaluateError> {
    let (mut answered, all) = (0, questions.count() as f64);
    let hear = |_: &Paired, _: Prediction| {
        answered += 1;
        progress(f64::from(answered) / all);
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

/// The error of proofs that differ, or of a number of things that could not be asked.
pub fn check<P: Proof>(proofs: &[P], failed: usize, things: &str) -> anyhow::Result<()> {
    let sum = |count: fn(&P) -> usize| proofs.iter().map(count).sum::<usize>();
    let text = match (sum(P::differing), failed) {
        (0, 0) => return Ok(()),
        (0, failed) => format!("{failed} {things} could not be asked; the others are kept and reported"),
        (count, _) => format!("{count} of {} {} differ from the integer model's", sum(P::compared), P::COMPARED),
    };
    Err(Failure::Check(text).into())
}

/// The outcome of a proof.
#[derive(Debug, Serialize)]
pub struct Proved<P> {
    /// The number of networks that were not asked again, of a campaign that knows those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proved_before: Option<usize>,
    /// Networks that are finished and that no hardware holds, of a campaign that has such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_in_hardware: Option<Vec<String>>,
    /// The proofs.
    pub proofs: Vec<P>,
    /// The networks that could not be asked.
    pub failed: Vec<String>,
    /// The files that were written.
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
        write!(f, "{}", files.collect::<Vec<_>>().join("\n"))?;
        if let Some(before) = self.proved_before {
            write!(f, "\n{before} of {} proved before", self.proofs.len())?;
        }
        match &self.not_in_hardware {
            Some(networks) if !networks.is_empty() => write!(f, "; not in hardware: {}", networks.join(", ")),
            _ => Ok(()),
        }
    }
}

impl<P: Proof + Serialize> campaign::Proved for Proved<P> {
    fn check(&self) -> anyhow::Result<()> {
        check(&self.proofs, self.failed.len(), "networks")
    }

    fn add_file(&mut self, file: PathBuf) {
        self.files.push(file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Proved as _;

    /// So many compared and differing.
    #[derive(Serialize)]
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
        let of = |proofs, failed: usize| Proved {
            proved_before: None,
            not_in_hardware: None,
            proofs,
            failed: vec![String::new(); failed],
            files: Vec::new(),
        };
        assert!(of(vec![Counted(3, 0), Counted(4, 0)], 0).check().is_ok());
        let told = |proved: Proved<Counted>| proved.check().unwrap_err().to_string();
        let differing = of(vec![Counted(3, 0), Counted(4, 1)], 1);
        assert_eq!(differing.to_string().matches("1 differ").count(), 1, "{differing}");
        assert_eq!(told(differing), "1 of 7 answers differ from the integer model's");
        assert!(told(of(vec![Counted(3, 0)], 1)).contains("1 networks could not be asked"));
    }
}
