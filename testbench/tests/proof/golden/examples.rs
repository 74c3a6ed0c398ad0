//! The examples of `docs/numerics.md` and `docs/link.md`: a small model of each network as the page shows it, with what it is asked.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use engram_link::frames::Item;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{self, Crossbar, Requests as _};
use engram_spec::frame::Command;
use engram_spec::machine::Load;
use engram_spec::memnet::{self, Memnet, Requests as _};
use engram_testbench::Network;
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde_json::Value;

use super::pages::document;
use crate::blocks::requests::load;
use crate::clocked::Timed;

/// The model in JSON that the page shows behind a heading: metadata and tensors.
fn shown(heading: &str) -> Value {
    let text = document("docs/numerics.md").1;
    let (_, section) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("there is no {heading:?}"));
    let json = section.split("```").nth(1).and_then(|block| block.strip_prefix("json")).expect("a model in JSON");
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{heading}: {error}"))
}

/// The numbers of a tensor, row-major, and its shape.
fn tensor(rows: &Value) -> (Vec<f64>, Vec<usize>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let numbers = |values: Vec<Value>| values.iter().map(|x| x.as_f64().expect("a number")).collect::<Vec<f64>>();
    let rows = list(rows);
    match rows.first().map(Value::is_array) {
        Some(true) => {
            let width = list(&rows[0]).len();
            (rows.iter().flat_map(|row| numbers(list(row))).collect(), vec![rows.len(), width])
        }
        _ => (numbers(rows.clone()), vec![rows.len()]),
    }
}

/// A model that the page shows behind a heading, by way of a file.
fn read<T>(heading: &str, read: impl Fn(&Path) -> T) -> T {
    let (model, folder) = (shown(heading), tempfile::tempdir().expect("a folder"));
    let metadata = model["metadata"].as_object().expect("metadata").iter();
    let metadata: HashMap<String, String> = metadata.map(|(key, value)| (key.clone(), value.to_string())).collect();
    let tensors = model["tensors"].as_object().expect("tensors").iter().map(|(name, rows)| {
        let (numbers, shape) = tensor(rows);
        let (dtype, bytes) = match name.contains("bias") {
            true => (Dtype::F32, numbers.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect::<Vec<u8>>()),
            false => (Dtype::I8, numbers.iter().map(|&x| x as i8 as u8).collect()),
        };
        (name, dtype, shape, bytes)
    });
    let tensors: Vec<_> = tensors.collect();
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).expect("a tensor"))
    });
    let bytes = serialize(views.collect::<BTreeMap<_, _>>(), Some(metadata)).expect("a file");
    let path = folder.path().join("model.safetensors");
    std::fs::write(&path, bytes).expect("a file that can be written");
    read(&path)
}

/// A model of the pages with what is asked of it.
pub trait Example: Timed {
    /// The program for the geometry `tiny`.
    fn loaded() -> Self::Program;
    /// The build of the device.
    fn built() -> Self::Build;
    /// The program's numbers but its weights, and the values of the computation by name.
    fn values() -> Vec<String>;
    /// The traffic of a conversation.
    fn traffic() -> Vec<Sent>;
    /// The decimal numbers of a request's payload, in words.
    fn spoken(command: Command, payload: &[u8]) -> String;
}

/// Bytes that a host sends.
pub enum Sent {
    /// A request with the next number.
    Request(Vec<Item>),
    /// The last request once more.
    Again,
    /// A request that is damaged on its way, and sent again.
    Damaged(Vec<Item>),
    /// Bytes that are no request.
    Bytes(&'static [u8], &'static str),
}

fn with(command: Command, payload: &[u8]) -> Sent {
    Sent::Request(vec![Item::new(command, payload)])
}

/// The requests of a load.
fn loading(program: &impl Load) -> impl Iterator<Item = Sent> {
    let command = |id: u8| Command::from_id(id).expect("a command");
    load(program).into_iter().map(move |request| with(command(request[0]), &request[1..]))
}

