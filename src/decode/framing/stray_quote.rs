//! Stray quotes: cells of a CSV table that span lines because a quote opens them that was to open none.

use std::ops::Range;

use crate::decode::text::csv::{Cell, Dialect, after_quotes};

/// Delimiters at which the lines of a quoted cell are divided as the table's rows are, so that they are such rows.
const MANY: usize = 8;

/// Where the line ends on which a stray quote opens a cell of a record; `None` where its quoted cells are sound.
///
/// A quoted cell that spans lines is none where text follows its closing quote, or where nearly all of its lines, those
/// on which it begins and ends included, have as many cells as the table has columns.
pub fn end_of_its_line(
    dialect: &Dialect,
    text: &[u8],
    record: Range<usize>,
    cells: &[Cell],
    width: usize,
) -> Option<usize> {
    let first_end =
        |cell: &Cell| memchr::memchr2(b'\n', b'\r', &text[cell.start..cell.end]).map(|end| cell.start + end);
    let spans_lines = |cell: &&Cell| cell.quoted && first_end(cell).is_some();
    let has_text_behind = |cell: &&Cell| {
        let behind = after_quotes(dialect, &text[..cell.end], cell.start + 1, true).unwrap_or(cell.end);
        text[behind..cell.end].iter().any(|&byte| byte > b' ')
    };
    let mut spanning = cells.iter().filter(spans_lines);
    let first = spanning.clone().next()?;
    let stray = spanning.find(has_text_behind).or_else(|| are_rows(dialect, &text[record], width).then_some(first))?;
    let end = first_end(stray)?;
    Some(end + if text[end..].starts_with(b"\r\n") { 2 } else { 1 })
}

/// As [`end_of_its_line`], where the last of a record's cells, which opens at `opened`, does not end: not in `lines`,
/// whole ones from the record's first on.
pub fn end_of_open_line(dialect: &Dialect, lines: &[u8], opened: usize, width: usize) -> Option<usize> {
    let end = opened + memchr::memchr(line_end(lines), lines.get(opened..)?)? + 1;
    are_rows(dialect, lines, width).then_some(end)
}

/// The byte with which the lines of a text end: a carriage return where there is no line feed.
pub fn line_end(text: &[u8]) -> u8 {
    match memchr::memchr(b'\n', text).or_else(|| memchr::memchr(b'\r', text)) {
        Some(end) => text[end],
        None => b'\n',
    }
}

/// Line ends before the end of a record.
pub fn n_inner_lines(record: &[u8]) -> u64 {
    let end = line_end(record);
    memchr::memchr_iter(end, record.strip_suffix(&[end]).unwrap_or(record)).count() as u64
}

/// Whether the lines of a record, quotes taken for text, are rows of a table of so many columns.
fn are_rows(dialect: &Dialect, record: &[u8], width: usize) -> bool {
    let end = line_end(record);
    let lines = record.strip_suffix(&[end]).unwrap_or(record).split(|&byte| byte == end);
    let (mut n_lines, mut n_rows) = (0, 0);
    for line in lines {
        n_lines += 1;
        n_rows += usize::from(memchr::memchr_iter(dialect.delimiter(), line).count() + 1 == width);
    }
    n_lines > 1 && n_rows * width.saturating_sub(1) >= MANY && n_rows * 10 >= n_lines * 9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::text::csv::{COMMA, Scan, record_of};

    /// Where the first record of a table is read on because of a stray quote.
    fn resumed_at(text: &str, width: usize) -> Option<usize> {
        let (dialect, mut cells) = (Dialect::of(COMMA), Vec::new());
        let Scan::Record(next) = record_of(&dialect, text.as_bytes(), 0, true, &mut cells) else {
            panic!("{text:?} holds a record")
        };
        end_of_its_line(&dialect, text.as_bytes(), 0..next, &cells, width)
    }

    #[test]
    fn text_behind_a_closing_quote_tells_a_stray_quote_that_spans_lines() {
        let cases = [
            ("1,\"x\n2,y\n3,\"z\n", Some(5)),
            ("1,\"x\r\n2,y\r\n3,\"z\r\n", Some(6)),
            ("1,\"x\r2,y\r3,\"z\r", Some(5)),
            ("\"a\nb\",\"x\n3,\"z\n", Some(9)),
            ("1,\"x\ny\"\n", None),
            ("1,\"x\ny\" ,2\n", None),
            ("1,\"x\n\"\"y\"\"\",2\n", None),
            ("1,\"x\n\\\"y\\\" z\",2\n", None),
            ("1,\"x\"y,2\n", None),
            ("1,x\"\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(resumed_at(text, 2), expected, "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_stray_where_rows_follow() {
        let rows = |n: usize| format!("1,\"x\n{}", "2,y\n".repeat(n));
        let cases = [
            (rows(7), 2, Some(5)),
            (rows(7).replace('\n', "\r"), 2, Some(5)),
            (rows(6), 2, None),
            (rows(7), 3, None),
            (rows(7), 1, None),
            ("1,\"Dear Sir,\n\nI am, as ever,\nyours,\nand so on\n".to_owned(), 2, None),
        ];
        for (text, width, expected) in cases {
            assert_eq!(end_of_open_line(&Dialect::of(COMMA), text.as_bytes(), 2, width), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_as_wide_as_the_table_tell_a_stray_quote() {
        let rows = |n: usize| format!("1,\"x\n{}9,z\"\n", "2,y\n".repeat(n));
        let (letter, wide) = ("1,\"Dear Sir\nI am, as ever,\nyours\"\n", "1,2,3,4,5,\"x\n1,2,3,4,5,z\"\n");
        let embedded = "1,\"a,b\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n\"\n";
        let cases = [
            (rows(6), 2, Some(5)),
            (rows(5), 2, None),
            (rows(6), 3, None),
            (wide.to_owned(), 6, Some(13)),
            (letter.to_owned(), 2, None),
            (embedded.to_owned(), 3, None),
            ("\"x\ny\n\"\n".to_owned(), 1, None),
        ];
        for (text, width, expected) in cases {
            assert_eq!(resumed_at(&text, width), expected, "{text:?}");
        }
    }
}
