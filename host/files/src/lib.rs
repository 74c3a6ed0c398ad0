//! Files that engram writes.
//!
//! - [`write()`] and [`Draft`]: a file is written beside its place and renamed, so that an interruption leaves the old file or the new
//!   one. A symbolic link stays and its target is written; a device or a pipe is written into.
//! - [`Work`]: a folder for the files of a tool. A killed run leaves its folder; the next run beside it takes it away.
//! - [`Pipe`]: a file that simulators write, by a pipe.
//! - [`Output`]: the check before the work: an output is no input of the command, and overwrites only what engram wrote.

mod output;
mod pipe;
mod temporary;
mod work;
mod writer;

pub use output::{Kind, Output, Refused, is_same_place};
pub use pipe::Pipe;
pub use work::Work;
pub use writer::{Draft, create_folder, write};
