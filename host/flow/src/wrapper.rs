//! The module around the design of a board: a PLL that multiplies the oscillator's frequency, with a gate that opens when it has locked;
//! LEDs and a button of either level, where the board has them; pins that are to have a level.
//!
//! The lamps: `led` while a program is loaded, `led_error` while the last request was damaged or refused, `led_alive` blinks as the
//! design's clock runs.
//!
//! The design is the module below. Simulators compile that module alone, so they need no model of a PLL. ECP5: EHXPLLL and DCCA
//! (Lattice FPGA-TN-02200); iCE40: SB_PLL40_PAD, an enable that changes at falling edges, and a global buffer (FPGA-TN-02052).

use crate::board::{Board, Family};

/// The module around the design.
pub const TOP: &str = "engram_board";

/// The name of the design's instance in [`TOP`].
pub(crate) const INSTANCE: &str = "design";

/// The net of the design's clock in [`TOP`].
pub const CLOCK: &str = "engram_clock";

/// The divisors of a PLL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divisors {
    /// EHXPLLL: CLKI_DIV, CLKOP_DIV, CLKOS_DIV. CLKOP is fed back, so that the oscillator within runs at the input by CLKI_DIV times
    /// CLKOP_DIV; CLKOS, a part of that, is the output.
    Ecp5([u32; 3]),
    /// SB_PLL40_PAD: DIVR, DIVF, DIVQ, FILTER_RANGE. The output is the input by DIVR + 1 times DIVF + 1 by 2^DIVQ.
    Ice40([u32; 4]),
}

impl Divisors {
    /// Divisors that make one frequency of another exactly, in MHz; `None` where there are none. The phase detector runs as fast as it
    /// can, for the least jitter.
    pub fn of(family: Family, oscillator_mhz: f64, clock_mhz: f64) -> Option<Divisors> {
        match family {
            Family::Ecp5 => ecp5(oscillator_mhz, clock_mhz),
            Family::Ice40 => ice40(oscillator_mhz, clock_mhz),
        }
    }
}

/// Phase detector of 10 to 400 MHz, oscillator of 400 to 800 MHz.
fn ecp5(oscillator: f64, clock: f64) -> Option<Divisors> {
    let detector = |input: u32| oscillator / f64::from(input);
    let inputs = (1..=128).filter(|&input| (10.0..=400.0).contains(&detector(input)));
    let pairs = inputs.flat_map(|input| (1..=128).map(move |feedback| (input, feedback)));
    let found = pairs.filter_map(|(input, feedback)| {
        let within = detector(input) * f64::from(feedback);
        let output = within / clock;
        let exact = (output - output.round()).abs() < 1e-9 && (1.0..=128.0).contains(&output.round());
        let middle = (within - 600.0).abs();
        ((400.0..=800.0).contains(&within) && exact).then_some((
            input,
            middle,
            [input, feedback, output.round() as u32],
        ))
    });
    let best = found.min_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    best.map(|(.., divisors)| Divisors::Ecp5(divisors))
}

/// Phase detector of 10 to 133 MHz, oscillator of 533 to 1066 MHz, output of 16 to 275 MHz.
fn ice40(oscillator: f64, clock: f64) -> Option<Divisors> {
    for reference in 0..16 {
        let detector = oscillator / f64::from(reference + 1);
        if !(10.0..=133.0).contains(&detector) || !(16.0..=275.0).contains(&clock) {
            continue;
        }
        for output in 1..=6 {
            let vco = clock * f64::from(1 << output);
            let feedback = vco / detector;
            if (533.0..=1066.0).contains(&vco)
                && (feedback.round() - feedback).abs() < 1e-9
                && (1.0..=128.0).contains(&feedback)
            {
                let filter =
                    [17.0, 26.0, 44.0, 66.0, 101.0].iter().take_while(|&&most| detector >= most).count() as u32 + 1;
                return Some(Divisors::Ice40([reference, feedback.round() as u32 - 1, output, filter]));
            }
        }
    }
    None
}

/// The ports that a board may have: a button, and two lamps more.
pub const OPTIONAL: [&str; 3] = ["button", "led_error", "led_alive"];

