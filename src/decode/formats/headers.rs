//! Headers in payloads: whether lines of cells begin with one that names the columns.

use std::collections::HashSet;
use std::sync::Arc;

use crate::decode::batch::order::Side;
use crate::decode::formats::majority::{SEVERAL_RECORDS, most};
use crate::decode::payload::Content;
use crate::decode::rows::convention::{Convention, Header};
use crate::decode::rows::header_line::{are_known, are_names, is_name};
use crate::decode::rows::lines::{each_line, name_of};
use crate::decode::rows::reading::Reading;
use crate::decode::text::csv;
use crate::decode::text::nothing::is_nothing;

/// Lines of a payload, and cells of a line, that are looked at.
const MAX_LINES: usize = 32;
const MAX_CELLS: usize = 1_024;

/// One side of a record.
#[derive(Default)]
pub struct Seen {
    /// Cells of the lines, where it is text.
    lines: Option<Vec<Vec<String>>>,
    /// Numbers of rows that it can be read as, a header among them.
    row_counts: Vec<usize>,
}

impl Seen {
    pub fn of(content: &Content<'_, '_>, convention: &Convention) -> Self {
        let dialect = if let Content::Csv(text) = content { convention.dialect_of(text) } else { None };
        let dialect = dialect.unwrap_or(convention.dialect);
        let row_counts = Reading::by_shape(content, dialect, &[]).row_counts().unwrap_or_default();
        let Content::Csv(text) = content else { return Self { lines: None, row_counts } };
        let mut lines: Vec<Vec<String>> = Vec::new();
        let read = each_line(text, dialect, |cells| {
            if lines.len() < MAX_LINES && !csv::is_blank(text, cells) {
                lines.push(cells.iter().take(MAX_CELLS).map(|cell| name_of(cell.meaning(text))).collect());
            }
        });
        Self { lines: read.ok().map(|()| lines), row_counts }
    }

    /// Whether the first line could name the columns of others.
    pub fn may_have_header(&self) -> bool {
        matches!(self.lines.as_deref(), Some([_, _, ..]))
    }

    fn begins_with(&self, header: &Header) -> bool {
        self.lines.as_ref().is_some_and(|lines| begins_with(lines, header))
    }
}

/// Whether the first line is the header, in whatever order.
fn begins_with(lines: &[Vec<String>], header: &Header) -> bool {
    lines.first().is_some_and(|first| first[..] == header.names[..] || header.is_order_of(first))
}

/// What the first lines of both sides' payloads are.
#[derive(Default)]
pub struct Headers {
    pub output: Option<Header>,
    pub input: Option<Header>,
    /// Whether a payload begins with what may be a header, and is taken for a row; or has no header, where others name
    /// their columns in several orders.
    pub are_doubtful: bool,
}

/// The numbers of columns that have no names.
fn are_places(cells: &[String]) -> bool {
    cells.iter().enumerate().all(|(place, name)| *name == place.to_string())
}

/// Words and numbers.
fn are_words_and_numbers(cells: &[String]) -> bool {
    cells.iter().any(|cell| is_name(cell)) && !cells.iter().any(|cell| is_nothing(cell))
}

/// The headers of answers and of requests: those that the lines themselves suggest, as long as both sides then have
/// equally many rows in most records; else whichever make it so.
pub fn headers(seen: &[[Seen; 2]], known: &[String]) -> Headers {
    let mut are_doubtful = false;
    let [output, input] = [Side::Output, Side::Input].map(|side| candidate(seen, side, known, &mut are_doubtful));
    let [evident_output, evident_input] = [&output, &input].map(|found| evident(found.as_ref()));
    let [possible_output, possible_input] = [&output, &input].map(|found| possible(found.as_ref()));
    let choices = [
        (evident_output, evident_input),
        (possible_output, evident_input),
        (evident_output, possible_input),
        (possible_output, None),
        (None, possible_input),
        (None, None),
    ];
    let n_agreeing = |(of_output, of_input): &(Option<&Header>, Option<&Header>)| {
        let rows_agree = |[output, input]: &&[Seen; 2]| {
            let rows = |side: &Seen, header: Option<&Header>| -> Vec<usize> {
                let has_header = header.is_some_and(|header| side.begins_with(header));
                side.row_counts.iter().map(|n| n.saturating_sub(usize::from(has_header))).collect()
            };
            let (outputs, inputs) = (rows(output, *of_output), rows(input, *of_input));
            outputs.is_empty() || inputs.is_empty() || outputs.iter().any(|n| inputs.contains(n))
        };
        seen.iter().filter(rows_agree).count()
    };
    // The first of those with which most records agree.
    let best = choices.iter().rev().max_by_key(|choice| n_agreeing(choice));
    let (output, input) = best.filter(|choice| most(n_agreeing(choice), seen.len())).unwrap_or(&choices[0]);
    Headers { output: output.cloned(), input: input.cloned(), are_doubtful }
}

