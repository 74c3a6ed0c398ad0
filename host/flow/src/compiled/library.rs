//! The shared library of a compiled design, seen through the C interface of `shim.cpp`.

use std::ffi::{CStr, c_char, c_void};
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;

/// The conditions under which an exchange ends, once all bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// The largest number of cycles, sent or not.
    pub max_cycles: u64,
    /// The number of cycles without a byte, in either direction, after which the exchange ends.
    pub idle_cycles: u64,
    /// The byte after which the exchange ends, once received.
    pub last_byte: Option<u8>,
}

/// Why an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The byte that was waited for was received.
    LastByte,
    /// Nothing passed for long enough.
    Idle,
    /// The cycles were used up.
    OutOfCycles,
}

/// The result of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The bytes that were received.
    pub received: Vec<u8>,
    /// How many bytes were sent: all, but where it ran out of cycles.
    pub sent: usize,
    /// Clock cycles it took.
    pub cycles: u64,
    /// Why it ended.
    pub end: End,
}

/// Numbers of the ports of two byte streams; as in `shim.cpp`.
#[repr(C)]
pub(super) struct Streams {
    pub rx_data: u32,
    pub rx_valid: u32,
    pub rx_ready: u32,
    pub tx_data: u32,
    pub tx_valid: u32,
    pub tx_ready: u32,
}

/// As in `shim.cpp`.
#[repr(C)]
struct RawExchange {
    send: *const u8,
    send_length: u64,
    receive: *mut u8,
    receive_length: u64,
    max_cycles: u64,
    idle_cycles: u64,
    last_byte: i64,
    sent: u64,
    received: u64,
    cycles: u64,
    quiet: u64,
}

type Object = *mut c_void;

/// The functions of `shim.cpp` in one library.
pub(super) struct Library {
    new: unsafe extern "C" fn() -> Object,
    free: unsafe extern "C" fn(Object),
    set: unsafe extern "C" fn(Object, u32, u64),
    get: unsafe extern "C" fn(Object, u32) -> u64,
    failure: unsafe extern "C" fn(Object) -> *const c_char,
    eval: unsafe extern "C" fn(Object) -> bool,
    ticks: unsafe extern "C" fn(Object, u64) -> bool,
    record: unsafe extern "C" fn(Object, *const c_char),
    exchange: unsafe extern "C" fn(Object, *const Streams, *mut RawExchange) -> u32,
}

/// A model's state in C++.
pub(super) struct Instance {
    object: Object,
    library: Arc<Library>,
}

// SAFETY: an instance owns all that it reaches, and nothing in it is bound to the thread that made it.
unsafe impl Send for Instance {}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the object is the library's own, and this is its last use.
        unsafe { (self.library.free)(self.object) }
    }
}

// SAFETY of all calls below: the object was made by the same library and is alive, `&mut self` excludes other users, port
// numbers without a port have no effect in `shim.cpp`, and what pointers point to outlives the call.
impl Instance {
    /// A new state, with registers at their initial values.
    pub(super) fn new(library: Arc<Library>) -> Instance {
        let object = unsafe { (library.new)() };
        Instance { object, library }
    }

    /// Another state of the same library.
    pub(super) fn fresh(&self) -> Instance {
        Instance::new(self.library.clone())
    }

    pub(super) fn set(&mut self, input: u32, value: u64) {
        unsafe { (self.library.set)(self.object, input, value) }
    }

    pub(super) fn get(&self, output: u32) -> u64 {
        unsafe { (self.library.get)(self.object, output) }
    }

    /// Whether it is well; where not, [`Instance::failure`] says why.
    pub(super) fn eval(&mut self) -> bool {
        unsafe { (self.library.eval)(self.object) }
    }

    /// Whether it is well; where not, [`Instance::failure`] says why.
    pub(super) fn ticks(&mut self, cycles: u64) -> bool {
        unsafe { (self.library.ticks)(self.object, cycles) }
    }

    /// Why it failed, in the words of the design or of its compiler.
    pub(super) fn failure(&self) -> String {
        unsafe { CStr::from_ptr((self.library.failure)(self.object)) }.to_string_lossy().into_owned()
    }

    pub(super) fn record(&mut self, path: &CStr) {
        unsafe { (self.library.record)(self.object, path.as_ptr()) }
    }

    /// The bytes received and the cycles taken; `None` where the exchange failed.
    pub(super) fn exchange(&mut self, streams: &Streams, bytes: &[u8], until: Until) -> Option<Exchange> {
        let mut buffer = [0u8; 4096];
        let mut received = Vec::new();
        let mut raw = RawExchange {
            send: bytes.as_ptr(),
            send_length: bytes.len() as u64,
            receive: std::ptr::null_mut(),
            receive_length: buffer.len() as u64,
            max_cycles: until.max_cycles,
            idle_cycles: until.idle_cycles,
            last_byte: until.last_byte.map_or(-1, i64::from),
            sent: 0,
            received: 0,
            cycles: 0,
            quiet: 0,
        };
        loop {
            raw.receive = buffer.as_mut_ptr();
            raw.received = 0;
            let end = unsafe { (self.library.exchange)(self.object, streams, &mut raw) };
            received.extend_from_slice(&buffer[..raw.received as usize]);
            let end = match end {
                0 => End::LastByte,
                1 => End::Idle,
                2 => End::OutOfCycles,
                3 => continue, // the buffer was full
                _ => return None,
            };
            return Some(Exchange { received, sent: raw.sent as usize, cycles: raw.cycles, end });
        }
    }
}

impl Library {
    /// Loads a library that [`super::compile`] made.
    pub(super) fn open(path: &Path) -> Result<Library, Error> {
        let failed = |source| Error::Library { path: path.to_path_buf(), source };
        // SAFETY: the library was compiled from `shim.cpp`, whose functions have the signatures above; what runs when it
        // is loaded are constructors of the compilers' run-time libraries, which touch nothing of ours.
        unsafe {
            let loaded = libloading::Library::new(path).map_err(failed)?;
            let library = Library {
                new: *loaded.get(b"engram_new").map_err(failed)?,
                free: *loaded.get(b"engram_free").map_err(failed)?,
                set: *loaded.get(b"engram_set").map_err(failed)?,
                get: *loaded.get(b"engram_get").map_err(failed)?,
                failure: *loaded.get(b"engram_failure").map_err(failed)?,
                eval: *loaded.get(b"engram_eval").map_err(failed)?,
                ticks: *loaded.get(b"engram_ticks").map_err(failed)?,
                record: *loaded.get(b"engram_record").map_err(failed)?,
                exchange: *loaded.get(b"engram_exchange").map_err(failed)?,
            };
            // It handles a signal: it stays loaded as long as the process lives, and its functions with it.
            std::mem::forget(loaded);
            Ok(library)
        }
    }
}
