//! `engram bench`: what a board does in a second, without a board.

use std::fmt;

use engram_babi::Parts;
use engram_flow::Board;
use engram_link::usb::{Chip, FT231X, Settings};
use engram_memnet::tasks::TASKS;
use engram_session::hardware::USUAL_BOARD;
use engram_session::link_bench::{Setting, Speed, Task};
use serde::Serialize;

use crate::arguments::hardware::BoardParser;
use crate::arguments::source::SourceArguments;
use crate::arguments::up_to;
use crate::console::Console;

/// The arguments of `engram bench`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram bench link
  engram bench link --usb ft231x,latency=1")]
pub struct Bench {
    #[command(subcommand)]
    pub what: What,
}

/// A thing that is measured.
#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// The link: questions with their stories, steps of an LSTM, and loads, through a model of the USB chip.
    Link(Link),
}

/// The arguments of `engram bench link`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram bench link
  engram bench link --usb ft231x,latency=1,baud=3000000 --json
  engram bench link --usb ft2232h,event=0 --usb ft2232h,loss=0.0001 --questions 100

The time is the model's, so that the figures do not depend on this machine: the chip moves packets of 64 bytes (ft2232h: 512) at
the boundaries of frames of 1 ms (0.125 ms), holds bytes back until its latency timer is out, and has the rates that its divisors
give. The board computes with the integer model, and takes the cycles that the hardware takes, at the board's clock.

A setting of --usb is a chip, then latency=MS (16 unless another is said), event=BYTE (the frames end with 0), baud=BITS (3000000),
loss=SHARE and seed=N, with commas between them. Without --usb there is a table of the usual ones; \"one by one\" waits for the
reply to each request, of one item.

--json prints board, clock_mhz, and for each of `settings` usb, latency_ms, event, baud, loss, window (0: one by one), questions,
questions_per_second, steps_per_second, load_seconds (a network of the size of task 1), load_all_seconds, load_lstm_seconds,
core_share (0 to 1) and repeats.")]
pub struct Link {
    /// The board, by name or as the path of its board.toml: its clock, sizes and rate.
    #[arg(long, default_value = USUAL_BOARD, value_parser = BoardParser)]
    pub board: Board,
    /// A chip and its settings; may be given several times [default: a table of the usual ones].
    #[arg(long, value_name = "CHIP,KEY=VALUE..", value_parser = usb)]
    pub usb: Vec<Settings>,
    /// Questions of each task.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = up_to(1000, "a task's test has no more"))]
    pub questions: usize,
    #[command(flatten)]
    pub source: SourceArguments,
}

/// A chip's settings in a text.
pub fn usb(text: &str) -> Result<Settings, String> {
    text.parse().map_err(|error: engram_link::usb::SettingsError| error.to_string())
}

/// The speeds of all settings.
#[derive(Debug, Serialize)]
struct LinkSpeeds {
    board: String,
    clock_mhz: f64,
    settings: Vec<Speed>,
}

impl fmt::Display for LinkSpeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LinkSpeeds { board, clock_mhz, settings } = self;
        writeln!(f, "{board} at {clock_mhz} MHz, in modelled time; loads in seconds")?;
        write!(
            f,
            "{:<52} {:>9} {:>9} {:>7} {:>7} {:>7} {:>9}",
            "", "questions", "steps/s", "task 1", "all", "LSTM", "core"
        )?;
        settings.iter().try_for_each(|speed| write!(f, "\n{speed}"))
    }
}

impl Bench {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let What::Link(link) = &self.what;
        link.run(console)
    }
}

impl Link {
    fn run(&self, console: &Console) -> anyhow::Result<()> {
        self.board.notes().iter().for_each(|note| console.warn(note));
        let tasks = (1..=TASKS).map(|task| {
            let data = self.source.read(task, Parts::Both, console)?;
            Ok(Task::of(&data, self.questions)?)
        });
        let tasks = tasks.collect::<anyhow::Result<Vec<Task>>>()?;
        let settings = self.settings();
        let work = console.spinner("measuring");
        let mut speeds = Vec::new();
        for (done, setting) in settings.iter().enumerate() {
            work.set_share(done as f64 / settings.len() as f64);
            work.set_message(format!("measuring {}", setting.usb));
            speeds.push(setting.measure(&tasks)?);
        }
        work.finish();
        let Board { name, clock_mhz, .. } = &self.board;
        console.report(&LinkSpeeds { board: name.clone(), clock_mhz: *clock_mhz, settings: speeds })?;
        Ok(())
    }

    /// The settings that were asked for, or the usual ones: the chip as drivers set it up and with a short latency, one request after the
    /// other and many under way, at 1 Mbaud and at the highest rate of the smaller chip.
    fn settings(&self) -> Vec<Setting> {
        let board = &self.board;
        let setting = |usb: Settings, window| Setting { usb, board: board.clone(), window };
        if !self.usb.is_empty() {
            return self.usb.iter().map(|&usb| setting(usb, engram_link::WINDOW)).collect();
        }
        let mut settings = Vec::new();
        for window in [0, engram_link::WINDOW] {
            for baud in [1_000_000, FT231X.rate] {
                for latency in [16, 1] {
                    for chip in Chip::ALL {
                        let latency = std::time::Duration::from_millis(latency);
                        settings.push(setting(Settings { latency, ..Settings::of(chip, baud) }, window));
                    }
                }
            }
        }
        settings
    }
}