/// The Verilog of [`TOP`] around the module `design`.
pub fn verilog(board: &Board, design: &str) -> String {
    let clock = clock(board).unwrap_or_else(|| format!("   assign {CLOCK} = clock;\n"));
    let [button, error, alive] = OPTIONAL.map(|port| board.has_pin(port));
    let mut ports: String = board.tied.keys().map(|port| format!(", output {port}")).collect();
    let mut levels: String =
        board.tied.iter().map(|(port, level)| format!("   assign {port} = 1'b{};\n", u8::from(*level))).collect();
    let lit = if board.led_active_low { "~" } else { "" };
    if error {
        ports += ", output led_error";
        levels += &format!("   assign led_error = {lit}refused;\n");
    }
    if alive {
        // The highest bit changes about once a second.
        let top = (board.clock_mhz * 1e6).log2() as u32;
        ports += ", output led_alive";
        levels += &format!("   reg [{top}:0] beats = 0;\n   always @(posedge {CLOCK}) beats <= beats + 1;\n");
        levels += &format!("   assign led_alive = {lit}beats[{top}];\n");
    }
    if button {
        // Pressed is what is so for four cycles: a disturbance is shorter.
        let level = if board.button_active_low { "~" } else { "" };
        ports += ", input button";
        levels += "   reg [3:0] pressed = 0;\n";
        levels += &format!("   always @(posedge {CLOCK}) pressed <= {{pressed[2:0], {level}button}};\n");
    }
    let reset = if button { "&pressed" } else { "1'b0" };
    format!(
        "// What the board {} has around the design.
module {TOP} (input clock, input uart_rx, output uart_tx, output led{ports});
   wire {CLOCK}, loaded, refused;
{clock}{levels}   assign led = {lit}loaded;
   {design} {INSTANCE} (.clock({CLOCK}), .reset({reset}), .uart_rx(uart_rx), .uart_tx(uart_tx), .led(loaded), .led_error(refused));
endmodule
",
        board.name
    )
}

