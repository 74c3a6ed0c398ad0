//! From finished runs to the numbers of the tables: means and spreads over seeds, means over tasks, comparisons of rows.

use std::collections::BTreeSet;

use engram_memnet::Choice;

use super::finished::{Energy, Finished};
use super::literature::memn2n;
use super::texts::Origin;
use super::variant::{Size, Variant};
use crate::statistic::{Statistic, over, rounded};

/// The results at one size of training text.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeResults {
    /// The size.
    pub size: Size,
    /// The tasks of which there are results, in ascending order.
    pub tasks: Vec<u8>,
    /// The mean over `tasks` of MemN2N's errors.
    pub memn2n_mean: f64,
    /// The rows in the order of the tables.
    pub rows: Vec<VariantResults>,
    /// Pairs of rows.
    pub comparisons: Vec<Comparison>,
    /// Processor time of all runs.
    pub cpu_seconds: f64,
}

/// The results of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantResults {
    /// The row's name.
    pub variant: String,
    /// In words.
    pub description: String,
    /// The tasks in ascending order.
    pub tasks: Vec<TaskResults>,
    /// Test error in percent, the mean of all tasks; its spread is that over the seeds which have all tasks. `None` where
    /// a task of the table is missing.
    pub mean: Option<Statistic>,
    /// The same of the seeds chosen by validation, one a task.
    pub chosen_mean: Option<f64>,
    /// Energy of a question in picojoules, the mean of the tasks.
    pub energy: Energy,
    /// Processor time.
    pub cpu_seconds: f64,
}

/// The results of a row and task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskResults {
    /// The task.
    pub task: u8,
    /// The origin of the text.
    pub origin: Origin,
    /// Test error in percent.
    pub test: Statistic,
    /// The test error of the seed with the best validation.
    pub chosen_test: f64,
    /// Energy of a question in picojoules.
    pub energy: Energy,
    /// The choice of the recipe, where the row has candidates.
    pub choice: Option<Choice>,
    /// Every seed with its test error in percent.
    pub seeds: Vec<(u64, f64)>,
}

/// A row beside another, over the tasks that both have.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The row.
    pub variant: String,
    /// The one it is held against.
    pub against: String,
    /// Tasks that both have.
    pub tasks: usize,
    /// Mean test errors in percent.
    pub mean: f64,
    pub against_mean: f64,
    /// By how many percent the error is less.
    pub less_percent: Option<f64>,
    /// Tasks on which the row's error is lower, or higher, by more than a tenth of a percentage point.
    pub better: usize,
    pub worse: usize,
    /// The paper's figure for `less_percent`.
    pub paper: Option<f64>,
}

/// The pairs that the report compares, with the paper's figure of the error that the first has less.
const PAIRS: [(&str, &str, Option<f64>); 8] = [
    ("qmann", "fixed-truncating", Some(46.0)),
    ("binary", "binary-conventional", Some(30.0)),
    ("qmann", "fixed", None),
    ("fixed", "fixed-truncating", None),
    ("qmann", "float", None),
    ("qmann", "float-hamming", None),
    ("float-hamming", "float", None),
    ("binary", "binary-truncating", None),
];

/// The results of a size, of all its rows' finished runs.
pub fn size_results(size: Size, rows: &[(&Variant, Vec<Finished>)]) -> SizeResults {
    let tasks: BTreeSet<u8> = rows.iter().flat_map(|(_, runs)| runs.iter().map(|run| run.task)).collect();
    let tasks: Vec<u8> = tasks.into_iter().collect();
    let rows: Vec<VariantResults> = rows
        .iter()
        .filter(|(_, runs)| !runs.is_empty())
        .map(|(variant, runs)| variant_results(variant, runs, &tasks))
        .collect();
    SizeResults {
        size,
        memn2n_mean: mean(tasks.iter().filter_map(|&task| memn2n(size, task)), |error| error),
        comparisons: PAIRS
            .iter()
            .filter_map(|&(variant, against, paper)| compare(&rows, variant, against, paper))
            .collect(),
        cpu_seconds: rounded(rows.iter().map(|variant| variant.cpu_seconds).sum()),
        tasks,
        rows,
    }
}

fn variant_results(variant: &Variant, runs: &[Finished], all: &[u8]) -> VariantResults {
    let of_task = |&task: &u8| -> Vec<&Finished> { runs.iter().filter(|run| run.task == task).collect() };
    let tasks: Vec<TaskResults> = all.iter().filter_map(|task| task_results(&of_task(task))).collect();
    let complete = tasks.len() == all.len();
    VariantResults {
        variant: variant.name.clone(),
        description: variant.description.clone(),
        mean: complete
            .then(|| Statistic { mean: mean(&tasks, |task| task.test.mean), spread: spread_of_means(&tasks) }),
        chosen_mean: complete.then(|| mean(&tasks, |task| task.chosen_test)),
        energy: mean_energy(tasks.iter().map(|task| task.energy)),
        cpu_seconds: rounded(runs.iter().map(|run| run.cpu_seconds).sum()),
        tasks,
    }
}

/// The spread, over the seeds that have every task, of the mean over the tasks.
fn spread_of_means(tasks: &[TaskResults]) -> Option<f64> {
    let of_seed = |task: &TaskResults, seed| task.seeds.iter().find(|one| one.0 == seed).map(|one| one.1);
    let seeds = tasks.first()?.seeds.iter().map(|one| one.0);
    let errors = seeds.filter_map(|seed| tasks.iter().map(|task| of_seed(task, seed)).collect::<Option<Vec<f64>>>());
    over(errors, |errors| errors.iter().sum::<f64>() / errors.len() as f64)?.spread
}

