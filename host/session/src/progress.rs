//! Signs of life of long work: a bar or a spinner on a terminal; elsewhere a line every 30 s, and none of what is done sooner.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::failure::Failure;
use crate::measure::time;
use crate::style::printable;

/// The variable that names the seconds between two lines.
const VARIABLE: &str = "ENGRAM_PROGRESS";

/// The seconds between two lines where the variable says nothing.
const SECONDS: f64 = 30.0;

/// The largest number of seconds that the variable may name: a day.
const MOST: f64 = 86_400.0;

/// The smallest, but for 0: more lines nobody reads.
const LEAST: f64 = 0.001;

/// The time between two lines, by `ENGRAM_PROGRESS`; `None` where it is 0, and there are no lines.
pub fn interval() -> Result<Option<Duration>, Failure> {
    static INTERVAL: OnceLock<Result<Option<Duration>, String>> = OnceLock::new();
    let read = || {
        let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) else { return Ok(SECONDS) };
        let number = text.to_str().and_then(|text| text.trim().parse().ok());
        number.filter(|seconds| *seconds == 0.0 || (LEAST..=MOST).contains(seconds)).ok_or_else(|| {
            format!(
                "{VARIABLE} is {text:?}: it must be seconds, {LEAST} to {MOST}, or 0, which turns lines of progress off"
            )
        })
    };
    let found =
        INTERVAL.get_or_init(|| Ok(Some(read()?).filter(|seconds| *seconds > 0.0).map(Duration::from_secs_f64)));
    found.clone().map_err(Failure::Usage)
}

/// Work that is followed until this is dropped.
#[derive(Debug)]
pub struct Work {
    bar: ProgressBar,
    share: Share,
    lines: Mutex<Option<Lines>>,
}

impl Work {
    /// Work that is shown nowhere.
    pub fn hidden() -> Work {
        Work { bar: ProgressBar::hidden(), share: Share::default(), lines: Mutex::default() }
    }

    /// So many units of work: `doing` is "training", `unit` "epoch".
    pub fn steps(count: u64, doing: impl Into<String>, unit: &'static str) -> Work {
        let share = Share::default();
        let template = "{prefix} {bar:32} {pos}/{len} {elapsed}{left} {msg}";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let of = share.clone();
        let left = move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
            let _ = text.write_str(&of.left(state.pos(), count, state.elapsed()));
        };
        let bar = ProgressBar::new(count).with_style(style.progress_chars("█▉▊▋▌▍▎▏ ").with_key("left", left));
        Work::shown(bar.with_prefix(doing.into()), share, unit)
    }

    /// Work of which nobody knows how long it takes.
    pub fn waiting(doing: impl Into<String>) -> Work {
        let spinner = ProgressBar::new_spinner().with_message(printable(&doing.into()));
        let share = Share::default();
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}{left}");
        let of = share.clone();
        let left = move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
            let _ = text.write_str(&of.left(0, 0, state.elapsed()));
        };
        spinner.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()).with_key("left", left));
        spinner.enable_steady_tick(Duration::from_millis(120));
        Work::shown(spinner, share, "")
    }

    fn shown(bar: ProgressBar, share: Share, unit: &'static str) -> Work {
        let interval = interval().ok().flatten().filter(|_| bar.is_hidden());
        let lines = interval.map(|interval| Lines::start(bar.clone(), share.clone(), unit, interval));
        Work { bar, share, lines: Mutex::new(lines) }
    }

    /// Whether no bar is drawn.
    pub fn is_hidden(&self) -> bool {
        self.bar.is_hidden()
    }

    /// Says how many units are done.
    pub fn set_position(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// Says that one more unit is done.
    pub fn inc(&self) {
        self.bar.inc(1);
    }

    /// Says which share of the work is done, 0 to 1, where units are not alike.
    pub fn set_share(&self, share: f64) {
        self.share.0.store(share.to_bits(), Ordering::Relaxed);
    }

    /// The units of the whole work.
    pub fn count(&self) -> u64 {
        self.bar.length().unwrap_or(0)
    }

    /// The time that is left, in words, as soon as something is done.
    pub fn left(&self) -> Option<String> {
        let left = self.share.left(self.bar.position(), self.count(), self.bar.elapsed());
        left.strip_prefix(SEPARATOR).map(str::to_string)
    }

    /// Says what is being done, or how it goes.
    pub fn set_message(&self, message: impl Into<String>) {
        self.bar.set_message(printable(&message.into()));
    }

    /// The words of what is being done, or how it goes.
    pub fn message(&self) -> String {
        self.bar.message()
    }

    /// Says how much of a program is in a device.
    pub fn load(&self, rows: usize, of: usize) {
        self.set_message(format!("loading the model: row {rows} of {of}"));
    }

    /// Prints something while nothing is drawn.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Shows nothing of the work any more.
    pub fn hide(&self) {
        if let Some(lines) = self.lines.lock().ok().and_then(|mut lines| lines.take()) {
            lines.stop();
        }
        self.bar.finish_and_clear();
    }

    /// Ends the work.
    pub fn finish(self) {}
}

