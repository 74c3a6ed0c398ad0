//! The number of questions that the integer model answers in a second of one core, and the same questions in a file for
//! other programs.
//!
//! `questions MODELS DATA|generated OUT`: for every model MODELS/qaN.safetensors the test questions of task N are asked, from
//! the bAbI files in DATA or generated. Prints a JSON list, an object a task; writes the network as real numbers and the
//! questions in word numbers to OUT/qaN.json where that is missing. `make bench` runs it.

use std::error::Error;
use std::path::Path;

use engram_babi::DataSet;
use engram_memnet::examples::{Examples, Question};
use engram_memnet::{IntegerModel, Model};
use engram_spec::Device;
use engram_spec::memnet::geometry::PRESETS;
use engram_spec::memnet::{Geometry, Requests};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};

/// Seconds of processor time for which each measurement repeats its passes over the questions.
const SECONDS: f64 = 0.2;

/// Processor time of this process so far, in seconds.
fn processor_seconds() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).map_or(0.0, |usage| {
        let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
        seconds(usage.user_time()) + seconds(usage.system_time())
    })
}

/// The way of a question to the device.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Each question with its whole story before it, as for a program that keeps nothing between two questions.
    Alone,
    /// Each question at its place in its story, which is sent once: the way of the device.
    InItsStory,
}

/// Asks every question once. Gives how many were answered rightly.
fn pass(device: &mut IntegerModel, examples: &Examples, slots: usize, way: Way) -> Result<usize, Box<dyn Error>> {
    let (mut story, mut sent, mut right) = (usize::MAX, 0, 0);
    for question in &examples.questions {
        let sentences = match way {
            Way::Alone => examples.story(question, slots),
            Way::InItsStory if question.sentences.start == story => &examples.sentences[sent..question.sentences.end],
            Way::InItsStory => &examples.sentences[question.sentences.clone()],
        };
        if matches!(way, Way::Alone) || question.sentences.start != story {
            device.clear()?;
        }
        (story, sent) = (question.sentences.start, question.sentences.end);
        for sentence in sentences {
            device.sentence(sentence)?;
        }
        right += usize::from(device.question(&question.words)?.word == question.answer);
    }
    Ok(right)
}

/// Questions a second of processor time, the best of passes that together take [`SECONDS`], and the right answers.
fn measure(
    device: &mut IntegerModel,
    examples: &Examples,
    slots: usize,
    way: Way,
) -> Result<(f64, usize), Box<dyn Error>> {
    let (start, mut best, mut right) = (processor_seconds(), f64::INFINITY, 0);
    while processor_seconds() - start < SECONDS {
        // Enough passes for the clock to resolve them.
        let (before, mut passes) = (processor_seconds(), 0);
        while processor_seconds() - before < SECONDS / 20.0 {
            right = pass(device, examples, slots, way)?;
            passes += 1;
        }
        best = best.min((processor_seconds() - before) / f64::from(passes));
    }
    Ok((examples.questions.len() as f64 / best, right))
}

/// The network as real numbers and the questions as word numbers.
fn export(model: &Model, examples: &Examples) -> Value {
    let (_, tensors) = model.network();
    let shape = model.design.shape;
    let sentences = |question: &Question| {
        let end = question.sentences.end;
        [question.sentences.start.max(end.saturating_sub(shape.slots)), end]
    };
    let questions: Vec<Value> = examples
        .questions
        .iter()
        .map(|question| json!({"story": sentences(question), "words": question.words, "answer": question.answer}))
        .collect();
    json!({
        "words": shape.words, "elements": shape.elements, "hops": shape.hops, "positions": shape.positions,
        "position": tensors.position,
        "a": tensors.a, "b": tensors.b, "c": tensors.c, "w": tensors.w, "h": tensors.h,
        "age_a": tensors.age_a, "age_c": tensors.age_c,
        "sentences": examples.sentences, "questions": questions,
    })
}

/// The smallest preset that holds a model.
fn preset(model: &Model) -> Result<Geometry, String> {
    let fits = |preset: &Geometry| model.program(*preset).is_ok();
    PRESETS.into_iter().find(fits).ok_or("a model that no preset holds; train a smaller one".to_string())
}

fn task(number: u8, path: &Path, data: &str, out: &Path) -> Result<Value, Box<dyn Error>> {
    let model = Model::load(path)?;
    let data = match data {
        "generated" => DataSet::generate(number, 1000, 1000, 1)?,
        folder => DataSet::read(folder, number)?,
    };
    let geometry = preset(&model)?;
    let examples = Examples::encode(&data.test, &model.vocabulary)?;
    let file = out.join(format!("qa{number}.json"));
    if !file.exists() {
        std::fs::write(file, export(&model, &examples).to_string())?;
    }
    let program = model.program(geometry)?;
    let mut device = IntegerModel::new(geometry, program.datapath);
    device.load(&program)?;
    let slots = model.design.shape.slots;
    let (alone, right) = measure(&mut device, &examples, slots, Way::Alone)?;
    let (in_its_story, _) = measure(&mut device, &examples, slots, Way::InItsStory)?;
    let sentences: usize = examples.questions.iter().map(|question| examples.story(question, slots).len()).sum();
    Ok(json!({
        "task": number, "source": data.source.to_string(), "addressing": model.design.addressing.name(),
        "questions": examples.questions.len(), "right": right, "words": model.design.shape.words,
        "sentences_a_question": sentences as f64 / examples.questions.len() as f64,
        "alone": alone, "in_its_story": in_its_story,
    }))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [models, data, out] = arguments.as_slice() else {
        return Err("expected three arguments: MODELS DATA|generated OUT".into());
    };
    let mut tasks = Vec::new();
    for number in 1..=20 {
        let path = Path::new(models).join(format!("qa{number}.safetensors"));
        if path.exists() {
            tasks.push(task(number, &path, data, Path::new(out)).map_err(|error| format!("task {number}: {error}"))?);
        }
    }
    println!("{}", Value::from(tasks));
    Ok(())
}
