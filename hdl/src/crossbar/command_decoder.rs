//! The command decoder of the crossbar device: which commands there are, what may be wrong with them, what they do, what they
//! reply.
//!
//! The decoder stands beside [`crate::link::frame_handler`], which describes what passes between the two. A request is answered in
//! the same cycle.
//!
//! A device with memoization has two more commands, those of [`crate::crossbar::memo::command_decoder`]. The ports for them have an
//! element then, and none in other devices.

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::geometry::Region;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::program::{BITS_MAX, SHIFT_MAX, Settings};
use engram_spec::frame::{Command, Refusal};

use crate::crossbar::LOGIT_BITS;
use crate::crossbar::engine::{EngineSettings, GateSetting, RowByte};
use crate::crossbar::memo::MemoSettings;
use crate::crossbar::memo::command_decoder::MemoCommandDecoder;
use crate::link::frame_handler::{Decision, Request};
use crate::link::{BYTE_BITS, REPLY_BITS};
use crate::parts::register::Register;
use crate::prelude::*;

/// The command decoder of the crossbar device.
#[derive(Clone, Debug, Default, Composite)]
pub struct CommandDecoder {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The request, and its byte at hand.
    pub request: Signal<In, Request>,
    /// Steps since `clear`, from the engine.
    pub steps: Signal<In, Bits<24>>,
    /// The answer, from the engine.
    pub answered: Signal<In, Bits<8>>,
    /// The answer's logit, signed, from the engine.
    pub logit: Signal<In, Bits<LOGIT_BITS>>,
    /// The number of the byte of the payload that the engine asks for (its `position`).
    pub asked: Signal<In, Bits<8>>,
    /// The number of the memoization's tally.
    pub memo_number: Vec<Signal<In, Bits<32>>>,

    /// The decision on the request.
    pub decision: Signal<Out, Decision>,
    /// The program's settings for the engine, from Begin.
    pub settings: Signal<Out, EngineSettings>,
    /// A setting of a gate, while Begin is carried out.
    pub gate_setting: Signal<Out, GateSetting>,
    /// A byte of a row, while Row is carried out.
    pub row_byte: Signal<Out, RowByte>,
    /// Whether the engine is started for an answer.
    pub answer: Signal<Out, Bit>,
    /// Whether the engine is started for a step with a symbol.
    pub symbol: Signal<Out, Bit>,
    /// The settings of memoization, from Memoize.
    pub memo_settings: Vec<Signal<Out, MemoSettings>>,
    /// The number of the tally that is asked for.
    pub memo_which: Vec<Signal<Out, Bits<3>>>,

    command: Signal<Local, Bits<8>>,
    payload: Signal<Local, Bits<BYTE_BITS>>,
    octet: Signal<Local, Bits<8>>,
    number: Signal<Local, Bits<8>>,
    ordinal: Signal<Local, Bits<BYTE_BITS>>,
    works: Signal<Local, Bit>,
    begins: Signal<Local, Bit>,
    rows: Signal<Local, Bit>,
    steps_on: Signal<Local, Bit>,
    expected: Signal<Local, Bits<BYTE_BITS>>,
    least: Signal<Local, Bits<8>>,
    most: Signal<Local, Bits<8>>,
    wrong: Signal<Local, Bit>,
    row_count: Signal<Local, Bits<16>>,
    pair: Signal<Local, Bits<16>>,
    item: Signal<Local, RowByte>,
    offset: Signal<Local, Bits<BYTE_BITS>>,
    of_gate: Signal<Local, GateSetting>,

