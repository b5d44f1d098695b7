//! CSV scanner (RFC 4180): where the cells of a record begin and end in a text.
//!
//! A record ends at a line feed, a carriage return or both. A quote opens a quoted cell only as
//! the cell's first character; two quotes inside stand for one; text after the closing quote is
//! appended, as most readers do.
//!
//! Spark's CSV writer puts a backslash before a quote instead of doubling it. Both are read ([`Escapes`]).

use std::borrow::Cow;

use crate::decode::limits::MAX_COLUMNS;

/// The byte between the cells of a record, as RFC 4180 has it.
pub const COMMA: u8 = b',';
static ALL: [Dialect; 4] = [Dialect::of(COMMA), Dialect::of(b';'), Dialect::of(b'\t'), Dialect::of(b'|')];

/// The byte between cells that a text names: one ASCII character, which neither quotes a cell nor ends a line. A tab may
/// be escaped. The error is what is wrong with it, as a phrase.
pub fn delimiter(text: &str) -> Result<u8, String> {
    let text = if text == "\\t" { "\t" } else { text };
    let mut characters = text.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else {
        return Err("is not one character, such as \";\" or \"\\t\"".to_owned());
    };
    match u8::try_from(character) {
        Ok(b'"' | b'\n' | b'\r') => Err("is a character that quotes a cell or ends a line".to_owned()),
        Ok(byte) if byte.is_ascii() => Ok(byte),
        _ => Err(format!("is no ASCII character: {character} is not understood between cells")),
    }
}

/// What a backslash before quotes means inside a quoted cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Nothing: quotes are doubled, as RFC 4180 has it.
    Doubled,
    /// Directly behind a backslash one quote is escaped by it, and of two the first, unless the cell would then not
    /// end where it seems to: before a delimiter, a line end or the end of the text. Other quotes are doubled.
    ByContext,
    /// It escapes the quote, and itself, as Spark writes it.
    Backslash,
}

/// How a text is divided into cells.
#[derive(Clone, Debug)]
pub struct Dialect {
    delimiter: u8,
    escapes: Escapes,
    /// Bytes that end an unquoted cell.
    ends_cell: [bool; 256],
}

impl Dialect {
    /// Of texts with this byte between cells: an ASCII character that is neither a quote nor a line end.
    pub const fn of(delimiter: u8) -> Self {
        let mut ends_cell = [false; 256];
        ends_cell[delimiter as usize] = true;
        ends_cell[b'\n' as usize] = true;
        ends_cell[b'\r' as usize] = true;
        Self { delimiter, escapes: Escapes::ByContext, ends_cell }
    }

    /// With this meaning of backslashes.
    pub fn with_escapes(self, escapes: Escapes) -> Self {
        Self { escapes, ..self }
    }

    /// Of most texts: commas between cells, semicolons, tabs or vertical bars.
    pub fn all() -> &'static [Self; 4] {
        &ALL
    }

    /// With commas between cells.
    pub fn commas() -> &'static Self {
        &ALL[0]
    }

    /// The byte between cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    fn ends_cell(&self, byte: u8) -> bool {
        self.ends_cell[usize::from(byte)]
    }
}

/// A cell: the text between `start` and `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub start: usize,
    pub end: usize,
    /// Whether the text is as it was written and holds quotes that have to be resolved.
    pub quoted: bool,
    /// How they are.
    escapes: Escapes,
}

impl Cell {
    /// What the cell of a record of `text` means.
    pub fn meaning<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.quoted {
            let mut meaning = String::new();
            unquote(&text[self.start..self.end], self.escapes, &mut meaning);
            Cow::Owned(meaning)
        } else {
            Cow::Borrowed(&text[self.start..self.end])
        }
    }

    /// Whether another reader, who knows nothing of backslashes, would take its text for another.
    pub fn is_escaped(&self) -> bool {
        self.quoted && self.escapes == Escapes::Backslash
    }

    /// The same; `None` where it is empty.
    pub fn unless_empty<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        Some(self.meaning(text)).filter(|meaning| !meaning.is_empty())
    }

    /// The same, written over `buffer` where quotes are resolved, so that nothing is allocated.
    #[inline]
    pub fn meaning_in<'a>(&self, text: &'a str, buffer: &'a mut String) -> &'a str {
        if self.quoted {
            buffer.clear();
            unquote(&text[self.start..self.end], self.escapes, buffer);
            buffer
        } else {
            &text[self.start..self.end]
        }
    }
}

