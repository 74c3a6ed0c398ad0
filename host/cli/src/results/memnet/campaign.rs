//! `engram results` of memory networks: trains what is not finished, publishes what is, and puts it to the hardware.

use std::fmt;
use std::path::{Path, PathBuf};

use comfy_table::{Table, presets};
use engram_spec::memnet::Addressing;
use serde::Serialize;

use super::aggregate::size_results;
use super::document::document;
use super::export::{ROW, export};
use super::inside::Loaded;
use super::ledger::{Finished, Ledger, key};
use super::marks::TASKS;
use super::plan::Plan;
use super::proofs::BackendProofs;
use super::prove::{self, Prover};
use super::proved::Proved;
use super::published::Published;
use super::row::{Row, Size};
use super::start::Starts;
use super::texts::{Text, Texts};
use super::work::finish;
use crate::command::results::Results;
use crate::console::Console;
use crate::results::report::{Planned, write};
use crate::results::runner::{Failed, run, seconds, time};
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::source::official;

/// Where finished cells lie where nothing else is said.
const CELLS: &str = "build/results/cells";

/// How the campaign came out.
#[derive(Debug, Default, Serialize)]
struct Report {
    trained: usize,
    finished_before: usize,
    failed: Vec<String>,
    /// Mean test errors in percent.
    means: Vec<Mean>,
    cpu_seconds: f64,
    files: Vec<PathBuf>,
}

/// The mean over the tasks.
#[derive(Debug, Serialize)]
struct Mean {
    size: Size,
    row: String,
    tasks: usize,
    test_error_percent: Option<f64>,
    spread: Option<f64>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_header(["size", "row", "tasks", "mean test error %", "spread"]);
        for Mean { size, row, tasks, test_error_percent, spread } in &self.means {
            let number = |value: Option<f64>| value.map_or("–".to_string(), |value| format!("{value:.1}"));
            table.add_row([
                size.to_string(),
                row.clone(),
                tasks.to_string(),
                number(*test_error_percent),
                number(*spread),
            ]);
        }
        writeln!(f, "{}", table.trim_fmt())?;
        let (trained, before) = (self.trained, self.finished_before);
        write!(
            f,
            "{trained} cells trained, {before} finished before; {} of processor time in all",
            time(self.cpu_seconds)
        )?;
        self.files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

/// The cells of the arguments, and what they are made of.
pub struct Campaign<'a> {
    arguments: &'a Results,
    texts: Texts,
    ledger: Ledger,
    /// The rows of the chosen sizes.
    all: Vec<Row>,
    /// Those to train, or to prove.
    rows: Vec<Row>,
    tasks: Vec<u8>,
}

