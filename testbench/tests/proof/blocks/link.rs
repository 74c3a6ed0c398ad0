//! The link: the frames against the software's own, the serial port against its wire, the core and the board against the
//! endpoint in software, byte for byte.

use std::collections::VecDeque;

use crc::Crc;
use engram_hdl::link::crc::{Crc16, Crc32};
use engram_hdl::link::receiver::FrameReceiver;
use engram_hdl::link::sender::FrameSender;
use engram_hdl::link::uart::{UartReceiver, UartTransmitter};
use engram_hdl::memnet::board::{Board, TOP};
use engram_hdl::memnet::core::Core;
use engram_hdl::prelude::bits_of;
use engram_link::Endpoint;
use engram_link::codec::{Decoder, encode};
use engram_spec::frame::{CONTENT_MAX, CRC, Command, RECEIVE_BYTES, REPLY_MAX};
use engram_spec::memnet::geometry::{Region, TINY};
use engram_spec::memnet::{Addressing, Datapath, Memnet, Program, Weights};
use engram_testbench::block::{Difference, Twin};
use engram_testbench::catalogue::DIVIDER;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::exchange::{exchange, exchange_on_lines, levels};
use super::requests::{content, load, on_the_line, session};
use super::stimulus::{Compared, draw, random, random_program, twin};
use crate::clocked::Clocked;

#[test]
fn checksums_are_those_of_crate_crc() {
    let (check16, check32) = (Crc::<u16>::new(&CRC), Crc::<u32>::new(&crc::CRC_32_ISO_HDLC));
    let (mut crc16, mut crc32) = (twin(Crc16::default, "crc16"), twin(Crc32::default, "crc32"));
    let rng = &mut random(1);
    for _ in 0..300 {
        let bytes: Vec<u8> = (0..rng.random_range(1..100)).map(|_| draw::<8>(rng).to_u64() as u8).collect();
        let (mut sum16, mut sum32) = (0, 0);
        for &byte in &bytes {
            let data = u64::from(byte).into();
            let block = crc16.settle(|block| (block.sum.next, block.data.next) = (bits_of(sum16), data));
            sum16 = block.unwrap().next_sum.val().to_u64() as i64;
            for half in [byte & 0xF, byte >> 4] {
                let data = u64::from(half).into();
                let block = crc32.settle(|block| (block.sum.next, block.data.next) = (bits_of(sum32), data));
                sum32 = block.unwrap().next_sum.val().to_u64() as i64;
            }
        }
        assert_eq!(sum16, i64::from(check16.checksum(&bytes)));
        assert_eq!(sum32, i64::from(check32.checksum(&bytes)));
    }
    for sum in 0..1 << 16 {
        // Every sum, with a byte each.
        crc16.settle(|block| (block.sum.next, block.data.next) = (bits_of(sum), draw(rng))).unwrap();
    }
}

/// Bytes as they may come: frames of random contents, whole or damaged, and noise.
fn byte_stream(rng: &mut impl Rng, frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..frames {
        let length = if rng.random_ratio(1, 10) { rng.random_range(240..258) } else { rng.random_range(1..20) };
        // Zeros are frequent, because they are what the frames are about.
        let content: Vec<u8> =
            (0..length).map(|_| if rng.random_ratio(1, 4) { 0 } else { draw::<8>(rng).to_u64() as u8 }).collect();
        bytes.extend(on_the_line(rng, &content));
        if rng.random_ratio(1, 6) {
            bytes.extend((0..rng.random_range(0..8)).map(|_| [0, 1, 2, 3, 255][rng.random_range(0..5)]));
        }
    }
    bytes
}

/// Reads the oldest frame of a receiver: its content with the CRC, nothing of one that is not sound. No byte comes meanwhile.
fn read_frame(twin: &mut Twin<FrameReceiver>, first: &mut usize) -> Result<Vec<u8>, Box<Difference>> {
    let mut byte = |place: usize| {
        let block = twin.cycle(|block| {
            block.valid.next = false;
            block.address.next = (place as u64 % RECEIVE_BYTES as u64).into();
        });
        block.map(|block| block.content.val().to_u64() as u8)
    };
    let size = usize::from(byte(*first)?);
    let content = (1..size).map(|place| byte(*first + place)).collect::<Result<Vec<u8>, _>>()?;
    *first = (*first + size) % RECEIVE_BYTES;
    twin.settle(|block| block.first.next = (*first as u64).into())?;
    Ok(content)
}

