//! Resynchronisation: where the records go on in a JSON document after a damaged one.
//!
//! A bracket or a quote that is missing makes one text of all records that follow it. They begin as the records before
//! the damage do: with an object of the same first key, or with a list, behind a comma, a closing bracket or a line end.

use std::ops::Range;

use crate::decode::reason::Reason;
use crate::decode::text::json::{Node, Reader};

/// What comes next in a text that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A whole record.
    Record(Range<usize>),
    /// Something that begins as a record and is none, as far as it was read.
    Damaged(Range<usize>),
    /// The beginning of a record, up to the end of the text.
    Beginning(usize),
}

/// How an object begins, up to its first key.
pub fn opening(record: &str) -> Option<&str> {
    let (start, key) = (record.trim_start(), first_key(record.trim_start().strip_prefix('{')?)?);
    let end = start.find('"')? + 1 + key.len() + 1;
    start.get(..end)
}

/// Finds the records in a text whose beginning is damaged.
pub struct Resync<'a> {
    text: &'a str,
    opening: Opening<'a>,
    at: usize,
}

/// How records begin.
enum Opening<'a> {
    /// With this key, as it is written.
    Key(&'a str),
    Object,
    List,
}

impl<'a> Opening<'a> {
    /// As `record` does; as objects do where there is none.
    fn of(record: &'a str) -> Self {
        let record = record.trim_start();
        if record.starts_with('[') {
            return Self::List;
        }
        match record.strip_prefix('{').and_then(first_key) {
            Some(key) => Self::Key(key),
            None => Self::Object,
        }
    }

    fn begins(&self, text: &str) -> bool {
        match self {
            Self::List => text.starts_with('['),
            Self::Object => text.starts_with('{'),
            Self::Key(key) => text.strip_prefix('{').and_then(first_key) == Some(key),
        }
    }
}

/// The key with which an object goes on behind its brace.
fn first_key(text: &str) -> Option<&str> {
    let text = text.trim_start().strip_prefix('"')?;
    let end = memchr::memchr2(b'"', b'\\', text.as_bytes())?;
    (text.as_bytes()[end] == b'"').then(|| &text[..end])
}

impl<'a> Resync<'a> {
    /// Of the text of one record; `None` where nothing is wrong with how it is written. `sound` is the beginning of the
    /// last record that was.
    pub fn of(text: &'a str, sound: &'a str) -> Option<Self> {
        // What is found wrong may be the consequence of a quote that is missing long before it.
        (!is_whole(text)).then(|| Self { text, opening: Opening::of(sound), at: 1.min(text.len()) })
    }

    /// The next place where a record may begin.
    fn opening(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let is_boundary = |place: usize| {
            let before = self.text[..place].trim_end_matches([' ', '\t']);
            before.ends_with([',', '}', ']', '\n', '\r'])
        };
        let mut at = self.at;
        loop {
            at += memchr::memchr2(b'{', b'[', bytes.get(at..)?)?;
            if self.text.is_char_boundary(at) && self.opening.begins(&self.text[at..]) && is_boundary(at) {
                return Some(at);
            }
            at += 1;
        }
    }
}

/// Whether a text begins as a sound record does.
pub fn begins_alike(text: &str, sound: &str) -> bool {
    Opening::of(sound).begins(text.trim_start())
}

/// Whether a text that has no end is damaged, so that other records are part of it.
pub fn holds_others(text: &str, sound: &str) -> bool {
    let mut reader = Reader::over(text);
    let ends_early = reader.read(&mut Vec::new()) == Err(Reason::InvalidJson) && reader.position() < text.len();
    let finds = |resync: Resync<'_>| resync.into_iter().any(|found| matches!(found, Found::Record(_)));
    ends_early && Resync::of(text, sound).is_some_and(finds)
}

/// Whether a line that is no record may be several: it holds what begins as it does.
pub fn may_be_several(line: &str) -> bool {
    let opening = Opening::of(line);
    let mut places = memchr::memchr2_iter(b'{', b'[', line.as_bytes()).skip_while(|place| *place == 0);
    !is_whole(line) && places.any(|place| opening.begins(&line[place..]))
}

