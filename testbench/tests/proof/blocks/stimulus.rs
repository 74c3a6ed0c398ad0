//! Stimuli of the blocks: random values, corner values frequent among them.

use std::path::PathBuf;

use engram_hdl::prelude::{Bits, Cycle};
use engram_spec::memnet::geometry::Region;
use engram_spec::memnet::{Addressing, Datapath, Geometry, Program, Settings, Weights};
use engram_testbench::block::{Difference, Twin};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Whether a block and its Verilog did the same.
pub type Compared = Result<(), Box<Difference>>;

/// A block beside its Verilog. Compiled models are kept between runs.
pub fn twin<B: Cycle>(make: impl Fn() -> B, top: &str) -> Twin<B> {
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    Twin::new(make, top, &cache).unwrap_or_else(|error| panic!("{top}: {error}"))
}

/// A generator whose numbers are the same in every run.
pub fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A value of `N` bits: each fourth one a corner (0, 1, -1, the largest and smallest signed, alternating bits).
pub fn draw<const N: usize>(rng: &mut impl Rng) -> Bits<N> {
    let mask = u64::MAX >> (64 - N);
    let top = 1 << (N - 1);
    let corners = [0, 1, mask, top - 1, top, 0x5555_5555_5555_5555 & mask, 0xaaaa_aaaa_aaaa_aaaa & mask];
    let value = if rng.random_ratio(1, 4) { corners[rng.random_range(0..corners.len())] } else { rng.random() };
    Bits::from(value & mask)
}

/// A number below `limit` as a value of `N` bits.
pub fn below<const N: usize>(rng: &mut impl Rng, limit: usize) -> Bits<N> {
    Bits::from(rng.random_range(0..limit as u64))
}

/// A program of random codes; shifts such that neither everything saturates nor everything vanishes.
pub fn random_program(rng: &mut impl Rng, geometry: Geometry, datapath: impl Into<Datapath>) -> Program {
    let Datapath { addressing, weights } = datapath.into();
    let graded = u8::from(addressing != Addressing::Dot && rng.random());
    let adjacent = u8::from(weights == Weights::Codes && graded == 0 && rng.random());
    let hops = rng.random_range(1..=4);
    let memories = if adjacent == 1 { usize::from(hops) + 1 } else { 2 };
    let words = rng.random_range(2..=geometry.words.min(12)) as u8;
    let settings = Settings {
        hops,
        words,
        answers: rng.random_range(1..=words),
        memory_a: rng.random_range(0..=9),
        memory_c: rng.random_range(0..=9),
        question: rng.random_range(0..=9),
        score: if addressing == Addressing::Dot { rng.random_range(4..=9) } else { rng.random_range(0..=4) },
        centre: if rng.random() { 0 } else { rng.random_range(0..=80) },
        padding: if rng.random() { 0 } else { rng.random_range(0..geometry.elements) as u8 },
        align: rng.random_range(graded..=9),
        controller: rng.random_range(2 * graded..=10),
        graded,
        adjacent,
        slots: rng.random_range(1..=geometry.ring(memories)) as u8,
    };
    let mut program = Program::zeroed(geometry, Datapath { addressing, weights }, settings);
    for region in Region::ALL {
        let most = weights.largest(region);
        program.tensor_mut(region).fill_with(|| rng.random_range(-most..=most));
    }
    program.validate().expect("a program that can be loaded");
    program
}

/// One to `positions` words of a program's vocabulary.
pub fn random_words(rng: &mut impl Rng, program: &Program) -> Vec<u8> {
    let length = rng.random_range(1..=program.geometry.positions);
    (0..length).map(|_| rng.random_range(0..program.settings.words)).collect()
}
