//! Files that commands write: never in the place of what is not theirs, through links, with the rights that the umask leaves, and
//! nothing half-written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::setting::{engram, fails, model, recordings_model};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A folder with a small recording, text and recipe of a user's own.
fn own() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let recordings = "@problemName Own\n@classLabel true a b\n@data\n1,2,3,4:a\n4,3,2,1:b\n1,2,3,5:a\n5,3,2,1:b\n";
    write("train.ts", recordings);
    write("test.ts", recordings);
    write("text.txt", &"to be or not to be ".repeat(200));
    write("recipe.toml", "epochs = 1\nrestarts = 1\n");
    write("words.txt", "mary\n");
    fs::copy(model(), folder.path().join("model.safetensors")).unwrap();
    fs::copy(recordings_model(), folder.path().join("crossbar.safetensors")).unwrap();
    folder
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = own();
    fs::create_dir(folder.path().join("babi")).unwrap();
    engram("data --task 1 --generate --out babi").current_dir(folder.path()).assert().success();
    symlink("text.txt", folder.path().join("link.txt")).unwrap();
    let all = names(folder.path());
    let before: Vec<Vec<u8>> = all.iter().filter_map(|name| fs::read(folder.path().join(name)).ok()).collect();
    let question = "babi/qa1_single-supporting-fact_train.txt";
    let commands = [
        "train --text text.txt --out text.txt".to_string(),
        "train --text text.txt --out link.txt".to_string(),
        "train --text link.txt --out text.txt".to_string(),
        "train --sequences train.ts --test test.ts --out train.ts".to_string(),
        "train --sequences train.ts --test test.ts --out ./test.ts".to_string(),
        "train --task 1 --generated --recipe recipe.toml --out recipe.toml".to_string(),
        "train --task 1 --generated --start model.safetensors --out model.safetensors".to_string(),
        format!("train --task 1 --data babi --out {question}"),
        "quantize model.safetensors --generated --task 1 --out model.safetensors".to_string(),
        "quantize model.safetensors --generated --task 1 --vocabulary words.txt --out words.txt".to_string(),
        "memoize crossbar.safetensors --out crossbar.safetensors".to_string(),
        "trace model.safetensors --generated --on simulation --vcd model.safetensors".to_string(),
    ];
    for command in commands {
        for command in [command.clone(), format!("{command} --force")] {
            let message = fails(engram(&command).current_dir(folder.path()), 3);
            assert!(message.contains("the command reads this file"), "{command}: {message}");
        }
    }
    let after: Vec<Vec<u8>> = all.iter().filter_map(|name| fs::read(folder.path().join(name)).ok()).collect();
    assert!(before == after && names(folder.path()) == all, "nothing has changed");
}

#[test]
fn a_foreign_file_is_overwritten_with_force_alone() {
    let folder = own();
    let notes = "my notes on engram\n";
    let commands = [
        ("train --task 20 --generated --epochs 1 --restarts 1 --out mine", "mine"),
        ("quantize model.safetensors --generated --task 1 --slots 8 --out mine", "mine"),
        ("memoize crossbar.safetensors --loss 50 --steps 20 --out mine", "mine"),
        ("trace model.safetensors --generated --on simulation --vcd mine", "mine"),
        ("emit --board icebreaker --out .", "design.v"),
        ("emit --board icebreaker --out .", "icebreaker.pcf"),
        ("data --task 1 --generate --out .", "qa1_single-supporting-fact_test.txt"),
    ];
    for (command, file) in commands {
        let path = folder.path().join(file);
        fs::write(&path, notes).unwrap();
        let message = fails(engram(command).current_dir(folder.path()), 3);
        assert!(message.contains(file) && message.contains("--force"), "{command}: {message}");
        assert_eq!(fs::read_to_string(&path).unwrap(), notes, "{command}");
        engram(&format!("{command} --force")).current_dir(folder.path()).assert().success();
        assert_ne!(fs::read(&path).unwrap(), notes.as_bytes(), "{command}");
        // What engram wrote itself it replaces without being asked.
        engram(command).current_dir(folder.path()).assert().success();
        names(folder.path()).iter().filter(|name| name.starts_with("qa1") || name.as_str() == "generated").for_each(
            |name| {
                let _ = fs::remove_file(folder.path().join(name));
            },
        );
    }
    // Checked before any tool is looked for.
    for file in ["bitstream.bin", "netlist.json", "build.json"] {
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join(file), notes).unwrap();
        let message = fails(engram("build --board icebreaker --out").arg(other.path()), 3);
        assert!(message.contains(file) && message.contains("--force"), "{message}");
        assert_eq!(names(other.path()), [file]);
    }
}

#[test]
fn links_are_followed_and_devices_stay_devices() {
    let folder = own();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("deep")).unwrap();
    symlink("deep/there.safetensors", at("link")).unwrap();
    symlink("/dev/null", at("null")).unwrap();
    let quantize = |out: &Path| {
        let mut command = engram("quantize model.safetensors --generated --task 1 --slots 8 --out");
        command.arg(out).current_dir(folder.path());
        command
    };
    quantize(&at("link")).assert().success();
    assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
    engram("eval --generated --questions 1").arg(at("deep/there.safetensors")).assert().success();
    quantize(&at("null")).assert().success();
    quantize(Path::new("/dev/null")).assert().success();
    assert!(!fs::metadata("/dev/null").unwrap().is_file() && fs::symlink_metadata(at("null")).unwrap().is_symlink());
    let message = fails(&mut quantize(&at("deep")), 3);
    assert!(message.contains("it is a folder"), "{message}");
}

