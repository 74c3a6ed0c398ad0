//! How fast the backends of the 32-lane preset are simulated: clock cycles for a second of processor time, all in one run.
//!
//! `cargo run --release --package engram-testbench --example speed`, with `--json` for `make bench`. The core is asked
//! questions without rest about a story of ten sentences, so most cycles are those of the engine at work.

use std::path::Path;

use engram_flow::compiled::Compiler;
use engram_spec::Device;
use engram_spec::memnet::geometry::ECP5_25F;
use engram_spec::memnet::{Datapath, Memnet, Program, Requests, Settings};
use engram_testbench::Network;
use engram_testbench::compiled::{Compiled, Form};
use engram_testbench::in_crate::InCrate;
use engram_testbench::memnet::MemnetTracer;
use engram_testbench::simulated::{Core, Simulated, Watch};
use nix::sys::resource::{UsageWho, getrusage};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Processor time of this process so far, in seconds.
fn processor_seconds() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).map_or(0.0, |usage| {
        let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
        seconds(usage.user_time()) + seconds(usage.system_time())
    })
}

/// A program of random codes for 20 words and 3 hops.
fn program(rng: &mut impl Rng) -> Program {
    let settings = Settings {
        hops: 3,
        words: 20,
        answers: 20,
        memory_a: 6,
        memory_c: 6,
        question: 6,
        score: 3,
        centre: 0,
        padding: 0,
        align: 5,
        controller: 5,
        graded: 0,
        adjacent: 0,
        slots: ECP5_25F.slots as u8,
    };
    let mut program = Program::zeroed(ECP5_25F, Datapath::default(), settings);
    for tensor in program.embeddings.iter_mut().chain([&mut program.h]) {
        tensor.fill_with(|| rng.random_range(-127..=127));
    }
    program
}

/// The result of simulating a backend.
#[derive(serde::Serialize)]
struct Speed {
    name: &'static str,
    cycles_a_second: Option<f64>,
    /// Why it was not measured.
    left_out: Option<String>,
}

/// Asks until so many cycles are simulated. Gives cycles a second.
fn measure<C: Core>(core: C, cycles: u64) -> Result<f64, Box<dyn std::error::Error>>
where
    MemnetTracer: Watch<C>,
{
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let mut device = Simulated::<Memnet, _>::new(core)?;
    device.load(&program(rng))?;
    let words = |rng: &mut ChaCha8Rng| -> Vec<u8> { (0..6).map(|_| rng.random_range(0..20)).collect() };
    for _ in 0..10 {
        device.sentence(&words(rng))?;
    }
    let (first_cycle, start) = (device.cycles(), processor_seconds());
    while device.cycles() - first_cycle < cycles {
        device.question(&words(rng))?;
    }
    Ok((device.cycles() - first_cycle) as f64 / (processor_seconds() - start))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let measured = |name, rate| Speed { name, cycles_a_second: Some(rate), left_out: None };
    let in_crate = measure(InCrate::new(Memnet::core(&ECP5_25F, Datapath::default(), false)), 300_000)?;
    let mut speeds = vec![measured("in-crate", in_crate)];
    let cache = Path::new("build/compiled");
    for (compiler, name) in [(Compiler::Verilator, "verilator"), (Compiler::Cxxrtl, "cxxrtl")] {
        speeds.push(
            match Compiled::new::<Memnet>(Form::Verilog(compiler), &ECP5_25F, Datapath::default(), [false; 2], cache) {
                Ok(core) => measured(name, measure(core, 5_000_000)?),
                Err(error) => Speed { name, cycles_a_second: None, left_out: Some(error.to_string()) },
            },
        );
    }
    if std::env::args().any(|argument| argument == "--json") {
        println!("{}", serde_json::to_string(&speeds)?);
        return Ok(());
    }
    println!("preset {}, {} lanes, clock cycles for a second of processor time", ECP5_25F.name, ECP5_25F.lanes);
    for Speed { name, cycles_a_second, left_out } in &speeds {
        match cycles_a_second {
            Some(rate) => println!("{name:<12} {rate:>12.0} cycles/s, {:.1} times in-crate", rate / in_crate),
            None => println!("{name:<12} left out: {}", left_out.as_deref().unwrap_or_default()),
        }
    }
    Ok(())
}
