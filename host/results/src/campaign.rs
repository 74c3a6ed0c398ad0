//! A campaign: the runs of a network's tables, and the document made of them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;

use engram_session::Failure;
use serde::Serialize;

use crate::document::Block;
use crate::ledger::{self, Head, Ledger, Line};
use crate::observer::{Observer, Progress};
use crate::options::{Options, Proving};
use crate::report::{Done, Mean, note, write};
use crate::runner::{Failed, Run, run};

/// A finished run: its figures, which are a line of the ledger.
pub trait Finished: Line + fmt::Display {
    /// The hash of all that decides the outcome but the seed: data, recipe, version of the trainer.
    fn key(&self) -> &str;

    /// Processor time of training and measuring.
    fn cpu_seconds(&self) -> f64;
}

/// Whether a finished run takes the place of another: of the same network and data, made of something else.
pub fn is_stale(new: &impl Finished, old: &impl Finished) -> bool {
    let network = |name: String| name.rsplit_once('/').map(|(network, _)| network.to_string());
    network(new.name()) == network(old.name()) && new.key() != old.key()
}

/// The outcome of a proof.
pub trait Proved: Serialize + fmt::Display {
    /// Whether everything agreed and could be asked.
    fn check(&self) -> anyhow::Result<()>;

    /// Adds a file that was written.
    fn add_file(&mut self, file: PathBuf);
}

/// The runs to do, in the order in which they are worked for, and the number of those that are finished.
#[derive(Debug)]
pub struct Plan<R> {
    /// The runs to do.
    pub runs: Vec<R>,
    /// The number of runs that the ledger holds.
    pub finished: usize,
}

/// The campaign of a network.
pub trait Campaign: Sync {
    /// The name of the network: of its files and of its runs' keys.
    const NAME: &'static str;

    /// The title of the document.
    const TITLE: &'static str;

    /// A run.
    type Run<'a>: Run + Serialize
    where
        Self: 'a;

    /// The figures of a run.
    type Finished: Finished;

    /// The outcome of a proof.
    type Proved: Proved;

    /// The ledger of finished runs.
    fn ledger(&self) -> &Ledger<Self::Finished>;

    /// The runs that are wanted.
    fn plan(&self) -> anyhow::Result<Plan<Self::Run<'_>>>;

    /// The run of a key, finished or not.
    fn run(&self, key: &Key) -> anyhow::Result<Self::Run<'_>>;

    /// The hash of all that decides the outcome of a run, as [`Finished::key`].
    fn key<'a>(run: &'a Self::Run<'_>) -> &'a str;

