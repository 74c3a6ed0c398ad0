//! The simulated board of the crossbar device, serial lines and all, as [`crate::board`] has the memory network's.

use std::io;
use std::path::Path;

use engram_flow::compiled::Compiler;
use engram_hdl::crossbar::board::CrossbarBoard;
use engram_hdl::simulation::Bench;
use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use crate::board::{Lines, lines};
use crate::crossbar::board_verilog;

struct InCrate(Bench<CrossbarBoard>);

impl Lines for InCrate {
    fn cycle(&mut self, uart_rx: bool) -> io::Result<bool> {
        self.0.block.uart_rx.next = uart_rx;
        self.0.tick()?;
        Ok(self.0.block.uart_tx.val())
    }
}

/// The board in the in-crate simulation; a bit of the serial port lasts `divider` cycles.
pub fn in_crate_board(geometry: &Geometry, memo: Option<Predictor>, divider: u32) -> Box<dyn Lines> {
    Box::new(InCrate(Bench::scrambled(CrossbarBoard::new(geometry, memo, divider))))
}

/// The board as Verilog compiled by a compiler.
pub fn compiled_board(
    compiler: Compiler,
    geometry: &Geometry,
    memo: Option<Predictor>,
    divider: u32,
    cache: &Path,
) -> Result<Box<dyn Lines>, engram_flow::Error> {
    lines(compiler, board_verilog(geometry, memo, divider), cache)
}