pub fn stimulate_frame_receiver(twin: &mut Twin<FrameReceiver>) -> Compared {
    let rng = &mut random(2);
    let (mut decoder, mut first) = (Decoder::new(), 0);
    let (mut sound, mut damaged, mut full) = (0, 0, 0);
    // The frames that lie in the ring, and what they are to be.
    let mut waiting = VecDeque::new();
    for byte in byte_stream(rng, 600) {
        for _ in 0..rng.random_range(0..2) {
            twin.cycle(|block| (block.valid.next, block.data.next) = (false, draw(rng)))?;
        }
        let mut read = rng.random_ratio(1, 150);
        if !twin.settle(|block| block.valid.next = false)?.ready.val() {
            // The cycle after a frame's end, or no room.
            twin.edge();
        }
        if !twin.settle(|_| {})?.ready.val() {
            // A byte that comes now is not taken.
            twin.cycle(|block| (block.valid.next, block.data.next) = (true, draw(rng)))?;
            full += 1;
            read = true;
        }
        while read && let Some(expected) = waiting.pop_front() {
            assert!(twin.settle(|block| block.valid.next = false)?.waiting.val());
            assert_eq!(read_frame(twin, &mut first)?, expected);
            read = rng.random() || !twin.settle(|_| {})?.ready.val();
        }
        twin.cycle(|block| (block.valid.next, block.data.next) = (true, u64::from(byte).into()))?;
        waiting.extend(decoder.push(byte).map(|frame| match frame {
            Ok(content) => {
                sound += 1;
                let check = Crc::<u16>::new(&CRC).checksum(&content).to_be_bytes();
                [&content[..], &check].concat()
            }
            Err(_) => {
                damaged += 1;
                Vec::new()
            }
        }));
        let block = twin.settle(|block| block.valid.next = false)?;
        assert_eq!(block.waiting.val(), !waiting.is_empty());
    }
    assert!(sound > 100 && damaged > 50 && full > 10, "{sound} sound, {damaged} damaged, {full} times full");
    Ok(())
}

#[test]
fn frame_receiver_understands_as_the_codec() {
    stimulate_frame_receiver(&mut twin(FrameReceiver::new, "frame_receiver")).unwrap();
}

#[test]
fn frame_sender_encodes_as_the_codec() {
    let rng = &mut random(3);
    let mut twin = twin(FrameSender::new, "frame_sender");
    let check = Crc::<u16>::new(&CRC);
    for _ in 0..300 {
        let length = rng.random_range(0..=REPLY_MAX - 2);
        let content: Vec<u8> = (0..length).map(|_| if rng.random_ratio(1, 3) { 0 } else { rng.random() }).collect();
        let checked = [&content[..], &check.checksum(&content).to_be_bytes()].concat();
        let slot = rng.random_range(0..8u64);
        let stored = [&[checked.len() as u8 + 1], &checked[..]].concat();
        for (place, &byte) in stored.iter().enumerate() {
            twin.cycle(|block| {
                (block.write.next, block.start.next, block.ready.next) = (true, false, rng.random());
                block.write_address.next = (64 * slot + place as u64).into();
                block.write_data.next = u64::from(byte).into();
            })
            .unwrap();
        }
        twin.cycle(|block| {
            (block.write.next, block.start.next) = (false, true);
            block.slot.next = slot.into();
        })
        .unwrap();
        let mut sent = Vec::new();
        while twin.settle(|block| (block.start.next, block.ready.next) = (false, rng.random())).unwrap().busy.val() {
            let block = twin.block();
            if block.valid.val() && block.ready.val() {
                sent.push(block.data.val().to_u64() as u8);
            }
            twin.edge();
        }
        assert_eq!(sent, encode(&content));
    }
}

#[test]
fn uart_receiver_hears_bytes_through_drift_glitches_and_breaks() {
    let rng = &mut random(4);
    let mut twin = twin(|| UartReceiver::new(DIVIDER), "uart_receiver");
    let (mut line, mut sent) = (vec![true; 20], Vec::new());
    for _ in 0..600 {
        let byte = draw::<8>(rng).to_u64() as u8;
        let bit = f64::from(DIVIDER) * rng.random_range(0.97..1.03);
        match rng.random_range(0..8) {
            // A low level for less than half a bit is no start bit.
            0 => line.extend(std::iter::repeat_n(false, rng.random_range(1..DIVIDER as usize / 2 - 1))),
            // A byte without a stop bit is dropped.
            1 => line.extend(levels(byte, DIVIDER.into(), false)),
            _ => {
                line.extend(levels(byte, bit, true));
                sent.push(byte);
                if rng.random() {
                    continue;
                }
            }
        }
        line.extend(std::iter::repeat_n(true, rng.random_range(2 * DIVIDER..4 * DIVIDER) as usize));
    }
    line.extend([true; 40]);
    let mut heard = Vec::new();
    for level in line {
        let block = twin.settle(|block| block.line.next = level).unwrap();
        heard.extend(block.valid.val().then(|| block.data.val().to_u64() as u8));
        twin.edge();
    }
    assert_eq!(heard, sent);
}

