//! Synthesises every block by itself and writes the cells to `testbench/resources.json`, from which `docs/hardware.md` has its table.
//!
//! `cargo run --release --package engram-testbench --example resources`: every block of the ECP5-25F is synthesised for ECP5, every
//! block of the UP5K for iCE40, with the commands that make the bitstreams. A block whose Verilog is as it was is left as it is, so a
//! run that was interrupted goes on where it was; with `all` every block is synthesised. Then
//! `UPDATE_EXPECT=1 cargo test --package engram-testbench --test proof golden` writes the table.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use engram_flow::board::Family;
use engram_flow::tool::{Tool, YOSYS};
use engram_flow::{Search, yosys};
use engram_hdl::emit::Design;
use engram_testbench::resources::{FAMILIES, Resources, Synthesis, designs, fingerprint};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Synthesises a design by itself.
fn synthesise(yosys: &Tool, design: &Design, family: Family) -> Result<Synthesis, Error> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../target/resources-{family:?}"));
    fs::create_dir_all(&folder)?;
    let verilog = format!("{}.v", design.top);
    fs::write(folder.join(&verilog), &design.verilog)?;
    let cells = yosys::synthesise(yosys, &folder, &verilog, &design.top, family)?;
    Ok(Synthesis { fingerprint: fingerprint(family, design), cells })
}

/// Synthesises the stale blocks of a family, and writes the file after each.
fn renew(yosys: &Tool, family: Family, kept: &Mutex<Resources>) -> Result<(), Error> {
    let designs = designs(family);
    let lock = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    for (number, design) in designs.iter().enumerate() {
        if !lock().is_fresh(family, design) {
            eprintln!("{family:?} {} of {}: {}", number + 1, designs.len(), design.top);
            let synthesis = synthesise(yosys, design, family)?;
            let mut kept = lock();
            kept.blocks.entry(family).or_default().insert(design.top.clone(), synthesis);
            kept.write()?;
        }
    }
    let mut kept = lock();
    kept.blocks.entry(family).or_default().retain(|block, _| designs.iter().any(|design| design.top == *block));
    Ok(kept.write()?)
}

fn main() -> Result<(), Error> {
    let yosys = Search::from_env().find(YOSYS)?;
    let all = std::env::args().any(|argument| argument == "all");
    let kept = if all || !Resources::path().exists() { Resources::default() } else { Resources::read()? };
    let kept = Mutex::new(Resources { yosys: yosys.description(), ..kept });
    std::thread::scope(|scope| {
        let threads = FAMILIES.map(|family| {
            scope.spawn({
                let (yosys, kept) = (&yosys, &kept);
                move || renew(yosys, family, kept)
            })
        });
        threads.into_iter().try_for_each(|thread| thread.join().expect("does not panic"))
    })
}
