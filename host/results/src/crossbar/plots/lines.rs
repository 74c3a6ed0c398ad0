//! Lines over levels of something, in panels side by side with one scale.

use plotters::style::{Color, RGBColor};

use crate::plots::{FAINT, GREY, INK, LABEL, Scale, Sheet, Side, TITLE, grid, sheet, step, width};
use crate::statistic::Statistic;

const PANEL: f64 = 380.0;
/// The least width, which a title needs.
const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 330.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = HEIGHT - 48.0;

/// A line.
pub struct Line {
    pub name: String,
    pub colour: RGBColor,
    /// The place of a level on the axis, and what was measured.
    pub points: Vec<(f64, Statistic)>,
}

/// A panel.
pub struct Panel {
    /// The axis's title.
    pub axis: String,
    /// The levels.
    pub ticks: Vec<(f64, String)>,
    pub lines: Vec<Line>,
}

/// Draws panels, and a line across where the float network stands.
pub fn draw(title: &str, unit: &str, panels: &[Panel], float: Option<f64>) -> anyhow::Result<String> {
    let size = ((LEFT + PANEL * panels.len() as f64).max(WIDTH) as u32, HEIGHT as u32);
    let y = scale(panels, float);
    sheet(size, title, |sheet| {
        sheet.text(title, (LEFT, 20.0), Side::Right, TITLE, INK)?;
        legend(sheet, panels, float)?;
        for (place, panel) in panels.iter().enumerate() {
            let left = LEFT + PANEL * place as f64;
            draw_panel(sheet, panel, &y, (left, left + PANEL - 70.0), unit, float)?;
        }
        Ok(())
    })
}

/// From 0, or where all values are far above it, from a little below the least.
fn scale(panels: &[Panel], float: Option<f64>) -> Scale {
    let points = || panels.iter().flat_map(|panel| panel.lines.iter().flat_map(|line| &line.points));
    let ends = points().flat_map(|(_, value)| [-1.0, 1.0].map(|side| value.mean + side * value.spread.unwrap_or(0.0)));
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in ends.chain(float) {
        (low, high) = (low.min(value), high.max(value));
    }
    let low = if low < 0.6 * high { 0.0 } else { low - 0.1 * (high - low) };
    let step = step((high - low).max(1e-3), 5.0);
    Scale { values: ((low / step).floor() * step, (high / step).ceil() * step), pixels: (BOTTOM, TOP) }
}

fn legend(sheet: &Sheet, panels: &[Panel], float: Option<f64>) -> anyhow::Result<()> {
    let mut x = LEFT;
    for line in panels.first().iter().flat_map(|panel| &panel.lines) {
        sheet.bar((x, 47.0), (x + 11.0, 51.0), line.colour.filled())?;
        sheet.text(&line.name, (x + 16.0, 49.0), Side::Right, LABEL, INK)?;
        x += 36.0 + width(&line.name, LABEL);
    }
    if float.is_some() {
        sheet.dashes((x, x + 17.0), 49.0, GREY)?;
        sheet.text("float", (x + 22.0, 49.0), Side::Right, LABEL, INK)?;
    }
    Ok(())
}

fn draw_panel(
    sheet: &Sheet,
    panel: &Panel,
    y: &Scale,
    (left, right): (f64, f64),
    unit: &str,
    float: Option<f64>,
) -> anyhow::Result<()> {
    let places = || panel.ticks.iter().map(|tick| tick.0);
    let (first, last) = (places().fold(f64::INFINITY, f64::min), places().fold(f64::NEG_INFINITY, f64::max));
    let x = Scale { values: (first, last.max(first + 1e-9)), pixels: (left + 14.0, right - 8.0) };
    grid(sheet, y, (left, right), 5.0, unit)?;
    for (place, text) in &panel.ticks {
        sheet.text(text, (x.at(*place), BOTTOM + 14.0), Side::Centre, LABEL, FAINT)?;
    }
    sheet.text(&panel.axis, ((left + right) / 2.0, BOTTOM + 34.0), Side::Centre, LABEL, FAINT)?;
    if let Some(float) = float {
        sheet.dashes((left, right), y.at(float), GREY)?;
    }
    for line in &panel.lines {
        let at: Vec<(f64, f64)> = line.points.iter().map(|(place, value)| (x.at(*place), y.at(value.mean))).collect();
        sheet.line(&at, line.colour, 2)?;
        for (&(px, _), (_, value)) in at.iter().zip(&line.points) {
            let spread = value.spread.unwrap_or(0.0);
            let low = (value.mean - spread).max(y.values.0);
            sheet.line(&[(px, y.at(low)), (px, y.at(value.mean + spread))], line.colour, 1)?;
        }
        at.iter().try_for_each(|&at| sheet.dot(at, 3, line.colour))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_begin_at_nothing_or_near_what_is_far_from_it() {
        let panel = |values: [f64; 2]| Panel {
            axis: String::new(),
            ticks: vec![(0.0, "0".into()), (1.0, "1".into())],
            lines: vec![Line {
                name: "a line".into(),
                colour: GREY,
                points: [0.0, 1.0].into_iter().zip(values.map(|mean| Statistic { mean, spread: Some(0.5) })).collect(),
            }],
        };
        assert_eq!(scale(&[panel([2.0, 9.0])], None).values, (0.0, 10.0));
        let (low, high) = scale(&[panel([50.0, 52.0])], Some(51.0)).values;
        assert!(low > 40.0 && low <= 49.5 && (52.5..60.0).contains(&high), "{low} {high}");
        let svg = draw("A title", " %", &[panel([2.0, 9.0])], Some(1.0)).unwrap();
        assert!(svg.contains("a line") && svg.contains("10 %") && svg.contains("float"), "{svg}");
    }
}
