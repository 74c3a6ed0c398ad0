//! The core: a device that takes and gives bytes. The engine with the frames around it.
//!
//! ```text
//!  rx -->
//!        Link <--> CommandDecoder --> MemnetEngine
//!  tx <--
//! ```

use engram_spec::memnet::{Datapath, Geometry};

use crate::link::Link;
use crate::memnet::command_decoder::CommandDecoder;
use crate::memnet::engine::MemnetEngine;
use crate::memnet::memory::FOLD_BITS;
use crate::memnet::sequencer::Target;
use crate::parts::adder_tree::SUM_BITS;
use crate::prelude::*;

/// The core.
#[derive(Clone, Debug, Default, Composite)]
pub struct Core {
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

    /// Whether the codes of the lanes are stored in this cycle.
    pub tap_store: Signal<Out, Bit>,
    /// The meaning of these codes.
    pub tap_target: Signal<Out, Target>,
    /// The fold of the codes, and of o.
    pub tap_fold: Signal<Out, Bits<FOLD_BITS>>,
    /// The memory of these codes, where they are a sentence's.
    pub tap_memory: Signal<Out, Bits<3>>,
    /// Whether o stands in the lanes in this cycle.
    pub tap_read: Signal<Out, Bit>,
    /// Whether there is a score in this cycle.
    pub tap_score_valid: Signal<Out, Bit>,
    /// The score + 512.
    pub tap_score: Signal<Out, Bits<10>>,
    /// Whether there is an exponential in this cycle.
    pub tap_exponential_valid: Signal<Out, Bit>,
    /// The exponential.
    pub tap_exponential: Signal<Out, Bits<15>>,
    /// Whether there is a logit in this cycle.
    pub tap_logit_valid: Signal<Out, Bit>,
    /// The logit, signed.
    pub tap_logit: Signal<Out, Bits<SUM_BITS>>,
    /// The codes of the even lanes; none without taps.
    pub tap_code_even: Vec<Signal<Out, Bits<8>>>,
    /// The codes of the odd lanes; none without taps.
    pub tap_code_odd: Vec<Signal<Out, Bits<8>>>,
    /// o of the even lanes; none without taps.
    pub tap_read_even: Vec<Signal<Out, Bits<8>>>,
    /// o of the odd lanes; none without taps.
    pub tap_read_odd: Vec<Signal<Out, Bits<8>>>,

    link: Link,
    decoder: CommandDecoder,
    engine: MemnetEngine,
    _evaluation: Evaluation,
}

impl Core {
    /// The core of a geometry and datapath, with taps for traces or without.
    pub fn new(geometry: &Geometry, datapath: Datapath, taps: bool) -> Core {
        Core::starting(geometry, datapath, taps, &[])
    }

    /// The core of a bitstream that has a program: `frame` adopts it at switch-on ([`Link::holding`]), and the memories are those of a core
    /// into which it was loaded ([`Core::copy_memories`]).
    pub fn starting(geometry: &Geometry, datapath: Datapath, taps: bool, frame: &[u8]) -> Core {
        let tapped = if taps { geometry.pairs() } else { 0 };
        Core {
            link: Link::holding(frame),
            decoder: CommandDecoder::new(geometry, datapath),
            engine: MemnetEngine::new(geometry, datapath, taps),
            tap_code_even: vec![Default::default(); tapped],
            tap_code_odd: vec![Default::default(); tapped],
            tap_read_even: vec![Default::default(); tapped],
            tap_read_odd: vec![Default::default(); tapped],
            ..Default::default()
        }
    }

    /// Takes the program in the memories of another core of this kind.
    pub fn copy_memories(&mut self, from: &Core) {
        self.engine.copy_memories(&from.engine);
    }
}

impl Logic for Core {
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
        self.decoder.sentences.next = self.engine.sentences.val();
        self.decoder.forgotten.next = self.engine.forgotten.val();
        self.decoder.answer.next = self.engine.answer.val();
        self.decoder.logit.next = self.engine.logit.val();
        self.decoder.asked.next = self.engine.position.val();

        self.engine.clock.next = self.clock.val();
        self.engine.settings.next = self.decoder.settings.val();
        self.engine.score.next = self.decoder.score.val();
        self.engine.centre.next = self.decoder.centre.val();
        self.engine.padding.next = self.decoder.padding.val();
        self.engine.align.next = self.decoder.align.val();
        self.engine.load.next = self.decoder.load.val();
        self.engine.start.next = self.link.start.val();
        self.engine.question.next = self.decoder.question.val();
        self.engine.last_position.next = self.decoder.last_position.val();
        self.engine.word.next = self.link.request.val().octet;
        self.engine.clear.next = self.link.clear.val();

        self.tap_store.next = self.engine.tap_store.val();
        self.tap_target.next = self.engine.tap_target.val();
        self.tap_memory.next = self.engine.tap_memory.val();
        self.tap_fold.next = self.engine.tap_fold.val();
        self.tap_read.next = self.engine.tap_read.val();
        self.tap_score_valid.next = self.engine.tap_score_valid.val();
        self.tap_score.next = self.engine.tap_score.val();
        self.tap_exponential_valid.next = self.engine.tap_exponential_valid.val();
        self.tap_exponential.next = self.engine.tap_exponential.val();
        self.tap_logit_valid.next = self.engine.tap_logit_valid.val();
        self.tap_logit.next = self.engine.tap_logit.val();
        for i in 0..self.tap_code_even.len() {
            self.tap_code_even[i].next = self.engine.tap_code_even[i].val();
            self.tap_code_odd[i].next = self.engine.tap_code_odd[i].val();
            self.tap_read_even[i].next = self.engine.tap_read_even[i].val();
            self.tap_read_odd[i].next = self.engine.tap_read_odd[i].val();
        }
    }
}
