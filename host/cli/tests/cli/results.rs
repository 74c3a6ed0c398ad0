//! `engram results` and `engram report`: a small campaign from recipes to the page, interrupted and taken up again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use engram_spec::memnet::Addressing;
use serde_json::Value;
use tempfile::TempDir;

use crate::board::Board;
use crate::setting::{engram, fails, object};

/// A folder with recipes of two rows.
struct Campaign {
    folder: TempDir,
}

impl Campaign {
    fn new(epochs: usize) -> Campaign {
        let campaign = Campaign { folder: TempDir::new().unwrap() };
        campaign.recipe("1k/qmann", &format!("# Bounded addressing.\nepochs = {epochs}\nrestarts = 1\n"));
        let float = format!("mode = \"float\"\naddressing = \"dot\"\nepochs = {epochs}\nrestarts = 1\n");
        campaign.recipe("1k/float", &float);
        campaign
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn recipe(&self, name: &str, text: &str) {
        let path = self.path(&format!("recipes/memnet/{name}.toml"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn arguments(&self, more: &str) -> Vec<String> {
        let here = |name: &str| self.path(name).display().to_string();
        let fixed =
            ["results", "--json", "--generated", "--sizes", "1k", "--tasks", "1,6", "--recipes"].map(String::from);
        let folders = [here("recipes"), "--runs".into(), here("work/runs"), "--out".into(), here("docs/results")];
        let more = more.split_whitespace().map(String::from);
        fixed.into_iter().chain(folders).chain(more).collect()
    }

    fn command(&self, more: &str) -> assert_cmd::Command {
        let mut command = engram("");
        command.args(self.arguments(more));
        command
    }

    /// Runs it; gives the runs done and those finished before, and the whole report.
    fn run(&self, more: &str) -> (u64, u64, Value) {
        let report = object(&self.command(more).assert().success().get_output().stdout);
        (report["trained"].as_u64().unwrap(), report["finished_before"].as_u64().unwrap(), report)
    }

    /// The lines of finished runs.
    fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("work/runs/memnet.jsonl")).unwrap_or_default();
        text.lines().map(String::from).collect()
    }

    /// The page of its results.
    fn page(&self) -> String {
        let page = self.path("page.html");
        let here = |name: &str| self.path(name).display().to_string();
        let folders = ["--runs", &here("work/runs"), "--recipes", &here("recipes")];
        engram("report").args(folders).arg("--out").arg(&page).assert().success();
        read(&page)
    }
}

/// A line without the time that its run took.
fn timeless(line: &str) -> Value {
    let mut line: Value = serde_json::from_str(line).unwrap();
    assert!(line["cpu_seconds"].as_f64().unwrap() > 0.0);
    line["cpu_seconds"].take();
    line
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_campaign_goes_from_recipes_to_a_page() {
    let campaign = Campaign::new(3);
    let (trained, before, report) = campaign.run("--seeds 2");
    assert_eq!((trained, before, campaign.lines().len()), (8, 0, 8));
    assert_eq!(report["means"][0]["row"], "float");
    assert!(report["means"][1]["test_error_percent"].as_f64().unwrap() > 0.0);
    let again = campaign.run("--seeds 2");
    assert_eq!((again.0, again.1), (0, 8));
    let line: Value = serde_json::from_str(&campaign.lines()[7]).unwrap();
    assert_eq!(
        (&line["run"], &line["trainer"]),
        (&"memnet/1k-generated/qmann/qa6/seed2".into(), &engram_memnet::train::VERSION.into())
    );
    assert_eq!((&line["origin"], &line["variant"], &line["task"]), (&"generated".into(), &"qmann".into(), &6.into()));
    assert!(line["energy"]["arithmetic"].as_f64().unwrap() > 0.0 && line["key"].as_str().unwrap().len() == 16);
    let text = read(&campaign.path("docs/results-memnet.md"));
    assert!(text.contains("| 6 yes/no questions |") && text.contains("no bAbI scores"), "{text}");
    assert!(text.contains("(generated text)") && text.contains("| `qmann` | Bounded addressing. |"), "{text}");
    for figure in ["errors-1k", "similarity", "attention"] {
        assert!(text.contains(&format!("(results/{figure}.svg)")), "{figure}: {text}");
        assert!(read(&campaign.path(&format!("docs/results/{figure}.svg"))).contains("</svg>"));
    }
    let page = campaign.page();
    assert!(page.matches("<svg").count() == 3 && page.contains("6 yes/no questions"));
}

#[test]
fn only_what_is_torn_or_changed_is_done_again() {
    let campaign = Campaign::new(2);
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 2);
    let lines = campaign.lines();
    let torn = format!("{}\n{}", &lines[0][..lines[0].len() / 2], lines[1]);
    fs::write(campaign.path("work/runs/memnet.jsonl"), torn).unwrap();
    let assert = campaign.command("--seeds 1 --rows qmann").assert().success();
    let report = object(&assert.get_output().stdout);
    assert_eq!((&report["trained"], &report["finished_before"]), (&1.into(), &1.into()));
    let message = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(message.contains("memnet.jsonl:1: engram cannot read the line"), "{message}");
    assert_eq!(report["means"][0]["tasks"], 2, "{report}");
    let again = campaign.lines();
    assert_eq!((again.len(), &again[1]), (3, &lines[1]), "a finished run is not written again");
    assert_eq!(timeless(&again[0]), timeless(&lines[0]));
    assert!(lines[0].starts_with(&again[2]), "what cannot be read stays, behind the others");
    fs::write(campaign.path("work/runs/memnet.jsonl"), again[..2].join("\n")).unwrap();
    campaign.recipe("1k/qmann", "# Another comment.\n\nrestarts = 1\nepochs = 2\n");
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 0, "the settings are the same");
    campaign.recipe("1k/qmann", "epochs = 3\nrestarts = 1\n");
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 2);
    assert_eq!((campaign.run("--only-report").0, campaign.lines().len()), (0, 2));
    // Neither models nor texts are needed for that.
    fs::remove_dir_all(campaign.path("work/models")).unwrap();
    let document = read(&campaign.path("docs/results-memnet.md"));
    campaign.run("--only-report");
    assert_eq!(read(&campaign.path("docs/results-memnet.md")), document);
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 0, "a run whose model is gone is finished all the same");
}

