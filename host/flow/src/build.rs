//! From Verilog to a bitstream: synthesis, place and route, packing; and the report of how it came out.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use engram_files::Work;
use serde::{Deserialize, Serialize};

use crate::board::{Board, Family};
use crate::contents::{self, Shell};
use crate::error::Error;
use crate::fingerprint::fingerprint;
use crate::nextpnr::{self, PlacedDesign, Segment, Use};
use crate::search::Search;
use crate::tool::{Tool, YOSYS};
use crate::{pack, wrapper, yosys};

/// The file name of the [`BuildReport`].
pub const REPORT: &str = "build.json";
/// The file name of the Verilog.
pub const VERILOG: &str = "design.v";
/// The file name of the Verilog that is synthesised in its place where memories have contents: a shell with others. It is not kept.
pub const SHELL: &str = "shell.v";
/// The file name of the shell's configuration with the contents in its memories.
pub const FILLED: &str = "filled.config";

/// A step of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Yosys.
    Synthesis,
    /// nextpnr.
    PlaceAndRoute,
    /// The contents of memories, where the Verilog has any.
    Filling,
    /// ecppack or icepack.
    Packing,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Step; 4] = [Step::Synthesis, Step::PlaceAndRoute, Step::Filling, Step::Packing];

    /// The step's name, for a progress display.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Synthesis => "synthesis",
            Step::PlaceAndRoute => "place and route",
            Step::Filling => "filling memories",
            Step::Packing => "packing",
        }
    }
}

/// An event of a build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The step has begun.
    Started(Step),
    /// The step is done, after so many seconds.
    Finished(Step, f64),
    /// The step was done before with the same inputs.
    Cached(Step),
}

/// How a build came out; also kept beside its outputs as [`REPORT`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildReport {
    /// The board's name.
    pub board: String,
    /// The part, as in `ecp5 25k CABGA381 speed 6`.
    pub part: String,
    /// The bitstream.
    pub bitstream: PathBuf,
    /// The highest frequency at which every path is fast enough, MHz.
    pub fmax_mhz: f64,
    /// The frequency at which the design runs, MHz.
    pub clock_mhz: f64,
    /// The frequency that timing has to reach: the clock with its [`MARGIN`], MHz. Reports of before have none, nor what is said of seeds.
    #[serde(default)]
    pub needed_mhz: f64,
    /// Whether the highest frequency is not below the one that is needed.
    pub meets_timing: bool,
    /// Cells of the part by type.
    pub utilization: BTreeMap<String, Use>,
    /// Cells of the netlist by type, before they are packed into those of the part.
    pub cells: BTreeMap<String, u64>,
    /// The slowest path, from block to block.
    pub worst_path: Vec<Segment>,
    /// The seed of place and route: of several the one with the highest frequency.
    pub seed: u64,
    /// The highest frequency of each seed that was placed and routed, MHz.
    #[serde(default)]
    pub seeds: BTreeMap<u64, f64>,
    /// The median of them, MHz.
    #[serde(default)]
    pub median_fmax_mhz: f64,
    /// How long each step took when it was last run, seconds to the millisecond.
    pub seconds: BTreeMap<Step, f64>,
    /// Whether nothing was run, because a build with the same inputs was there.
    pub cached: bool,
    /// The version of each tool.
    pub tools: BTreeMap<String, String>,
    /// The builds of tools that the search rejected, each with the reason.
    pub notes: Vec<String>,
    /// Every output, the bitstream among them.
    pub files: Vec<PathBuf>,
    /// Fingerprints of the inputs of each step, by which a later build knows them again.
    pub inputs: BTreeMap<Step, String>,
    /// Fingerprints of the outputs by file name, so that one that was torn or changed since is not used again.
    pub outputs: BTreeMap<String, String>,
}

impl BuildReport {
    /// The frequencies in words: the highest one, the one that is needed, and why.
    pub fn frequencies(&self) -> String {
        let BuildReport { fmax_mhz, needed_mhz, clock_mhz, .. } = self;
        format!("{fmax_mhz:.1} MHz, {needed_mhz:.1} needed for a clock of {clock_mhz} MHz")
    }
}

/// The clock's margin: a design has to be faster by a tenth than it is run, for heat, a weak supply and a clock that jitters.
pub const MARGIN: f64 = 1.1;

