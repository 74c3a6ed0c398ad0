//! The part of the command decoder that only a device with memoization has: the commands Memoize and Tally.
//!
//! The block stands inside [`crate::crossbar::command_decoder`]. Memoize keeps the settings of its payload until
//! the next Begin, Tally the number that is asked for.

use engram_spec::crossbar::memo::Settings;
use engram_spec::frame::Command;

use crate::crossbar::memo::MemoSettings;
use crate::link::frame_handler::Request;
use crate::link::{BYTE_BITS, REPLY_BITS};
use crate::parts::register::Register;
use crate::prelude::*;

/// The decoder of the commands Memoize and Tally.
#[derive(Clone, Debug, Default, Composite)]
pub struct MemoCommandDecoder {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The request, and its byte at hand.
    pub request: Signal<In, Request>,
    /// The number of the tally, as `which` says.
    pub number: Signal<In, Bits<32>>,

    /// Whether the command is Memoize or Tally.
    pub known: Signal<Out, Bit>,
    /// Whether its payload is to be carried out.
    pub commits: Signal<Out, Bit>,
    /// Bytes of its payload, all of which are checked.
    pub expected: Signal<Out, Bits<BYTE_BITS>>,
    /// Whether the byte at hand is wrong.
    pub wrong: Signal<Out, Bit>,
    /// The byte of the reply at the cursor.
    pub reply: Signal<Out, Bits<8>>,
    /// Bytes of the reply without its CRC.
    pub reply_bytes: Signal<Out, Bits<REPLY_BITS>>,
    /// The settings of memoization for the engine, kept until the next Begin.
    pub settings: Signal<Out, MemoSettings>,
    /// The number of the tally that is asked for.
    pub which: Signal<Out, Bits<3>>,

    command: Signal<Local, Bits<8>>,
    octet: Signal<Local, Bits<8>>,
    ordinal: Signal<Local, Bits<BYTE_BITS>>,
    pair: Signal<Local, Bits<16>>,
    theta: Signal<Local, Bits<12>>,
    command_begin: Constant<Bits<8>>,
    command_memoize: Constant<Bits<8>>,
    command_tally: Constant<Bits<8>>,
    settings_bytes: Constant<Bits<BYTE_BITS>>,
    kept: Register<MemoSettings>,
    before: Register<Bits<8>>,
    asked: Register<Bits<3>>,
    _evaluation: Evaluation,
}

// The payload's numbers of bytes are written out below.
const _: () = assert!(Settings::BYTES == 9);

impl MemoCommandDecoder {
    /// The decoder as it is at switch-on: nothing is remembered.
    pub fn new() -> MemoCommandDecoder {
        fn number(command: Command) -> Constant<Bits<8>> {
            Constant::new((command as u64).into())
        }
        MemoCommandDecoder {
            command_begin: number(Command::Begin),
            command_memoize: number(Command::Memoize),
            command_tally: number(Command::Tally),
            settings_bytes: Constant::new((Settings::BYTES as u64).into()),
            ..Default::default()
        }
    }
}

impl Logic for MemoCommandDecoder {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, kept, before, asked);
        self.command.next = self.request.val().command;
        self.octet.next = self.request.val().octet;
        self.ordinal.next = self.request.val().ordinal;
        self.known.next =
            (self.command.val() == self.command_memoize.val()) | (self.command.val() == self.command_tally.val());
        self.commits.next = self.command.val() == self.command_memoize.val();
        self.expected.next = bits::<BYTE_BITS>(1);
        if self.commits.val() {
            self.expected.next = self.settings_bytes.val();
        }
        if self.request.val().checking | self.request.val().committing {
            self.before.d.next = self.octet.val();
        }
        self.pair.next = (bit_cast::<16, 8>(self.octet.val()) << 8) | bit_cast::<16, 8>(self.before.q.val());
        self.theta.next = bit_cast::<12, 16>(self.pair.val());

        // Of the settings the first byte and the thetas' high ones have four bits, three denominators there are.
        self.wrong.next = self.octet.val() > bits::<8>(7);
        if self.commits.val() {
            self.wrong.next = false;
            if (self.ordinal.val() == bits::<BYTE_BITS>(0)) & (self.octet.val().get_bits::<2>(0) == bits::<2>(3)) {
                self.wrong.next = true;
            }
            if !self.ordinal.val().get_bit(0) & (self.octet.val() > bits::<8>(15)) {
                self.wrong.next = true;
            }
        }
        if self.request.val().checking & (self.command.val() == self.command_tally.val()) {
            self.asked.d.next = bit_cast::<3, 8>(self.octet.val());
        }
        if self.request.val().committing & self.commits.val() {
            match self.ordinal.val().index() {
                0 => {
                    self.kept.d.next.denominator = self.octet.val().get_bits::<2>(0);
                    self.kept.d.next.throttling = self.octet.val().get_bit(2);
                    self.kept.d.next.zero_is_minus = self.octet.val().get_bit(3);
                }
                2 => {
                    self.kept.d.next.theta_input = self.theta.val();
                }
                4 => {
                    self.kept.d.next.theta_forget = self.theta.val();
                }
                6 => {
                    self.kept.d.next.theta_candidate = self.theta.val();
                }
                8 => {
                    self.kept.d.next.theta_output = self.theta.val();
                }
                _ => {}
            }
        }
        // A new program remembers nothing until Memoize comes.
        if self.request.val().committing & (self.command.val() == self.command_begin.val()) {
            self.kept.d.next.denominator = bits::<2>(0);
            self.kept.d.next.throttling = false;
            self.kept.d.next.zero_is_minus = false;
            self.kept.d.next.theta_input = bits::<12>(0);
            self.kept.d.next.theta_forget = bits::<12>(0);
            self.kept.d.next.theta_candidate = bits::<12>(0);
            self.kept.d.next.theta_output = bits::<12>(0);
        }

        self.reply_bytes.next = bits::<REPLY_BITS>(4);
        if self.commits.val() {
            self.reply_bytes.next = bits::<REPLY_BITS>(0);
        }
        self.reply.next = bit_cast::<8, 32>(self.number.val());
        match self.request.val().cursor.index() {
            1 => {
                self.reply.next = bit_cast::<8, 32>(self.number.val() >> 8);
            }
            2 => {
                self.reply.next = bit_cast::<8, 32>(self.number.val() >> 16);
            }
            3 => {
                self.reply.next = bit_cast::<8, 32>(self.number.val() >> 24);
            }
            _ => {}
        }
        self.settings.next = self.kept.q.val();
        self.which.next = self.asked.q.val();
    }
}
