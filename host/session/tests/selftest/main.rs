//! The self-test against devices on a pseudo-terminal: sound ones, and one for each kind of fault, which must be named.

mod connection;
mod faults;
mod relay;
mod sound;
