//! One column of a record's rows while the record is looked at.

use crate::decode::reason::Reason;
use crate::decode::text::csv;
use crate::decode::text::json::{self, Node, Reader, Value};
use crate::decode::text::searched::{JmesValue, Searched};

/// The cells of a column: a list of them in each row, mostly of one.
#[derive(Debug, Default)]
pub struct Column {
    text: String,
    /// End of each cell's text, and whether it is null.
    cells: Vec<(usize, bool)>,
    /// End of each row in `cells`.
    ends: Vec<usize>,
}

impl Column {
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.ends.clear();
    }

    pub fn n_rows(&self) -> usize {
        self.ends.len()
    }

    /// Cells of the row in the making.
    pub fn n_cells_in_row(&self) -> usize {
        self.cells.len() - self.ends.last().copied().unwrap_or(0)
    }

    pub fn push(&mut self, text: Option<&str>) {
        self.text.push_str(text.unwrap_or_default());
        self.cells.push((self.text.len(), text.is_none_or(str::is_empty)));
    }

    /// Ends the row in the making; a row without cells gets a null.
    pub fn end_row(&mut self) {
        if self.n_cells_in_row() == 0 {
            self.push(None);
        }
        self.ends.push(self.cells.len());
    }

    /// A row of one cell.
    pub fn push_row(&mut self, text: Option<&str>) {
        self.push(text);
        self.end_row();
    }

    /// The cells of a row; one null beyond the last one.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Option<&str>> {
        let start = if row == 0 { 0 } else { self.ends.get(row - 1).copied().unwrap_or(0) };
        let end = self.ends.get(row).copied().unwrap_or(start);
        (start..end).map(|cell| {
            let begin = if cell == 0 { 0 } else { self.cells[cell - 1].0 };
            let (end, is_null) = self.cells[cell];
            (!is_null).then(|| &self.text[begin..end])
        })
    }

    /// The first cell of a row.
    pub fn cell(&self, row: usize) -> Option<&str> {
        self.row(row).next().flatten()
    }

    /// The scalar's text as a cell; a null for anything else.
    pub fn push_scalar(&mut self, value: Value<'_, '_>) -> Result<(), Reason> {
        match value.node() {
            Node::Literal(word) => self.push(Some(word)),
            Node::String(text) => {
                let start = self.text.len();
                json::unescape(text, &mut self.text)?;
                self.cells.push((self.text.len(), start == self.text.len()));
            }
            _ => self.push(None),
        }
        Ok(())
    }

    /// A cell, or the cells of the list that is written in it: `[0.1, 0.9]`.
    pub fn push_list(&mut self, text: &str) -> Result<(), Reason> {
        let trimmed = text.trim();
        let mut tape = Vec::new();
        let mut reader = Reader::over(trimmed);
        let is_list = trimmed.starts_with('[') && reader.read(&mut tape) == Ok(true);
        if !is_list || reader.position() < trimmed.len() || !Value::at(&tape, 0).elements().all(Value::is_scalar) {
            self.push(Some(text));
            return Ok(());
        }
        Value::at(&tape, 0).elements().try_for_each(|element| self.push_scalar(element))
    }

    /// A cell of comma-separated values.
    pub fn push_csv(&mut self, text: &str, cell: &csv::Cell) {
        self.push(Some(&cell.meaning(text)));
    }

    /// The rows that a value makes; false when it makes none.
    ///
    /// A scalar is a row, and so is each element of an array. Where rows hold `lists`, an element may be
    /// an array of cells, and an array of as many scalars as a row has cells is one row.
    pub fn push_rows(&mut self, value: Value<'_, '_>, lists: Lists) -> Result<bool, Reason> {
        match value.node() {
            Node::Null | Node::Key(_) | Node::Object { .. } | Node::Array { len: 0, .. } => return Ok(false),
            Node::Array { len, .. } if lists.is_row(len) && value.elements().all(Value::is_scalar) => {
                value.elements().try_for_each(|element| self.push_scalar(element))?;
                self.end_row();
            }
            Node::Array { .. } => {
                for element in value.elements() {
                    match element.node() {
                        Node::Array { len, .. } if len == 1 || lists.are_taken() => {
                            element.elements().try_for_each(|cell| self.push_scalar(cell))?;
                        }
                        _ => self.push_scalar(element)?,
                    }
                    self.end_row();
                }
            }
            _ => {
                self.push_scalar(value)?;
                self.end_row();
            }
        }
        Ok(true)
    }

    /// As [`Self::push_rows`], of what an expression found.
    pub fn push_found(&mut self, searched: &Searched<'_>, found: &JmesValue, lists: Lists) -> bool {
        let text = |variable: &JmesValue| searched.text(variable);
        let Some(elements) = found.as_array() else {
            let cell = text(found);
            if let Some(cell) = &cell {
                self.push_row(Some(cell));
            }
            return cell.is_some();
        };
        if elements.iter().all(|element| element.is_null()) {
            return false;
        }
        if lists.is_row(elements.len()) && !elements.iter().any(|element| element.is_array() || element.is_object()) {
            elements.iter().for_each(|element| self.push(text(element).as_deref()));
            self.end_row();
            return true;
        }
        for element in elements {
            match element.as_array() {
                Some(cells) if cells.len() == 1 || lists.are_taken() => {
                    cells.iter().for_each(|cell| self.push(text(cell).as_deref()));
                }
                _ => self.push(text(element).as_deref()),
            }
            self.end_row();
        }
        true
    }
}

/// Whether the rows of a column hold lists of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// One cell a row.
    None,
    /// Any number of cells a row.
    Some,
    /// This many cells a row, more than one.
    Of(usize),
}

impl Lists {
    pub fn are_taken(self) -> bool {
        self != Self::None
    }

    fn is_row(self, len: usize) -> bool {
        self == Self::Of(len)
    }
}
