//! A board on a serial port: one that answers rightly, one that lies, one of the wrong kind, and none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use engram_link::{Endpoint, Pty};
use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::memnet::geometry::ECP5_25F;
use engram_spec::memnet::{Addressing, Call, Identity, Memnet, Program, Reply, Status};
use engram_spec::{Answer, DeviceError};

use crate::setting::{engram, fails, model, object};

/// A device whose logits are wrong by a constant.
struct Liar {
    device: IntegerModel,
    error: i32,
}

impl Device<Memnet> for Liar {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        self.device.identify()
    }
    fn load_with(&mut self, program: &Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.device.load_with(program, progress)
    }
    fn clear(&mut self) -> Result<(), DeviceError> {
        self.device.clear()
    }
    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        Ok(match self.device.call(call)? {
            Reply::Answer(answer) => Reply::Answer(Answer { logit: answer.logit + self.error, cycles: 300, ..answer }),
            taken => taken,
        })
    }
    fn status(&mut self) -> Result<Status, DeviceError> {
        self.device.status()
    }
}

/// A board that is served until it is dropped.
pub struct Board {
    pub path: String,
    ended: Arc<AtomicBool>,
    served: Option<JoinHandle<()>>,
}

impl Board {
    /// A board whose device is built for this addressing, and whose logits are wrong by `error`.
    pub fn new(addressing: Addressing, error: i32) -> Board {
        let mut pty = Pty::open().unwrap();
        let path = pty.path().display().to_string();
        let ended = Arc::new(AtomicBool::new(false));
        let end = ended.clone();
        let served = thread::spawn(move || {
            let device = Liar { device: IntegerModel::new(ECP5_25F, addressing), error };
            let mut endpoint = Endpoint::new(device).unwrap();
            endpoint.serve(&mut pty, || end.load(Ordering::Relaxed)).unwrap();
        });
        Board { path, ended, served: Some(served) }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        self.served.take().map(JoinHandle::join);
    }
}

#[test]
fn a_board_that_answers_rightly_agrees() {
    let board = Board::new(Addressing::Min, 0);
    // Twice: the second time the board holds the model already.
    for _ in 0..2 {
        let eval = format!("eval --generated --questions 30 --json --on {}", board.path);
        let report = object(&engram(&eval).arg(model()).assert().success().get_output().stdout);
        assert_eq!((report["disagreements"].as_u64(), report["questions"].as_u64()), (Some(0), Some(30)));
        assert_eq!((report["body"].as_str(), report["cycles_max"].as_u64()), (Some(board.path.as_str()), Some(300)));
    }
    let trace = format!("trace --generated --on {}", board.path);
    assert!(fails(engram(&trace).arg(model()), 3).contains("does not show its values"));
}

#[test]
fn a_board_that_lies_is_found_out() {
    let board = Board::new(Addressing::Min, 1);
    let eval = format!("eval --generated --questions 5 --json --on {}", board.path);
    let assert = engram(&eval).arg(model()).assert().code(1);
    let output = assert.get_output();
    let report = object(&output.stdout);
    assert_eq!(report["disagreements"], 5);
    assert_eq!(report["first_disagreement"]["question"], 1);
    assert!(report["first_disagreement"]["parting"].is_null(), "a board cannot be looked into");
    assert!(String::from_utf8_lossy(&output.stderr).contains("5 of 5 answers differ"));
    let ask = format!("ask --on {}", board.path);
    let story = "Mary moved to the bathroom.\nWhere is Mary?\n";
    assert!(fails(engram(&ask).arg(model()).write_stdin(story), 1).contains("differ from the integer model"));
}

#[test]
fn a_board_of_another_kind_is_explained() {
    let board = Board::new(Addressing::Dot, 0);
    let eval = format!("eval --generated --on {}", board.path);
    let message = fails(engram(&eval).arg(model()), 3);
    assert!(message.contains("built for dot, the model for min"), "{message}");
}

#[test]
fn a_board_that_is_not_there_is_explained() {
    let message = fails(engram("ask --on /dev/ttyNOWHERE0").arg(model()), 3);
    assert!(message.contains("there is no port '/dev/ttyNOWHERE0'"), "{message}");
}