/// How the scan for the end of a record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// A record; the next one begins at this place.
    Record(usize),
    /// The text ends before the record does. `in_quotes` tells whether inside a quoted cell.
    Partial { in_quotes: bool },
}

/// As [`record_of`], with commas between the cells.
pub fn record(text: &[u8], at: usize, last: bool, cells: &mut Vec<Cell>) -> Scan {
    record_of(&ALL[0], text, at, last, cells)
}

/// Finds the record that begins at `at` and writes its cells over `cells`. The end of the text
/// ends the record only if `last`. Of a record with more cells than a table may have columns, one
/// cell too many is written and no more.
pub fn record_of(dialect: &Dialect, text: &[u8], mut at: usize, last: bool, cells: &mut Vec<Cell>) -> Scan {
    cells.clear();
    let mut keep = |start, end, quoted| {
        if cells.len() <= MAX_COLUMNS {
            cells.push(Cell { start, end, quoted, escapes: dialect.escapes });
        }
    };
    loop {
        let start = at;
        let quoted = text.get(at) == Some(&b'"');
        if quoted {
            match after_quotes(dialect, text, at + 1, last) {
                Some(after) => at = after,
                None => return Scan::Partial { in_quotes: true },
            }
        }
        // Cells are short: a look-up for each byte is quicker than starting a wide search for each cell.
        let end = at + text[at..].iter().position(|&byte| dialect.ends_cell(byte)).unwrap_or(text.len() - at);
        match text.get(end) {
            Some(&byte) if byte == dialect.delimiter => {
                keep(start, end, quoted);
                at = end + 1;
                continue;
            }
            Some(b'\n') => {}
            Some(_) if text.get(end + 1) == Some(&b'\n') => {
                keep(start, end, quoted);
                return Scan::Record(end + 2);
            }
            // A carriage return at the end may be the first half of a line end.
            Some(_) if end + 1 < text.len() || last => {}
            None if last => {
                keep(start, end, quoted);
                return Scan::Record(end);
            }
            _ => return Scan::Partial { in_quotes: false },
        }
        keep(start, end, quoted);
        return Scan::Record(end + 1);
    }
}

/// What quotes that follow each other inside a quoted cell mean.
struct Quotes {
    /// Quotes that they stand for.
    n_meant: usize,
    /// Whether the backslash before them is no part of the text.
    is_escaped: bool,
    closes: bool,
}

impl Quotes {
    /// Of `n` quotes behind so many backslashes; `seems_to_end`: before a delimiter, a line end or the end of the text.
    fn of(escapes: Escapes, n: usize, n_backslashes: usize, seems_to_end: bool) -> Self {
        match (escapes, n, n_backslashes % 2, n_backslashes > 0) {
            (Escapes::Backslash, _, 1, _) => {
                Self { n_meant: 1 + (n - 1) / 2, is_escaped: true, closes: (n - 1) % 2 == 1 }
            }
            (Escapes::ByContext, 1, _, true) if !seems_to_end => Self { n_meant: 1, is_escaped: true, closes: false },
            (Escapes::ByContext, 2, _, true) if seems_to_end => Self { n_meant: 1, is_escaped: true, closes: true },
            _ => Self { n_meant: n / 2, is_escaped: false, closes: n % 2 == 1 },
        }
    }
}

fn n_quotes(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| byte == b'"').count()
}

/// Backslashes at the end of a text.
fn n_backslashes(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&byte| byte == b'\\').count()
}

/// The place after the closing quote of a quoted text that begins at `start`; `None` where it is not in this text,
/// or cannot be told before more of it is known.
pub fn after_quotes(dialect: &Dialect, text: &[u8], start: usize, last: bool) -> Option<usize> {
    let mut at = start;
    loop {
        let before = at;
        at += memchr::memchr(b'"', text.get(at..)?)?;
        let n_backslashes = n_backslashes(&text[before..at]);
        let n = n_quotes(&text[at..]);
        at += n;
        let seems_to_end = match text.get(at) {
            Some(&byte) => dialect.ends_cell(byte),
            None if n_backslashes > 0 && !last => return None,
            None => true,
        };
        if Quotes::of(dialect.escapes, n, n_backslashes, seems_to_end).closes {
            return Some(at);
        }
    }
}

