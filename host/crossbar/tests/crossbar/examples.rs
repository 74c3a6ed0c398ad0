//! The example for users of the crate: it checks its own outcome.

#[path = "../../examples/classify.rs"]
mod classify;

#[test]
fn recordings_are_classified() {
    classify::main().unwrap();
}
