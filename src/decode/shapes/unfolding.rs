//! Unfolding: a table's other readings, with one row for each element of the lists in it.

use std::collections::BTreeSet;

use super::chat::is_message;
use super::list::{is_list_of, is_object, length};
use super::row::n_cells;
use super::table::{Beside, Column, Rows, Table};
use crate::decode::text::json::{Node, Value};

/// Objects inside objects that are looked into for lists, at most.
const MAX_DEPTH: usize = 3;

/// Lists in a table's only row that may have an element for each row.
#[derive(Clone, Copy)]
pub struct Lists<'t, 'a> {
    pub n_rows: usize,
    /// The only list whose elements are rows themselves, if there is one.
    pub of_rows: Option<Value<'t, 'a>>,
    /// How many lists there are.
    pub n_lists: usize,
    /// Whether the row holds nothing else.
    pub are_all: bool,
}

impl Lists<'_, '_> {
    /// A line of cells.
    pub fn of_line(n_rows: usize) -> Self {
        Self { n_rows, of_rows: None, n_lists: 1, are_all: true }
    }

    /// Whether they may be columns: several lists of scalars, and more than one row.
    pub fn may_be_columns(&self) -> bool {
        self.of_rows.is_none() && self.n_lists > 1 && self.n_rows > 1
    }
}

impl<'t, 'a> Table<'t, 'a> {
    /// The value as one row, or as a row for each element of its lists; `None` where no other reading has `n_rows`
    /// rows.
    pub fn as_rows(&self, value: Value<'t, 'a>, n_rows: usize) -> Option<Self> {
        if n_rows == 1 { self.as_one(value) } else { self.as_many(n_rows) }
    }

    /// Lists of scalars that were taken for rows, as the cells of one row.
    fn as_one(&self, value: Value<'t, 'a>) -> Option<Self> {
        match &self.rows {
            _ if self.is_definite => None,
            Rows::Elements(list) if list.elements().all(Value::is_scalar) => {
                let alone = |other: &Beside<'t, 'a>| Beside { by_row: Vec::new(), ..other.clone() };
                let beside = self.beside.iter().map(alone).collect();
                Some(Self { beside, ..Self::of(Rows::One(*list)) })
            }
            Rows::Columns(columns) if columns.iter().all(|column| column.cells.iter().all(|cell| cell.is_scalar())) => {
                Some(Self::of(Rows::One(value)))
            }
            _ => None,
        }
    }

    /// The elements of one row's lists, as rows.
    pub fn as_many(&self, n_rows: usize) -> Option<Self> {
        let row = self.only_row().or_else(|| self.only_vector())?;
        let mut table = match row.node() {
            Node::Array { len, .. } if len == n_rows => Self::of(Rows::Elements(row)),
            Node::Object { .. } => unfolded(row, n_rows, MAX_DEPTH)?,
            _ => return None,
        };
        table.beside.extend(self.beside.iter().map(|beside| beside.for_rows(n_rows)));
        Some(table)
    }

    /// The only row, if another reading is possible.
    fn only_row(&self) -> Option<Value<'t, 'a>> {
        match self.rows {
            Rows::One(row) if !self.is_definite => Some(row),
            _ => None,
        }
    }

    /// The list of scalars that is the only element of a list: one row of cells, or a cell of each row.
    fn only_vector(&self) -> Option<Value<'t, 'a>> {
        match self.rows {
            Rows::Elements(list) if !self.is_definite && length(list) == 1 => {
                list.elements().next().filter(|row| is_list_of(*row, Value::is_scalar))
            }
            _ => None,
        }
    }

    /// Whether the only row is an object of nothing but lists of one scalar.
    pub fn is_object_of_ones(&self) -> bool {
        let is_one = |value: Value<'_, '_>| length(value) == 1 && value.elements().all(Value::is_scalar);
        let all_are = |row: Value<'_, '_>| is_object(row) && row.entries().all(|(_, value)| is_one(value));
        self.beside.is_empty() && self.only_row().is_some_and(all_are)
    }

    /// Lengths of the lists in the only row.
    pub fn list_lengths(&self) -> Vec<usize> {
        let lists = self.only_row().map(lists_in).unwrap_or_else(|| self.only_vector().into_iter().collect());
        let lengths: BTreeSet<usize> = lists.into_iter().map(length).collect();
        lengths.into_iter().collect()
    }

    /// Lengths of the lists in the object that is the only row, be it in a list of one, where there are several lists.
    pub fn lengths_in_object(&self) -> Vec<usize> {
        let only = match self.rows {
            Rows::One(row) => Some(row),
            Rows::Elements(list) if length(list) == 1 => list.elements().next(),
            _ => None,
        };
        let lists = only.filter(|row| is_object(*row)).map(lists_in).unwrap_or_default();
        if lists.len() > 1 { lists.into_iter().map(length).collect() } else { Vec::new() }
    }

