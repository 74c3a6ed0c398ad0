//! Embeds the boards: the board.toml of every folder of `constraints/`, and every file of constraints there and in the folders.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let variable =
        |name| env::var_os(name).ok_or_else(|| io::Error::other(format!("{name} is not set: cargo sets it")));
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../constraints").canonicalize()?;
    println!("cargo:rerun-if-changed={}", root.display());
    let folders = entries(&root)?.into_iter().filter(|path| path.join("board.toml").is_file());
    let boards: String = folders.clone().map(|folder| embed(&root, &folder.join("board.toml"))).collect();
    let mut constraints = String::new();
    for folder in std::iter::once(root.clone()).chain(folders) {
        let files = entries(&folder)?.into_iter();
        let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "lpf" || ending == "pcf"));
        constraints.extend(files.map(|file| embed(&root, &file)));
    }
    let text = format!(
        "/// Every board.toml, by its path in `constraints/`.\nconst BOARDS: &[(&str, &str)] = &[\n{boards}];\n\
         /// Every file of constraints, by its path in `constraints/`.\nconst CONSTRAINTS: &[(&str, &str)] = &[\n{constraints}];\n"
    );
    fs::write(Path::new(&variable("OUT_DIR")?).join("boards.rs"), text)
}

/// The entries of a folder in the order of their names, so that every build embeds the same.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// A file as an element of a constant, with its path below the root.
fn embed(root: &Path, file: &Path) -> String {
    let name = file.strip_prefix(root).unwrap_or(file).display().to_string().replace('\\', "/");
    format!("    ({name:?}, include_str!({:?})),\n", file.display().to_string())
}
