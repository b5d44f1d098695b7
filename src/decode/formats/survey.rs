//! Survey: what the first records of a file of captures tell about all of them: how wide rows are, whether
//! comma-separated payloads begin with a header, and which side follows the other.

use std::collections::HashSet;
use std::sync::Arc;

use crate::decode::batch::builder::RecordMark;
use crate::decode::batch::order::Side;

use crate::decode::formats::record::{named_variant, open_record, read_one};
use crate::decode::formats::sides::Conventions;
use crate::decode::payload::{Content, Payload};
use crate::decode::rows::reading::{Header, Reading, agree, each_line, name_of};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::filter::Filter;
use crate::decode::settings::format::CaptureSides;
use crate::decode::settings::positions::Widths;
use crate::decode::text::csv;
use crate::decode::text::json::{Node, RecordTemplate, Value};
use crate::decode::text::nothing::is_nothing;
use crate::decode::text::time::Window;

/// Records that are looked at, where the first few leave something open; and those few.
const MAX_RECORDS: usize = 64;
const FEW_RECORDS: usize = 4;
/// Lines of a payload, and cells of a line, that are looked at.
const MAX_LINES: usize = 32;
const MAX_CELLS: usize = 1_024;
/// Records that must begin alike before the other side's number of rows makes that a header.
const SEVERAL_RECORDS: usize = 3;

/// What the first records tell.
#[derive(Debug, Default)]
pub struct Survey {
    pub widths: Widths,
    pub conventions: Conventions,
    /// Whether metadata name variants.
    pub has_variants: bool,
    /// Whether the job's filter looks at nothing that any record has.
    pub filter_finds_nothing: bool,
}

/// One side of a record.
#[derive(Default)]
struct Seen {
    /// Cells of the lines, where it is comma-separated.
    lines: Option<Vec<Vec<String>>>,
    /// Numbers of rows that it can be read as, a header among them.
    row_counts: Vec<usize>,
}

impl Seen {
    fn first_line(&self) -> Option<&[String]> {
        self.lines.as_ref()?.first().map(Vec::as_slice)
    }
}

/// Looks at the records that lie whole in `head`; the last one does only where `is_whole`. Widths are those of the
/// sides that the job asks for.
pub fn survey(head: &[u8], is_whole: bool, sides: &CaptureSides, settings: &Settings) -> Survey {
    let end = if is_whole { head.len() } else { memchr::memrchr(b'\n', head).map_or(0, |end| end + 1) };
    let text = match std::str::from_utf8(&head[..end]) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_RECORDS).collect();
    let mut seen = Vec::new();
    each_record(&lines, |output, input| {
        let side = |content: &Option<Content<'_, '_>>| content.as_ref().map(look_at).unwrap_or_default();
        seen.push([side(output), side(input)]);
        let is_open = seen.iter().flatten().any(may_have_header);
        is_open || seen.len() < FEW_RECORDS
    });
    let (output_header, input_header) = headers(&seen, &settings.names);
    let mut conventions = Conventions { output_header, input_header, ..Conventions::default() };
    look_at_pairs(&lines, &mut conventions);
    let needs_widths = settings.positions.is_none();
    let widths = if needs_widths { widths(&lines, sides, &conventions) } else { Widths::default() };
    let has_variants = any_record(&lines, |tape| named_variant(tape).is_some());
    let looks_at = |tape: &[Node<'_>]| settings.filter.looks_at(Value::at(tape, 0));
    let filter_finds_nothing =
        settings.filter.condition.is_some() && !lines.is_empty() && !any_record(&lines, looks_at);
    Survey { widths, conventions, has_variants, filter_finds_nothing }
}

