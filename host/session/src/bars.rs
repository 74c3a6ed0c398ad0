//! Draws how a memory was attended to, a bar for each sentence and hop, and how values are distributed.

use crate::style::{FAINT, styled};

/// Cells of a full bar.
const CELLS: usize = 10;
/// A cell filled by eighths.
const EIGHTHS: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// A share, 0 to 1, as a bar of ten cells.
pub fn bar(share: f32) -> String {
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * CELLS as f32).round() as usize;
    (0..CELLS).map(|cell| EIGHTHS[eighths.saturating_sub(8 * cell).min(8)]).collect()
}

/// Columns filled by eighths.
const HEIGHTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Counts side by side as columns, the largest of them a full one. A count above 0 is seen.
pub fn columns(counts: &[usize]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    counts.iter().map(|&count| HEIGHTS[(8 * count).div_ceil(most)]).collect()
}

/// A row for each sentence, oldest first, with its number and the share of its slot in every hop. `attention` is hop by hop,
/// in the order of the sentences.
pub fn draw(numbers: &[usize], sentences: &[String], attention: &[Vec<f32>]) -> String {
    let width = sentences.iter().map(|sentence| sentence.chars().count()).max().unwrap_or(0);
    let digits = numbers.iter().max().map_or(1, |most| most.to_string().len());
    let mut lines = Vec::new();
    if !attention.is_empty() {
        let heads: String = (1..=attention.len()).map(|hop| format!("  {:<15}", format!("hop {hop}"))).collect();
        lines.push(styled(FAINT, format!("  {:digits$}  {:width$}{}", "", "", heads.trim_end())));
    }
    for (index, (number, sentence)) in numbers.iter().zip(sentences).enumerate() {
        let shares = attention.iter().filter_map(|hop| hop.get(index));
        let bars: String = shares.map(|&share| format!("  {} {:>3.0}%", bar(share), 100.0 * share)).collect();
        lines.push(format!("  {number:>digits$}  {sentence:width$}{bars}").trim_end().to_string());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(0.0), "          ");
        assert_eq!(bar(1.0), "██████████");
        assert_eq!(bar(0.5), "█████     ");
        assert_eq!(bar(0.0126), "▏         ");
        assert_eq!(bar(f32::NAN), bar(0.0));
    }

    #[test]
    fn columns_are_as_high_as_their_counts() {
        assert_eq!(columns(&[0, 1, 50, 100]), " ▁▄█");
        assert_eq!(columns(&[0, 0]), "  ");
        assert_eq!(columns(&[]), "");
    }

    #[test]
    fn every_sentence_has_a_row_with_a_bar_for_each_hop() {
        let sentences = ["mary ran".to_string(), "john sat down".to_string()];
        let drawn = draw(&[1, 2], &sentences, &[vec![0.75, 0.25], vec![0.0, 1.0]]);
        let rows: Vec<&str> = drawn.lines().collect();
        assert_eq!(rows.len(), 3);
        assert!(rows[0].contains("hop 1") && rows[0].contains("hop 2"), "{drawn}");
        assert_eq!(rows[1], "  1  mary ran       ███████▌    75%               0%");
        assert_eq!(rows[2], "  2  john sat down  ██▌         25%  ██████████ 100%");
        assert_eq!(draw(&[1, 2], &sentences, &[]), "  1  mary ran\n  2  john sat down");
        assert_eq!(draw(&[9, 10], &sentences, &[]), "   9  mary ran\n  10  john sat down");
    }
}
