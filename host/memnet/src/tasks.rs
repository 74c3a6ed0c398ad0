//! The twenty bAbI tasks that memory networks are trained on.

/// The tasks' names, from 1.
const NAMES: [&str; 20] = [
    "single supporting fact",
    "two supporting facts",
    "three supporting facts",
    "two-argument relations",
    "three-argument relations",
    "yes/no questions",
    "counting",
    "lists and sets",
    "simple negation",
    "indefinite knowledge",
    "basic coreference",
    "conjunction",
    "compound coreference",
    "time reasoning",
    "basic deduction",
    "basic induction",
    "positional reasoning",
    "size reasoning",
    "path finding",
    "agents' motivations",
];

/// The number of tasks.
pub const TASKS: u8 = NAMES.len() as u8;

/// A task with its name.
pub fn name(task: u8) -> &'static str {
    NAMES.get(usize::from(task).wrapping_sub(1)).copied().unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_has_a_name() {
        assert_eq!((TASKS, name(1), name(TASKS)), (20, "single supporting fact", "agents' motivations"));
        assert_eq!((name(0), name(TASKS + 1)), ("unknown", "unknown"));
    }
}
