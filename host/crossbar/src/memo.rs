//! Fuzzy memoization in the integer model: what is remembered of the columns, and what that saves.

use engram_spec::crossbar::gate::index;
use engram_spec::crossbar::memo::{Counters, Entry, Pace, Predictor, Settings, Tally, Verdict};
use engram_spec::crossbar::{Gate, Program};

/// The settings of memoization ([`engram_spec::crossbar::memo`]) and the size of the predictor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memoization {
    /// The settings that decide the answers.
    pub settings: Settings,
    /// The size that decides the cycles.
    pub predictor: Predictor,
    /// Whether an oracle decides in place of the signs: the same rule with the true change, |z - z_m| / |z| in real numbers,
    /// theta in units of 2^-8 whatever the denominator. Every column is computed and every conversion draws its noise, so that
    /// nothing is saved: it tells what the rule would save if the signs foretold the change exactly.
    pub oracle: bool,
}

/// The columns of a program as they are remembered.
#[derive(Clone, Debug)]
pub(crate) struct Memo {
    how: Memoization,
    /// Words of 64 signs of a column.
    words: usize,
    /// The signs of the columns, columns x words, and of the row vector.
    columns: Vec<u64>,
    vector: Vec<u64>,
    /// The rows that the columns of each gate read, as bits and their number, without padding.
    masks: [Vec<u64>; 4],
    rows: [i16; 4],
    /// The cycles of each gate's columns in the predictor and in the lanes.
    judged: [u32; 4],
    computed: [u32; 4],
    /// The place where h begins in the row vector.
    hidden_row: usize,
    entries: Vec<Entry>,
    /// The oracle's z and drift of each column.
    exact: Vec<(i32, f64)>,
    /// The verdicts of the last step.
    verdicts: Vec<Verdict>,
    /// Agreement of the column at hand.
    agreement: i16,
    pace: Pace,
    /// Since `clear`, and before it; what of both was asked for.
    sequence: Counters,
    before: Counters,
    taken: Counters,
}

/// The bits of rows for which something holds, in words of 64.
fn bits(rows: impl ExactSizeIterator<Item = bool>) -> Vec<u64> {
    let mut words = vec![0; rows.len().div_ceil(64)];
    rows.enumerate().filter(|(_, holds)| *holds).for_each(|(row, _)| words[row / 64] |= 1 << (row % 64));
    words
}

impl Memo {
    pub(crate) fn new(program: &Program, how: Memoization) -> Memo {
        let (inputs, hidden) = (usize::from(program.settings.inputs), usize::from(program.settings.hidden));
        let (rows, lanes) = (program.rows_of_column(), program.geometry.lanes);
        let hidden_row = program.input_chunks() * lanes;
        let real = |row: &usize| *row < inputs || (hidden_row..hidden_row + hidden).contains(row);
        let reads = Gate::ALL.map(|gate| program.reads(gate));
        let masks = reads.each_ref().map(|reads| bits((0..rows).map(|row| real(&row) && reads.contains(&row))));
        let cells = 0..hidden;
        let columns = cells.flat_map(|cell| Gate::ALL.into_iter().map(move |gate| (cell, gate)));
        let signs = |(cell, gate)| {
            let held = program.column(cell, gate).into_iter().map(|code| program.geometry.held(code as u8));
            bits(held.map(|code| code < 0).collect::<Vec<bool>>().into_iter())
        };
        Memo {
            how,
            words: rows.div_ceil(64),
            columns: columns.flat_map(signs).collect(),
            vector: vec![0; rows.div_ceil(64)],
            rows: masks.each_ref().map(|mask| mask.iter().map(|word| word.count_ones() as i16).sum()),
            masks,
            judged: reads.each_ref().map(|reads| how.predictor.cycles(reads.len())),
            computed: reads.each_ref().map(|reads| (reads.len() / lanes) as u32),
            hidden_row,
            entries: vec![Entry::default(); 4 * hidden],
            exact: vec![(0, 0.0); 4 * hidden],
            verdicts: vec![Verdict::Forced; 4 * hidden],
            agreement: 0,
            pace: Pace::default(),
            sequence: Counters::default(),
            before: Counters::default(),
            taken: Counters::default(),
        }
    }

