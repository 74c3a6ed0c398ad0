//! The settings that the columns of a gate have in common: m and s of the converter, its noise factor, and q.
//!
//! A setting is asked for at the stage of the pipeline that needs it.

use crate::prelude::*;

/// The settings of the gates.
#[derive(Clone, Debug, Default, Leaf)]
pub struct GateMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether `value` is stored, as mantissa, shift, noise factor or scale (from bit 0).
    pub write: Signal<In, Bits<4>>,
    /// The gate whose setting is stored.
    pub gate: Signal<In, Bits<2>>,
    /// The setting to be stored.
    pub value: Signal<In, Bits<16>>,
    /// The gate whose mantissa and noise factor are read.
    pub convert: Signal<In, Bits<2>>,
    /// The gate whose shift is read.
    pub round: Signal<In, Bits<2>>,
    /// The gate whose scale is read.
    pub sum: Signal<In, Bits<2>>,
    /// m of the gate `convert`.
    pub mantissa: Signal<Out, Bits<8>>,
    /// The noise factor of the gate `convert`.
    pub noise: Signal<Out, Bits<16>>,
    /// s of the gate `round`.
    pub shift: Signal<Out, Bits<5>>,
    /// q of the gate `sum`.
    pub scale: Signal<Out, Bits<16>>,
    _kept: [[u64; 4]; 4],
    _evaluation: Evaluation,
}

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
    fn verilog(&self) -> String {
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
        .into()
    }
}
