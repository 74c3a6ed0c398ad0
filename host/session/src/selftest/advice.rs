//! Advice: the meaning of a fault, and what to try, in plain words.

use engram_link::LinkError;
use engram_spec::frame::VERSION;

use crate::backend::Backend;

/// A fault in words.
pub(super) struct Advice {
    pub(super) found: String,
    pub(super) remedy: String,
}

/// The advice on an error of the link to a backend.
pub(super) fn of(error: &LinkError, on: &Backend) -> Advice {
    let advice = |found: String, remedy: &str| Advice { found, remedy: remedy.to_string() };
    match error {
        LinkError::NoPort { path, ports } => advice(
            format!("there is no port '{path}'; {}", present(ports)),
            "Plug the board in, with a cable that has wires for data (many have power alone). The ULX3S's socket is the one labelled \
             US1. `dmesg | tail` names the port that appeared; in a container or a virtual machine the port must be passed on.",
        ),
        LinkError::NoPermission { path } => advice(
            format!("no permission to open '{path}'"),
            &format!(
                "Join the group that owns the port (`ls -l {path}` names it, often dialout or uucp): `sudo usermod -aG dialout $USER`. \
                 Then log in again."
            ),
        ),
        LinkError::Busy { path } => advice(
            format!("'{path}' is in use by another program"),
            &format!(
                "Close the other program: `fuser -v {path}` names it. ModemManager takes new ports for some seconds: wait, or stop it \
                 with `sudo systemctl stop ModemManager`."
            ),
        ),
        LinkError::Port { path, source } => advice(
            format!("'{path}' cannot be used as a serial port: {source}"),
            "Name a terminal device such as /dev/ttyUSB0. If it is one, it may not have this rate: give --baud one that it has.",
        ),
        LinkError::Version { device } => advice(
            format!("a device whose frames have version {device}, and this engram speaks version {VERSION}"),
            "Build the bitstream with this engram and load it: `engram build --board BOARD --out DIR`, then `engram program`. Or use the \
             engram that the bitstream was built with.",
        ),
        LinkError::UnknownGeometry { id, sizes, .. } => advice(
            format!("a device of a size that this engram does not know: number {id}, sizes {sizes:?}"),
            "Build the bitstream with this engram and load it: `engram build --board BOARD --out DIR`, then `engram program`.",
        ),
        LinkError::Silent { tries, timeout, command, .. } => advice(
            format!("silence: no reply to '{command:?}' after {tries} tries of {timeout:?}"),
            "The device answered before. Check the cable and the power (a hub without its own may give too little). If it stops at this \
             request again and again, build the bitstream again with another --seed and load it.",
        ),
        LinkError::Nonsense { tries, command, trouble, .. } => {
            advice(format!("no sound reply to '{command:?}' in {tries} tries ({trouble})"), LINE)
        }
        LinkError::Lost { source, .. } => advice(
            format!("the connection broke: {source}"),
            "Check that the board is still plugged in and has power. A supply that is too weak lets a board drop off the bus.",
        ),
        LinkError::Payload { .. } => advice(
            error.to_string(),
            "Host and device disagree about the frames: build the bitstream with this engram, and load it.",
        ),
        LinkError::Refused(refusal) => {
            advice(format!("a refusal: {refusal}"), computes(on, "the commands (`command_decoder`)").as_str())
        }
        LinkError::Geometry { .. }
        | LinkError::Build { .. }
        | LinkError::Program(_)
        | LinkError::Network { .. }
        | LinkError::NoMemoization
        | LinkError::Pty { .. } => {
            advice(error.to_string(), "Use a bitstream of the model's network and size, or another model.")
        }
    }
}

/// The advice where bytes are lost or changed on their way.
pub(super) const LINE: &str = "Bytes are lost or changed on their way. Use a shorter cable and a USB port of the computer itself; keep \
    the cable away from motors and supplies. Check that the board's oscillator has the frequency in its board.toml. If it stays, build \
    the bitstream for half the rate (`baud` in a board.toml of your own), and give --baud.";

/// The advice where a device computes otherwise than the integer model, first in a part of it.
pub(super) fn computes(on: &Backend, part: &str) -> String {
    match on {
        Backend::Port(_) => format!(
            "The device computes otherwise in {part}. 1. Load the bitstream again; build it with this engram if another built it. 2. Look \
             into build.json beside it: `meets_timing` must be true; build with another --seed for more room. 3. Give the board a better \
             supply. 4. If `engram selftest --on verilator` fails, too, the hardware's description is wrong, not the board."
        ),
        on => format!(
            "The hardware's description computes otherwise in {part}: `engram trace MODEL --on {on} --against integer` shows the first \
             value that differs."
        ),
    }
}

/// The advice where the same request has another answer every time.
pub(super) const UNSTEADY: &str = "The same request has another answer every time, so the bitstream is right and its signals are not: the \
    design is too slow for the clock, or the supply is too weak. Look into build.json (`meets_timing` must be true), build with another \
    --seed, and use a USB port with more power.";

fn present(ports: &[String]) -> String {
    match ports {
        [] => "this machine has no serial port".to_string(),
        ports => format!("this machine has {}", ports.join(", ")),
    }
}
