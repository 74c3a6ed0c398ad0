//! Puts the campaign's test questions to hardware that remembers columns: the LSTMs that a device holds, with the thresholds
//! that were found for them, once with a predictor ahead of the lanes and once with one that takes turns with them. Every
//! answer, and every sequence's counters and cycles, are held against the integer model's. What is asked already, of the same
//! model, thresholds and hardware, is not asked again.

use std::collections::HashMap;

use anyhow::ensure;
use engram_crossbar::{Memoization, Model, Programming};
use engram_sequences::Data;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{Crossbar, Geometry, Program};
use engram_testbench::core_verilog;

use super::ledger::{Ledger, Tested, hash};
use super::plan::default_seeds;
use super::proofs::{Place, Proof, device};
use super::row::Row;
use super::scheme::Scheme;
use crate::console::Console;
use crate::results::crossbar::set::Set;
use crate::results::hardware::{self, put};
use crate::results::models::Told;
use crate::results::report::note;
use crate::results::runner::{Cell, Failed};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::{Backend, BackendOptions, reported};
use engram_session::crossbar::Paired;
use engram_session::crossbar::counters::Counted;
use engram_session::hardware::Organisation;

/// Cycles that a simulation does in a second, about, before anything has been asked.
const RATE: f64 = 1.5e6;

/// The most steps of a set that are asked: recordings evenly taken, or the first symbols.
pub const STEPS: usize = 12_000;

/// What is asked, and of what.
#[derive(Debug)]
pub struct Prover<'a> {
    pub backend: &'a Backend,
    pub arguments: &'a BackendOptions,
    /// The seeds 1 to N; where nothing is said the campaign's.
    pub seeds: Option<u64>,
    /// The most recordings, or symbols of a stream.
    pub limit: Option<usize>,
    /// Networks at the same time.
    pub jobs: usize,
    pub ledger: &'a Ledger,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Proven {
    /// How many were asked before.
    pub before: usize,
    pub proofs: Vec<Proof>,
    pub failed: Vec<Failed>,
    /// Networks that are finished, and that no hardware holds.
    pub elsewhere: Vec<String>,
}

/// A network to ask, with the thresholds of a scheme.
struct Job<'a> {
    set: &'a Set,
    row: Row,
    seed: u64,
    tested: Tested,
    model: Model,
    program: Program,
    how: Memoization,
    organisation: Organisation,
    questions: Questions,
    /// See [`Proof::key`].
    key: String,
}

impl Cell for Job<'_> {
    fn name(&self) -> String {
        let Job { set, row, seed, tested, organisation, .. } = self;
        format!("{} {row} seed {seed} {} {organisation}", set.name, tested.scheme.name())
    }

    /// By the cycles that the integer model counted for the same steps.
    fn estimated_seconds(&self) -> f64 {
        let counters = &self.tested.test.counters;
        let cycles = match self.organisation {
            Organisation::Pipelined => counters.pipelined_cycles,
            Organisation::Serial => counters.serial_cycles,
        };
        let predictor = &self.how.predictor;
        let steps = counters.columns.iter().sum::<u64>() as f64 / self.program.settings.columns() as f64;
        let step = cycles as f64 / steps.max(1.0) + f64::from(predictor.step_cycles(&self.program, 0));
        let answers = self.questions.count() as f64 * f64::from(predictor.answer_cycles(&self.program));
        (self.questions.steps() as f64 * step + answers) / RATE
    }
}

impl Job<'_> {
    fn place<'a>(&'a self, row: &'a str, backend: &'a str) -> Place<'a> {
        let preset = self.program.geometry.name;
        (&self.set.name, row, self.seed, self.tested.scheme, self.organisation, backend, preset)
    }
}

