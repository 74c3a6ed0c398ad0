//! Checks of a recipe's numbers. Each takes several fields at once, by name, and reports the first that is out of its range.

/// A number of a recipe that is out of its range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the recipe has {name} = {found}, expected {expected}")]
pub struct RecipeError {
    /// The field's name.
    pub name: &'static str,
    /// The field's value.
    pub found: String,
    /// The range of the field.
    pub expected: String,
}

impl RecipeError {
    /// An error of the field `name`.
    pub fn new(name: &'static str, found: impl ToString, expected: impl Into<String>) -> RecipeError {
        RecipeError { name, found: found.to_string(), expected: expected.into() }
    }
}

/// Checks that each count is at least 1.
pub fn at_least_one(counts: &[(&'static str, usize)]) -> Result<(), RecipeError> {
    match counts.iter().find(|&&(_, count)| count == 0) {
        Some(&(name, found)) => Err(RecipeError::new(name, found, "at least 1")),
        None => Ok(()),
    }
}

/// The most passes over the training data: more would not end in days.
pub const EPOCHS_MAX: usize = 100_000;
/// The most trainings of a recipe.
pub const RESTARTS_MAX: usize = 1_000;
/// The most sequences, questions or steps of a stream between two updates.
pub const BATCH_MAX: usize = 1_000_000;

/// Checks that each count is at least 1 and at most its limit, the last of the three.
pub fn counts(counts: &[(&'static str, usize, usize)]) -> Result<(), RecipeError> {
    match counts.iter().find(|&&(_, count, most)| !(1..=most).contains(&count)) {
        Some(&(name, found, most)) => Err(RecipeError::new(name, found, format!("1 to {most}"))),
        None => Ok(()),
    }
}

/// Checks that each part of the epochs is smaller than all of them.
pub fn fewer_than_epochs(parts: &[(&'static str, usize)], epochs: usize) -> Result<(), RecipeError> {
    match parts.iter().find(|&&(_, part)| part >= epochs) {
        Some(&(name, found)) => Err(RecipeError::new(name, found, format!("fewer than the {epochs} epochs"))),
        None => Ok(()),
    }
}

/// Checks that each number is above 0 and at most its limit, the last of the three. No number (NaN) is refused, too.
pub fn above_zero(numbers: &[(&'static str, f64, f64)]) -> Result<(), RecipeError> {
    match numbers.iter().find(|&&(_, found, most)| !(found > 0.0 && found <= most)) {
        Some(&(name, found, most)) => Err(RecipeError::new(name, found, format!("above 0, at most {most}"))),
        None => Ok(()),
    }
}

/// Checks that each number is at least 0 and at most its limit, the last of the three. No number (NaN) is refused, too.
pub fn from_zero(numbers: &[(&'static str, f64, f64)]) -> Result<(), RecipeError> {
    match numbers.iter().find(|&&(_, found, most)| !(0.0..=most).contains(&found)) {
        Some(&(name, found, most)) => Err(RecipeError::new(name, found, format!("0 to {most}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_out_of_its_range_is_named() {
        let text = |checked: Result<(), RecipeError>| checked.map_err(|error| error.to_string());
        assert_eq!(text(at_least_one(&[("epochs", 3), ("batch", 1)])), Ok(()));
        let found = text(at_least_one(&[("epochs", 3), ("batch", 0), ("restarts", 0)]));
        assert_eq!(found, Err("the recipe has batch = 0, expected at least 1".to_string()));
        assert_eq!(text(counts(&[("epochs", 5, 5)])), Ok(()));
        for wrong in [0, 6] {
            let found = text(counts(&[("restarts", 1, 1), ("epochs", wrong, 5)]));
            assert_eq!(found, Err(format!("the recipe has epochs = {wrong}, expected 1 to 5")));
        }
        assert_eq!(text(fewer_than_epochs(&[("linear_epochs", 4)], 5)), Ok(()));
        let found = text(fewer_than_epochs(&[("linear_epochs", 5)], 5));
        assert_eq!(found, Err("the recipe has linear_epochs = 5, expected fewer than the 5 epochs".to_string()));
        assert_eq!(text(above_zero(&[("rate", 1e-9, 1.0), ("clip", 1.0, 1.0)])), Ok(()));
        for wrong in [0.0, 1.5, f64::NAN] {
            let found = text(above_zero(&[("rate", 0.5, 1.0), ("clip", wrong, 1.0)]));
            assert_eq!(found, Err(format!("the recipe has clip = {wrong}, expected above 0, at most 1")));
        }
        assert_eq!(text(from_zero(&[("decay", 0.0, 1.0), ("noise", 1.0, 1.0)])), Ok(()));
        for wrong in [-0.1, 1.5, f64::NAN] {
            let found = text(from_zero(&[("decay", wrong, 1.0)]));
            assert_eq!(found, Err(format!("the recipe has decay = {wrong}, expected 0 to 1")));
        }
    }
}
