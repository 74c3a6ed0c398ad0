//! A picture of which columns are remembered when: columns to the right, gate by gate, steps downward.

use plotters::style::Color;

use crate::plots::{BAND, BLUE, FAINT, INK, LABEL, Sheet, Side, TITLE, sheet};

const LEFT: f64 = 62.0;
const TOP: f64 = 78.0;
/// The room between two gates.
const BETWEEN: f64 = 12.0;
/// The width of a gate.
const GATE: f64 = 192.0;
/// The height of all steps, about.
const HEIGHT: f64 = 260.0;

/// The gates' names, in their order.
const GATES: [&str; 4] = ["input gate", "forget gate", "candidate", "output gate"];

/// Draws it. Each line is a step, each of its digits a cell, whose bits are the columns of its gates; the columns of a gate are
/// in the order of how often they are remembered.
pub fn draw(title: &str, lines: &[String]) -> anyhow::Result<String> {
    let steps: Vec<Vec<u32>> = lines.iter().map(|line| line.chars().filter_map(|c| c.to_digit(16)).collect()).collect();
    let height = (HEIGHT / steps.len().max(1) as f64).clamp(3.0, 14.0).floor();
    let bottom = TOP + height * steps.len() as f64;
    let size = (LEFT + 4.0 * (GATE + BETWEEN) + 12.0, bottom + 34.0);
    sheet((size.0 as u32, size.1 as u32), title, |sheet| {
        sheet.text(title, (LEFT, 20.0), Side::Right, TITLE, INK)?;
        sheet.bar((LEFT, 40.0), (LEFT + 11.0, 51.0), BLUE.filled())?;
        sheet.text("remembered", (LEFT + 16.0, 46.0), Side::Right, LABEL, INK)?;
        sheet.text("step 1", (LEFT - 8.0, TOP + height / 2.0), Side::Left, LABEL, FAINT)?;
        sheet.text(&steps.len().to_string(), (LEFT - 8.0, bottom - height / 2.0), Side::Left, LABEL, FAINT)?;
        for (gate, name) in GATES.iter().enumerate() {
            let left = LEFT + gate as f64 * (GATE + BETWEEN);
            sheet.bar((left, TOP), (left + GATE, bottom), BAND.filled())?;
            sheet.text(name, (left + GATE / 2.0, bottom + 16.0), Side::Centre, LABEL, FAINT)?;
            draw_gate(sheet, &steps, gate, left, height)?;
        }
        Ok(())
    })
}

fn draw_gate(sheet: &Sheet, steps: &[Vec<u32>], gate: usize, left: f64, height: f64) -> anyhow::Result<()> {
    let hit = |step: &[u32], cell: usize| step.get(cell).is_some_and(|digit| digit >> gate & 1 == 1);
    let mut order: Vec<usize> = (0..steps.first().map_or(0, Vec::len)).collect();
    order.sort_by_key(|&cell| std::cmp::Reverse(steps.iter().filter(|step| hit(step, cell)).count()));
    let x = |place: usize| left + GATE * place as f64 / order.len().max(1) as f64;
    for (number, step) in steps.iter().enumerate() {
        let top = TOP + height * number as f64;
        let mut place = 0;
        for run in order.chunk_by(|&one, &other| hit(step, one) == hit(step, other)) {
            if hit(step, run[0]) {
                sheet.bar((x(place), top), (x(place + run.len()), top + height), BLUE.filled())?;
            }
            place += run.len();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_remembered_columns_are_one_stroke() {
        let strokes = |lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            let svg = draw("Columns", &lines).unwrap();
            let paths = svg.lines().filter(|line| line.starts_with("<path stroke="));
            let strokes: usize =
                paths.filter_map(|path| path.split(" d=").nth(1)).map(|d| d.matches('h').count()).sum();
            let single = svg.lines().filter(|line| line.starts_with("<rect") && line.contains("#0072B2")).count();
            // The legend has a rectangle of this colour.
            strokes + single - 1
        };
        assert_eq!(strokes(&["0000", "0000"]), 0);
        assert_eq!(strokes(&["0000", "1111"]), 1);
        // Cells 1 and 3 come first: in the second step they are together, in the third one cell is apart from its like.
        assert_eq!(strokes(&["0000", "0101", "1001"]), 3);
    }
}
