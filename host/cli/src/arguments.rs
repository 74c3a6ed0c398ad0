//! Options that several commands share.

pub mod backend;
pub mod crossbar;
pub mod hardware;
pub mod memo;
pub mod output;
pub mod source;

use std::ffi::OsStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_session::Failure;

/// The arguments of a command as if they were typed, with the defaults of those that are not in `words`.
pub fn typed<A: clap::Args>(words: &[&dyn AsRef<OsStr>]) -> anyhow::Result<A> {
    let command = A::augment_args(clap::Command::new("engram").no_binary_name(true));
    let matches = command.try_get_matches_from(words.iter().map(|word| word.as_ref()))?;
    Ok(A::from_arg_matches(&matches)?)
}

/// A parser of things by their names.
pub fn by_name<T, const N: usize>(things: [T; N], name: impl Fn(&T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let named = things.map(|thing| (name(&thing), thing));
    PossibleValuesParser::new(named.map(|(name, _)| name)).try_map(move |given| {
        named.iter().find(|(name, _)| *name == given).map(|&(_, thing)| thing).ok_or("no such name")
    })
}

/// A number from 0, or what was expected.
pub fn from_zero(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|&number: &f64| number >= 0.0 && number.is_finite());
    number.ok_or_else(|| "expected a number from 0".to_string())
}

/// A parser of whole numbers from 1 to a limit, which has a reason.
pub fn up_to(most: usize, reason: &'static str) -> impl TypedValueParser<Value = usize> {
    within(1, most, reason)
}

/// A parser of whole numbers between two limits; the larger has a reason.
pub fn within(least: usize, most: usize, reason: &'static str) -> impl TypedValueParser<Value = usize> {
    move |text: &str| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("expected a whole number from {least} to {most}; {reason}"))
    }
}

/// Refuses options that say nothing to models of one kind: those of `given` that are there.
pub fn refuse(options: &[(&str, bool)], of: &str, found: &str) -> Result<(), Failure> {
    let given: Vec<&str> = options.iter().filter(|(_, given)| *given).map(|&(name, _)| name).collect();
    match given.as_slice() {
        [] => Ok(()),
        given => Err(Failure::Usage(format!(
            "{} works with {of} only, but the model is {found}: remove the option",
            given.join(", ")
        ))),
    }
}
