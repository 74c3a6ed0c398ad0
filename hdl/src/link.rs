//! The link: what lies between the bytes of a host and a device's orders.
//!
//! ```text
//!  rx --> FrameReceiver --content--> Requests <--> orders, device
//!                                       | reply
//!  tx <------------------------- FrameSender
//! ```
//!
//! | port | width | |
//! |---|---|---|
//! | `rx_data`, `rx_valid`, `rx_ready` | 8, 1, 1 | bytes from the host; not ready while a request is carried out |
//! | `tx_data`, `tx_valid`, `tx_ready` | 8, 1, 1 | bytes to the host |
//! | `request`, `ruling`, `start`, `busy`, `clear` | 41, 48, 1, 1, 1 | as [`Requests`] has them |

pub mod crc;
pub mod receiver;
pub mod requests;
pub mod sender;
pub mod uart;

use crate::composite;
use crate::link::receiver::FrameReceiver;
use crate::link::requests::{Request, Requests, Ruling};
use crate::link::sender::FrameSender;
use crate::prelude::*;

/// The link.
#[derive(Clone, Debug, Default)]
pub struct Link {
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
    /// What is asked for.
    pub request: Signal<Out, Request>,
    /// What the orders say to it.
    pub ruling: Signal<In, Ruling>,
    /// The computation begins.
    pub start: Signal<Out, Bit>,
    /// What is computed is not done.
    pub busy: Signal<In, Bit>,
    /// The device forgets what it was told.
    pub clear: Signal<Out, Bit>,

    receiver: FrameReceiver,
    requests: Requests,
    sender: FrameSender,
    _settled: bool,
    _changed: bool,
}

composite!(Link {
    inputs: clock rx_data rx_valid tx_ready ruling busy;
    outputs: rx_ready tx_data tx_valid request start clear;
    locals: ;
    constants: ;
    parts: receiver requests sender;
});

impl Link {
    /// A link over which nothing has come yet.
    pub fn new() -> Link {
        Link {
            receiver: FrameReceiver::new(),
            requests: Requests::new(),
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
        self.receiver.finished.next = self.requests.finished.val();
        self.receiver.address.next = self.requests.address.val();

        self.requests.clock.next = self.clock.val();
        self.requests.waiting.next = self.receiver.waiting.val();
        self.requests.intact.next = self.receiver.intact.val();
        self.requests.length.next = self.receiver.length.val();
        self.requests.content.next = self.receiver.content.val();
        self.requests.sending.next = self.sender.busy.val();
        self.requests.busy.next = self.busy.val();
        self.requests.ruling.next = self.ruling.val();
        self.request.next = self.requests.request.val();
        self.start.next = self.requests.start.val();
        self.clear.next = self.requests.clear.val();

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
    }
}
