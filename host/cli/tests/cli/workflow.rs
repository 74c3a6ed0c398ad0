//! `workflow/Snakefile`: a small campaign run by run, with the same lines as `engram results` gives.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::setting::engram;

/// A recipe that is trained in a moment.
const RECIPE: &str = "epochs = 2\nrestarts = 1\n";

/// The lines of a file without the time that the runs took.
fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    let timeless = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        line["cpu_seconds"].take();
        line
    };
    text.lines().map(timeless).collect()
}

#[test]
fn snakemake_gives_the_lines_of_a_campaign() {
    let Ok(found) = Command::new("snakemake").arg("--version").output() else {
        let required = std::env::var_os("ENGRAM_REQUIRE").is_some_and(|required| required == "snakemake");
        assert!(!required, "snakemake is missing; `make workflow` installs it");
        return eprintln!("skipped: snakemake is not on the path; `make workflow` installs it");
    };
    assert!(found.status.success());
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let here = |name: &str| path(name).display().to_string();
    let recipes = path("recipes/memnet/1k");
    fs::create_dir_all(&recipes).unwrap();
    fs::write(recipes.join("qmann.toml"), RECIPE).unwrap();
    fs::write(recipes.join("float.toml"), format!("mode = \"float\"\naddressing = \"dot\"\n{RECIPE}")).unwrap();
    let choice = "--sizes 1k --tasks 1,6 --seeds 2";
    let places =
        |work: &str| format!("--generated --recipes {} --runs {}", here("recipes"), here(&format!("{work}/runs")));
    let whole = format!("results --json {choice} {} --out {}", places("whole"), here("whole/docs"));
    engram(&whole).assert().success();
    let snakefile = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../workflow/Snakefile");
    let snakemake = |choice: &str| {
        let binary = assert_cmd::cargo::cargo_bin!("engram").display().to_string();
        let ran = Command::new("snakemake")
            .current_dir(folder.path())
            .args(["--cores", "2", "--snakefile"])
            .arg(&snakefile)
            .args(["--config", "network=memnet", &format!("engram={binary}"), &format!("places={}", places("pieces"))])
            .args([format!("choice={choice}"), format!("work={}", here("work"))])
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        lines(&path("pieces/runs/memnet.jsonl"))
    };
    let pieces = snakemake(choice);
    let whole = lines(&path("whole/runs/memnet.jsonl"));
    assert_eq!(whole.len(), 8);
    assert_eq!(whole, pieces);
    // Called again it does what is not finished: another seed, then the runs of a changed recipe.
    assert_eq!(snakemake("--sizes 1k --tasks 1,6 --seeds 3").len(), 12);
    fs::write(recipes.join("qmann.toml"), RECIPE.replace("= 2", "= 3")).unwrap();
    let renewed = snakemake("--sizes 1k --tasks 1 --seeds 3");
    let key = |line: &&Value| (line["variant"] == "qmann" && line["task"] == 1).then(|| line["key"].clone());
    let [old, new] = [&whole, &renewed].map(|lines| lines.iter().find_map(|line| key(&line)).unwrap());
    assert_ne!(old, new);
}
