//! The error of whoever gives the same answer to every question: a model has learnt something only where its error is less.

use std::collections::HashMap;

use engram_babi::encoding::shown;

use crate::measure::percent;

/// The most frequent answer to some questions, given to all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guessing {
    /// The answer: a word, a class or a symbol.
    pub answer: usize,
    /// The questions that it is wrong for.
    pub wrong: usize,
    /// All questions: at least one.
    pub questions: usize,
}

impl Guessing {
    /// From the right answers; `None` where there are none.
    pub fn of(right: impl IntoIterator<Item = usize>) -> Option<Guessing> {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        right.into_iter().for_each(|answer| *counts.entry(answer).or_default() += 1);
        let questions = counts.values().sum();
        let (answer, most) = counts.into_iter().max_by_key(|&(answer, count)| (count, std::cmp::Reverse(answer)))?;
        Some(Guessing { answer, wrong: questions - most, questions })
    }

    /// The share of wrong answers, 0 to 1.
    pub fn error(&self) -> f64 {
        self.wrong as f64 / self.questions as f64
    }

    /// The same in percent.
    pub fn error_percent(&self) -> f64 {
        percent(self.error())
    }

    /// Whether an error, 0 to 1, is no better: not less by more than the standard error of a share of so many questions.
    pub fn is_as_good_as(&self, error: f64) -> bool {
        let share = self.error();
        let standard_error = (share * (1.0 - share) / self.questions as f64).sqrt();
        error > share - standard_error
    }

    /// A note where an error, 0 to 1, is no better than guessing. `name` is that of the answer.
    pub fn note(&self, error: f64, name: &str) -> Option<String> {
        let Guessing { wrong, questions, .. } = self;
        let text = || {
            format!(
                "the error of {:.1} % is no better than guessing: '{}' for every answer is wrong {wrong} times of \
                 {questions}, {:.1} %",
                100.0 * error,
                shown(name),
                100.0 * self.error()
            )
        };
        self.is_as_good_as(error).then(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_answer_is_guessed() {
        let guessing = Guessing::of([3, 1, 3, 2, 1]).unwrap();
        assert_eq!(guessing, Guessing { answer: 1, wrong: 3, questions: 5 });
        assert_eq!((guessing.error_percent(), Guessing::of([])), (60.0, None));
    }

    #[test]
    fn an_error_within_a_standard_error_is_no_better() {
        // Of 100 answers 50 are wrong: the standard error is 5 points.
        let guessing = Guessing { answer: 0, wrong: 50, questions: 100 };
        assert!([0.50, 0.46, 0.9].into_iter().all(|error| guessing.is_as_good_as(error)));
        assert!([0.44, 0.0].into_iter().all(|error| !guessing.is_as_good_as(error)));
        let note = guessing.note(0.48, "yes").unwrap();
        assert!(note.contains("48.0 % is no better than guessing: 'yes'") && note.ends_with("50.0 %"), "{note}");
        // Where all answers are the same nobody guesses better than a model without errors.
        let same = Guessing { answer: 0, wrong: 0, questions: 9 };
        assert!(!same.is_as_good_as(0.0) && same.is_as_good_as(0.1));
    }
}
