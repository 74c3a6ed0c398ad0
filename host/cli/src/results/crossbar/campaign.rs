//! `engram results --network crossbar`: trains and measures what is not finished.

use std::path::{Path, PathBuf};

use super::aggregate::{SetResults, set_results};
use super::document::document;
use super::ledger::Ledger;
use super::plan::Plan;
use super::prove::{Prover, replace};
use super::published::Published;
use super::row::Table;
use super::set::Set;
use super::work::{Models, finish};
use crate::command::results::Results;
use crate::console::Console;
use crate::results::hardware::Proved;
use crate::results::report::{Done, Planned, note, write};
use crate::results::runner::{Failed, run};
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::source::official;

/// Where finished cells lie where nothing else is said.
const CELLS: &str = "build/results/lstm/cells";

/// The cells of the arguments, and what they are made of.
pub struct Campaign<'a> {
    arguments: &'a Results,
    sets: Vec<Set>,
    tables: Vec<Table>,
    ledger: Ledger,
}

impl Campaign<'_> {
    /// What the arguments ask for.
    pub fn new(arguments: &Results) -> anyhow::Result<Campaign<'_>> {
        let babi = official(arguments.data.as_deref());
        Ok(Campaign {
            arguments,
            sets: Set::read_all(&arguments.recipes.join("crossbar"), babi.as_deref(), &arguments.sets)?,
            tables: tables(&arguments.rows)?,
            ledger: Ledger::new(arguments.cells.as_deref().unwrap_or(Path::new(CELLS))),
        })
    }

    /// Plans, trains or reports, as the arguments say.
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if let Some(backend) = &self.arguments.prove {
            return self.prove(console, backend);
        }
        let plan = Plan::new(&self.sets, &self.tables, self.arguments.seeds, &self.ledger);
        if self.arguments.dry_run {
            return Ok(console.report(&Planned::new(&plan.cells, plan.finished.len()))?);
        }
        // Read first: what cannot be kept is told before hours of work.
        let published = Published::read(&self.arguments.out)?;
        let mut done = Done { finished_before: plan.finished.len(), ..Done::default() };
        if !self.arguments.only_report {
            self.train(console, &plan, &mut done)?;
        }
        self.publish(published, &mut done)?;
        done.tell(console)
    }

    fn prove(&self, console: &Console, backend: &Backend) -> anyhow::Result<()> {
        let Results { backend: arguments, questions, out, .. } = self.arguments;
        let limit = questions.map(|questions| questions as usize);
        let mut published = Published::read(out)?;
        let prover = Prover {
            backend,
            arguments: &arguments.options(),
            limit,
            jobs: self.arguments.jobs(),
            ledger: &self.ledger,
        };
        let (proofs, failed) = prover.run(console, &self.sets)?;
        failed.iter().for_each(|Failed { cell, error }| console.warn(format!("{cell}: {error:#}")));
        replace(&mut published.proofs, proofs.clone());
        published.write(out)?;
        let file = write_report(&published, out)?;
        let failed = failed.into_iter().map(|failed| failed.cell).collect();
        let report = Proved { proofs, failed, files: vec![file] };
        console.report(&report)?;
        report.check()
    }

    fn train(&self, console: &Console, plan: &Plan, done: &mut Done) -> anyhow::Result<()> {
        note(console, &plan.cells);
        let models = Models::new(&self.ledger);
        let failed = run(console, &plan.cells, self.arguments.jobs(), |cell, progress| {
            Ok(finish(cell, &self.ledger, &models, progress)?.to_string())
        })?;
        done.count(console, plan.cells.len(), failed);
        Ok(())
    }

    /// Writes numbers, report and plots of all that is finished.
    fn publish(&self, mut published: Published, done: &mut Done) -> anyhow::Result<()> {
        let results: Vec<SetResults> = self.sets.iter().filter_map(|set| set_results(set, &self.ledger)).collect();
        done.cpu_seconds = results.iter().map(|results| results.cpu_seconds).sum();
        published.replace(results);
        published.write(&self.arguments.out)?;
        done.files.push(write_report(&published, &self.arguments.out)?);
        Ok(())
    }
}

/// Writes the report of what is published, and its figures into the folder of its numbers.
fn write_report(published: &Published, out: &Path) -> anyhow::Result<PathBuf> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    write(&document(published)?, "Results of the crossbar LSTM", out, &out.with_file_name(format!("{name}-lstm.md")))
}

/// The tables by name; all where none is named.
fn tables(names: &[String]) -> Result<Vec<Table>, Failure> {
    let named = |name: &String| {
        let names = Table::ALL.map(|table| table.name()).join(", ");
        let text = format!("found rows '{name}', expected of {names}");
        Table::ALL.into_iter().find(|table| table.name() == name).ok_or(Failure::Usage(text))
    };
    if names.is_empty() { Ok(Table::ALL.into()) } else { names.iter().map(named).collect() }
}
