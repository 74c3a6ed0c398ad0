//! The core of the crossbar device: a device that takes and gives bytes. The engine with the frames around it.
//!
//! ```text
//!  rx -->
//!        Link <--> CommandDecoder --> CrossbarEngine
//!  tx <--
//! ```

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use crate::crossbar::command_decoder::CommandDecoder;
use crate::crossbar::engine::CrossbarEngine;
use crate::crossbar::{LOGIT_BITS, TILE_BITS};
use crate::link::Link;
use crate::prelude::*;

/// The core of the crossbar device.
#[derive(Clone, Debug, Default, Composite)]
pub struct CrossbarCore {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A byte from the host.
    pub rx_data: Signal<In, Bits<8>>,
    /// Whether there is a byte from the host.
    pub rx_valid: Signal<In, Bit>,
    /// Whether the byte is taken; never while a request is carried out.
    pub rx_ready: Signal<Out, Bit>,
    /// A byte to the host.
    pub tx_data: Signal<Out, Bits<8>>,
    /// Whether there is a byte to the host.
    pub tx_valid: Signal<Out, Bit>,
    /// Whether the byte is taken.
    pub tx_ready: Signal<In, Bit>,
    /// Whether a byte from the host was dropped, because it had no stop bit.
    pub framing_error: Signal<In, Bit>,
    /// Whether the program is forgotten, and no request is taken.
    pub reset: Signal<In, Bit>,
    /// Whether a program is loaded.
    pub loaded: Signal<Out, Bit>,
    /// Whether the last request was damaged or refused.
    pub refused: Signal<Out, Bit>,

    /// Whether there is a tile's sum in this cycle.
    pub tap_sum_valid: Signal<Out, Bit>,
    /// The tile's sum, signed.
    pub tap_sum: Signal<Out, Bits<TILE_BITS>>,
    /// Whether there is a converter's code in this cycle.
    pub tap_code_valid: Signal<Out, Bit>,
    /// The code, signed.
    pub tap_code: Signal<Out, Bits<8>>,
    /// Whether there is a column's index in this cycle.
    pub tap_index_valid: Signal<Out, Bit>,
    /// The index + 256; its gate is there in the next cycle.
    pub tap_index: Signal<Out, Bits<9>>,
    /// Whether there is a gate in this cycle.
    pub tap_gate_valid: Signal<Out, Bit>,
    /// The gate, signed, in units of 2^-10.
    pub tap_gate: Signal<Out, Bits<12>>,
    /// Whether there is a GRU's candidate in this cycle.
    pub tap_candidate_valid: Signal<Out, Bit>,
    /// The candidate n, signed, in units of 2^-10.
    pub tap_candidate: Signal<Out, Bits<12>>,
    /// Whether there is a cell's new state in this cycle.
    pub tap_cell_valid: Signal<Out, Bit>,
    /// The state c, signed.
    pub tap_cell: Signal<Out, Bits<16>>,
    /// Whether there is h of a cell in this cycle.
    pub tap_hidden_valid: Signal<Out, Bit>,
    /// The DAC code of h.
    pub tap_hidden: Signal<Out, Bits<8>>,
    /// The readout code of h.
    pub tap_readout: Signal<Out, Bits<8>>,
    /// Whether there is a logit in this cycle.
    pub tap_logit_valid: Signal<Out, Bit>,
    /// The logit, signed.
    pub tap_logit: Signal<Out, Bits<LOGIT_BITS>>,
    /// The verdict on a column: 1 missed, 2 remembered, 3 forced; 0 where there is none in this cycle.
    pub tap_verdict: Vec<Signal<Out, Bits<2>>>,

    link: Link,
    decoder: CommandDecoder,
    engine: CrossbarEngine,
    _evaluation: Evaluation,
}

impl CrossbarCore {
    /// The core of a geometry, with memoization or without.
    pub fn new(size: &Geometry, memo: Option<Predictor>) -> CrossbarCore {
        CrossbarCore::starting(size, memo, &[])
    }

