//! The transport of bytes between host and device.

use std::io;
use std::time::Duration;

/// A stream of bytes to a device and back: a serial port, or a simulation of the board in this process.
///
/// A transport may lose, change or add bytes; the frames find that out.
pub trait Transport {
    /// The transport's name in messages: a port's path, or the simulated backend.
    fn name(&self) -> String;

    /// Sends all bytes. An error means that the other side is gone for good.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// The next byte from the other side; `None` where none came within `timeout`. With a `timeout` of zero it gives what
    /// has already arrived. An error means that the other side is gone for good.
    ///
    /// A simulation advances while it is waited for, so it decides what a time-out is: a number of its own clock's cycles,
    /// for instance, so that the result does not depend on how fast it is simulated.
    fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>>;
}

/// Makes a pointer to a transport a transport.
macro_rules! pointer {
    ($pointer:ty) => {
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn name(&self) -> String {
                (**self).name()
            }

            fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
                (**self).send(bytes)
            }

            fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>> {
                (**self).receive(timeout)
            }
        }
    };
}
pointer!(Box<T>);
pointer!(&mut T);
