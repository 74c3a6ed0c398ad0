//! Plots are drawn in pixels, as SVG. A file stands on its own on white paper; within the page its few colours are set by
//! the page's style, which knows light and dark.

mod compact;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The colours that the page changes in the dark: text, lesser text, grid lines, shaded areas, paper.
pub const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);
pub const FAINT: RGBColor = RGBColor(0x59, 0x63, 0x6e);
pub const GRID: RGBColor = RGBColor(0xd8, 0xde, 0xe4);
pub const BAND: RGBColor = RGBColor(0xee, 0xf1, 0xf4);
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// Okabe and Ito's colours, which differ with any kind of sight.
pub const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
pub const ORANGE: RGBColor = RGBColor(0xe6, 0x9f, 0x00);
pub const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);
pub const SKY: RGBColor = RGBColor(0x56, 0xb4, 0xe9);
pub const RED: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
pub const PINK: RGBColor = RGBColor(0xcc, 0x79, 0xa7);
pub const GREY: RGBColor = RGBColor(0x8c, 0x95, 0x9f);

/// Sizes of text in pixels.
pub const TITLE: f64 = 15.0;
pub const LABEL: f64 = 12.0;

/// The side of its point that a text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The text begins at the point.
    Right,
    /// The text ends at the point.
    Left,
    Centre,
}

/// A sheet of paper to draw on, in pixels from the upper left corner.
pub struct Sheet<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws on a sheet of this size, and gives the SVG.
pub fn sheet(size: (u32, u32), title: &str, draw: impl FnOnce(&Sheet) -> anyhow::Result<()>) -> anyhow::Result<String> {
    let mut svg = String::new();
    {
        let sheet = Sheet { area: SVGBackend::with_string(&mut svg, size).into_drawing_area() };
        sheet.area.fill(&PAPER)?;
        draw(&sheet)?;
        sheet.area.present()?;
    }
    let svg = compact::compact(&svg);
    // For those who do not see the picture.
    Ok(svg.replacen('>', &format!(" role=\"img\" aria-label=\"{}\">", title.replace(['"', '<', '&'], "")), 1))
}

impl Sheet<'_> {
    /// A filled rectangle.
    pub fn bar(
        &self,
        (left, top): (f64, f64),
        (right, bottom): (f64, f64),
        style: impl Into<ShapeStyle>,
    ) -> anyhow::Result<()> {
        Ok(self.area.draw(&Rectangle::new([point(left, top), point(right, bottom)], style.into().filled()))?)
    }

    /// A line through points.
    pub fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: u32) -> anyhow::Result<()> {
        let points: Vec<(i32, i32)> = points.iter().map(|&(x, y)| point(x, y)).collect();
        Ok(self.area.draw(&PathElement::new(points, colour.stroke_width(width)))?)
    }

    /// A dashed horizontal line.
    pub fn dashes(&self, (from, to): (f64, f64), y: f64, colour: RGBColor) -> anyhow::Result<()> {
        let mut x = from;
        while x < to {
            self.line(&[(x, y), ((x + 6.0).min(to), y)], colour, 2)?;
            x += 11.0;
        }
        Ok(())
    }

    /// A filled circle.
    pub fn dot(&self, (x, y): (f64, f64), radius: i32, colour: RGBColor) -> anyhow::Result<()> {
        Ok(self.area.draw(&Circle::new(point(x, y), radius, colour.filled()))?)
    }

    /// A line of text, centred on its height.
    pub fn text(&self, text: &str, (x, y): (f64, f64), side: Side, size: f64, colour: RGBColor) -> anyhow::Result<()> {
        let anchor = match side {
            Side::Right => HPos::Left,
            Side::Left => HPos::Right,
            Side::Centre => HPos::Center,
        };
        // plotters takes the height of a line, 1.24 times the font's.
        let weight = if size >= TITLE { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::SansSerif, size * 1.24, weight);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(anchor, VPos::Center));
        Ok(self.area.draw(&Text::new(text.to_string(), point(x, y), style))?)
    }
}

/// A cell of a heat map.
pub struct Cell {
    /// The upper left corner.
    pub corner: (f64, f64),
    /// The strength of the shade, 0 to 1.
    pub share: f64,
    /// The text in the middle, and its colour.
    pub text: Option<(String, RGBColor)>,
}