#[test]
fn an_interrupted_campaign_repeats_nothing() {
    let campaign = Campaign::new(20);
    let mut running = Command::new(assert_cmd::cargo::cargo_bin!("engram"))
        .args(campaign.arguments("--seeds 3 --jobs 1"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while campaign.lines().len() < 2 && Instant::now() < patience {
        sleep(Duration::from_millis(5));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    let finished = campaign.lines();
    let count = finished.len() as u64;
    assert!((2..12).contains(&count), "{count} of 12 runs were finished when it was interrupted");
    let (trained, before, _) = campaign.run("--seeds 3");
    assert_eq!((trained, before), (12 - count, count));
    let all = campaign.lines();
    assert!(all.len() == 12 && finished.iter().all(|line| all.contains(line)), "finished runs stay as they were");
}

/// One run at a time, as a cluster does them: the same lines as those of a campaign, but for the time.
#[test]
fn single_runs_give_the_lines_of_a_campaign() {
    let (whole, pieces) = (Campaign::new(2), Campaign::new(2));
    whole.run("--seeds 2");
    let plan = object(&pieces.command("--seeds 2 --dry-run").assert().success().get_output().stdout);
    let places = pieces.arguments("");
    let places: Vec<&String> = places.iter().skip_while(|argument| *argument != "--recipes").take(4).collect();
    let mut files = Vec::new();
    for cell in plan["cells"].as_array().unwrap() {
        let mut command = engram("results run --generated");
        let line = command.arg(cell["run"].as_str().unwrap()).args(&places).assert().success();
        let file = pieces.path(&format!("line{}", files.len()));
        fs::write(&file, &line.get_output().stdout).unwrap();
        files.push(file);
    }
    assert_eq!((files.len(), pieces.lines().len()), (8, 0), "a single run is kept nowhere");
    let gathered = engram("results --json --gather").args(&files).args(&places).assert().success();
    assert_eq!(object(&gathered.get_output().stdout)["gathered"], 8);
    let timeless = |campaign: &Campaign| campaign.lines().iter().map(|line| timeless(line)).collect::<Vec<Value>>();
    assert_eq!(timeless(&pieces), timeless(&whole));
    assert_eq!(pieces.run("--seeds 2").0, 0);
    let unknown = |key: &str| fails(engram(&format!("results run --generated {key}")).args(&places), 2);
    assert!(unknown("memnet/1k-generated/none/qa1/seed1").contains("memnet/SIZE/VARIANT/qaTASK/seedN"));
    assert!(unknown("perceptron/1k/seed1").contains("one of memnet, crossbar or memo"));
    assert!(unknown("memnet").contains("--dry-run"));
    assert!(unknown("memnet/1k-generated/qmann/qa1/seed0").contains("a seed from 1"));
    // A line that is none, of another trainer or recipe, under another name, or of no network: nothing is kept.
    let (good, kept) = (read(&files[0]), pieces.lines());
    let key = object(good.as_bytes())["key"].as_str().unwrap().to_string();
    let bad = [
        ("no line\n".to_string(), "engram results run"),
        (good.replace(&key, "0000000000000000"), "another recipe"),
        (good.replace("\"trainer\":", "\"trainer\":9"), "this engram has"),
        (good.replacen("seed1", "seed2", 1).replacen("seed3", "seed2", 1), "another recipe"),
        (good.replacen("memnet/", "perceptron/", 1), "no line of memnet, crossbar or memo"),
    ];
    for (line, reason) in bad {
        assert_ne!(line, good, "{reason}");
        fs::write(&files[0], line).unwrap();
        let only = fails(engram("results --gather").arg(&files[0]).args(&places), 3);
        assert!(only.contains(reason), "{only}");
        assert_eq!(pieces.lines(), kept);
    }
}

#[test]
fn a_dry_run_lists_the_cells_and_their_time() {
    let campaign = Campaign::new(2);
    let plan = object(&campaign.command("--dry-run --seeds 2").assert().success().get_output().stdout);
    let cells = plan["cells"].as_array().unwrap();
    assert!(cells.iter().any(|cell| cell["run"] == "memnet/1k-generated/float/qa6/seed2"), "{plan}");
    assert_eq!((cells.len(), plan["finished"].as_u64()), (8, Some(0)));
    let seconds: Vec<f64> = cells.iter().map(|cell| cell["estimated_seconds"].as_f64().unwrap()).collect();
    assert!(seconds.is_sorted_by(|a, b| a >= b) && seconds[7] > 0.0, "{seconds:?}");
    assert!(!campaign.path("work").exists() && !campaign.path("docs").exists());
}

#[test]
fn a_run_that_fails_does_not_hold_up_the_others() {
    let campaign = Campaign::new(1);
    campaign.recipe("1k/wrong", "hops = 16\n");
    // Its weights are signs, for which the integer model has a datapath of its own.
    campaign.recipe("1k/binary", "mode = \"binary\"\nepochs = 1\nrestarts = 1\n");
    let assert = campaign.command("--seeds 1").assert().code(1);
    let output = assert.get_output();
    let report = object(&output.stdout);
    assert_eq!((report["trained"].as_u64(), report["failed"].as_array().unwrap().len()), (Some(6), 2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("memnet/1k-generated/wrong/qa1/seed1") && message.contains("hops = 16"), "{message}");
}

#[test]
fn models_are_exported_where_there_are_some() {
    let campaign = Campaign::new(1);
    let models = campaign.path("models");
    let message = fails(campaign.command("--only-report --export").arg(&models), 3);
    assert!(message.contains("found no finished run") && !campaign.path("docs").exists(), "{message}");
    campaign.run("--rows float --tasks 1 --seeds 1");
    let message = fails(campaign.command("--only-report --export").arg(&models), 3);
    assert!(message.contains("no run of variant qmann-min at 10k is finished"), "{message}");
    campaign.recipe("10k/qmann-min", "addressing = \"min\"\nepochs = 1\nrestarts = 1\n");
    campaign.recipe("10k/all", "joint = true\nmode = \"fixed\"\nelements = 8\nhops = 1\nepochs = 1\nrestarts = 1\n");
    let export = format!("--sizes 10k --tasks 1 --seeds 2 --export {}", models.display());
    let mut command = engram("results --json --generated");
    let arguments = campaign.arguments("");
    let folders = arguments.iter().skip_while(|argument| *argument != "--recipes");
    command.args(folders).args(export.split_whitespace()).assert().success();
    for (file, addressing) in [("qa1", "min"), ("all", "dot")] {
        let model = models.join(format!("{file}.safetensors"));
        let eval = engram("eval --generated --task 1 --json --questions 50").arg(model).assert().success();
        let report = object(&eval.get_output().stdout);
        assert_eq!((&report["disagreements"], &report["addressing"]), (&0.into(), &addressing.into()), "{report}");
    }
    fs::remove_dir_all(campaign.path("work/models")).unwrap();
    let message = fails(campaign.command("--only-report --export").arg(&models), 3);
    assert!(message.contains("engram results run memnet/10k-generated/qmann-min/qa1/seed"), "{message}");
}

#[test]
fn the_hardware_is_proved_once() {
    let campaign = Campaign::new(2);
    let prove = |more: &str| format!("--rows qmann --prove simulation {more}");
    assert!(fails(&mut campaign.command(&prove("")), 3).contains("no run of the variants"));
    campaign.run("--seeds 2");
    let run = |more: &str| object(&campaign.command(more).assert().success().get_output().stdout);
    let report = run(&prove("--questions 3"));
    assert_eq!((&report["proved_before"], &report["total"]["questions"]), (&0.into(), &6.into()));
    let text = read(&campaign.path("work/runs/proofs-memnet.jsonl"));
    assert!(text.contains("\"run\":\"memnet/1k/qmann/qa6/simulation\""), "{text}");
    let command = "engram results --sizes 1k --rows qmann --generated --tasks 1,6 --questions 3 --prove simulation";
    assert_eq!(report["command"], command);
    let row = &report["rows"][0];
    assert_eq!((&row["row"], &row["tasks"], &row["disagreements"]), (&"qmann".into(), &2.into(), &0.into()));
    assert!(row["cycles_mean"].as_f64().unwrap() > 0.0 && row["presets"][0] == "ecp5-25f", "{row}");
    let chapter = read(&campaign.path("docs/results-memnet.md"));
    assert!(
        chapter.contains("## The hardware's answers") && chapter.contains("| `simulation` | ecp5-25f |"),
        "{chapter}"
    );
    // The same and fewer questions are proved; more are not, nor is another device.
    assert_eq!(run(&prove("--questions 2"))["proved_before"], 2);
    let more = run(&prove("--questions 4"));
    assert_eq!((&more["proved_before"], &more["total"]["questions"]), (&0.into(), &8.into()));
    assert_eq!(run(&prove("--questions 3 --preset up5k"))["proved_before"], 0);
    assert!(
        fails(&mut campaign.command("--rows float --prove simulation"), 3).contains("memnet/1k-generated/float/qa1")
    );
}

#[test]
fn a_board_that_lies_is_no_proof() {
    let campaign = Campaign::new(2);
    campaign.run("--seeds 1 --rows qmann");
    for (error, code, differ) in [(1, 1, 10), (0, 0, 0)] {
        let board = Board::new(Addressing::Hamming, error);
        let prove = format!("--rows qmann --questions 5 --prove {}", board.path);
        let assert = campaign.command(&prove).assert().code(code);
        let output = assert.get_output();
        let report = object(&output.stdout);
        assert_eq!((&report["total"]["disagreements"], &report["proved_before"]), (&differ.into(), &0.into()));
        assert_eq!(report["proofs"][0]["first_disagreement"]["question"].as_u64(), (error > 0).then_some(1));
        let text = read(&campaign.path("work/runs/proofs-memnet.jsonl"));
        assert_eq!(text.contains("first_disagreement"), error > 0, "{text}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(message.contains("10 of 10 answers differ"), error > 0, "{message}");
    }
}

#[test]
fn what_cannot_be_used_is_explained() {
    let campaign = Campaign::new(1);
    assert!(fails(&mut campaign.command("--rows qman"), 2).contains("expected one of float, qmann"));
    assert!(fails(&mut engram("results --tasks 21"), 2).contains("--tasks"));
    assert!(fails(&mut engram("results --sizes 2k"), 2).contains("10k"));
    assert!(fails(&mut engram("results --seeds 0"), 2).contains("--seeds"));
    assert!(fails(&mut engram("results --prove integer"), 2).contains("choose verilator"));
    assert!(fails(&mut engram("results --prove verilator --dry-run"), 2).contains("--dry-run"));
    assert!(fails(&mut campaign.command("--questions 3"), 2).contains("--prove"));
    assert!(fails(&mut engram("results --prove verilator --seeds 1"), 2).contains("--network memo"));
    assert!(fails(&mut campaign.command("--preset up5k"), 2).contains("--prove"));
    assert!(fails(&mut engram("results --generated --recipes nowhere"), 3).contains("expected a folder of recipes"));
    let message = fails(engram("results --data nowhere --sizes 1k --recipes").arg(campaign.path("recipes")), 3);
    assert!(message.contains("nowhere"), "{message}");
    let message = fails(engram("report --runs nowhere --recipes").arg(campaign.path("recipes")), 3);
    assert!(message.contains("has no finished runs"), "{message}");
    campaign.recipe("1k/bad", "elephants = 2");
    assert!(fails(&mut campaign.command(""), 3).contains("bad.toml"));
}

/// The documents of the repository are those that its lines give: without texts, data and models.
#[test]
fn the_committed_documents_are_made_of_the_committed_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("docs/results");
    for network in ["memnet", "crossbar", "memo"] {
        let mut command = engram(&format!("results --only-report --network {network}"));
        command.arg("--runs").arg(root.join("results")).arg("--recipes").arg(root.join("recipes"));
        command.env_remove("ENGRAM_BABI").env("ENGRAM_DATA", folder.path().join("none")).arg("--out").arg(&out);
        command.assert().success();
        let name = format!("results-{network}.md");
        let (made, committed) = (read(&folder.path().join("docs").join(&name)), read(&root.join("docs").join(&name)));
        assert!(made == committed, "docs/{name} is not what `engram results --only-report` writes");
    }
    let kinds = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
        let mut pictures: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|kind| kind == "svg")).collect();
        pictures.sort();
        pictures
    };
    let (made, committed) = (kinds(&out), kinds(&root.join("docs/results")));
    let names = |paths: &[PathBuf]| paths.iter().map(|path| path.file_name().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&committed));
    made.iter()
        .zip(&committed)
        .for_each(|(made, committed)| assert!(read(made) == read(committed), "{}", committed.display()));
}

/// The models of the repository are read by this version.
#[test]
fn the_published_models_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for task in 1..=20 {
        let model = root.join(format!("models/qa{task}.safetensors"));
        let assert = engram("eval --generated --questions 20 --json").arg(model).assert().success();
        let report = object(&assert.get_output().stdout);
        assert_eq!((report["task"].as_u64(), report["mode"].as_str()), (Some(task), Some("qmann")), "{report}");
        assert_eq!(report["addressing"], "min");
    }
    // One network for all tasks.
    for task in [2, 20] {
        let mut eval = engram("eval --generated --questions 20 --json --task");
        let assert = eval.arg(task.to_string()).arg(root.join("models/all.safetensors")).assert().success();
        let report = object(&assert.get_output().stdout);
        assert!(report["error_percent"].as_f64() < Some(20.0) && report["task"] == task, "{report}");
    }
}
