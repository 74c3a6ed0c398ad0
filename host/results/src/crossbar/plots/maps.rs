//! Maps of bits of weights by bits of converters: trained beside after training.

use plotters::style::RGBColor;

use crate::plots::{Cell, FAINT, INK, LABEL, ORANGE, Side, TITLE, sheet};

const LEFT: f64 = 70.0;
const TOP: f64 = 96.0;
/// The size of a cell.
const CELL: (f64, f64) = (58.0, 30.0);
/// The room between two maps.
const BETWEEN: f64 = 60.0;
/// The colour of what is much worse than float.
const BAD: RGBColor = ORANGE;

/// The format of a number.
pub type Write<'a> = &'a dyn Fn(f64) -> String;

/// A map: rows of weights by columns of converters; `None` where nothing is finished.
pub struct Map {
    pub name: String,
    pub values: Vec<Vec<Option<f64>>>,
}

/// Draws maps. `names` are those of rows and columns alike; the more a value is above `float`, the darker it is, up to `most`.
pub fn draw(
    title: &str,
    names: &[String],
    maps: &[Map],
    (float, most): (f64, f64),
    write: Write,
) -> anyhow::Result<String> {
    let wide = CELL.0 * names.len() as f64;
    let size = (LEFT + (wide + BETWEEN) * maps.len() as f64, TOP + CELL.1 * names.len() as f64 + 46.0);
    sheet((size.0 as u32, size.1 as u32), title, |sheet| {
        sheet.text(title, (LEFT, 20.0), Side::Right, TITLE, INK)?;
        for (place, map) in maps.iter().enumerate() {
            let left = LEFT + (wide + BETWEEN) * place as f64;
            sheet.text(&map.name, (left, 50.0), Side::Right, 13.5, INK)?;
            sheet.text("bits of converters", (left + wide / 2.0, size.1 - 14.0), Side::Centre, LABEL, FAINT)?;
            for (index, name) in names.iter().enumerate() {
                let (x, y) = (left + CELL.0 * (index as f64 + 0.5), TOP + CELL.1 * (index as f64 + 0.5));
                sheet.text(name, (x, TOP + CELL.1 * names.len() as f64 + 12.0), Side::Centre, LABEL, FAINT)?;
                sheet.text(name, (left - 8.0, y), Side::Left, LABEL, FAINT)?;
            }
            let cell = |row: usize, column: usize, value: &Option<f64>| Cell {
                corner: (left + CELL.0 * column as f64, TOP + CELL.1 * row as f64),
                share: value.map_or(0.0, |value| (value - float) / (most - float).max(1e-9)),
                text: value.map(|value| (write(value), INK)),
            };
            let rows = map.values.iter().enumerate();
            let cells = rows.flat_map(|(row, values)| {
                values.iter().enumerate().map(move |(column, value)| cell(row, column, value))
            });
            sheet.cells(&cells.collect::<Vec<Cell>>(), CELL, BAD, LABEL)?;
        }
        sheet.text("bits of weights", (LEFT - 58.0, TOP - 16.0), Side::Right, LABEL, FAINT)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_show_what_is_finished() {
        let names = ["1", "float"].map(String::from);
        let map = Map { name: "trained".into(), values: vec![vec![Some(60.0), None], vec![Some(4.0), Some(3.0)]] };
        let svg = draw("Bits", &names, &[map], (3.0, 23.0), &|value| format!("{value:.1}")).unwrap();
        assert!(svg.contains("60.0") && svg.contains("trained") && svg.matches("<text").count() == 11, "{svg}");
    }
}
