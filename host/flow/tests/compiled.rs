//! Verilog compiled by both compilers gives the same values. A compiler whose tools are not installed is skipped, with a
//! note.

use std::path::{Path, PathBuf};
use std::time::Instant;

use engram_flow::compiled::{End, Options, Until};
use engram_flow::search::may_be_left_out;
use engram_flow::{CompiledModel, Compiler, Design, Error, Port};

/// The cache that all tests share and race for, and that later runs use.
fn cache() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled")
}

fn design() -> Design {
    Design {
        verilog: include_str!("streams.v").to_string(),
        top: "streams".to_string(),
        clock: Some("clock".to_string()),
        inputs: [("rx_data", 8), ("rx_valid", 1), ("tx_ready", 1), ("wide$in", 64)]
            .map(|(n, w)| Port::new(n, w))
            .into(),
        outputs: [("rx_ready", 1), ("tx_data", 8), ("tx_valid", 1), ("wide$out", 64), ("acc$0", 16), ("narrow", 3)]
            .map(|(n, w)| Port::new(n, w))
            .into(),
    }
}

fn build(compiler: Compiler, design: &Design, options: Options, cache: &Path) -> Option<Result<CompiledModel, Error>> {
    let model = CompiledModel::build(compiler, design, options, cache);
    if let Err(error) = &model
        && may_be_left_out(error)
    {
        eprintln!("skipped {compiler:?}: {error}");
        return None;
    }
    Some(model)
}

/// The design, compiled by every compiler that is there.
fn models(options: Options) -> Vec<CompiledModel> {
    let compilers = [Compiler::Verilator, Compiler::Cxxrtl];
    compilers
        .into_iter()
        .filter_map(|compiler| build(compiler, &design(), options, &cache()))
        .map(Result::unwrap)
        .collect()
}

const UNTIL: Until = Until { max_cycles: 1 << 20, idle_cycles: 50, last_byte: None };

#[test]
fn ports_and_initial_values() {
    for mut model in models(Options::default()) {
        let [accumulator, wide_out, narrow] = ["acc$0", "wide$out", "narrow"].map(|name| model.output(name).unwrap());
        let [wide_in, data, valid] = ["wide$in", "rx_data", "rx_valid"].map(|name| model.input(name).unwrap());
        assert_eq!(model.get(accumulator), 41, "an initial block");
        model.set(wide_in, 0x8000_0000_0000_0001);
        model.set(data, 0xABCD);
        model.eval().unwrap();
        assert_eq!((model.get(wide_out), model.get(narrow)), (3, 5), "without a clock");
        model.set(valid, 1);
        model.tick().unwrap();
        assert_eq!(model.get(accumulator), 41 + 0xCD * 0xCD, "after the rising edge, from an initialised memory");
        assert_eq!((model.get(99), model.get(usize::MAX)), (0, 0));
        model.set(99, 1);

        let mut fresh = model.fresh();
        assert_eq!(fresh.get(accumulator), 41, "a state of its own");
        fresh.ticks(100).unwrap();
        assert_eq!((fresh.get(accumulator), model.get(accumulator)), (41, 41 + 0xCD * 0xCD));
        let error = model.input("rx_dat").unwrap_err().to_string();
        assert_eq!(
            error,
            "engram cannot compile module streams: it has no input \"rx_dat\", only rx_data, rx_valid, tx_ready, wide$in"
        );
    }
}

#[test]
fn streams_pass_bytes_in_one_call() {
    let bytes: Vec<u8> = (0..=255).cycle().step_by(7).take(10_000).collect();
    let expected: Vec<u8> =
        bytes.iter().zip((0..=255).cycle()).map(|(byte, count): (&u8, u8)| byte.wrapping_add(count)).collect();
    let mut exchanges = Vec::new();
    for mut model in models(Options::default()) {
        let exchange = model.exchange(&bytes, UNTIL).unwrap();
        assert_eq!((&exchange.received, exchange.sent, exchange.end), (&expected, bytes.len(), End::Idle));
        exchanges.push(exchange);

        // It ends with the byte that is waited for, and the next exchange goes on from there.
        let mut model = model.fresh();
        let first = model.exchange(&[3, 0, 5], Until { last_byte: Some(7), ..UNTIL }).unwrap();
        assert_eq!((first.received.as_slice(), first.end), (&[3, 1, 7][..], End::LastByte));
        assert_eq!(first.cycles, 3 * 5);
        let short = model.exchange(&[1, 1], Until { max_cycles: 5, ..UNTIL }).unwrap();
        assert_eq!(
            (short.received.as_slice(), short.sent, short.cycles, short.end),
            (&[4][..], 1, 5, End::OutOfCycles)
        );
        // What is offered by the design is not lost between exchanges.
        let none = model.exchange(&[9], Until { max_cycles: 2, ..UNTIL }).unwrap();
        assert_eq!((none.received.len(), none.sent), (0, 1));
        model.ticks(20).unwrap();
        assert_eq!(model.exchange(&[], UNTIL).unwrap().received, [13]);
    }
    assert!(exchanges.windows(2).all(|pair| pair[0] == pair[1]), "the same cycles in every compiler");
}

