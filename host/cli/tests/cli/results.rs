//! `engram results` and `engram report`: a small campaign from recipes to the page, interrupted and taken up again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

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
        let folders = [here("recipes"), "--cells".into(), here("work/cells"), "--out".into(), here("docs/results")];
        let more = more.split_whitespace().map(String::from);
        fixed.into_iter().chain(folders).chain(more).collect()
    }

    fn command(&self, more: &str) -> assert_cmd::Command {
        let mut command = engram("");
        command.args(self.arguments(more));
        command
    }

    /// Runs it; gives the cells trained and those finished before, and the whole report.
    fn run(&self, more: &str) -> (u64, u64, Value) {
        let report = object(&self.command(more).assert().success().get_output().stdout);
        (report["trained"].as_u64().unwrap(), report["finished_before"].as_u64().unwrap(), report)
    }

    /// The files of finished cells, and when they were written.
    fn cells(&self) -> Vec<(PathBuf, SystemTime)> {
        let rows = ["float", "qmann"].map(|row| self.path("work/cells/1k").join(row));
        let files = rows.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
        let files = files.map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap()));
        let mut cells: Vec<_> = files.filter(|(path, _)| path.extension().is_some_and(|kind| kind == "json")).collect();
        cells.sort();
        cells
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_campaign_goes_from_recipes_to_a_page() {
    let campaign = Campaign::new(3);
    let (trained, before, report) = campaign.run("--seeds 2");
    assert_eq!((trained, before, campaign.cells().len()), (8, 0, 8));
    assert_eq!(report["means"][0]["row"], "float");
    assert!(report["means"][1]["test_error_percent"].as_f64().unwrap() > 0.0);
    let again = campaign.run("--seeds 2");
    assert_eq!((again.0, again.1), (0, 8));
    let results: Value = serde_json::from_str(&read(&campaign.path("docs/results/1k.json"))).unwrap();
    assert_eq!(results["rows"][1]["tasks"][1]["origin"], "generated");
    assert_eq!(results["rows"][1]["tasks"][1]["seeds"].as_array().unwrap().len(), 2);
    assert!(results["rows"][1]["tasks"][1]["energy"]["arithmetic"].as_f64().unwrap() > 0.0);
    let text = read(&campaign.path("docs/results.md"));
    assert!(text.contains("| 6 yes/no questions |") && text.contains("no bAbI scores"), "{text}");
    assert!(text.contains("(generated text)") && text.contains("| `qmann` | Bounded addressing. |"), "{text}");
    for figure in ["errors-1k", "similarity", "attention"] {
        assert!(text.contains(&format!("(results/{figure}.svg)")), "{figure}: {text}");
        assert!(read(&campaign.path(&format!("docs/results/{figure}.svg"))).contains("</svg>"));
    }
    let page = campaign.path("page.html");
    engram("report --results").arg(campaign.path("docs/results")).arg("--out").arg(&page).assert().success();
    let page = read(&page);
    assert!(page.matches("<svg").count() == 3 && page.contains("6 yes/no questions"));
}

#[test]
fn only_what_is_torn_or_changed_is_done_again() {
    let campaign = Campaign::new(2);
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 2);
    let cells = campaign.cells();
    let torn = &cells[0].0;
    let whole = read(torn);
    fs::write(torn, &whole[..whole.len() / 2]).unwrap();
    let (trained, before, report) = campaign.run("--seeds 1 --rows qmann");
    assert_eq!((trained, before), (1, 1));
    assert_eq!(report["means"][0]["tasks"], 2, "{report}");
    assert_eq!(campaign.cells()[1], cells[1], "a finished cell is not written again");
    campaign.recipe("1k/qmann", "# Another comment.\n\nrestarts = 1\nepochs = 2\n");
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 0, "the settings are the same");
    campaign.recipe("1k/qmann", "epochs = 3\nrestarts = 1\n");
    assert_eq!(campaign.run("--seeds 1 --rows qmann").0, 2);
    assert_eq!(campaign.run("--only-report").0, 0);
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
    while campaign.cells().len() < 2 && Instant::now() < patience {
        sleep(Duration::from_millis(5));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    let finished = campaign.cells();
    let count = finished.len() as u64;
    assert!((2..12).contains(&count), "{count} of 12 cells were finished when it was interrupted");
    let (trained, before, _) = campaign.run("--seeds 3");
    assert_eq!((trained, before), (12 - count, count));
    let all = campaign.cells();
    assert!(all.len() == 12 && finished.iter().all(|cell| all.contains(cell)), "finished cells stay as they were");
}

#[test]
fn a_dry_run_lists_the_cells_and_their_time() {
    let campaign = Campaign::new(2);
    let plan = object(&campaign.command("--dry-run --seeds 2").assert().success().get_output().stdout);
    let cells = plan["cells"].as_array().unwrap();
    assert_eq!((cells.len(), plan["finished"].as_u64()), (8, Some(0)));
    let seconds: Vec<f64> = cells.iter().map(|cell| cell["estimated_seconds"].as_f64().unwrap()).collect();
    assert!(seconds.is_sorted_by(|a, b| a >= b) && seconds[7] > 0.0, "{seconds:?}");
    assert!(!campaign.path("work").exists() && !campaign.path("docs").exists());
}