/// Numbers in a list.
pub fn list<T: ToString>(numbers: impl IntoIterator<Item = T>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

const MEMNET: &str = "### A memory network from file to answer";
const CROSSBAR: &str = "### A crossbar network from file to answer";

/// The numbers of the words of the example's story and question.
fn story() -> (Vec<Vec<u8>>, Vec<u8>) {
    let (page, model) = (shown(MEMNET), read(MEMNET, |path| engram_memnet::Model::load(path).unwrap()));
    let words = |text: &Value| model.vocabulary.encode(&engram_babi::tokens(text.as_str().expect("a text"))).unwrap();
    let story = page["story"].as_array().expect("a story").iter().map(words).collect();
    (story, words(&page["question"]))
}

impl Example for Memnet {
    fn loaded() -> memnet::Program {
        let model = read(MEMNET, |path| engram_memnet::Model::load(path).unwrap());
        model.program(memnet::geometry::TINY).unwrap()
    }

    fn built() -> memnet::Datapath {
        memnet::Datapath::default()
    }

    fn values() -> Vec<String> {
        let program = Memnet::loaded();
        let mut device = Memnet::integer(&program.geometry, program.datapath);
        device.load(&program).unwrap();
        device.record(true);
        let (story, question) = story();
        story.iter().for_each(|words| device.sentence(words).unwrap());
        device.question(&question).unwrap();
        let settings = format!("{:?}", program.settings).replace("Settings { ", "").replace(" }", "").replace(':', "");
        let values = device.trace().unwrap().entries.into_iter().map(|entry| entry.to_string());
        [settings].into_iter().chain(values).collect()
    }

    fn traffic() -> Vec<Sent> {
        let (story, question) = story();
        let mut traffic = vec![with(Command::Identify, &[]), with(Command::Sentence, &story[0])];
        traffic.extend(loading(&Memnet::loaded()));
        traffic.extend(story.iter().map(|words| with(Command::Sentence, words)));
        traffic.extend([Sent::Again, Sent::Damaged(vec![Item::new(Command::Question, &question)])]);
        traffic.extend([with(Command::Sentence, &[3, 5]), with(Command::Status, &[]), with(Command::Clear, &[])]);
        traffic.push(with(Command::Question, &question));
        // A story with its question in one frame.
        let told = story.iter().map(|words| Item::new(Command::Sentence, words).brief());
        let asked = [Item::new(Command::Question, &question)];
        traffic.push(Sent::Request([Item::new(Command::Clear, &[])].into_iter().chain(told).chain(asked).collect()));
        traffic.push(Sent::Bytes(&[0, 0], "two empty frames: no reply"));
        traffic.push(Sent::Bytes(&[5, 7, 0], "a frame that was torn"));
        traffic
    }

    fn spoken(command: Command, payload: &[u8]) -> String {
        match (command, payload) {
            (Command::Row, [region, row, codes @ ..]) => {
                let region = memnet::geometry::Region::from_id(*region).expect("a region");
                let (program, codes) = (Memnet::loaded(), codes.iter().map(|&code| code as i8));
                format!(" {} {row}: {}", program.tensor(region).0, list(codes))
            }
            _ => format!(" {}", list(payload)),
        }
    }
}

/// The recording of the crossbar's example, normalised and converted.
fn steps(model: &engram_crossbar::Model) -> Vec<Vec<i8>> {
    let rows = shown(CROSSBAR)["recording"].as_array().expect("a recording").clone();
    let values = rows.iter().flat_map(|row| row.as_array().expect("a step").clone());
    let values = values.map(|value| value.as_f64().map_or(f32::NAN, |value| value as f32)).collect();
    let recording = engram_sequences::Recording::new(rows[0].as_array().map_or(0, Vec::len), values, 0).unwrap();
    engram_crossbar::evaluate::codes(model, &recording).unwrap()
}

fn crossbar_model() -> engram_crossbar::Model {
    read(CROSSBAR, |path| engram_crossbar::Model::load(path).unwrap())
}

impl Example for Crossbar {
    fn loaded() -> crossbar::Program {
        let read_noise = shown(CROSSBAR)["noise-read"].as_f64().expect("noise");
        let programming = engram_crossbar::Programming { read_noise, ..Default::default() };
        crossbar_model().program(crossbar::geometry::TINY, &programming).unwrap()
    }

    fn built() -> Option<Predictor> {
        Some(Predictor::of(&crossbar::geometry::TINY))
    }

    fn values() -> Vec<String> {
        let (model, program) = (crossbar_model(), Crossbar::loaded());
        let mut device = Crossbar::integer(&program.geometry, Crossbar::built());
        device.load(&program).unwrap();
        device.memoize(&model.memoization.unwrap()).unwrap();
        device.record(true);
        let settings = crossbar::Gate::ALL.into_iter().zip(program.settings.gates).map(|(gate, settings)| {
            let crossbar::GateSettings { mantissa, shift, noise, scale } = settings;
            format!("{}: m {mantissa}, s {shift}, noise {noise}, q {scale}", gate.name())
        });
        let mut values: Vec<String> = settings.collect();
        values.push(format!("b {}", list(&program.bias)));
        values.push(format!("b_v {}", list(&program.readout_bias)));
        for codes in steps(&model) {
            values.push(format!("step {}", list(&codes)));
            device.step(&codes).unwrap();
            values.extend(device.trace().unwrap().entries.into_iter().map(|entry| entry.to_string()));
        }
        device.answer().unwrap();
        values.extend(device.trace().unwrap().entries.into_iter().map(|entry| entry.to_string()));
        values
    }

    fn traffic() -> Vec<Sent> {
        let model = crossbar_model();
        let step = |codes: &Vec<i8>| with(Command::Step, &codes.iter().map(|&code| code as u8).collect::<Vec<u8>>());
        let mut traffic = vec![with(Command::Identify, &[]), with(Command::Answer, &[])];
        traffic.extend(loading(&Crossbar::loaded()));
        traffic.extend([with(Command::Answer, &[]), with(Command::Step, &[7]), with(Command::Symbol, &[2])]);
        traffic.push(with(Command::Memoize, &model.memoization.unwrap().to_bytes()));
        traffic.extend(steps(&model).iter().map(step));
        traffic.push(with(Command::Answer, &[]));
        traffic.extend((0..=8).map(|place| with(Command::Tally, &[place])));
        traffic.extend([with(Command::Clear, &[]), with(Command::Symbol, &[1]), with(Command::Status, &[])]);
        traffic.push(with(Command::Sentence, &[1]));
        traffic
    }

    fn spoken(command: Command, payload: &[u8]) -> String {
        let words = |bytes: &[u8]| list(bytes.chunks(2).map(|word| u16::from_le_bytes([word[0], word[1]])));
        match command {
            Command::Begin => {
                let (sizes, rest) = payload.split_at(6);
                let (gates, seed) = rest.split_at(24);
                let gate = |gate: &[u8]| format!("{} {}", list(&gate[..2]), words(&gate[2..]));
                let gates = gates.chunks(6).map(gate).collect::<Vec<_>>().join("; ");
                format!(" {}; {gates}; seed {}", list(sizes), u32::from_le_bytes(seed.try_into().unwrap()))
            }
            Command::Row => format!(" {} {}", payload[0], words(&payload[1..3])),
            Command::Step => format!(" {}", list(payload.iter().map(|&code| code as i8))),
            Command::Memoize => format!(" {}: {}", payload[0], words(&payload[1..])),
            _ => format!(" {}", list(payload)),
        }
    }
}