impl Drop for Work {
    fn drop(&mut self) {
        self.hide();
    }
}

/// The share that is done, where it was said: the bits of a number, not a number where nothing was said.
#[derive(Clone, Debug)]
struct Share(Arc<AtomicU64>);

impl Default for Share {
    fn default() -> Share {
        Share(Arc::new(AtomicU64::new(f64::NAN.to_bits())))
    }
}

/// The text between the parts of a line.
const SEPARATOR: &str = ", ";

impl Share {
    /// The time that is left, if the rest goes as fast as what is done, behind a comma; nothing while nothing is known.
    fn left(&self, position: u64, count: u64, elapsed: Duration) -> String {
        let said = f64::from_bits(self.0.load(Ordering::Relaxed));
        let share = if said.is_nan() { position as f64 / count.max(1) as f64 } else { said };
        if share <= 0.0 {
            return String::new();
        }
        let seconds = elapsed.as_secs_f64() * (1.0 - share).max(0.0) / share;
        format!("{SEPARATOR}about {} left", time(seconds))
    }
}

/// A thread that prints a line now and then.
#[derive(Debug)]
struct Lines {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Lines {
    fn start(bar: ProgressBar, share: Share, unit: &'static str, interval: Duration) -> Lines {
        let (stop, stopped) = channel();
        let print = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(interval) {
                // It is no failure that nobody reads it.
                let _ = writeln!(std::io::stderr().lock(), "{}", line(&bar, &share, unit));
            }
        };
        Lines { stop, thread: thread::spawn(print) }
    }

    fn stop(self) {
        drop(self.stop);
        let _ = self.thread.join();
    }
}

/// A line of progress.
fn line(bar: &ProgressBar, share: &Share, unit: &str) -> String {
    let (message, elapsed) = (bar.message(), bar.elapsed());
    if unit.is_empty() {
        return format!("{message}: {} so far{}", time(elapsed.as_secs_f64()), share.left(0, 0, elapsed));
    }
    let (position, count) = (bar.position(), bar.length().unwrap_or(0));
    let mut line = format!("{}: {unit} {position} of {count}{}", bar.prefix(), share.left(position, count, elapsed));
    if !message.is_empty() {
        let _ = write!(line, "; {message}");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_done_and_what_is_left() {
        let bar = ProgressBar::hidden().with_elapsed(Duration::from_secs(80)).with_prefix("training");
        bar.set_length(300);
        bar.set_position(120);
        let share = Share::default();
        assert_eq!(line(&bar, &share, "epoch"), "training: epoch 120 of 300, about 2 min 0 s left");
        bar.set_message("loss 0.100");
        assert_eq!(line(&bar, &share, "epoch"), "training: epoch 120 of 300, about 2 min 0 s left; loss 0.100");
        share.0.store(0.8f64.to_bits(), Ordering::Relaxed);
        assert!(line(&bar, &share, "epoch").contains("120 of 300, about 20 s left"));
    }

    #[test]
    fn nothing_is_said_of_what_is_left_before_anything_is_done() {
        let bar = ProgressBar::hidden().with_elapsed(Duration::from_secs(80)).with_prefix("asking");
        bar.set_length(20);
        assert_eq!(line(&bar, &Share::default(), "question"), "asking: question 0 of 20");
        bar.set_message("compiling");
        let share = Share::default();
        assert_eq!(line(&bar, &share, ""), "compiling: 1 min 20 s so far");
        share.0.store(0.5f64.to_bits(), Ordering::Relaxed);
        assert_eq!(line(&bar, &share, ""), "compiling: 1 min 20 s so far, about 1 min 20 s left");
    }
}
