//! Drawings written shorter: what stands in every element once, and shapes of one colour that follow each other as one path.

/// The size of text where none is said.
const TEXT: &str = "12";

/// The colours that a page changes by an element's fill; they stay fills.
const THEMED: [&str; 2] = ["#EEF1F4", "#FFFFFF"];

/// An element as plotters writes it.
enum Element<'a> {
    Rectangle { place: [i32; 4], fill: &'a str, opacity: &'a str },
    Line { points: &'a str, stroke: &'a str, width: &'a str },
    Other(String),
}

/// Writes a drawing of plotters shorter. It looks the same.
pub fn compact(svg: &str) -> String {
    // A text is an element of three lines.
    let svg = svg.replace("\n</text>", "</text>");
    let mut parts = svg.split("\n<");
    let head = parts.next().unwrap_or_default();
    let mut text = head.replacen('>', &format!(" font-family=\"sans-serif\" font-size=\"{TEXT}\">"), 1);
    let elements: Vec<Element> = parts.map(element).collect();
    let alike = |one: &Element, other: &Element| match (one, other) {
        (Element::Rectangle { fill, opacity, .. }, Element::Rectangle { fill: same, opacity: alike, .. }) => {
            (fill, opacity) == (same, alike)
        }
        (Element::Line { stroke, width, .. }, Element::Line { stroke: same, width: alike, .. }) => {
            (stroke, width) == (same, alike)
        }
        _ => false,
    };
    for group in elements.chunk_by(alike) {
        text += "\n";
        text += &match &group[0] {
            Element::Rectangle { fill, opacity, .. } => rectangles(group, fill, opacity),
            Element::Line { stroke, width, .. } => lines(group, stroke, width),
            Element::Other(text) => text.clone(),
        };
    }
    text + "\n"
}

/// The value of an attribute.
fn value<'a>(element: &'a str, name: &str) -> &'a str {
    let begin = element.find(&format!(" {name}=\"")).map(|place| place + name.len() + 3);
    begin.and_then(|begin| element[begin..].split('"').next()).unwrap_or_default()
}

fn element(text: &str) -> Element<'_> {
    let number = |name: &str| value(text, name).parse().unwrap_or(0);
    if text.starts_with("rect") {
        let place = ["x", "y", "width", "height"].map(number);
        return Element::Rectangle { place, fill: value(text, "fill"), opacity: value(text, "opacity") };
    }
    if text.starts_with("polyline") {
        let (stroke, width) = (value(text, "stroke"), value(text, "stroke-width"));
        return Element::Line { points: value(text, "points").trim(), stroke, width };
    }
    let usual = [
        " opacity=\"1\"",
        " stroke=\"none\"",
        " text-anchor=\"start\"",
        " font-family=\"sans-serif\"",
        &format!(" font-size=\"{TEXT}\""),
    ];
    let text = usual.iter().fold(text.to_string(), |text, usual| text.replace(usual, ""));
    Element::Other(format!("<{}", text.trim_end().replace('\n', "")))
}

/// Rectangles of one colour: strokes as wide as they are high, or as high as they are wide, where they are alike; else a path.
fn rectangles(group: &[Element], fill: &str, opacity: &str) -> String {
    let places = group.iter().filter_map(|one| match one {
        Element::Rectangle { place, .. } => Some(*place),
        _ => None,
    });
    let places: Vec<[i32; 4]> = places.collect();
    let opacity = if opacity == "1" { String::new() } else { format!(" opacity=\"{opacity}\"") };
    let [x, y, width, height] = places[0];
    if places.len() == 1 {
        return format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{opacity} fill=\"{fill}\"/>");
    }
    let stroke =
        |wide: i32, path: String| format!("<path stroke=\"{fill}\" stroke-width=\"{wide}\"{opacity} d=\"{path}\"/>");
    let half = |number: i32| f64::from(number) / 2.0;
    if places.iter().all(|place| place[3] == height) && !THEMED.contains(&fill) {
        // Along a row only the gaps are written.
        let mut path = String::new();
        let mut end = None;
        for [x, y, width, _] in places {
            path += &match end {
                Some((at, line)) if line == y => format!("m{} 0h{width}", x - at),
                _ => format!("M{x} {}h{width}", f64::from(y) + half(height)),
            };
            end = Some((x + width, y));
        }
        return stroke(height, path);
    }
    if places.iter().all(|place| place[2] == width) && !THEMED.contains(&fill) {
        let path = places.iter().map(|[x, y, width, height]| format!("M{} {y}v{height}", f64::from(*x) + half(*width)));
        return stroke(width, path.collect());
    }
    let path: String = places.iter().map(|[x, y, w, h]| format!("M{x} {y}h{w}v{h}h-{w}z")).collect();
    format!("<path fill=\"{fill}\"{opacity} d=\"{path}\"/>")
}

/// Lines of one colour and width.
fn lines(group: &[Element], stroke: &str, width: &str) -> String {
    let points = group.iter().filter_map(|one| match one {
        Element::Line { points, .. } => Some(format!("M{points}")),
        _ => None,
    });
    let path: String = points.collect();
    format!("<path fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\" d=\"{path}\"/>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_one_colour_are_one_path() {
        let rectangle = |x, y, width, fill| {
            format!(
                "\n<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"4\" opacity=\"1\" fill=\"{fill}\" stroke=\"none\"/>"
            )
        };
        let row = rectangle(10, 0, 5, "#0072B2") + &rectangle(20, 0, 2, "#0072B2") + &rectangle(10, 4, 1, "#0072B2");
        let line =
            "\n<polyline fill=\"none\" opacity=\"1\" stroke=\"#D8DEE4\" stroke-width=\"1\" points=\"1,2 3,4 \"/>";
        let text = "\n<text x=\"5\" y=\"6\" dy=\"0.5ex\" text-anchor=\"start\" font-family=\"sans-serif\" font-size=\"12\" \
                    opacity=\"1\" fill=\"#1F2328\">\na &lt; b\n</text>";
        let svg = format!("<svg width=\"9\">{row}{line}{line}{text}{}\n</svg>\n", rectangle(1, 2, 3, "#EEF1F4"));
        let lines: Vec<String> = compact(&svg).lines().map(String::from).collect();
        assert_eq!(lines[0], "<svg width=\"9\" font-family=\"sans-serif\" font-size=\"12\">");
        assert_eq!(lines[1], "<path stroke=\"#0072B2\" stroke-width=\"4\" d=\"M10 2h5m5 0h2M10 6h1\"/>");
        assert_eq!(lines[2], "<path fill=\"none\" stroke=\"#D8DEE4\" stroke-width=\"1\" d=\"M1,2 3,4M1,2 3,4\"/>");
        assert_eq!(lines[3], "<text x=\"5\" y=\"6\" dy=\"0.5ex\" fill=\"#1F2328\">a &lt; b</text>");
        assert_eq!(lines[4], "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#EEF1F4\"/>");
        assert_eq!(lines[5], "</svg>");
    }
}