fn task_results(runs: &[&Finished]) -> Option<TaskResults> {
    let test = over(runs, |run| run.test_error_percent)?;
    let chosen = chosen(runs.iter().copied())?;
    Some(TaskResults {
        task: chosen.task,
        origin: chosen.origin,
        test,
        chosen_test: chosen.test_error_percent,
        energy: mean_energy(runs.iter().map(|run| run.energy)),
        choice: chosen.choice.clone(),
        seeds: runs.iter().map(|run| (run.seed, run.test_error_percent)).collect(),
    })
}

/// The seed with the least validation error, the least training error among equals, and where all text was learnt. The test error has no say.
pub fn chosen<'a>(runs: impl Iterator<Item = &'a Finished>) -> Option<&'a Finished> {
    let errors = |run: &Finished| (run.validation_error_percent.unwrap_or(0.0), run.train_error_percent);
    runs.min_by(|a, b| {
        let ((av, at), (bv, bt)) = (errors(a), errors(b));
        av.total_cmp(&bv).then(at.total_cmp(&bt)).then(a.seed.cmp(&b.seed))
    })
}

/// A mean without its spread; 0 of nothing.
fn mean<T>(things: impl IntoIterator<Item = T>, of: impl FnMut(T) -> f64) -> f64 {
    over(things, of).map_or(0.0, |statistic| statistic.mean)
}

fn mean_energy(energies: impl Iterator<Item = Energy>) -> Energy {
    let energies: Vec<Energy> = energies.collect();
    let mean = |part: fn(&Energy) -> f64| mean(&energies, part);
    Energy { paper: mean(|one| one.paper), arithmetic: mean(|one| one.arithmetic), memory: mean(|one| one.memory) }
}

fn compare(rows: &[VariantResults], variant: &str, against: &str, paper: Option<f64>) -> Option<Comparison> {
    let find = |name: &str| rows.iter().find(|variant| variant.variant == name);
    let (one, other) = (find(variant)?, find(against)?);
    let same = |task: &TaskResults| other.tasks.iter().find(|other| other.task == task.task);
    let pairs: Vec<(f64, f64)> =
        one.tasks.iter().filter_map(|task| Some((task.test.mean, same(task)?.test.mean))).collect();
    let (mean, against_mean) = (over(&pairs, |pair| pair.0)?.mean, over(&pairs, |pair| pair.1)?.mean);
    Some(Comparison {
        variant: variant.to_string(),
        against: against.to_string(),
        tasks: pairs.len(),
        mean,
        against_mean,
        less_percent: (against_mean > 0.0).then(|| rounded(100.0 * (1.0 - mean / against_mean))),
        better: pairs.iter().filter(|(one, other)| one < &(other - 0.1)).count(),
        worse: pairs.iter().filter(|(one, other)| one > &(other + 0.1)).count(),
        paper,
    })
}

#[cfg(test)]
mod tests {
    use super::super::finished::tests::{run, variant};
    use super::*;

    fn named(name: &str) -> Variant {
        Variant { name: name.into(), ..variant("") }
    }

    #[test]
    fn means_over_seeds_and_tasks() {
        let (qmann, float) = (named("qmann"), named("float"));
        let runs = vec![run(1, 1, 2.0), run(1, 2, 4.0), run(6, 1, 10.0), run(6, 2, 16.0), run(6, 3, 13.0)];
        let results = size_results(Size::K1, &[(&float, vec![run(1, 1, 1.0)]), (&qmann, runs), (&float, vec![])]);
        assert_eq!(results.tasks, [1, 6]);
        assert_eq!(results.memn2n_mean, 4.0);
        let [float, qmann] = &results.rows[..] else { panic!("{:?}", results.rows) };
        assert_eq!((float.mean, float.chosen_mean), (None, None), "task 6 is missing");
        // Seeds 1 and 2 have both tasks: means 6 and 10, whose standard deviation is 2 sqrt 2.
        assert_eq!(qmann.mean, Some(Statistic { mean: 8.0, spread: Some(2.8284) }));
        assert_eq!(qmann.tasks[1].test, Statistic { mean: 13.0, spread: Some(3.0) });
        assert_eq!(qmann.chosen_mean, Some(6.0));
        assert_eq!(qmann.cpu_seconds, 15.0);
        let [comparison] = &results.comparisons[..] else { panic!("{:?}", results.comparisons) };
        assert_eq!((comparison.tasks, comparison.mean, comparison.against_mean), (1, 3.0, 1.0));
        assert_eq!((comparison.less_percent, comparison.better, comparison.worse), (Some(-200.0), 0, 1));
    }

    #[test]
    fn the_seed_is_chosen_without_the_test_error() {
        let by = |validation, train, seed, test| Finished {
            validation_error_percent: Some(validation),
            train_error_percent: train,
            ..run(1, seed, test)
        };
        let runs = [by(2.0, 0.0, 1, 0.0), by(1.0, 2.0, 2, 5.0), by(1.0, 1.0, 3, 9.0), by(1.0, 1.0, 4, 0.0)];
        assert_eq!(chosen(runs.iter()).map(|run| run.seed), Some(3));
        assert_eq!(chosen([].iter()), None);
    }
}
