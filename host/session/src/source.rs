//! The source of stories: a directory of bAbI files, or the generator.

use std::path::{Path, PathBuf};

use engram_babi::encoding::{decode, read_bytes};
use engram_babi::{BabiError, DataSet, Parts};

use crate::failure::Failure;

/// The environment variable that names a directory of bAbI files, or one that holds `en`.
pub const DATA_VARIABLE: &str = "ENGRAM_BABI";
/// The folder that is searched if no other is named.
pub const DATA_DEFAULT: &str = "../shared/babi/en";
/// Questions of generated training text, and of test text: as many as the official `en` files have.
pub const QUESTIONS: usize = 1000;

/// The stories to use.
#[derive(Clone, Debug, PartialEq)]
pub struct StorySource {
    /// The folder of bAbI files [default: the folder that ENGRAM_BABI names, else ../shared/babi/en if it exists, else
    /// generated text]. For a crossbar model also a .ts file or a text.
    pub data: Option<PathBuf>,
    /// Use generated text, or made-up recordings. Their results are no bAbI scores and say nothing about real recordings.
    pub generated: bool,
    /// The seed of generated text.
    pub data_seed: u64,
}

impl StorySource {
    /// The stories of a task, those of the training file only where they are wanted. Warns where text is generated without
    /// having been asked for, and where a file has what one should know.
    pub fn read(&self, task: u8, parts: Parts, warn: &dyn Fn(&str)) -> Result<DataSet, BabiError> {
        let generate = || DataSet::generate(task, QUESTIONS, QUESTIONS, self.data_seed);
        if self.generated {
            return generate();
        }
        match official(self.data.as_deref()) {
            Some(directory) => DataSet::read_parts(directory, task, parts, &mut |note| warn(&note)),
            None => {
                warn(&format!(
                    "no bAbI text: --data is not given, {DATA_VARIABLE} is not set and {DATA_DEFAULT} is not there; \
                     using generated text, results on which are no bAbI scores"
                ));
                generate()
            }
        }
    }
}

/// The most MiB of a text: more than anyone trains with here, so that an endless file ends in an error.
pub const TEXT_MEBIBYTES: u64 = 256;

/// The text of a file of at most so many MiB, in one form whatever its encoding ([`decode`]).
pub fn read_text(path: &Path, most: u64) -> Result<String, Failure> {
    let bytes = read_bytes(path, most)
        .map_err(|error| Failure::Input(format!("engram cannot read {}: {error}", path.display())))?;
    decode(&bytes).map_err(|fault| Failure::Input(format!("{}, {fault}", path.display())))
}

/// The directory of official text: the one given, else the one of the environment, else the default where it is there.
pub fn official(given: Option<&Path>) -> Option<PathBuf> {
    let environment = || std::env::var_os(DATA_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    let default = || Some(PathBuf::from(DATA_DEFAULT)).filter(|directory| directory.is_dir());
    let given = given.map(Path::to_path_buf);
    given.or_else(|| environment().map(|directory| english(&directory))).or_else(default)
}

/// The folder `en` of a directory that has one: the variable may name the unpacked archive or the folder itself.
fn english(directory: &Path) -> PathBuf {
    let within = directory.join("en");
    if within.is_dir() { within } else { directory.to_path_buf() }
}
