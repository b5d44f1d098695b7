//! Header line: whether the first line of a payload names the columns of the lines below it, whatever other payloads
//! begin with.

use std::collections::HashSet;
use std::sync::Arc;

use crate::decode::rows::convention::Convention;
use crate::decode::rows::lines::{lines_while, name_of};
use crate::decode::text::csv::{self, Dialect};
use crate::decode::text::nothing::is_nothing;

/// A first line that may name the columns.
pub struct HeaderLine {
    pub names: Arc<[String]>,
    /// Where the rows begin.
    pub next: usize,
    pub certainty: Certainty,
}

/// How sure it is that a first line names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The baseline has columns of these names.
    Known,
    /// Words stand above numbers.
    Evident,
    /// It may as well be a row with a word in place of a number: it has one cell, or numbers among its words.
    Possible,
}

/// A text that is neither a number nor a word for nothing.
pub fn is_name(cell: &str) -> bool {
    !is_nothing(cell) && !is_number(cell)
}

fn is_number(cell: &str) -> bool {
    cell.trim().parse::<f64>().is_ok()
}

/// Names of columns, of which that of an index has none.
pub fn are_names(cells: &[String]) -> bool {
    cells.iter().enumerate().all(|(place, name)| is_name(name) || place == 0 && name.is_empty())
        && cells.iter().any(|name| is_name(name))
}

/// Whether all are columns of the baseline.
pub fn are_known(names: &[String], known: &[String]) -> bool {
    !names.is_empty() && names.iter().all(|name| known.contains(name))
}

/// The first line of a payload of several lines, if it may name their columns: all lines have as many cells, and it is
/// made of the baseline's names, or has a word above numbers and no number above words.
pub fn header_line(text: &str, convention: &Convention, dialect: &Dialect) -> Option<HeaderLine> {
    if !may_begin_with_header(text) {
        return None;
    }
    let mut cells = Vec::new();
    let csv::Scan::Record(next) = csv::record_of(dialect, text.as_bytes(), 0, true, &mut cells) else { return None };
    let names: Vec<String> = cells.iter().map(|cell| name_of(cell.meaning(text))).collect();
    let is_as_wide = convention.width.is_none_or(|width| width == names.len());
    let different: HashSet<&String> = names.iter().collect();
    if !is_as_wide || different.len() < names.len() || next >= text.len() {
        return None;
    }
    let is_known = are_known(&names, &convention.known);
    if !is_known && !are_words_above_numbers(&names, &text[next..], dialect) {
        return None;
    }
    let certainty = match () {
        () if is_known => Certainty::Known,
        () if are_names(&names) && names.len() > 1 => Certainty::Evident,
        () => Certainty::Possible,
    };
    Some(HeaderLine { names: names.into(), next, certainty })
}

/// Whether the text has several lines, and the first of them does not begin as a number does.
fn may_begin_with_header(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.first().is_none_or(|first| first.is_ascii_digit() || b"+-.\r\n".contains(first))
        && memchr::memchr2(b'\n', b'\r', bytes).is_some_and(|end| !text[end..].trim_start().is_empty())
}

/// Whether there is a column in which all values of `rows` are numbers below a word, and none of words below a number.
fn are_words_above_numbers(names: &[String], rows: &str, dialect: &Dialect) -> bool {
    let are_words: Vec<bool> = names.iter().map(|name| is_name(name)).collect();
    let (mut may_name, mut has_numbers) = (are_words.clone(), vec![false; names.len()]);
    let mut is_possible = true;
    let read = lines_while(rows, dialect, |cells| {
        if csv::is_blank(rows, cells) {
            return true;
        }
        is_possible = cells.len() == names.len();
        for (place, cell) in cells.iter().enumerate().take(names.len()) {
            let value = cell.meaning(rows);
            let is_word = is_name(&value);
            has_numbers[place] |= is_number(&value);
            may_name[place] &= !is_word;
            is_possible &= are_words[place] || !is_word;
        }
        is_possible &= may_name.contains(&true);
        is_possible
    });
    read.is_ok() && is_possible && may_name.iter().zip(&has_numbers).any(|(may_name, has)| *may_name && *has)
}
