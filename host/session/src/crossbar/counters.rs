//! The counters of memoization on a backend, as commands print them.

use std::fmt;

use engram_spec::crossbar::memo::Counters;
use serde::{Deserialize, Serialize, Serializer};

use super::savings::times_fewer;
use crate::hardware::Organisation;

/// The counters of all steps, in one of the organisations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// The order of predictor and lanes.
    pub organisation: Organisation,
    /// Columns that were wanted.
    pub columns: u64,
    /// Columns that were remembered.
    pub hits: u64,
    /// Columns that were computed.
    pub misses: u64,
    /// The misses that had nothing to be compared with.
    pub forced: u64,
    /// The share of the computations that were avoided: of the words of weights those not read.
    pub reuse: f64,
    /// Cycles in which the predictor works.
    pub predictor_cycles: u64,
    /// Cycles in which the lanes wait for it.
    pub stalls: u64,
    /// Words of weights that were not read.
    pub weight_words_not_read: u64,
    /// Cycles of the lanes over the columns without memoization.
    pub cycles_without: u64,
    /// The same with memoization.
    pub cycles: u64,
    /// The first over the second: how many times fewer cycles there are.
    pub gain: f64,
    /// Sequences of which the backend counted otherwise than the integer model.
    pub differences: usize,
}

impl Counted {
    /// The share of the columns that were remembered.
    pub fn remembered(&self) -> f64 {
        self.hits as f64 / self.columns.max(1) as f64
    }

    /// The integer model's counters for a device of this organisation, which counted otherwise in some sequences.
    pub fn of(counters: &Counters, organisation: Organisation, differences: usize) -> Counted {
        let [columns, hits] = [counters.columns, counters.hits].map(|gates| gates.iter().sum::<u64>());
        let (cycles, gain) = match organisation {
            Organisation::Pipelined => (counters.pipelined_cycles, counters.pipelined_gain()),
            Organisation::Serial => (counters.serial_cycles, counters.serial_gain()),
        };
        // A device counts modulo 2^32 (`Counters::on`), which all steps of a test may pass.
        let working = counters.cycles_without - counters.words_not_read + hits;
        let round = |value: f64| (value * 1e4).round() / 1e4;
        Counted {
            organisation,
            columns,
            hits,
            misses: columns - hits,
            forced: counters.forced,
            reuse: round(counters.reuse()),
            predictor_cycles: counters.predictor_cycles,
            stalls: cycles - working,
            weight_words_not_read: counters.words_not_read,
            cycles_without: counters.cycles_without,
            cycles,
            gain: round(gain),
            differences,
        }
    }
}

/// The counters with the hits of each gate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CountedByGate {
    /// The counters of all gates.
    #[serde(flatten)]
    pub counted: Counted,
    /// Columns that were remembered, by the names of the cell's gates.
    #[serde(serialize_with = "by_name")]
    hits_by_gate: [(&'static str, u64); 4],
}

impl CountedByGate {
    /// The counters of gates with these names.
    pub fn new(counted: Counted, counters: &Counters, gates: [&'static str; 4]) -> CountedByGate {
        CountedByGate { counted, hits_by_gate: std::array::from_fn(|gate| (gates[gate], counters.hits[gate])) }
    }
}

/// As an object, in the order of the gates.
fn by_name<S: Serializer>(hits: &[(&'static str, u64); 4], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(hits.iter().copied())
}

impl fmt::Display for CountedByGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counted { organisation, columns, hits, misses, forced, predictor_cycles, stalls, .. } = self.counted;
        let Counted { reuse, weight_words_not_read, cycles, cycles_without, gain, differences, .. } = self.counted;
        let (reuse, remembered) = (100.0 * reuse, 100.0 * self.counted.remembered());
        writeln!(
            f,
            "  columns        {columns}: {hits} hits ({remembered:.1} %), {misses} misses, {forced} of them forced"
        )?;
        // Every gate has as many columns.
        let share = |hits: u64| 400.0 * hits as f64 / columns.max(1) as f64;
        let gates = self.hits_by_gate.map(|(gate, hits)| format!("{gate} {hits} ({:.1} %)", share(hits)));
        writeln!(f, "  hits of gates  {}", gates.join(", "))?;
        writeln!(f, "  weights        {weight_words_not_read} words not read ({reuse:.1} %)")?;
        let gain = times_fewer(gain);
        writeln!(f, "  lanes          {cycles} cycles {organisation}, {cycles_without} without: {gain}")?;
        write!(f, "  predictor      {predictor_cycles} cycles; the lanes wait {stalls}")?;
        match differences {
            0 => Ok(()),
            count => write!(f, "\n  counters       of {count} sequences differ from the integer model's"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_have_their_own_cycles() {
        let counters = Counters {
            columns: [10; 4],
            hits: [4; 4],
            forced: 4,
            words_not_read: 16 * 9,
            cycles_without: 360,
            predictor_cycles: 80,
            serial_cycles: 400,
            pipelined_cycles: 240,
            stall_cycles: 8,
        };
        let serial = Counted::of(&counters, Organisation::Serial, 0);
        assert_eq!((serial.hits, serial.misses, serial.reuse), (16, 24, 0.4));
        assert_eq!((serial.cycles, serial.stalls, serial.gain), (400, 168, 0.9));
        let pipelined = Counted::of(&counters, Organisation::Pipelined, 0);
        assert_eq!((pipelined.cycles, pipelined.stalls, pipelined.gain), (240, 8, 1.5));
        assert_eq!(pipelined.stalls, counters.stall_cycles);
    }
    #[test]
    fn hits_are_shown_by_the_names_of_the_gates() {
        let counters = Counters { columns: [10; 4], hits: [4, 0, 10, 1], cycles_without: 360, ..Counters::default() };
        let counters = Counters { pipelined_cycles: 720, words_not_read: 90, ..counters };
        let by_gate =
            CountedByGate::new(Counted::of(&counters, Organisation::Pipelined, 0), &counters, ["z", "r", "nx", "nh"]);
        let object = serde_json::to_value(&by_gate).unwrap();
        assert_eq!(object["hits_by_gate"], serde_json::json!({ "z": 4, "r": 0, "nx": 10, "nh": 1 }));
        assert_eq!((&object["hits"], &object["columns"]), (&15.into(), &40.into()));
        let text = by_gate.to_string();
        assert!(text.contains("z 4 (40.0 %), r 0 (0.0 %), nx 10 (100.0 %), nh 1 (10.0 %)"), "{text}");
        assert!(text.contains("15 hits (37.5 %)") && text.contains("90 words not read (25.0 %)"), "{text}");
        assert!(text.contains("360 without: 2.00 times as many"), "{text}");
    }
}
