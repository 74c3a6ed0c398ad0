//! The seconds of processor time of an epoch of training, and the same data in a file for other programs.
//!
//! `epochs OUT`: trains on the fetched recordings and on a part of Shakespeare (or on made-up sequences, where nothing is
//! fetched) with networks of the recipes' sizes, in f32 and with 4 bits. Prints a JSON list, an object a data set, and writes
//! the data to OUT/NAME.json. `bench/training.py` runs it.

use std::error::Error;
use std::path::Path;

use engram_crossbar::{Precision, Precisions, Recipe, train};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Cache, Data, Normaliser, Recording, Workload};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};

/// Epochs of a short and of a long training: an epoch takes their difference's share.
const EPOCHS: (usize, usize) = (2, 10);

/// Characters of a text that are trained on, and that are for validation.
const CHARACTERS: (usize, usize) = (100_000, 10_000);

/// Processor time of this process so far, in seconds.
fn processor_seconds() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).map_or(0.0, |usage| {
        let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
        seconds(usage.user_time()) + seconds(usage.system_time())
    })
}

/// A data set, what it is called, and the hidden elements and the batch that its recipe in `recipes/crossbar` has.
struct Job {
    name: &'static str,
    data: Data,
    hidden: usize,
    batch: usize,
}

/// The fetched data, or made-up ones.
fn jobs() -> Result<Vec<Job>, Box<dyn Error>> {
    let job = |name, mut data, hidden, batch| {
        if let Data::Symbols(set) = &mut data {
            set.train.truncate(CHARACTERS.0);
            set.validation.truncate(CHARACTERS.1);
        }
        Job { name, data, hidden, batch }
    };
    let cache = Cache::standard()?;
    if !cache.is_filled() {
        let waves = Waves { classes: 9, channels: 12, steps: 7..=29, recordings: 24, ..Waves::default() };
        let text = Text { symbols: 64, length: CHARACTERS.0, seed: 1 };
        let (waves, text) = (Data::Recordings(waves.generate()?), Data::Symbols(text.generate()?));
        return Ok(vec![job("made-up recordings", waves, 48, 16), job("made-up text", text, 64, 16)]);
    }
    let sizes = [
        (Workload::JapaneseVowels, 48, 16),
        (Workload::BasicMotions, 32, 4),
        (Workload::Watch, 32, 16),
        (Workload::Shakespeare, 64, 16),
    ];
    sizes.into_iter().map(|(set, hidden, batch)| Ok(job(set.name(), set.read(&cache)?, hidden, batch))).collect()
}

/// The data as JAX learns from them: normalised values with classes, or symbols.
fn exported(data: &Data, recipe: &Recipe) -> Result<Value, Box<dyn Error>> {
    let size = json!({"hidden": recipe.hidden, "batch": recipe.batch, "unroll": recipe.unroll, "rate": recipe.rate, "clip": recipe.clip});
    Ok(match data {
        Data::Recordings(set) => {
            let set = set.normalised(&Normaliser::fit(&set.train, recipe.covered)?)?;
            let part = |part: &[Recording]| -> Vec<Value> {
                part.iter().map(|one| json!({"values": one.values(), "class": one.class})).collect()
            };
            let (inputs, outputs) = (set.channels, set.classes.len());
            json!({"inputs": inputs, "outputs": outputs, "recipe": size, "train": part(&set.train), "validation": part(&set.validation)})
        }
        Data::Symbols(set) => {
            let symbols = set.alphabet.len();
            json!({"inputs": symbols, "outputs": symbols, "recipe": size, "train": set.train, "validation": set.validation})
        }
    })
}

/// Seconds of processor time of an epoch.
fn epoch(data: &Data, recipe: &Recipe) -> Result<f64, Box<dyn Error>> {
    let seconds = |epochs: usize| -> Result<f64, Box<dyn Error>> {
        let before = processor_seconds();
        train(data, &Recipe { epochs, ..*recipe }, 1, None, &|_| ())?;
        Ok(processor_seconds() - before)
    };
    let (few, many) = EPOCHS;
    Ok((seconds(many)? - seconds(few)?) / (many - few) as f64)
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).ok_or("found no folder, expected: epochs OUT")?;
    std::fs::create_dir_all(&out)?;
    let mut measured = Vec::new();
    for Job { name, data, hidden, batch } in jobs()? {
        let recipe = Recipe { hidden, batch, ..Recipe::default() };
        std::fs::write(Path::new(&out).join(format!("{name}.json")), exported(&data, &recipe)?.to_string())?;
        let four_bits = Recipe { precisions: Precisions::alike(Precision::Bits(4)), ..recipe };
        measured.push(json!({"data": name, "hidden": hidden, "batch": batch,
            "float": epoch(&data, &recipe)?, "four_bits": epoch(&data, &four_bits)?}));
    }
    println!("{}", Value::from(measured));
    Ok(())
}
