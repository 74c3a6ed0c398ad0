//! The report as Markdown. Its figures are files beside the numbers.

use super::document::{Block, Table};

/// Writes the document; `folder` is that of the figures, as seen from the file.
pub fn markdown(title: &str, blocks: &[Block], folder: &str) -> String {
    let mut text = format!(
        "# {title}\n\nMade of the finished runs in `results/` by `engram results`, which is what `make results` calls; not edited by \
         hand. `engram report` makes a page of the same.\n"
    );
    for block in blocks {
        text += &match block {
            Block::Heading(level, heading) => format!("\n{} {heading}\n", "#".repeat(usize::from(*level))),
            Block::Text(paragraph) => format!("\n{paragraph}\n"),
            Block::Table(table) => format!("\n{}", of_table(table)),
            Block::Figure(figure) => format!("\n![{}]({folder}/{})\n", figure.caption, figure.file),
        };
    }
    text
}

fn of_table(table: &Table) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let align = if table.words { "---|" } else { "---:|" };
    let rule = format!("|---|{}\n", align.repeat(table.head.len().saturating_sub(1)));
    let plain = table.rows.len() - table.sums.min(table.rows.len());
    let strong = |cell: &String| if cell.is_empty() { String::new() } else { format!("**{cell}**") };
    let rows =
        table.rows.iter().enumerate().map(|(index, row)| {
            if index < plain { line(row) } else { line(&row.iter().map(strong).collect::<Vec<_>>()) }
        });
    line(&table.head) + &rule + &rows.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::super::document::Figure;
    use super::*;

    #[test]
    fn blocks_become_markdown() {
        let table = Table {
            head: ["task", "float"].map(String::from).into(),
            rows: vec![["1 one", "2.0"].map(String::from).into(), ["mean", "2.0"].map(String::from).into()],
            sums: 1,
            words: false,
        };
        let figure = Figure { file: "a.svg".into(), svg: String::new(), caption: "A.".into() };
        let text = markdown(
            "Results",
            &[Block::Heading(2, "Two".into()), Block::Table(table), Block::Figure(figure)],
            "results",
        );
        let expected = "\n## Two\n\n| task | float |\n|---|---:|\n| 1 one | 2.0 |\n| **mean** | **2.0** |\n\n![A.](results/a.svg)\n";
        assert!(text.ends_with(expected), "{text}");
    }
}
