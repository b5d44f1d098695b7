//! CSV scanner (RFC 4180): where the cells of a record begin and end in a text.
//!
//! A record ends at a line feed, a carriage return or both. A quote opens a quoted cell only as
//! the cell's first character; two quotes inside stand for one; text after the closing quote is
//! appended, as most readers do.

use std::borrow::Cow;

use crate::decode::limits::MAX_COLUMNS;

/// Bytes that end an unquoted cell.
static ENDS_CELL: [bool; 256] = {
    let mut ends = [false; 256];
    ends[b',' as usize] = true;
    ends[b'\n' as usize] = true;
    ends[b'\r' as usize] = true;
    ends
};

/// A cell: the text between `start` and `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub start: usize,
    pub end: usize,
    /// Whether the text is as it was written and holds quotes that have to be resolved.
    pub quoted: bool,
}

impl Cell {
    /// What the cell of a record of `text` means.
    pub fn meaning<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.quoted {
            let mut meaning = String::new();
            unquote(&text[self.start..self.end], &mut meaning);
            Cow::Owned(meaning)
        } else {
            Cow::Borrowed(&text[self.start..self.end])
        }
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
            unquote(&text[self.start..self.end], buffer);
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

/// Finds the record that begins at `at` and writes its cells over `cells`. The end of the text
/// ends the record only if `last`. Of a record with more cells than a table may have columns, one
/// cell too many is written and no more.
pub fn record(text: &[u8], mut at: usize, last: bool, cells: &mut Vec<Cell>) -> Scan {
    cells.clear();
    let mut keep = |cell| {
        if cells.len() <= MAX_COLUMNS {
            cells.push(cell);
        }
    };
    loop {
        let start = at;
        let quoted = text.get(at) == Some(&b'"');
        if quoted {
            match after_quotes(text, at + 1) {
                Some(after) => at = after,
                None => return Scan::Partial { in_quotes: true },
            }
        }
        // Cells are short: a look-up for each byte is quicker than starting a wide search for each cell.
        let end = at + text[at..].iter().position(|&byte| ENDS_CELL[usize::from(byte)]).unwrap_or(text.len() - at);
        match text.get(end) {
            Some(b',') => {
                keep(Cell { start, end, quoted });
                at = end + 1;
                continue;
            }
            Some(b'\n') => {}
            Some(_) if text.get(end + 1) == Some(&b'\n') => {
                keep(Cell { start, end, quoted });
                return Scan::Record(end + 2);
            }
            // A carriage return at the end may be the first half of a line end.
            Some(_) if end + 1 < text.len() || last => {}
            None if last => {
                keep(Cell { start, end, quoted });
                return Scan::Record(end);
            }
            _ => return Scan::Partial { in_quotes: false },
        }
        keep(Cell { start, end, quoted });
        return Scan::Record(end + 1);
    }
}

/// The place after the closing quote of a quoted text that begins at `at`.
fn after_quotes(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr(b'"', text.get(at..)?)? + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// Appends the meaning of a quoted cell to `out`.
fn unquote(cell: &str, out: &mut String) {
    let mut rest = cell.strip_prefix('"').unwrap_or(cell);
    while let Some(at) = memchr::memchr(b'"', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                out.push('"');
                rest = after;
            }
            None => break,
        }
    }
    out.push_str(rest);
}

/// Whether a record is a line of white space only (quoted or not), which is no record.
pub fn is_blank(text: &str, cells: &[Cell]) -> bool {
    let [cell] = cells else { return false };
    let text = &text[cell.start..cell.end];
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    text.chars().all(char::is_whitespace)
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
    fn a_record_cut_by_the_end_of_a_block_waits_for_more() {
        let mut found = Vec::new();
        for text in ["a,b", "a,b\r", "\"a\"", "a,\"b"] {
            found.push(record(text.as_bytes(), 0, false, &mut Vec::new()));
        }
        let waiting = Scan::Partial { in_quotes: false };
        assert_eq!(found, [waiting, waiting, waiting, Scan::Partial { in_quotes: true }]);
    }
}
