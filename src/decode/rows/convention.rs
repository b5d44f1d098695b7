//! Convention: how the payloads of one side are to be read, as far as the first records of an object tell.

use std::collections::HashSet;
use std::sync::Arc;

use crate::decode::rows::lines::lines_while;
use crate::decode::text::csv::{self, Dialect};

/// How the payloads of one side are read.
#[derive(Clone, Debug)]
pub struct Convention {
    pub header: Option<Header>,
    /// The baseline's columns.
    pub known: Arc<[String]>,
    /// Cells of most lines.
    pub width: Option<usize>,
    /// Of most lines of cells.
    pub dialect: &'static Dialect,
    /// Whether lists have an element for each row, where there is one row, too.
    pub lists_are_rows: bool,
    /// Whether the elements of lists are cells of one row, where a list has one element, too.
    pub lists_are_cells: bool,
    /// Whether objects of lists have a row for each element: what has lists of unequal lengths contradicts itself.
    pub lists_are_columns: bool,
    /// The length of lists, where nothing but that it is always the same tells that they are no rows; 0 where there are
    /// none.
    pub list_length: Option<usize>,
    /// Paths of lists beside an envelope's rows that have no element for each of them.
    pub fixed_lists: Arc<[String]>,
}

impl Default for Convention {
    /// By the shape of each payload alone.
    fn default() -> Self {
        Self {
            header: None,
            known: Arc::default(),
            width: None,
            dialect: Dialect::commas(),
            lists_are_rows: false,
            lists_are_cells: false,
            lists_are_columns: false,
            list_length: None,
            fixed_lists: Arc::default(),
        }
    }
}

impl Convention {
    /// The dialect of a payload: that of most others, unless it does not give as many cells as their lines have, and one
    /// other dialect alone does. `None` where no dialect fits for certain.
    pub fn dialect_of(&self, text: &str) -> Option<&'static Dialect> {
        let Some(width) = self.width.filter(|width| *width > 1) else { return Some(self.dialect) };
        let others = || Dialect::all().iter().filter(|dialect| dialect.delimiter() != self.dialect.delimiter());
        let is_as_wide = |dialect: &Dialect| is_as_wide(text, dialect, width);
        let holds = |dialect: &Dialect| memchr::memchr(dialect.delimiter(), text.as_bytes()).is_some();
        if !others().any(holds) {
            return (holds(self.dialect) || text.trim().is_empty()).then_some(self.dialect);
        }
        if is_as_wide(self.dialect) {
            return Some(self.dialect);
        }
        let mut fitting = others().filter(|other| is_as_wide(other));
        fitting.next().filter(|_| fitting.next().is_none())
    }
}

/// Whether there are lines, and all of them have so many cells.
fn is_as_wide(text: &str, dialect: &Dialect, width: usize) -> bool {
    let (mut n_lines, mut are_as_wide) = (0, true);
    let read = lines_while(text, dialect, |cells| {
        if !csv::is_blank(text, cells) {
            n_lines += 1;
            are_as_wide &= cells.len() == width;
        }
        are_as_wide
    });
    read.is_ok() && are_as_wide && n_lines > 0
}

/// First line of text payloads that names the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub names: Arc<[String]>,
}

impl Header {
    /// Whether `names` are the same words, in whatever order. Numbers are no words.
    pub fn is_order_of(&self, names: &[String]) -> bool {
        let same: HashSet<&String> = names.iter().collect();
        names.len() == self.names.len()
            && same.len() == names.len()
            && self.names.iter().all(|name| same.contains(name) && name.parse::<f64>().is_err())
    }
}
