//! The link: what lies between the bytes of a host and a device's command decoder.
//!
//! ```text
//!  rx --> FrameReceiver --content--> FrameHandler <--> CommandDecoder, engine
//!                                         | reply
//!  tx <--------------------------- FrameSender
//! ```

pub mod crc;
pub mod frame_handler;
pub mod receiver;
pub mod sender;
pub mod uart;

use crate::link::frame_handler::{Decision, FrameHandler, Request};
use crate::link::receiver::FrameReceiver;
use crate::link::sender::FrameSender;
use crate::prelude::*;

/// The link.
#[derive(Clone, Debug, Default, Composite)]
pub struct Link {
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
    /// The request, and its byte at hand.
    pub request: Signal<Out, Request>,
    /// The command decoder's decision on it.
    pub decision: Signal<In, Decision>,
    /// Whether the computation begins.
    pub start: Signal<Out, Bit>,
    /// Whether the computation is not done.
    pub busy: Signal<In, Bit>,
    /// Whether the device clears its story or sequence: at Clear, Begin and Seal.
    pub clear: Signal<Out, Bit>,

    receiver: FrameReceiver,
    handler: FrameHandler,
    sender: FrameSender,
    _evaluation: Evaluation,
}

impl Link {
    /// A link over which nothing has come yet.
    pub fn new() -> Link {
        Link {
            receiver: FrameReceiver::new(),
            handler: FrameHandler::new(),
            sender: FrameSender::new(),
            ..Default::default()
        }
    }
}

impl Logic for Link {
    #[hdl_gen]
    fn update(&mut self) {
        self.receiver.clock.next = self.clock.val();
        self.receiver.data.next = self.rx_data.val();
        self.receiver.valid.next = self.rx_valid.val();
        self.rx_ready.next = self.receiver.ready.val();
        self.receiver.finished.next = self.handler.finished.val();
        self.receiver.address.next = self.handler.address.val();

        self.handler.clock.next = self.clock.val();
        self.handler.waiting.next = self.receiver.waiting.val();
        self.handler.intact.next = self.receiver.intact.val();
        self.handler.length.next = self.receiver.length.val();
        self.handler.content.next = self.receiver.content.val();
        self.handler.sending.next = self.sender.busy.val();
        self.handler.busy.next = self.busy.val();
        self.handler.decision.next = self.decision.val();
        self.request.next = self.handler.request.val();
        self.start.next = self.handler.start.val();
        self.clear.next = self.handler.clear.val();

        self.sender.clock.next = self.clock.val();
        self.sender.write.next = self.handler.write.val();
        self.sender.write_address.next = self.handler.write_address.val();
        self.sender.write_data.next = self.handler.write_data.val();
        self.sender.start.next = self.handler.send.val();
        self.sender.first.next = self.handler.reply_first.val();
        self.sender.last.next = self.handler.reply_last.val();
        self.sender.ready.next = self.tx_ready.val();
        self.tx_data.next = self.sender.data.val();
        self.tx_valid.next = self.sender.valid.val();
    }
}
