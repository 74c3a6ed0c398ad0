//! The backends of the tests, opened where their tools are present.

use std::path::PathBuf;

use engram_spec::Device;
use engram_testbench::{Backend, BackendError, Network, Opening, may_be_left_out, open};

/// The folder of compiled models.
pub fn cache() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled")
}

/// Opens a backend; `None`, with a note, where its tool is missing and may be.
pub fn open_if_present<M: Network>(backend: &Backend, opening: &Opening<M>) -> Option<Box<dyn Device<M>>> {
    match open(backend, opening) {
        Ok(device) => Some(device),
        Err(BackendError::Tool(error)) if may_be_left_out(&error) => {
            eprintln!("not tested on {backend}: {error}");
            None
        }
        Err(error) => panic!("{backend}: {error}"),
    }
}
