//! `engram results`: the campaign that the tables are made of, the tables, and the proof on hardware.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use comfy_table::{Table, presets};
use engram_spec::Addressing;
use serde::Serialize;

use crate::agreement::Difference;
use crate::body::{Body, BodyArguments, hardware};
use crate::console::{BAD, Console, GOOD, styled};
use crate::failure::Failure;
use crate::results::aggregate::size_results;
use crate::results::document::{Block, document};
use crate::results::export::{ROW, export};
use crate::results::files::write_whole;
use crate::results::inside::Loaded;
use crate::results::ledger::{Finished, Ledger, key};
use crate::results::markdown::markdown;
use crate::results::marks::TASKS;
use crate::results::plan::{Cell, Plan};
use crate::results::proofs::{BodyProofs, Proof, RowSum, Sum};
use crate::results::prove::{self, Prover};
use crate::results::published::Published;
use crate::results::row::{Row, Size};
use crate::results::runner::{self, time};
use crate::results::texts::{Text, Texts};
use crate::source::official;

/// Which cells, and where everything lies.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram results
  engram results --sizes 1k --rows qmann,float --tasks 1,6,15 --seeds 3
  engram results --dry-run
  engram results --only-report --export models
  engram results --sizes 1k --prove verilator
  engram results --prove simulation --rows qmann --tasks 1 --questions 20 --preset ecp5-25f

A row is a recipe: recipes/1k/qmann.toml is the row qmann at 1k, in the words of its first comment; rows named as
qmann-6bit is are drawn by word length. A cell is a row, a task and a seed. Every cell is kept
when it is finished, so the campaign may be interrupted at any time and goes on where it was; a changed recipe or a
changed text is trained anew. The report is of all that is finished, whatever was chosen to be trained.

--prove asks the hardware all test questions, of the models that --export would choose, and holds each answer's word and
logit against the integer model's. What was asked of the same model and the same Verilog is not asked again. Any answer
that differs ends with exit code 1, and the first is shown by layer.")]
pub struct Results {
    /// The sizes of training text.
    #[arg(long, value_name = "SIZES", value_delimiter = ',', default_value = "1k,10k")]
    pub sizes: Vec<Size>,
    /// The rows to train [default: all recipes].
    #[arg(long, value_name = "ROWS", value_delimiter = ',')]
    pub rows: Vec<String>,
    /// The tasks to train [default: 1 to 20].
    #[arg(long, value_name = "TASKS", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=i64::from(TASKS)))]
    pub tasks: Vec<u8>,
    /// Seeds to train each with, 1 to N [default: 5 at 1k, 3 at 10k].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Directory of the 1k files [default: as for `engram train`]. Without any, text is generated.
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data: Option<PathBuf>,
    /// Directory of the 10k files [default: en-10k beside those of 1k].
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data_10k: Option<PathBuf>,
    /// Use generated text; results on it are no bAbI scores.
    #[arg(long)]
    pub generated: bool,
    /// The folder of recipes, with a folder for each size.
    #[arg(long, value_name = "DIR", default_value = "recipes")]
    pub recipes: PathBuf,
    /// The folder of finished cells; their models lie in the folder `models` beside it.
    #[arg(long, value_name = "DIR", default_value = "build/results/cells")]
    pub cells: PathBuf,
    /// The folder of numbers and plots; the report is DIR.md.
    #[arg(long, value_name = "DIR", default_value = "docs/results")]
    pub out: PathBuf,
    /// Cells at the same time [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// List the cells that are to be trained, with their estimated time, and train none.
    #[arg(long, conflicts_with_all = ["only_report", "export"])]
    pub dry_run: bool,
    /// Make the report of what is finished, and train nothing.
    #[arg(long)]
    pub only_report: bool,
    /// Train nothing: put the test questions of each task to a body, with the finished models of the rows qmann, fixed and
    /// binary, or of --rows: verilator, cxxrtl, netlist, simulation, or a serial port's path.
    #[arg(long, value_name = "BODY", value_parser = hardware, conflicts_with_all = ["dry_run", "only_report", "export", "seeds"])]
    pub prove: Option<Body>,
    /// The most questions of a task to put to the body.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), requires = "prove")]
    pub questions: Option<u32>,
    #[command(flatten)]
    pub body: BodyArguments,
    /// Copy the model of each task of the row qmann at 10k, of the seed that validation chooses, into a folder.
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
}

/// The cells that are to be trained.
#[derive(Debug, Serialize)]
struct Planned<'a> {
    finished: usize,
    estimated_seconds: f64,
    cells: &'a [Cell<'a>],
}

impl fmt::Display for Planned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cell in self.cells {
            writeln!(f, "{:>12}  {}", time(cell.estimated_seconds), runner::name(cell))?;
        }
        let all = time(self.estimated_seconds);
        write!(f, "{} cells to train, about {all} of processor time; {} are finished", self.cells.len(), self.finished)
    }
}

