//! The core: a device that takes and gives bytes. The column of lanes with the frames around it.
//!
//! ```text
//!  rx --> FrameReceiver --content--> Executor <--> Column
//!                                       | reply
//!  tx <------------------------- FrameSender
//! ```
//!
//! | port | width | |
//! |---|---|---|
//! | `rx_data`, `rx_valid`, `rx_ready` | 8, 1, 1 | bytes from the host; not ready while a request is carried out |
//! | `tx_data`, `tx_valid`, `tx_ready` | 8, 1, 1 | bytes to the host |
//! | `loaded` | 1 | a program is loaded |
//! | `tap_...` | | intermediate values, as [`Column`] has them |

use engram_spec::{Datapath, Geometry};

use crate::adder_tree::SUM_BITS;
use crate::column::Column;
use crate::composite;
use crate::executor::Executor;
use crate::frame_receiver::FrameReceiver;
use crate::frame_sender::FrameSender;
use crate::memory::FOLD_BITS;
use crate::prelude::*;
use crate::sequencer::Target;

/// The core.
#[derive(Clone, Debug, Default)]
pub struct Core {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A byte from the host.
    pub rx_data: Signal<In, Bits<8>>,
    /// Whether there is one.
    pub rx_valid: Signal<In, Bit>,
    /// Whether it is taken.
    pub rx_ready: Signal<Out, Bit>,
    /// A byte to the host.
    pub tx_data: Signal<Out, Bits<8>>,
    /// Whether there is one.
    pub tx_valid: Signal<Out, Bit>,
    /// Whether it is taken.
    pub tx_ready: Signal<In, Bit>,
    /// A program is loaded.
    pub loaded: Signal<Out, Bit>,

    /// The codes of the lanes are stored in this cycle.
    pub tap_store: Signal<Out, Bit>,
    /// As what.
    pub tap_target: Signal<Out, Target>,
    /// Of which fold; also that of o.
    pub tap_fold: Signal<Out, Bits<FOLD_BITS>>,
    /// o stands in the lanes in this cycle.
    pub tap_read: Signal<Out, Bit>,
    /// A score is there in this cycle.
    pub tap_score_valid: Signal<Out, Bit>,
    /// It, + 512.
    pub tap_score: Signal<Out, Bits<10>>,
    /// An exponential is there in this cycle.
    pub tap_exponential_valid: Signal<Out, Bit>,
    /// It.
    pub tap_exponential: Signal<Out, Bits<15>>,
    /// A logit is there in this cycle.
    pub tap_logit_valid: Signal<Out, Bit>,
    /// It, signed.
    pub tap_logit: Signal<Out, Bits<SUM_BITS>>,
    /// The codes of the even lanes; none without taps.
    pub tap_code_even: Vec<Signal<Out, Bits<8>>>,
    /// The codes of the odd lanes.
    pub tap_code_odd: Vec<Signal<Out, Bits<8>>>,
    /// o of the even lanes.
    pub tap_read_even: Vec<Signal<Out, Bits<8>>>,
    /// o of the odd lanes.
    pub tap_read_odd: Vec<Signal<Out, Bits<8>>>,

    receiver: FrameReceiver,
    executor: Executor,
    column: Column,
    sender: FrameSender,
    _settled: bool,
    _changed: bool,
}

composite!(Core {
    inputs: clock rx_data rx_valid tx_ready;
    outputs: rx_ready tx_data tx_valid loaded tap_store tap_target tap_fold tap_read tap_score_valid tap_score tap_exponential_valid tap_exponential tap_logit_valid tap_logit tap_code_even tap_code_odd tap_read_even tap_read_odd;
    locals: ;
    constants: ;
    parts: receiver executor column sender;
});

impl Core {
    /// The core of a geometry and datapath, with taps for traces or without.
    pub fn new(geometry: &Geometry, datapath: Datapath, taps: bool) -> Core {
        let tapped = if taps { geometry.pairs() } else { 0 };
        Core {
            receiver: FrameReceiver::new(),
            executor: Executor::new(geometry, datapath),
            sender: FrameSender::new(),
            column: Column::new(geometry, datapath, taps),
            tap_code_even: vec![Default::default(); tapped],
            tap_code_odd: vec![Default::default(); tapped],
            tap_read_even: vec![Default::default(); tapped],
            tap_read_odd: vec![Default::default(); tapped],
            ..Default::default()
        }
    }
}

impl Logic for Core {
    #[hdl_gen]
    fn update(&mut self) {
        self.receiver.clock.next = self.clock.val();
        self.receiver.data.next = self.rx_data.val();
        self.receiver.valid.next = self.rx_valid.val();
        self.rx_ready.next = self.receiver.ready.val();
        self.receiver.finished.next = self.executor.finished.val();
        self.receiver.address.next = self.executor.address.val();

        self.executor.clock.next = self.clock.val();
        self.executor.waiting.next = self.receiver.waiting.val();
        self.executor.intact.next = self.receiver.intact.val();
        self.executor.length.next = self.receiver.length.val();
        self.executor.content.next = self.receiver.content.val();
        self.executor.sending.next = self.sender.busy.val();
        self.executor.busy.next = self.column.busy.val();
        self.executor.position.next = self.column.position.val();
        self.executor.sentences.next = self.column.sentences.val();
        self.executor.forgotten.next = self.column.forgotten.val();
        self.executor.answer.next = self.column.answer.val();
        self.executor.logit.next = self.column.logit.val();

        self.column.clock.next = self.clock.val();
        self.column.settings.next = self.executor.settings.val();
        self.column.score.next = self.executor.score.val();
        self.column.centre.next = self.executor.centre.val();
        self.column.align.next = self.executor.align.val();
        self.column.start.next = self.executor.start.val();
        self.column.question.next = self.executor.question.val();
        self.column.last_position.next = self.executor.last_position.val();
        self.column.word.next = self.receiver.content.val();
        self.column.clear.next = self.executor.clear.val();
        self.column.load.next = self.executor.load.val();

        self.sender.clock.next = self.clock.val();
        self.sender.write.next = self.executor.write.val();
        self.sender.write_address.next = self.executor.write_address.val();
        self.sender.write_data.next = self.executor.write_data.val();
        self.sender.start.next = self.executor.send.val();
        self.sender.first.next = self.executor.reply_first.val();
        self.sender.last.next = self.executor.reply_last.val();
        self.sender.ready.next = self.tx_ready.val();
        self.tx_data.next = self.sender.data.val();
        self.tx_valid.next = self.sender.valid.val();
        self.loaded.next = self.executor.loaded.val();

        self.tap_store.next = self.column.tap_store.val();
        self.tap_target.next = self.column.tap_target.val();
        self.tap_fold.next = self.column.tap_fold.val();
        self.tap_read.next = self.column.tap_read.val();
        self.tap_score_valid.next = self.column.tap_score_valid.val();
        self.tap_score.next = self.column.tap_score.val();
        self.tap_exponential_valid.next = self.column.tap_exponential_valid.val();
        self.tap_exponential.next = self.column.tap_exponential.val();
        self.tap_logit_valid.next = self.column.tap_logit_valid.val();
        self.tap_logit.next = self.column.tap_logit.val();
        for i in 0..self.tap_code_even.len() {
            self.tap_code_even[i].next = self.column.tap_code_even[i].val();
            self.tap_code_odd[i].next = self.column.tap_code_odd[i].val();
            self.tap_read_even[i].next = self.column.tap_read_even[i].val();
            self.tap_read_odd[i].next = self.column.tap_read_odd[i].val();
        }
    }
}
