//! In-crate simulation of a block, driven directly: no threads, one call a cycle, a VCD file on request.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use rust_hdl::core::vcd_probe::{VCDProbe, write_vcd_change, write_vcd_dump, write_vcd_header};

use crate::parts::memory::undefined;
use crate::prelude::*;

/// A block under simulation. Its `clock` input is driven here, its other inputs through [`Bench::block`].
pub struct Bench<B> {
    /// The block: set `next` of its inputs, read `val()` of its outputs.
    pub block: B,
    cycles: u64,
    waves: Option<Waves>,
    scrambled: bool,
}

/// A VCD file that is being written.
struct Waves {
    // The writer's functions take it by value.
    writer: Option<VCDProbe<BufWriter<File>>>,
}

/// Half a clock period in a VCD file, in picoseconds.
const HALF_PERIOD: u64 = 5_000;

impl<B: Cycle> Bench<B> {
    /// Connects and checks a block, and settles it.
    ///
    /// # Panics
    /// If the block is badly wired: an error in the design, not of its use.
    pub fn new(mut block: B) -> Bench<B> {
        block.connect_all();
        if let Err(error) = check_all(&block) {
            panic!("the design is badly wired: {error:?}");
        }
        block.update_all();
        Bench { block, cycles: 0, waves: None, scrambled: false }
    }

    /// The bench of a whole device: what its memories read where that is not defined is scrambled
    /// ([`crate::parts::memory::undefined`]), so that no answer can depend on it.
    pub fn scrambled(block: B) -> Bench<B> {
        Bench { scrambled: true, ..Bench::new(block) }
    }

    /// Writes the waveform of every signal from now on to a VCD file.
    pub fn record(&mut self, path: &Path) -> io::Result<()> {
        let file = BufWriter::new(File::create(path)?);
        let mut writer = write_vcd_header(file, &self.block);
        writer.timestamp(self.cycles * 2 * HALF_PERIOD)?;
        self.waves = Some(Waves { writer: Some(write_vcd_dump(writer, &self.block)) });
        Ok(())
    }

    /// Cycles so far.
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Applies the inputs and settles: outputs are those of this cycle, before the clock's edge.
    pub fn settle(&mut self) {
        self.block.update_all();
    }

    /// A clock cycle: applies the inputs, then the rising edge. Afterwards the outputs are those of the next cycle.
    pub fn tick(&mut self) -> io::Result<()> {
        self.block.update_all();
        self.dump(0)?;
        let edge = |block: &mut B| block.edge();
        let changed = match self.scrambled {
            true => undefined::scrambled(|| edge(&mut self.block)),
            false => edge(&mut self.block),
        };
        if changed {
            self.block.update_all();
        }
        self.dump(HALF_PERIOD)?;
        self.cycles += 1;
        Ok(())
    }

    fn dump(&mut self, offset: u64) -> io::Result<()> {
        if let Some(waves) = &mut self.waves
            && let Some(mut writer) = waves.writer.take()
        {
            writer.timestamp(self.cycles * 2 * HALF_PERIOD + offset)?;
            waves.writer = Some(write_vcd_change(writer, &self.block));
        }
        Ok(())
    }
}
