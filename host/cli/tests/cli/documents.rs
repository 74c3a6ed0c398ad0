//! The documents: every link and every path leads somewhere, the book has every page, the floors of ARCHITECTURE.md are those
//! of the crates, and doc comments begin with what they are about.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The repository's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files with this ending in a folder and below, relative to the root.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap());
    let mut found: Vec<PathBuf> = entries
        .flat_map(|entry| {
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            match entry.file_type().unwrap().is_dir() {
                true => files(&name, ending),
                false => Vec::from_iter(name.ends_with(ending).then(|| name.into())),
            }
        })
        .collect();
    found.sort();
    found
}

/// The pages that people read.
fn pages() -> Vec<PathBuf> {
    let of_the_root = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from);
    of_the_root.into_iter().chain(files("docs", ".md")).collect()
}

/// The links of a page, the anchors of its headings, and its texts in code type.
#[derive(Default)]
struct Page {
    links: Vec<String>,
    anchors: Vec<String>,
    codes: Vec<String>,
}

impl Page {
    fn read(path: &Path) -> Page {
        let (text, mut page, mut heading) = (read(path), Page::default(), None::<String>);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.to_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    let same = page.anchors.iter().filter(|known| **known == anchor).count();
                    page.anchors.push(if same == 0 { anchor } else { format!("{anchor}-{same}") });
                }
                Event::Text(text) | Event::Code(text) if heading.is_some() => heading.as_mut().unwrap().push_str(&text),
                Event::Code(text) => page.codes.push(text.to_string()),
                _ => {}
            }
        }
        page
    }
}

/// The anchor that GitHub and mdBook give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
    kept.replace(' ', "-")
}

/// A path without `..`, relative to the root.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
        plain
    })
}

#[test]
fn every_link_leads_somewhere() {
    let pages: BTreeMap<PathBuf, Page> = pages().into_iter().map(|path| (path.clone(), Page::read(&path))).collect();
    let mut dead = Vec::new();
    for (path, page) in &pages {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').map_or((link.as_str(), None), |(file, part)| (file, Some(part)));
            let target = match file {
                "" => path.clone(),
                file => plain(&path.parent().unwrap().join(file)),
            };
            let has =
                |anchor: &str| pages.get(&target).is_some_and(|page| page.anchors.iter().any(|known| known == anchor));
            // The book holds docs/ alone: a link out of it is dead there.
            let left = path.starts_with("docs") && !target.starts_with("docs");
            if left || !root().join(&target).is_file() || !anchor.is_none_or(has) {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links, or links out of the book:\n{}", dead.join("\n"));
}

/// A text in code type that begins with a folder of the repository is a path in it.
#[test]
fn every_path_exists() {
    let folders =
        ["spec", "hdl", "host", "testbench", "docs", "recipes", "constraints", "models", "examples", "workflow"];
    let is_path = |text: &&String| {
        text.split_once('/').is_some_and(|(folder, _)| folders.contains(&folder))
            && !text.contains(|c: char| c.is_whitespace() || "*{<".contains(c))
            && !text.contains("NAME")
    };
    let mut absent = Vec::new();
    for path in pages() {
        let page = Page::read(&path);
        let texts = page.codes.iter().filter(is_path).filter(|text| !root().join(text).exists());
        absent.extend(texts.map(|text| format!("{}: {text}", path.display())));
    }
    assert!(absent.is_empty(), "paths that do not exist:\n{}", absent.join("\n"));
}

#[test]
fn the_readme_is_short() {
    let words = read("README.md").split_whitespace().count();
    assert!(words < 1200, "README.md has {words} words: move some to docs/");
}

#[test]
fn the_book_has_every_page() {
    let summary = Page::read(Path::new("docs/SUMMARY.md")).links;
    let pages = files("docs", ".md").into_iter().filter(|page| !page.ends_with("SUMMARY.md"));
    let absent: Vec<PathBuf> =
        pages.filter(|page| !summary.contains(&page.strip_prefix("docs").unwrap().display().to_string())).collect();
    assert!(absent.is_empty(), "pages that docs/SUMMARY.md lacks: {absent:?}");
}

/// The crates of the workspace by name: the folder of each, and the crates of the workspace that it needs.
fn crates() -> BTreeMap<String, (String, Vec<String>)> {
    let workspace: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let workspace = &workspace["workspace"];
    let members = workspace["members"].as_array().unwrap().iter();
    let paths = workspace["dependencies"].as_table().unwrap().values().filter_map(|dependency| dependency.get("path"));
    let described = members.chain(paths).map(|folder| {
        let folder = folder.as_str().unwrap().to_string();
        let manifest: toml::Table = toml::from_str(&read(format!("{folder}/Cargo.toml"))).unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_string();
        let needed = manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flatten();
        let ours = needed.map(|(name, _)| name.clone()).filter(|name| name.starts_with("engram-")).collect();
        (name, (folder, ours))
    });
    described.collect()
}

/// A line of the drawing is a floor: each crate stands on one, above all the crates that it needs.
#[test]
fn the_floors_are_as_drawn() {
    let page = read("ARCHITECTURE.md");
    let drawing: Vec<&str> = page.split("```").nth(1).unwrap().lines().collect();
    let crates = crates();
    let floor = |name: &str| {
        let folder = &crates[name].0;
        let on = |line: &&str| line.split("  ").any(|word| word.trim() == folder);
        let floors: Vec<usize> = (0..drawing.len()).filter(|&line| on(&drawing[line])).collect();
        assert_eq!(floors.len(), 1, "lines of ARCHITECTURE.md's drawing that have {folder}, expected one");
        floors[0]
    };
    for (name, (_, needed)) in &crates {
        for needed in needed {
            assert!(floor(name) < floor(needed), "{name} needs {needed}, which is drawn on no floor below");
        }
    }
}

/// Doc comments begin with a noun or a verb: in an editor a pronoun refers to nothing.
#[test]
fn doc_comments_begin_with_what_they_are_about() {
    let pronouns = [
        "It", "Its", "They", "Their", "Those", "That", "These", "This", "Such", "What", "Which", "Who", "Whom", "Whose",
    ];
    let mut found = Vec::new();
    for file in ["spec", "hdl", "host", "testbench"].into_iter().flat_map(|folder| files(folder, ".rs")) {
        let text = read(&file);
        let mut within = false;
        for (number, line) in text.lines().enumerate() {
            let comment = ["///", "//!"].iter().find_map(|mark| line.trim_start().strip_prefix(mark));
            let first = comment.unwrap_or_default().split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
            if !within && first.is_some_and(|word| pronouns.contains(&word)) {
                found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
            within = comment.is_some();
        }
    }
    assert!(found.is_empty(), "{} doc comments begin with a pronoun:\n{}", found.len(), found.join("\n"));
}
