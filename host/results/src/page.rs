//! The report as one page of HTML: style and figures inside, nothing from elsewhere, light and dark.

use super::document::{Block, Figure, Table};

const STYLE: &str = include_str!("page.css");

/// Writes the document.
pub fn page(blocks: &[Block]) -> String {
    let heads = blocks.iter().filter_map(|block| match block {
        Block::Heading(1, text) => Some(format!("<a class=\"report\" href=\"#{}\">{}</a>", anchor(text), inline(text))),
        Block::Heading(2, text) => Some(format!("<a href=\"#{}\">{}</a>", anchor(text), inline(text))),
        _ => None,
    });
    let contents: String = heads.collect();
    let body: String = blocks.iter().map(of_block).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"generator\" content=\"engram\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>engram: results</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>engram: results</h1>\n<nav>{contents}</nav>\n</header>\n\
         <main>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn of_block(block: &Block) -> String {
    match block {
        Block::Heading(level, text) => format!("<h{level} id=\"{}\">{}</h{level}>\n", anchor(text), inline(text)),
        Block::Text(text) => format!("<p>{}</p>\n", inline(text)),
        Block::Table(table) => of_table(table),
        Block::Figure(Figure { svg, caption, .. }) => {
            let svg = svg.trim().trim_start_matches(|letter| letter != '<');
            format!("<figure>\n{svg}\n<figcaption>{}</figcaption>\n</figure>\n", inline(caption))
        }
    }
}

fn of_table(table: &Table) -> String {
    let line = |kind: &str, cells: &[String]| -> String {
        let cells = cells.iter().enumerate().map(|(column, cell)| match (kind, column) {
            ("td", 0) => format!("<th scope=\"row\">{}</th>", inline(cell)),
            _ => format!("<{kind}>{}</{kind}>", inline(cell)),
        });
        cells.collect()
    };
    let plain = table.rows.len() - table.sums.min(table.rows.len());
    let rows = table.rows.iter().enumerate().map(|(index, row)| {
        let class = if index < plain { "" } else { " class=\"sum\"" };
        format!("<tr{class}>{}</tr>\n", line("td", row))
    });
    let class = if table.words { " class=\"words\"" } else { "" };
    let head = line("th", &table.head);
    format!(
        "<div class=\"table\"><table{class}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n",
        rows.collect::<String>()
    )
}

/// A heading's name in addresses.
fn anchor(text: &str) -> String {
    let letters = text.chars().map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    letters.collect::<String>().trim_matches('-').to_string()
}

/// A text with its special letters written out, and what stands between backticks as code.
fn inline(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let parts = escaped.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stands_alone() {
        let figure = Figure { file: "a.svg".into(), svg: "<svg></svg>\n".into(), caption: "A `b` < c.".into() };
        let table =
            Table { head: vec!["a".into(), "b".into()], rows: vec![vec!["1".into(), "2".into()]], ..Table::default() };
        let page = page(&[Block::Heading(2, "1k: so many".into()), Block::Figure(figure), Block::Table(table)]);
        assert!(page.contains("<a href=\"#1k--so-many\">") && page.contains("<h2 id=\"1k--so-many\">"), "{page}");
        assert!(page.contains("<figcaption>A <code>b</code> &lt; c.</figcaption>"), "{page}");
        assert!(page.contains("<tr><th scope=\"row\">1</th><td>2</td></tr>"), "{page}");
        for outside in ["http:", "https:", "<script", "<link", "url(", "@import"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