/// Builds the bitstream of the module `top` of `verilog` for a board. With several seeds of place and route, these run side by side,
/// one on a processor core, and the one with the highest frequency is kept.
///
/// Everything is made in a temporary folder within `out` and moved there when it is complete; where a step fails, only its log is, as `failed-` with the log's name. A
/// step whose inputs (Verilog, constraints, tool, seed) are those of the build that lies in `out` is not run again. Timing
/// that is not met is no error: see [`BuildReport::meets_timing`]. Builds into one folder wait for each other.
///
/// The contents that memories of an ECP5 have at switch-on are put in after place and route ([`Step::Filling`]), so that a build with
/// other contents takes seconds.
pub fn build(
    verilog: &str,
    top: &str,
    board: &Board,
    out: &Path,
    seeds: &[u64],
    progress: &mut dyn FnMut(Progress),
) -> Result<BuildReport, Error> {
    build_with(&Search::from_env(), verilog, top, board, out, seeds, progress)
}

/// Builds as [`build`] does, with tools from elsewhere.
pub fn build_with(
    search: &Search,
    verilog: &str,
    top: &str,
    board: &Board,
    out: &Path,
    seeds: &[u64],
    progress: &mut dyn FnMut(Progress),
) -> Result<BuildReport, Error> {
    engram_files::create_folder(out).map_err(Error::io("cannot create the folder", out))?;
    // The lock is on the folder itself, so that no file is left in it, and goes with `folder`, however this ends.
    let folder = File::open(out).map_err(Error::io("cannot open the folder", out))?;
    folder.lock().map_err(Error::io("cannot lock the folder", out))?;
    let work = Work::within(out).map_err(Error::io("cannot create a folder in", out))?;
    let around = wrapper::verilog(board, top);
    let (verilog, top) = (&*format!("{verilog}\n{around}"), wrapper::TOP);
    let shell = if board.part.family == Family::Ecp5 { Shell::of(verilog) } else { None };
    let flow = Flow { tools: Tools::find(search, board)?, verilog, shell, top, board, seeds, out, work: work.path() };
    let report = flow.steps(progress).map_err(|error| error.keep_log(out, "failed-"))?;
    flow.keep(&report)?;
    Ok(report)
}

/// The names of the files in a folder that a build wrote, [`REPORT`] aside, as its report says.
pub fn written(folder: &Path) -> Vec<String> {
    let report = fs::read_to_string(folder.join(REPORT)).ok();
    let report: Option<BuildReport> = report.and_then(|text| serde_json::from_str(&text).ok());
    let names = report.iter().flat_map(|report| &report.files).filter_map(|file| file.file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| folder.join(name).is_file()).collect()
}

/// The first file that a build for a board would replace in a folder though no build wrote it, and `is_own` does
/// not know it either.
pub fn in_the_way(folder: &Path, board: &Board, is_own: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let written = written(folder);
    let mut names = outputs(board, true).into_iter().chain([REPORT]);
    let foreign = |name: &str| !(written.iter().any(|own| own == name) || name == REPORT && !written.is_empty());
    let file = names.find(|name| folder.join(name).exists() && foreign(name) && !is_own(&folder.join(name)));
    file.map(|name| folder.join(name))
}

/// The outputs of a step for a board.
fn made_by(step: Step, board: &Board) -> Vec<&'static str> {
    let family = board.part.family;
    match step {
        Step::Synthesis => vec![yosys::NETLIST, yosys::STATISTICS, yosys::LOG],
        Step::PlaceAndRoute => vec![nextpnr::configuration(family), nextpnr::REPORT, nextpnr::LOG],
        Step::Filling => vec![FILLED],
        Step::Packing => vec![pack::bitstream(family), pack::LOG],
    }
}

/// The steps of a build, of a shell or not.
fn steps(shell: bool) -> impl Iterator<Item = Step> {
    Step::ALL.into_iter().filter(move |&step| shell || step != Step::Filling)
}

/// The outputs of a complete build for a board, of a shell or not, [`REPORT`] aside.
fn outputs(board: &Board, shell: bool) -> Vec<&str> {
    let made = steps(shell).flat_map(|step| made_by(step, board));
    [VERILOG, &board.constraints_file].into_iter().chain(made).collect()
}

struct Tools {
    yosys: Tool,
    nextpnr: Tool,
    packer: Tool,
}

impl Tools {
    fn find(search: &Search, board: &Board) -> Result<Tools, Error> {
        let family = board.part.family;
        Ok(Tools {
            yosys: search.find(YOSYS)?,
            nextpnr: search.find(nextpnr::router(family))?,
            packer: search.find(pack::packer(family))?,
        })
    }

