//! A device whose bitstream has a program inside: its memories have the program at switch-on, and a frame that waits there adopts it.

use crc::Crc;
use engram_link::frames::{Item, request};
use engram_spec::Device;
use engram_spec::frame::{CRC, Command};
use engram_spec::machine::Load;

use crate::in_crate::InCrate;
use crate::network::Network;
use crate::simulated::Simulated;

/// The content of the frame that adopts a program, CRC included: its settings, and its hash. The device takes it for the first request.
pub fn adopting_frame(program: &impl Load) -> Vec<u8> {
    let items = [
        Item::new(Command::Begin, &program.settings()).brief(),
        Item::new(Command::Adopt, &program.hash().to_le_bytes()).brief(),
    ];
    let mut content = request(0, &items);
    content.extend(Crc::<u16>::new(&CRC).checksum(&content).to_be_bytes());
    content
}

/// The core of a device with a program inside. What its memories have is what a simulated core has into which the program was
/// loaded, so that it is the same by construction.
///
/// # Panics
/// If the program is none of this size and build, which whoever made it has checked.
pub fn core_with<M: Network>(build: M::Build, program: &M::Program) -> M::Core {
    let geometry = program.geometry();
    let core = InCrate::new(M::core(&geometry, build, false));
    let mut device = Simulated::<M, _>::new(core).unwrap_or_else(|error| panic!("a simulated core: {error}"));
    device.load(program).unwrap_or_else(|error| panic!("a program that was checked: {error}"));
    M::starting(&geometry, build, &adopting_frame(program), device.core().block())
}