/// Appends the meaning of a quoted cell to `out`.
fn unquote(cell: &str, escapes: Escapes, out: &mut String) {
    let mut rest = cell.strip_prefix('"').unwrap_or(cell);
    while let Some(at) = memchr::memchr(b'"', rest.as_bytes()) {
        let (before, quotes) = rest.split_at(at);
        let n = n_quotes(quotes.as_bytes());
        rest = &quotes[n..];
        let quotes = Quotes::of(escapes, n, n_backslashes(before.as_bytes()), rest.is_empty());
        unescape(if quotes.is_escaped { &before[..at - 1] } else { before }, escapes, out);
        (0..quotes.n_meant).for_each(|_| out.push('"'));
        if quotes.closes {
            break;
        }
    }
    out.push_str(rest);
}

/// Appends a text without quotes, of two backslashes one where they escape.
fn unescape(text: &str, escapes: Escapes, out: &mut String) {
    if escapes != Escapes::Backslash {
        return out.push_str(text);
    }
    let mut parts = text.split("\\\\");
    out.extend(parts.next());
    parts.for_each(|part| out.extend(["\\", part]));
}

/// Cells of a record as a line with commas between them.
pub fn with_commas(text: &str, cells: &[Cell]) -> String {
    let written = |cell: &Cell| {
        let meaning = cell.meaning(text);
        match cell.quoted || meaning.contains([',', '"']) {
            true => format!("\"{}\"", meaning.replace('"', "\"\"")),
            false => meaning.into_owned(),
        }
    };
    cells.iter().map(written).collect::<Vec<_>>().join(",")
}

/// Whether a record is a blank line, which is no record. A quoted cell is one, empty as it may be: that is how the
/// missing values of a table of one column are written.
pub fn is_blank(text: &str, cells: &[Cell]) -> bool {
    matches!(cells, [cell] if !cell.quoted && is_blank_line(&text[cell.start..cell.end]))
}

