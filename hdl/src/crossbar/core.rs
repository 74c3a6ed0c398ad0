//! The core of the crossbar device: a device that takes and gives bytes. The array with the frames around it.
//!
//! ```text
//!  rx --> FrameReceiver --content--> Requests <--> CrossbarOrders <--> Array
//!                                       | reply
//!  tx <------------------------- FrameSender
//! ```
//!
//! | port | width | |
//! |---|---|---|
//! | `rx_data`, `rx_valid`, `rx_ready` | 8, 1, 1 | bytes from the host; not ready while a request is carried out |
//! | `tx_data`, `tx_valid`, `tx_ready` | 8, 1, 1 | bytes to the host |
//! | `loaded` | 1 | a program is loaded |
//! | `tap_...` | | intermediate values, as [`Array`] has them |

use engram_spec::crossbar::Geometry;

use crate::composite;
use crate::crossbar::array::Array;
use crate::crossbar::orders::CrossbarOrders;
use crate::crossbar::{LOGIT_BITS, TILE_BITS};
use crate::frame_receiver::FrameReceiver;
use crate::frame_sender::FrameSender;
use crate::prelude::*;
use crate::requests::Requests;

/// The core of the crossbar device.
#[derive(Clone, Debug, Default)]
pub struct CrossbarCore {
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

    /// A tile's sum is there in this cycle.
    pub tap_sum_valid: Signal<Out, Bit>,
    /// It, signed.
    pub tap_sum: Signal<Out, Bits<TILE_BITS>>,
    /// A converter's code is there in this cycle.
    pub tap_code_valid: Signal<Out, Bit>,
    /// It.
    pub tap_code: Signal<Out, Bits<8>>,
    /// A column's index is there in this cycle.
    pub tap_index_valid: Signal<Out, Bit>,
    /// It, + 256.
    pub tap_index: Signal<Out, Bits<9>>,
    /// A gate is there in this cycle.
    pub tap_gate_valid: Signal<Out, Bit>,
    /// It, signed.
    pub tap_gate: Signal<Out, Bits<12>>,
    /// A cell's new state is there in this cycle.
    pub tap_cell_valid: Signal<Out, Bit>,
    /// It, signed.
    pub tap_cell: Signal<Out, Bits<16>>,
    /// What a cell shows is there in this cycle.
    pub tap_hidden_valid: Signal<Out, Bit>,
    /// Its DAC code.
    pub tap_hidden: Signal<Out, Bits<8>>,
    /// Its readout code.
    pub tap_readout: Signal<Out, Bits<8>>,
    /// A logit is there in this cycle.
    pub tap_logit_valid: Signal<Out, Bit>,
    /// It, signed.
    pub tap_logit: Signal<Out, Bits<LOGIT_BITS>>,

    receiver: FrameReceiver,
    requests: Requests,
    orders: CrossbarOrders,
    array: Array,
    sender: FrameSender,
    _settled: bool,
    _changed: bool,
}

composite!(CrossbarCore {
    inputs: clock rx_data rx_valid tx_ready;
    outputs: rx_ready tx_data tx_valid loaded tap_sum_valid tap_sum tap_code_valid tap_code tap_index_valid tap_index
        tap_gate_valid tap_gate tap_cell_valid tap_cell tap_hidden_valid tap_hidden tap_readout tap_logit_valid
        tap_logit;
    locals: ;
    constants: ;
    parts: receiver requests orders array sender;
});

impl CrossbarCore {
    /// The core of a geometry.
    pub fn new(size: &Geometry) -> CrossbarCore {
        CrossbarCore {
            receiver: FrameReceiver::new(),
            requests: Requests::new(),
            orders: CrossbarOrders::new(size),
            array: Array::new(size),
            sender: FrameSender::new(),
            ..Default::default()
        }
    }
}