/// Shows the payloads of one record after the other, until told to stop.
fn each_record(lines: &[&str], mut see: impl FnMut(&Option<Content<'_, '_>>, &Option<Content<'_, '_>>) -> bool) {
    let mut template = RecordTemplate::default();
    let all = CaptureSides::default();
    for line in lines {
        let mut tape = Vec::new();
        if read_one(&mut template, line, &mut tape).is_err() {
            continue;
        }
        let mut mark = RecordMark { line: 1, time: None };
        let Ok((_, data)) = open_record(&tape, (&Window::default(), &Filter::default()), &mut mark) else { continue };
        let payload = |keys: &[&'static str]| keys.iter().find_map(|&key| Payload::of(data.get(key)?));
        let (mut of_output, mut of_input) = (String::new(), String::new());
        let (mut output_tape, mut input_tape) = (Vec::new(), Vec::new());
        let output = payload(&all.outputs);
        let output = output.as_ref().and_then(|output| output.content(&mut of_output, &mut output_tape).ok());
        let input = payload(&all.inputs);
        let input = input.as_ref().and_then(|input| input.content(&mut of_input, &mut input_tape).ok());
        if !see(&output, &input) {
            return;
        }
    }
}

fn any_record(lines: &[&str], is_such: impl Fn(&[Node<'_>]) -> bool) -> bool {
    let mut template = RecordTemplate::default();
    lines.iter().any(|line| {
        let mut tape = Vec::new();
        read_one(&mut template, line, &mut tape).is_ok() && is_such(&tape)
    })
}

fn look_at(content: &Content<'_, '_>) -> Seen {
    let row_counts = Reading::of(content, None).row_counts().unwrap_or_default();
    let Content::Csv(text) = content else { return Seen { lines: None, row_counts } };
    let mut lines: Vec<Vec<String>> = Vec::new();
    let read = each_line(text, |cells| {
        if lines.len() < MAX_LINES && !csv::is_blank(text, cells) {
            lines.push(cells.iter().take(MAX_CELLS).map(|cell| name_of(cell.meaning(text))).collect());
        }
    });
    Seen { lines: read.ok().map(|()| lines), row_counts }
}

/// Whether a side's first line could name the columns of others.
fn may_have_header(side: &Seen) -> bool {
    matches!(side.lines.as_deref(), Some([_, _, ..]))
}

/// Names of columns, of which that of an index has none.
fn are_names(cells: &[String]) -> bool {
    cells.iter().enumerate().all(|(place, name)| is_name(name) || place == 0 && name.is_empty())
        && cells.iter().any(|name| is_name(name))
}

/// The numbers of columns that have no names.
fn are_places(cells: &[String]) -> bool {
    cells.iter().enumerate().all(|(place, name)| *name == place.to_string())
}

/// A text that is neither a number nor a word for nothing.
fn is_name(cell: &str) -> bool {
    !is_nothing(cell) && cell.parse::<f64>().is_err()
}

/// The headers of answers and of requests: those that the lines themselves suggest, as long as both sides then have
/// equally many rows; else whichever make it so.
fn headers(seen: &[[Seen; 2]], known: &[String]) -> (Option<Header>, Option<Header>) {
    let [output, input] = [Side::Output, Side::Input].map(|side| candidate(seen, side, known));
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
    let rows_agree = |(of_output, of_input): &(Option<&Header>, Option<&Header>)| {
        seen.iter().all(|[output, input]| {
            let rows = |side: &Seen, header: Option<&Header>| -> Vec<usize> {
                let has_header = header.is_some_and(|header| side.first_line() == Some(&header.names[..]));
                side.row_counts.iter().map(|n| n.saturating_sub(usize::from(has_header))).collect()
            };
            let (outputs, inputs) = (rows(output, *of_output), rows(input, *of_input));
            outputs.is_empty() || inputs.is_empty() || outputs.iter().any(|n| inputs.contains(n))
        })
    };
    let (output, input) = choices.iter().find(|choice| rows_agree(choice)).unwrap_or(&choices[0]);
    (output.cloned(), input.cloned())
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

/// The line with which most payloads of a side begin, where it holds different names and nothing else. It is evident
/// that it is a header where it is made of known names, or values below it are numbers. Other payloads may begin
/// otherwise, if it is evident, and several begin so.
fn candidate(seen: &[[Seen; 2]], side: Side, known: &[String]) -> Option<Candidate> {
    let payloads = seen.iter().filter_map(|record| record[side as usize].lines.as_deref());
    let payloads: Vec<&[Vec<String>]> = payloads.filter(|lines| !lines.is_empty()).collect();
    let n_with = |names: &Vec<String>| payloads.iter().filter(|lines| lines.first() == Some(names)).count();
    let are_known = |names: &[String]| !known.is_empty() && names.iter().all(|name| known.contains(name));
    let are_plausible = |names: &&Vec<String>| {
        let mut different = HashSet::new();
        names.iter().all(|name| different.insert(name)) && (are_known(names) || are_names(names) || are_places(names))
    };
    let names = payloads.iter().filter_map(|lines| lines.first()).filter(are_plausible);
    let names = names.max_by_key(|names| (are_known(names) || are_names(names), n_with(names)))?;
    let (are_names, are_known) = (are_names(names), are_known(names));
    let below = || payloads.iter().flat_map(|lines| lines.iter().skip(usize::from(lines.first() == Some(names))));
    let column = |place: usize| below().filter_map(move |line| line.get(place));
    let are_numbers = |place: usize| {
        let mut cells = column(place).filter(|cell| !is_nothing(cell)).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.parse::<f64>().is_ok())
    };
    let is_evident = are_known || are_names && (0..names.len()).any(are_numbers);
    let n_begin_so = n_with(names);
    let is_value = |place: usize| column(place).any(|cell| *cell == names[place]);
    let is_repeated = n_begin_so >= SEVERAL_RECORDS && !(0..names.len()).any(is_value);
    if n_begin_so < payloads.len() && !(is_evident && (are_known || is_repeated)) {
        return None;
    }
    Some(Candidate { header: Header { names: Arc::from(&names[..]) }, is_evident, n_payloads: n_begin_so })
}

/// Which side follows the other wherever only one of them can, and whether lists were rows then.
fn look_at_pairs(lines: &[&str], conventions: &mut Conventions) {
    let mut votes = HashSet::new();
    let mut n_seen = 0;
    let Conventions { output_header, input_header, .. } = &*conventions;
    let (mut output_lists_are_rows, mut input_lists_are_rows) = (false, false);
    each_record(lines, |output, input| {
        n_seen += 1;
        let (Some(output), Some(input)) = (output, input) else { return n_seen < FEW_RECORDS };
        let output = Reading::of(output, output_header.as_ref());
        let input = Reading::of(input, input_header.as_ref());
        let is_open = |reading: &Reading<'_, '_>| matches!(reading, Reading::Json(_)) && reading.is_ambiguous();
        if output.n_rows() == input.n_rows() {
            return is_open(&output) || is_open(&input) || n_seen < FEW_RECORDS;
        }
        if let Ok(changed) = agree(&output, &input, None) {
            votes.extend(changed.gave_way);
            output_lists_are_rows |= changed.output.is_some_and(|output| output.has_lists_for_rows());
            input_lists_are_rows |= changed.input.is_some_and(|input| input.has_lists_for_rows());
        }
        true
    });
    conventions.gives_way = if votes.len() == 1 { votes.into_iter().next() } else { None };
    conventions.output_lists_are_rows = output_lists_are_rows;
    conventions.input_lists_are_rows = input_lists_are_rows;
}

fn widths(lines: &[&str], sides: &CaptureSides, conventions: &Conventions) -> Widths {
    let mut widths = Widths::default();
    each_record(lines, |output, input| {
        let output = output.as_ref().map(|output| Reading::of(output, conventions.output_header.as_ref()));
        let input = input.as_ref().map(|input| Reading::of(input, conventions.input_header.as_ref()));
        let (output, input) = match (output, input) {
            (Some(output), Some(input)) => match agree(&output, &input, conventions.gives_way) {
                Ok(changed) => (Some(changed.output.unwrap_or(output)), Some(changed.input.unwrap_or(input))),
                Err(_) if sides.are_both_asked() => return true,
                Err(_) => (Some(output), Some(input)),
            },
            sides => sides,
        };
        let asked = [(Side::Output, output, &sides.outputs), (Side::Input, input, &sides.inputs)];
        for (side, reading, keys) in asked {
            if let Some(reading) = reading.filter(|_| !keys.is_empty()) {
                let (n_positional, n_cells) = reading.row_width();
                widths.see(side, n_positional, n_cells);
            }
        }
        true
    });
    widths
}
