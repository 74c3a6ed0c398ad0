//! Every example of the help texts, of README.md and of docs/commands.md, run as it stands.
//!
//! So that they end in seconds on a machine that has nothing, trainings are cut short, the in-crate simulation and a served board stand
//! in for compiled Verilog and a board, campaigns are planned and not done, and bitstreams end where their tool is missing. `make examples`
//! runs them whole, and shows what they print.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use safetensors::SafeTensors;
use tempfile::TempDir;

use engram_sequences::Cache;
use engram_spec::memnet::Addressing;

use crate::board::Board;
use crate::setting::{engram, gru, lstm, model};

/// All commands, each with examples in its help.
const COMMANDS: [&str; 21] = [
    "",
    "data",
    "data fetch",
    "train",
    "quantize",
    "export",
    "memoize",
    "eval",
    "ask",
    "estimate",
    "emit",
    "build",
    "program",
    "selftest",
    "bench",
    "bench link",
    "trace",
    "results",
    "report",
    "serve",
    "completions",
];

const STORY: &str = "Mary moved to the bathroom.\nJohn went to the hallway.\nWhere is Mary?\n";

/// Whether nothing is cut short.
fn whole() -> bool {
    std::env::var_os("ENGRAM_EXAMPLES").is_some_and(|value| value == "whole")
}

fn repository() -> PathBuf {
    fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap()
}

/// The folder of official bAbI text, whether it is there or not.
fn official() -> PathBuf {
    std::env::var_os("ENGRAM_BABI").map(PathBuf::from).unwrap_or(repository().join("../shared/babi"))
}

/// Gives a call the recordings that are fetched once for all tests, and the stories of the published tables.
fn with_data(call: &mut assert_cmd::Command, command: &str) {
    call.env("ENGRAM_DATA", Cache::standard().unwrap().directory());
    if command == "results" && official().is_dir() {
        call.env("ENGRAM_BABI", official());
    }
}

/// The examples in the help of a command, each in a line that no terminal of 100 columns wraps, so that it can be copied.
fn of_help(command: &str) -> Vec<String> {
    let output = engram(command).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let mut examples: Vec<String> = Vec::new();
    let lines =
        help.lines().skip_while(|line| !line.starts_with("Example")).skip(1).take_while(|line| !line.is_empty());
    for line in lines {
        match line.strip_prefix("  engram ") {
            Some(example) => examples.push(example.to_string()),
            None => assert!(line.contains(" | engram "), "engram {command} --help wraps an example before {line:?}"),
        }
    }
    assert!(!examples.is_empty(), "engram {command} --help has no example:\n{help}");
    examples
}

/// The examples of a page: indented lines that call engram.
fn of_page(page: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join(page)).unwrap();
    let call = |line: &str| {
        let line = line.strip_prefix("    ")?.trim_start_matches("$ ");
        line.strip_prefix("cargo run -- ").or(line.strip_prefix("engram ")).map(str::to_string)
    };
    let examples: Vec<String> = text.lines().filter_map(call).collect();
    assert!(examples.len() > 5, "{page} has {} examples", examples.len());
    examples
}

/// The words of an example, as a shell makes them; what it would put into a file is printed.
fn words(example: &str) -> Vec<String> {
    let example = example.split(" > ").next().unwrap().split('#').next().unwrap();
    let quoted = example.split('\'').enumerate();
    quoted
        .flat_map(|(place, part)| match place % 2 {
            1 => vec![part.to_string()],
            _ => part.split_whitespace().map(str::to_string).collect(),
        })
        .collect()
}