    fn all(&self) -> [&Tool; 3] {
        [&self.yosys, &self.nextpnr, &self.packer]
    }
}

struct Flow<'a> {
    tools: Tools,
    verilog: &'a str,
    /// The shell, where memories have contents.
    shell: Option<Shell>,
    top: &'a str,
    board: &'a Board,
    seeds: &'a [u64],
    out: &'a Path,
    work: &'a Path,
}

impl Flow<'_> {
    fn outputs(&self) -> Vec<&str> {
        outputs(self.board, self.shell.is_some())
    }

    /// The file that is synthesised, and its text.
    fn synthesised(&self) -> (&str, &str) {
        self.shell.as_ref().map_or((VERILOG, self.verilog), |shell| (SHELL, &shell.verilog))
    }

    /// The fingerprint of each step's inputs: those of the step before, and its own.
    fn inputs(&self) -> BTreeMap<Step, String> {
        let family = self.board.part.family;
        let (file, verilog) = self.synthesised();
        let script = yosys::script(family, file, self.top);
        let words: String = self.shell.iter().flat_map(|shell| &shell.files).map(|(_, words)| words.as_str()).collect();
        let synthesis = fingerprint(&[verilog, &words, &script, &self.tools.yosys.description()]);
        let needed = self.needed_mhz();
        let arguments = self.seeds.iter().flat_map(|&seed| nextpnr::arguments(self.board, needed, seed));
        let arguments = arguments.collect::<Vec<_>>().join(" ");
        let router = self.tools.nextpnr.description();
        let routing = fingerprint(&[&synthesis, &arguments, &self.board.constraints, &router]);
        let filling = fingerprint(&[&routing, self.verilog, contents::VERSION]);
        let packing = fingerprint(&[&filling, &self.tools.packer.description()]);
        let all = [synthesis, routing, filling, packing];
        Step::ALL.into_iter().zip(all).filter(|(step, _)| self.shell.is_some() || *step != Step::Filling).collect()
    }

    /// The report of the build that lies in the output folder.
    fn earlier(&self) -> Option<BuildReport> {
        serde_json::from_str(&fs::read_to_string(self.out.join(REPORT)).ok()?).ok()
    }

    fn steps(&self, progress: &mut dyn FnMut(Progress)) -> Result<BuildReport, Error> {
        self.write(VERILOG, self.verilog)?;
        if let Some(Shell { verilog, files }) = &self.shell {
            self.write(SHELL, verilog)?;
            files.iter().try_for_each(|(name, words)| self.write(name, words))?;
        }
        self.write(&self.board.constraints_file, &self.board.constraints)?;
        let (inputs, earlier) = (self.inputs(), self.earlier());
        let (mut seconds, mut cached, mut tried) = (BTreeMap::new(), true, BTreeMap::new());
        for step in steps(self.shell.is_some()) {
            let same = earlier.as_ref().filter(|earlier| earlier.inputs.get(&step) == inputs.get(&step));
            if let Some(earlier) = same
                && self.reuse(step, &earlier.outputs)
            {
                seconds.extend(earlier.seconds.get(&step).map(|&seconds| (step, seconds)));
                tried.clone_from(&earlier.seeds);
                progress(Progress::Cached(step));
                continue;
            }
            cached = false;
            progress(Progress::Started(step));
            let start = Instant::now();
            match step {
                Step::Synthesis => {
                    let (file, family) = (self.synthesised().0, self.board.part.family);
                    yosys::synthesise(&self.tools.yosys, self.work, file, self.top, family).map(drop)?;
                }
                Step::PlaceAndRoute => tried = self.route()?,
                Step::Filling => {
                    let configuration = self.read(nextpnr::configuration(self.board.part.family))?;
                    self.write(FILLED, &contents::fill(&configuration, self.verilog)?)?;
                }
                Step::Packing => {
                    let family = self.board.part.family;
                    let configuration = if self.shell.is_some() { FILLED } else { nextpnr::configuration(family) };
                    pack::pack(&self.tools.packer, self.work, configuration, family)?;
                }
            }
            let elapsed = start.elapsed().as_millis() as f64 / 1e3;
            seconds.insert(step, elapsed);
            progress(Progress::Finished(step, elapsed));
        }
        self.report(inputs, seconds, cached, tried)
    }

    /// Takes a step's outputs over from the earlier build; whether all were there as that build left them.
    fn reuse(&self, step: Step, kept: &BTreeMap<String, String>) -> bool {
        made_by(step, self.board).into_iter().all(|name| {
            let bytes = fs::read(self.out.join(name)).unwrap_or_default();
            kept.get(name) == Some(&content(&bytes)) && fs::write(self.work.join(name), bytes).is_ok()
        })
    }

    /// The frequency that a design has to reach, MHz.
    fn needed_mhz(&self) -> f64 {
        self.board.clock_mhz * MARGIN
    }

    /// Places and routes with each seed, and keeps the outputs of the fastest one; the highest frequency of each. A seed that fails is left
    /// out, unless all do.
    fn route(&self) -> Result<BTreeMap<u64, f64>, Error> {
        let place = |folder: &Path, seed: u64| {
            let (nextpnr, needed) = (&self.tools.nextpnr, self.needed_mhz());
            nextpnr::place_and_route(nextpnr, folder, self.board, self.top, needed, seed).map(|placed| placed.fmax_mhz)
        };
        if let [seed] = self.seeds {
            return Ok([(*seed, place(self.work, *seed)?)].into());
        }
        let folder = |seed: u64| self.work.join(format!("seed-{seed}"));
        for &seed in self.seeds {
            let folder = folder(seed);
            fs::create_dir(&folder).map_err(Error::io("cannot create the folder", &folder))?;
            for name in [yosys::NETLIST, &self.board.constraints_file] {
                let copy = folder.join(name);
                fs::copy(self.work.join(name), &copy).map_err(Error::io("cannot write", &copy))?;
            }
        }
        let (left, placed) = (Mutex::new(self.seeds.iter()), Mutex::new(Vec::new()));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..cores.min(self.seeds.len()) {
                scope.spawn(|| {
                    loop {
                        let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
                        let Some(&seed) = next else { break };
                        let fmax = place(&folder(seed), seed);
                        placed.lock().unwrap_or_else(PoisonError::into_inner).push((seed, fmax));
                    }
                });
            }
        });
        let placed = placed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (mut tried, mut failed) = (BTreeMap::new(), None);
        for (seed, fmax) in placed {
            match fmax {
                Ok(fmax) => drop(tried.insert(seed, fmax)),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let (true, Some(error)) = (tried.is_empty(), failed) {
            return Err(error);
        }
        for name in made_by(Step::PlaceAndRoute, self.board) {
            let kept = self.work.join(name);
            fs::rename(folder(fastest(&tried)).join(name), &kept).map_err(Error::io("cannot write", &kept))?;
        }
        Ok(tried)
    }

    fn report(
        &self,
        inputs: BTreeMap<Step, String>,
        seconds: BTreeMap<Step, f64>,
        cached: bool,
        tried: BTreeMap<u64, f64>,
    ) -> Result<BuildReport, Error> {
        let PlacedDesign { fmax_mhz, utilization, worst_path } =
            PlacedDesign::parse(&self.read(nextpnr::REPORT)?, self.top)?;
        let clock_mhz = self.board.clock_mhz;
        let fingerprint_of = |name: &str| {
            let path = self.work.join(name);
            let bytes = fs::read(&path).map_err(Error::io("cannot read", &path))?;
            Ok((name.to_string(), content(&bytes)))
        };
        let version = |tool: &Tool| (tool.kind.name.to_string(), tool.description());
        Ok(BuildReport {
            board: self.board.name.clone(),
            part: self.board.part.to_string(),
            bitstream: self.out.join(pack::bitstream(self.board.part.family)),
            fmax_mhz,
            clock_mhz,
            needed_mhz: self.needed_mhz(),
            meets_timing: fmax_mhz >= self.needed_mhz(),
            utilization,
            cells: yosys::cells(&self.read(yosys::STATISTICS)?)?,
            worst_path,
            seed: fastest(&tried),
            median_fmax_mhz: median(&tried),
            seeds: tried,
            seconds,
            cached,
            tools: self.tools.all().into_iter().map(version).collect(),
            notes: self.tools.all().into_iter().flat_map(|tool| tool.passed_over.clone()).collect(),
            files: self.outputs().into_iter().map(|name| self.out.join(name)).collect(),
            inputs,
            outputs: self.outputs().into_iter().map(fingerprint_of).collect::<Result<_, _>>()?,
        })
    }

    /// Moves all to the output folder. The report that is there goes first and the new one comes last, so that no report
    /// ever describes files of another build.
    fn keep(&self, report: &BuildReport) -> Result<(), Error> {
        let place = self.out.join(REPORT);
        let earlier = written(self.out);
        if place.exists() {
            fs::remove_file(&place).map_err(Error::io("cannot replace", &place))?;
        }
        // The files of a build for another board would stand beside these as if they belonged to them.
        for name in earlier.iter().filter(|name| !self.outputs().contains(&name.as_str())) {
            let stale = self.out.join(name);
            fs::remove_file(&stale).map_err(Error::io("cannot remove", &stale))?;
        }
        self.write(REPORT, &serde_json::to_string_pretty(report).unwrap_or_default())?;
        for name in self.outputs().into_iter().chain([REPORT]) {
            let to = self.out.join(name);
            fs::rename(self.work.join(name), &to).map_err(Error::io("cannot replace", &to))?;
        }
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.work.join(name);
        fs::write(&path, text).map_err(Error::io("cannot write", &path))
    }

    fn read(&self, name: &str) -> Result<String, Error> {
        let path = self.work.join(name);
        fs::read_to_string(&path).map_err(Error::io("cannot read", &path))
    }
}

