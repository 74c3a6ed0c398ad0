//! Recipes: the `.toml` files of a folder, each described by the words that it begins with.

use std::path::{Path, PathBuf};

use engram_session::Failure;

/// The comment that a recipe's file begins with, on one line; empty without one.
pub fn first_comment(text: &str) -> String {
    let comment = text.lines().map_while(|line| line.strip_prefix('#'));
    comment.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The recipes of a folder, each of which is for `what`: their names, without `.toml`, and files.
pub fn list(folder: &Path, what: &str) -> Result<Vec<(String, PathBuf)>, Failure> {
    let read = || std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>();
    let mut files = read().map_err(|error| {
        let folder = folder.display();
        Failure::Input(format!("{folder}: {error}; expected a folder of recipes, a .toml file a {what}"))
    })?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let name = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(files.into_iter().map(|path| (name(&path), path)).collect())
}