    /// Trains and measures. The calling thread has to be the run's own, whose processor time is the run's.
    fn finish(&self, run: &Self::Run<'_>, progress: Progress) -> anyhow::Result<Self::Finished>;

    /// The document of all that is finished, made of lines alone; `None` where nothing is.
    fn document(&self) -> anyhow::Result<Option<Vec<Block>>>;

    /// Puts provable networks, which are finished ones whose models are at hand, to hardware, and keeps what came of it.
    fn prove(&self, proving: &Proving, observer: &dyn Observer) -> anyhow::Result<Self::Proved>;

    /// Notes that the user should read before runs are done.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Keeps what only the trained models show, of those that are at hand.
    fn look_inside(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// Mean errors over the seeds, to be shown when runs are done.
    fn means(&self) -> Vec<Mean> {
        Vec::new()
    }

    /// Copies models that are worth keeping into a folder. Gives the files.
    fn export(&self, _folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

/// The key of a run, as `crossbar/watch/trained-w4-c4/seed1`: the network, what is run, and the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The network's campaign.
    pub network: String,
    /// The data set and the variant, in the campaign's own order.
    pub parts: Vec<String>,
    /// The seed.
    pub seed: u64,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/seed{}", self.network, self.parts.join("/"), self.seed)
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Key, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let (network, seed) = (parts[0], parts[parts.len() - 1]);
        // Read as it is written: no sign, no zero before the number.
        let number = |seed: &str| seed.parse().ok().filter(|number: &u64| *number > 0 && number.to_string() == seed);
        let seed = seed.strip_prefix("seed").and_then(number).filter(|_| parts.len() >= 3);
        let seed = seed.ok_or_else(|| {
            format!("'{text}' is no key: it must be like crossbar/watch/trained-w4-c4/seed1, with a seed from 1; `engram results --dry-run` lists the keys")
        })?;
        let inner = parts[1..parts.len() - 1].iter().map(ToString::to_string).collect();
        Ok(Key { network: network.to_string(), parts: inner, seed })
    }
}

impl Key {
    /// The error of a key that no run of the campaign has.
    pub fn unknown(&self, expected: &str) -> Failure {
        Failure::Usage(format!(
            "there is no run '{self}': its key must be {expected}; `engram results --dry-run` lists the keys"
        ))
    }

    /// The parts, where there are as many as the campaign's keys have.
    pub fn parts<const N: usize>(&self, expected: &str) -> Result<[&str; N], Failure> {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        parts.try_into().map_err(|_| self.unknown(expected))
    }
}

/// Does the runs that are wanted and not finished, `jobs` at a time, and keeps each when it is finished.
pub fn train<C: Campaign>(campaign: &C, jobs: usize, observer: &dyn Observer) -> anyhow::Result<Done> {
    campaign.notes().iter().for_each(|note| observer.warn(note));
    let plan = campaign.plan()?;
    note(observer, &plan.runs);
    campaign.ledger().check_writable()?;
    let failed = run(observer, &plan.runs, jobs, |run, progress| {
        let finished = campaign.finish(run, progress)?;
        campaign.ledger().keep(std::slice::from_ref(&finished))?;
        Ok(finished.to_string())
    })?;
    campaign.look_inside()?;
    let mut done = Done { finished_before: plan.finished, ..Done::default() };
    done.count(observer, plan.runs.len(), failed);
    Ok(done)
}

/// Writes the document of all that is finished, and its pictures. Where nothing is finished an older document stays as it is.
pub fn publish<C: Campaign>(campaign: &C, options: &Options, done: &mut Done) -> anyhow::Result<()> {
    done.means = campaign.means();
    done.cpu_seconds = campaign.ledger().all().iter().fold(0.0, |sum, run| sum + run.cpu_seconds());
    let blocks = campaign.document()?.ok_or_else(|| {
        let (file, name) = (options.ledger(C::NAME), C::NAME);
        let file = file.display();
        Failure::Input(format!(
            "found no finished run in {file}, so no report is written; `engram results --network {name}` does them"
        ))
    })?;
    done.files.push(write(&blocks, C::TITLE, &options.out, &options.document(C::NAME))?);
    Ok(())
}

/// Puts finished networks to hardware, and writes the document.
pub fn prove<C: Campaign>(
    campaign: &C,
    options: &Options,
    proving: &Proving,
    observer: &dyn Observer,
) -> anyhow::Result<C::Proved> {
    let mut proved = campaign.prove(proving, observer)?;
    if let Some(blocks) = campaign.document()? {
        proved.add_file(write(&blocks, C::TITLE, &options.out, &options.document(C::NAME))?);
    }
    Ok(proved)
}

/// Does one run by itself, whether it is finished or not, in one thread. Gives its line, which is kept nowhere.
pub fn one<C: Campaign>(campaign: &C, key: &Key, observer: &dyn Observer) -> anyhow::Result<String> {
    let runs = [campaign.run(key)?];
    let line = Mutex::new(None);
    let failed = run(observer, &runs, 1, |run, progress| {
        let finished = campaign.finish(run, progress)?;
        if let Ok(mut line) = line.lock() {
            *line = Some(ledger::text(&finished)?);
        }
        Ok(finished.to_string())
    })?;
    if let Some(Failed { error, .. }) = failed.into_iter().next() {
        return Err(error);
    }
    line.into_inner().ok().flatten().ok_or_else(|| anyhow::anyhow!("the run {key} ended without a line"))
}

/// Reads the lines of a campaign in some files, and checks that each is what this engram would make of the run now. Gives the
/// campaign with its lines; `None` where no line is of it.
pub fn read_lines<C: Campaign>(
    make: impl FnOnce() -> anyhow::Result<C>,
    files: &[PathBuf],
) -> anyhow::Result<Option<(C, Vec<C::Finished>)>> {
    let mut found = Vec::new();
    for file in files {
        let wrong = |what: String| Failure::Input(format!("{}: {what}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let torn = |error| {
                let place = place + 1;
                wrong(format!("line {place} is none of `engram results run` ({error}): do its run again"))
            };
            let head = ledger::head(line).map_err(torn)?;
            if head.run.split('/').next() == Some(C::NAME) {
                let finished: C::Finished = serde_json::from_str(line).map_err(torn)?;
                found.push((file, head, finished));
            }
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    let campaign = make()?;
    let mut lines: Vec<C::Finished> = Vec::new();
    for (file, Head { run, trainer }, finished) in found {
        let wrong = |what: String| Failure::Input(format!("{}: {what}", file.display()));
        let wanted = campaign.run(&run.parse().map_err(wrong)?)?;
        let ours = <C::Finished as Line>::TRAINER;
        if trainer != ours || finished.name() != run || finished.key() != C::key(&wanted) {
            return Err(wrong(format!(
                "the line of {run} was made of another recipe, text or trainer (version {trainer}; this engram has {ours}): do the \
                 run again with `engram results run {run}`"
            ))
            .into());
        }
        lines.retain(|line| line.name() != run);
        lines.push(finished);
    }
    Ok(Some((campaign, lines)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in ["crossbar/watch/trained-w4-c4/seed1", "memnet/1k/qmann/qa1/seed12"] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "crossbar",
            "crossbar/seed1",
            "crossbar/watch/float",
            "crossbar/watch/float/seedx",
            "crossbar/watch/float/seed0",
            "crossbar/watch/float/seed01",
        ] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }
}
