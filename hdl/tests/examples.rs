//! The example for users of the crate: it checks its own outcome.

#[path = "../examples/emit.rs"]
mod emit;

#[test]
fn a_block_is_emitted() {
    emit::main();
}
