//! Table of a JSON value: its rows, whatever shape they are written in.

use std::collections::HashSet;

use super::list::length;
use super::row::{n_cells, n_positional};
use crate::decode::reason::Reason;
use crate::decode::text::json::{Node, Text, Value};

/// The rows that a value holds.
#[derive(Clone)]
pub struct Table<'t, 'a> {
    pub rows: Rows<'t, 'a>,
    pub beside: Vec<Beside<'t, 'a>>,
    /// Whether the shape leaves no doubt about what a row is.
    pub is_definite: bool,
    /// Whether its parts contradict one another, so that nobody can say what its rows are.
    pub is_inconsistent: bool,
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
    /// The cells of all rows, one row after the other, and a list of their names, if they have any.
    Flat { names: Option<Value<'t, 'a>>, cells: Vec<Value<'t, 'a>>, width: usize },
    /// Columns of equally many rows.
    Columns(Vec<Column<'t, 'a>>),
}

/// A column and its cells.
#[derive(Clone)]
pub struct Column<'t, 'a> {
    /// Keys on the way to it, before its own.
    pub within: Vec<Text<'a>>,
    pub name: Text<'a>,
    /// Row by row.
    pub cells: Vec<Value<'t, 'a>>,
    /// Cells of each row; more than one are called by the name and their number.
    pub width: usize,
}

/// What stands under a key beside the rows.
#[derive(Clone)]
pub struct Beside<'t, 'a> {
    /// Keys on the way to it, before its own.
    pub within: Vec<Text<'a>>,
    pub key: Text<'a>,
    pub every_row: Value<'t, 'a>,
    /// One value for each row, where there is a list as long as the rows are many.
    pub by_row: Vec<Value<'t, 'a>>,
    /// Whether a list has no element for each row, however long it is.
    pub is_fixed: bool,
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
        let beside = others.map(|(key, value)| Beside::of(key, value, n_rows)).collect();
        Self { beside, ..Self::of(rows) }
    }

    /// The table under `key` of `object`, with what stands under its other keys.
    pub fn within(mut self, object: Value<'t, 'a>, key: Text<'a>) -> Self {
        self.beside.iter_mut().for_each(|beside| beside.within.insert(0, key));
        self.inside_of(object, key)
    }

    /// The same, where `key` is no part of the names of what stands beside the rows.
    pub fn inside_of(mut self, object: Value<'t, 'a>, key: Text<'a>) -> Self {
        let n_rows = self.rows.len();
        let others = object.entries().filter(|(other, _)| other.raw != key.raw);
        self.beside.extend(others.map(|(key, value)| Beside::of(key, value, n_rows)));
        self
    }

    /// Cells of the first row: those without names, and all.
    pub fn row_width(&self) -> (usize, usize) {
        let (positional, all) = match &self.rows {
            Rows::One(row) => (n_positional(*row), n_cells(*row)),
            Rows::Elements(list) => list.elements().next().map_or((0, 0), |row| (n_positional(row), n_cells(row))),
            Rows::Members(object) => object.entries().next().map_or((0, 0), |(_, row)| (0, n_cells(row))),
            Rows::Named { names, .. } => (0, length(*names)),
            Rows::Flat { names, width, .. } => (if names.is_none() { *width } else { 0 }, *width),
            Rows::Columns(columns) => {
                let first_cells = columns.iter().flat_map(|column| column.cells.iter().take(column.width));
                (0, first_cells.map(|cell| n_cells(*cell)).sum())
            }
        };
        let of_beside = |beside: &Beside<'t, 'a>| n_cells(beside.by_row.first().copied().unwrap_or(beside.every_row));
        (positional, all + self.beside.iter().map(of_beside).sum::<usize>())
    }
}

impl Rows<'_, '_> {
    pub fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Elements(list) | Self::Named { rows: list, .. } => length(*list),
            Self::Members(object) => object.entries().count(),
            Self::Flat { cells, width, .. } => cells.len() / width,
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
        Self { within: Vec::new(), name, cells: alone.unwrap_or(cells), width: 1 }
    }
}

impl<'t, 'a> Beside<'t, 'a> {
    /// The same beside so many rows.
    pub fn for_rows(&self, n_rows: usize) -> Self {
        let mut beside = Self { within: self.within.clone(), ..Self::of(self.key, self.every_row, n_rows) };
        if self.is_fixed {
            beside.fix();
        }
        beside
    }

    /// Repeats it beside every row, however long it is.
    pub fn fix(&mut self) {
        self.by_row.clear();
        self.is_fixed = true;
    }

    /// Keys that lead to it.
    pub fn path(&self) -> String {
        self.within.iter().chain([&self.key]).map(|key| key.raw).collect::<Vec<_>>().join(".")
    }

    /// What stands under `key` beside so many rows.
    fn of(key: Text<'a>, value: Value<'t, 'a>, n_rows: usize) -> Self {
        let by_row = match value.node() {
            Node::Array { len, .. } if len == n_rows => value.elements().collect(),
            _ => Vec::new(),
        };
        Self { within: Vec::new(), key, every_row: value, by_row, is_fixed: false }
    }
}
