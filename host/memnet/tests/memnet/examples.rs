//! The examples for users of the crate: each checks its own outcome.

#[path = "../../examples/answer.rs"]
mod answer;
#[path = "../../examples/train.rs"]
mod train;

#[test]
fn a_committed_model_answers() {
    answer::main().unwrap();
}

#[test]
fn a_model_is_trained_quantised_tested_and_saved() {
    train::main().unwrap();
}
