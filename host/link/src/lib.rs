//! Frames over a transport, and the device driver on top.