/// The Verilog of the devices that are asked, by size and predictor, as hashes.
type Hardware = HashMap<(&'static str, Predictor), String>;

impl Prover<'_> {
    /// Asks the networks of some sets that are finished, and keeps the proofs of those that agree.
    pub fn run(&self, console: &Console, sets: &[Set], rows: &[Row]) -> anyhow::Result<Proven> {
        let (mut proven, mut jobs, mut hardware) = (Proven::default(), Vec::new(), Hardware::new());
        for (set, &row) in sets.iter().flat_map(|set| rows.iter().map(move |row| (set, row))) {
            for seed in 1..=self.seeds.unwrap_or(default_seeds(set, row)) {
                self.plan(set, row, seed, &mut hardware, &mut proven, &mut jobs)?;
            }
        }
        if jobs.is_empty() && proven.proofs.is_empty() {
            let text = "no network that hardware holds is finished; `engram results --network memo --rows lstm-128-4bit` does some";
            return Err(Failure::Input(text.to_string()).into());
        }
        note(console, &jobs);
        let (proofs, failed) =
            hardware::prove(console, self.backend, &jobs, self.jobs, |job, told| self.ask(job, told))?;
        proven.proofs.extend(proofs);
        proven.failed = failed;
        Ok(proven)
    }

    /// The jobs of a network, but for what was asked before.
    fn plan<'a>(
        &self,
        set: &'a Set,
        row: Row,
        seed: u64,
        hardware: &mut Hardware,
        proven: &mut Proven,
        jobs: &mut Vec<Job<'a>>,
    ) -> anyhow::Result<()> {
        let Some(cell) = self.ledger.find(set, row, seed) else { return Ok(()) };
        let preset = self.arguments.preset.and_then(|preset| Geometry::named(preset.name));
        let Some(geometry) = device(row).map(|usual| preset.unwrap_or(usual)) else {
            let name = row.to_string();
            if !proven.elsewhere.contains(&name) {
                proven.elsewhere.push(name);
            }
            return Ok(());
        };
        let model = Model::load(&self.ledger.model(set, &row.to_string(), seed))?;
        let program = model.program(geometry, &Programming::default())?;
        for tested in cell.schemes.into_iter().filter(|tested| tested.scheme != Scheme::Oracle) {
            for &organisation in self.organisations() {
                let how = remembering(set, &tested, organisation.of(Predictor::of(&geometry)));
                let key = self.key(&program, how, hardware);
                let questions = Questions::test(&set.data, STEPS).limited(self.limit);
                let (model, program) = (model.clone(), program.clone());
                let job = Job { set, row, seed, tested, model, program, how, organisation, questions, key };
                match self.kept(&job) {
                    Some(proof) => {
                        proven.before += 1;
                        proven.proofs.push(proof);
                    }
                    None => jobs.push(job),
                }
            }
        }
        Ok(())
    }

    fn is_board(&self) -> bool {
        matches!(self.backend, Backend::Port(_))
    }

    /// A board has the predictor that it was built with.
    fn organisations(&self) -> &'static [Organisation] {
        if self.is_board() { &Organisation::ALL[..1] } else { &Organisation::ALL }
    }

    fn key(&self, program: &Program, how: Memoization, hardware: &mut Hardware) -> String {
        let geometry = program.geometry;
        let emitted = || hash(&core_verilog::<Crossbar>(&geometry, Some(how.predictor), false).verilog);
        let verilog = match self.is_board() {
            true => "",
            false => hardware.entry((geometry.name, how.predictor)).or_insert_with(emitted),
        };
        hash(&format!("{:08x}\n{:?}\n{verilog}", program.hash(), how.settings))
    }

    /// What the ledger holds of a network, where it was asked of the same hardware. A board does not tell which it has.
    fn kept(&self, job: &Job) -> Option<Proof> {
        let (row, backend) = (job.row.to_string(), reported(self.backend));
        let proof = self.ledger.proof(&job.place(&row, &backend))?;
        let covers = proof.key == job.key && proof.answers >= job.questions.count();
        (covers && !self.is_board()).then_some(proof)
    }

    fn ask(&self, job: &Job, told: Told) -> anyhow::Result<Proof> {
        let (model, program) = (&job.model, &job.program);
        let quiet = Programming::default();
        let arguments =
            BackendOptions { preset: engram_spec::memnet::Geometry::named(program.geometry.name), ..*self.arguments };
        let mut device = Paired::remembering(model, self.backend, &arguments, &quiet, Some(job.how))?;
        put(&mut device, model, &job.questions, told)?;
        device.compare_counters()?;
        let counters = device.beside.take_counters();
        let tested = &job.tested.test.counters;
        ensure!(
            counters.columns != tested.columns || counters.hits == tested.hits,
            "found hits {:?} by gate, the finished cell has {:?}; remove the cell and let it be measured again",
            counters.hits,
            tested.hits
        );
        let predictor = device.predictor().unwrap_or(job.how.predictor);
        let proof = Proof {
            set: job.set.name.clone(),
            row: job.row.to_string(),
            seed: job.seed,
            scheme: job.tested.scheme,
            theta: job.tested.theta,
            key: job.key.clone(),
            backend: reported(self.backend),
            preset: device.geometry.name.to_string(),
            predictor_width: predictor.width,
            answers: device.answers,
            disagreements: device.disagreements,
            sequences: device.tallies.sequences,
            counted: Counted::of(&counters, Organisation::found(&predictor), device.tallies.differing),
            cycles_mean: (device.cycles.mean() * 1e3).round() / 1e3,
            cycles_without: hardware::step_cycles(program, &job.questions),
        };
        // What differs is asked again the next time.
        if hardware::Proof::differing(&proof) == 0 {
            self.ledger.keep_proof(&proof)?;
        }
        Ok(proof)
    }
}