#[test]
fn uart_transmitter_keeps_its_bit_times() {
    let rng = &mut random(5);
    let mut twin = twin(|| UartTransmitter::new(DIVIDER), "uart_transmitter");
    for _ in 0..200 {
        let byte = draw::<8>(rng).to_u64() as u8;
        for _ in 0..rng.random_range(1..30) {
            let block = twin.settle(|block| (block.valid.next, block.data.next) = (false, draw(rng))).unwrap();
            assert!(block.line.val() && block.ready.val(), "the line is idle");
            twin.edge();
        }
        twin.cycle(|block| (block.valid.next, block.data.next) = (true, u64::from(byte).into())).unwrap();
        for expected in levels(byte, DIVIDER.into(), true) {
            let block = twin.settle(|block| (block.valid.next, block.data.next) = (rng.random(), draw(rng))).unwrap();
            assert_eq!((block.line.val(), block.ready.val()), (expected, false));
            twin.edge();
        }
    }
}

#[test]
fn core_answers_as_the_endpoint_byte_for_byte() {
    answers_as_the_endpoint(Datapath::default(), "core", |_, _| {});
}

/// Of what is more than a sign, both take the highest and the lowest bit.
#[test]
fn core_of_signs_answers_as_the_endpoint_whatever_is_loaded() {
    let signs = Datapath { weights: Weights::Signs, ..Datapath::default() };
    answers_as_the_endpoint(signs, "core_of_signs", |program, rng| {
        for region in [Region::A, Region::B, Region::C, Region::H] {
            program.tensor_mut(region).fill_with(|| rng.random_range(-127..=127));
        }
    });
}

fn answers_as_the_endpoint(datapath: Datapath, top: &str, change: impl Fn(&mut Program, &mut ChaCha8Rng)) {
    let rng = &mut random(7);
    let mut twin = twin(|| Core::new(&TINY, datapath, false), top);
    let mut endpoint = Endpoint::new(Clocked::<Memnet>::new(TINY, datapath)).unwrap();
    for _ in 0..2 {
        let mut program = random_program(rng, TINY, datapath);
        change(&mut program, rng);
        let mut contents = session(rng, &program, 80).into_iter();
        loop {
            // Now and then several frames come before the first is answered.
            let together = if rng.random_ratio(1, 4) { rng.random_range(2..6) } else { 1 };
            let contents: Vec<Vec<u8>> = contents.by_ref().take(together).collect();
            if contents.is_empty() {
                break;
            }
            // What was damaged is repeated, as a host does.
            let damaged: Vec<u8> = contents.iter().flat_map(|content| on_the_line(rng, content)).collect();
            let intact: Vec<u8> = contents.iter().flat_map(|content| encode(content)).collect();
            for bytes in [damaged, intact] {
                let expected = endpoint.push_all(&bytes).unwrap();
                let received = exchange(&mut twin, &bytes, expected.len(), rng);
                assert_eq!(received, expected, "to {contents:?}");
            }
        }
    }
}

/// Whatever length an item claims, and however many bytes are there.
#[test]
fn core_takes_every_length_as_the_endpoint_does() {
    let rng = &mut random(8);
    let mut twin = twin(|| Core::new(&TINY, Datapath::default(), false), "core_of_lengths");
    let mut endpoint = Endpoint::new(Clocked::<Memnet>::new(TINY, Datapath::default())).unwrap();
    let mut number = 0u8;
    for length in 0..=255 {
        for command in [Command::Status, Command::Begin, Command::Sentence] {
            let there =
                [usize::from(length), usize::from(length).saturating_sub(1), rng.random_range(0..4), CONTENT_MAX - 5];
            let there = there[rng.random_range(0..4)].min(CONTENT_MAX - 5);
            let bytes: Vec<u8> = (0..there).map(|_| rng.random_range(0..4)).collect();
            let content = [&[number, command as u8, length][..], &bytes].concat();
            number = number.wrapping_add(1);
            let expected = endpoint.push_all(&encode(&content)).unwrap();
            let received = exchange(&mut twin, &encode(&content), expected.len(), rng);
            assert_eq!(received, expected, "to {content:?}");
        }
    }
}

#[test]
fn board_answers_on_its_serial_lines() {
    const BIT: u32 = 4;
    let rng = &mut random(8);
    let mut twin = twin(|| Board::new(&TINY, Datapath::default(), BIT), TOP);
    let mut endpoint = Endpoint::new(Clocked::<Memnet>::new(TINY, Addressing::Hamming.into())).unwrap();
    let mut program = random_program(rng, TINY, Addressing::Hamming);
    (program.settings.words, program.settings.answers) = (2, 2);
    let story = [
        vec![Command::Sentence as u8, 0, 1, 1],
        vec![Command::Sentence as u8, 1],
        vec![Command::Question as u8, 1, 0],
        vec![Command::Status as u8],
    ];
    for (number, request) in load(&program).into_iter().chain(story).enumerate() {
        let frame = encode(&content(number as u8, &request));
        let expected = endpoint.push_all(&frame).unwrap();
        let received = exchange_on_lines(&mut twin, &frame, expected.len(), BIT);
        assert_eq!(received, expected, "to {request:?}");
    }
    assert!(twin.block().led.val(), "lit, because a program is loaded");
}
