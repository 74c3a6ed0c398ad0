//! Puts the campaign's test questions to hardware that remembers columns: the LSTMs that a device holds, with the thresholds
//! that were found for them, once with a predictor ahead of the lanes and once with one that takes turns with them. Every
//! answer, and every sequence's counters and cycles, are held against the integer model's. What is asked already, of the same
//! model, thresholds and hardware, is not asked again.

use std::collections::HashMap;

use anyhow::ensure;
use engram_crossbar::{Memoization, Model, Programming};
use engram_sequences::{Data, Questions};
use engram_session::backend::BackendOptions;
use engram_session::crossbar::Paired;
use engram_session::crossbar::counters::Counted;
use engram_session::hardware::Organisation;
use engram_session::progress::Work;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{Crossbar, Geometry, Program};
use engram_testbench::core_verilog;

use super::campaign::default_seeds;
use super::finished::{Figures, Tested};
use super::proofs::{Place, Proof, device};
use super::scheme::Scheme;
use super::variant::Variant;
use super::work::model_file;
use crate::datasets::{Asked, Dataset, Finished, Models, Variant as _};
use crate::files::hash;
use crate::ledger::Ledger;
use crate::observer::Progress;
use crate::proofs::{Answered, Asking, Proved, put, step_cycles};
use crate::report::note;
use crate::runner::Run;

/// Cycles that a simulation does in a second, about, before anything has been asked.
const RATE: f64 = 1.5e6;

/// The most steps of a set that are asked: recordings evenly taken, or the first symbols.
pub const STEPS: usize = 12_000;

/// The hardware that is asked, and what is put to it.
pub struct Prover<'a> {
    pub asking: Asking<'a, Proof>,
    /// The seeds 1 to N; where nothing is said the campaign's.
    pub seeds: Option<u64>,
    pub ledger: &'a Ledger<Finished<Figures>>,
    pub models: &'a Models,
}

/// The networks of the campaign that are finished.
#[derive(Default)]
struct Planned<'a> {
    jobs: Vec<Job<'a>>,
    /// The proofs of those that were asked before.
    before: Vec<Proof>,
    /// Networks that no hardware holds.
    elsewhere: Vec<String>,
    hardware: Hardware,
}

/// A network to ask, with the thresholds of a scheme.
struct Job<'a> {
    dataset: &'a Dataset,
    variant: Variant,
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

impl Run for Job<'_> {
    fn name(&self) -> String {
        let Job { dataset, variant, seed, tested, organisation, .. } = self;
        format!("{} {variant} seed {seed} {} {organisation}", dataset.name, tested.scheme.name())
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
    fn place<'a>(&'a self, variant: &'a str, backend: &'a str) -> Place<'a> {
        let preset = self.program.geometry.name;
        (&self.dataset.name, variant, self.seed, self.tested.scheme, self.organisation, backend, preset)
    }
}

