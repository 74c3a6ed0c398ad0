//! Fuzzy memoization: a column whose signs hardly changed is not computed again (Silfa, Arnau and Gonzalez, MICRO 2019, arXiv
//! 2202.06563).
//!
//! Every column has an [`Entry`]: the index that it had when it was last computed, and the agreement of signs at that step.
//! A bitwise network predicts whether the index would be another one, from the signs alone:
//!
//! | | |
//! |---|---|
//! | agreement | a = over the rows that the column reads, +1 where weight and code have the same sign, else -1 ([`agreement`]) |
//! | difference | D = \|a - a_m\|, a_m that of the entry |
//! | error | e = D R\[N\] / 2^8, towards 0, limited to [`ERROR_MAX`]; R = [`reciprocal`], N the [`Denominator`] |
//! | drift | d = e; with throttling the sum of e since the column was computed, limited likewise |
//! | verdict | a hit where the entry is valid, N is not 0 and d < theta of the gate |
//!
//! At a hit the column's index is the remembered one and the entry keeps d: nothing is converted, no read noise is drawn. At
//! a miss the column is computed and the entry becomes its index and a, d = 0. `clear` makes every entry invalid. With theta = 0 a
//! gate remembers nothing: even where no sign changed, codes did.

mod counters;
mod timing;

pub use counters::{Counters, Tally};
pub use timing::{LATENCY, LEAD, Pace, Predictor, QUEUE};

/// The largest e, d and theta: 12 bits.
pub const ERROR_MAX: u16 = 4095;

/// The largest number whose reciprocal there is: 10 bits.
pub const ROWS_MAX: u16 = 1023;

/// The denominator of the relative difference of two agreements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Denominator {
    /// \|a\|, the paper's: e has units of 2^-8.
    #[default]
    Current,
    /// \|a_m\|, in the same units.
    Remembered,
    /// The number of rows, which all columns of a gate share, so that theta may hold it: e = D, twice the signs that
    /// changed, so that thetas of 1 and 2 are the same. It needs no reciprocal, and no column is forced but those without a
    /// valid entry.
    Rows,
}

/// How columns are remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The denominator of the relative difference.
    pub denominator: Denominator,
    /// Whether the errors of consecutive hits add up.
    pub throttling: bool,
    /// Whether an input's code 0 counts as negative, so that of a one-hot symbol only its row is positive. Those of h do not.
    pub zero_is_minus: bool,
    /// The least drift that is no hit, by gate in their order, up to [`ERROR_MAX`]; 0 where nothing is remembered.
    pub theta: [u16; 4],
}

/// The entry of a column: what the predictor remembers of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Whether the column was computed since `clear`.
    pub valid: bool,
    /// The index of its gate's table, 9 bits.
    pub index: i16,
    /// a_m, the agreement when it was computed: 10 bits, of up to 511 rows.
    pub agreement: i16,
    /// d, the drift since: 12 bits.
    pub drift: u16,
}

impl Entry {
    /// Bits of an entry in a device's memories.
    pub const BITS: usize = 1 + 9 + 10 + 12;

    /// The entry of a column that was computed.
    pub const fn computed(index: i32, agreement: i16) -> Entry {
        Entry { valid: true, index: index as i16, agreement, drift: 0 }
    }
}

/// Whether a column is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The remembered index is taken; the entry's drift becomes this.
    Hit(u16),
    /// The drift is too large.
    Miss,
    /// There is nothing to compare with: no valid entry, or N = 0.
    Forced,
}

impl Verdict {
    /// As traces have it: 0 missed, 1 remembered, 2 forced.
    pub const fn code(self) -> i32 {
        match self {
            Verdict::Miss => 0,
            Verdict::Hit(_) => 1,
            Verdict::Forced => 2,
        }
    }
}

impl Settings {
    /// Bytes of a frame's payload.
    pub const BYTES: usize = 9;

