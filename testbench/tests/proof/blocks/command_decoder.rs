//! The command decoder behind the frame handler: what is refused, what is kept, what is replied.

use engram_hdl::memnet::command_decoder::CommandDecoder;
use engram_link::Endpoint;
use engram_link::codec::{Decoder, encode};
use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::frame::{Command, Refusal};
use engram_spec::memnet::geometry::TINY;
use engram_spec::memnet::{Addressing, Datapath, Program, Settings};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::frame_handler::HandlerBench;
use super::lanes::sequencer_settings;
use super::requests::{content, session};
use super::stimulus::{draw, random, random_program, twin};

/// A number at the ends of a range, now and then any.
fn near(least: u8, most: u8, rng: &mut impl Rng) -> u8 {
    let ends = [least, least + 1, most - 1, most];
    if rng.random_ratio(1, 60) { rng.random() } else { ends[rng.random_range(0..4)] }
}

/// Settings at and beyond the ends of their ranges, which are narrower where formats are graded.
#[test]
fn decoder_takes_the_settings_that_a_program_may_have() {
    for addressing in [Addressing::Hamming, Addressing::Dot] {
        let rng = &mut random(9);
        let mut bench = HandlerBench::new(twin(
            || CommandDecoder::new(&TINY, addressing.into()),
            &format!("memnet_command_decoder_{addressing}"),
        ));
        let (mut taken, mut refused) = ([0; 2], 0);
        for number in 0..2_000 {
            let shift = |rng: &mut ChaCha8Rng| {
                near([0, 1, 2][rng.random_range(0..3)], [13, 14, 15][rng.random_range(0..3)], rng)
            };
            let adjacent = near(0, 1, rng) & 3;
            let hops = if rng.random() { near(1, 15, rng) } else { near(1, 5, rng) };
            let words = near(1, TINY.words as u8, rng);
            let most_slots = [TINY.ring(2), TINY.ring(5)][rng.random_range(0..2)];
            let settings = Settings {
                hops,
                words,
                answers: if rng.random() { near(1, TINY.words as u8, rng) } else { near(1, words.max(4), rng) },
                memory_a: shift(rng),
                memory_c: shift(rng),
                question: shift(rng),
                score: shift(rng),
                centre: near(0, 255, rng),
                padding: near(0, TINY.elements as u8 - 1, rng),
                align: near(0, 14, rng),
                controller: shift(rng),
                graded: near(0, 1, rng) & 3,
                adjacent,
                slots: near(1, most_slots as u8, rng),
            };
            let content = content(number as u8, &[&[Command::Begin as u8][..], &settings.to_bytes()].concat());
            let reply = bench.request(&content, true, rng, |_| {});
            let good = Program::zeroed(TINY, addressing, settings).validate().is_ok();
            let expected = if good { 0 } else { Refusal::WrongGeometry as u8 };
            assert_eq!(reply.last(), Some(&expected), "{settings:?}");
            if good {
                taken[usize::from(settings.graded)] += 1;
                assert_eq!(bench.decoder.block().settings.val(), sequencer_settings(&TINY, &settings));
            } else {
                refused += 1;
            }
        }
        let graded = addressing == Addressing::Hamming;
        assert!(taken[0] > 100 && (taken[1] > 50) == graded && refused > 100, "{taken:?} taken, {refused} refused");
    }
}

#[test]
fn decoder_refuses_and_replies_as_the_endpoint() {
    let rng = &mut random(6);
    let mut bench =
        HandlerBench::new(twin(|| CommandDecoder::new(&TINY, Datapath::default()), "memnet_command_decoder"));
    let mut endpoint = Endpoint::new(IntegerModel::new(TINY, Addressing::Hamming)).unwrap();
    let program = random_program(rng, TINY, Addressing::Hamming);
    for content in session(rng, &program, 200) {
        let damaged = rng.random_ratio(1, 20);
        let frame = if damaged { vec![1, 0] } else { encode(&content) };
        let reply = endpoint.push_all(&frame).unwrap();
        let mut decoder = Decoder::new();
        let expected = reply.iter().find_map(|&byte| decoder.push(byte)).unwrap().unwrap();
        // The engine's counters and answer are any numbers, but whether there is a story decides about a refusal.
        let sentences = endpoint.device_mut().status().unwrap().progress.sentences;
        let (logit, answer) = (draw(rng), draw(rng));
        bench
            .decoder
            .settle(|block| {
                block.sentences.next = u64::from(sentences).into();
                (block.forgotten.next, block.answer.next, block.logit.next) = (draw(rng), answer, logit);
            })
            .unwrap();
        let found = bench.request(&content, !damaged, rng, |_| {});
        let shown = |reply: &[u8]| (reply.first().copied(), reply.last().copied(), reply.len());
        assert_eq!(shown(&found), shown(&expected), "number, refusal, length of the reply to {content:?}");
    }
}
