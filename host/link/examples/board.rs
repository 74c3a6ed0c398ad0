//! Ask a board on a serial port what it is: `cargo run -p engram-link --example board -- /dev/ttyUSB0`
//!
//! Without a board, `engram serve` simulates one and prints the port.

use std::error::Error;

use engram_link::{Driver, Options, Serial};
use engram_spec::memnet::{Memnet, Requests};
use engram_spec::{Device, DeviceError};

/// Prints the identity and the counters of the memory network on a port, and asks its first word.
pub fn meet(port: &str) -> Result<(), Box<dyn Error>> {
    let serial = Serial::open(port, 1_000_000)?;

    // The driver identifies the device. A crossbar device at this port is an error that says so.
    let mut board = Driver::<Memnet, _>::connect(serial, Options::default())?;
    let identity = board.identity();
    println!("{} with {}, program {:x?}", identity.geometry.name, identity.build, identity.loaded);

    // A request is a method. A refusal is an error that names the reason, and changes nothing in the device.
    board.clear()?;
    match board.question(&[0]) {
        Err(DeviceError::Refused(refusal)) => println!("no answer: {refusal}"),
        answer => println!("word {}", answer?.word),
    }
    println!("{:?}", board.status()?);
    Ok(())
}

#[cfg_attr(test, allow(dead_code))]
fn main() -> Result<(), Box<dyn Error>> {
    meet(&std::env::args().nth(1).unwrap_or("/dev/ttyUSB0".to_string()))
}