    /// The core of a bitstream that has a program: `frame` adopts it at switch-on ([`Link::holding`]), and the memories are those of a core
    /// into which it was loaded ([`CrossbarCore::copy_memories`]).
    pub fn starting(size: &Geometry, memo: Option<Predictor>, frame: &[u8]) -> CrossbarCore {
        CrossbarCore {
            link: Link::holding(frame),
            decoder: CommandDecoder::new(size, memo),
            engine: CrossbarEngine::new(size, memo),
            tap_verdict: vec![Default::default(); usize::from(memo.is_some())],
            ..Default::default()
        }
    }

    /// Takes the program in the memories of another core of this kind.
    pub fn copy_memories(&mut self, from: &CrossbarCore) {
        self.engine.copy_memories(&from.engine);
    }
}

impl Logic for CrossbarCore {
    #[hdl_gen]
    fn update(&mut self) {
        self.link.clock.next = self.clock.val();
        self.link.rx_data.next = self.rx_data.val();
        self.link.rx_valid.next = self.rx_valid.val();
        self.rx_ready.next = self.link.rx_ready.val();
        self.tx_data.next = self.link.tx_data.val();
        self.tx_valid.next = self.link.tx_valid.val();
        self.link.tx_ready.next = self.tx_ready.val();
        self.link.decision.next = self.decoder.decision.val();
        self.link.busy.next = self.engine.busy.val();
        self.link.framing_error.next = self.framing_error.val();
        self.link.reset.next = self.reset.val();
        self.loaded.next = self.link.request.val().sealed;
        self.refused.next = self.link.refused.val();

        self.decoder.clock.next = self.clock.val();
        self.decoder.request.next = self.link.request.val();
        self.decoder.steps.next = self.engine.steps.val();
        self.decoder.answered.next = self.engine.answered.val();
        self.decoder.logit.next = self.engine.logit.val();
        self.decoder.asked.next = self.engine.position.val();

        self.engine.clock.next = self.clock.val();
        self.engine.settings.next = self.decoder.settings.val();
        self.engine.gate_setting.next = self.decoder.gate_setting.val();
        self.engine.row_byte.next = self.decoder.row_byte.val();
        self.engine.start.next = self.link.start.val();
        self.engine.answer.next = self.decoder.answer.val();
        self.engine.symbol.next = self.decoder.symbol.val();
        self.engine.octet.next = self.link.request.val().octet;
        self.engine.clear.next = self.link.clear.val();

        for i in 0..self.engine.memo_settings.len() {
            self.decoder.memo_number[i].next = self.engine.memo_number[i].val();
            self.engine.memo_settings[i].next = self.decoder.memo_settings[i].val();
            self.engine.memo_which[i].next = self.decoder.memo_which[i].val();
            self.tap_verdict[i].next = self.engine.tap_verdict[i].val();
        }

        self.tap_sum_valid.next = self.engine.tap_sum_valid.val();
        self.tap_sum.next = self.engine.tap_sum.val();
        self.tap_code_valid.next = self.engine.tap_code_valid.val();
        self.tap_code.next = self.engine.tap_code.val();
        self.tap_index_valid.next = self.engine.tap_index_valid.val();
        self.tap_index.next = self.engine.tap_index.val();
        self.tap_gate_valid.next = self.engine.tap_gate_valid.val();
        self.tap_gate.next = self.engine.tap_gate.val();
        self.tap_candidate_valid.next = self.engine.tap_candidate_valid.val();
        self.tap_candidate.next = self.engine.tap_candidate.val();
        self.tap_cell_valid.next = self.engine.tap_cell_valid.val();
        self.tap_cell.next = self.engine.tap_cell.val();
        self.tap_hidden_valid.next = self.engine.tap_hidden_valid.val();
        self.tap_hidden.next = self.engine.tap_hidden.val();
        self.tap_readout.next = self.engine.tap_readout.val();
        self.tap_logit_valid.next = self.engine.tap_logit_valid.val();
        self.tap_logit.next = self.engine.tap_logit.val();
    }
}
