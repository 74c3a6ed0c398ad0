//! The test error of every task, a bar for each row.

use plotters::style::Color;

use super::super::aggregate::{SizeResults, VariantResults};
use super::super::literature::memn2n;
use super::super::variant::LEADING;
use super::colour;
use crate::plots::{FAINT, INK, LABEL, Scale, Sheet, Side, TITLE, percent_grid, sheet, step, width};

const WIDTH: f64 = 1080.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 12.0;
const TOP: f64 = 78.0;
const BOTTOM: f64 = HEIGHT - 44.0;

/// Draws the leading rows of a size.
pub fn draw(results: &SizeResults) -> anyhow::Result<String> {
    let rows: Vec<&VariantResults> =
        results.rows.iter().filter(|row| LEADING.contains(&row.variant.as_str())).collect();
    let title = format!("Test error by task, {}; beside the names: means in percent", results.size);
    sheet((WIDTH as u32, HEIGHT as u32), &title, |sheet| {
        sheet.text(&title, (LEFT, 20.0), Side::Right, TITLE, INK)?;
        legend(sheet, &rows)?;
        let tasks = results.tasks.len().max(1) as f64;
        let y = Scale { values: (0.0, top(results, &rows)), pixels: (BOTTOM, TOP) };
        percent_grid(sheet, &y, (LEFT, RIGHT), 5.0)?;
        let group = (RIGHT - LEFT) / tasks;
        // Whole pixels, so that all bars are as wide; about a fifth of each group is space.
        let bar = (group * 0.8 / rows.len().max(1) as f64).floor().clamp(1.0, 40.0);
        let centre = |index: usize| LEFT + group * (index as f64 + 0.5);
        let start = |index: usize| (centre(index) - bar * rows.len() as f64 / 2.0).round();
        // Bars of one colour, and lines of one kind, are drawn together.
        for (place, row) in rows.iter().enumerate() {
            for (index, &task) in results.tasks.iter().enumerate() {
                one(sheet, row, task, &y, start(index) + bar * place as f64, bar)?;
            }
        }
        for (place, row) in rows.iter().enumerate() {
            for (index, &task) in results.tasks.iter().enumerate() {
                spread(sheet, row, task, &y, start(index) + bar * place as f64, bar)?;
            }
        }
        for (index, &task) in results.tasks.iter().enumerate() {
            if let Some(mark) = memn2n(results.size, task) {
                let half = bar * rows.len() as f64 / 2.0 + 2.0;
                sheet.line(&[(centre(index) - half, y.at(mark)), (centre(index) + half, y.at(mark))], INK, 2)?;
            }
        }
        for (index, &task) in results.tasks.iter().enumerate() {
            sheet.text(&task.to_string(), (centre(index), BOTTOM + 13.0), Side::Centre, LABEL, FAINT)?;
        }
        sheet.text("task", ((LEFT + RIGHT) / 2.0, BOTTOM + 32.0), Side::Centre, LABEL, FAINT)
    })
}

fn top(results: &SizeResults, rows: &[&VariantResults]) -> f64 {
    let errors = rows.iter().flat_map(|row| &row.tasks).map(|task| task.test.mean + task.test.spread.unwrap_or(0.0));
    let marks = results.tasks.iter().filter_map(|&task| memn2n(results.size, task));
    let most = errors.chain(marks).fold(5.0, f64::max);
    let step = step(most, 5.0);
    ((most / step).ceil() * step).min(100.0)
}

/// The bar of a variant and task.
fn one(sheet: &Sheet, row: &VariantResults, task: u8, y: &Scale, left: f64, bar: f64) -> anyhow::Result<()> {
    let Some(task) = row.tasks.iter().find(|one| one.task == task) else { return Ok(()) };
    // An error of 0 has a line of its own, so that it is not taken for a missing number.
    let top = y.at(task.test.mean).min(BOTTOM - 1.0);
    sheet.bar((left, top), (right(left, bar), BOTTOM), colour(&row.variant).filled())
}

/// The spread of a variant and task.
fn spread(sheet: &Sheet, row: &VariantResults, task: u8, y: &Scale, left: f64, bar: f64) -> anyhow::Result<()> {
    let Some(task) = row.tasks.iter().find(|one| one.task == task) else { return Ok(()) };
    let Some(spread) = task.test.spread.filter(|spread| *spread > 0.0) else { return Ok(()) };
    let (x, low, high) = ((left + right(left, bar)) / 2.0, (task.test.mean - spread).max(0.0), task.test.mean + spread);
    sheet.line(&[(x, y.at(low)), (x, y.at(high.min(y.values.1)))], FAINT, 1)
}

fn right(left: f64, bar: f64) -> f64 {
    left + if bar > 2.0 { bar - 1.0 } else { bar }
}

fn legend(sheet: &Sheet, rows: &[&VariantResults]) -> anyhow::Result<()> {
    let mut x = LEFT;
    for row in rows {
        sheet.bar((x, 43.0), (x + 11.0, 54.0), colour(&row.variant).filled())?;
        let mean = row.mean.map_or(String::new(), |mean| format!(" {:.1}", mean.mean));
        let text = format!("{}{mean}", row.variant);
        sheet.text(&text, (x + 16.0, 49.0), Side::Right, LABEL, INK)?;
        x += 36.0 + width(&text, LABEL);
    }
    sheet.line(&[(x, 49.0), (x + 16.0, 49.0)], INK, 2)?;
    sheet.text("MemN2N (literature)", (x + 21.0, 49.0), Side::Right, LABEL, INK)
}
