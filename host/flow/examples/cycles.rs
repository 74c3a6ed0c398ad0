//! Compiles a small design with both compilers, sends it bytes, and prints the clock cycles simulated per second.
//!
//!     cargo run --release -p engram-flow --example cycles

use std::error::Error;
use std::time::Instant;

use engram_flow::compiled::{Options, Until};
use engram_flow::{CompiledModel, Compiler, Design, Port};

const CYCLES: u64 = 5_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let ports = |ports: &[(&str, u32)]| ports.iter().map(|&(name, width)| Port::new(name, width)).collect();
    let design = Design {
        verilog: include_str!("../tests/streams.v").to_string(),
        top: "streams".to_string(),
        clock: Some("clock".to_string()),
        inputs: ports(&[("rx_data", 8), ("rx_valid", 1), ("tx_ready", 1)]),
        outputs: ports(&[("rx_ready", 1), ("tx_data", 8), ("tx_valid", 1)]),
    };
    let cache = tempfile::TempDir::new()?;
    for compiler in [Compiler::Verilator, Compiler::Cxxrtl] {
        let start = Instant::now();
        let options = Options { optimise: 2, vcd: false };
        let mut model = match CompiledModel::build(compiler, &design, options, cache.path()) {
            Err(error) if error.is_missing_tool() => {
                println!("{compiler:?}: {error}");
                continue;
            }
            model => model?,
        };
        let compiled = start.elapsed().as_secs_f64();
        let bytes = vec![0x5A; CYCLES as usize];
        let start = Instant::now();
        let exchange = model.exchange(&bytes, Until { max_cycles: CYCLES, idle_cycles: CYCLES, last_byte: None })?;
        let streams = exchange.cycles as f64 / start.elapsed().as_secs_f64() / 1e6;
        let start = Instant::now();
        (0..CYCLES).try_for_each(|_| model.tick())?;
        let ticks = CYCLES as f64 / start.elapsed().as_secs_f64() / 1e6;
        println!(
            "{compiler:?}: compiled in {compiled:.1} s; {streams:.1} M cycles/s with {} bytes received in one call, \
             {ticks:.1} M cycles/s with a call a cycle",
            exchange.received.len()
        );
    }
    Ok(())
}
