//! Bitstreams: the FPGA that one is made for, read from its own bytes.
//!
//! An ECP5 has a number in JTAG, its idcode, and a bitstream has it in its command VERIFY_ID: the FPGA refuses another's. An iCE40 has
//! nothing like it, and a bitstream for another size leaves it dead; but the size of its configuration memory is in the bitstream.

use std::fmt;

use crate::board::{Family, Part};

/// The FPGA that a bitstream is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An ECP5 with this idcode.
    Ecp5(u32),
    /// An iCE40 whose configuration memory has banks of this width and height, in bits.
    Ice40([u16; 2]),
}

/// The ECP5s: nextpnr's name, the name on the chip, the idcode. The 12F is the 25F's die with an idcode of its own.
const ECP5: [(&str, &str, u32); 10] = [
    ("12k", "LFE5U-12F", 0x2111_1043),
    ("25k", "LFE5U-25F", 0x4111_1043),
    ("45k", "LFE5U-45F", 0x4111_2043),
    ("85k", "LFE5U-85F", 0x4111_3043),
    ("um-25k", "LFE5UM-25F", 0x0111_1043),
    ("um-45k", "LFE5UM-45F", 0x0111_2043),
    ("um-85k", "LFE5UM-85F", 0x0111_3043),
    ("um5g-25k", "LFE5UM5G-25F", 0x8111_1043),
    ("um5g-45k", "LFE5UM5G-45F", 0x8111_2043),
    ("um5g-85k", "LFE5UM5G-85F", 0x8111_3043),
];

/// The iCE40s: nextpnr's name, the name on the chip, the size of a bank. The 4K parts are the 8K's die.
const ICE40: [(&str, &str, [u16; 2]); 10] = [
    ("up5k", "iCE40 UP5K", [692, 336]),
    ("u4k", "iCE5LP4K", [692, 176]),
    ("lp384", "iCE40 LP384", [182, 80]),
    ("lp1k", "iCE40 LP1K", [332, 144]),
    ("hx1k", "iCE40 HX1K", [332, 144]),
    ("lp8k", "iCE40 LP8K", [872, 272]),
    ("hx8k", "iCE40 HX8K", [872, 272]),
    ("lp4k", "iCE40 LP4K", [872, 272]),
    ("hx4k", "iCE40 HX4K", [872, 272]),
    ("u2k", "iCE5LP2K", [692, 176]),
];

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = match *self {
            Target::Ecp5(idcode) => ECP5.iter().find(|(_, _, known)| *known == idcode).map(|(_, name, _)| *name),
            Target::Ice40(size) => ICE40.iter().find(|(_, _, known)| *known == size).map(|(_, name, _)| *name),
        };
        match (named, *self) {
            (Some(name), Target::Ecp5(idcode)) => write!(f, "{name} (idcode {idcode:#010x})"),
            (Some(name), Target::Ice40(_)) => f.write_str(name),
            (None, Target::Ecp5(idcode)) => write!(f, "FPGA with idcode {idcode:#010x}"),
            (None, Target::Ice40([width, height])) => write!(f, "iCE40 with banks of {width} x {height} bits"),
        }
    }
}

impl Target {
    /// The FPGA of a part; `None` for a part that has none of the known names.
    pub fn of(part: &Part) -> Option<Target> {
        match part.family {
            Family::Ecp5 => ECP5.iter().find(|(device, ..)| *device == part.device).map(|found| Target::Ecp5(found.2)),
            Family::Ice40 => {
                ICE40.iter().find(|(device, ..)| *device == part.device).map(|found| Target::Ice40(found.2))
            }
        }
    }

    /// The name that nextpnr has for the FPGA; `None` where it is not known.
    pub fn device(&self) -> Option<&'static str> {
        match self {
            Target::Ecp5(idcode) => ECP5.iter().find(|(_, _, known)| known == idcode).map(|(device, ..)| *device),
            Target::Ice40(size) => ICE40.iter().find(|(_, _, known)| known == size).map(|(device, ..)| *device),
        }
    }

    /// The FPGA that a bitstream is made for; `None` where the bytes are no bitstream of an ECP5 or an iCE40.
    pub fn read(bitstream: &[u8]) -> Option<Target> {
        ecp5(bitstream).map(Target::Ecp5).or_else(|| ice40(bitstream).map(Target::Ice40))
    }
}

/// Bytes in which a bitstream's preamble is looked for: a comment may stand before it.
const HEAD: usize = 4096;

/// The bytes behind a preamble.
fn behind<'a>(bitstream: &'a [u8], preamble: &[u8]) -> Option<&'a [u8]> {
    let head = &bitstream[..bitstream.len().min(HEAD)];
    let start = head.windows(preamble.len()).position(|window| window == preamble)?;
    Some(&bitstream[start + preamble.len()..])
}

