//! The mean error by word length, a line for each family of rows.

use plotters::style::Color;

use super::super::document::Series;
use super::colour;
use crate::plots::{FAINT, GREY, INK, LABEL, Scale, Side, TITLE, percent_grid, sheet, step};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 150.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = HEIGHT - 48.0;
/// The least distance of two labels.
const APART: f64 = 15.0;

/// Draws the families; `float`, which has no word length, as a line across.
pub fn draw(series: &[Series], float: Option<f64>) -> anyhow::Result<String> {
    let bits = || series.iter().flat_map(|one| one.points.iter().map(|point| f64::from(point.0)));
    let (least, most) = (bits().fold(f64::INFINITY, f64::min), bits().fold(f64::NEG_INFINITY, f64::max));
    let errors =
        series.iter().flat_map(|one| one.points.iter().map(|point| point.1.mean + point.1.spread.unwrap_or(0.0)));
    let highest = errors.chain(float).fold(5.0, f64::max);
    let step = step(highest, 5.0);
    let x = Scale { values: (least - 0.25, most.max(least + 1.0) + 0.1), pixels: (LEFT, RIGHT) };
    let y = Scale { values: (0.0, (highest / step).ceil() * step), pixels: (BOTTOM, TOP) };
    sheet((WIDTH as u32, HEIGHT as u32), "Mean test error by word length", |sheet| {
        sheet.text("Mean test error by word length", (LEFT, 20.0), Side::Right, TITLE, INK)?;
        percent_grid(sheet, &y, (LEFT, RIGHT), 5.0)?;
        for bits in least as u32..=most as u32 {
            sheet.text(&bits.to_string(), (x.at(bits.into()), BOTTOM + 14.0), Side::Centre, LABEL, FAINT)?;
        }
        sheet.text(
            "bits of a weight or activation",
            ((LEFT + RIGHT) / 2.0, BOTTOM + 34.0),
            Side::Centre,
            LABEL,
            FAINT,
        )?;
        let mut labels = Vec::new();
        if let Some(float) = float {
            sheet.dashes((LEFT, RIGHT), y.at(float), GREY)?;
            labels.push((y.at(float), format!("float {float:.1} %"), GREY));
        }
        for Series { family, points } in series {
            let colour = colour(family);
            let at: Vec<(f64, f64)> =
                points.iter().map(|(bits, mean)| (x.at((*bits).into()), y.at(mean.mean))).collect();
            sheet.line(&at, colour, 2)?;
            for (&(px, _), (_, mean)) in at.iter().zip(points) {
                let spread = mean.spread.unwrap_or(0.0);
                sheet.line(&[(px, y.at((mean.mean - spread).max(0.0))), (px, y.at(mean.mean + spread))], colour, 1)?;
            }
            at.iter().try_for_each(|&at| sheet.dot(at, 4, colour))?;
            if let (Some(&(_, at)), Some((_, mean))) = (at.last(), points.last()) {
                labels.push((at, format!("{family} {:.1} %", mean.mean), colour));
            }
        }
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = f64::NEG_INFINITY;
        for (at, text, colour) in labels {
            let at = at.max(free);
            sheet.bar((RIGHT + 8.0, at - 1.0), (RIGHT + 16.0, at + 1.0), colour.filled())?;
            sheet.text(&text, (RIGHT + 21.0, at), Side::Right, LABEL, INK)?;
            free = at + APART;
        }
        Ok(())
    })
}
