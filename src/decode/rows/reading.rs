//! Reading of payloads: what both sides of a record hold becomes rows, the same rows for every monitor.
//!
//! Each side is read by its shape. Where the two then have different numbers of rows, the one whose shape can be read
//! in another way follows the other: n rows and one line or list of n answers are n answers; lists that could be
//! columns are one row beside one row. Where neither can, the record is rejected.

use std::borrow::Cow;
use std::sync::Arc;

use crate::decode::limits::MAX_COLUMNS;
use crate::decode::payload::Content;
use crate::decode::reason::Reason;
use crate::decode::shapes::{Rows, Table, is_list, table_of};
use crate::decode::text::csv::{self, Scan};
use crate::decode::text::json::Value;

/// First line of comma-separated payloads that names the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub names: Arc<[String]>,
}

/// Which side gives way where either could be read as many rows as the other has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GivesWay {
    Output,
    Input,
}

/// Numbers of rows that a payload is tried with, at most.
const MAX_READINGS: usize = 8;

/// How a payload's rows are read.
pub enum Reading<'t, 'b> {
    /// Each line is a row.
    Lines { text: &'b str, names: Option<Arc<[String]>> },
    /// Each line is a row, whatever it holds.
    Rows { text: &'b str, names: Option<Arc<[String]>> },
    /// Each cell of the only line is a row.
    Cells { text: &'b str },
    /// The rows of one JSON value after the other.
    Json(Vec<(Value<'t, 'b>, Table<'t, 'b>)>),
}

impl<'t, 'b> Reading<'t, 'b> {
    /// A payload by its shape alone.
    pub fn of(content: &Content<'t, 'b>, header: Option<&Header>) -> Self {
        match content {
            Content::Csv(text) => {
                let Some(header) = header else { return Self::Lines { text, names: None } };
                let (is_header, is_as_wide, next) = first_line(text, header);
                // A payload without the header has the same columns where it is as wide.
                let names = (is_header || is_as_wide).then(|| header.names.clone());
                Self::Lines { text: if is_header { &text[next..] } else { text }, names }
            }
            Content::Rows { names, text } => Self::Rows { text, names: names.clone() },
            Content::Json(values) => Self::Json(values.iter().map(|&value| (value, table_of(value))).collect()),
        }
    }

    pub fn n_rows(&self) -> Result<usize, Reason> {
        match self {
            Self::Lines { text, .. } => n_lines(text),
            Self::Rows { text, .. } => Ok(memchr::memchr_iter(b'\n', text.as_bytes()).count()),
            Self::Cells { text } => n_cells(text),
            Self::Json(values) => values.iter().map(|(_, table)| table.check().map(|()| table.rows.len())).sum(),
        }
    }

    /// Cells of the first row: those without names, and all.
    pub fn row_width(&self) -> (usize, usize) {
        match self {
            Self::Lines { text, names } | Self::Rows { text, names } => {
                let mut width = None;
                let _ = each_line(text, |cells| {
                    if width.is_none() {
                        width = Some(cells.len());
                    }
                });
                let width = width.unwrap_or(0);
                (if names.is_none() { width } else { 0 }, width)
            }
            Self::Cells { .. } => (1, 1),
            Self::Json(values) => values.first().map_or((0, 0), |(_, table)| table.row_width()),
        }
    }

    /// Whether another reading is possible at all.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::Lines { text, names } => names.is_none() && memchr::memchr(b',', text.as_bytes()).is_some(),
            Self::Rows { .. } | Self::Cells { .. } => false,
            Self::Json(values) => match &values[..] {
                [(_, table)] => table.check().is_ok() && !matches!(table.rows, Rows::Named { .. } | Rows::Members(_)),
                _ => false,
            },
        }
    }

    /// The same payload, where its only row is an object of lists of one element: as the row of these elements. Where not
    /// all that stands in it are such lists, only if lists `are_rows` in other records.
    pub fn by_lists(&self, are_rows: bool) -> Option<Self> {
        match self {
            Self::Json(values) => match &values[..] {
                [(value, table)] if !is_list(*value) && (are_rows || table.is_object_of_ones()) => {
                    Some(Self::Json(vec![(*value, table.as_many(1)?)]))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the lists of an object are rows, one for each element.
    pub fn has_lists_for_rows(&self) -> bool {
        let is_object = |(value, _): &(Value<'t, 'b>, Table<'t, 'b>)| !is_list(*value);
        matches!(self, Self::Json(values) if values.iter().any(is_object)) && self.n_rows().is_ok_and(|n| n != 1)
    }

    /// As [`Self::as_rows`], of a request: one line or list of cells is one row of features.
    fn as_rows_of_request(&self, n_rows: usize) -> Option<Self> {
        match self {
            Self::Json(values) if values.iter().any(|(value, _)| !is_list(*value)) => self.as_rows(n_rows),
            _ => None,
        }
    }

    /// Numbers of rows that the payload can be read as.
    pub fn row_counts(&self) -> Result<Vec<usize>, Reason> {
        let mut counts = vec![self.n_rows()?];
        let others = match self {
            Self::Lines { text, .. } => vec![n_cells(text)?],
            Self::Rows { .. } | Self::Cells { .. } => Vec::new(),
            Self::Json(values) => values.iter().flat_map(|(_, table)| table.list_lengths()).chain([1]).collect(),
        };
        for n_rows in others {
            if counts.len() < MAX_READINGS && !counts.contains(&n_rows) && self.as_rows(n_rows).is_some() {
                counts.push(n_rows);
            }
        }
        Ok(counts)
    }

    /// The same payload as so many rows, where it can be read so.
    pub fn as_rows(&self, n_rows: usize) -> Option<Self> {
        match self {
            Self::Lines { text, names: None } if n_lines(text) == Ok(1) && n_cells(text) == Ok(n_rows) => {
                Some(Self::Cells { text })
            }
            Self::Json(values) => match &values[..] {
                [(value, table)] => Some(Self::Json(vec![(*value, table.as_rows(*value, n_rows)?)])),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A payload and how it is read.
pub struct ReadPayload<'t, 'b> {
    pub content: Content<'t, 'b>,
    pub reading: Reading<'t, 'b>,
}

impl<'t, 'b> ReadPayload<'t, 'b> {
    pub fn of(content: Content<'t, 'b>, header: Option<&Header>) -> Self {
        Self { reading: Reading::of(&content, header), content }
    }

    /// By its shape alone.
    pub fn alone(content: Content<'t, 'b>) -> Self {
        Self::of(content, None)
    }
}

/// What has to be read otherwise so that both sides have equally many rows; nothing where they have.
#[derive(Default)]
pub struct Agreement<'t, 'b> {
    pub output: Option<Reading<'t, 'b>>,
    pub input: Option<Reading<'t, 'b>>,
    /// The side that was changed, where no other could be.
    pub gave_way: Option<GivesWay>,
}

/// How both sides have equally many rows. Where either could follow the other, the answer follows the request, but in
/// an object in whose other records only the request can.
pub fn agree<'t, 'b>(
    output: &Reading<'t, 'b>,
    input: &Reading<'t, 'b>,
    preferred: Option<GivesWay>,
) -> Result<Agreement<'t, 'b>, Reason> {
    let (n_output, n_input) = (output.n_rows()?, input.n_rows()?);
    if n_output == n_input {
        return Ok(Agreement::default());
    }
    let of_output = |output, gave_way| Agreement { output: Some(output), input: None, gave_way };
    let of_input = |input, gave_way| Agreement { output: None, input: Some(input), gave_way };
    match (output.as_rows(n_input), input.as_rows_of_request(n_output)) {
        (Some(output), None) => Ok(of_output(output, Some(GivesWay::Output))),
        (None, Some(input)) => Ok(of_input(input, Some(GivesWay::Input))),
        (Some(_), Some(input)) if preferred == Some(GivesWay::Input) => Ok(of_input(input, None)),
        (Some(output), Some(_)) => Ok(of_output(output, None)),
        (None, None) => match (output.as_rows(1), input.as_rows(1)) {
            (output @ Some(_), input @ Some(_)) => Ok(Agreement { output, input, gave_way: None }),
            _ => Err(Reason::RowCountMismatch),
        },
    }
}

/// Whether the first line is the header, whether it has as many cells, and where the next line begins.
fn first_line(text: &str, header: &Header) -> (bool, bool, usize) {
    let mut cells = Vec::new();
    let Scan::Record(next) = csv::record(text.as_bytes(), 0, true, &mut cells) else { return (false, false, 0) };
    let is_as_wide = cells.len() == header.names.len();
    let is_name = |(cell, name): (&csv::Cell, &String)| name_of(cell.meaning(text)) == *name;
    (is_as_wide && cells.iter().zip(header.names.iter()).all(is_name), is_as_wide, next)
}

/// A cell of a header as a column's name.
pub fn name_of(cell: Cow<'_, str>) -> String {
    cell.trim().to_owned()
}

/// Lines that are not blank.
fn n_lines(text: &str) -> Result<usize, Reason> {
    let line = text.trim_end_matches(['\n', '\r']);
    if memchr::memchr3(b'\n', b'\r', b'"', line.as_bytes()).is_none() {
        return Ok(usize::from(!line.trim().is_empty()));
    }
    let mut n = 0;
    each_line(text, |cells| n += usize::from(!csv::is_blank(text, cells)))?;
    Ok(n)
}

/// Cells of the only line.
fn n_cells(text: &str) -> Result<usize, Reason> {
    let mut n = 0;
    each_line(text, |cells| n += if csv::is_blank(text, cells) { 0 } else { cells.len().min(MAX_COLUMNS) })?;
    Ok(n)
}

/// Shows the cells of every line, blank ones, too.
pub fn each_line(text: &str, mut see: impl FnMut(&[csv::Cell])) -> Result<(), Reason> {
    let (mut at, mut cells) = (0, Vec::new());
    while at < text.len() {
        match csv::record(text.as_bytes(), at, true, &mut cells) {
            Scan::Partial { .. } => return Err(Reason::InvalidPayload),
            Scan::Record(next) => at = next,
        }
        see(&cells);
    }
    Ok(())
}