/// A first line that could be a header.
struct Candidate {
    header: Header,
    /// Whether it cannot well be anything else.
    is_evident: bool,
    n_payloads: usize,
}

fn evident(found: Option<&Candidate>) -> Option<&Header> {
    found.filter(|found| found.is_evident).map(|found| &found.header)
}

/// What begins several payloads may be a header, if the numbers of rows say so.
fn possible(found: Option<&Candidate>) -> Option<&Header> {
    found.filter(|found| found.is_evident || found.n_payloads >= SEVERAL_RECORDS).map(|found| &found.header)
}

/// The line with which most payloads of a side begin, in whatever order, where it holds different names and nothing
/// else. It is evident that it is a header where it is made of known names, or values below it are numbers; names among
/// which are numbers have to begin several payloads and half of those that have several lines. Other payloads may begin
/// otherwise, if it is evident; it is doubtful what it is, where it does not begin several.
fn candidate(seen: &[[Seen; 2]], side: Side, known: &[String], are_doubtful: &mut bool) -> Option<Candidate> {
    let payloads = seen.iter().filter_map(|record| record[side as usize].lines.as_deref());
    let payloads: Vec<&[Vec<String>]> = payloads.filter(|lines| !lines.is_empty()).collect();
    let n_with = |names: &Vec<String>| payloads.iter().filter(|lines| lines.first() == Some(names)).count();
    let has_rows_below = |lines: &[Vec<String>]| lines.len() > 1;
    let n_of_lines = payloads.iter().filter(|lines| has_rows_below(lines)).count();
    let begin_most = |names: &[String]| {
        let n = payloads.iter().filter(|lines| has_rows_below(lines) && lines[0] == names).count();
        n >= SEVERAL_RECORDS && 2 * n > n_of_lines
    };
    let are_sound = |names: &[String]| {
        are_known(names, known) || are_names(names) || are_words_and_numbers(names) && begin_most(names)
    };
    let are_plausible = |names: &&Vec<String>| {
        let mut different = HashSet::new();
        names.iter().all(|name| different.insert(name)) && (are_sound(names) || are_places(names))
    };
    let names = payloads.iter().filter_map(|lines| lines.first()).filter(are_plausible);
    let names = names.max_by_key(|names| (are_sound(names), n_with(names)))?;
    let header = Header { names: Arc::from(&names[..]) };
    let (are_sound, are_known) = (are_sound(names), are_known(names, known));
    let column = |lines: &&'_ [Vec<String>], place: usize| -> Vec<String> {
        let first = lines.first().filter(|_| begins_with(lines, &header));
        let place = first.and_then(|first| first.iter().position(|name| *name == names[place])).unwrap_or(place);
        let rows = lines.iter().skip(usize::from(first.is_some()));
        rows.filter_map(|line| line.get(place).filter(|cell| !is_nothing(cell)).cloned()).collect()
    };
    let are_numbers = |place: usize| {
        let columns = payloads.iter().map(|lines| column(lines, place)).filter(|cells| !cells.is_empty());
        let kinds: Vec<bool> = columns.map(|cells| !cells.iter().any(|cell| is_name(cell))).collect();
        is_name(&names[place]) && most(kinds.iter().filter(|are_numbers| **are_numbers).count(), kinds.len())
    };
    let is_evident = are_known || are_sound && (0..names.len()).any(are_numbers);
    let n_begin_so = payloads.iter().filter(|lines| begins_with(lines, &header)).count();
    let is_value = |place: usize| payloads.iter().any(|lines| column(lines, place).contains(&names[place]));
    let is_repeated =
        n_begin_so >= SEVERAL_RECORDS && !(0..names.len()).filter(|place| is_name(&names[*place])).any(is_value);
    if n_begin_so < payloads.len() {
        let has_rows = payloads.iter().any(|lines| begins_with(lines, &header) && has_rows_below(lines));
        // One word may stand in place of a number.
        let are_several = has_rows && are_names(names) && names.len() > 1;
        if !(is_evident && (are_known || is_repeated || are_several)) {
            *are_doubtful |= is_evident && has_rows;
            return None;
        }
        *are_doubtful |= n_with(names) < n_begin_so || !(are_known || is_repeated);
    }
    Some(Candidate { header, is_evident, n_payloads: n_begin_so })
}
