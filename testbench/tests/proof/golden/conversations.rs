//! The conversations of `docs/link.md`: the example of each network, loaded in frames and asked. Code writes the page's bytes; the
//! endpoint, the in-crate simulation and the Verilog reply with them.

use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::memnet::core::Core;
use engram_hdl::prelude::Cycle;
use engram_link::Endpoint;
use engram_link::codec::{Decoder, encode};
use engram_link::frames::{Item, Reply, request};
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

/// A request's frame in words: number, then each item's command and payload.
fn request_in_words<M: Example>(number: u8, items: &[Item]) -> String {
    let item = |Item { command, payload, brief }: &Item| {
        let payload = match command {
            Command::Seal => format!(" {:08x}", u32::from_le_bytes(payload[..].try_into().unwrap())),
            _ if payload.is_empty() => String::new(),
            _ => M::spoken(*command, payload),
        };
        format!("{}{}{payload}", format!("{command:?}").to_lowercase(), if *brief { " briefly" } else { "" })
    };
    format!("{number} {}", items.iter().map(item).collect::<Vec<_>>().join("; "))
}

/// A reply's content in words.
fn reply_in_words<M: Example>(items: &[Item], content: &[u8]) -> String {
    let Reply { mut payload, refused, .. } = Reply::of(content).expect("a reply");
    let done = refused.map_or(items.len(), |(done, _)| done);
    let answering = items[..done].iter().filter(|item| item.reply_bytes() > 0);
    let mut words: Vec<String> = Vec::new();
    for item in answering {
        let (own, rest) = payload.split_at(item.reply_bytes());
        words.push(payload_in_words::<M>(item.command, own));
        payload = rest;
    }
    words.extend(refused.map(|(_, id)| match Refusal::from_id(id).expect("a refusal") {
        Refusal::BadFrame => "number 0, refusal 1: BadFrame".to_string(),
        refusal => format!("refusal {id}: {refusal:?}"),
    }));
    if words.is_empty() { "done".to_string() } else { words.join("; ") }
}

/// The payload of an item that was carried out, in words.
fn payload_in_words<M: Example>(command: Command, payload: &[u8]) -> String {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u32, |number, &byte| number << 8 | u32::from(byte));
    match command {
        Command::Identify => {
            let (build, sizes) = (list(&payload[..5]), list(&payload[9..]));
            format!("version, geometry, build, loaded {build}; hash {:08x}; sizes {sizes}", number(&payload[5..9]))
        }
        Command::Sentence => format!("{} in the memory", payload[0]),
        Command::Question | Command::Answer => {
            let [logit, cycles] = [1..5, 5..9].map(|place| number(&payload[place]));
            format!("{}, logit {}, {cycles} cycles", payload[0], logit as i32)
        }
        Command::Status => {
            let progress = format!("{:?}", M::progress(payload[1..4].try_into().unwrap())).replace(':', "");
            let progress = progress.split(['{', '}']).nth(1).unwrap_or_default().trim();
            let [bad, repeats] = [4..6, 6..8].map(|place| number(&payload[place]));
            format!("loaded {}, {progress}, bad frames {bad}, repeats {repeats}", payload[0])
        }
        Command::Step | Command::Symbol => format!("{} cycles", number(payload)),
        _ => number(payload).to_string(),
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
    let (mut next, mut last, mut exchanged) = (0, (0, Vec::new()), Vec::new());
    let mut say = |sent: Vec<u8>, said: String, items: &[Item]| {
        let replied = endpoint.push_all(&sent).unwrap();
        let mut decoder = Decoder::new();
        let content = replied.iter().find_map(|&byte| decoder.push(byte)).map(|content| content.expect("sound"));
        let answered = content.map(|content| reply_in_words::<M>(items, &content)).unwrap_or_default();
        exchanged.push(Exchanged { sent, said, replied, answered });
    };
    for sent in M::traffic() {
        let damaged = matches!(sent, Sent::Damaged(_));
        match sent {
            Sent::Bytes(bytes, said) => {
                say(bytes.to_vec(), said.to_string(), &[]);
                continue;
            }
            Sent::Again => {}
            Sent::Request(items) | Sent::Damaged(items) => {
                last = (next, items);
                next += 1;
            }
        }
        let (number, items) = &last;
        let (frame, said) = (encode(&request(*number, items)), request_in_words::<M>(*number, items));
        if damaged {
            let mut changed = frame.clone();
            changed[3] ^= 0x10;
            say(changed, format!("{said}, a bit of it changed on the way"), items);
        }
        say(frame, said, items);
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