/// The Verilog of the devices that are asked, by size and predictor, as hashes.
type Hardware = HashMap<(&'static str, Predictor), String>;

impl Prover<'_> {
    /// Asks the networks of some data sets that are finished, and keeps the proofs.
    pub fn run(&self, datasets: &[&Dataset], variants: &[Variant]) -> anyhow::Result<Proved<Proof>> {
        let mut planned = Planned::default();
        for dataset in datasets {
            let asked = Asked::of(&dataset.loaded()?.data);
            for &variant in variants {
                for seed in 1..=self.seeds.unwrap_or(default_seeds(asked, variant)) {
                    self.plan(dataset, variant, seed, &mut planned)?;
                }
            }
        }
        let Planned { jobs, before, elsewhere, .. } = planned;
        note(self.asking.observer, &jobs);
        let nothing = "no network that hardware holds is finished; `engram results --network memo --rows lstm-128-4bit` does some, \
                       `engram results run KEY` one whose model is not at hand";
        let answered = self.asking.run(&jobs, before, nothing, |job, progress| self.ask(job, progress))?;
        let Answered { before, proofs, failed } = answered;
        let (proved_before, not_in_hardware) = (Some(before), Some(elsewhere));
        Ok(Proved { proved_before, not_in_hardware, proofs, failed, files: Vec::new() })
    }

    /// The jobs of a network, but for what was asked before.
    fn plan<'a>(
        &self,
        dataset: &'a Dataset,
        variant: Variant,
        seed: u64,
        planned: &mut Planned<'a>,
    ) -> anyhow::Result<()> {
        let key = variant.key(dataset)?;
        let Some(finished) = self.ledger.find(|line| (&line.key, line.seed) == (&key, seed)) else { return Ok(()) };
        let preset = self.asking.proving.options.preset.and_then(|preset| Geometry::named(preset.name));
        let Some(geometry) = device(variant).map(|usual| preset.unwrap_or(usual)) else {
            let name = variant.to_string();
            if !planned.elsewhere.contains(&name) {
                planned.elsewhere.push(name);
            }
            return Ok(());
        };
        let file = model_file(self.models, dataset, &variant.to_string(), seed)?;
        if !file.is_file() {
            return Ok(());
        }
        let model = Model::load(&file)?;
        let program = model.program(geometry, &Programming::default())?;
        for tested in finished.measured.schemes.into_iter().filter(|tested| tested.scheme != Scheme::Oracle) {
            for &organisation in self.organisations() {
                let how = remembering(&dataset.loaded()?.data, &tested, organisation.of(Predictor::of(&geometry)));
                let key = self.key(&program, how, &mut planned.hardware);
                let questions = Questions::test(&dataset.loaded()?.data, STEPS).limited(self.asking.proving.limit);
                let (model, program) = (model.clone(), program.clone());
                let job = Job { dataset, variant, seed, tested, model, program, how, organisation, questions, key };
                match self.kept(&job) {
                    Some(proof) => planned.before.push(proof),
                    None => planned.jobs.push(job),
                }
            }
        }
        Ok(())
    }

    /// A board has the predictor that it was built with.
    fn organisations(&self) -> &'static [Organisation] {
        if self.asking.proving.is_board() { &Organisation::ALL[..1] } else { &Organisation::ALL }
    }

    fn key(&self, program: &Program, how: Memoization, hardware: &mut Hardware) -> String {
        let geometry = program.geometry;
        let emitted = || hash(&core_verilog::<Crossbar>(&geometry, Some(how.predictor), false).verilog);
        let verilog = match self.asking.proving.is_board() {
            true => "",
            false => hardware.entry((geometry.name, how.predictor)).or_insert_with(emitted),
        };
        hash(&format!("{:08x}\n{:?}\n{verilog}", program.hash(), how.settings))
    }

    /// The ledger's proof of a network, where it was asked of the same hardware.
    fn kept(&self, job: &Job) -> Option<Proof> {
        let (variant, backend) = (job.variant.to_string(), self.asking.proving.name());
        let place = job.place(&variant, &backend);
        let covers = |proof: &Proof| proof.key == job.key && proof.answers >= job.questions.count();
        self.asking.kept(|proof| proof.place() == place && covers(proof))
    }

    fn ask(&self, job: &Job, progress: Progress) -> anyhow::Result<Proof> {
        let (model, program) = (&job.model, &job.program);
        let quiet = Programming::default();
        let preset = engram_spec::memnet::Geometry::named(program.geometry.name);
        let options = BackendOptions { preset, ..self.asking.proving.options };
        let mut device =
            Paired::remembering(model, &self.asking.proving.backend, &options, &quiet, Some(job.how), &Work::hidden())?;
        put(&mut device, model, &job.questions, progress)?;
        device.compare_counters()?;
        let counters = device.beside.take_counters();
        let tested = &job.tested.test.counters;
        ensure!(
            counters.columns != tested.columns || counters.hits == tested.hits,
            "found hits {:?} by gate, the finished run has {:?}; `engram results run` measures it again",
            counters.hits,
            tested.hits
        );
        let predictor = device.predictor().unwrap_or(job.how.predictor);
        Ok(Proof {
            dataset: job.dataset.name.clone(),
            variant: job.variant.to_string(),
            seed: job.seed,
            scheme: job.tested.scheme,
            theta: job.tested.theta,
            key: job.key.clone(),
            backend: self.asking.proving.name(),
            preset: device.geometry.name.to_string(),
            predictor_width: predictor.width,
            answers: device.answers,
            disagreements: device.disagreements,
            sequences: device.tallies.sequences,
            counted: Counted::of(&counters, Organisation::found(&predictor), device.tallies.differing),
            cycles_mean: (device.cycles.mean() * 1e3).round() / 1e3,
            cycles_without: step_cycles(program, &job.questions),
        })
    }
}

