//! The verdicts on the columns of a traced sequence: remembered, missed or forced, step by step and gate by gate.

use engram_spec::Trace;
use engram_spec::crossbar::memo::Verdict;
use engram_spec::trace::Quantity;
use serde::Serialize;

/// The verdicts in the order of their codes: a word, and the mark in pictures.
const VERDICTS: [(&str, char); 3] = [("missed", 'x'), ("remembered", '='), ("forced", '!')];

/// The meaning of the characters of [`draw`].
pub const LEGEND: &str =
    "memo, a mark a cell: = remembered, x missed, ! forced, which is computed for want of a comparison";

/// The columns of a step: how many of each gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Counted from 0.
    pub step: usize,
    /// Columns that were remembered, by gate.
    pub remembered: [usize; 4],
    /// Columns that were computed because their signs had changed, by gate.
    pub missed: [usize; 4],
    /// Columns that were computed because there was nothing to compare with, by gate.
    pub forced: [usize; 4],
}

/// The steps of a trace; none without memoization.
pub fn steps(trace: &Trace) -> Vec<Step> {
    let verdicts = trace.entries.iter().filter(|entry| entry.quantity == Quantity::Verdict);
    let count = |verdict: Verdict, values: &[i32]| {
        [0, 1, 2, 3].map(|gate| values.iter().skip(gate).step_by(4).filter(|&&code| code == verdict.code()).count())
    };
    let step = |entry: &engram_spec::trace::Entry| Step {
        step: entry.index,
        remembered: count(Verdict::Hit(0), &entry.values),
        missed: count(Verdict::Miss, &entry.values),
        forced: count(Verdict::Forced, &entry.values),
    };
    verdicts.map(step).collect()
}

/// The columns of a step that were computed: whose sums and codes its trace has. `None` without memoization.
pub fn computed(trace: &Trace, step: usize) -> Option<Vec<usize>> {
    let verdicts = trace.get(Quantity::Verdict, step)?.iter().enumerate();
    Some(verdicts.filter(|(_, code)| **code != Verdict::Hit(0).code()).map(|(column, _)| column).collect())
}

/// A verdict's word.
pub fn word(code: i32) -> &'static str {
    let known = usize::try_from(code).ok().and_then(|code| VERDICTS.get(code));
    known.map_or("no verdict", |(word, _)| word)
}

/// The verdicts of a step as characters, a line a gate by its name: `i =x=!`, a character a cell.
pub fn draw(values: &[i32], gates: [&str; 4]) -> Vec<String> {
    let known = |code: i32| usize::try_from(code).ok().and_then(|code| VERDICTS.get(code));
    let mark = |code: &i32| known(*code).map_or('?', |(_, mark)| *mark);
    let marks = |gate| values.iter().skip(gate).step_by(gates.len()).map(mark).collect::<String>();
    let width = gates.map(str::len).into_iter().max().unwrap_or(0);
    gates.into_iter().enumerate().map(|(gate, name)| format!("{name:width$} {}", marks(gate))).collect()
}

/// The share that was remembered in all steps, gate by gate: `remembered 40.1 % of i, ..`.
pub fn summary(steps: &[Step], gates: [&str; 4]) -> String {
    let sum = |of: fn(&Step) -> [usize; 4], gate: usize| steps.iter().map(|step| of(step)[gate]).sum::<usize>() as f64;
    let gate = |(gate, name): (usize, &str)| {
        let hits = sum(|step| step.remembered, gate);
        let all = hits + sum(|step| step.missed, gate) + sum(|step| step.forced, gate);
        format!("{:.1} % of {name}", 100.0 * hits / all.max(1.0))
    };
    format!("remembered {}", gates.into_iter().enumerate().map(gate).collect::<Vec<String>>().join(", "))
}

#[cfg(test)]
mod tests {
    use engram_spec::crossbar::Cell;

    use super::*;
    use crate::crossbar::gates::names;

    #[test]
    fn columns_are_counted_and_drawn_by_gate() {
        let mut trace = Trace::default();
        trace.push(Quantity::Verdict, 0, vec![2; 8]);
        trace.push(Quantity::Cell, 0, vec![1, 2]);
        trace.push(Quantity::Verdict, 1, vec![1, 0, 1, 2, 1, 1, 0, 1]);
        let steps = steps(&trace);
        let one = Step { step: 1, remembered: [2, 1, 1, 1], missed: [0, 1, 1, 0], forced: [0, 0, 0, 1] };
        assert_eq!(steps, [Step { forced: [2; 4], ..Step::default() }, one]);
        assert_eq!(computed(&trace, 1), Some(vec![1, 3, 6]));
        assert_eq!((computed(&trace, 2), word(1), word(7)), (None, "remembered", "no verdict"));
        let [lstm, gru] = [Cell::Lstm, Cell::Gru].map(names);
        assert_eq!(draw(trace.get(Quantity::Verdict, 1).unwrap(), lstm), ["i ==", "f x=", "g =x", "o !="]);
        assert_eq!(draw(&[1; 4], gru), ["z  =", "r  =", "nx =", "nh ="]);
        assert_eq!(summary(&steps, gru), "remembered 50.0 % of z, 25.0 % of r, 25.0 % of nx, 25.0 % of nh");
    }
}
