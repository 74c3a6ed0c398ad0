//! Frames over a transport, and the device driver on top.
//!
//! A [`Driver`] is a device of either network ([`engram_spec::machine::Device`]) at the far end of a [`Transport`]: a [`Serial`]
//! port, or a simulation that runs in the process. An [`Endpoint`] is the other side: it executes frames on any device, so that
//! every backend can be served, over a [`Pty`] for instance, and so that the hardware's replies have an oracle.
//!
//! ```text
//! Driver -> codec -> Serial ~~~ Pty -> codec -> Endpoint -> Device
//! ```
//!
//! Between the two of a board there is a USB chip, which [`usb`] models: [`Modelled`] in modelled time, [`Usb::relay`] in real time.
//!
//! `docs/link.md` is the protocol in words, with every frame in bytes.

pub mod codec;
mod driver;
mod endpoint;
mod error;
mod exchange;
pub mod frames;
mod latency;
mod local;
mod modelled;
pub mod payload;
mod pty;
mod serial;
mod transport;
pub mod usb;

pub use codec::{DecodeError, Decoder};
pub use driver::Driver;
pub use endpoint::Endpoint;
pub use engram_spec::frame::WINDOW;
pub use error::LinkError;
pub use exchange::{Counters, Options};
pub use local::Local;
pub use modelled::{Modelled, Spends};
pub use pty::Pty;
pub use serial::{Serial, ports};
pub use transport::Transport;
pub use usb::Usb;
