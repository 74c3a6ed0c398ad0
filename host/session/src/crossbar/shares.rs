//! The shares that a crossbar model gives its answers: a bar for each.

use engram_babi::encoding::shown;
use engram_crossbar::evaluate::real_logits;
use engram_crossbar::{IntegerModel, Model};
use serde::Serialize;

use super::inputs::name;
use crate::bars::bar;

/// The most answers that are shown.
const SHOWN: usize = 10;
/// The least share that is shown of more than two.
const LEAST: f64 = 0.005;

/// An answer and how likely it is: its part of the softmax of the logits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// A class or a symbol.
    pub answer: String,
    /// 0 to 1.
    pub share: f64,
}

/// The most likely answers after the steps so far, the likeliest first, by the integer model's logits.
pub fn shares(device: &IntegerModel, model: &Model) -> Vec<Share> {
    let logits = real_logits(device, model);
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - most).exp()).sum();
    let share =
        |(answer, logit): (usize, &f64)| Share { answer: name(model, answer), share: (logit - most).exp() / sum };
    let mut shares: Vec<Share> = logits.iter().enumerate().map(share).collect();
    // Of equals the first comes first, as the device answers.
    shares.sort_by(|one, other| other.share.total_cmp(&one.share));
    // The answer and the next likely one, and what is not next to nothing.
    let likely = shares.iter().take_while(|share| share.share >= LEAST).count().clamp(2, SHOWN);
    shares.truncate(likely);
    shares
}

/// A row with a bar for each answer.
pub fn draw(shares: &[Share]) -> String {
    let rows: Vec<(String, f64)> = shares.iter().map(|Share { answer, share }| (shown(answer), *share)).collect();
    let width = rows.iter().map(|(answer, _)| answer.chars().count()).max().unwrap_or(0);
    let row =
        |(answer, share): &(String, f64)| format!("  {answer:width$}  {} {:>3.0}%", bar(*share as f32), 100.0 * share);
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}
