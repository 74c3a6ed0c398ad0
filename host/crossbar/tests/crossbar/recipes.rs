//! The recipes that are kept in the repository can be read, and say what they are for.

use std::path::Path;

use engram_crossbar::{Precision, Precisions, Recipes, evaluate, train};
use engram_sequences::{Data, synthetic::Waves};

fn recipes() -> Vec<(String, Recipes)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes/crossbar");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let recipes = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().unwrap().to_string_lossy().into_owned(), recipes)
    };
    files.map(read).collect()
}

#[test]
fn a_float_network_comes_first_and_then_one_of_four_bits_of_its_size() {
    let recipes = recipes();
    let mut names: Vec<&str> = recipes.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["babi", "basic-motions", "japanese-vowels", "shakespeare", "watch"]);
    for (name, Recipes { float, quantised }) in &recipes {
        assert_eq!(float.precisions, Precisions::FLOAT, "{name}");
        assert_eq!(quantised.precisions, Precisions::alike(Precision::Bits(4)), "{name}");
        assert_eq!(float.hidden, quantised.hidden, "{name}");
    }
}

#[test]
fn the_recipe_of_recordings_trains() {
    let (_, recipes) = recipes().into_iter().find(|(name, _)| name == "japanese-vowels").unwrap();
    let set = Waves { recordings: 12, ..Waves::default() }.generate().unwrap();
    let data = Data::Recordings(set.clone());
    let float = train(&data, &recipes.float, 1, None, &|_| ()).unwrap();
    let quantised = train(&data, &recipes.quantised, 1, Some(&float), &|_| ()).unwrap();
    let error = evaluate::recordings(&quantised, &set.test).unwrap().error();
    assert!(error < 0.3, "{error}");
}
