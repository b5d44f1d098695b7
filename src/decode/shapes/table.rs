//! Table of a JSON value: its rows, whatever shape they are written in.

use std::collections::{BTreeSet, HashSet};

use crate::decode::reason::Reason;
use crate::decode::text::json::{Node, Text, Value};

/// The rows that a value holds.
#[derive(Clone)]
pub struct Table<'t, 'a> {
    pub rows: Rows<'t, 'a>,
    pub beside: Vec<Beside<'t, 'a>>,
    /// Whether the shape leaves no doubt about what a row is.
    is_definite: bool,
    /// Whether its parts contradict one another, so that nobody can say what its rows are.
    is_inconsistent: bool,
}

/// How the rows lie in the value.
#[derive(Clone)]
pub enum Rows<'t, 'a> {
    /// The value is the only row: an object by its keys, a list by its positions, a scalar as one cell.
    One(Value<'t, 'a>),
    /// Each element of a list is a row of that kind.
    Elements(Value<'t, 'a>),
    /// What stands under each key of an object is a row of that kind.
    Members(Value<'t, 'a>),
    /// Each element of a list is the list of a row's cells, whose names are another list.
    Named { names: Value<'t, 'a>, rows: Value<'t, 'a> },
    /// Columns of equally many rows.
    Columns(Vec<Column<'t, 'a>>),
}

/// A column and its cells.
#[derive(Clone)]
pub struct Column<'t, 'a> {
    pub name: Text<'a>,
    /// Row by row.
    pub cells: Vec<Value<'t, 'a>>,
    /// Cells of each row; more than one are called by the name and their number.
    pub width: usize,
}

/// What stands under a key beside the rows.
#[derive(Clone)]
pub struct Beside<'t, 'a> {
    pub key: Text<'a>,
    pub every_row: Value<'t, 'a>,
    /// One value for each row, where there is a list as long as the rows are many.
    pub by_row: Vec<Value<'t, 'a>>,
}

impl<'t, 'a> Table<'t, 'a> {
    /// Rows with nothing beside them.
    pub fn of(rows: Rows<'t, 'a>) -> Self {
        Self { rows, beside: Vec::new(), is_definite: false, is_inconsistent: false }
    }

    /// Rows of a shape that has no other reading.
    pub fn definite(rows: Rows<'t, 'a>) -> Self {
        Self { is_definite: true, ..Self::of(rows) }
    }

    /// Rows of a shape whose parts contradict one another.
    pub fn inconsistent(rows: Rows<'t, 'a>) -> Self {
        Self { is_inconsistent: true, ..Self::definite(rows) }
    }

    /// Refuses rows that nobody can tell.
    pub fn check(&self) -> Result<(), Reason> {
        if self.is_inconsistent { Err(Reason::InconsistentTensors) } else { Ok(()) }
    }

    /// Rows that stand under the keys `taken` of `object`, with what stands under its other keys.
    pub fn inside(object: Value<'t, 'a>, taken: &[&str], rows: Rows<'t, 'a>) -> Self {
        let n_rows = rows.len();
        let taken: HashSet<&str> = taken.iter().copied().collect();
        let others = object.entries().filter(|(key, _)| !taken.contains(key.raw));
        let by_row = |value: Value<'t, 'a>| match value.node() {
            Node::Array { len, .. } if len == n_rows => value.elements().collect(),
            _ => Vec::new(),
        };
        let beside = others.map(|(key, value)| Beside { key, every_row: value, by_row: by_row(value) }).collect();
        Self { beside, ..Self::of(rows) }
    }

    /// Cells of the first row: those without names, and all.
    pub fn row_width(&self) -> (usize, usize) {
        let (positional, all) = match &self.rows {
            Rows::One(row) => (n_positional(*row), n_cells(*row)),
            Rows::Elements(list) => list.elements().next().map_or((0, 0), |row| (n_positional(row), n_cells(row))),
            Rows::Members(object) => object.entries().next().map_or((0, 0), |(_, row)| (0, n_cells(row))),
            Rows::Named { names, .. } => (0, length(*names)),
            Rows::Columns(columns) => {
                let first_cells = columns.iter().flat_map(|column| column.cells.iter().take(column.width));
                (0, first_cells.map(|cell| n_cells(*cell)).sum())
            }
        };
        let of_beside = |beside: &Beside<'t, 'a>| n_cells(beside.by_row.first().copied().unwrap_or(beside.every_row));
        (positional, all + self.beside.iter().map(of_beside).sum::<usize>())
    }

    /// Lengths of the lists in the only row.
    pub fn list_lengths(&self) -> Vec<usize> {
        let Rows::One(row) = self.rows else { return Vec::new() };
        let inside = row.entries().map(|(_, value)| length(value));
        let mut lengths = BTreeSet::new();
        lengths.extend(std::iter::once(length(row)).chain(inside).filter(|len| *len > 0));
        lengths.into_iter().collect()
    }

