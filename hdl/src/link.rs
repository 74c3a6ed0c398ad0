//! The link: what lies between the bytes of a host and a device's command decoder.
//!
//! ```text
//!  rx --> FrameReceiver --contents--> FrameHandler <--> CommandDecoder, engine
//!                                         | replies
//!  tx <--------------------------- FrameSender
//! ```
//!
//! The three work side by side: the receiver keeps the contents of the frames that come while one is carried out, and the sender has the
//! last replies, of which one may be on its way to the host while the next is made.

pub mod crc;
pub mod frame_handler;
pub mod receiver;
pub mod sender;
pub mod uart;

/// Bits of a place in the content of a frame.
pub const BYTE_BITS: usize = 8;

/// Bits of a place in the content of a reply.
pub const REPLY_BITS: usize = 6;

/// Bits of an address in the receiver's ring of contents, and in the sender's replies: a block RAM of the iCE40.
pub const RING_BITS: usize = 9;

const _: () = assert!(RECEIVE_BYTES == 1 << RING_BITS && CONTENT_MAX < 1 << BYTE_BITS);

use engram_spec::frame::{CONTENT_MAX, RECEIVE_BYTES};

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
    /// Whether the byte is taken: there is room for it.
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
    /// Whether the device clears its story or sequence: at Clear, Begin, Seal and a reset.
    pub clear: Signal<Out, Bit>,
    /// Whether a byte from the host was dropped, because it had no stop bit.
    pub framing_error: Signal<In, Bit>,
    /// Whether the program is forgotten, and no request is taken.
    pub reset: Signal<In, Bit>,
    /// Whether the last request was damaged or refused.
    pub refused: Signal<Out, Bit>,

    receiver: FrameReceiver,
    handler: FrameHandler,
    sender: FrameSender,
    _evaluation: Evaluation,
}

impl Link {
    /// A link over which nothing has come yet.
    pub fn new() -> Link {
        Link::holding(&[])
    }

    /// A link of a device that a bitstream gives a program: the frame of this content adopts it at switch-on. Without one it is a link
    /// as every other.
    pub fn holding(content: &[u8]) -> Link {
        Link {
            receiver: FrameReceiver::holding(content),
            handler: FrameHandler::new(!content.is_empty()),
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
        self.receiver.first.next = self.handler.first.val();
        self.receiver.address.next = self.handler.address.val();

        self.handler.clock.next = self.clock.val();
        self.handler.waiting.next = self.receiver.waiting.val();
        self.handler.content.next = self.receiver.content.val();
        self.handler.sending.next = self.sender.busy.val();
        self.handler.busy.next = self.busy.val();
        self.handler.decision.next = self.decision.val();
        self.request.next = self.handler.request.val();
        self.start.next = self.handler.start.val();
        self.clear.next = self.handler.clear.val();
        self.handler.framing_error.next = self.framing_error.val();
        self.handler.reset.next = self.reset.val();
        self.refused.next = self.handler.refused.val();

        self.sender.clock.next = self.clock.val();
        self.sender.write.next = self.handler.write.val();
        self.sender.write_address.next = self.handler.write_address.val();
        self.sender.write_data.next = self.handler.write_data.val();
        self.sender.start.next = self.handler.send.val();
        self.sender.slot.next = self.handler.slot.val();
        self.sender.ready.next = self.tx_ready.val();
        self.tx_data.next = self.sender.data.val();
        self.tx_valid.next = self.sender.valid.val();
    }
}
