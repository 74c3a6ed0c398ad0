//! The packers: from nextpnr's configuration to a bitstream.

use std::path::Path;
use std::time::Duration;

use crate::board::Family;
use crate::error::Error;
use crate::tool::{self, Kind, Tool};

const LIMIT: Duration = Duration::from_secs(600);

/// The log's file name.
pub const LOG: &str = "pack.log";

/// The packer of a family: ecppack (Project Trellis) or icepack (Project IceStorm).
pub const fn packer(family: Family) -> Kind {
    match family {
        Family::Ecp5 => tool::ECPPACK,
        Family::Ice40 => tool::ICEPACK,
    }
}

/// The bitstream's file name: what openFPGALoader takes.
pub const fn bitstream(family: Family) -> &'static str {
    match family {
        Family::Ecp5 => "bitstream.bit",
        Family::Ice40 => "bitstream.bin",
    }
}

/// Packs the configuration `input` in `folder` into a bitstream (for ECP5 compressed).
pub fn pack(packer: &Tool, folder: &Path, input: &str, family: Family) -> Result<(), Error> {
    let output = bitstream(family);
    match family {
        Family::Ecp5 => packer.make(output, ["--compress", input, "--bit", output], folder, LOG, LIMIT),
        Family::Ice40 => packer.make(output, [input, output], folder, LOG, LIMIT),
    }
}