impl Campaign<'_> {
    /// What the arguments ask for.
    pub fn new<'a>(arguments: &'a Results, console: &Console) -> Result<Campaign<'a>, Failure> {
        let all = all_rows(arguments)?;
        Ok(Campaign {
            arguments,
            texts: texts(arguments, console),
            ledger: Ledger::new(arguments.cells.as_deref().unwrap_or(Path::new(CELLS))),
            rows: chosen(arguments, &all)?,
            all,
            tasks: (1..=TASKS).filter(|task| arguments.tasks.is_empty() || arguments.tasks.contains(task)).collect(),
        })
    }

    /// Proves, plans, trains or reports, as the arguments say.
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if let Some(backend) = &self.arguments.prove {
            return self.prove(console, backend);
        }
        if self.arguments.dry_run {
            let plan = self.plan()?;
            return Ok(console.report(&Planned::new(&plan.cells, plan.finished.len()))?);
        }
        let mut report = Report::default();
        // Read first: what cannot be kept is told before hours of work.
        let published = Published::read(&self.arguments.out)?;
        if !self.arguments.only_report {
            self.train(console, &mut report)?;
        }
        self.publish(published, &mut report)?;
        console.report(&report)?;
        match report.failed.len() {
            0 => Ok(()),
            count => Err(Failure::Check(format!("{count} cells failed; the others are kept and reported")).into()),
        }
    }

    fn plan(&self) -> anyhow::Result<Plan<'_>> {
        Ok(Plan::new(&self.rows, &self.tasks, self.arguments.seeds, &self.texts, &self.ledger)?)
    }

    fn train(&self, console: &Console, report: &mut Report) -> anyhow::Result<()> {
        let (plan, starts) = (self.plan()?, Starts::default());
        if !plan.cells.is_empty() {
            let all = time(seconds(&plan.cells));
            console.note(format!("{} cells, about {all} of processor time; it may be interrupted", plan.cells.len()));
        }
        let failed = run(console, &plan.cells, self.arguments.jobs(), |cell, progress| {
            Ok(finish(cell, &self.texts, &self.ledger, &starts, progress)?.to_string())
        })?;
        for Failed { cell, error } in &failed {
            console.warn(format!("{cell}: {error:#}"));
        }
        report.trained = plan.cells.len() - failed.len();
        report.finished_before = plan.finished.len();
        report.failed = failed.into_iter().map(|failed| failed.cell).collect();
        Ok(())
    }

    /// Writes numbers, report and plots of all that is finished.
    fn publish(&self, mut published: Published, report: &mut Report) -> anyhow::Result<()> {
        let (arguments, texts, ledger) = (self.arguments, &self.texts, &self.ledger);
        let mut exported = Vec::new();
        for size in Size::ALL.into_iter().filter(|size| arguments.sizes.contains(size)) {
            let mut finished: Vec<(&Row, Vec<Finished>)> =
                self.all.iter().filter(|row| row.size == size).map(|row| (row, Vec::new())).collect();
            let (mut similarity, mut attention) = (Vec::new(), Vec::new());
            for task in 1..=TASKS {
                // A task whose text cannot be had has no finished cells.
                let Ok(text) = texts.read(size, task) else { continue };
                collect(&mut finished, &text, ledger);
                let look = |way| Loaded::first(&finished, task, way, ledger);
                for loaded in Addressing::ALL.into_iter().filter_map(|way| look(Some(way))) {
                    similarity.push(loaded.similarities(&text)?);
                }
                if let Some(loaded) = look(None) {
                    attention.extend(loaded.attention(&text)?);
                }
            }
            let results = size_results(size, &finished);
            report.cpu_seconds += results.cpu_seconds;
            report.means.extend(results.rows.iter().map(|row| Mean {
                size,
                row: row.row.clone(),
                tasks: row.tasks.len(),
                test_error_percent: row.mean.map(|mean| mean.mean),
                spread: row.mean.and_then(|mean| mean.spread),
            }));
            if !results.rows.is_empty() {
                published.replace(results);
                published.look_inside(size, similarity, attention);
            }
            let (name, of) = ROW;
            exported
                .extend(finished.into_iter().filter(|(row, _)| row.name == name && of == size).flat_map(|one| one.1));
        }
        published.write(&arguments.out)?;
        report.files.push(write_report(&published, &arguments.out)?);
        if let Some(folder) = &arguments.export {
            report.files.extend(export(&exported, ledger, folder)?);
        }
        Ok(())
    }

    /// Puts the test questions to a backend.
    fn prove(&self, console: &Console, backend: &Backend) -> anyhow::Result<()> {
        let (arguments, texts, ledger) = (self.arguments, &self.texts, &self.ledger);
        let limit = arguments.questions.map(|questions| questions as usize);
        let prover =
            Prover { backend, arguments: &arguments.backend.options(), limit, jobs: arguments.jobs(), texts, ledger };
        let mut published = Published::read(&arguments.out)?;
        let proven = prover.run(console, &self.rows, &self.tasks)?;
        for Failed { cell, error } in &proven.failed {
            console.warn(format!("{cell}: {error:#}"));
        }
        let options = self.proof_options(backend);
        let proofs = BackendProofs::new(prover.backend_name(), &options, proven.proofs.clone());
        let failed = proven.failed.into_iter().map(|failed| failed.cell).collect();
        let mut report = Proved { proved_before: proven.before, failed, proofs, files: Vec::new() };
        report.files.push(published.prove(&arguments.out, prover.backend_name(), &options, proven.proofs)?);
        report.files.push(write_report(&published, &arguments.out)?);
        console.report(&report)?;
        report.check()
    }

    /// The options that the same is asked with, without sizes, rows and folders.
    fn proof_options(&self, backend: &Backend) -> String {
        let tasks: Vec<String> = self.arguments.tasks.iter().map(u8::to_string).collect();
        let options = [
            ("tasks", (!tasks.is_empty()).then(|| tasks.join(","))),
            ("questions", self.arguments.questions.map(|questions| questions.to_string())),
            ("preset", self.arguments.backend.preset.map(|preset| preset.name.to_string())),
            ("prove", Some(backend.to_string())),
        ];
        let said = options.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", value?)));
        let generated = if self.arguments.generated { " --generated" } else { "" };
        format!("{generated}{}", said.collect::<String>())
    }
}

fn texts(arguments: &Results, console: &Console) -> Texts {
    if arguments.generated {
        return Texts::default();
    }
    let texts = Texts::new(official(arguments.data.as_deref()), arguments.data_10k.clone());
    for &size in arguments.sizes.iter().filter(|&&size| texts.folder(size).is_none()) {
        let text =
            format!("no bAbI text of {size} is there; using generated text, results on which are no bAbI scores");
        console.warn(text);
    }
    texts
}

/// The rows of the chosen sizes.
fn all_rows(arguments: &Results) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for size in Size::ALL.into_iter().filter(|size| arguments.sizes.contains(size)) {
        rows.extend(Row::read_all(&arguments.recipes, size)?);
    }
    Ok(rows)
}

/// The rows to train, or to prove.
fn chosen(arguments: &Results, all: &[Row]) -> Result<Vec<Row>, Failure> {
    let names: Vec<&str> = all.iter().map(|row| row.name.as_str()).collect();
    if let Some(unknown) = arguments.rows.iter().find(|name| !names.contains(&name.as_str())) {
        let text = format!(
            "found row '{unknown}', expected one of {}: a recipe in {}",
            names.join(", "),
            arguments.recipes.display()
        );
        return Err(Failure::Usage(text));
    }
    let usual = |name: &str| arguments.prove.is_none() || prove::ROWS.contains(&name);
    let wanted =
        |row: &&Row| if arguments.rows.is_empty() { usual(&row.name) } else { arguments.rows.contains(&row.name) };
    Ok(all.iter().filter(wanted).cloned().collect())
}

/// Writes the report beside the folder of its numbers, and its figures into it.
fn write_report(published: &Published, out: &Path) -> anyhow::Result<PathBuf> {
    write(&document(published)?, "Results", out, &out.with_extension("md"))
}

/// Adds the finished cells of a task to their rows.
fn collect(finished: &mut [(&Row, Vec<Finished>)], text: &Text, ledger: &Ledger) {
    let (task, fingerprint) = (text.data.task, text.fingerprint());
    for (row, cells) in finished {
        cells.extend(ledger.seeds(row, task, &key(row, task, fingerprint)));
    }
}
