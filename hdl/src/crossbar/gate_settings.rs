//! What the columns of a gate have in common: m and s of the converter, its noise factor, and q.
//!
//! | port | width | |
//! |---|---|---|
//! | `write`, `gate`, `value` | 4, 2, 16 | stores `value` as the gate's mantissa, shift, noise factor, scale (from bit 0) |
//! | `convert`, `mantissa`, `noise` | 2, 8, 16 | m and the noise factor of this gate, one cycle later |
//! | `round`, `shift` | 2, 5 | s of this gate, one cycle later |
//! | `sum`, `scale` | 2, 16 | q of this gate, one cycle later |
//!
//! Each is asked for at the stage of the pipeline that needs it.

use crate::leaf;
use crate::prelude::*;

/// The settings of the gates.
#[derive(Clone, Debug, Default)]
pub struct GateMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to store, as which of the four.
    pub write: Signal<In, Bits<4>>,
    /// Of which gate.
    pub gate: Signal<In, Bits<2>>,
    /// What.
    pub value: Signal<In, Bits<16>>,
    /// Whose mantissa and noise factor.
    pub convert: Signal<In, Bits<2>>,
    /// Whose shift.
    pub round: Signal<In, Bits<2>>,
    /// Whose scale.
    pub sum: Signal<In, Bits<2>>,
    /// m.
    pub mantissa: Signal<Out, Bits<8>>,
    /// The noise factor.
    pub noise: Signal<Out, Bits<16>>,
    /// s.
    pub shift: Signal<Out, Bits<5>>,
    /// q.
    pub scale: Signal<Out, Bits<16>>,
    _kept: [[u64; 4]; 4],
    _settled: bool,
    _changed: bool,
}

leaf!(GateMemory { inputs: clock write gate value convert round sum; outputs: mantissa noise shift scale; });

impl Leaf for GateMemory {
    fn step(&mut self) {
        let [convert, round, sum] = [self.convert.val(), self.round.val(), self.sum.val()].map(index);
        self.mantissa.next = (self._kept[0][convert] & 0xff).into();
        self.shift.next = (self._kept[1][round] & 0x1f).into();
        self.noise.next = self._kept[2][convert].into();
        self.scale.next = self._kept[3][sum].into();
        for (kind, kept) in self._kept.iter_mut().enumerate() {
            if self.write.val().get_bit(kind) {
                kept[index(self.gate.val())] = self.value.val().to_u64();
            }
        }
    }
}

impl Logic for GateMemory {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.mantissa.connect();
        self.noise.connect();
        self.shift.connect();
        self.scale.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "reg [7:0] mantissas [0:3];
reg [4:0] shifts [0:3];
reg [15:0] noises [0:3];
reg [15:0] scales [0:3];
always @(posedge clock) begin
   mantissa <= mantissas[convert];
   shift <= shifts[round];
   noise <= noises[convert];
   scale <= scales[sum];
   if (write[0]) mantissas[gate] <= value[7:0];
   if (write[1]) shifts[gate] <= value[4:0];
   if (write[2]) noises[gate] <= value;
   if (write[3]) scales[gate] <= value;
end"
            .into(),
        )
    }
}