    /// Whether the only row holds lists or objects in a list, several of them, or several lists that may be columns.
    pub fn may_hold_rows(&self) -> bool {
        let lists = self.only_row().map(lists_in).unwrap_or_default();
        let are_columns = || self.lists().is_some_and(|lists| lists.may_be_columns());
        !lists.is_empty() && (lists.iter().any(|list| length(*list) > 1 && is_list_of_rows(*list)) || are_columns())
    }

    /// The lists in the only row whose elements may be rows: the only one of lists or objects; or else all, if they are
    /// equally long and each holds nothing but numbers, or nothing but texts.
    pub fn lists(&self) -> Option<Lists<'t, 'a>> {
        let row = self.only_row()?;
        let lists = lists_in(row);
        let are_all = |lists: &[Value<'_, '_>]| self.beside.is_empty() && hold_all(lists, row);
        let of_rows: Vec<_> = lists.iter().copied().filter(|list| is_list_of_rows(*list)).collect();
        match of_rows[..] {
            [only] => Some(Lists { n_rows: length(only), of_rows: Some(only), n_lists: 1, are_all: are_all(&[only]) }),
            [] => {
                let n_rows = length(*lists.first()?);
                let fit = lists.iter().all(|list| length(*list) == n_rows && is_of_one_kind(*list));
                fit.then(|| Lists { n_rows, of_rows: None, n_lists: lists.len(), are_all: are_all(&lists) })
            }
            _ => None,
        }
    }
}

/// The object's lists of `n_rows` elements as columns, or the only one of rows as these rows. Where it has none, those of
/// the only object in it that has some.
fn unfolded<'t, 'a>(object: Value<'t, 'a>, n_rows: usize, depth: usize) -> Option<Table<'t, 'a>> {
    let columns = object.entries().filter(|(_, list)| may_have_rows(*list) && length(*list) == n_rows);
    let columns: Vec<_> = columns.collect();
    if columns.is_empty() {
        let inner = object.entries().filter(|(_, inner)| is_object(*inner) && depth > 0);
        let mut inner = inner.filter_map(|(key, inner)| Some((key, unfolded(inner, n_rows, depth - 1)?)));
        let (key, mut table) = inner.next().filter(|_| inner.next().is_none())?;
        if let Rows::Columns(columns) = &mut table.rows {
            columns.iter_mut().for_each(|column| column.within.insert(0, key));
        }
        return Some(table.within(object, key));
    }
    let mut of_rows = columns.iter().filter(|(_, list)| is_list_of_rows(*list));
    if let (Some((key, rows)), None) = (of_rows.next(), of_rows.next())
        && (columns.len() == 1 || rows.elements().all(is_object))
        && !rows.elements().take(1).any(|row| object.entries().any(|(other, _)| row.get(other.raw).is_some()))
    {
        return Some(Table::inside(object, &[key.raw], Rows::Elements(*rows)));
    }
    let columns: Vec<_> = columns.into_iter().map(|(name, list)| Column::of_list(name, list)).collect();
    let taken: Vec<&str> = columns.iter().map(|column| column.name.raw).collect();
    Some(Table::inside(object, &taken, Rows::Columns(columns)))
}

/// The list itself, or those of an object that keys alone lead to, but empty ones.
fn lists_in<'t, 'a>(value: Value<'t, 'a>) -> Vec<Value<'t, 'a>> {
    fn gather<'t, 'a>(value: Value<'t, 'a>, depth: usize, out: &mut Vec<Value<'t, 'a>>) {
        if may_have_rows(value) {
            out.push(value);
        }
        if depth > 0 {
            value.entries().for_each(|(_, member)| gather(member, depth - 1, out));
        }
    }
    let mut lists = Vec::new();
    gather(value, MAX_DEPTH + 1, &mut lists);
    lists
}

/// Whether there is nothing in a row but these lists.
fn hold_all(lists: &[Value<'_, '_>], row: Value<'_, '_>) -> bool {
    lists.iter().map(|list| n_cells(*list)).sum::<usize>() == n_cells(row)
}

/// Whether a value is a list that is neither empty nor a conversation.
fn may_have_rows(value: Value<'_, '_>) -> bool {
    length(value) > 0 && !is_list_of(value, is_message)
}

/// Whether a list holds nothing but objects, or lists of equally many scalars.
fn is_list_of_rows(list: Value<'_, '_>) -> bool {
    let width = list.elements().next().map_or(0, length);
    let is_vector = |row: Value<'_, '_>| length(row) == width && is_list_of(row, Value::is_scalar);
    is_list_of(list, |row| matches!(row.node(), Node::Object { len: 1.., .. })) || is_list_of(list, is_vector)
}

/// Whether a list holds nothing but numbers, or nothing but texts; null is both.
fn is_of_one_kind(list: Value<'_, '_>) -> bool {
    let is_literal = |value: Value<'_, '_>| matches!(value.node(), Node::Literal(_) | Node::Null);
    let is_text = |value: Value<'_, '_>| matches!(value.node(), Node::String(_) | Node::Null);
    list.elements().all(is_literal) || list.elements().all(is_text)
}
