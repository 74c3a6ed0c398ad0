//! The distribution of a task's similarities, a histogram for each way of addressing, above the range of a score.

use plotters::style::{Color, RGBColor};

use super::super::inside::{RANGE, Similarities};
use crate::plots::{BAND, BLUE, FAINT, GREEN, GRID, INK, LABEL, ORANGE, RED, Scale, Sheet, Side, TITLE, sheet, step};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 24.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 62.0;
/// The height of a histogram, with its heading.
const PANEL: f64 = 128.0;
const HEADING: f64 = 34.0;
/// The least width of a bar.
const BAR: f64 = 3.0;
/// The largest similarity that is drawn: what is beyond is given as a number.
const MOST: f64 = 64.0;

/// Draws the histograms, which are of one task.
pub fn draw(all: &[&Similarities]) -> anyhow::Result<String> {
    let height = TOP + PANEL * all.len() as f64 + 46.0;
    let largest = all.iter().map(|one| one.greatest.abs().max(one.least.abs())).fold(2.0 * RANGE, f64::max).min(MOST);
    let x = Scale { values: (-largest.ceil(), largest.ceil()), pixels: (LEFT, RIGHT) };
    let task = all.first().map_or(0, |one| one.task);
    let title = format!("Similarities before they are stored as scores, task {task}");
    sheet((WIDTH as u32, height as u32), &title, |sheet| {
        sheet.text(&title, (LEFT, 20.0), Side::Right, TITLE, INK)?;
        let bottom = TOP + PANEL * all.len() as f64;
        sheet.bar((x.at(-RANGE), TOP - 8.0), (x.at(RANGE), bottom), BAND.filled())?;
        let range = format!("what a score holds: ±{RANGE:.0}");
        sheet.text(&range, (x.at(0.0), TOP - 18.0), Side::Centre, LABEL, FAINT)?;
        for (index, one) in all.iter().enumerate() {
            panel(sheet, one, &x, TOP + PANEL * index as f64)?;
        }
        let step = step(x.values.1, 6.0);
        let mut value = -(x.values.1 / step).floor() * step;
        while value <= x.values.1 {
            sheet.text(&format!("{value}"), (x.at(value), bottom + 14.0), Side::Centre, LABEL, FAINT)?;
            value += step;
        }
        let axis = "similarity from the centre of the range, in units of the score whose exponential weighs the slot";
        sheet.text(axis, ((LEFT + RIGHT) / 2.0, bottom + 33.0), Side::Centre, LABEL, FAINT)
    })
}

fn panel(sheet: &Sheet, one: &Similarities, x: &Scale, top: f64) -> anyhow::Result<()> {
    let bottom = top + PANEL - 6.0;
    let shares = shares(one, x);
    let most = shares.iter().map(|share| share.1).fold(1e-9, f64::max);
    let y = Scale { values: (0.0, most), pixels: (bottom, top + HEADING) };
    let colour = colour(&one.addressing);
    sheet.text(&one.addressing, (LEFT, top + 10.0), Side::Right, TITLE, colour)?;
    let told = format!("{:.1} % above {RANGE:.0}", one.above_percent);
    sheet.text(&told, (RIGHT, top + 10.0), Side::Left, LABEL, INK)?;
    let told = format!("largest {:.1}, bound {:.0}", one.greatest, one.bound);
    sheet.text(&told, (RIGHT, top + 26.0), Side::Left, LABEL, FAINT)?;
    sheet.line(&[(LEFT, bottom), (RIGHT, bottom)], GRID, 1)?;
    let wide = shares.windows(2).next().map_or(BAR, |pair| x.at(pair[1].0) - x.at(pair[0].0));
    for (left, share) in shares.into_iter().filter(|share| share.1 > 0.0) {
        let left = x.at(left).round();
        sheet.bar((left, y.at(share).min(bottom - 1.0)), (left + (wide - 1.0).max(1.0), bottom), colour.filled())?;
    }
    Ok(())
}

/// The bins, put together until each has the width of a bar: lower edges and shares.
fn shares(one: &Similarities, x: &Scale) -> Vec<(f64, f64)> {
    let pixels = x.at(one.width) - x.at(0.0);
    let together = (BAR / pixels).ceil().max(1.0);
    let width = one.width * together;
    let bins = ((x.values.1 - x.values.0) / width).ceil() as usize;
    let mut shares: Vec<(f64, f64)> = (0..bins).map(|bin| (x.values.0 + bin as f64 * width, 0.0)).collect();
    for (bin, &count) in one.bins.iter().enumerate() {
        let centre = one.low + (bin as f64 + 0.5) * one.width;
        let place = ((centre - x.values.0) / width).floor();
        if let Some(share) = shares.get_mut(place.max(0.0) as usize).filter(|_| place >= 0.0) {
            share.1 += count as f64 / one.count.max(1) as f64;
        }
    }
    shares
}

fn colour(addressing: &str) -> RGBColor {
    match addressing {
        "hamming" => BLUE,
        "xnor" => GREEN,
        "min" => RED,
        _ => ORANGE,
    }
}
