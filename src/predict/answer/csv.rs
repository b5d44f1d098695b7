//! CSV responses.
//!
//! | answer | scores |
//! |---|---|
//! | a line for each row | its cells, or the one at the place that is asked for |
//! | one line for several rows, with a cell for each | the cells, as XGBoost answers |
//! | a cell with a list in brackets, quoted or not | the list's numbers |
//! | lists in brackets instead of lines, or a list of lists | those of each row |

use std::borrow::Cow;

use super::scores::{Fault, MAX_SCORES, Scores, number, row, rows, too_many};
use crate::decode::csv::{Cell, Scan, is_blank, record};
use crate::decode::json::{Node, Reader, Value};

/// Reads an answer; `index` is the place of the wanted cell.
pub(super) fn table(text: &str, index: Option<usize>, n_rows: usize) -> Result<Scores, Fault> {
    if let Some(scores) = lists(text, index, n_rows) {
        return scores;
    }
    let (mut at, mut cells) = (0, Vec::new());
    let mut lines: Vec<Vec<Cow<'_, str>>> = Vec::new();
    let mut n_lines = 0;
    while at < text.len() {
        match record(text.as_bytes(), at, true, &mut cells) {
            Scan::Partial { .. } => return Err(Fault::shape("a quote is not closed")),
            Scan::Record(next) => at = next,
        }
        if is_blank(text, &cells) {
            continue;
        }
        n_lines += 1;
        if n_lines <= n_rows {
            lines.push(meanings(text, &cells));
        }
    }
    match (&lines[..], n_rows) {
        ([line], 2..) if line.len() == n_rows && index.unwrap_or(0) == 0 => {
            line.iter().map(|cell| scores(cell)).collect()
        }
        ([line], 2..) => Err(Fault::rows(if line.len() > 1 { line.len() } else { 1 }, n_rows)),
        _ if n_lines != n_rows => Err(Fault::rows(n_lines, n_rows)),
        (lines, _) => lines.iter().map(|line| of_line(line, index)).collect(),
    }
}

fn of_line(line: &[Cow<'_, str>], index: Option<usize>) -> Result<Vec<f64>, Fault> {
    if let Some(index) = index {
        let cell = line.get(index);
        return scores(cell.ok_or_else(|| Fault::Shape(format!("a line has {} cells only", line.len())))?);
    }
    let mut all = Vec::new();
    for cell in line {
        all.extend(scores(cell)?);
        if all.len() > MAX_SCORES {
            return Err(too_many(all.len()));
        }
    }
    Ok(all)
}

/// What the cells of a line mean. Commas in brackets are of the list, though nobody quoted it.
fn meanings<'a>(text: &'a str, cells: &[Cell]) -> Vec<Cow<'a, str>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(cell) = cells.get(at) {
        at += 1;
        if cell.quoted {
            all.push(cell.meaning(text));
            continue;
        }
        let raw = &text[cell.start..cell.end];
        let closes = |cell: &Cell| text[cell.start..cell.end].trim_end().ends_with(']');
        let is_open = raw.trim_start().starts_with('[') && !closes(cell);
        let last = if is_open { cells[at..].iter().position(closes).map(|step| at + step) } else { None };
        let end = last.map_or(cell.end, |last| cells[last].end);
        at = last.map_or(at, |last| last + 1);
        all.push(Cow::Borrowed(&text[cell.start..end]));
    }
    all
}

/// The numbers of a cell: one, or those of a list in brackets, with commas or spaces between them.
fn scores(cell: &str) -> Result<Vec<f64>, Fault> {
    let trimmed = cell.trim();
    let Some(list) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return Ok(vec![number(cell)?]);
    };
    let is_between = |c: char| c == ',' || c.is_whitespace();
    let all = list.split(is_between).filter(|part| !part.is_empty()).map(number).collect::<Result<Vec<_>, _>>()?;
    match all.len() {
        0 => Err(Fault::shape("a list has no scores")),
        n if n > MAX_SCORES => Err(too_many(n)),
        _ => Ok(all),
    }
}

/// The scores of an answer that is a list, or lists one after the other; `None` where it is not.
fn lists(text: &str, index: Option<usize>, n_rows: usize) -> Option<Result<Scores, Fault>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let (mut tape, mut places) = (Vec::new(), Vec::new());
    let mut reader = Reader::over(text);
    loop {
        let place = tape.len();
        if !reader.read(&mut tape).ok()? {
            break;
        }
        places.push(place);
    }
    let values: Vec<_> = places.into_iter().map(|place| Value::at(&tape, place)).collect();
    if !values.iter().all(|value| matches!(value.node(), Node::Array { .. })) {
        return None;
    }
    let found = match &values[..] {
        [one] => rows(*one, n_rows),
        several if several.len() != n_rows => Err(Fault::rows(several.len(), n_rows)),
        several => several.iter().map(|list| row(*list)).collect(),
    };
    Some(found.and_then(|found| found.into_iter().map(|row| cell_of(row, index)).collect()))
}

fn cell_of(row: Vec<f64>, index: Option<usize>) -> Result<Vec<f64>, Fault> {
    let Some(index) = index else { return Ok(row) };
    let cell = row.get(index).map(|cell| vec![*cell]);
    cell.ok_or_else(|| Fault::Shape(format!("a list has {} cells only", row.len())))
}
