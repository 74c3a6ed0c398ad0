//! The setting that the tests share: the binary away from everything of this machine, and a model trained once.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;

use assert_cmd::Command;
use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto,
};
use serde_json::Value;
use tempfile::TempDir;

/// A folder in which nothing else is, so that neither data nor tools are found by chance.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("work")).unwrap();
    folder
});

/// The binary with these arguments, separated by spaces.
pub fn engram(arguments: &str) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("engram"));
    command.current_dir(FOLDER.path().join("work")).args(arguments.split_whitespace());
    command
        .env_remove("ENGRAM_BABI")
        .env_remove("ENGRAM_DATA")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("ENGRAM_PROGRESS");
    // Compiling a design takes longer than a test: compiled ones are kept.
    command.env("ENGRAM_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"));
    command.env("ENGRAM_DATA", FOLDER.path().join("data"));
    command
}

/// A file that this binary makes once for all tests, which may be processes of their own.
fn made_once(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let models = Path::new(env!("CARGO_TARGET_TMPDIR")).join("models");
    std::fs::create_dir_all(&models).unwrap();
    // Another test may be at it too: it waits here, and finds the file made.
    let lock = std::fs::File::create(models.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let binary = std::fs::metadata(assert_cmd::cargo::cargo_bin!("engram")).unwrap();
    let of = binary.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let (path, mark) = (models.join(name), models.join(format!("{name}.of")));
    // What an earlier binary made is made again, in its place.
    if std::fs::read_to_string(&mark).ok() != Some(of.to_string()) {
        let made = tempfile::NamedTempFile::new_in(&models).unwrap();
        make(made.path());
        made.persist(&path).unwrap();
        std::fs::write(mark, of.to_string()).unwrap();
    }
    path
}

/// A model of generated task 1.
pub fn model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| {
        made_once("qa1.safetensors", |path| {
            let train = "train --generated --task 1 --tying layer-wise --epochs 40 --force --out";
            engram(train).arg(path).assert().success();
        })
    });
    &MODEL
}

/// A float model of generated task 1.
pub fn float_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| {
        made_once("float.safetensors", |path| {
            let train =
                "train --task 1 --generated --mode float --tying layer-wise --restarts 1 --epochs 30 --force --out";
            engram(train).arg(path).assert().success();
        })
    });
    &MODEL
}

/// A crossbar model of synthetic recordings, small enough for the smallest device.
pub fn recordings_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("recordings", "--set basic-motions --epochs 3"));
    &MODEL
}

/// The same of GRUs.
pub fn gru_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("gru", "--set basic-motions --cell gru --epochs 1"));
    &MODEL
}

/// The same of a synthetic text.
pub fn text_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("text", "--set shakespeare --epochs 1"));
    &MODEL
}

/// A crossbar model of the stories of generated task 1.
pub fn stories_model() -> &'static Path {
    static MODEL: LazyLock<PathBuf> = LazyLock::new(|| trained("stories", "--set babi --epochs 10"));
    &MODEL
}

fn trained(name: &str, options: &str) -> PathBuf {
    made_once(&format!("{name}.safetensors"), |path| {
        let hidden = "train --generated --hidden 8 --force --out";
        engram(hidden).arg(path).args(options.split_whitespace()).assert().success();
    })
}

/// The same model with thresholds by which much is remembered.
pub fn memoized(model: &Path) -> PathBuf {
    let name = model.with_extension("memo.safetensors");
    made_once(&name.file_name().unwrap().to_string_lossy(), |path| {
        engram("memoize --loss 50 --steps 200 --force --out").arg(path).arg(model).assert().success();
    })
}

/// A simulated board of the crossbar network, served until this is dropped.
pub struct Served {
    process: std::process::Child,
    /// The report of `engram serve`.
    pub report: Value,
    /// The path of the board's serial port.
    pub path: String,
}

impl Served {
    /// With these options beside the usual.
    pub fn new(options: &str) -> Served {
        Served::of(&format!("--network crossbar --board ulx3s-25f {options}"))
    }

