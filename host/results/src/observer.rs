//! Whoever follows a campaign: notes, warnings and progress are shown by the caller.

use engram_session::progress::Work;

/// The place where a campaign shows what goes on.
pub trait Observer: Sync {
    /// Shows a text.
    fn note(&self, text: &str);
    /// Shows a text that the user should look at.
    fn warn(&self, text: &str);
    /// The progress of so many units of work.
    fn bar(&self, count: usize, doing: &str, unit: &'static str) -> Work;
}

/// The share of a run that is done, 0 to 1, passed to a function.
pub type Progress<'a> = &'a (dyn Fn(f64) + Sync);

/// An observer that shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Observer for Quiet {
    fn note(&self, _: &str) {}

    fn warn(&self, _: &str) {}

    fn bar(&self, _: usize, _: &str, _: &'static str) -> Work {
        Work::hidden()
    }
}
