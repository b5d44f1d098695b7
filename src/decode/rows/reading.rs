//! Reading of payloads: what both sides of a record hold becomes rows, the same rows for every monitor.

use std::sync::Arc;

use crate::decode::batch::order::Side;
use crate::decode::limits::MAX_COLUMNS;
use crate::decode::payload::Content;
use crate::decode::reason::Reason;
use crate::decode::rows::convention::{Convention, Header};
use crate::decode::rows::header_line::{Certainty, HeaderLine, header_line};
use crate::decode::rows::lines::{each_line, name_of};
use crate::decode::shapes::{Lists, Rows, Table, is_list, table_beside};
use crate::decode::text::csv::{self, Dialect, Scan};
use crate::decode::text::json::Value;

/// Numbers of rows that a payload is tried with, at most.
const MAX_READINGS: usize = 8;

/// How a payload's rows are read.
pub enum Reading<'t, 'b> {
    /// Each line is a row.
    Lines { text: &'b str, names: Option<Arc<[String]>>, dialect: &'static Dialect },
    /// Each line is a row, whatever it holds.
    Rows { text: &'b str, names: Option<Arc<[String]>> },
    /// Each cell of the only line is a row.
    Cells { text: &'b str, dialect: &'static Dialect },
    /// The rows of one JSON value after the other.
    Json(Vec<(Value<'t, 'b>, Table<'t, 'b>)>),
}

impl<'t, 'b> Reading<'t, 'b> {
    /// A payload by its shape, and by the names and delimiters that its object has.
    pub fn of(content: &Content<'t, 'b>, convention: &Convention) -> Self {
        Self::both(content, convention).reading
    }

    /// The same, and the payload with its first line taken for a row instead of names, or for names, where it may be
    /// either.
    fn both(content: &Content<'t, 'b>, convention: &Convention) -> Readings<'t, 'b> {
        let Content::Csv(text) = content else {
            return Readings {
                reading: Self::by_shape(content, convention.dialect, &convention.fixed_lists),
                otherwise: None,
                is_misfit: false,
            };
        };
        let fitting = convention.dialect_of(text);
        let (dialect, is_misfit) = (fitting.unwrap_or(convention.dialect), fitting.is_none());
        let below = |names, start: usize| Self::Lines { text: &text[start..], names, dialect };
        let (names, start) = convention.header.as_ref().map_or((None, 0), |header| first_line(text, header, dialect));
        let as_rows = below(names, start);
        let (reading, otherwise) = match (start == 0).then(|| header_line(text, convention, dialect)).flatten() {
            None => (as_rows, None),
            Some(HeaderLine { names, next, certainty }) => {
                let as_named = below(Some(names), next);
                match certainty {
                    Certainty::Known => (as_named, None),
                    Certainty::Evident => (as_named, Some(as_rows)),
                    Certainty::Possible => (as_rows, Some(as_named)),
                }
            }
        };
        Readings { reading, otherwise, is_misfit }
    }

    /// A payload by its shape alone, with this byte between cells, and lists at these paths that are no rows.
    pub fn by_shape(content: &Content<'t, 'b>, dialect: &'static Dialect, fixed: &[String]) -> Self {
        match content {
            Content::Csv(text) => Self::Lines { text, names: None, dialect },
            Content::Rows { names, text, .. } => Self::Rows { text, names: names.clone() },
            Content::Json(values) => Self::Json(values.iter().map(|&one| (one, table_beside(one, fixed))).collect()),
        }
    }

    /// Whether names stand for its columns.
    fn has_names(&self) -> bool {
        matches!(self, Self::Lines { names: Some(_), .. })
    }

    pub fn n_rows(&self) -> Result<usize, Reason> {
        match self {
            Self::Lines { text, dialect, .. } => n_lines(text, dialect),
            Self::Rows { text, .. } => Ok(memchr::memchr_iter(b'\n', text.as_bytes()).count()),
            Self::Cells { text, dialect } => n_cells(text, dialect),
            Self::Json(values) => values.iter().map(|(_, table)| table.check().map(|()| table.rows.len())).sum(),
        }
    }

    /// Cells of the first row: those without names, and all.
    pub fn row_width(&self) -> (usize, usize) {
        match self {
            Self::Lines { text, names, dialect } => of_line(first_width(text, dialect), names.is_some()),
            Self::Rows { text, names } => of_line(first_width(text, Dialect::commas()), names.is_some()),
            Self::Cells { .. } => (1, 1),
            Self::Json(values) => values.first().map_or((0, 0), |(_, table)| table.row_width()),
        }
    }