#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: no /dev/full");
        return;
    }
    let commands = [
        "trace --generated --question 1 --on simulation --vcd /dev/full",
        "quantize --generated --task 1 --slots 8 --out /dev/full",
    ];
    for command in commands {
        let message = fails(engram(command).arg(model()), 3);
        assert!(message.contains("/dev/full") && message.contains("No space left"), "{command}: {message}");
    }
}

/// The rights of everything that is written, with a umask of its own.
#[test]
fn all_files_have_the_rights_that_the_umask_leaves() {
    let folder = own();
    let train = "train --task 20 --generated --epochs 1 --restarts 1 --out new/trained.safetensors";
    let commands = [
        train,
        "quantize model.safetensors --generated --task 1 --slots 8 --out new/cut.safetensors",
        "memoize crossbar.safetensors --loss 50 --steps 20 --out new/memo.safetensors",
        "trace model.safetensors --generated --on simulation --vcd new/question.vcd",
        "emit --board icebreaker --out new",
        "data --task 1 --generate --out new",
    ];
    fs::create_dir(folder.path().join("new")).unwrap();
    let binary = assert_cmd::cargo::cargo_bin!("engram");
    let script = commands.map(|command| format!("{} {command}", binary.display())).join(" && ");
    let script = format!("umask 027 && {script}");
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = names(&folder.path().join("new"));
    assert_eq!(written.len(), 9, "{written:?}");
    for name in written {
        let mode = fs::metadata(folder.path().join("new").join(&name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o640, "{name}");
    }
}

#[test]
fn what_killed_runs_left_goes_at_the_next_start() {
    let folder = own();
    let left: Vec<PathBuf> =
        [".engram-abcdefghij12.part", ".engram-abcdefghij12.work"].map(|name| folder.path().join(name)).into();
    let own = [".engram-notes", ".engram-d"].map(|name| folder.path().join(name));
    own.iter().for_each(|path| fs::write(path, "the user's").unwrap());
    fs::write(&left[0], "half").unwrap();
    fs::create_dir_all(left[1].join("inside")).unwrap();
    engram("emit --board icebreaker --out").arg(folder.path()).assert().success();
    assert!(left.iter().all(|path| !path.exists()), "{:?}", names(folder.path()));
    assert!(own.iter().all(|path| path.exists()), "{:?}", names(folder.path()));
}

/// Commands read the files again that a model has its data from.
#[test]
fn the_data_of_a_model_are_never_overwritten() {
    let folder = own();
    let train = "train --sequences train.ts --test test.ts --hidden 8 --epochs 2 --restarts 1 --out";
    engram(train).arg("codes.safetensors").current_dir(folder.path()).assert().success();
    let train = format!("{train} float.safetensors --precision float");
    engram(&train).current_dir(folder.path()).assert().success();
    let before = fs::read(folder.path().join("train.ts")).unwrap();
    for command in ["memoize codes.safetensors --loss 50", "quantize float.safetensors"] {
        for out in ["train.ts", "test.ts"] {
            let mut command = engram(&format!("{command} --force --out {out}"));
            let message = fails(command.current_dir(folder.path()), 3);
            assert!(message.contains("the command reads this file"), "{message}");
        }
    }
    assert_eq!(fs::read(folder.path().join("train.ts")).unwrap(), before);
    let runs = folder.path().join("crossbar.jsonl");
    fs::write(&runs, "{}\n").unwrap();
    let message = fails(engram("report --runs . --out crossbar.jsonl --force").current_dir(folder.path()), 3);
    assert!(message.contains("the command reads this file"), "{message}");
}

#[test]
fn a_path_that_only_a_folder_has_is_known_before_the_work() {
    let folder = own();
    fs::write(folder.path().join("file"), "").unwrap();
    for command in [
        "train --task 20 --generated --epochs 1 --restarts 1 --out new/",
        "trace model.safetensors --generated --on simulation --vcd new/",
        "report --out new/",
    ] {
        let message = fails(engram(command).current_dir(folder.path()), 3);
        assert!(message.contains("name a file"), "{command}: {message}");
    }
    let message = fails(engram("emit --board icebreaker --out file/below").current_dir(folder.path()), 3);
    assert!(message.contains("file is a file: name a folder"), "{message}");
}

#[test]
fn constraints_of_another_board_do_not_stay() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.lpf"), "# pins of mine\n").unwrap();
    for (board, expected) in [("ulx3s-25f", "ulx3s.lpf"), ("icebreaker", "icebreaker.pcf")] {
        engram("emit --board").arg(board).arg("--out").arg(folder.path()).assert().success();
        let mut files = ["design.v", expected, "mine.lpf"];
        files.sort();
        assert_eq!(names(folder.path()), files);
    }
    // What a user has changed stays.
    let changed = folder.path().join("icebreaker.pcf");
    let text = fs::read_to_string(&changed).unwrap() + "set_io my_led 11\n";
    fs::write(&changed, &text).unwrap();
    engram("emit --board ulx3s-25f --out").arg(folder.path()).assert().success();
    assert_eq!(fs::read_to_string(&changed).unwrap(), text);
}
