//! The savings of fuzzy memoization: the thresholds that a loss of one point allows, found on the training recordings,
//! and the savings that they give on the test's.
//!
//! `memoization WORKLOAD MODEL..`: models of few bits of a fetched workload. Prints a line for each denominator, with one
//! threshold and with one a gate, and for the oracle. `STEPS` is how many steps are looked at, about, 20000 where it is not
//! set.

use std::error::Error;
use std::path::Path;

use engram_crossbar::memoized::memoized;
use engram_crossbar::program::SOFTWARE;
use engram_crossbar::{Memoization, Model, Programming, Thresholds, tune};
use engram_sequences::{Cache, Data, Questions, Workload};
use engram_spec::crossbar::memo::Denominator;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let workload: Workload =
        arguments.next().ok_or("found nothing, expected: memoization WORKLOAD MODEL..")?.parse()?;
    let data = workload.read(&Cache::standard()?)?;
    if let Data::Symbols(_) = data {
        return Err(format!("found {workload}, a stream of symbols, expected recordings").into());
    }
    let steps = std::env::var("STEPS").map_or(Ok(20_000), |steps| steps.parse())?;
    let (training, test) = (Questions::training(&data, steps), Questions::test(&data, steps));
    for path in arguments {
        let model = Model::load(Path::new(&path))?;
        let program = model.program(SOFTWARE, &Programming::default())?;
        let without = memoized(&model, &program, &test, None)?.loss.error();
        println!("{path}: test error {:.2} %", 100.0 * without);
        println!("denominator    oracle  thresholds                reuse  points lost  gain serial  pipelined");
        let denominators = [Denominator::Current, Denominator::Remembered, Denominator::Rows];
        let rows = denominators.map(|denominator| (denominator, false)).into_iter().chain([(denominators[0], true)]);
        for (denominator, oracle) in rows {
            for thresholds in [Thresholds::Alike, Thresholds::PerGate] {
                let mut how = Memoization { oracle, ..Memoization::default() };
                (how.settings.denominator, how.settings.throttling) = (denominator, true);
                let how = tune(&model, &program, &training, how, thresholds, 0.01)?.how;
                let with = memoized(&model, &program, &test, Some(how))?;
                let (counters, lost) = (with.counters, 100.0 * (with.loss.error() - without));
                let theta = format!("{:?}", how.settings.theta);
                println!(
                    "{:14} {oracle:6}  {theta:24} {:5.1} %  {lost:11.2} {:12.2} {:10.2}",
                    format!("{denominator:?}"),
                    100.0 * counters.reuse(),
                    counters.serial_gain(),
                    counters.pipelined_gain()
                );
            }
        }
    }
    Ok(())
}
