//! `engram export`: files that come back, and what it refuses.

use std::fs;
use std::path::Path;

use safetensors::SafeTensors;
use serde_json::Value;
use tempfile::tempdir;

use crate::setting::{engram, gru_model, model, recordings_model, text_model};

/// The result of a call that is to end with a code.
fn export(model: &Path, options: &[&str], code: i32) -> Value {
    let output = engram("export").arg(model).args(options).arg("--json").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).unwrap()
}

/// The bytes of a tensor of a file.
fn tensor(path: &Path, name: &str) -> Vec<u8> {
    SafeTensors::deserialize(&fs::read(path).unwrap()).unwrap().tensor(name).unwrap().data().to_vec()
}

/// The two forms go through `engram quantize` at the same precision and are the same codes.
#[test]
fn exported_networks_are_quantised_to_the_same_codes() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (model, set) in
        [(recordings_model(), "basic-motions"), (gru_model(), "basic-motions"), (text_model(), "shakespeare")]
    {
        let (onnx, dict, back) = (at("x.onnx"), at("x.safetensors"), at("back.safetensors"));
        let options = ["--onnx", onnx.to_str().unwrap(), "--state-dict", dict.to_str().unwrap()];
        let found = export(model, &options, 0);
        let of_recordings = set == "basic-motions";
        assert_eq!((&found["hidden"], &found["weight_bits"]), (&8.into(), &4.into()), "{found}");
        assert_eq!(found.get("normalisation").is_some(), of_recordings, "{found}");
        for exported in [&onnx, &dict] {
            let call = format!("quantize --set {set} --generated --precision 4 --json --out");
            let output = engram(&call).arg(&back).arg(exported).output().unwrap();
            let notes = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{notes}");
            let result: Value = serde_json::from_slice(&output.stdout).unwrap();
            let normalisation = of_recordings.then_some("file");
            assert_eq!(result.get("normalisation").and_then(Value::as_str), normalisation, "{result}");
            let spans = result["tensors"].as_array().unwrap();
            assert!(spans.iter().all(|span| span["rounded"] == 0), "{result}");
            for name in ["weights", "readout", "bias", "readout_bias"] {
                assert!(tensor(&back, name) == tensor(model, name), "{name} of {}", exported.display());
            }
        }
    }
}

#[test]
fn files_that_are_there_and_wrong_models_are_refused() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let refused = |model: &Path, options: &[&str], code: i32, text: &str| {
        let error = export(model, options, code)["error"].as_str().unwrap().to_string();
        assert!(error.contains(text), "{error}");
    };
    let onnx = at("x.onnx");
    refused(model(), &["--onnx", &onnx], 3, "a crossbar model is needed");
    refused(Path::new("missing.safetensors"), &["--onnx", &onnx], 3, "missing.safetensors");
    refused(recordings_model(), &["--onnx", &at("missing/x.onnx")], 3, "is no folder");
    refused(recordings_model(), &["--onnx", &at("x.bin")], 2, "expected a name that ends in .onnx");
    refused(recordings_model(), &[], 2, "--onnx <FILE.onnx>|--state-dict <FILE.safetensors>");
    for dict in [&onnx, &at("./x.onnx"), &at("Y.ONNX")] {
        let options = ["--onnx", &onnx, "--state-dict", dict];
        refused(recordings_model(), &options, 2, "expected a name that does not end in .onnx");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
    // Two names of one file, which is not there yet.
    let link = at("link.safetensors");
    std::os::unix::fs::symlink("x.onnx", &link).unwrap();
    refused(recordings_model(), &["--onnx", &onnx, "--state-dict", &link], 2, "have the same file");
    assert!(!Path::new(&onnx).exists(), "nothing is written");
    let torn = at("torn.safetensors");
    let bytes = fs::read(recordings_model()).unwrap();
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    refused(Path::new(&torn), &["--onnx", &onnx], 3, "torn.safetensors");
    // The model itself, and a file that engram did not write; its own is written again.
    let own = at("own.safetensors");
    fs::copy(recordings_model(), &own).unwrap();
    refused(Path::new(&own), &["--state-dict", &own], 3, "the command reads this file");
    fs::write(&onnx, "mine").unwrap();
    refused(recordings_model(), &["--onnx", &onnx], 3, "--force");
    refused(recordings_model(), &["--state-dict", &own], 3, "--force");
    export(recordings_model(), &["--onnx", &onnx, "--force"], 0);
    let dict = at("dict.safetensors");
    for _ in 0..2 {
        export(recordings_model(), &["--onnx", &onnx, "--state-dict", &dict], 0);
    }
}
