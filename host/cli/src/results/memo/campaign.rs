//! `engram results --network memo`: trains and measures what is not finished.

use std::path::{Path, PathBuf};

use super::aggregate::{SetResults, set_results};
use super::document::document;
use super::ledger::Ledger;
use super::plan::Plan;
use super::proofs::replace;
use super::prove::{Proven, Prover};
use super::proved::ProvedMemo;
use super::published::Published;
use super::row::Row;
use super::work::finish;
use crate::command::results::Results;
use crate::console::Console;
use crate::results::crossbar::set::Set;
use crate::results::hardware::Proved;
use crate::results::models::Models;
use crate::results::report::{Done, Planned, note, write};
use crate::results::runner::{Failed, run};
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::source::official;

/// Where finished cells lie where nothing else is said.
const CELLS: &str = "build/results/memo/cells";

/// The cells of the arguments, and what they are made of.
pub struct Campaign<'a> {
    arguments: &'a Results,
    sets: Vec<Set>,
    rows: Vec<Row>,
    ledger: Ledger,
}

impl Campaign<'_> {
    /// What the arguments ask for.
    pub fn new(arguments: &Results) -> anyhow::Result<Campaign<'_>> {
        let babi = official(arguments.data.as_deref());
        Ok(Campaign {
            arguments,
            rows: rows(&arguments.rows)?,
            sets: Set::read_all(&arguments.recipes.join("crossbar"), babi.as_deref(), &arguments.sets)?,
            ledger: Ledger::new(arguments.cells.as_deref().unwrap_or(Path::new(CELLS))),
        })
    }

    /// Plans, trains and measures, reports or puts to hardware, as the arguments say.
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if let Some(backend) = &self.arguments.prove {
            return self.prove(console, backend);
        }
        let plan = Plan::new(&self.sets, &self.rows, self.arguments.seeds, &self.ledger);
        if self.arguments.dry_run {
            return Ok(console.report(&Planned::new(&plan.cells, plan.finished.len()))?);
        }
        // Read first: what cannot be kept is told before hours of work.
        let published = Published::read(&self.arguments.out)?;
        let mut done = Done { finished_before: plan.finished.len(), ..Done::default() };
        if !self.arguments.only_report {
            note(console, &plan.cells);
            let models = Models::default();
            let failed = run(console, &plan.cells, self.arguments.jobs(), |cell, progress| {
                Ok(finish(cell, &self.ledger, &models, progress)?.to_string())
            })?;
            done.count(console, plan.cells.len(), failed);
        }
        self.publish(published, &mut done)?;
        done.tell(console)
    }

    fn prove(&self, console: &Console, backend: &Backend) -> anyhow::Result<()> {
        let Results { backend: arguments, questions, out, seeds, .. } = self.arguments;
        let (seeds, limit) = (*seeds, questions.map(|questions| questions as usize));
        let mut published = Published::read(out)?;
        let prover = Prover {
            backend,
            arguments: &arguments.options(),
            seeds,
            limit,
            jobs: self.arguments.jobs(),
            ledger: &self.ledger,
        };
        let Proven { before, proofs, failed, elsewhere } = prover.run(console, &self.sets, &self.rows)?;
        failed.iter().for_each(|Failed { cell, error }| console.warn(format!("{cell}: {error:#}")));
        replace(&mut published.proofs, proofs.clone());
        published.write(out)?;
        let files = vec![write_report(&published, out)?];
        let failed = failed.into_iter().map(|failed| failed.cell).collect();
        let report =
            ProvedMemo { proved_before: before, not_in_hardware: elsewhere, proved: Proved { proofs, failed, files } };
        console.report(&report)?;
        report.proved.check()
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
    write(&document(published)?, "Results of fuzzy memoization", out, &out.with_file_name(format!("{name}-memo.md")))
}

/// The networks by name; all where none is named.
fn rows(names: &[String]) -> Result<Vec<Row>, Failure> {
    let all = Row::all();
    let named = |name: &String| {
        let names = all.iter().map(Row::to_string).collect::<Vec<String>>().join(", ");
        let text = format!("found rows '{name}', expected of {names}");
        all.iter().copied().find(|row| row.to_string() == *name).ok_or(Failure::Usage(text))
    };
    if names.is_empty() { Ok(all) } else { names.iter().map(named).collect() }
}