/// The idcode in an ECP5's bitstream: of the command VERIFY_ID (e2, three bytes of operands, four of the idcode, the highest first).
fn ecp5(bitstream: &[u8]) -> Option<u32> {
    let mut rest = behind(bitstream, &[0xff, 0xff, 0xbd, 0xb3])?;
    loop {
        match *rest {
            [0xff, ref after @ ..] => rest = after,
            // The CRC begins anew.
            [0x3b, _, _, _, ref after @ ..] => rest = after,
            [0xe2, _, _, _, a, b, c, d, ..] => return Some(u32::from_be_bytes([a, b, c, d])),
            _ => return None,
        }
    }
}

/// The size of a bank in an iCE40's bitstream: commands have their number in the upper four bits, and in the lower ones how many bytes
/// follow. 6 sets the width less 1, 7 the height; the bank's data follow the command 0 with the payload 1.
fn ice40(bitstream: &[u8]) -> Option<[u16; 2]> {
    let mut rest = behind(bitstream, &[0x7e, 0xaa, 0x99, 0x7e])?;
    let (mut width, mut height) = (None, None);
    loop {
        let (&command, after) = rest.split_first()?;
        let payload = after.get(..usize::from(command & 0xf))?;
        let number = payload.iter().fold(0u32, |number, &byte| number << 8 | u32::from(byte)) as u16;
        match command >> 4 {
            6 => width = Some(number.wrapping_add(1)),
            7 => height = Some(number),
            0 if payload == [1] => return Some([width?, height?]),
            _ => {}
        }
        rest = &after[payload.len()..];
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::board::Board;

    /// The beginning of what ecppack writes for an ECP5, with a comment before it, and this idcode.
    pub(crate) fn of_ecp5(idcode: u32) -> Vec<u8> {
        let comment = b"\xff\x00Part: LFE5U\x00\xff";
        let reset = [0x3b, 0, 0, 0];
        let head: [&[u8]; 6] =
            [comment, &[0xff, 0xff, 0xbd, 0xb3], &[0xff; 4], &reset, &[0xe2, 0, 0, 0], &idcode.to_be_bytes()];
        [&head.concat()[..], &[0x22, 0, 0, 0, 0x40, 0, 0, 0]].concat()
    }

    /// The beginning of what icepack writes for an iCE40 with banks of this size.
    pub(crate) fn of_ice40([width, height]: [u16; 2]) -> Vec<u8> {
        let (width, height) = ((width - 1).to_be_bytes(), height.to_be_bytes());
        let head: [&[u8]; 3] = [
            &[0xff, 0x00, 0x00, 0xff, 0x7e, 0xaa, 0x99, 0x7e, 0x51, 0x00, 0x01, 0x05, 0x92, 0x00, 0x20],
            &[0x62, width[0], width[1], 0x72, height[0], height[1], 0x82, 0x00, 0x00, 0x11, 0x00],
            &[0x01, 0x01, 0x00, 0x00],
        ];
        head.concat()
    }

    #[test]
    fn bitstreams_say_what_they_are_for() {
        for (device, name, idcode) in ECP5 {
            let target = Target::read(&of_ecp5(idcode)).unwrap();
            assert_eq!((target, target.device()), (Target::Ecp5(idcode), Some(device)));
            assert_eq!(target.to_string(), format!("{name} (idcode {idcode:#010x})"));
        }
        for (_, _, size) in ICE40 {
            assert_eq!(Target::read(&of_ice40(size)), Some(Target::Ice40(size)));
        }
        assert_eq!(Target::Ice40([692, 336]).to_string(), "iCE40 UP5K");
        assert_eq!(Target::Ecp5(0x1040_8043).to_string(), "FPGA with idcode 0x10408043");
    }

    #[test]
    fn what_is_no_bitstream_says_nothing() {
        let (whole, small) = (of_ecp5(0x4111_1043), of_ice40([692, 336]));
        for torn in (0..whole.len() - 8).map(|end| &whole[..end]).chain((0..small.len() - 2).map(|end| &small[..end])) {
            assert_eq!(Target::read(torn), None, "{torn:02x?}");
        }
        assert_eq!(Target::read(b"{\"board\": \"ulx3s-25f\"}"), None);
        assert_eq!(Target::read(&[0xff; 10_000]), None);
    }

    #[test]
    fn the_fpga_of_every_board_is_known() {
        for name in Board::names() {
            let part = Board::named(name).unwrap().part;
            assert_eq!(Target::of(&part).and_then(|target| target.device()), Some(part.device.as_str()), "{name}");
        }
    }
}
