//! What the tests share: the binary away from everything of this machine, and a model trained once.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder in which nothing else is, so that neither data nor tools are found by chance.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("work")).unwrap();
    folder
});

/// The binary with these arguments, separated by spaces.
pub fn engram(arguments: &str) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("engram"));
    command.current_dir(FOLDER.path().join("work")).args(arguments.split_whitespace());
    command.env_remove("ENGRAM_BABI").env_remove("ENGRAM_DATA").env_remove("CLICOLOR_FORCE");
    command.env("ENGRAM_CACHE", FOLDER.path().join("cache"));
    command
}

/// A model of generated task 1.
pub fn model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| {
        let path = FOLDER.path().join("qa1.safetensors");
        let train = "train --generated --task 1 --restarts 2 --epochs 40 --out";
        engram(train).arg(&path).assert().success();
        path
    });
    &MODEL
}

/// A recurrent model of synthetic recordings, small enough for the smallest device.
pub fn recordings_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("recordings", "--set basic-motions --epochs 3"));
    &MODEL
}

/// The same of a synthetic text.
pub fn text_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("text", "--set shakespeare --epochs 1"));
    &MODEL
}

/// A recurrent model of the stories of generated task 1.
pub fn stories_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("stories", "--set babi --epochs 10"));
    &MODEL
}

fn trained(name: &str, options: &str) -> PathBuf {
    let path = FOLDER.path().join(name).with_extension("safetensors");
    let hidden = "train --generated --hidden 8 --out";
    engram(hidden).arg(&path).args(options.split_whitespace()).assert().success();
    path
}

/// The JSON object that a command printed: one line, and nothing else.
pub fn object(stdout: &[u8]) -> Value {
    let text = std::str::from_utf8(stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).unwrap()
}

/// The keys of an object, in ascending order.
pub fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Runs a command that ends with this exit code; gives what it said on standard error.
pub fn fails(command: &mut Command, code: i32) -> String {
    let assert = command.assert().code(code);
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}
