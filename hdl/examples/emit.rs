//! Emit a block as Verilog: `cargo run -p engram-hdl --example emit > core.v`

use engram_hdl::emit::{Way, emit};
use engram_hdl::memnet::core::Core;
use engram_spec::memnet::geometry::TINY;
use engram_spec::memnet::{Addressing, Datapath, Weights};

/// Runs the example.
pub fn main() {
    // A block is made for a size and a datapath. This one is the whole core of a memory network: bytes in, bytes out.
    let datapath = Datapath { addressing: Addressing::Hamming, weights: Weights::Codes };
    let design = emit(Core::new(&TINY, datapath, false), "my_core");
    print!("{}", design.verilog);

    // The design also tells its ports, with widths and directions.
    for port in &design.ports {
        let way = if port.way == Way::In { "in" } else { "out" };
        eprintln!("{way:>3} {:2} bits  {}", port.width, port.name);
    }
    assert!(design.verilog.contains("module my_core("));
    assert!(design.ports.iter().any(|port| port.name == "rx_data" && port.width == 8));
}