/// How the campaign came out.
#[derive(Debug, Serialize)]
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

/// How a proof came out.
#[derive(Debug, Serialize)]
struct Proved {
    proved_before: usize,
    failed: Vec<String>,
    #[serde(flatten)]
    proofs: BodyProofs,
    files: Vec<PathBuf>,
}

impl fmt::Display for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proved { proved_before, failed, proofs, files } = self;
        let head = ["size", "row", "preset", "tasks", "questions", "differ", "cycles, mean", "most"];
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_header(head);
        for RowSum { size, row, presets, sum } in &proofs.rows {
            let Sum { tasks, questions, disagreements, cycles_mean, cycles_most } = sum;
            let names = [size.to_string(), row.clone(), presets.join(", ")];
            let counts = [tasks, questions, disagreements].map(ToString::to_string);
            table
                .add_row(names.into_iter().chain(counts).chain([format!("{cycles_mean:.1}"), cycles_most.to_string()]));
        }
        writeln!(f, "{}", table.trim_fmt())?;
        if let Some((proof, first)) = self.first_disagreement() {
            writeln!(f, "{} qa{}, {}:\n{first}", proof.row, proof.task, proof.size)?;
        }
        let Sum { tasks, questions, disagreements, .. } = proofs.total;
        let differ = match disagreements {
            0 => styled(GOOD, "the same word and logit every time"),
            count => styled(BAD, format!("{count} answers differ")),
        };
        write!(
            f,
            "{questions} questions on {}: {differ}; {proved_before} of {tasks} tasks proved before",
            proofs.body
        )?;
        failed.iter().try_for_each(|cell| write!(f, "\n  failed: {cell}"))?;
        files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl Proved {
    fn first_disagreement(&self) -> Option<(&Proof, &Difference)> {
        self.proofs.proofs.iter().find_map(|proof| Some((proof, proof.first_disagreement.as_ref()?)))
    }

    fn check(&self) -> anyhow::Result<()> {
        let Sum { questions, disagreements, .. } = self.proofs.total;
        let told = match (disagreements, self.failed.len()) {
            (0, 0) => return Ok(()),
            (0, failed) => format!("{failed} tasks could not be asked; the others are kept and reported"),
            (count, _) => format!("{count} of {questions} answers differ from the integer model's"),
        };
        Err(Failure::Check(told).into())
    }
}

