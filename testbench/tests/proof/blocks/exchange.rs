//! Bytes to a core beside its Verilog, and the bytes that come back.

use std::collections::VecDeque;

use engram_hdl::prelude::Cycle;
use engram_testbench::block::Twin;
use engram_testbench::in_crate::ByteStream;
use engram_testbench::network::SerialLines;
use rand::Rng;

/// Sends bytes to a core, with gaps on both sides, until as many bytes came back as are expected, and a little longer.
pub fn exchange<B: Cycle + ByteStream>(
    twin: &mut Twin<B>,
    bytes: &[u8],
    expected: usize,
    rng: &mut impl Rng,
) -> Vec<u8> {
    let (mut outgoing, mut received) = (VecDeque::from(bytes.to_vec()), Vec::new());
    let (mut after, limit) = (0, twin.cycles() + 60_000);
    while after < 40 {
        let (offer, takes) = (outgoing.front().copied().filter(|_| rng.random_ratio(7, 8)), rng.random_ratio(3, 4));
        let block = twin.settle(|block| block.offer(offer, takes)).unwrap();
        if block.is_ready() && offer.is_some() {
            outgoing.pop_front();
        }
        received.extend(block.sent().filter(|_| takes));
        twin.edge();
        after += u32::from(outgoing.is_empty() && received.len() >= expected);
        assert!(twin.cycles() < limit, "{} bytes of {expected} came back", received.len());
    }
    received
}

/// The levels of a byte on the line, `bit` cycles each: start bit, data from the lowest, stop bit.
pub fn levels(byte: u8, bit: f64, stop: bool) -> Vec<bool> {
    let bits = std::iter::once(false).chain((0..8).map(|place| byte >> place & 1 == 1)).chain([stop]);
    let bits: Vec<bool> = bits.collect();
    (0..(10.0 * bit).round() as usize).map(|cycle| bits[((cycle as f64 / bit) as usize).min(9)]).collect()
}

/// Sends bytes over a board's serial lines, bits of so many cycles, and gives as many bytes as are expected back.
pub fn exchange_on_lines<B: Cycle + SerialLines>(
    twin: &mut Twin<B>,
    bytes: &[u8],
    expected: usize,
    cycles_per_bit: u32,
) -> Vec<u8> {
    let mut line: VecDeque<bool> = bytes.iter().flat_map(|&byte| levels(byte, cycles_per_bit.into(), true)).collect();
    // The bits of the byte that is coming, a level a cycle.
    let (mut coming, mut received) = (Vec::new(), Vec::new());
    let limit = twin.cycles() + 20_000;
    while received.len() < expected {
        let level = line.pop_front().unwrap_or(true);
        let uart_tx = twin.cycle(|block| block.drive(level)).unwrap().level();
        if !coming.is_empty() || !uart_tx {
            coming.push(uart_tx);
        }
        if coming.len() == 10 * cycles_per_bit as usize {
            let middle = |bit: u32| coming[(cycles_per_bit * (bit + 1) + cycles_per_bit / 2) as usize];
            received.push((0..8).map(|bit| u8::from(middle(bit)) << bit).sum::<u8>());
            coming.clear();
        }
        assert!(twin.cycles() < limit, "{} bytes of {expected} came back", received.len());
    }
    received
}
