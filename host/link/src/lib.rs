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
//! `docs/link.md` is the protocol in words, with every frame in bytes.

pub mod codec;
mod driver;
mod endpoint;
mod error;
mod exchange;
mod local;
pub mod payload;
mod pty;
mod serial;
mod transport;

pub use codec::{DecodeError, Decoder};
pub use driver::Driver;
pub use endpoint::Endpoint;
pub use error::LinkError;
pub use exchange::{Counters, Options};
pub use local::Local;
pub use pty::Pty;
pub use serial::{Serial, ports};
pub use transport::Transport;
