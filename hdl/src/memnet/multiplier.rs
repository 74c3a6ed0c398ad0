//! The multiplier of a lane, with its operand registers, their selection, and a product register.
//!
//! Latency: 2 cycles. One MULT18X18D on ECP5, one SB_MAC16 on UP5K (which takes in the registers); where the device has
//! fewer multipliers than lanes, the last lanes' are built of logic.
//!
//! With signs for weights, words and controller are the [`crate::memnet::sign_product`]'s: then both operands are 0, and so is
//! the product.

use engram_spec::memnet::Weights;

use crate::prelude::*;

/// x is the broadcast number.
pub const X_BROADCAST: u64 = 0;
/// x is the position weight.
pub const X_POSITION: u64 = 1;
/// x is the lane's element of u.
pub const X_STATE: u64 = 2;
/// y is the weight just read.
pub const Y_WEIGHT: u64 = 0;
/// y is the slot's code with its age word.
pub const Y_SLOT: u64 = 1;
/// y is the normalised sum of products.
pub const Y_NORMALISED: u64 = 2;
/// y is o.
pub const Y_READ: u64 = 3;

/// Whether a product with a weight of A, B, C or H is asked for, which may be a sign: x is not u, as it is for W.
pub fn by_sign(x_select: u64, y_select: u64) -> bool {
    y_select == Y_WEIGHT && x_select != X_STATE
}

/// The multiplier of a lane.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Multiplier {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The first operand x: 0 `broadcast`, 1 the kept position weight, 2 `state`.
    pub x_select: Signal<In, Bits<2>>,
    /// The second operand y: 0 `weight`, 1 `slot`, 2 `normalised`, 3 `read`.
    pub y_select: Signal<In, Bits<2>>,
    /// The number for all lanes, signed: e_i, u_k, a reciprocal or a power of two.
    pub broadcast: Signal<In, Bits<16>>,
    /// u_e, a code.
    pub state: Signal<In, Bits<8>>,
    /// The code that was read from the weight memory.
    pub weight: Signal<In, Bits<8>>,
    /// Whether `weight` is kept as the position weight of the next word.
    pub position_load: Signal<In, Bit>,
    /// c_ie with its age word, a code.
    pub slot: Signal<In, Bits<8>>,
    /// The normalised sum of products.
    pub normalised: Signal<In, Bits<16>>,
    /// o_e, a code.
    pub read: Signal<In, Bits<8>>,
    /// x y, signed, two cycles after the selection.
    pub product: Signal<Out, Bits<32>>,
    _of_logic: bool,
    _weights: Weights,
    _position: i64,
    _x: i64,
    _y: i64,
    _evaluation: Evaluation,
}

impl Multiplier {
    /// A multiplier of the device's own, or one of logic, for weights of this kind.
    pub fn new(of_logic: bool, weights: Weights) -> Multiplier {
        Multiplier { _of_logic: of_logic, _weights: weights, ..Default::default() }
    }
}

impl Leaf for Multiplier {
    fn step(&mut self) {
        self.product.next = bits_of(self._x * self._y);
        let (x_select, y_select) = (self.x_select.val().to_u64(), self.y_select.val().to_u64());
        let rests = self._weights == Weights::Signs && by_sign(x_select, y_select);
        self._x = match x_select {
            _ if rests => 0,
            X_POSITION => self._position,
            X_STATE => signed(self.state.val()),
            _ => signed(self.broadcast.val()),
        };
        self._y = match y_select {
            _ if rests => 0,
            Y_SLOT => signed(self.slot.val()),
            Y_NORMALISED => signed(self.normalised.val()),
            Y_READ => signed(self.read.val()),
            _ => signed(self.weight.val()),
        };
        if self._weights == Weights::Codes && self.position_load.val() {
            self._position = signed(self.weight.val());
        }
    }
    fn verilog(&self) -> String {
        // Written as a sum of partial products, a multiplication is not taken for one. Two bits of x and the one below them make a digit
        // from -2 to 2 (Booth): half as many terms; the complement of a negative one lacks a 1, which the last term adds.
        let (digits, product) = if self._of_logic {
            let digit = |k: usize| {
                let below = if k == 0 { "1'b0".to_string() } else { format!("x[{}]", 2 * k - 1) };
                let (high, low) = (2 * k + 1, 2 * k);
                format!(
                    "wire [2:0] code_{k} = {{x[{high}], x[{low}], {below}}};
wire [16:0] digit_{k} = {{17{{code_{k}[2]}}}} ^ (code_{k} == 3 | code_{k} == 4 ? {{y, 1'b0}} : ^code_{k}[1:0] ? {{y[15], y}} : 17'd0);
"
                )
            };
            let term = |k: usize| format!("({{{{15{{digit_{k}[16]}}}}, digit_{k}}} << {})", 2 * k);
            let ones: Vec<String> = (0..8).rev().map(|k| format!("x[{}]", 2 * k + 1)).collect();
            let terms: Vec<String> = (0..8).map(term).chain([format!("{{{}}}", ones.join(", 1'b0, "))]).collect();
            ((0..8).map(digit).collect(), terms.join(" + "))
        } else {
            (String::new(), "x * y".to_string())
        };
        // Beside signs the multiplier has nothing to do with a word; position weights are kept elsewhere.
        let (rests, keeps) = match self._weights {
            Weights::Codes => ("1'b0", "if (position_load) position <= weight;"),
            Weights::Signs => ("(y_select == 0) & (x_select != 2)", ""),
        };
        format!(
            "reg signed [7:0] position = 0;
reg signed [15:0] x = 0;
reg signed [15:0] y = 0;
wire rests = {rests};
{digits}initial product = 0;
always @(posedge clock) begin
   product <= {product};
   case (x_select)
      1: x <= {{{{8{{position[7]}}}}, position}};
      2: x <= {{{{8{{state[7]}}}}, state}};
      default: x <= broadcast;
   endcase
   case (y_select)
      1: y <= {{{{8{{slot[7]}}}}, slot}};
      2: y <= normalised;
      3: y <= {{{{8{{read[7]}}}}, read}};
      default: y <= {{{{8{{weight[7]}}}}, weight}};
   endcase
   {keeps}
   if (rests) begin
      x <= 0;
      y <= 0;
   end
end"
        )
    }
}