/// Whether a line holds nothing but spaces and control characters, so that Spark passes over it
/// (`CSVExprUtils.filterCommentAndEmpty`).
pub fn is_blank_line(line: &str) -> bool {
    line.bytes().all(|byte| byte <= b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All records of a text, with `None` for the part that does not end.
    fn records(text: &str) -> Vec<Option<Vec<String>>> {
        let (mut at, mut cells, mut all) = (0, Vec::new(), Vec::new());
        while at < text.len() {
            match record(text.as_bytes(), at, true, &mut cells) {
                Scan::Record(next) => {
                    let meaning = |cell: &Cell| {
                        let mut buffer = "text of another cell".to_owned();
                        assert_eq!(cell.meaning(text), cell.meaning_in(text, &mut buffer));
                        cell.meaning(text).into_owned()
                    };
                    all.push(Some(cells.iter().map(meaning).collect()));
                    at = next;
                }
                Scan::Partial { .. } => {
                    all.push(None);
                    break;
                }
            }
        }
        all
    }

    fn cells(line: &[&str]) -> Option<Vec<String>> {
        Some(line.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn records_are_found() {
        let cases: [(&str, Vec<Option<Vec<String>>>); 9] = [
            ("a,b\nc,d", vec![cells(&["a", "b"]), cells(&["c", "d"])]),
            ("a,b\r\nc,\r", vec![cells(&["a", "b"]), cells(&["c", ""])]),
            ("a\rb\r\rc", vec![cells(&["a"]), cells(&["b"]), cells(&[""]), cells(&["c"])]),
            ("\"a,b\",c\n", vec![cells(&["a,b", "c"])]),
            ("\"a\nb\"\nc", vec![cells(&["a\nb"]), cells(&["c"])]),
            ("\"a\"\"b\",\"\"\n", vec![cells(&["a\"b", ""])]),
            ("a\"b,\"c\"d\n", vec![cells(&["a\"b", "cd"])]),
            (",\n,,", vec![cells(&["", ""]), cells(&["", "", ""])]),
            ("a\n\"b,c\nd", vec![cells(&["a"]), None]),
        ];
        for (text, expected) in cases {
            assert_eq!(records(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_behind_a_backslash_are_escaped_unless_the_cell_ends_there() {
        let cases: [(&str, Vec<Option<Vec<String>>>); 12] = [
            (r#""5\" tube",1"#, vec![cells(&["5\" tube", "1"])]),
            (r#""a \"b, c\" d",1"#, vec![cells(&["a \"b, c\" d", "1"])]),
            (r#""ends \"here\"",1"#, vec![cells(&["ends \"here\"", "1"])]),
            ("\"C:\\dir\\\",1\n2,3", vec![cells(&["C:\\dir\\", "1"]), cells(&["2", "3"])]),
            ("\"a\\\"\n\"b\\\"\r\n\"c\\\"", vec![cells(&["a\\"]), cells(&["b\\"]), cells(&["c\\"])]),
            ("\"a\\\"\"\n\"b\\\"\"", vec![cells(&["a\""]), cells(&["b\""])]),
            (r#""a\"""b",1"#, vec![cells(&["a\\\"b\"", "1"])]),
            (r#""a\""b",1"#, vec![cells(&["a\\\"b", "1"])]),
            (r#""a\""",1"#, vec![cells(&["a\\\"", "1"])]),
            (r#""a\"""",b",1"#, vec![cells(&["a\\\"\",b", "1"])]),
            (r#""\"",1"#, vec![cells(&["\"", "1"])]),
            ("\"a\\\"b", vec![None]),
        ];
        for (text, expected) in cases {
            assert_eq!(records(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_backslash_escapes_where_the_text_is_written_so() {
        let dialect = Dialect::of(COMMA).with_escapes(Escapes::Backslash);
        let read = |text: &str| -> Vec<String> {
            let mut found = Vec::new();
            assert_eq!(record_of(&dialect, text.as_bytes(), 0, true, &mut found), Scan::Record(text.len()), "{text}");
            found.iter().map(|cell| cell.meaning(text).into_owned()).collect()
        };
        assert_eq!(read(r#""say \"hi\", ok",1"#), ["say \"hi\", ok", "1"]);
        assert_eq!(read(r#""C:\\dir, x\\",1"#), ["C:\\dir, x\\", "1"]);
        assert_eq!(read(r#""\\\"",a\\b"#), ["\\\"", "a\\\\b"]);
        assert_eq!(read(r#""a""b\n","\"""#), ["a\"b\\n", "\""]);
        let doubled = Dialect::of(COMMA).with_escapes(Escapes::Doubled);
        let (text, mut found) = (r#""a\"",b""#, Vec::new());
        record_of(&doubled, text.as_bytes(), 0, true, &mut found);
        assert_eq!(found.iter().map(|cell| cell.meaning(text)).collect::<Vec<_>>(), ["a\\\",b"]);
    }

    #[test]
    fn cells_stand_between_any_delimiter() {
        for delimiter in [b';', b'\t', b'|', 1] {
            let text = "a,b;\"c;d\\\";\"e\";f\n".replace(';', &char::from(delimiter).to_string());
            let mut found = Vec::new();
            assert_eq!(
                record_of(&Dialect::of(delimiter), text.as_bytes(), 0, true, &mut found),
                Scan::Record(text.len())
            );
            let found: Vec<String> =
                found.iter().map(|cell| cell.meaning(&text).replace(char::from(delimiter), ";")).collect();
            assert_eq!(found, ["a,b", "c;d\\", "e", "f"]);
        }
    }

    #[test]
    fn a_record_cut_by_the_end_of_a_block_waits_for_more() {
        let mut found = Vec::new();
        for text in ["a,b", "a,b\r", "\"a\"", "a,\"b", "\"a\\\"", "\"a\\\"\""] {
            found.push(record(text.as_bytes(), 0, false, &mut Vec::new()));
        }
        let (waiting, in_quotes) = (Scan::Partial { in_quotes: false }, Scan::Partial { in_quotes: true });
        assert_eq!(found, [waiting, waiting, waiting, in_quotes, in_quotes, in_quotes]);
    }
}