/// The memoization of a scheme with its thresholds, by a predictor.
fn remembering(data: &Data, tested: &Tested, predictor: Predictor) -> Memoization {
    let mut how = tested.scheme.start(matches!(data, Data::Symbols(_)));
    how.settings.theta = tested.theta;
    how.predictor = predictor;
    how
}

#[cfg(test)]
mod tests {
    use engram_session::backend::Backend;
    use engram_spec::memnet::geometry::ECP5_25F;

    use super::super::proofs::{sort, sums};
    use super::super::work::tests::measured;
    use super::*;
    use crate::observer::Quiet;
    use crate::options::Proving;
    use crate::proofs::Proof as _;

    fn simulation(limit: Option<usize>) -> Proving {
        Proving { backend: Backend::Simulation, options: BackendOptions::of(ECP5_25F), limit }
    }

    #[test]
    fn hardware_is_asked_once_and_counts_as_the_integer_model() {
        let (folder, dataset, ledger) = measured();
        let (proving, models) = (simulation(Some(1)), Models::new(folder.path().join("models")));
        let kept = Ledger::read(&folder.path().join("proofs.jsonl"), &|text| panic!("{text}")).unwrap();
        let asking = Asking { observer: &Quiet, proving: &proving, jobs: 2, ledger: &kept };
        let prover = Prover { asking, seeds: None, ledger: &ledger, models: &models };
        let prove = || prover.run(&[&dataset], &Variant::all()).unwrap();
        let Proved { proved_before, not_in_hardware, mut proofs, failed, .. } = prove();
        assert_eq!((proved_before, not_in_hardware, proofs.len(), failed.len()), (Some(0), Some(Vec::new()), 4, 0));
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
        sort(&mut proofs);
        let sum = &sums(&proofs)[0];
        assert_eq!((sum.seeds, sum.answers, sum.sequences, sum.differences), (1, 1, 1, 0));
        assert_eq!(prove().proved_before, Some(4));
        let mut run = ledger.all().remove(0);
        run.measured.schemes[0].theta = [1, 2, 3, 4];
        ledger.keep(&[run]).unwrap();
        assert_eq!(prove().proved_before, Some(2), "other thresholds are asked for");
    }

    #[test]
    fn what_nobody_finished_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let ledger: Ledger<Finished<Figures>> = Ledger::read(&folder.path().join("memo.jsonl"), &|_| ()).unwrap();
        let kept = Ledger::read(&folder.path().join("proofs.jsonl"), &|_| ()).unwrap();
        let (proving, models) = (simulation(None), Models::new(folder.path().into()));
        let asking = Asking { observer: &Quiet, proving: &proving, jobs: 1, ledger: &kept };
        let prover = Prover { asking, seeds: None, ledger: &ledger, models: &models };
        let error = prover.run(&[], &Variant::all()).err().unwrap();
        assert!(error.to_string().contains("no network that hardware holds is finished"), "{error}");
    }
}
