//! Estimates of processor time: a model of the cost, put right by the time that finished runs took.

use std::collections::HashMap;
use std::hash::Hash;

/// Seconds that the estimate before stands for: what took less than that says little of what takes longer.
const EVIDENCE: f64 = 1.0;

/// The time that finished runs took beside the time that the model of the cost gives them, by group.
#[derive(Debug)]
pub struct Calibration<G> {
    all: Sum,
    groups: HashMap<G, Sum>,
    /// Seconds of finished runs by the name that those have in common which differ in their seeds.
    alike: HashMap<String, Vec<f64>>,
}

/// Seconds of some runs.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    taken: f64,
    modelled: f64,
}

impl Sum {
    fn add(&mut self, taken: f64, modelled: f64) {
        (self.taken, self.modelled) = (self.taken + taken, self.modelled + modelled);
    }

    /// The factor between the two, where another was thought right before.
    fn factor(self, before: f64) -> f64 {
        (self.taken + EVIDENCE * before) / (self.modelled + EVIDENCE)
    }
}

impl<G> Default for Calibration<G> {
    fn default() -> Calibration<G> {
        Calibration { all: Sum::default(), groups: HashMap::new(), alike: HashMap::new() }
    }
}

impl<G: Eq + Hash> Calibration<G> {
    /// Counts a finished run to its groups.
    pub fn add(&mut self, groups: impl IntoIterator<Item = G>, taken: f64, modelled: f64) {
        self.all.add(taken, modelled);
        groups.into_iter().for_each(|group| self.groups.entry(group).or_default().add(taken, modelled));
    }

    /// Counts a finished run to those that differ from it in their seeds.
    pub fn add_alike(&mut self, name: String, taken: f64) {
        self.alike.entry(name).or_default().push(taken);
    }

    /// The estimate of a run: the time in the middle of those that differ in their seeds, else the model's, put right.
    pub fn seconds(&self, name: &str, groups: impl IntoIterator<Item = G>, modelled: f64) -> f64 {
        let Some(alike) = self.alike.get(name) else { return modelled * self.factor(groups) };
        let mut sorted = alike.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[(sorted.len() - 1) / 2]
    }

    /// The factor that puts the model right for a run: that of all runs, made finer by one group after the other.
    pub fn factor(&self, groups: impl IntoIterator<Item = G>) -> f64 {
        let sums = groups.into_iter().filter_map(|group| self.groups.get(&group));
        sums.fold(self.all.factor(1.0), |before, sum| sum.factor(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_finished_leaves_the_model_as_it_is() {
        assert_eq!(Calibration::default().factor(["float", "trained"]), 1.0);
    }

    #[test]
    fn a_slow_machine_is_seen_by_runs_of_any_kind() {
        let mut calibration = Calibration::default();
        calibration.add(["float"], 300.0, 100.0);
        assert!((2.9..3.1).contains(&calibration.factor(["trained"])), "{calibration:?}");
    }

    #[test]
    fn seeds_of_a_run_take_as_long_as_each_other() {
        let mut calibration = Calibration::default();
        for taken in [3.0, 90.0, 3.2] {
            calibration.add_alike("qa1".to_string(), taken);
            calibration.add(["qmann"], taken, 0.01);
        }
        // One had to make what it begins with.
        assert_eq!(calibration.seconds("qa1", ["qmann"], 0.01), 3.2);
        assert!(calibration.seconds("qa6", ["qmann"], 0.01) != 3.2);
    }

    #[test]
    fn cheap_runs_say_little_of_dear_ones() {
        let mut calibration = Calibration::default();
        // A hundredth of a second that took a hundred times as long, for files were read.
        calibration.add(["after"], 1.0, 0.01);
        assert!(calibration.factor(["after"]) < 4.0, "{calibration:?}");
        calibration.add(["float"], 100.0, 100.0);
        assert!((0.9..1.1).contains(&calibration.factor(["float"])));
        assert!((1.0..2.1).contains(&calibration.factor(["after"])));
    }
}
