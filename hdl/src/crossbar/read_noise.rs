//! The noise of a read: a xorshift generator of its own for the converters.
//!
//! Latency: 3 cycles, one draw every cycle: the state, the sum of its bytes, their product with the factor.

use engram_spec::crossbar::Noise;

use crate::crossbar::NOISE_BITS;
use crate::prelude::*;

/// The noise of a read.
#[derive(Clone, Debug, Leaf)]
pub struct ReadNoise {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the generator starts from the seed.
    pub clear: Signal<In, Bit>,
    /// The seed.
    pub seed: Signal<In, Bits<32>>,
    /// Whether there is a conversion: the generator advances.
    pub draw: Signal<In, Bit>,
    /// The noise factor of the gate, two cycles after `draw`.
    pub factor: Signal<In, Bits<16>>,
    /// N, signed, three cycles after `draw`.
    pub noise: Signal<Out, Bits<NOISE_BITS>>,
    _generator: Noise,
    _drawn: i64,
    _bytes: i64,
    _evaluation: Evaluation,
}

impl Default for ReadNoise {
    fn default() -> ReadNoise {
        ReadNoise {
            clock: Default::default(),
            clear: Default::default(),
            seed: Default::default(),
            draw: Default::default(),
            factor: Default::default(),
            noise: Default::default(),
            _generator: Noise::new(0),
            _drawn: -510,
            _bytes: 0,
            _evaluation: Evaluation::default(),
        }
    }
}

/// The sum of the bytes of a state, less its mean.
fn bytes_of(state: u64) -> i64 {
    state.to_le_bytes().into_iter().map(i64::from).sum::<i64>() - 510
}

impl Leaf for ReadNoise {
    fn step(&mut self) {
        self.noise.next = bits_of((self._bytes * self.factor.val().to_u64() as i64) >> 8);
        self._bytes = self._drawn;
        if self.clear.val() {
            let seed = self.seed.val().to_u64();
            self._generator = Noise::new(seed as u32);
            self._drawn = bytes_of(seed);
        } else if self.draw.val() {
            self._drawn = self._generator.advance().into();
        }
    }
    fn verilog(&self) -> String {
        // A product with an unsigned factor: the highest bit's share apart, so that both operands are of 16 bits and signed.

        "reg [31:0] state = 0;
reg signed [10:0] bytes = 0;
wire [31:0] left = state ^ (state << 13);
wire [31:0] right = left ^ (left >> 17);
wire signed [25:0] low = bytes * $signed(factor);
wire signed [25:0] high = factor[15] ? {bytes[9:0], 16'b0} : 26'd0;
wire [25:0] product = low + high;
initial noise = 0;
always @(posedge clock) begin
   noise <= product[25:8];
   bytes <= {3'b0, state[7:0]} + {3'b0, state[15:8]} + {3'b0, state[23:16]} + {3'b0, state[31:24]} - 11'd510;
   if (clear) state <= seed;
   else if (draw) state <= right ^ (right << 5);
end"
        .into()
    }
}
