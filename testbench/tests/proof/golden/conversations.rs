//! The conversations of `docs/link.md`: the example of each network, loaded in frames and asked. Code writes the page's bytes; the
//! endpoint, the in-crate simulation and the Verilog reply with them.

use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::memnet::core::Core;
use engram_hdl::prelude::Cycle;
use engram_link::Endpoint;
use engram_link::codec::{Decoder, encode};
use engram_spec::crossbar::{self, Crossbar};
use engram_spec::frame::{Command, Refusal};
use engram_spec::machine::Load;
use engram_spec::memnet::{self, Memnet};
use engram_testbench::block::Twin;
use engram_testbench::in_crate::ByteStream;

use super::examples::{Example, Sent, list};
use crate::blocks::exchange::exchange;
use crate::blocks::stimulus::{random, twin};
use crate::clocked::Clocked;

/// A request's frame in words: number, command, payload.
fn request_in_words<M: Example>(content: &[u8]) -> String {
    let command = Command::from_id(content[1]).expect("a command");
    let payload = match command {
        Command::Seal => format!(" {:08x}", u32::from_le_bytes(content[2..].try_into().unwrap())),
        _ if content.len() == 2 => String::new(),
        _ => M::spoken(command, &content[2..]),
    };
    format!("{} {}{payload}", content[0], format!("{command:?}").to_lowercase())
}

/// A reply's content in words.
fn reply_in_words<M: Example>(command: Command, content: &[u8]) -> String {
    let payload = &content[2..];
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u32, |number, &byte| number << 8 | u32::from(byte));
    match (Refusal::from_id(content[1]), command) {
        (Some(Refusal::BadFrame), _) => "number 0, refusal 1: BadFrame".to_string(),
        (Some(refusal), _) => format!("refusal {}: {refusal:?}", refusal as u8),
        (None, Command::Identify) => {
            let (build, sizes) = (list(&payload[..5]), list(&payload[9..]));
            format!("version, geometry, build, loaded {build}; hash {:08x}; sizes {sizes}", number(&payload[5..9]))
        }
        (None, Command::Sentence) => format!("{} in the memory", payload[0]),
        (None, Command::Question | Command::Answer) => {
            let [logit, cycles] = [1..5, 5..9].map(|place| number(&payload[place]));
            format!("{}, logit {}, {cycles} cycles", payload[0], logit as i32)
        }
        (None, Command::Status) => {
            let progress = format!("{:?}", M::progress(payload[1..4].try_into().unwrap())).replace(':', "");
            let progress = progress.split(['{', '}']).nth(1).unwrap_or_default().trim();
            let [bad, repeats] = [4..6, 6..8].map(|place| number(&payload[place]));
            format!("loaded {}, {progress}, bad frames {bad}, repeats {repeats}", payload[0])
        }
        (None, Command::Step | Command::Symbol) => format!("{} cycles", number(payload)),
        (None, Command::Tally) => number(payload).to_string(),
        (None, _) => "done".to_string(),
    }
}

/// The bytes of a conversation, request by request, each with what it says.
struct Exchanged {
    sent: Vec<u8>,
    said: String,
    replied: Vec<u8>,
    answered: String,
}

/// The conversation that the endpoint has.
fn exchanged<M: Example>() -> Vec<Exchanged> {
    let mut endpoint = Endpoint::<M, _>::new(Clocked::new(M::loaded().geometry(), M::built())).unwrap();
    let (mut number, mut last, mut exchanged) = (0, Vec::new(), Vec::new());
    let mut say = |sent: Vec<u8>, said: String, command: Command| {
        let replied = endpoint.push_all(&sent).unwrap();
        let mut decoder = Decoder::new();
        let content = replied.iter().find_map(|&byte| decoder.push(byte)).map(|content| content.expect("sound"));
        let answered = content.map(|content| reply_in_words::<M>(command, &content)).unwrap_or_default();
        exchanged.push(Exchanged { sent, said, replied, answered });
    };
    for sent in M::traffic() {
        let damaged = matches!(sent, Sent::Damaged(_));
        match sent {
            Sent::Bytes(bytes, said) => {
                say(bytes.to_vec(), said.to_string(), Command::Status);
                continue;
            }
            Sent::Again => {}
            Sent::Request(request) | Sent::Damaged(request) => {
                number += 1;
                last = [&[number], &request[..]].concat();
            }
        }
        let (frame, said) = (encode(&last), request_in_words::<M>(&last));
        let command = Command::from_id(last[1]).expect("a command");
        if damaged {
            let mut changed = frame.clone();
            changed[3] ^= 0x10;
            say(changed, format!("{said}, a bit of it changed on the way"), command);
        }
        say(frame, said, command);
    }
    exchanged
}

/// A conversation in the page's code block.
fn written_down(conversation: &[Exchanged]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    let mut text = "\n```text\n".to_string();
    for Exchanged { sent, said, replied, answered } in conversation {
        text += &format!("> {:<52} # {said}\n", hex(sent));
        if !replied.is_empty() {
            text += &format!("< {:<52} # {answered}\n", hex(replied));
        }
    }
    text + "```\n"
}

/// The program's numbers and the values of the example of a network, as the page shows them.
pub fn values(network: &str) -> String {
    let values = if network == "memnet" { Memnet::values() } else { Crossbar::values() };
    format!("\n```text\n{}\n```\n", values.join("\n"))
}

/// The conversation of a network, as the page shows it.
pub fn conversation(network: &str) -> String {
    if network == "memnet" { written_down(&exchanged::<Memnet>()) } else { written_down(&exchanged::<Crossbar>()) }
}

/// Plays a conversation on a core beside its Verilog.
fn play<M: Example, B: Cycle + ByteStream>(mut core: Twin<B>) {
    let rng = &mut random(45);
    for Exchanged { sent, said, replied, .. } in exchanged::<M>() {
        assert_eq!(exchange(&mut core, &sent, replied.len(), rng), replied, "{said}");
    }
}

#[test]
fn examples_are_those_of_the_hardware() {
    play::<Memnet, _>(twin(|| Core::new(&memnet::geometry::TINY, Memnet::built(), false), "core"));
    let core = || CrossbarCore::new(&crossbar::geometry::TINY, Crossbar::built());
    play::<Crossbar, _>(twin(core, "crossbar_core_with_memo"));
}
