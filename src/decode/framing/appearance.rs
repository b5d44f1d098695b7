//! Appearance of an object: what its first bytes look like, other than what they are read as.

use crate::decode::reason::Observation;
use crate::decode::text::csv::{COMMA, Dialect, Scan, record_of};
use crate::names;

/// Records of a file's beginning that are looked at.
const FIRST_RECORDS: usize = 8;
/// Bytes that stand between cells in one table or another.
const DELIMITERS: [(u8, Observation); 4] = [
    (b';', Observation::Semicolons),
    (b'\t', Observation::Tabs),
    (b'|', Observation::Bars),
    (COMMA, Observation::Commas),
];

/// What a table looks like that begins with `head`, all of it where `is_whole`, and is read with this delimiter:
/// JSON Lines where it begins with an object; another delimiter's where it has one column, and with that delimiter
/// as many cells, more than one, in every record.
pub fn appearance(head: &[u8], is_whole: bool, delimiter: u8) -> Option<Observation> {
    if head.trim_ascii_start().starts_with(b"{") {
        return Some(if are_captures(head) { Observation::Captures } else { Observation::JsonLines });
    }
    if widths(head, is_whole, delimiter).first() != Some(&1) {
        return None;
    }
    let fits = |delimiter: u8| {
        let widths = widths(head, is_whole, delimiter);
        widths.first().is_some_and(|first| *first > 1 && widths.iter().all(|width| width == first))
    };
    DELIMITERS.into_iter().find(|(other, _)| *other != delimiter && fits(*other)).map(|(_, observation)| observation)
}

/// Whether the first line is a captured or a merged record.
pub fn are_captures(head: &[u8]) -> bool {
    let line = head.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let key = format!("\"{}\"", names::capture::CAPTURE_DATA);
    line.starts_with(b"{") && memchr::memmem::find(line, key.as_bytes()).is_some()
}

/// Numbers of cells of the first records that are not blank.
fn widths(head: &[u8], is_whole: bool, delimiter: u8) -> Vec<usize> {
    let dialect = Dialect::of(delimiter);
    let (mut at, mut cells, mut widths) = (0, Vec::new(), Vec::new());
    while at < head.len() && widths.len() < FIRST_RECORDS {
        let Scan::Record(next) = record_of(&dialect, head, at, is_whole, &mut cells) else { break };
        if !head[at..next].trim_ascii().is_empty() {
            widths.push(cells.len());
        }
        at = next;
    }
    widths
}

/// Whether an object is UTF-16: it begins with its byte order mark, and line ends are written so, if there are any.
pub fn is_utf_16(head: &[u8]) -> bool {
    let unit: fn([u8; 2]) -> u16 = match head {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return false,
    };
    let (units, _) = head.as_chunks::<2>();
    let is_line_end = |unit: u16| unit == u16::from(b'\n') || unit == u16::from(b'\r');
    units.iter().any(|bytes| is_line_end(unit(*bytes))) || memchr::memchr(b'\n', head).is_none()
}

/// Whether an object begins like the manifest of a batch transform: `[{"prefix":"s3://`.
pub fn is_manifest(head: &[u8]) -> bool {
    let mut rest = head;
    let key = format!("\"{}\"", names::capture::MANIFEST_PREFIX);
    let value = format!("\"{}", names::S3_SCHEME);
    ["[", "{", key.as_str(), ":", value.as_str()].iter().all(|part| {
        rest = rest.trim_ascii_start();
        let found = rest.strip_prefix(part.as_bytes());
        rest = found.unwrap_or(rest);
        found.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_one_column_may_look_like_another_delimiters() {
        use Observation::{Bars, Commas, JsonLines, Semicolons, Tabs};
        let cases = [
            ("a;b\n1;2\n", b',', Some(Semicolons)),
            ("a\tb\tc\n1\t2\t3\n", b',', Some(Tabs)),
            ("a|b\n1|2", b',', Some(Bars)),
            ("a,b\n1,2\n", b';', Some(Commas)),
            ("a;b\n\n1,5;2\n\"x;y\";3\n", b',', Some(Semicolons)),
            ("{\"a\":1}\n", b',', Some(JsonLines)),
            (" {\"a\":1,\"b\":2}\n", b';', Some(JsonLines)),
            ("note\na; b\nc\n", b',', None),
            ("a;b\n1;2;3\n", b',', None),
            ("a,b;c\n1,2;3\n", b',', None),
            ("a;b\n1;2\n", b';', None),
            ("\"a;b\"\n\"1;2\"\n", b',', None),
            ("a\n1\n", b',', None),
            ("\"{\"\"a\"\":1}\"\n", b',', None),
            ("", b',', None),
        ];
        for (text, delimiter, expected) in cases {
            assert_eq!(appearance(text.as_bytes(), true, delimiter), expected, "{text:?}");
        }
        assert_eq!(appearance(b"a;b\n1;2\n3", false, b','), Some(Semicolons), "what goes on does not count");
    }
}