    /// The payload of a frame: the denominator (0 to 2) + 4 throttling + 8 zero_is_minus, theta (2) of the gates. Little-endian.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0] = self.denominator as u8 | u8::from(self.throttling) << 2 | u8::from(self.zero_is_minus) << 3;
        for (place, theta) in bytes[1..].chunks_exact_mut(2).zip(self.theta) {
            place.copy_from_slice(&theta.to_le_bytes());
        }
        bytes
    }

    /// The settings of a frame's payload; `None` where a device refuses them.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Settings> {
        let denominator = match bytes[0] & 3 {
            0 => Denominator::Current,
            1 => Denominator::Remembered,
            2 => Denominator::Rows,
            _ => return None,
        };
        let theta = [1, 3, 5, 7].map(|place| u16::from_le_bytes([bytes[place], bytes[place + 1]]));
        let settings = Settings { denominator, throttling: bytes[0] & 4 > 0, zero_is_minus: bytes[0] & 8 > 0, theta };
        (bytes[0] < 16 && settings.is_possible()).then_some(settings)
    }

    /// Whether a device takes them: no theta is above [`ERROR_MAX`].
    pub fn is_possible(&self) -> bool {
        self.theta.iter().all(|&theta| theta <= ERROR_MAX)
    }

    /// Whether a column of a gate (0 to 3), the agreement of which is `agreement`, is computed.
    pub const fn judge(&self, gate: usize, entry: &Entry, agreement: i16) -> Verdict {
        let difference = agreement.abs_diff(entry.agreement);
        let error = match self.denominator {
            Denominator::Current => relative(difference, agreement.unsigned_abs()),
            Denominator::Remembered => relative(difference, entry.agreement.unsigned_abs()),
            Denominator::Rows => Some(limited(difference as u32)),
        };
        let Some(error) = error else { return Verdict::Forced };
        if !entry.valid {
            return Verdict::Forced;
        }
        let drift = if self.throttling { limited(entry.drift as u32 + error as u32) } else { error };
        if drift < self.theta[gate & 3] { Verdict::Hit(drift) } else { Verdict::Miss }
    }

    /// Whether a code of the row vector counts as negative; `input` where it is one of x.
    pub const fn is_negative(&self, code: i8, input: bool) -> bool {
        code < 0 || (code == 0 && input && self.zero_is_minus)
    }
}

const fn limited(error: u32) -> u16 {
    if error > ERROR_MAX as u32 { ERROR_MAX } else { error as u16 }
}

/// The agreement of signs: the pairs (whether the weight, whether the code is negative) that are equal, less the others.
pub fn agreement(signs: impl IntoIterator<Item = (bool, bool)>) -> i16 {
    signs.into_iter().map(|(weight, code)| if weight == code { 1 } else { -1 }).sum()
}

/// R\[n\] = floor(2^16 / n), limited to 16 bits; n is limited to 1..=1023.
///
/// ```
/// use engram_spec::crossbar::memo::reciprocal;
/// assert_eq!([1, 2, 3, 1023].map(reciprocal), [65535, 32768, 21845, 64]);
/// ```
pub const fn reciprocal(n: u16) -> u16 {
    let n = if n < 1 {
        1
    } else if n > ROWS_MAX {
        ROWS_MAX
    } else {
        n
    };
    let quotient = 65536 / n as u32;
    if quotient > u16::MAX as u32 { u16::MAX } else { quotient as u16 }
}