    /// Forgets all columns; what they came to is kept.
    pub(crate) fn clear(&mut self) {
        self.entries.fill(Entry::default());
        self.before = self.before.and(std::mem::take(&mut self.sequence));
    }

    /// Columns are remembered in another way from now on.
    pub(crate) fn set(&mut self, settings: Settings) {
        self.how.settings = settings;
    }

    /// Gives the counters since the last call.
    pub(crate) fn take(&mut self) -> Counters {
        let all = self.before.and(self.sequence);
        all.since(std::mem::replace(&mut self.taken, all))
    }

    /// The tally of the columns since `clear`.
    pub(crate) fn tally(&self) -> Tally {
        self.sequence.on(&self.how.predictor)
    }

    /// The verdicts of the last step, column by column.
    pub(crate) fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// A step begins with these codes on the rows.
    pub(crate) fn begin(&mut self, vector: &[i16]) {
        self.vector.fill(0);
        for (row, &code) in vector.iter().enumerate() {
            let negative = self.how.settings.is_negative(code as i8, row < self.hidden_row);
            self.vector[row / 64] |= u64::from(negative) << (row % 64);
        }
    }

    /// The index of a column that need not be computed.
    pub(crate) fn recall(&mut self, column: usize) -> Option<i32> {
        if self.how.oracle {
            return None;
        }
        let signs = self.columns[column * self.words..].iter().zip(&self.vector).zip(&self.masks[column % 4]);
        let agree: u32 = signs.map(|((weights, codes), mask)| (!(weights ^ codes) & mask).count_ones()).sum();
        self.agreement = 2 * agree as i16 - self.rows[column % 4];
        let verdict = self.how.settings.judge(column % 4, &self.entries[column], self.agreement);
        self.count(column, verdict);
        let Verdict::Hit(drift) = verdict else { return None };
        let entry = &mut self.entries[column];
        entry.drift = drift;
        Some(entry.index.into())
    }

    /// The index of a column that came to z, and that is remembered. (The oracle may prefer what it knew.)
    pub(crate) fn remember(&mut self, column: usize, z: i32) -> i32 {
        if self.how.oracle {
            let verdict = self.foresee(column, z);
            self.count(column, verdict);
            if let Verdict::Hit(_) = verdict {
                return self.entries[column].index.into();
            }
            self.exact[column] = (z, 0.0);
        }
        let index = index(z);
        self.entries[column] = Entry::computed(index, self.agreement);
        index
    }

    /// The verdict of the oracle.
    fn foresee(&mut self, column: usize, z: i32) -> Verdict {
        let (remembered, drift) = self.exact[column];
        if !self.entries[column].valid || z == 0 {
            return Verdict::Forced;
        }
        let error = (f64::from(z) - f64::from(remembered)).abs() / f64::from(z).abs();
        let drift = if self.how.settings.throttling { drift + error } else { error };
        if drift >= f64::from(self.how.settings.theta[column % 4]) / 256.0 {
            return Verdict::Miss;
        }
        self.exact[column].1 = drift;
        Verdict::Hit(0)
    }

    fn count(&mut self, column: usize, verdict: Verdict) {
        let (gate, hit) = (column % 4, matches!(verdict, Verdict::Hit(_)));
        self.sequence.count(gate, verdict, self.computed[gate]);
        self.verdicts[column] = verdict;
        self.pace.column(&self.how.predictor, self.judged[gate], self.computed[gate], hit);
    }

    /// A step ends.
    pub(crate) fn finish(&mut self) {
        self.pace.finish(&mut self.sequence);
    }
}
