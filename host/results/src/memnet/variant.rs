//! The rows of the tables: recipes, a file each. `recipes/memnet/1k/qmann.toml` is the row `qmann` of the tables at 1k.

use std::fmt;
use std::path::Path;

use engram_memnet::{Recipe, Recipes};
use serde::{Deserialize, Serialize};

use crate::recipes::{first_comment, list};
use engram_session::Failure;

/// The amount of training text: the official sets of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Size {
    /// 1,000 training questions a task.
    #[serde(rename = "1k")]
    K1,
    /// 10,000.
    #[serde(rename = "10k")]
    K10,
}

impl Size {
    /// All sizes.
    pub const ALL: [Size; 2] = [Size::K1, Size::K10];

    /// The name on the command line, of the folder of recipes and of files.
    pub const fn name(self) -> &'static str {
        match self {
            Size::K1 => "1k",
            Size::K10 => "10k",
        }
    }

    /// Training questions.
    pub const fn questions(self) -> usize {
        match self {
            Size::K1 => 1_000,
            Size::K10 => 10_000,
        }
    }

    /// Seeds with which every row is trained where nothing else is said.
    pub const fn seeds(self) -> u64 {
        match self {
            Size::K1 => 5,
            Size::K10 => 3,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The rows that lead every table, in this order; others follow in that of the alphabet.
pub const LEADING: [&str; 7] =
    ["float", "fixed-truncating", "fixed", "qmann", "qmann-min", "binary-conventional", "binary"];

/// The place of a variant in the tables.
pub fn place(name: &str) -> (usize, String) {
    let leading = LEADING.iter().position(|&leading| leading == name).unwrap_or(LEADING.len());
    (leading, name.to_string())
}

/// A variant: a recipe for one size of training text.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The name of its file, without `.toml`.
    pub name: String,
    /// The size of the training text.
    pub size: Size,
    /// The description of the variant, in the words of the comment that its file begins with; empty without one.
    pub description: String,
    /// The file's settings, in the order of the alphabet and without comments.
    pub settings: String,
    /// The recipes of the file.
    pub recipes: Recipes,
}

impl Variant {
    /// The variants of a size: every `.toml` file of its folder, in the order of the tables.
    pub fn read_all(recipes: &Path, size: Size) -> Result<Vec<Variant>, Failure> {
        let folder = recipes.join("memnet").join(size.name());
        let mut recipes = list(&folder, "row")?;
        recipes.sort_by_key(|(name, _)| place(name));
        recipes.into_iter().map(|(name, path)| Variant::read(name, &path, size)).collect()
    }

    fn read(name: String, path: &Path, size: Size) -> Result<Variant, Failure> {
        let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        Variant::parse(name, size, &text).map_err(|error| wrong(format!("found no recipe: {error}")))
    }

    fn parse(name: String, size: Size, text: &str) -> Result<Variant, toml::de::Error> {
        let settings = toml::from_str::<toml::Table>(text)?.to_string();
        let recipes: Recipes = text.parse()?;
        recipes.check_starts().map_err(serde::de::Error::custom)?;
        Ok(Variant { name, size, description: first_comment(text), settings, recipes })
    }

    /// The recipes of models of all tasks that candidates start from, each once.
    pub fn candidates_starts(&self) -> Vec<&Recipe> {
        let mut starts: Vec<&Recipe> = Vec::new();
        for start in self.recipes.candidates.iter().filter_map(|candidate| candidate.start.as_ref()) {
            if !starts.contains(&start) {
                starts.push(start);
            }
        }
        starts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_babi::DataSet;
    use engram_memnet::train::planned;
    use engram_memnet::{Candidate, Mode};
    use engram_spec::memnet::Addressing;

    /// Recipes that cannot be computed, and starts of another shape, would otherwise be found out by a campaign after hours.
    #[test]
    fn every_recipe_of_the_repository_can_be_trained() {
        let data = [DataSet::generate(1, 20, 10, 1).unwrap()];
        let recipes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes");
        let variants = Size::ALL.map(|size| Variant::read_all(&recipes, size).unwrap()).concat();
        let (mut checked, mut chosen) = (0, 0);
        for variant in &variants {
            let own = Candidate { name: String::new(), recipe: variant.recipes.recipe, start: variant.recipes.start };
            for Candidate { name, recipe, start } in variant.recipes.candidates.iter().chain([&own]) {
                let say = |error: &dyn fmt::Display| format!("{} {}, {name}: {error}", variant.size, variant.name);
                planned(&data, recipe, None).unwrap_or_else(|error| panic!("{}", say(&error)));
                if let Some(start) = start {
                    planned(&data, start, None).unwrap_or_else(|error| panic!("start of {}", say(&error)));
                }
                checked += 1;
            }
            chosen += usize::from(!variant.recipes.candidates.is_empty());
        }
        assert!(checked > variants.len() && chosen >= 4, "{checked} {chosen}");
    }

    #[test]
    fn a_row_is_named_by_its_file_and_described_by_its_comment() {
        let folder = tempfile::tempdir().unwrap();
        let recipes = folder.path().join("memnet/1k");
        std::fs::create_dir_all(&recipes).unwrap();
        let write = |name: &str, text: &str| std::fs::write(recipes.join(name), text).unwrap();
        write("zebra.toml", "epochs = 3\n");
        write("qmann.toml", "# Bounded\n# addressing.\n\n# Not this.\naddressing = \"xnor\"\n");
        write("float.toml", "mode = \"float\"");
        write("notes.txt", "no recipe");
        let rows = Variant::read_all(folder.path(), Size::K1).unwrap();
        assert_eq!(rows.iter().map(|variant| variant.name.as_str()).collect::<Vec<_>>(), ["float", "qmann", "zebra"]);
        assert_eq!(rows[1].description, "Bounded addressing.");
        assert_eq!(rows[1].settings, "addressing = \"xnor\"\n");
        let [float, qmann, zebra] = [0, 1, 2].map(|variant| rows[variant].recipes.recipe);
        assert_eq!((float.mode, qmann.addressing(), zebra.epochs), (Mode::Float, Addressing::Xnor, 3));
        assert!(Variant::read_all(folder.path(), Size::K10).is_err());
        write("bad.toml", "elephants = 2");
        let error = Variant::read_all(folder.path(), Size::K1).unwrap_err().to_string();
        assert!(error.contains("bad.toml") && error.contains("elephants"), "{error}");
        // A start that has learnt what validates.
        for candidate in ["", "[[candidate]]\nname = \"one\"\n"] {
            write("bad.toml", &format!("validation = 0.1\n[start]\nvalidation = 0\n{candidate}"));
            let error = Variant::read_all(folder.path(), Size::K1).unwrap_err().to_string();
            assert!(error.contains("bad.toml") && error.contains("stories that validate"), "{error}");
            assert_eq!(error.contains("candidate 'one'"), !candidate.is_empty(), "{error}");
        }
    }
}
