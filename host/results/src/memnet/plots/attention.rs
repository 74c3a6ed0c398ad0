//! The attention of each hop: a small heat map for each story, its sentences as labels.

use super::super::inside::Attention;
use crate::plots::{BLUE, Cell, FAINT, INK, LABEL, PAPER, Sheet, Side, TITLE, sheet, width};
use engram_memnet::tasks::name;

const WIDTH: f64 = 1080.0;
const TOP: f64 = 56.0;
const MARGIN: f64 = 16.0;
const COLUMNS: usize = 2;
/// A column of stories, and what of it is text.
const COLUMN: f64 = (WIDTH - MARGIN) / COLUMNS as f64;
const CELL: (f64, f64) = (44.0, 19.0);
/// Above a story's sentences, and below them.
const HEADING: f64 = 56.0;
const SPACE: f64 = 22.0;
/// The most sentences of a story that are shown: those that are read most.
const SENTENCES: usize = 10;

/// Draws the stories in two columns, each story in the lower of the two.
pub fn draw(stories: &[Attention]) -> anyhow::Result<String> {
    let mut bottoms = [TOP; COLUMNS];
    let mut places = Vec::new();
    for story in stories {
        let column = if bottoms[0] <= bottoms[1] { 0 } else { 1 };
        places.push((MARGIN + COLUMN * column as f64, bottoms[column]));
        bottoms[column] += HEADING + CELL.1 * shown(story).len() as f64 + SPACE;
    }
    let height = bottoms.into_iter().fold(0.0, f64::max);
    let title = "What each hop reads: the share of every sentence";
    sheet((WIDTH as u32, height as u32), title, |sheet| {
        sheet.text(title, (MARGIN, 20.0), Side::Right, TITLE, INK)?;
        stories.iter().zip(places).try_for_each(|(story, place)| draw_story(sheet, story, place))
    })
}

/// The sentences that are shown, oldest first.
fn shown(story: &Attention) -> Vec<usize> {
    let most = |&sentence: &usize| story.hops.iter().filter_map(|hop| hop.get(sentence)).copied().fold(0.0, f32::max);
    let mut sentences: Vec<usize> = (0..story.sentences.len()).collect();
    sentences.sort_by(|a, b| most(b).total_cmp(&most(a)));
    sentences.truncate(SENTENCES);
    sentences.sort_unstable();
    sentences
}

fn draw_story(sheet: &Sheet, story: &Attention, (left, top): (f64, f64)) -> anyhow::Result<()> {
    let right = left + COLUMN - MARGIN;
    let cells = right - CELL.0 * story.hops.len() as f64;
    let sentences = shown(story);
    let more = match story.sentences.len() {
        all if all > sentences.len() => format!("; {} of {all} sentences", sentences.len()),
        _ => String::new(),
    };
    sheet.text(&format!("{} {}{more}", story.task, name(story.task)), (left, top + 8.0), Side::Right, LABEL, FAINT)?;
    let wrong = if story.answer == story.right { String::new() } else { format!(" (right: {})", story.right) };
    let asked = format!("{}? → {}{wrong}", story.question, story.answer);
    sheet.text(&cut(&asked, right - left, 13.5), (left, top + 25.0), Side::Right, 13.5, INK)?;
    for hop in 0..story.hops.len() {
        let x = cells + CELL.0 * (hop as f64 + 0.5);
        sheet.text(&format!("hop {}", hop + 1), (x, top + HEADING - 9.0), Side::Centre, 11.0, FAINT)?;
    }
    for (row, &sentence) in sentences.iter().enumerate() {
        let y = top + HEADING + CELL.1 * row as f64;
        let label = cut(&story.sentences[sentence], cells - left - 8.0, LABEL);
        sheet.text(&label, (cells - 8.0, y + CELL.1 / 2.0), Side::Left, LABEL, INK)?;
    }
    let mut shares = Vec::new();
    for (row, &sentence) in sentences.iter().enumerate() {
        let y = top + HEADING + CELL.1 * row as f64;
        let read = story.hops.iter().enumerate().filter_map(|(hop, shares)| Some((hop, *shares.get(sentence)?)));
        shares.extend(read.map(|(hop, share)| cell((cells + CELL.0 * hop as f64, y), share.into())));
    }
    sheet.cells(&shares, CELL, BLUE, 11.0)
}

/// The cell of a share, with its number where that is one percent or more.
fn cell(corner: (f64, f64), share: f64) -> Cell {
    let colour = if share > 0.5 { PAPER } else { INK };
    Cell { corner, share, text: (share >= 0.01).then(|| (format!("{:.0} %", 100.0 * share), colour)) }
}

/// A text that is no wider than this.
fn cut(text: &str, most: f64, size: f64) -> String {
    if width(text, size) <= most {
        return text.to_string();
    }
    let mut cut: String = text.to_string();
    while width(&cut, size) > most - size && cut.pop().is_some() {}
    cut + "…"
}

#[cfg(test)]
mod tests {
    use super::super::super::variant::Size;
    use super::*;

    #[test]
    fn long_texts_are_cut_and_long_stories_show_what_is_read() {
        let long = cut(&"sentence ".repeat(20), 200.0, LABEL);
        assert!(long.ends_with('…') && width(&long, LABEL) <= 200.0, "{long}");
        assert_eq!(cut("short", 200.0, LABEL), "short");
        let sentences: Vec<String> = (0..30).map(|number| format!("sentence {number}")).collect();
        let hop = |read: usize| (0..30).map(|number| if number == read { 0.9 } else { 0.1 / 29.0 }).collect();
        let story = Attention {
            size: Size::K1,
            variant: "qmann".into(),
            task: 3,
            question: "where".into(),
            answer: "here".into(),
            right: "there".into(),
            sentences,
            hops: vec![hop(17), hop(23)],
        };
        let rows = shown(&story);
        assert!(rows.len() == SENTENCES && rows.is_sorted() && rows.contains(&17) && rows.contains(&23), "{rows:?}");
        let svg = draw(&[story]).unwrap();
        assert!(svg.contains("(right: there)") && svg.contains("10 of 30 sentences") && svg.contains("90 %"), "{svg}");
    }
}