/// Whether a line is an object or a list, and nothing else.
pub fn is_whole_record(line: &[u8]) -> bool {
    let begins = line.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['));
    begins && std::str::from_utf8(line).is_ok_and(is_whole)
}

/// Whether `text` is one JSON value and nothing else.
fn is_whole(text: &str) -> bool {
    let mut reader = Reader::over(text);
    match reader.read(&mut Vec::new()) {
        Ok(_) => text[reader.position()..].trim().is_empty(),
        Err(reason) => reason != Reason::InvalidJson,
    }
}

impl Iterator for Resync<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        let start = self.opening()?;
        let mut reader = Reader::over(&self.text[start..]);
        let mut tape: Vec<Node<'_>> = Vec::new();
        let read = reader.read(&mut tape);
        let end = start + reader.position();
        self.at = if read.is_ok() { end } else { start + 1 };
        match read {
            // A list of records is what was not closed, and no record.
            Ok(_) if matches!(self.opening, Opening::List) && is_list_of_lists(&tape) => {
                self.at = start + 1;
                self.next()
            }
            Err(Reason::InvalidJson) if end >= self.text.len() => {
                self.at = self.text.len();
                Some(Found::Beginning(start))
            }
            Err(Reason::InvalidJson) => Some(Found::Damaged(start..end)),
            _ => Some(Found::Record(start..end)),
        }
    }
}

fn is_list_of_lists(tape: &[Node<'_>]) -> bool {
    tape.iter().skip(1).any(|node| matches!(node, Node::Array { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, sound: &str) -> Option<Vec<String>> {
        let show = |found| match found {
            Found::Record(range) => text[range].to_owned(),
            Found::Damaged(range) => format!("damaged at {}", range.start),
            Found::Beginning(start) => format!("beginning {}", &text[start..]),
        };
        Resync::of(text, sound).map(|found| found.map(show).collect())
    }

    #[test]
    fn records_behind_a_damage_are_found() {
        let sound = "{\"a\":0}";
        let cases: [(&str, &[&str]); 8] = [
            ("{\"a\":1,\"b\":\"x\",\n{\"a\":2},\n{ \"a\" : 3}", &["{\"a\":2}", "{ \"a\" : 3}"]),
            ("{\"a\":1,\"b\":x\"},{\"a\":\",{\"},{\"a\":3}", &["{\"a\":\",{\"}", "{\"a\":3}"]),
            ("{\"a\":1,\"b\" 5,\"c\":[{\"q\":1},{\"q\":2}]},{\"a\":2}", &["{\"a\":2}"]),
            ("{\"a\":1,\n{\"a\":2,\n{\"a\":3}", &["damaged at 8", "{\"a\":3}"]),
            ("{\"a\":1,{\"a\":2},{\"a\":[1,2", &["{\"a\":2}", "beginning {\"a\":[1,2"]),
            ("{\"a\":1}{\"a\":2}", &["{\"a\":2}"]),
            ("{\"a\":{\"a\":1},,{\"a\":{\"a\":2}}", &["{\"a\":{\"a\":2}}"]),
            ("{\"a\":\"not closed},\n{\"b\":1}", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(
                found(text, sound).as_deref(),
                Some(&expected.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..]),
                "{text}"
            );
        }
        assert_eq!(found("{\"a\":1}", sound), None);
        assert_eq!([" { \"a\" : 1}", "[1]", "{\"a\\n\":1}"].map(opening), [Some("{ \"a\""), None, None]);
        let several = ["{\"a\":1}{\"a\":2}", "{\"a\":1,\"b\":2,{\"a\":2}", "[1,2],[3]", "1},{\"a\":2}"];
        let single = ["{\"a\":1", "{\"a\":[{\"b\":1},{\"b\":2}]", "1,2]", "{\"a\":1}}", "NaN"];
        assert_eq!(several.map(may_be_several), [true; 4]);
        assert_eq!(single.map(may_be_several), [false; 5]);
        assert_eq!(found("[1,2,\n[3,4],\n[5,6]", "[0,0]"), Some(vec!["[3,4]".to_owned(), "[5,6]".to_owned()]));
    }

    #[test]
    fn no_byte_is_looked_at_often() {
        let element = |i: usize| format!("{{\"a\":{i},\"b\":[\"x\",{{\"c\":\"y\"}}]}},\n");
        let damages: [fn(String) -> String; 5] = [
            |element| element.replace("]}", "]"),
            |element| element.replace("]", ""),
            |element| element.replace("\"x\"", "\"x"),
            |element| element.replace(":[", "["),
            |element| element.replace("{", ""),
        ];
        for (i, damage) in damages.iter().enumerate() {
            for every in [1, 2, 1_000] {
                let damaged = |at: usize| if at.is_multiple_of(every) { damage(element(at)) } else { element(at) };
                let text: String = (0..1_000).map(damaged).collect();
                let n_read = |found| match found {
                    Found::Record(range) | Found::Damaged(range) => range.len(),
                    Found::Beginning(start) => text.len() - start,
                };
                let n: usize = Resync::of(&text, "{\"a\":0}").into_iter().flatten().map(n_read).sum();
                assert!(n <= 2 * text.len(), "damage {i} in one of {every}: {n} bytes of {}", text.len());
            }
        }
    }
}