/// e = `difference` over `denominator`, in units of 2^-8; `None` over 0.
pub const fn relative(difference: u16, denominator: u16) -> Option<u16> {
    match denominator {
        0 => None,
        _ => Some(limited((difference as u32 * reciprocal(denominator) as u32) >> 8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings {
        denominator: Denominator::Current,
        throttling: true,
        zero_is_minus: false,
        theta: [64, 65, 1, ERROR_MAX],
    };

    #[test]
    fn relative_errors_are_near_the_quotient_and_never_above() {
        for denominator in 1..=ROWS_MAX {
            for difference in (0..=2 * ROWS_MAX).step_by(37) {
                let exact = (256.0 * f64::from(difference) / f64::from(denominator)).min(f64::from(ERROR_MAX));
                let error = f64::from(relative(difference, denominator).unwrap());
                // One unit of the reciprocal, and one for the shift.
                let least = exact - 1.0 - f64::from(difference) / 256.0;
                assert!(error <= exact && error >= least, "{difference} / {denominator}: {error}");
            }
        }
        assert_eq!(relative(5, 0), None);
        assert_eq!(relative(u16::MAX, 1), Some(ERROR_MAX));
    }

    #[test]
    fn settings_survive_their_bytes() {
        for denominator in [Denominator::Current, Denominator::Remembered, Denominator::Rows] {
            let settings = Settings { denominator, zero_is_minus: denominator == Denominator::Rows, ..SETTINGS };
            assert_eq!(Settings::from_bytes(&settings.to_bytes()), Some(settings));
        }
        assert_eq!(SETTINGS.to_bytes(), [4, 64, 0, 65, 0, 1, 0, 0xff, 0x0f]);
        let changed = |place: usize, byte: u8| {
            let mut bytes = SETTINGS.to_bytes();
            bytes[place] = byte;
            Settings::from_bytes(&bytes)
        };
        assert_eq!([changed(0, 3), changed(0, 16), changed(8, 16)], [None; 3]);
    }

    #[test]
    fn drift_adds_up_until_theta_is_passed() {
        let mut entry = Entry::computed(-7, 32);
        // 8 / 40 is 51 units of 2^-8.
        assert_eq!(SETTINGS.judge(0, &entry, 40), Verdict::Hit(51));
        entry.drift = 12;
        assert_eq!(SETTINGS.judge(0, &entry, 40), Verdict::Hit(63));
        entry.drift = 13;
        assert_eq!(SETTINGS.judge(0, &entry, 40), Verdict::Miss);
        assert_eq!(SETTINGS.judge(1, &entry, 40), Verdict::Hit(64));
        assert_eq!(SETTINGS.judge(2, &Entry::computed(0, 40), 40), Verdict::Hit(0));
        assert_eq!(Settings { theta: [0; 4], ..SETTINGS }.judge(2, &Entry::computed(0, 40), 40), Verdict::Miss);
        entry.drift = ERROR_MAX;
        assert_eq!(SETTINGS.judge(3, &entry, -40), Verdict::Miss, "limited, as theta is");
        let alone = Settings { throttling: false, ..SETTINGS };
        assert_eq!(alone.judge(0, &entry, 40), Verdict::Hit(51));
    }

    #[test]
    fn the_denominator_is_chosen() {
        let entry = Entry::computed(0, -20);
        let with = |denominator| Settings { denominator, ..SETTINGS }.judge(3, &entry, 10);
        assert_eq!(with(Denominator::Current), Verdict::Hit(767));
        assert_eq!(with(Denominator::Remembered), Verdict::Hit(383));
        assert_eq!(with(Denominator::Rows), Verdict::Hit(30));
    }

    #[test]
    fn what_cannot_be_compared_is_computed() {
        for denominator in [Denominator::Current, Denominator::Remembered, Denominator::Rows] {
            let settings = Settings { denominator, ..SETTINGS };
            assert_eq!(settings.judge(3, &Entry::default(), 4), Verdict::Forced);
            let forced = [Entry::computed(0, 4), Entry::computed(0, 0)].map(|entry| settings.judge(3, &entry, 0));
            let expected = match denominator {
                Denominator::Current => [Verdict::Forced; 2],
                Denominator::Remembered => [Verdict::Hit(256), Verdict::Forced],
                Denominator::Rows => [Verdict::Hit(4), Verdict::Hit(0)],
            };
            assert_eq!(forced, expected, "{denominator:?}");
        }
    }

    #[test]
    fn signs_agree_or_do_not() {
        assert_eq!(agreement([(true, true), (false, false), (true, false)]), 1);
        assert_eq!(agreement([]), 0);
        let zero_is_minus = Settings { zero_is_minus: true, ..SETTINGS };
        assert_eq!([-1, 0, 1].map(|code| zero_is_minus.is_negative(code, true)), [true, true, false]);
        assert_eq!([-1, 0, 1].map(|code| zero_is_minus.is_negative(code, false)), [true, false, false]);
        assert_eq!([-1, 0, 1].map(|code| SETTINGS.is_negative(code, true)), [true, false, false]);
    }
}
