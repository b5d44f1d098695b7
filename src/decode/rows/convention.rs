//! Convention: how the payloads of one side are to be read, as far as the first records of an object tell.

use std::collections::HashSet;
use std::sync::Arc;

use crate::decode::text::csv::Dialect;

/// How the payloads of one side are read.
#[derive(Clone, Debug)]
pub struct Convention {
    pub header: Option<Header>,
    /// The baseline's columns.
    pub known: Arc<[String]>,
    /// Cells of most lines.
    pub width: Option<usize>,
    /// Of lines of cells.
    pub dialect: &'static Dialect,
    /// Whether lists have an element for each row, where there is one row, too.
    pub lists_are_rows: bool,
    /// Whether the elements of lists are cells of one row, where a list has one element, too.
    pub lists_are_cells: bool,
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
        }
    }
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
