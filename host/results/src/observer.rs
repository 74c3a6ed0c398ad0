//! Whoever follows a campaign: notes, warnings and progress are shown by the caller.

use indicatif::ProgressBar;

/// The place where a campaign shows what goes on.
pub trait Observer: Sync {
    /// Shows a text.
    fn note(&self, text: &str);
    /// Shows a text that the user should look at.
    fn warn(&self, text: &str);
    /// A bar of so many steps.
    fn bar(&self, steps: u64, doing: &str) -> ProgressBar;
}

/// The share of a run that is done, 0 to 1, passed to a function.
pub type Progress<'a> = &'a (dyn Fn(f64) + Sync);

/// An observer that shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Observer for Quiet {
    fn note(&self, _: &str) {}

    fn warn(&self, _: &str) {}

    fn bar(&self, _: u64, _: &str) -> ProgressBar {
        ProgressBar::hidden()
    }
}