/// A folder with the files that examples name.
struct Place {
    folder: TempDir,
    board: Option<Board>,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap(), board: None }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make(&self, command: &str) {
        engram(command).current_dir(self.folder.path()).assert().success();
    }

    /// Makes a file that an example reads, unless an example before it has made it.
    fn prepare(&self, name: &str) {
        if self.at(name).exists() {
            return;
        }
        let write = |text: &str| fs::write(self.at(name), text).unwrap();
        let need = |name: &str| self.prepare(name);
        match name {
            "qa1.safetensors" | "small.safetensors" => drop(fs::copy(model(), self.at(name)).unwrap()),
            "float.safetensors" => {
                self.make(
                    "train --task 1 --generated --mode float --tying layer-wise --restarts 1 --epochs 3 --out float.safetensors",
                );
            }
            // Bare tensors, as PyTorch writes them.
            "torch.safetensors" => {
                need("float.safetensors");
                let bytes = fs::read(self.at("float.safetensors")).unwrap();
                let file = SafeTensors::deserialize(&bytes).unwrap();
                let tensors = file.tensors().into_iter().filter(|(name, _)| name != "position");
                fs::write(self.at(name), safetensors::serialize(tensors, None).unwrap()).unwrap();
            }
            "lstm.safetensors" => fs::write(self.at(name), lstm([12, 4, 9])).unwrap(),
            "gru.onnx" => fs::write(self.at(name), gru([2, 4, 2])).unwrap(),
            "words.txt" => {
                need("float.safetensors");
                let bytes = fs::read(self.at("float.safetensors")).unwrap();
                let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
                let words: Vec<String> =
                    serde_json::from_str(&header.metadata().as_ref().unwrap()["vocabulary"]).unwrap();
                write(&words.join("\n"));
            }
            "all.safetensors" => {
                self.make("train --task all --generated --mode float --restarts 1 --epochs 1 --out all.safetensors");
            }
            "vowels.safetensors" | "vowels-float.safetensors" | "gru.safetensors" | "mine.safetensors" => {
                ["TRAIN.ts", "TEST.ts"].iter().for_each(|name| need(name));
                let options = match name {
                    "vowels-float.safetensors" => "--precision float",
                    "gru.safetensors" => "--cell gru",
                    _ => "",
                };
                let own = "train --sequences TRAIN.ts --test TEST.ts --hidden 8 --epochs 2 --restarts 1";
                self.make(&format!("{own} {options} --out {name}"));
            }
            "vowels-memo.safetensors" | "gru-memo.safetensors" | "mine-memo.safetensors" => {
                let plain = name.replace("-memo", "");
                need(&plain);
                self.make(&format!("memoize {plain} --loss 50 --out {name}"));
            }
            "text.safetensors" => {
                need("sonnets.txt");
                self.make("train --text sonnets.txt --hidden 8 --epochs 1 --restarts 1 --out text.safetensors");
            }
            "sonnets.txt" => write(&"To be, or not to be, that is the question.\n".repeat(60)),
            "TRAIN.ts" | "TEST.ts" | "JapaneseVowels_TEST.ts" => write(&recordings()),
            "my.toml" => write("mode = \"fixed\"\nelements = 16\nepochs = 1\n"),
            "story.txt" => write(STORY),
            "babi" => [1, 6].iter().for_each(|task| self.make(&format!("data --task {task} --generate --out babi"))),
            _ => {}
        }
    }

    /// Runs an example and looks at how it ends.
    fn run(&mut self, example: &str) {
        let mut words = words(example);
        let command = words.first().cloned().unwrap_or_default();
        let codes = if whole() { self.whole(&mut words) } else { self.short(&command, &mut words) };
        // Files that are read; --out names the others.
        let read = words.iter().zip(std::iter::once("").chain(words.iter().map(String::as_str)));
        let read: Vec<String> = read
            .filter(|(_, before)| !["--out", "--onnx", "--state-dict"].contains(before))
            .map(|(word, _)| word.clone())
            .collect();
        read.iter().for_each(|word| self.prepare(word));
        let mut call = engram("");
        call.current_dir(self.folder.path()).args(&words).timeout(std::time::Duration::from_secs(3600));
        if command == "ask" && !words.iter().any(|word| word == "--story" || word == "--file") {
            call.write_stdin(if words.iter().any(|word| word.starts_with("text")) { "To be" } else { STORY });
        }
        if !whole() {
            call.env("ENGRAM_WITHOUT", "yosys");
        }
        with_data(&mut call, &command);
        if command == "serve" {
            return self.serve(&words);
        }
        let output = call.output().unwrap();
        let (out, notes) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        println!("$ engram {}\n{out}{notes}", words.join(" "));
        let code = output.status.code().unwrap_or(-1);
        assert!(codes.contains(&code), "engram {example}\nended with {code}, expected {codes:?}:\n{out}{notes}");
        assert!(code != 0 || !out.trim().is_empty(), "engram {example}\nprinted nothing");
    }

    /// A simulated board is served until it is stopped: the path of its port is its first line.
    fn serve(&self, words: &[String]) {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin!("engram"));
        process.args(words).current_dir(self.folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = process.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        println!("$ engram {}\n{line}", words.join(" "));
        process.kill().and_then(|()| process.wait()).unwrap();
        assert!(line.contains("/dev/"), "engram {}: {line}", words.join(" "));
    }

    /// Puts the bAbI text where examples expect it.
    fn with_text(&self, words: &mut [String]) {
        let official = official();
        for word in words.iter_mut().filter(|word| word.starts_with("../shared/babi")) {
            let there = official.join(Path::new(word).file_name().unwrap());
            *word = if there.is_dir() { there.display().to_string() } else { "babi".to_string() };
        }
    }

    /// An example as it stands, where there is no board. Gives the exit codes that are right.
    fn whole(&self, words: &mut [String]) -> &'static [i32] {
        self.with_text(words);
        let board = words.iter().any(|word| word.starts_with("/dev/tty"));
        let models = words.iter().any(|word| word == "--prove" || word == "--export" || word == "--gather");
        if words.iter().any(|word| word == "--udev-rules") {
            return &[0];
        }
        if board || models || words[0] == "program" { &[3, 4] } else { &[0] }
    }

    /// Cuts an example short. Gives the exit codes that are right.
    fn short(&mut self, command: &str, words: &mut Vec<String>) -> &'static [i32] {
        self.with_text(words);
        let text = words.join(" ");
        let has = |option: &str| text.split(' ').any(|word| word == option);
        let generated = has("babi") && has("--compare");
        words
            .iter_mut()
            .filter(|word| ["verilator", "cxxrtl"].contains(&word.as_str()))
            .for_each(|word| *word = "simulation".into());
        let mut add = |options: &str| words.extend(options.split_whitespace().map(str::to_string));
        match command {
            "train" => {
                add("--epochs 1");
                if !has("--restarts") {
                    add("--restarts 1");
                }
                let sequences = ["--set", "--sequences", "--text"].into_iter().any(has);
                if has("--set") && !has("--generated") {
                    add("--generated");
                }
                match words.iter().position(|word| word == "--hidden") {
                    Some(place) => words[place + 1] = "8".to_string(),
                    None if sequences => words.extend(["--hidden", "8"].map(String::from)),
                    None => {}
                }
                if let Some(place) = words.iter().position(|word| word == "--restarts") {
                    words[place + 1] = "1".to_string();
                }
                &[0]
            }
            "memoize" => {
                add("--steps 100");
                &[0]
            }
            "eval" => {
                let limit = words.iter().position(|word| word == "--questions" || word == "--sequences");
                match limit {
                    Some(place) => words[place + 1] = "2".to_string(),
                    None => words.extend(["--questions", "2"].map(String::from)),
                }
                self.on_board(words);
                &[0]
            }
            "ask" => {
                if let Some(place) = words.iter().position(|word| word == "--length") {
                    words[place + 1] = "5".to_string();
                }
                self.on_board(words);
                &[0]
            }
            "selftest" => {
                words
                    .iter_mut()
                    .filter(|word| word.starts_with("/dev/tty"))
                    .for_each(|word| *word = "simulation".into());
                &[0]
            }
            // Two models part, which is exit code 1.
            "trace" if has("float.safetensors") => &[0, 1],
            "build" => &[4],
            "program" if has("--udev-rules") => &[0],
            "program" => &[3, 4],
            "data" if has("--compare") && !has("--data") => {
                add("--data babi");
                &[3]
            }
            "data" if generated => &[3],
            // Recordings that are not fetched, and cannot be.
            "data" if has("fetch") || has("--set") => &[0, 1, 3, 4],
            "results" | "report" => self.campaign(words),
            _ => &[0],
        }
    }

    /// A served board in the place of one that is plugged in.
    fn on_board(&mut self, words: &mut [String]) {
        for word in words.iter_mut().filter(|word| word.starts_with("/dev/tty")) {
            let board = self.board.get_or_insert_with(|| Board::new(Addressing::Min, 0));
            *word = board.path.clone();
        }
    }

    /// A campaign is planned, with the repository's recipes and finished runs.
    fn campaign(&self, words: &mut Vec<String>) -> &'static [i32] {
        let has = |words: &[String], option: &str| words.iter().any(|word| word == option);
        if words.get(1).is_some_and(|word| word == "run") {
            // A run takes minutes. The plan of a campaign without finished runs says whether there is one of this key.
            let key = words[2].clone();
            *words = ["results", "--network", "crossbar", "--dry-run", "--json"].map(String::from).to_vec();
            if official().is_dir() {
                let mut plan = engram(&format!("{} --runs none", words.join(" ")));
                with_data(&mut plan, "results");
                let plan = plan.current_dir(repository()).output().unwrap();
                assert!(String::from_utf8_lossy(&plan.stdout).contains(&key), "{key} is no run");
            }
        }
        let gathers = has(words, "--gather");
        let folder = |name: &str| repository().join(name).display().to_string();
        match words.iter().position(|word| word == "--runs") {
            Some(place) => words[place + 1] = folder("results"),
            None => words.extend(["--runs".to_string(), folder("results")]),
        }
        words.extend(["--recipes".to_string(), folder("recipes")]);
        // The models of finished runs are not committed; nor are lines to gather.
        if gathers || has(words, "--export") || has(words, "--prove") {
            return &[3];
        }
        if words[0] == "results" {
            let more = |option: &str, value: &str| {
                if has(words, option) { vec![] } else { vec![option.to_string(), value.to_string()] }
            };
            let more = [
                more("--dry-run", ""),
                if has(words, "--network") { vec![] } else { [more("--sizes", "1k"), more("--tasks", "1")].concat() },
            ];
            words.extend(more.concat().into_iter().filter(|word| !word.is_empty()));
        }
        // The stories of the crossbar's tables are the official ones.
        if official().is_dir() { &[0] } else { &[0, 3] }
    }
}

