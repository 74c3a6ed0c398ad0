//! The plots of memory networks.

pub mod attention;
pub mod errors;
pub mod lengths;
pub mod similarity;

use plotters::style::RGBColor;

use crate::plots::{BLUE, GREEN, GREY, ORANGE, PINK, RED, SKY};

/// The colour of a row, the same in every plot.
pub fn colour(row: &str) -> RGBColor {
    match row {
        "float" => GREY,
        "fixed-truncating" => ORANGE,
        "fixed" => SKY,
        "qmann" => BLUE,
        "binary-conventional" => PINK,
        "binary" => RED,
        _ => GREEN,
    }
}
