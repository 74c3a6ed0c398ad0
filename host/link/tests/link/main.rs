//! The driver and the software endpoint: requests, faults, silence, ports. One binary, so that tests share the cores.

mod bench;
mod endpoint;
mod faults;
mod port;
mod silence;
mod usb;