/// The memoization of a scheme with its thresholds, by a predictor.
fn remembering(set: &Set, tested: &Tested, predictor: Predictor) -> Memoization {
    let mut how = tested.scheme.start(matches!(set.data, Data::Symbols(_)));
    how.settings.theta = tested.theta;
    how.predictor = predictor;
    how
}

#[cfg(test)]
mod tests {
    use engram_spec::memnet::geometry::ECP5_25F;

    use super::super::proofs::sums;
    use super::super::work::tests::measured;
    use super::*;
    use crate::results::hardware::Proof as _;

    #[test]
    fn hardware_is_asked_once_and_counts_as_the_integer_model() {
        let (_folder, set, ledger) = measured();
        let (backend, arguments, sets) = (Backend::Simulation, BackendOptions::of(ECP5_25F), [set]);
        let prover =
            Prover { backend: &backend, arguments: &arguments, seeds: None, limit: Some(1), jobs: 2, ledger: &ledger };
        let prove = || prover.run(&Console::new(false), &sets, &Row::all()).unwrap();
        let Proven { before, proofs, failed, elsewhere } = prove();
        assert_eq!((before, proofs.len(), failed.len(), elsewhere.len()), (0, 4, 0, 0));
        for proof in &proofs {
            assert_eq!((proof.answers, proof.sequences, proof.differing()), (1, 1, 0), "{proof}");
        }
        let of = |scheme, organisation| {
            proofs.iter().find(|proof| (proof.scheme, proof.counted.organisation) == (scheme, organisation)).unwrap()
        };
        for scheme in [Scheme::Paper, Scheme::PerGate] {
            let [pipelined, serial] = Organisation::ALL.map(|organisation| of(scheme, organisation));
            assert_eq!(pipelined.counted.hits, serial.counted.hits);
            assert!(pipelined.cycles_mean < serial.cycles_mean, "{pipelined} {serial}");
        }
        let sum = &sums(&proofs)[0];
        assert_eq!((sum.seeds, sum.answers, sum.sequences, sum.differences), (1, 1, 1, 0));
        assert_eq!(prove().before, 4);
        let mut cell = ledger.find(&sets[0], Row::all()[0], 1).unwrap();
        cell.schemes[0].theta = [1, 2, 3, 4];
        ledger.keep(&sets[0], Row::all()[0], &cell).unwrap();
        assert_eq!(prove().before, 2, "other thresholds are asked for");
    }

    #[test]
    fn what_nobody_finished_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(&folder.path().join("cells"));
        let (backend, arguments) = (Backend::Simulation, BackendOptions::of(ECP5_25F));
        let prover =
            Prover { backend: &backend, arguments: &arguments, seeds: None, limit: None, jobs: 1, ledger: &ledger };
        let error = prover.run(&Console::new(false), &[], &Row::all()).unwrap_err();
        assert!(error.to_string().contains("no network that hardware holds is finished"), "{error}");
    }
}