/// The seed with the highest frequency, the first of equal ones.
fn fastest(tried: &BTreeMap<u64, f64>) -> u64 {
    tried.iter().fold((0, 0.0), |best, (&seed, &fmax)| if fmax > best.1 { (seed, fmax) } else { best }).0
}

/// The median of the frequencies: of an even number of them the mean of the two in the middle.
fn median(tried: &BTreeMap<u64, f64>) -> f64 {
    let mut fmax: Vec<f64> = tried.values().copied().collect();
    fmax.sort_by(f64::total_cmp);
    let (low, high) = (fmax.len().saturating_sub(1) / 2, fmax.len() / 2);
    fmax.get(low).zip(fmax.get(high)).map_or(0.0, |(low, high)| f64::midpoint(*low, *high))
}

/// The fingerprint of a file's bytes, 64 bits in hexadecimal.
fn content(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// A small design for the iCEBreaker; `None` where the tools are missing.
    fn built(out: &Path) -> Option<(BuildReport, Vec<Progress>)> {
        let (board, mut progress) = (Board::named("icebreaker").unwrap(), Vec::new());
        let verilog = include_str!("../tests/top.v");
        match build(verilog, "engram_top", &board, out, &[1], &mut |event| progress.push(event)) {
            Err(error) if error.is_missing_tool() => {
                eprintln!("skipped: {error}");
                None
            }
            report => Some((report.unwrap(), progress)),
        }
    }

    #[test]
    fn two_builds_into_one_folder_follow_each_other() {
        let folder = TempDir::new().unwrap();
        let both: Vec<_> = std::thread::scope(|scope| {
            let threads = [scope.spawn(|| built(folder.path())), scope.spawn(|| built(folder.path()))];
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        assert!(both.is_empty() || both.iter().filter(|(report, _)| report.cached).count() == 1);
    }

    #[test]
    fn the_median_is_that_of_all_seeds() {
        let of = |fmax: &[f64]| fmax.iter().enumerate().map(|(seed, &fmax)| (seed as u64 + 1, fmax)).collect();
        for (fmax, seed, middle) in [(&[60.0][..], 1, 60.0), (&[62.0, 60.0], 1, 61.0), (&[60.0, 65.0, 61.0], 2, 61.0)] {
            let tried: BTreeMap<u64, f64> = of(fmax);
            assert_eq!((fastest(&tried), median(&tried)), (seed, middle), "{fmax:?}");
        }
    }

    #[test]
    fn torn_outputs_are_made_again() {
        let folder = TempDir::new().unwrap();
        let Some((whole, _)) = built(folder.path()) else { return };
        let bitstream = pack::bitstream(Board::named("icebreaker").unwrap().part.family);
        for (name, torn) in [(yosys::NETLIST, Step::Synthesis), (bitstream, Step::Packing)] {
            let path = folder.path().join(name);
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            let (again, progress) = built(folder.path()).unwrap();
            assert!(!again.cached);
            for step in steps(false) {
                assert_eq!(progress.contains(&Progress::Cached(step)), step != torn, "{name}: {step:?}");
            }
            assert_eq!(again.outputs[bitstream], whole.outputs[bitstream]);
            assert_eq!(fs::metadata(&path).unwrap().len(), bytes.len() as u64);
        }
    }
}