    /// The value as one row, or as a row for each element of its lists; `None` where no other reading has `n_rows`
    /// rows.
    pub fn as_rows(&self, value: Value<'t, 'a>, n_rows: usize) -> Option<Self> {
        match n_rows {
            _ if self.is_definite => None,
            1 => self.as_one(value),
            _ => self.as_many(n_rows),
        }
    }

    /// Lists of scalars that were taken for rows, as the cells of one row.
    fn as_one(&self, value: Value<'t, 'a>) -> Option<Self> {
        match &self.rows {
            Rows::Elements(list) if list.elements().all(Value::is_scalar) => {
                let beside = self.beside.iter();
                let beside = beside.map(|other| Beside { by_row: Vec::new(), ..*other }).collect();
                Some(Self { beside, ..Self::of(Rows::One(*list)) })
            }
            Rows::Columns(columns) if columns.iter().all(|column| column.cells.iter().all(|cell| cell.is_scalar())) => {
                Some(Self::of(Rows::One(value)))
            }
            _ => None,
        }
    }

    /// Whether the only row is an object of nothing but lists of one scalar.
    pub fn is_object_of_ones(&self) -> bool {
        let is_one = |value: Value<'_, '_>| length(value) == 1 && value.elements().all(Value::is_scalar);
        match self.rows {
            Rows::One(row) => is_object(row) && self.beside.is_empty() && row.entries().all(|(_, value)| is_one(value)),
            _ => false,
        }
    }

    /// The elements of one row's lists, as rows.
    pub fn as_many(&self, n_rows: usize) -> Option<Self> {
        let Rows::One(row) = self.rows else { return None };
        match row.node() {
            Node::Array { len, .. } if len == n_rows && self.beside.is_empty() => Some(Self::of(Rows::Elements(row))),
            Node::Object { .. } if self.beside.is_empty() => {
                let is_column = |value: Value<'_, '_>| matches!(value.node(), Node::Array { len, .. } if len == n_rows);
                let columns = row.entries().filter(|(_, value)| is_column(*value));
                let columns: Vec<_> = columns.map(|(name, list)| Column::of_list(name, list)).collect();
                let taken: Vec<&str> = columns.iter().map(|column| column.name.raw).collect();
                (!columns.is_empty()).then(|| Self::inside(row, &taken, Rows::Columns(columns)))
            }
            _ => None,
        }
    }
}

impl Rows<'_, '_> {
    pub fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Elements(list) | Self::Named { rows: list, .. } => length(*list),
            Self::Members(object) => object.entries().count(),
            Self::Columns(columns) => columns.first().map_or(0, |column| column.cells.len() / column.width.max(1)),
        }
    }
}

impl<'t, 'a> Column<'t, 'a> {
    /// Of a list with an element for each row; lists of one scalar each are that scalar.
    pub fn of_list(name: Text<'a>, list: Value<'t, 'a>) -> Self {
        let only = |element: Value<'t, 'a>| match element.node() {
            Node::Array { len: 1, .. } => element.elements().next().filter(|cell| cell.is_scalar()),
            _ => None,
        };
        let cells: Vec<_> = list.elements().collect();
        let alone: Option<Vec<_>> = cells.iter().map(|&cell| only(cell)).collect();
        Self { name, cells: alone.unwrap_or(cells), width: 1 }
    }
}

/// Number of a list's elements; 0 of anything else.
pub fn length(value: Value<'_, '_>) -> usize {
    if let Node::Array { len, .. } = value.node() { len } else { 0 }
}

/// Whether `value` is a list that is not empty, all of whose elements are of a kind.
pub fn is_list_of(value: Value<'_, '_>, is_of_kind: impl Fn(Value<'_, '_>) -> bool) -> bool {
    length(value) > 0 && value.elements().all(is_of_kind)
}

pub fn is_list(value: Value<'_, '_>) -> bool {
    matches!(value.node(), Node::Array { .. })
}

pub fn is_object(value: Value<'_, '_>) -> bool {
    matches!(value.node(), Node::Object { .. })
}

/// Cells of a row that are known by their position.
fn n_positional(row: Value<'_, '_>) -> usize {
    match row.node() {
        Node::Object { .. } => 0,
        Node::Array { .. } => row.elements().map(n_positional).sum(),
        _ => 1,
    }
}

/// Cells of a row.
fn n_cells(row: Value<'_, '_>) -> usize {
    match row.node() {
        Node::Object { .. } => row.entries().map(|(_, value)| n_cells(value)).sum(),
        Node::Array { .. } => row.elements().map(n_cells).sum(),
        _ => 1,
    }
}