/// The Verilog that makes the clock; `None` where the design runs at the oscillator's frequency.
fn clock(board: &Board) -> Option<String> {
    let Board { oscillator_mhz, clock_mhz, .. } = *board;
    let divisors =
        (oscillator_mhz != clock_mhz).then(|| Divisors::of(board.part.family, oscillator_mhz, clock_mhz))??;
    Some(match divisors {
        Divisors::Ecp5([input, feedback, output]) => format!(
            "   // {oscillator_mhz} MHz to {clock_mhz} MHz, from when the PLL has locked.
   wire returned, multiplied, locked;
   (* FREQUENCY_PIN_CLKI=\"{oscillator_mhz}\" *) (* FREQUENCY_PIN_CLKOP=\"{detector}\" *) (* FREQUENCY_PIN_CLKOS=\"{clock_mhz}\" *)
   (* ICP_CURRENT=\"12\" *) (* LPF_RESISTOR=\"8\" *) (* MFG_ENABLE_FILTEROPAMP=\"1\" *) (* MFG_GMCREF_SEL=\"2\" *)
   EHXPLLL #(
      .PLLRST_ENA(\"DISABLED\"), .INTFB_WAKE(\"DISABLED\"), .STDBY_ENABLE(\"DISABLED\"), .DPHASE_SOURCE(\"DISABLED\"),
      .OUTDIVIDER_MUXA(\"DIVA\"), .OUTDIVIDER_MUXB(\"DIVB\"), .OUTDIVIDER_MUXC(\"DIVC\"), .OUTDIVIDER_MUXD(\"DIVD\"),
      .CLKI_DIV({input}), .CLKFB_DIV(1), .FEEDBK_PATH(\"CLKOP\"),
      .CLKOP_ENABLE(\"ENABLED\"), .CLKOP_DIV({feedback}), .CLKOP_CPHASE({}), .CLKOP_FPHASE(0),
      .CLKOS_ENABLE(\"ENABLED\"), .CLKOS_DIV({output}), .CLKOS_CPHASE({}), .CLKOS_FPHASE(0)
   ) pll (
      .RST(1'b0), .STDBY(1'b0), .CLKI(clock), .CLKFB(returned), .CLKOP(returned), .CLKOS(multiplied), .LOCK(locked),
      .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1),
      .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0)
   );
   DCCA gate (.CLKI(multiplied), .CE(locked), .CLKO({CLOCK}));
",
            feedback - 1,
            output - 1,
            detector = oscillator_mhz / f64::from(input),
        ),
        Divisors::Ice40([reference, feedback, output, filter]) => format!(
            "   // {oscillator_mhz} MHz to {clock_mhz} MHz, from when the PLL has locked.
   wire multiplied, locked;
   reg enabled = 1'b0;
   SB_PLL40_PAD #(
      .FEEDBACK_PATH(\"SIMPLE\"), .DIVR(4'd{reference}), .DIVF(7'd{feedback}), .DIVQ(3'd{output}), .FILTER_RANGE(3'd{filter})
   ) pll (.PACKAGEPIN(clock), .PLLOUTCORE(multiplied), .LOCK(locked), .RESETB(1'b1), .BYPASS(1'b0));
   always @(negedge multiplied) enabled <= locked;
   SB_GB gate (.USER_SIGNAL_TO_GLOBAL_BUFFER(multiplied & enabled), .GLOBAL_BUFFER_OUTPUT({CLOCK}));
"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisors_make_the_frequency() {
        let of = |family, input, output| Divisors::of(family, input, output);
        assert_eq!(of(Family::Ecp5, 25.0, 75.0), Some(Divisors::Ecp5([1, 24, 8])));
        assert_eq!(of(Family::Ecp5, 25.0, 60.0), Some(Divisors::Ecp5([1, 24, 10])));
        assert_eq!(of(Family::Ecp5, 48.0, 60.0), Some(Divisors::Ecp5([1, 10, 8])));
        assert_eq!(of(Family::Ecp5, 48.0, 75.0), Some(Divisors::Ecp5([2, 25, 8])));
        assert_eq!(of(Family::Ecp5, 25.0, 61.0), None, "the phase detector would run at 1 MHz");
        assert_eq!(of(Family::Ice40, 12.0, 18.0), Some(Divisors::Ice40([0, 47, 5, 1])));
        assert_eq!(of(Family::Ice40, 12.0, 24.0), Some(Divisors::Ice40([0, 63, 5, 1])));
        assert_eq!(of(Family::Ice40, 12.0, 15.0), None, "a PLL makes 16 MHz at least");
        assert_eq!(of(Family::Ice40, 12.0, 18.01), None);
    }

    #[test]
    fn a_board_has_around_the_design_what_it_needs() {
        let named = |name| Board { tied: Default::default(), ..Board::named(name).unwrap() };
        let plain = Board { clock_mhz: 25.0, ..named("colorlight-i5") };
        let low = verilog(&plain, "engram_top");
        for part in ["assign led = ~loaded;", "assign engram_clock = clock;", ".reset(1'b0)", "output led);"] {
            assert!(low.contains(part), "{part}: {low}");
        }
        let whole = Board { clock_mhz: 25.0, ..named("ulx3s-25f") };
        let all = verilog(&whole, "engram_top");
        for part in [
            ".reset(&pressed)",
            "{pressed[2:0], button}",
            "led_error = refused;",
            "led_alive = beats[24];",
            "reg [24:0]",
            "led = loaded;",
        ] {
            assert!(all.contains(part), "{part}: {all}");
        }
        assert!(verilog(&Board { button_active_low: true, ..whole }, "engram_top").contains("{pressed[2:0], ~button}"));
        let tied = Board { tied: [("wifi_gpio0".to_string(), true)].into(), ..plain.clone() };
        let tied = verilog(&tied, "engram_top");
        assert!(tied.contains("output wifi_gpio0") && tied.contains("assign wifi_gpio0 = 1'b1;"), "{tied}");
        let fast = verilog(&Board { clock_mhz: 75.0, ..plain }, "engram_top");
        for part in [".CLKI_DIV(1), .CLKFB_DIV(1)", ".CLKOP_DIV(24)", ".CLKOS_DIV(8)", ".CE(locked)"] {
            assert!(fast.contains(part), "{part}: {fast}");
        }
    }
}