pub fn recordings() -> String {
    let line = |class: usize, number: usize| {
        let value = |step: usize| (step * (class + 1) + number) % 7;
        let channel = |from: usize| (from..from + 8).map(|step| value(step).to_string()).collect::<Vec<_>>().join(",");
        format!("{}:{}:{}\n", channel(0), channel(3), ["still", "moving"][class])
    };
    let lines: String = (0..24).map(|number| line(number % 2, number)).collect();
    format!("@problemName Gestures\n@timestamps false\n@dimensions 2\n@classLabel true still moving\n@data\n{lines}")
}

fn run(examples: Vec<String>) {
    let mut place = Place::new();
    examples.iter().for_each(|example| place.run(example));
}

#[test]
fn of_train() {
    run(of_help("train"));
}

#[test]
fn of_quantize_and_memoize() {
    run([of_help("quantize"), of_help("memoize")].concat());
}

#[test]
fn of_eval() {
    run(of_help("eval"));
}

#[test]
fn of_ask() {
    run(of_help("ask"));
}

#[test]
fn of_trace() {
    run(of_help("trace"));
}

#[test]
fn of_selftest() {
    run(of_help("selftest"));
}

#[test]
fn of_all_other_commands() {
    let tested = ["train", "quantize", "memoize", "eval", "ask", "trace", "selftest"];
    COMMANDS.iter().filter(|command| !tested.contains(command)).for_each(|command| run(of_help(command)));
    run(of_help("results run"));
}

/// Bitstreams and everything else once: minutes. Without tools, `tools::a_run_without_tools_does_what_it_can` does it.
#[test]
fn of_run() {
    if whole() {
        run(of_help("run"));
    }
}

#[test]
fn of_the_readme() {
    run(of_page("README.md"));
}

#[test]
fn of_the_page_of_commands() {
    run(of_page("docs/commands.md"));
}

#[test]
fn every_command_has_examples() {
    let output = engram("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let listed =
        help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1).take_while(|line| !line.is_empty());
    for command in listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()) {
        assert!(
            ["", "help", "run"].contains(&command) || COMMANDS.contains(&command),
            "{command} is run by no test here"
        );
    }
}
