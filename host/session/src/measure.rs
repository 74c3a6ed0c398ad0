//! Times and shares as reports write them.

use std::time::Instant;

use nix::sys::resource::{Usage, getrusage};

pub use nix::sys::resource::UsageWho;

/// Seconds since a moment, to the millisecond.
pub fn seconds_since(start: Instant) -> f64 {
    start.elapsed().as_millis() as f64 / 1e3
}

/// A time in two units.
pub fn time(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// Seconds of processor time so far, of all threads or of this one; 0 where the system does not say.
pub fn processor_seconds(whose: UsageWho) -> f64 {
    let seconds = |usage: Usage| {
        let times = [usage.user_time(), usage.system_time()];
        times.into_iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum()
    };
    getrusage(whose).map_or(0.0, seconds)
}

/// A share, 0 to 1, in percent, to three decimals: no count of questions here says more.
pub fn percent(share: f64) -> f64 {
    (share * 1e5).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_units() {
        assert_eq!([0.4, 61.0, 7260.0].map(time), ["0 s", "1 min 1 s", "2 h 1 min"]);
    }
}