    /// A board of these options, in the in-crate simulation.
    pub fn of(options: &str) -> Served {
        let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("engram"))
            .args(["serve", "--on", "simulation", "--json"])
            .args(options.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let report: Value = serde_json::from_str(&line).unwrap();
        let path = report["path"].as_str().unwrap().to_string();
        Served { process, report, path }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).unwrap();
    }
}

/// The report of a command with a model.
pub fn report(arguments: &str, model: &Path) -> Value {
    object(&engram(arguments).arg(model).assert().success().get_output().stdout)
}

/// The JSON object that a command printed: one line, and nothing else.
pub fn object(stdout: &[u8]) -> Value {
    let text = std::str::from_utf8(stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).unwrap()
}

/// The keys of an object, in ascending order.
pub fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Runs a command that ends with this exit code; gives what it said on standard error.
pub fn fails(command: &mut Command, code: i32) -> String {
    let assert = command.assert().code(code);
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// Numbers in [-1, 1] that look random.
fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|place| ((place * 37 + 11) % 101) as f32 / 50.0 - 1.0).collect()
}

/// The state dict of an nn.LSTM of so many inputs and cells, and an nn.Linear of so many outputs, as PyTorch writes it.
pub fn lstm([inputs, hidden, outputs]: [usize; 3]) -> Vec<u8> {
    let tensors = [
        ("lstm.weight_ih_l0", vec![4 * hidden, inputs]),
        ("lstm.weight_hh_l0", vec![4 * hidden, hidden]),
        ("lstm.bias_ih_l0", vec![4 * hidden]),
        ("lstm.bias_hh_l0", vec![4 * hidden]),
        ("fc.weight", vec![outputs, hidden]),
        ("fc.bias", vec![outputs]),
    ];
    let bytes =
        |shape: &[usize]| numbers(shape.iter().product()).iter().flat_map(|number| number.to_le_bytes()).collect();
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|(_, shape)| bytes(shape)).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape), bytes)| {
        (*name, safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), bytes).unwrap())
    });
    safetensors::serialize(views, None).unwrap()
}

/// An ONNX file of a GRU of so many inputs and cells, and a Gemm of so many outputs.
pub fn gru([inputs, hidden, outputs]: [usize; 3]) -> Vec<u8> {
    let tensor = |name: &str, shape: &[usize]| TensorProto {
        dims: shape.iter().map(|&size| size as i64).collect(),
        data_type: Some(DataType::FLOAT),
        float_data: numbers(shape.iter().product()),
        name: Some(name.to_string()),
        ..TensorProto::default()
    };
    let whole = |name: &str, value: i64| AttributeProto {
        name: Some(name.to_string()),
        i: Some(value),
        r#type: Some(AttributeType::INT),
        ..AttributeProto::default()
    };
    let node = |operator: &str, inputs: &[&str], output: &str, attribute: AttributeProto| NodeProto {
        op_type: Some(operator.to_string()),
        input: inputs.iter().map(|name| name.to_string()).collect(),
        output: vec![output.to_string()],
        attribute: vec![attribute],
        ..NodeProto::default()
    };
    let graph = GraphProto {
        node: vec![
            node("GRU", &["x", "W", "R", "B"], "y", whole("linear_before_reset", 1)),
            node("Gemm", &["y", "V", "v"], "logits", whole("transB", 1)),
        ],
        output: vec![ValueInfoProto { name: Some("logits".to_string()), ..ValueInfoProto::default() }],
        initializer: vec![
            tensor("W", &[1, 3 * hidden, inputs]),
            tensor("R", &[1, 3 * hidden, hidden]),
            tensor("B", &[1, 6 * hidden]),
            tensor("V", &[outputs, hidden]),
            tensor("v", &[outputs]),
        ],
        ..GraphProto::default()
    };
    ModelProto { ir_version: Some(8), graph: Some(graph), ..ModelProto::default() }.write_buf().unwrap()
}