    geometry: Constant<Bits<8>>,
    memoization: Constant<Bits<8>>,
    last_command: Constant<Bits<8>>,
    weight_bits: Constant<Bits<8>>,
    lanes: Constant<Bits<8>>,
    hidden: Constant<Bits<8>>,
    inputs: Constant<Bits<8>>,
    classes: Constant<Bits<8>>,
    multipliers: Constant<Bits<8>>,
    lane_mask: Constant<Bits<8>>,
    weight_rows: Constant<Bits<16>>,
    bias_rows: Constant<Bits<16>>,
    most_bits: Constant<Bits<8>>,
    most_shift: Constant<Bits<8>>,
    settings_bytes: Constant<Bits<BYTE_BITS>>,
    unknown_command: Constant<Bits<8>>,
    bad_length: Constant<Bits<8>>,
    not_loaded: Constant<Bits<8>>,
    unknown_word: Constant<Bits<8>>,
    wrong_geometry: Constant<Bits<8>>,
    no_story: Constant<Bits<8>>,
    command_identify: Constant<Bits<8>>,
    command_begin: Constant<Bits<8>>,
    command_row: Constant<Bits<8>>,
    command_seal: Constant<Bits<8>>,
    command_clear: Constant<Bits<8>>,
    command_status: Constant<Bits<8>>,
    command_step: Constant<Bits<8>>,
    command_symbol: Constant<Bits<8>>,
    command_answer: Constant<Bits<8>>,

    kept: Register<EngineSettings>,
    before: Register<Bits<8>>,
    field: Register<Bits<3>>,
    gate: Register<Bits<2>>,
    region: Register<Bit>,
    row_number: Register<Bits<16>>,
    memo: Vec<MemoCommandDecoder>,
    _evaluation: Evaluation,
}

// The payload's numbers of bytes and fields are written out below.
const _: () = assert!(Settings::BYTES == 34);

impl CommandDecoder {
    /// The decoder of a geometry, with memoization or without.
    pub fn new(size: &Geometry, memo: Option<Predictor>) -> CommandDecoder {
        let with = usize::from(memo.is_some());
        let last = if memo.is_some() { Command::Tally } else { Command::Answer };
        fn constant<const N: usize>(value: usize) -> Constant<Bits<N>> {
            Constant::new((value as u64).into())
        }
        CommandDecoder {
            geometry: constant(size.id.into()),
            memoization: constant(memo.map_or(0, |predictor| predictor.id()).into()),
            last_command: constant(last as usize),
            memo: (0..with).map(|_| MemoCommandDecoder::new()).collect(),
            memo_number: vec![Default::default(); with],
            memo_settings: vec![Default::default(); with],
            memo_which: vec![Default::default(); with],
            weight_bits: constant(size.weight_bits.into()),
            lanes: constant(size.lanes),
            hidden: constant(size.hidden),
            inputs: constant(size.inputs),
            classes: constant(size.classes),
            multipliers: constant(size.multipliers),
            lane_mask: constant(size.lanes - 1),
            weight_rows: constant(size.rows(Region::Weights)),
            bias_rows: constant(size.rows(Region::Biases)),
            most_bits: constant(BITS_MAX.into()),
            most_shift: constant(SHIFT_MAX.into()),
            settings_bytes: constant(Settings::BYTES),
            unknown_command: constant(Refusal::UnknownCommand as usize),
            bad_length: constant(Refusal::BadLength as usize),
            not_loaded: constant(Refusal::NotLoaded as usize),
            unknown_word: constant(Refusal::UnknownWord as usize),
            wrong_geometry: constant(Refusal::WrongGeometry as usize),
            no_story: constant(Refusal::NoStory as usize),
            command_identify: constant(Command::Identify as usize),
            command_begin: constant(Command::Begin as usize),
            command_row: constant(Command::Row as usize),
            command_seal: constant(Command::Seal as usize),
            command_clear: constant(Command::Clear as usize),
            command_status: constant(Command::Status as usize),
            command_step: constant(Command::Step as usize),
            command_symbol: constant(Command::Symbol as usize),
            command_answer: constant(Command::Answer as usize),
            ..Default::default()
        }
    }
}

