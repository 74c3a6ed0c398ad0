//! Savings in words, which say so where it is more that is spent.

/// The factor by which there is less of something, or more where the number is below 1: `1.60 times fewer`.
pub fn times_fewer(gain: f64) -> String {
    // Nothing of either is no more.
    if gain >= 1.0 || gain <= 0.0 {
        format!("{gain:.2} times fewer")
    } else {
        format!("{:.2} times as many", 1.0 / gain)
    }
}

/// The percentage by which there is less of something, or more where the number is negative: `19 % less`.
pub fn percent_less(percent: f64) -> String {
    let word = if percent.round() < 0.0 { "more" } else { "less" };
    format!("{:.0} % {word}", percent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_saving_is_called_more() {
        assert_eq!([1.6, 1.0, 0.22].map(times_fewer), ["1.60 times fewer", "1.00 times fewer", "4.55 times as many"]);
        assert_eq!([19.4, -0.3, -12.9].map(percent_less), ["19 % less", "0 % less", "13 % more"]);
    }
}
