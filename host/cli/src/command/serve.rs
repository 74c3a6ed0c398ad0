//! `engram serve`: the simulated board on a pseudo-terminal, for every program that speaks to the board.

use std::fmt;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_flow::Board;
use engram_link::usb::Settings;
use engram_link::{Pty, Serial, Usb};
use engram_testbench::board::SimulatedBoard;
use serde::Serialize;

use crate::arguments::hardware::{BoardParser, HardwareArguments};
use crate::command::bench::usb;
use crate::console::{Console, STRONG, styled};
use engram_session::backend::Backend;
use engram_session::hardware::{Description, Organisation, USUAL_BOARD};
use engram_session::inside::Inside;
use engram_session::simulated_board::simulate;

/// The arguments of `engram serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram serve --board ulx3s-25f
  engram serve --board icebreaker --on cxxrtl --json
  engram serve --board ulx3s-25f --network crossbar
  engram serve --board ulx3s-25f --network crossbar --memo --organisation serial
  engram serve --board ulx3s-25f --usb ft231x,latency=16
  engram serve --board ulx3s-25f --model qa1.safetensors

engram prints the path of a serial port, and answers on it until you stop it with Ctrl-C. In another terminal:
  engram ask qa1.safetensors --on /dev/pts/4
--usb puts a model of the board's USB chip before it, in real time: a chip (ft231x, ft2232h), then latency=MS (16), event=BYTE,
baud=BITS (3000000), loss=SHARE and seed=N. `engram bench link` measures through the same model in modelled time.
With --memo the board skips columns by the thresholds of the model that you load, and counts the savings:
  engram eval vowels-memo.safetensors --on /dev/pts/4 --counters")]
pub struct Serve {
    /// The board, by name or as the path of its board.toml: engram simulates its top module with the serial line.
    #[arg(long, default_value = USUAL_BOARD, value_parser = BoardParser)]
    pub board: Board,
    #[command(flatten)]
    pub hardware: HardwareArguments,
    /// A model that the board has inside, as after `engram build --model`: it decides the hardware.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["network", "addressing", "weights"])]
    pub model: Option<PathBuf>,
    /// The simulator [default: verilator, or else cxxrtl, or else simulation].
    #[arg(long, value_name = "SIMULATOR", value_parser = simulator_parser())]
    pub on: Option<Backend>,
    /// A USB chip between host and board, and its settings.
    #[arg(long, value_name = "CHIP,KEY=VALUE..", value_parser = usb)]
    pub usb: Option<Settings>,
}

/// Simulators of a board by name.
fn simulator_parser() -> impl TypedValueParser<Value = Backend> {
    PossibleValuesParser::new(["verilator", "cxxrtl", "simulation"]).try_map(|name| name.parse::<Backend>())
}

/// The path of the board's serial port.
#[derive(Debug, Serialize)]
struct ServedBoard {
    path: PathBuf,
    board: String,
    #[serde(flatten)]
    device: Description,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<Organisation>,
    simulator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    usb: Option<String>,
}

impl fmt::Display for ServedBoard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", styled(STRONG, self.path.display()))
    }
}

impl Serve {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        self.board.notes().iter().for_each(|note| console.warn(note));
        let inside = self.model.as_ref().map(|model| {
            Inside::fits(&self.board)?;
            Inside::of(model, &self.board)
        });
        let inside = inside.transpose()?.unwrap_or(Inside::Nothing);
        let hardware = inside.hardware(self.hardware.hardware(&self.board.sizes)?);
        let spinner = console.spinner("simulating the board");
        let (simulator, lines) =
            simulate(self.on.clone(), &self.board, &hardware, &inside, &|text| console.warn(text))?;
        spinner.finish();
        let mut pty = Pty::open()?;
        let (board, device) = (self.board.name.clone(), hardware.description(&self.board.sizes));
        let Description { preset, words, .. } = &device;
        console.note(format!("{board} ({preset}, {words}) on {simulator}; interrupt to end"));
        console.report(&ServedBoard {
            path: pty.path().to_path_buf(),
            board,
            device,
            organisation: hardware.memo.map(|predictor| Organisation::found(&predictor)),
            simulator: simulator.to_string(),
            usb: self.usb.map(|usb| usb.to_string()),
        })?;
        let mut board = SimulatedBoard::new(lines, self.board.cycles_per_bit());
        match self.usb {
            None => board.serve(&mut pty, || false)?,
            Some(settings) => {
                let mut behind = Pty::open()?;
                let mut host = Serial::open(&behind.path().display().to_string(), self.board.baud)?;
                let served = std::thread::spawn(move || board.serve(&mut behind, || false));
                Usb::new(settings).relay(&mut pty, &mut host, || served.is_finished())?;
                served.join().map_err(|_| anyhow::anyhow!("the simulated board broke"))??;
            }
        }
        Ok(())
    }
}