impl Logic for CommandDecoder {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, kept, before, field, gate, region, row_number);
        self.command.next = self.request.val().command;
        self.payload.next = self.request.val().payload;
        self.octet.next = self.request.val().octet;
        self.ordinal.next = self.request.val().ordinal;
        self.begins.next = self.command.val() == self.command_begin.val();
        self.rows.next = self.command.val() == self.command_row.val();
        self.steps_on.next =
            (self.command.val() == self.command_step.val()) | (self.command.val() == self.command_symbol.val());
        self.answer.next = self.command.val() == self.command_answer.val();
        self.symbol.next = self.command.val() == self.command_symbol.val();
        self.works.next = self.steps_on.val() | self.answer.val();
        self.decision.next.works = self.works.val();
        self.decision.next.commits = self.begins.val() | self.rows.val();
        self.decision.next.position = bit_cast::<BYTE_BITS, 8>(self.asked.val());

        // What is wrong with the command as a whole.
        self.expected.next = bits::<BYTE_BITS>(0);
        self.decision.next.checked = bits::<BYTE_BITS>(0);
        if self.begins.val() {
            self.expected.next = self.settings_bytes.val();
            self.decision.next.checked = self.settings_bytes.val();
        }
        if self.rows.val() {
            self.expected.next = bits::<BYTE_BITS>(67);
            self.decision.next.checked = bits::<BYTE_BITS>(3);
        }
        if self.command.val() == self.command_seal.val() {
            self.expected.next = bits::<BYTE_BITS>(4);
            self.decision.next.checked = bits::<BYTE_BITS>(4);
        }
        if self.symbol.val() {
            self.expected.next = bits::<BYTE_BITS>(1);
            self.decision.next.checked = bits::<BYTE_BITS>(1);
        }
        if self.command.val() == self.command_step.val() {
            self.expected.next = bit_cast::<BYTE_BITS, 8>(self.kept.q.val().inputs);
            // How many there must be is known with the program only.
            if !self.request.val().sealed & (self.payload.val() != bits::<BYTE_BITS>(0)) {
                self.expected.next = self.payload.val();
            }
        }
        for i in 0..self.memo.len() {
            self.memo[i].clock.next = self.clock.val();
            self.memo[i].request.next = self.request.val();
            self.memo[i].number.next = self.memo_number[i].val();
            self.memo_settings[i].next = self.memo[i].settings.val();
            self.memo_which[i].next = self.memo[i].which.val();
            if self.memo[i].known.val() {
                self.expected.next = self.memo[i].expected.val();
                self.decision.next.checked = self.memo[i].expected.val();
                self.decision.next.commits = self.memo[i].commits.val();
            }
        }
        self.decision.next.command_refusal = bits::<8>(0);
        if self.answer.val() & (self.steps.val() == bits::<24>(0)) {
            self.decision.next.command_refusal = self.no_story.val();
        }
        if self.works.val() & !self.request.val().sealed {
            self.decision.next.command_refusal = self.not_loaded.val();
        }
        if (self.rows.val() | (self.command.val() == self.command_seal.val())) & !self.request.val().loading {
            self.decision.next.command_refusal = self.not_loaded.val();
        }
        for i in 0..self.memo.len() {
            if self.memo[i].known.val() & !self.request.val().sealed {
                self.decision.next.command_refusal = self.not_loaded.val();
            }
        }
        if (self.payload.val() != self.expected.val())
            | ((self.command.val() == self.command_step.val()) & (self.payload.val() == bits::<BYTE_BITS>(0)))
        {
            self.decision.next.command_refusal = self.bad_length.val();
        }
        if (self.command.val() < self.command_identify.val())
            | (self.command.val() > self.last_command.val())
            | ((self.command.val() > self.command_clear.val()) & (self.command.val() < self.command_status.val()))
        {
            self.decision.next.command_refusal = self.unknown_command.val();
        }

        // Which field of which gate the byte at hand of Begin is; the gates begin at the seventh byte.
        if self.request.val().checking | self.request.val().committing {
            self.before.d.next = self.octet.val();
            self.field.d.next = self.field.q.val() + 1;
            if self.field.q.val() == bits::<3>(5) {
                self.field.d.next = bits::<3>(0);
                self.gate.d.next = self.gate.q.val() + 1;
            }
            if self.ordinal.val() < bits::<BYTE_BITS>(6) {
                self.field.d.next = bits::<3>(0);
                self.gate.d.next = bits::<2>(0);
            }
        }
        self.pair.next = (bit_cast::<16, 8>(self.octet.val()) << 8) | bit_cast::<16, 8>(self.before.q.val());

        // What is wrong with the byte at hand.
        self.least.next = bits::<8>(0);
        self.most.next = bits::<8>(255);
        if self.begins.val() {
            match self.ordinal.val().index() {
                0 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.hidden.val();
                }
                1 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.inputs.val();
                }
                2 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.classes.val();
                }
                4 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.most_bits.val();
                }
                5 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.most_bits.val();
                }
                _ => {}
            }
            if (self.ordinal.val() > bits::<BYTE_BITS>(5)) & (self.ordinal.val() < bits::<BYTE_BITS>(30)) {
                if self.field.q.val() == bits::<3>(0) {
                    self.least.next = bits::<8>(1);
                }
                if self.field.q.val() == bits::<3>(1) {
                    self.most.next = self.most_shift.val();
                }
            }
        }
        if self.rows.val() & (self.ordinal.val() == bits::<BYTE_BITS>(0)) {
            self.most.next = bits::<8>(1);
        }
        if self.symbol.val() {
            self.most.next = self.kept.q.val().inputs - 1;
        }
        // The highest bit of dac_bits says whether the cells are GRUs.
        self.number.next = self.octet.val();
        if self.begins.val() & (self.ordinal.val() == bits::<BYTE_BITS>(4)) {
            self.number.next = self.octet.val() & 127;
        }
        self.wrong.next = (self.number.val() < self.least.val()) | (self.number.val() > self.most.val());
        if self.begins.val()
            & (self.ordinal.val() == bits::<BYTE_BITS>(3))
            & ((self.octet.val() & self.lane_mask.val()) != bits::<8>(0))
        {
            self.wrong.next = true;
        }
        self.row_count.next = self.weight_rows.val();
        if self.region.q.val() {
            self.row_count.next = self.bias_rows.val();
        }
        if self.rows.val() & (self.ordinal.val() == bits::<BYTE_BITS>(2)) & (self.pair.val() >= self.row_count.val()) {
            self.wrong.next = true;
        }
        for i in 0..self.memo.len() {
            if self.memo[i].known.val() {
                self.wrong.next = self.memo[i].wrong.val();
            }
        }
        self.decision.next.byte_refusal = bits::<8>(0);
        if self.wrong.val() {
            self.decision.next.byte_refusal = self.wrong_geometry.val();
            if self.symbol.val() {
                self.decision.next.byte_refusal = self.unknown_word.val();
            }
        }
        if self.request.val().checking & self.rows.val() {
            if self.ordinal.val() == bits::<BYTE_BITS>(0) {
                self.region.d.next = self.octet.val().get_bit(0);
            }
            if self.ordinal.val() == bits::<BYTE_BITS>(2) {
                self.row_number.d.next = self.pair.val();
            }
        }

        // What is carried out.
        self.of_gate.next.kind = bits::<4>(0);
        self.of_gate.next.gate = self.gate.q.val();
        self.of_gate.next.value = self.pair.val();
        if self.request.val().committing & self.begins.val() {
            match self.ordinal.val().index() {
                0 => {
                    self.kept.d.next.hidden = self.octet.val();
                }
                1 => {
                    self.kept.d.next.inputs = self.octet.val();
                }
                2 => {
                    self.kept.d.next.classes = self.octet.val();
                }
                3 => {
                    self.kept.d.next.tile = self.octet.val();
                }
                4 => {
                    self.kept.d.next.dac_bits = bit_cast::<4, 8>(self.octet.val());
                    self.kept.d.next.gru = self.octet.val().get_bit(7);
                }
                5 => {
                    self.kept.d.next.adc_bits = bit_cast::<4, 8>(self.octet.val());
                }
                _ => {
                    // The seed comes last, its highest byte at the end.
                    self.kept.d.next.seed = (self.kept.q.val().seed >> 8) | (bit_cast::<32, 8>(self.octet.val()) << 24);
                    if self.ordinal.val() < bits::<BYTE_BITS>(30) {
                        match self.field.q.val().index() {
                            0 => {
                                self.of_gate.next.kind = bits::<4>(1);
                                self.of_gate.next.value = bit_cast::<16, 8>(self.octet.val());
                            }
                            1 => {
                                self.of_gate.next.kind = bits::<4>(2);
                                self.of_gate.next.value = bit_cast::<16, 8>(self.octet.val());
                            }
                            3 => {
                                self.of_gate.next.kind = bits::<4>(4);
                            }
                            5 => {
                                self.of_gate.next.kind = bits::<4>(8);
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        self.offset.next = self.ordinal.val() - 3;
        self.item.next.load =
            self.request.val().committing & self.rows.val() & (self.ordinal.val() > bits::<BYTE_BITS>(2));
        self.item.next.octet = self.octet.val();
        self.item.next.region = self.region.q.val();
        self.item.next.row = self.row_number.q.val();
        self.item.next.place = bit_cast::<6, BYTE_BITS>(self.offset.val());

        // What is replied.
        self.decision.next.reply = bits::<8>(0);
        self.decision.next.reply_bytes = bits::<REPLY_BITS>(0);
        self.decision.next.cycles = bits::<2>(0);
        if self.command.val() == self.command_identify.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(14);
            match self.request.val().cursor.index() {
                1 => {
                    self.decision.next.reply = self.geometry.val();
                }
                2 => {
                    self.decision.next.reply = self.memoization.val();
                }
                3 => {
                    self.decision.next.reply = self.weight_bits.val();
                }
                9 => {
                    self.decision.next.reply = self.lanes.val();
                }
                10 => {
                    self.decision.next.reply = self.hidden.val();
                }
                11 => {
                    self.decision.next.reply = self.inputs.val();
                }
                12 => {
                    self.decision.next.reply = self.classes.val();
                }
                13 => {
                    self.decision.next.reply = self.multipliers.val();
                }
                _ => {}
            }
        }
        if self.command.val() == self.command_status.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(9);
            match self.request.val().cursor.index() {
                1 => {
                    self.decision.next.reply = bit_cast::<8, 24>(self.steps.val());
                }
                2 => {
                    self.decision.next.reply = bit_cast::<8, 24>(self.steps.val() >> 8);
                }
                _ => {
                    self.decision.next.reply = bit_cast::<8, 24>(self.steps.val() >> 16);
                }
            }
        }
        if self.steps_on.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(4);
            match self.request.val().cursor.index() {
                0 => {
                    self.decision.next.cycles = bits::<2>(1);
                }
                1 => {
                    self.decision.next.cycles = bits::<2>(2);
                }
                _ => {}
            }
        }
        if self.answer.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(9);
            match self.request.val().cursor.index() {
                0 => {
                    self.decision.next.reply = self.answered.val();
                }
                1 => {
                    self.decision.next.reply = bit_cast::<8, LOGIT_BITS>(self.logit.val());
                }
                2 => {
                    self.decision.next.reply = bit_cast::<8, LOGIT_BITS>(self.logit.val() >> 8);
                }
                3 => {
                    self.decision.next.reply = bit_cast::<8, LOGIT_BITS>(self.logit.val() >> 16);
                }
                4 => {
                    if self.logit.val().get_bit(24) {
                        self.decision.next.reply = bits::<8>(255);
                    }
                }
                5 => {
                    self.decision.next.cycles = bits::<2>(1);
                }
                6 => {
                    self.decision.next.cycles = bits::<2>(2);
                }
                _ => {}
            }
        }
        for i in 0..self.memo.len() {
            if self.memo[i].known.val() {
                self.decision.next.reply = self.memo[i].reply.val();
                self.decision.next.reply_bytes = self.memo[i].reply_bytes.val();
            }
        }
        self.settings.next = self.kept.q.val();
        self.gate_setting.next = self.of_gate.val();
        self.row_byte.next = self.item.val();
    }
}
