//! The multiplier of a lane of the crossbar: a row's code times its weight, with operand registers and a product register.
//!
//! Latency: 2 cycles. Where the device has no multiplier left it is built of logic, which for weights of 4 bits is small.

use engram_spec::crossbar::Geometry;

use crate::prelude::*;

/// The row's DAC code is multiplied.
pub const CODE: u64 = 1;
/// The row's readout code is multiplied.
pub const READOUT: u64 = 2;

/// The multiplier of a lane of the crossbar.
#[derive(Clone, Debug, Default, Leaf)]
pub struct RowProduct {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The code that is multiplied: 0 nothing, 1 the DAC code, 2 the readout's.
    pub select: Signal<In, Bits<2>>,
    /// The row's DAC code in the low byte, its readout code in the high one.
    pub row: Signal<In, Bits<16>>,
    /// The weight, in the low 4 bits or in all 8.
    pub weight: Signal<In, Bits<8>>,
    /// The product, signed, two cycles later.
    pub product: Signal<Out, Bits<16>>,
    _weight_bits: u32,
    _of_logic: bool,
    _x: i64,
    _y: i64,
    _evaluation: Evaluation,
}

impl RowProduct {
    /// A multiplier for the geometry's weights, of the device's own or of logic.
    pub fn new(size: &Geometry, of_logic: bool) -> RowProduct {
        RowProduct { _weight_bits: size.weight_bits.into(), _of_logic: of_logic, ..Default::default() }
    }
}

impl Leaf for RowProduct {
    fn step(&mut self) {
        self.product.next = bits_of(self._x * self._y);
        let row = self.row.val().to_u64();
        self._x = match self.select.val().to_u64() {
            CODE => i64::from(row as i8),
            READOUT => i64::from((row >> 8) as i8),
            _ => 0,
        };
        let above = 8 - self._weight_bits;
        self._y = i64::from(((self.weight.val().to_u64() << above) as i8) >> above);
    }
    fn verilog(&self) -> String {
        let top = self._weight_bits - 1;
        // Written as a sum of partial products, a multiplication is not taken for one.
        let product = if self._of_logic {
            let partials: Vec<String> = (0..top).map(|bit| format!("(y[{bit}] ? wide << {bit} : 16'd0)")).collect();
            format!("{} - (y[{top}] ? wide << {top} : 16'd0)", partials.join(" + "))
        } else {
            "x * y".to_string()
        };
        format!(
            "reg signed [7:0] x = 0;
reg signed [{top}:0] y = 0;
wire [15:0] wide = {{{{8{{x[7]}}}}, x}};
initial product = 0;
always @(posedge clock) begin
   product <= {product};
   case (select)
      1: x <= row[7:0];
      2: x <= row[15:8];
      default: x <= 0;
   endcase
   y <= weight[{top}:0];
end"
        )
    }
}
