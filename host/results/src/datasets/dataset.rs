//! The data that crossbar networks are trained with: what `recipes/crossbar` has a recipe for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crc::{CRC_64_XZ, Crc, Digest};
use engram_babi::DataSet;
use engram_crossbar::Recipes;
use engram_sequences::{Cache, Data, Recording, Workload, words};
use engram_session::Failure;

use crate::recipes::{first_comment, list};

/// The set whose symbols are the words of the first task of bAbI.
const BABI: &str = "babi";

/// The most symbols of a stream to test with.
pub const TEST_SYMBOLS: usize = 50_000;

/// A data set with its recipes. Its data are read when they are asked for: documents need none.
#[derive(Debug)]
pub struct Dataset {
    /// The name of its recipes' file, without `.toml`.
    pub name: String,
    /// The text of the first comment of the recipes' file.
    pub description: String,
    /// The recipes.
    pub recipes: Recipes,
    /// The recipes' settings as they are written, in the order of the alphabet: of the float network, of those made from it.
    pub settings: [String; 2],
    babi: Option<PathBuf>,
    loaded: OnceLock<Loaded>,
}

/// Data that were read.
#[derive(Debug)]
pub struct Loaded {
    /// The data; of a stream the test symbols that are used.
    pub data: Data,
    /// A number that changes with anything in the data.
    pub fingerprint: u64,
}

impl Dataset {
    /// The data sets of a folder of recipes, in the order of the workloads; `babi` is the folder of the official text.
    pub fn read_all(folder: &Path, babi: Option<&Path>) -> Result<Vec<Dataset>, Failure> {
        let mut recipes = list(folder, "data set")?;
        let place = |name: &str| Workload::ALL.iter().position(|workload| workload.name() == name);
        recipes.sort_by_key(|(name, _)| (place(name).unwrap_or(usize::MAX), name.clone()));
        recipes.into_iter().map(|(name, path)| Dataset::read(name, &path, babi)).collect()
    }

    fn read(name: String, path: &Path, babi: Option<&Path>) -> Result<Dataset, Failure> {
        let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let parsed = || Ok::<_, toml::de::Error>((toml::from_str::<toml::Table>(&text)?, toml::from_str(&text)?));
        let (table, recipes) = parsed().map_err(|error| wrong(format!("found no recipes: {error}")))?;
        let settings = ["float", "quantised"].map(|part| table.get(part).map_or(String::new(), toml::Value::to_string));
        let (description, babi) = (first_comment(&text), babi.map(Path::to_path_buf));
        Ok(Dataset { name, description, recipes, settings, babi, loaded: OnceLock::new() })
    }

    /// A data set of given data.
    #[cfg(test)]
    pub fn made_up(name: &str, recipes: Recipes, settings: [String; 2], data: Data) -> Dataset {
        let (name, description) = (name.to_string(), "Made-up data.".to_string());
        let loaded = OnceLock::from(Loaded { data, fingerprint: 7 });
        Dataset { name, description, recipes, settings, babi: None, loaded }
    }

    /// The data, which are read the first time.
    pub fn loaded(&self) -> anyhow::Result<&Loaded> {
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        let data = shortened(read_data(&self.name, self.babi.as_deref())?);
        let fingerprint = fingerprint(&data);
        Ok(self.loaded.get_or_init(|| Loaded { data, fingerprint }))
    }
}

/// The data sets that are wanted by name; all where none is named.
pub fn chosen<'a>(all: &'a [Dataset], names: &[String]) -> Result<Vec<&'a Dataset>, Failure> {
    let known: Vec<&str> = all.iter().map(|dataset| dataset.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let expected = known.join(", ");
        let text =
            format!("there is no data set '{unknown}': choose one of {expected}, each a recipe in recipes/crossbar");
        return Err(Failure::Usage(text));
    }
    Ok(all.iter().filter(|dataset| names.is_empty() || names.contains(&dataset.name)).collect())
}

fn read_data(name: &str, babi: Option<&Path>) -> anyhow::Result<Data> {
    if name != BABI {
        let workload: Workload =
            name.parse().map_err(|error| Failure::Input(format!("recipe {name}.toml: {error}")))?;
        return Ok(workload.read(&Cache::standard()?)?);
    }
    let text = "no bAbI text: give --data, or set ENGRAM_BABI";
    let folder = babi.ok_or_else(|| Failure::Input(text.to_string()))?;
    Ok(Data::Symbols(words::stream(&[DataSet::read(folder, 1)?.known()?])?))
}

fn shortened(mut data: Data) -> Data {
    if let Data::Symbols(dataset) = &mut data {
        dataset.test.truncate(TEST_SYMBOLS);
    }
    data
}

fn fingerprint(data: &Data) -> u64 {
    let crc = Crc::<u64>::new(&CRC_64_XZ);
    let mut digest = crc.digest();
    match data {
        Data::Recordings(dataset) => {
            [&dataset.train, &dataset.validation, &dataset.test].iter().for_each(|part| recordings(&mut digest, part));
        }
        Data::Symbols(dataset) => {
            digest.update(dataset.alphabet.join("\n").as_bytes());
            for part in [&dataset.train, &dataset.validation, &dataset.test] {
                let bytes: Vec<u8> = part.iter().flat_map(|symbol| symbol.to_le_bytes()).collect();
                digest.update(&(bytes.len() as u64).to_le_bytes());
                digest.update(&bytes);
            }
        }
    }
    digest.finalize()
}

fn recordings(digest: &mut Digest<u64>, part: &[Recording]) {
    for recording in part {
        digest.update(&recording.class.map_or(u64::MAX, |class| class as u64).to_le_bytes());
        digest.update(&(recording.len() as u64).to_le_bytes());
        let bytes: Vec<u8> = recording.values().iter().flat_map(|value| value.to_le_bytes()).collect();
        digest.update(&bytes);
    }
    digest.update(b"end");
}

#[cfg(test)]
pub mod tests {
    use engram_crossbar::{Precision, Precisions, Recipe};
    use engram_sequences::synthetic::Waves;

    use super::*;

    /// A small set of made-up recordings.
    pub fn waves() -> Dataset {
        let float = Recipe { hidden: 8, epochs: 3, ..Recipe::default() };
        let quantised = Recipe { epochs: 2, precisions: Precisions::alike(Precision::Bits(4)), ..float };
        let data = Waves { recordings: 6, ..Waves::default() }.generate().unwrap();
        let settings = ["epochs = 3".into(), "epochs = 2".into()];
        Dataset::made_up("waves", Recipes { float, quantised }, settings, Data::Recordings(data))
    }
}