    /// Whether another reading is possible at all.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::Lines { text, names, dialect } => {
                names.is_none() && memchr::memchr(dialect.delimiter(), text.as_bytes()).is_some()
            }
            Self::Rows { text, names } => names.is_none() && memchr::memchr(csv::COMMA, text.as_bytes()).is_some(),
            Self::Cells { .. } => true,
            Self::Json(values) => match &values[..] {
                [(_, table)] => !table.is_definite,
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

    /// Lists that may have an element for each row: those in the only row of JSON, or the only line of cells.
    pub fn lists(&self) -> Option<Lists<'t, 'b>> {
        match self {
            Self::Json(values) => match &values[..] {
                [(_, table)] => table.lists(),
                _ => None,
            },
            Self::Lines { text, names: None, dialect } if n_lines(text, dialect) == Ok(1) => {
                let (mut n_rows, mut n_numbers) = (0, 0);
                each_line(text, dialect, |cells| {
                    n_rows += cells.len();
                    n_numbers += cells.iter().filter(|cell| cell.meaning(text).trim().parse::<f64>().is_ok()).count();
                })
                .ok()?;
                (n_numbers == 0 || n_numbers == n_rows).then_some(Lists::of_line(n_rows))
            }
            _ => None,
        }
    }

    /// Whether the only row of JSON holds lists that may be rows, or their columns.
    pub fn holds_lists_of_rows(&self) -> bool {
        matches!(self, Self::Json(values) if matches!(&values[..], [(_, table)] if table.may_hold_rows()))
    }

    pub fn holds_list_of_rows(&self, n_rows: usize) -> bool {
        self.lists().is_some_and(|lists| lists.of_rows.is_some() && lists.n_rows == n_rows)
    }

    /// Whether lists, or the cells of a line, may be rows on this side: a line of cells, or a list beside an answer, is one
    /// row of a request.
    pub fn may_hold_rows(&self, side: Side, is_beside_other: bool) -> bool {
        match self {
            Self::Json(_) => side == Side::Output || !is_beside_other || self.is_object(),
            _ => side == Side::Output,
        }
    }

    /// The same payload, with a row for each element of its lists, or each cell of its line.
    pub fn unfolded(&self) -> Option<Self> {
        let n_rows = self.lists()?.n_rows;
        match self {
            Self::Json(values) => match &values[..] {
                [(value, table)] => Some(Self::Json(vec![(*value, table.as_many(n_rows)?)])),
                _ => None,
            },
            _ => self.as_rows(n_rows),
        }
    }

    /// Whether the lists of an object are rows, one for each element.
    pub fn has_lists_for_rows(&self) -> bool {
        self.is_object() && self.n_rows().is_ok_and(|n| n != 1)
    }

    /// Whether lists are columns.
    pub fn has_columns(&self) -> bool {
        matches!(self, Self::Json(values) if matches!(&values[..], [(_, table)] if matches!(table.rows, Rows::Columns(_))))
    }

    /// Whether lists in the only row of JSON have unequal lengths.
    pub fn has_unequal_lists(&self) -> bool {
        matches!(self, Self::Json(values) if values.iter().any(|(_, table)| table.list_lengths().len() > 1))
    }

    /// Lengths of the lists in the object that is the only row of JSON, be it in a list of one.
    pub fn lengths_in_object(&self) -> Vec<usize> {
        match self {
            Self::Json(values) => match &values[..] {
                [(_, table)] => table.lengths_in_object(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Whether the payload is neither text nor a list of JSON.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Json(values) if values.iter().any(|(value, _)| !is_list(*value)))
    }

    /// As [`Self::as_rows`], of a request: one line or list of cells is one row of features.
    pub fn as_rows_of_request(&self, n_rows: usize) -> Option<Self> {
        if self.is_object() { self.as_rows(n_rows) } else { None }
    }

    /// Numbers of rows that the payload can be read as.
    pub fn row_counts(&self) -> Result<Vec<usize>, Reason> {
        let mut counts = vec![self.n_rows()?];
        let others = match self {
            Self::Lines { text, dialect, .. } => vec![n_cells(text, dialect)?],
            Self::Rows { text, .. } => vec![n_cells(text, Dialect::commas())?],
            Self::Cells { .. } => vec![1],
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
            Self::Lines { text, names: None, dialect }
                if n_lines(text, dialect) == Ok(1) && n_cells(text, dialect) == Ok(n_rows) =>
            {
                Some(Self::Cells { text, dialect })
            }
            Self::Rows { text, names: None }
                if self.n_rows() == Ok(1) && n_cells(text, Dialect::commas()) == Ok(n_rows) =>
            {
                Some(Self::Cells { text, dialect: Dialect::commas() })
            }
            Self::Cells { text, dialect } if n_rows == 1 => Some(Self::Lines { text, names: None, dialect }),
            Self::Json(values) => match &values[..] {
                [(value, table)] => Some(Self::Json(vec![(*value, table.as_rows(*value, n_rows)?)])),
                _ => None,
            },
            _ => None,
        }
    }
}

/// How a payload may be read.
struct Readings<'t, 'b> {
    reading: Reading<'t, 'b>,
    otherwise: Option<Reading<'t, 'b>>,
    is_misfit: bool,
}

/// A payload and how it is read.
pub struct ReadPayload<'t, 'b> {
    pub content: Content<'t, 'b>,
    pub reading: Reading<'t, 'b>,
    /// The same with its first line taken for a row instead of names, or for names, where it may be either.
    otherwise: Option<Reading<'t, 'b>>,
    /// Whether it is text that has no cells as most other text has.
    pub is_misfit: bool,
}

impl<'t, 'b> ReadPayload<'t, 'b> {
    pub fn of(content: Content<'t, 'b>, convention: &Convention) -> Self {
        let Readings { reading, otherwise, is_misfit } = Reading::both(&content, convention);
        Self { content, reading, otherwise, is_misfit }
    }

    /// Read so.
    pub fn read(content: Content<'t, 'b>, reading: Reading<'t, 'b>) -> Self {
        Self { content, reading, otherwise: None, is_misfit: false }
    }

    /// By its shape alone, with lists at these paths that are no rows.
    pub fn alone(content: Content<'t, 'b>, fixed: &[String]) -> Self {
        let reading = Reading::by_shape(&content, Dialect::commas(), fixed);
        Self::read(content, reading)
    }

    /// Whether its rows may be others.
    pub fn is_ambiguous(&self) -> bool {
        self.otherwise.is_some() || self.reading.is_ambiguous()
    }

    /// Whether its first line names the columns, or may do so, and other payloads have not told.
    pub fn may_have_own_names(&self) -> bool {
        self.otherwise.is_some()
    }

    /// Whether its first line names the columns, and other payloads have not told.
    pub fn has_own_names(&self) -> bool {
        self.otherwise.is_some() && self.reading.has_names()
    }

    /// Takes the first line for the other thing that it may be.
    fn turn(&mut self) {
        if let Some(otherwise) = &mut self.otherwise {
            std::mem::swap(otherwise, &mut self.reading);
        }
    }
}

/// Takes first lines, which may be rows or names of columns, for what gives both sides equally many rows, if that is
/// possible.
pub fn weigh_first_lines(output: &mut ReadPayload<'_, '_>, input: &mut ReadPayload<'_, '_>) {
    let rows_agree = |output: &ReadPayload<'_, '_>, input: &ReadPayload<'_, '_>| matches!((output.reading.n_rows(), input.reading.n_rows()), (Ok(of_output), Ok(of_input)) if of_output == of_input);
    if output.otherwise.is_none() && input.otherwise.is_none() {
        return;
    }
    // As they are, then with the answer turned, with both, and with the request.
    for turns_output in [true, false, true, false] {
        if rows_agree(output, input) {
            return;
        }
        if turns_output { output.turn() } else { input.turn() }
    }
}

/// The names of a payload's columns, and where its rows begin. A payload without the header has the same columns where
/// it is as wide.
fn first_line(text: &str, header: &Header, dialect: &Dialect) -> (Option<Arc<[String]>>, usize) {
    let mut cells = Vec::new();
    let Scan::Record(next) = csv::record_of(dialect, text.as_bytes(), 0, true, &mut cells) else { return (None, 0) };
    if cells.len() != header.names.len() {
        return (None, 0);
    }
    let meaning = |cell: &csv::Cell| name_of(cell.meaning(text));
    if cells.iter().zip(header.names.iter()).all(|(cell, name)| meaning(cell) == *name) {
        return (Some(header.names.clone()), next);
    }
    let may_be_ordered_otherwise = cells.first().is_some_and(|cell| header.names.contains(&meaning(cell)));
    let names: Vec<String> = if may_be_ordered_otherwise { cells.iter().map(meaning).collect() } else { Vec::new() };
    if header.is_order_of(&names) { (Some(names.into()), next) } else { (Some(header.names.clone()), 0) }
}

/// Lines that are not blank.
fn n_lines(text: &str, dialect: &Dialect) -> Result<usize, Reason> {
    let line = text.trim_end_matches(['\n', '\r']);
    if memchr::memchr3(b'\n', b'\r', b'"', line.as_bytes()).is_none() {
        return Ok(usize::from(!csv::is_blank_line(line)));
    }
    let mut n = 0;
    each_line(text, dialect, |cells| n += usize::from(!csv::is_blank(text, cells)))?;
    Ok(n)
}

/// Cells without names, and all, of a line of so many cells.
fn of_line(width: usize, has_names: bool) -> (usize, usize) {
    (if has_names { 0 } else { width }, width)
}

/// Cells of the first line.
fn first_width(text: &str, dialect: &Dialect) -> usize {
    let mut cells = Vec::new();
    match csv::record_of(dialect, text.as_bytes(), 0, true, &mut cells) {
        Scan::Record(_) if !text.is_empty() => cells.len(),
        _ => 0,
    }
}

/// Cells of the only line.
fn n_cells(text: &str, dialect: &Dialect) -> Result<usize, Reason> {
    let mut n = 0;
    each_line(text, dialect, |cells| n += if csv::is_blank(text, cells) { 0 } else { cells.len().min(MAX_COLUMNS) })?;
    Ok(n)
}