#[test]
fn both_back_ends_agree_cycle_by_cycle() {
    let mut models = models(Options { optimise: 0, vcd: true });
    let folder = tempfile::TempDir::new().unwrap();
    for (number, model) in models.iter_mut().enumerate() {
        model.record(&folder.path().join(format!("{number}.vcd"))).unwrap();
    }
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    for cycle in 0..2000 {
        let mut values = Vec::new();
        for input in 0..design().inputs.len() {
            random = random.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            values.push(random.rotate_left(17) ^ random >> 29);
            models.iter_mut().for_each(|model| model.set(input, values[input]));
        }
        models.iter_mut().for_each(|model| model.tick().unwrap());
        let outputs =
            |model: &CompiledModel| (0..design().outputs.len()).map(|port| model.get(port)).collect::<Vec<_>>();
        let found: Vec<_> = models.iter().map(outputs).collect();
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "cycle {cycle}: {found:?}");
        assert!(found.iter().all(|outputs| outputs[3] == values[3].rotate_left(1)));
    }
    let recorded = models.len();
    drop(models);
    for number in 0..recorded {
        let vcd = std::fs::read_to_string(folder.path().join(format!("{number}.vcd"))).unwrap_or_default();
        assert!(vcd.contains("acc$0") && vcd.contains("$enddefinitions"), "named signals");
        assert!(vcd.contains("\n#3999\n"), "both edges of all cycles");
    }
}

#[test]
fn the_cache_is_used_and_shared() {
    for compiler in [Compiler::Verilator, Compiler::Cxxrtl] {
        let empty = tempfile::TempDir::new().unwrap();
        let options = Options { optimise: 0, vcd: false };
        let seconds = || {
            let start = Instant::now();
            build(compiler, &design(), options, empty.path())
                .map(|model| model.map(|model| (start.elapsed().as_secs_f64(), model)).unwrap())
        };
        // Two at once: one compiles, the other waits for it.
        let both: Vec<_> = std::thread::scope(|scope| {
            let threads = [scope.spawn(seconds), scope.spawn(seconds)];
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        if both.is_empty() {
            continue;
        }
        let (again, _model) = seconds().unwrap();
        let longest = both.iter().map(|(seconds, _)| *seconds).fold(0.0, f64::max);
        assert!(again < longest / 2.0, "{compiler:?}: {again} s from the cache after {longest} s");
    }
}

/// A memory of five words, which checks its addresses as the hardware's memories do.
fn memory(check: &str) -> Design {
    Design {
        verilog: format!(
            "module memory(input wire clock, input wire [2:0] address, output reg [7:0] data);
reg [7:0] cells [0:4];
always @(posedge clock) data <= cells[address];
{check}
endmodule
"
        ),
        top: "memory".to_string(),
        clock: Some("clock".to_string()),
        inputs: vec![Port::new("address", 3)],
        outputs: vec![Port::new("data", 8)],
    }
}

/// A design that stops itself fails, and says how; the process that simulates it goes on, and so does every other instance.
fn fails(mut model: CompiledModel, reason: &str) {
    let mut other = model.fresh();
    model.set(0, 4);
    model.ticks(10).unwrap();
    model.set(0, 5);
    let error = model.tick().unwrap_err();
    assert!(matches!(error, Error::Stopped { .. }), "{error}");
    assert!(error.to_string().contains(reason), "{error}");
    let again = [model.eval().unwrap_err(), model.ticks(7).unwrap_err()].map(|error| error.to_string());
    assert_eq!(again, [error.to_string(), error.to_string()], "it stays so");
    other.ticks(10).unwrap();
    model.fresh().ticks(10).unwrap();
}

#[test]
fn a_design_that_stops_itself_does_not_end_the_process() {
    let options = Options { optimise: 0, vcd: false };
    let check = "`ifndef SYNTHESIS\nalways @(posedge clock) if (address > 4) $stop;\n`endif";
    if let Some(model) = build(Compiler::Cxxrtl, &memory(check), options, &cache()) {
        fails(model.unwrap(), "out of bounds read");
    }
    if let Some(model) = build(Compiler::Verilator, &memory(check), options, &cache()) {
        fails(model.unwrap(), "module memory stopped itself (compiled by Verilator): $stop at design.v:");
    }
    let abort = "always @(posedge clock) if (address > 4) $c(\"abort();\");";
    if let Some(model) = build(Compiler::Verilator, &memory(abort), options, &cache()) {
        fails(model.unwrap(), "it called abort()");
    }
}

#[test]
fn what_is_wrong_is_said() {
    for compiler in [Compiler::Verilator, Compiler::Cxxrtl] {
        let wrong = |change: fn(&mut Design)| {
            let mut design = design();
            change(&mut design);
            Some(build(compiler, &design, Options::default(), &cache())?.err().expect("an error"))
        };
        let Some(error) = wrong(|design| design.verilog = design.verilog.replace("busy <= 1'b1", "busy <= ")) else {
            continue;
        };
        match error {
            Error::Failed { log, tail, .. } => {
                assert!(tail.contains("syntax error"), "{tail}");
                assert!(log.is_file(), "the log is kept");
            }
            other => panic!("{other}"),
        }
        let error = wrong(|design| design.outputs.push(Port::new("acc$1", 16))).unwrap().to_string();
        assert!(error.contains("acc$1"), "{error}");
        let error = wrong(|design| design.outputs[4].width = 15).unwrap().to_string();
        assert!(error.contains("the width of a port differs"), "{error}");
        let mut model = build(compiler, &design(), Options::default(), &cache()).unwrap().unwrap();
        let error = model.record(&cache().join("never.vcd")).unwrap_err().to_string();
        assert!(error.contains("Options::vcd"), "{error}");
    }
}
