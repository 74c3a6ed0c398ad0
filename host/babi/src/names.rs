//! The official names: of the tasks' files, and of the people who are written with a capital.

/// The part behind the number in the file names of the twenty tasks.
const TASKS: [&str; 20] = [
    "single-supporting-fact",
    "two-supporting-facts",
    "three-supporting-facts",
    "two-arg-relations",
    "three-arg-relations",
    "yes-no-questions",
    "counting",
    "lists-sets",
    "simple-negation",
    "indefinite-knowledge",
    "basic-coreference",
    "conjunction",
    "compound-coreference",
    "time-reasoning",
    "basic-deduction",
    "basic-induction",
    "positional-reasoning",
    "size-reasoning",
    "path-finding",
    "agents-motivations",
];

/// People and animals that the official text writes with a capital wherever they stand.
const PROPER_NAMES: [&str; 13] = [
    "mary", "john", "daniel", "sandra", "fred", "bill", "jeff", "julie", "lily", "bernhard", "brian", "greg", "julius",
];

/// The name of a file of a task, as in `qa1_single-supporting-fact_train.txt`; `None` where there is no such task.
pub fn file(task: u8, part: &str) -> Option<String> {
    let index = usize::from(task).checked_sub(1)?;
    TASKS.get(index).map(|name| format!("qa{task}_{name}_{part}.txt"))
}

/// The numbers of all tasks.
pub fn tasks() -> impl Iterator<Item = u8> {
    1..=TASKS.len() as u8
}

/// Whether a word is written with a capital inside a sentence.
pub fn is_proper(word: &str) -> bool {
    PROPER_NAMES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_tasks_have_files() {
        assert_eq!(file(1, "train").as_deref(), Some("qa1_single-supporting-fact_train.txt"));
        assert_eq!(file(20, "test").as_deref(), Some("qa20_agents-motivations_test.txt"));
        assert_eq!((file(0, "test"), file(21, "test")), (None, None));
        assert!(tasks().all(|task| file(task, "train").is_some()));
    }
}