impl Sheet<'_> {
    /// The cells of a heat map, all of a size and shaded in a colour. Backgrounds come first, so that they are one shape.
    pub fn cells(&self, cells: &[Cell], size: (f64, f64), colour: RGBColor, text: f64) -> anyhow::Result<()> {
        let lower = |(left, top): (f64, f64)| (left + size.0 - 1.0, top + size.1 - 1.0);
        cells.iter().try_for_each(|cell| self.bar(cell.corner, lower(cell.corner), BAND.filled()))?;
        for Cell { corner, share, .. } in cells {
            // A hundredth is no difference to see.
            let share = (100.0 * share.clamp(0.0, 1.0)).round() / 100.0;
            if share > 0.0 {
                self.bar(*corner, lower(*corner), colour.mix(share).filled())?;
            }
        }
        let middle = |(left, top): (f64, f64)| (left + size.0 / 2.0, top + size.1 / 2.0);
        let texts = cells.iter().filter_map(|cell| Some((cell.corner, cell.text.as_ref()?)));
        texts
            .into_iter()
            .try_for_each(|(corner, (words, ink))| self.text(words, middle(corner), Side::Centre, text, *ink))
    }
}

fn point(x: f64, y: f64) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

/// The width of a text, about, in the sans-serif fonts that are common.
pub fn width(text: &str, size: f64) -> f64 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | '\'' | ',' | '.' | ':' => 0.31,
        'f' | 'r' | 't' | ' ' | '-' => 0.38,
        'm' | 'w' | '%' | '…' => 0.92,
        'A'..='Z' => 0.70,
        _ => 0.62,
    };
    text.chars().map(letter).sum::<f64>() * size
}

/// A scale from values to pixels.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub values: (f64, f64),
    pub pixels: (f64, f64),
}

impl Scale {
    /// The pixel of a value.
    pub fn at(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        self.pixels.0 + (value - low) / (high - low) * (self.pixels.1 - self.pixels.0)
    }
}

/// The least of 1, 2, 5, 10, 20, 50 and so on with which a length has `steps` steps at most.
pub fn step(length: f64, steps: f64) -> f64 {
    let least = (length / steps).max(1e-9);
    let ten = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|one| one * ten).find(|&step| step >= least * 0.999).unwrap_or(10.0 * ten)
}

/// Grid lines at every step of an upright scale, with their numbers in percent to the left.
pub fn percent_grid(sheet: &Sheet, scale: &Scale, sides: (f64, f64), steps: f64) -> anyhow::Result<()> {
    grid(sheet, scale, sides, steps, " %")
}

/// The same with any unit behind the numbers.
pub fn grid(sheet: &Sheet, scale: &Scale, (left, right): (f64, f64), steps: f64, unit: &str) -> anyhow::Result<()> {
    let (low, high) = scale.values;
    let step = step(high - low, steps);
    // Plus 0, which takes the sign off -0.
    let first = (low / step - 1e-6).ceil() + 0.0;
    let places: Vec<f64> =
        (0..).map(|place| first + f64::from(place)).take_while(|place| place * step <= high + step * 1e-4).collect();
    for &place in &places {
        let y = scale.at(place * step);
        sheet.line(&[(left, y), (right, y)], if place == 0.0 { FAINT } else { GRID }, 1)?;
    }
    places.iter().try_for_each(|place| {
        let value = place * step;
        let text = format!("{}{unit}", (value * 1e6).round() / 1e6);
        sheet.text(&text, (left - 8.0, scale.at(value)), Side::Left, LABEL, FAINT)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([step(100.0, 5.0), step(7.0, 5.0), step(60.0, 5.0), step(1.0, 5.0)], [20.0, 2.0, 20.0, 0.2]);
    }

    #[test]
    fn grids_begin_at_plain_nothing() {
        let scale = Scale { values: (0.0, 10.0), pixels: (100.0, 0.0) };
        let svg = sheet((200, 100), "grid", |sheet| percent_grid(sheet, &scale, (20.0, 190.0), 5.0)).unwrap();
        assert!(svg.contains(">0 %") && svg.contains(">10 %") && !svg.contains("-0 %"), "{svg}");
    }

    #[test]
    fn a_sheet_is_an_svg_with_its_text() {
        let svg =
            sheet((100, 50), "A \"plot\"", |sheet| sheet.text("a < b", (5.0, 5.0), Side::Right, LABEL, INK)).unwrap();
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(svg.contains("aria-label=\"A plot\"") && svg.contains("a &lt; b") && svg.contains("#1F2328"), "{svg}");
    }
}