#[test]
fn a_cell_that_fails_does_not_hold_up_the_others() {
    let campaign = Campaign::new(1);
    campaign.recipe("1k/wrong", "hops = 16\n");
    // Its weights are signs, for which the integer model has a datapath of its own.
    campaign.recipe("1k/binary", "mode = \"binary\"\nepochs = 1\nrestarts = 1\n");
    let assert = campaign.command("--seeds 1").assert().code(1);
    let output = assert.get_output();
    let report = object(&output.stdout);
    assert_eq!((report["trained"].as_u64(), report["failed"].as_array().unwrap().len()), (Some(6), 2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("1k wrong qa1 seed 1") && told.contains("hops = 16"), "{told}");
}

#[test]
fn models_are_exported_where_there_are_some() {
    let campaign = Campaign::new(1);
    let models = campaign.path("models");
    let told = fails(campaign.command("--only-report --export").arg(&models), 3);
    assert!(told.contains("no cell of row qmann at 10k is finished"), "{told}");
    campaign.recipe("10k/qmann", "epochs = 1\nrestarts = 1\n");
    let export = format!("--sizes 10k --tasks 1 --seeds 2 --export {}", models.display());
    let mut command = engram("results --json --generated");
    let arguments = campaign.arguments("");
    let folders = arguments.iter().skip_while(|argument| *argument != "--recipes");
    command.args(folders).args(export.split_whitespace()).assert().success();
    let eval = engram("eval --generated --json --questions 50").arg(models.join("qa1.safetensors")).assert().success();
    assert_eq!(object(&eval.get_output().stdout)["disagreements"], 0);
}

#[test]
fn the_hardware_is_proved_once() {
    let campaign = Campaign::new(2);
    let prove = |more: &str| format!("--rows qmann --prove simulation {more}");
    assert!(fails(&mut campaign.command(&prove("")), 3).contains("no cell of the rows"));
    campaign.run("--seeds 2");
    let run = |more: &str| object(&campaign.command(more).assert().success().get_output().stdout);
    let report = run(&prove("--questions 3"));
    assert_eq!((&report["proved_before"], &report["total"]["questions"]), (&0.into(), &6.into()));
    let text = read(&campaign.path("docs/results/proof-simulation.json"));
    let proofs: Value = serde_json::from_str(&text).unwrap();
    let command = "engram results --sizes 1k --rows qmann --generated --tasks 1,6 --questions 3 --prove simulation";
    assert_eq!(proofs["command"], command);
    let row = &proofs["rows"][0];
    assert_eq!((&row["row"], &row["tasks"], &row["disagreements"]), (&"qmann".into(), &2.into(), &0.into()));
    assert!(row["cycles_mean"].as_f64().unwrap() > 0.0 && row["presets"][0] == "ecp5-25f", "{row}");
    let chapter = read(&campaign.path("docs/results.md"));
    assert!(
        chapter.contains("## The hardware's answers") && chapter.contains("| `simulation` | ecp5-25f |"),
        "{chapter}"
    );
    // The same and fewer questions are proved; more are not, nor is another device.
    assert_eq!(run(&prove("--questions 2"))["proved_before"], 2);
    let more = run(&prove("--questions 4"));
    assert_eq!((&more["proved_before"], &more["total"]["questions"]), (&0.into(), &8.into()));
    assert_eq!(run(&prove("--questions 3 --preset up5k"))["proved_before"], 0);
    assert!(fails(&mut campaign.command("--rows float --prove simulation"), 3).contains("1k float qa1"));
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
        let text = read(&campaign.path("docs/results/proof-board.json"));
        assert_eq!(text.contains("first_disagreement"), error > 0, "{text}");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.contains("10 of 10 answers differ"), error > 0, "{told}");
    }
}

#[test]
fn what_cannot_be_used_is_told() {
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
    let told = fails(engram("results --data nowhere --sizes 1k --recipes").arg(campaign.path("recipes")), 3);
    assert!(told.contains("nowhere"), "{told}");
    assert!(fails(&mut engram("report --results nowhere"), 3).contains("engram results"));
    campaign.recipe("1k/bad", "elephants = 2");
    assert!(fails(&mut campaign.command(""), 3).contains("bad.toml"));
}

/// What lies in the repository is read by this version: the numbers behind docs/results.md, and the models.
#[test]
fn the_published_results_and_models_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    engram("report --results").arg(root.join("docs/results")).arg("--out").arg(&page).assert().success();
    assert!(read(&page).contains("qmann"));
    for task in 1..=20 {
        let model = root.join(format!("models/qa{task}.safetensors"));
        let assert = engram("eval --generated --questions 20 --json").arg(model).assert().success();
        let report = object(&assert.get_output().stdout);
        assert_eq!((report["task"].as_u64(), report["mode"].as_str()), (Some(task), Some("qmann")), "{report}");
    }
}
