//! Survey: what the first records of a file of captures tell about all of them: how wide rows are, what stands between
//! the cells of text and whether it begins with a header, whether lists are rows, and which side follows the other.

use std::collections::{BTreeSet, HashSet};

use crate::decode::batch::builder::RecordMark;
use crate::decode::batch::order::Side;
use crate::decode::formats::delimiters::{Decided, Delimiters};
use crate::decode::formats::headers::{Headers, Seen, headers};
use crate::decode::formats::lists::{BesideEvidence, ListEvidence, begins_with_names};
use crate::decode::formats::record::{named_variant, open_record, read_one};
use crate::decode::formats::row_evidence::RowEvidence;
use crate::decode::formats::sides::Conventions;
use crate::decode::payload::{Content, Payload};
use crate::decode::reason::Observation;
use crate::decode::rows::agreement::{UnequalLists, agree};
use crate::decode::rows::convention::Convention;
use crate::decode::rows::reading::Reading;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::filter::Filter;
use crate::decode::settings::format::CaptureSides;
use crate::decode::settings::positions::Widths;
use crate::decode::text::json::{Node, RecordTemplate, Value};
use crate::decode::text::time::Window;

/// Records that are looked at, where the first few leave something open; and those few.
const MAX_RECORDS: usize = 64;
const FEW_RECORDS: usize = 4;
/// What the first records tell.
#[derive(Debug, Default)]
pub struct Survey {
    pub widths: Widths,
    pub conventions: Conventions,
    /// The variants that metadata name.
    pub variants: BTreeSet<String>,
    /// What may be otherwise than it is read.
    pub doubts: Vec<Observation>,
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
    let mut conventions = Conventions::new(settings);
    let mut doubts = Vec::new();
    look_at_lines(&lines, settings, &mut conventions, &mut doubts);
    look_at_rows_of_json(&lines, &mut conventions, &mut doubts);
    look_at_pairs(&lines, &mut conventions);
    look_at_lists(&lines, settings, &mut conventions, &mut doubts);
    look_at_unequal_lists(&lines, &mut conventions, &mut doubts);
    let needs_widths = settings.positions.is_none();
    let widths = if needs_widths { widths(&lines, sides, &conventions) } else { Widths::default() };
    let mut variants = BTreeSet::new();
    each_tape(&lines, |tape| variants.extend(named_variant(tape)));
    let looks_at = |tape: &[Node<'_>]| settings.filter.looks_at(Value::at(tape, 0));
    let has_filter = settings.filter.condition.is_some() && !lines.is_empty();
    let mut is_anything = false;
    if has_filter {
        each_tape(&lines, |tape| is_anything = is_anything || looks_at(tape));
    }
    doubts.extend((has_filter && !is_anything).then_some(Observation::FilterFindsNothing));
    Survey { widths, conventions, variants, doubts }
}

/// Shows the payloads of one record after the other, until told to stop.
fn each_record(
    lines: &[&str],
    max_unfolded: usize,
    mut see: impl FnMut(&Option<Content<'_, '_>>, &Option<Content<'_, '_>>) -> bool,
) {
    let mut template = RecordTemplate::default();
    let all = CaptureSides::default();
    for line in lines {
        let mut tape = Vec::new();
        if read_one(&mut template, line, &mut tape).is_err() {
            continue;
        }
        let mut mark = RecordMark { line: 1, time: None };
        let Ok((_, data)) = open_record(&tape, (&Window::default(), &Filter::default()), &mut mark) else { continue };
        let payload = |keys: &[&'static str]| keys.iter().find_map(|&key| Payload::of(data.get(key)?, max_unfolded));
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

/// Shows one record after the other.
fn each_tape(lines: &[&str], mut see: impl FnMut(&[Node<'_>])) {
    let mut template = RecordTemplate::default();
    for line in lines {
        let mut tape = Vec::new();
        if read_one(&mut template, line, &mut tape).is_ok() {
            see(&tape);
        }
    }
}

/// Which bytes stand between the cells of text, and which lines name the columns.
fn look_at_lines(lines: &[&str], settings: &Settings, conventions: &mut Conventions, doubts: &mut Vec<Observation>) {
    let max_unfolded = conventions.max_unfolded;
    let mut delimiters = [Delimiters::default(), Delimiters::default()];
    let mut n_seen = 0;
    each_record(lines, max_unfolded, |output, input| {
        n_seen += 1;
        for (delimiters, content) in delimiters.iter_mut().zip([output, input]) {
            content.iter().for_each(|content| delimiters.see(content));
        }
        n_seen < FEW_RECORDS || delimiters.iter().any(Delimiters::may_fit)
    });
    let [of_outputs, of_inputs] = delimiters.map(|delimiters| delimiters.decided());
    let have_decimal_commas = of_outputs.have_decimal_commas || of_inputs.have_decimal_commas;
    let convention = |Decided { dialect, width, .. }: Decided| Convention {
        dialect,
        width,
        known: settings.names.clone(),
        ..Convention::default()
    };
    (conventions.output, conventions.input) = (convention(of_outputs), convention(of_inputs));
    let may_have_headers = lines.iter().any(|line| has_lines(line));
    let mut seen = Vec::new();
    each_record(lines, max_unfolded, |output, input| {
        let side = |content: &Option<Content<'_, '_>>, convention: &Convention| {
            content.as_ref().map(|content| Seen::of(content, convention)).unwrap_or_default()
        };
        seen.push([side(output, &conventions.output), side(input, &conventions.input)]);
        let is_open = seen.iter().flatten().any(Seen::may_have_header) || may_have_headers;
        is_open || seen.len() < FEW_RECORDS
    });
    let Headers { output, input, are_doubtful } = headers(&seen, &settings.names);
    conventions.output.header = output;
    conventions.input.header = input;
    doubts.extend(are_doubtful.then_some(Observation::LinesLookLikeHeaders));
    doubts.extend(have_decimal_commas.then_some(Observation::DecimalCommas));
}

/// Whether a text in a record of JSON goes on behind a line end.
fn has_lines(record: &str) -> bool {
    memchr::memmem::find_iter(record.as_bytes(), "\\n").any(|at| !record[at + 2..].starts_with('"'))
}

/// Which lists beside an envelope's rows have no element for each of them, and whether a first row of words may name the
/// cells of others.
fn look_at_rows_of_json(lines: &[&str], conventions: &mut Conventions, doubts: &mut Vec<Observation>) {
    let max_unfolded = conventions.max_unfolded;
    let mut begin_with_names = false;
    let mut evidence = [BesideEvidence::default(), BesideEvidence::default()];
    let mut n_seen = 0;
    each_record(lines, max_unfolded, |output, input| {
        n_seen += 1;
        for (evidence, content) in evidence.iter_mut().zip([output, input]) {
            content.iter().for_each(|content| evidence.see(content));
            begin_with_names |=
                content.iter().any(|content| content.values().iter().any(|one| begins_with_names(*one)));
        }
        n_seen < FEW_RECORDS || evidence.iter().any(BesideEvidence::are_open)
    });
    let [of_outputs, of_inputs] = evidence.map(|evidence| evidence.fixed().collect());
    (conventions.output.fixed_lists, conventions.input.fixed_lists) = (of_outputs, of_inputs);
    doubts.extend(begin_with_names.then_some(Observation::ListLooksLikeHeader));
}

/// Which side follows the other wherever only one of them can, and whether lists were rows then, or cells.
fn look_at_pairs(lines: &[&str], conventions: &mut Conventions) {
    let mut votes = HashSet::new();
    let (mut lists_are_rows, mut lists_are_cells) = ([false; 2], [false; 2]);
    each_open_pair(lines, conventions, |[output, input]| {
        if output.n_rows() != input.n_rows()
            && let Ok(changed) = agree(&output, &input, None, UnequalLists::AreCells)
        {
            votes.extend(changed.gave_way);
            for (side, (first, changed)) in [(output, changed.output), (input, changed.input)].into_iter().enumerate() {
                lists_are_rows[side] |= changed.as_ref().is_some_and(Reading::has_lists_for_rows);
                lists_are_cells[side] |= first.n_rows().is_ok() && changed.is_some_and(|it| it.n_rows() == Ok(1));
            }
        }
    });
    conventions.gives_way = if votes.len() == 1 { votes.into_iter().next() } else { None };
    for (side, convention) in [&mut conventions.output, &mut conventions.input].into_iter().enumerate() {
        convention.lists_are_rows = lists_are_rows[side];
        convention.lists_are_cells = lists_are_cells[side];
    }
}

/// Shows both sides of records of which one can be read in several ways, or both have other numbers of rows.
fn each_open_pair(lines: &[&str], conventions: &Conventions, mut see: impl FnMut([Reading<'_, '_>; 2])) {
    let mut n_seen = 0;
    each_record(lines, conventions.max_unfolded, |output, input| {
        n_seen += 1;
        let (Some(output), Some(input)) = (output, input) else { return n_seen < FEW_RECORDS };
        let sides = [Reading::of(output, &conventions.output), Reading::of(input, &conventions.input)];
        let is_open = |reading: &Reading<'_, '_>| matches!(reading, Reading::Json(_)) && reading.is_ambiguous();
        let goes_on = sides.iter().any(is_open) || sides[0].n_rows() != sides[1].n_rows() || n_seen < FEW_RECORDS;
        see(sides);
        goes_on
    });
}

/// Shows the sides that stand alone in their records, and can be read in several ways.
fn each_open_side(lines: &[&str], conventions: &Conventions, mut see: impl FnMut(Side, Reading<'_, '_>)) {
    let mut n_seen = 0;
    each_record(lines, conventions.max_unfolded, |output, input| {
        n_seen += 1;
        let (side, content, convention) = match (output, input) {
            (Some(output), None) => (Side::Output, output, &conventions.output),
            (None, Some(input)) => (Side::Input, input, &conventions.input),
            _ => return n_seen < FEW_RECORDS,
        };
        let reading = Reading::of(content, convention);
        let is_open = matches!(reading, Reading::Json(_)) && reading.is_ambiguous();
        if is_open {
            see(side, reading);
        }
        is_open || n_seen < FEW_RECORDS
    });
}

/// What lists are that are as long as nothing on the other side, once all else is decided.
fn look_at_unequal_lists(lines: &[&str], conventions: &mut Conventions, doubts: &mut Vec<Observation>) {
    let mut evidence = RowEvidence::default();
    conventions.unequal = UnequalLists::AreCells;
    each_open_pair(lines, conventions, |sides| evidence.see(conventions, sides));
    each_open_side(lines, conventions, |side, reading| evidence.see_alone(conventions, side, reading));
    conventions.unequal = evidence.unequal_lists();
    [conventions.output.lists_are_columns, conventions.input.lists_are_columns] = evidence.are_columns();
    let sides = [Observation::ListsMayBeRowsInAnswers, Observation::ListsMayBeRowsInRequests];
    doubts.extend(sides.into_iter().zip(evidence.may_be_rows()).filter(|(_, may_be)| *may_be).map(|(doubt, _)| doubt));
}

/// Whether lists are rows where the sides' shapes alone do not tell, or nothing tells.
fn look_at_lists(lines: &[&str], settings: &Settings, conventions: &mut Conventions, doubts: &mut Vec<Observation>) {
    let names = settings.names();
    let Conventions { output: of_outputs, input: of_inputs, .. } = &*conventions;
    let max_unfolded = conventions.max_unfolded;
    let (mut in_outputs, mut in_inputs) = (ListEvidence::default(), ListEvidence::default());
    let mut n_seen = 0;
    each_record(lines, max_unfolded, |output, input| {
        n_seen += 1;
        let output = output.as_ref().map(|output| Reading::of(output, of_outputs));
        let input = input.as_ref().map(|input| Reading::of(input, of_inputs));
        let are_both = output.is_some() && input.is_some();
        // Where lists on both sides may be rows, they are rows on both.
        let counts = |reading: &Reading<'_, '_>, side| match reading.lists() {
            _ if !reading.may_hold_rows(side, are_both) => reading.n_rows().into_iter().collect(),
            Some(lists) => vec![lists.n_rows],
            None => reading.row_counts().unwrap_or_default(),
        };
        let of_output = output.as_ref().map(|output| counts(output, Side::Output));
        let of_input = input.as_ref().map(|input| counts(input, Side::Input));
        if let Some(output) = &output {
            in_outputs.see(output, of_input.as_deref(), &names);
        }
        if let Some(input) = input.filter(|input| input.may_hold_rows(Side::Input, are_both)) {
            in_inputs.see(&input, of_output.as_deref(), &names);
        }
        n_seen < FEW_RECORDS || in_outputs.are_open() || in_inputs.are_open()
    });
    let sides = [(&mut conventions.output, &in_outputs), (&mut conventions.input, &in_inputs)];
    for (convention, evidence) in sides {
        convention.lists_are_rows |= evidence.are_rows();
        convention.list_length = evidence.length_of_cells();
        convention.lists_are_cells = !convention.lists_are_rows && (convention.lists_are_cells || evidence.are_cells());
    }
    let may_be_rows = [
        (in_outputs.may_be_rows() && !conventions.output.lists_are_rows, Observation::ListsMayBeRowsInAnswers),
        (in_inputs.may_be_rows() && !conventions.input.lists_are_rows, Observation::ListsMayBeRowsInRequests),
    ];
    conventions.are_open = may_be_rows.iter().any(|(may_be, _)| *may_be);
    doubts.extend(may_be_rows.into_iter().filter(|(may_be, _)| *may_be).map(|(_, doubt)| doubt));
}

fn widths(lines: &[&str], sides: &CaptureSides, conventions: &Conventions) -> Widths {
    let mut widths = Widths::default();
    each_record(lines, conventions.max_unfolded, |output, input| {
        let mut output = output.as_ref().map(|output| Reading::of(output, &conventions.output));
        let mut input = input.as_ref().map(|input| Reading::of(input, &conventions.input));
        match (&mut output, &mut input) {
            (Some(output), Some(input)) => {
                if conventions.reconcile(output, input).is_err() && sides.are_both_asked() {
                    return true;
                }
            }
            (output, input) => {
                output.iter_mut().for_each(|output| conventions.settle(Side::Output, output));
                input.iter_mut().for_each(|input| conventions.settle(Side::Input, input));
            }
        }
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