impl Results {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let texts = self.texts(console);
        let ledger = Ledger::new(&self.cells);
        let all = self.all_rows()?;
        let rows = self.chosen(&all)?;
        self.check_preset()?;
        let tasks: Vec<u8> = (1..=TASKS).filter(|task| self.tasks.is_empty() || self.tasks.contains(task)).collect();
        if let Some(body) = &self.prove {
            return self.prove(console, body, &rows, &tasks, &texts, &ledger);
        }
        let mut report = Report {
            trained: 0,
            finished_before: 0,
            failed: Vec::new(),
            means: Vec::new(),
            cpu_seconds: 0.0,
            files: Vec::new(),
        };
        if self.dry_run {
            let plan = Plan::new(&rows, &tasks, self.seeds, &texts, &ledger)?;
            let (finished, estimated_seconds) = (plan.finished.len(), plan.seconds());
            return Ok(console.report(&Planned { finished, estimated_seconds, cells: &plan.cells })?);
        }
        // Read first: what cannot be kept is told before hours of work.
        let published = Published::read(&self.out)?;
        if !self.only_report {
            let plan = Plan::new(&rows, &tasks, self.seeds, &texts, &ledger)?;
            self.train(console, &plan, &texts, &ledger, &mut report)?;
        }
        self.publish(published, &all, &texts, &ledger, &mut report)?;
        console.report(&report)?;
        match report.failed.len() {
            0 => Ok(()),
            count => Err(Failure::Check(format!("{count} cells failed; the others are kept and reported")).into()),
        }
    }

    /// The preset is of a body, and there is one with --prove alone.
    fn check_preset(&self) -> Result<(), Failure> {
        match (self.prove.is_some(), self.body.preset) {
            (false, Some(_)) => Err(Failure::Usage("found --preset, expected --prove beside it".to_string())),
            _ => Ok(()),
        }
    }

    fn prove(
        &self,
        console: &Console,
        body: &Body,
        rows: &[Row],
        tasks: &[u8],
        texts: &Texts,
        ledger: &Ledger,
    ) -> anyhow::Result<()> {
        let limit = self.questions.map(|questions| questions as usize);
        let prover = Prover { body, arguments: &self.body, limit, jobs: self.jobs(), texts, ledger };
        let mut published = Published::read(&self.out)?;
        let proven = prover.run(console, rows, tasks)?;
        for runner::Failed { cell, error } in &proven.failed {
            console.warn(format!("{cell}: {error:#}"));
        }
        let options = self.proof_options(body);
        let proofs = BodyProofs::new(prover.body_name(), &options, proven.proofs.clone());
        let failed = proven.failed.into_iter().map(|failed| failed.cell).collect();
        let mut report = Proved { proved_before: proven.before, failed, proofs, files: Vec::new() };
        report.files.push(published.prove(&self.out, prover.body_name(), &options, proven.proofs)?);
        report.files.push(self.write_report(&published)?);
        console.report(&report)?;
        report.check()
    }

    /// The options that the same is asked with, without sizes, rows and folders.
    fn proof_options(&self, body: &Body) -> String {
        let tasks: Vec<String> = self.tasks.iter().map(u8::to_string).collect();
        let options = [
            ("tasks", (!tasks.is_empty()).then(|| tasks.join(","))),
            ("questions", self.questions.map(|questions| questions.to_string())),
            ("preset", self.body.preset.map(|preset| preset.name.to_string())),
            ("prove", Some(body.to_string())),
        ];
        let said = options.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", value?)));
        let generated = if self.generated { " --generated" } else { "" };
        format!("{generated}{}", said.collect::<String>())
    }

    /// Cells at the same time.
    fn jobs(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(processors, usize::from)
    }

    fn texts(&self, console: &Console) -> Texts {
        if self.generated {
            return Texts::default();
        }
        let texts = Texts::new(official(self.data.as_deref()), self.data_10k.clone());
        for &size in self.sizes.iter().filter(|&&size| texts.folder(size).is_none()) {
            let text =
                format!("no bAbI text of {size} is there; using generated text, results on which are no bAbI scores");
            console.warn(text);
        }
        texts
    }

    /// The rows of the chosen sizes.
    fn all_rows(&self) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        for &size in Size::value_variants().iter().filter(|size| self.sizes.contains(size)) {
            rows.extend(Row::read_all(&self.recipes, size)?);
        }
        Ok(rows)
    }

    /// The rows to train, or to prove.
    fn chosen(&self, all: &[Row]) -> Result<Vec<Row>, Failure> {
        let names: Vec<&str> = all.iter().map(|row| row.name.as_str()).collect();
        if let Some(unknown) = self.rows.iter().find(|name| !names.contains(&name.as_str())) {
            let text = format!(
                "found row '{unknown}', expected one of {}: a recipe in {}",
                names.join(", "),
                self.recipes.display()
            );
            return Err(Failure::Usage(text));
        }
        let usual = |name: &str| self.prove.is_none() || prove::ROWS.contains(&name);
        let wanted = |row: &&Row| if self.rows.is_empty() { usual(&row.name) } else { self.rows.contains(&row.name) };
        Ok(all.iter().filter(wanted).cloned().collect())
    }

    fn train(
        &self,
        console: &Console,
        plan: &Plan,
        texts: &Texts,
        ledger: &Ledger,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        if !plan.cells.is_empty() {
            let all = time(plan.seconds());
            console.note(format!("{} cells, about {all} of processor time; it may be interrupted", plan.cells.len()));
        }
        let failed = runner::run(console, plan, self.jobs(), texts, ledger)?;
        for runner::Failed { cell, error } in &failed {
            console.warn(format!("{cell}: {error:#}"));
        }
        report.trained = plan.cells.len() - failed.len();
        report.finished_before = plan.finished.len();
        report.failed = failed.into_iter().map(|failed| failed.cell).collect();
        Ok(())
    }

    /// Writes numbers, report and plots of all that is finished.
    fn publish(
        &self,
        mut published: Published,
        rows: &[Row],
        texts: &Texts,
        ledger: &Ledger,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let mut exported = Vec::new();
        for size in Size::ALL.into_iter().filter(|size| self.sizes.contains(size)) {
            let mut finished: Vec<(&Row, Vec<Finished>)> =
                rows.iter().filter(|row| row.size == size).map(|row| (row, Vec::new())).collect();
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
        published.write(&self.out)?;
        report.files.push(self.write_report(&published)?);
        if let Some(folder) = &self.export {
            report.files.extend(export(&exported, ledger, folder)?);
        }
        Ok(())
    }

    fn write_report(&self, published: &Published) -> anyhow::Result<PathBuf> {
        let blocks = document(published)?;
        for block in &blocks {
            if let Block::Figure(figure) = block {
                write_whole(&self.out.join(&figure.file), &figure.svg)?;
            }
        }
        let folder = self.out.file_name().map(Path::new).unwrap_or(Path::new("."));
        let path = self.out.with_extension("md");
        write_whole(&path, &markdown(&blocks, &folder.display().to_string()))?;
        Ok(path)
    }
}

/// Adds the finished cells of a task to their rows.
fn collect(finished: &mut [(&Row, Vec<Finished>)], text: &Text, ledger: &Ledger) {
    let (task, fingerprint) = (text.data.task, text.fingerprint());
    for (row, cells) in finished {
        cells.extend(ledger.seeds(row, task, &key(row, task, fingerprint)));
    }
}
