//! `docs/check`: what the pages of the numerics and of the link say, computed in Python, and the same bits of engram.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python that has numpy: that of `make documents`, or the machine's.
fn python() -> Option<PathBuf> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../build/documents/venv/bin/python");
    let has_numpy = |python: &PathBuf| {
        let tried = Command::new(python).args(["-c", "import numpy"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    [made, "python3".into()].into_iter().find(has_numpy)
}

#[test]
fn the_pages_are_enough_to_compute_the_same_bits() {
    let Some(python) = python() else {
        let required = std::env::var_os("ENGRAM_REQUIRE").is_some_and(|required| required == "numpy");
        assert!(!required, "numpy is missing; `make documents` installs it");
        return eprintln!("skipped: no Python with numpy; `make documents` installs it");
    };
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/check/check.py");
    let ran = Command::new(python)
        .arg(check)
        .arg(assert_cmd::cargo::cargo_bin!("engram"))
        .arg("--quick")
        .env_remove("ENGRAM_BABI")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.ends_with(" values compared, 0 differ\n"), "{said}");
}
