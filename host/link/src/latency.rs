//! Low latency of a serial port: the driver of its USB chip is asked to hand bytes on at once.
//!
//! FTDI chips hold bytes back for 16 ms unless they are told otherwise. Linux' driver sets their timer to 1 ms for a port with the flag
//! ASYNC_LOW_LATENCY, which any user of the port may set; drivers of other chips have the flag too, or refuse it, which does no harm.

use std::io;
use std::os::fd::AsRawFd;

/// Asks the driver of a port for low latency.
#[cfg(target_os = "linux")]
pub(crate) fn lower(port: &impl AsRawFd) -> io::Result<()> {
    use nix::libc::{self, c_char, c_int, c_uchar, c_uint, c_ulong, c_ushort};

    /// `struct serial_struct` of linux/serial.h.
    #[repr(C)]
    struct SerialStruct {
        kind: c_int,
        line: c_int,
        port: c_uint,
        irq: c_int,
        flags: c_int,
        xmit_fifo_size: c_int,
        custom_divisor: c_int,
        baud_base: c_int,
        close_delay: c_ushort,
        io_type: c_char,
        reserved_char: [c_char; 1],
        hub6: c_int,
        closing_wait: c_ushort,
        closing_wait2: c_ushort,
        iomem_base: *mut c_uchar,
        iomem_reg_shift: c_ushort,
        port_high: c_uint,
        iomap_base: c_ulong,
    }
    const ASYNC_LOW_LATENCY: c_int = 1 << 13;

    let (file, succeeded) = (port.as_raw_fd(), |result: c_int| match result {
        0.. => Ok(()),
        _ => Err(io::Error::last_os_error()),
    });
    // SAFETY: the kernel reads and writes the structure that it defines, for a descriptor that is open. Zeros are a value of it.
    unsafe {
        let mut serial: SerialStruct = std::mem::zeroed();
        succeeded(libc::ioctl(file, libc::TIOCGSERIAL, &mut serial))?;
        serial.flags |= ASYNC_LOW_LATENCY;
        succeeded(libc::ioctl(file, libc::TIOCSSERIAL, &serial))
    }
}

/// Other systems have no call for it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lower(_: &impl AsRawFd) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