impl Logic for CrossbarCore {
    #[hdl_gen]
    fn update(&mut self) {
        self.receiver.clock.next = self.clock.val();
        self.receiver.data.next = self.rx_data.val();
        self.receiver.valid.next = self.rx_valid.val();
        self.rx_ready.next = self.receiver.ready.val();
        self.receiver.finished.next = self.requests.finished.val();
        self.receiver.address.next = self.requests.address.val();

        self.requests.clock.next = self.clock.val();
        self.requests.waiting.next = self.receiver.waiting.val();
        self.requests.intact.next = self.receiver.intact.val();
        self.requests.length.next = self.receiver.length.val();
        self.requests.content.next = self.receiver.content.val();
        self.requests.sending.next = self.sender.busy.val();
        self.requests.busy.next = self.array.busy.val();
        self.requests.verdict.next = self.orders.verdict.val();
        self.requests.checked.next = self.orders.checked.val();
        self.requests.flaw.next = self.orders.flaw.val();
        self.requests.commits.next = self.orders.commits.val();
        self.requests.works.next = self.orders.works.val();
        self.requests.position.next = self.orders.position.val();
        self.requests.reply.next = self.orders.reply.val();
        self.requests.reply_tail.next = self.orders.reply_tail.val();

        self.orders.clock.next = self.clock.val();
        self.orders.order.next = self.requests.order.val();
        self.orders.payload.next = self.requests.payload.val();
        self.orders.octet.next = self.requests.octet.val();
        self.orders.ordinal.next = self.requests.ordinal.val();
        self.orders.checking.next = self.requests.checking.val();
        self.orders.committing.next = self.requests.committing.val();
        self.orders.sealed.next = self.requests.sealed.val();
        self.orders.loading.next = self.requests.loading.val();
        self.orders.cursor.next = self.requests.cursor.val();
        self.orders.cycles.next = self.requests.cycles.val();
        self.orders.steps.next = self.array.steps.val();
        self.orders.answered.next = self.array.answered.val();
        self.orders.logit.next = self.array.logit.val();
        self.orders.asked.next = self.array.position.val();

        self.array.clock.next = self.clock.val();
        self.array.settings.next = self.orders.settings.val();
        self.array.gate_setting.next = self.orders.gate_setting.val();
        self.array.row_byte.next = self.orders.row_byte.val();
        self.array.start.next = self.requests.start.val();
        self.array.answer.next = self.orders.answer.val();
        self.array.symbol.next = self.orders.symbol.val();
        self.array.octet.next = self.requests.octet.val();
        self.array.clear.next = self.requests.clear.val();

        self.sender.clock.next = self.clock.val();
        self.sender.write.next = self.requests.write.val();
        self.sender.write_address.next = self.requests.write_address.val();
        self.sender.write_data.next = self.requests.write_data.val();
        self.sender.start.next = self.requests.send.val();
        self.sender.first.next = self.requests.reply_first.val();
        self.sender.last.next = self.requests.reply_last.val();
        self.sender.ready.next = self.tx_ready.val();
        self.tx_data.next = self.sender.data.val();
        self.tx_valid.next = self.sender.valid.val();
        self.loaded.next = self.requests.sealed.val();

        self.tap_sum_valid.next = self.array.tap_sum_valid.val();
        self.tap_sum.next = self.array.tap_sum.val();
        self.tap_code_valid.next = self.array.tap_code_valid.val();
        self.tap_code.next = self.array.tap_code.val();
        self.tap_index_valid.next = self.array.tap_index_valid.val();
        self.tap_index.next = self.array.tap_index.val();
        self.tap_gate_valid.next = self.array.tap_gate_valid.val();
        self.tap_gate.next = self.array.tap_gate.val();
        self.tap_cell_valid.next = self.array.tap_cell_valid.val();
        self.tap_cell.next = self.array.tap_cell.val();
        self.tap_hidden_valid.next = self.array.tap_hidden_valid.val();
        self.tap_hidden.next = self.array.tap_hidden.val();
        self.tap_readout.next = self.array.tap_readout.val();
        self.tap_logit_valid.next = self.array.tap_logit_valid.val();
        self.tap_logit.next = self.array.tap_logit.val();
    }
}
