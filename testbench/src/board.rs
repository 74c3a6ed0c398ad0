//! The simulated board on a pseudo-terminal: the top module with its serial lines, bit for bit.
//!
//! Bytes that come from the pseudo-terminal go onto the line `uart_rx` as start bit, data bits and stop bit, each as many
//! clock cycles long as on the board; what the line `uart_tx` says goes back. So a host cannot tell it from the board but
//! by its speed.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::time::Duration;

use engram_flow::compiled::{CompiledModel, Compiler, Options};
use engram_hdl::prelude::Cycle;
use engram_hdl::simulation::Bench;
use engram_link::Transport;

use crate::compiled::design;
use crate::network::{Network, SerialLines, board, board_verilog};

/// A board that is simulated cycle by cycle.
pub trait Lines: Send {
    /// Runs a clock cycle with this level on `uart_rx`; gives that of `uart_tx`.
    fn cycle(&mut self, uart_rx: bool) -> io::Result<bool>;
}

/// The board in the in-crate simulation.
struct InCrate<B>(Bench<B>);

impl<B: Cycle + SerialLines + Send> Lines for InCrate<B> {
    fn cycle(&mut self, uart_rx: bool) -> io::Result<bool> {
        self.0.block.drive(uart_rx);
        self.0.tick()?;
        Ok(self.0.block.level())
    }
}

/// The board as compiled Verilog.
struct Compiled {
    model: CompiledModel,
    uart_rx: usize,
    uart_tx: usize,
}

impl Lines for Compiled {
    fn cycle(&mut self, uart_rx: bool) -> io::Result<bool> {
        self.model.set(self.uart_rx, uart_rx.into());
        self.model.tick().map_err(io::Error::other)?;
        Ok(self.model.get(self.uart_tx) != 0)
    }
}

/// A network's board in the in-crate simulation, with a program inside or without; a bit of the serial port lasts `divider` cycles.
pub fn in_crate<M: Network>(
    geometry: &M::Geometry,
    build: M::Build,
    divider: u32,
    inside: Option<&M::Program>,
) -> Box<dyn Lines>
where
    M::Board: Send,
{
    Box::new(InCrate(Bench::scrambled(board::<M>(geometry, build, divider, inside))))
}

/// A network's board as Verilog compiled by a compiler.
pub fn compiled<M: Network>(
    compiler: Compiler,
    geometry: &M::Geometry,
    build: M::Build,
    divider: u32,
    inside: Option<&M::Program>,
    cache: &Path,
) -> Result<Box<dyn Lines>, engram_flow::Error> {
    let design = design(board_verilog::<M>(geometry, build, divider, inside));
    let model = CompiledModel::build(compiler, &design, Options::default(), cache)?;
    let (uart_rx, uart_tx) = (model.input("uart_rx")?, model.output("uart_tx")?);
    Ok(Box::new(Compiled { model, uart_rx, uart_tx }))
}

/// A simulated board with its end of the serial line.
pub struct SimulatedBoard {
    lines: Box<dyn Lines>,
    divider: u32,
    /// Levels still to be put on `uart_rx`, one a bit, and cycles left of the present one.
    sending: VecDeque<bool>,
    level: bool,
    left: u32,
    /// The byte that `uart_tx` is in the middle of: cycles since its start bit began, and its bits.
    receiving: Option<(u32, u16)>,
    /// Cycles since anything happened on the lines.
    quiet: u64,
    cycles: u64,
}

/// Cycles without anything on the lines after which the board is taken to wait for its host: no answer takes as many.
const WAITING: u64 = 50_000;
/// Cycles between looks at the pseudo-terminal.
const STRIDE: u32 = 2_000;

impl SimulatedBoard {
    /// A board that has just been switched on, whose bits last `divider` cycles.
    pub fn new(lines: Box<dyn Lines>, divider: u32) -> SimulatedBoard {
        SimulatedBoard {
            lines,
            divider,
            sending: VecDeque::new(),
            level: true,
            left: 0,
            receiving: None,
            quiet: 0,
            cycles: 0,
        }
    }

    /// Clock cycles since it was switched on.
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Serves a host on the other end of a transport (a pseudo-terminal) until `ended` says so. While nobody asks, the
    /// board's clock rests.
    pub fn serve(&mut self, transport: &mut impl Transport, mut ended: impl FnMut() -> bool) -> io::Result<()> {
        while !ended() {
            let rest = if self.quiet > WAITING { Duration::from_millis(20) } else { Duration::ZERO };
            let mut wait = rest;
            while let Some(byte) = transport.receive(wait)? {
                self.queue(byte);
                wait = Duration::ZERO;
            }
            if self.quiet > WAITING {
                continue;
            }
            let mut replies = Vec::new();
            for _ in 0..STRIDE {
                replies.extend(self.cycle()?);
                // A reply that is complete is what the host waits for.
                if replies.last() == Some(&0) {
                    break;
                }
            }
            if !replies.is_empty() {
                transport.send(&replies)?;
            }
        }
        Ok(())
    }

    /// Puts a byte behind those that go onto the line: a start bit, eight data bits from the lowest, a stop bit.
    fn queue(&mut self, byte: u8) {
        self.sending.push_back(false);
        self.sending.extend((0..8).map(|bit| byte >> bit & 1 == 1));
        self.sending.push_back(true);
        self.quiet = 0;
    }

    /// Runs a clock cycle; gives the byte that the board has finished sending.
    fn cycle(&mut self) -> io::Result<Option<u8>> {
        if self.left == 0 {
            self.level = self.sending.pop_front().unwrap_or(true);
            self.left = self.divider;
        }
        self.left -= 1;
        let busy = !self.sending.is_empty() || !self.level || self.receiving.is_some();
        self.quiet = if busy { 0 } else { self.quiet + 1 };
        self.cycles += 1;
        let line = self.lines.cycle(self.level)?;
        Ok(self.listen(line))
    }

    /// Takes in a level of `uart_tx`, looking at the middle of each bit.
    fn listen(&mut self, line: bool) -> Option<u8> {
        match &mut self.receiving {
            None => {
                if !line {
                    self.receiving = Some((1, 0));
                }
                None
            }
            Some((cycles, bits)) => {
                let (bit, within) = (*cycles / self.divider, *cycles % self.divider);
                *cycles += 1;
                if within == self.divider / 2 && line {
                    *bits |= 1 << bit;
                }
                if bit == 9 && within == self.divider / 2 {
                    let bits = *bits;
                    self.receiving = None;
                    // A byte whose stop bit is missing is noise.
                    return (bits >> 9 & 1 == 1).then_some((bits >> 1) as u8);
                }
                None
            }
        }
    }
}
