//! Shape: one way in which the rows of a payload are written in JSON.

use super::table::Table;
use crate::decode::text::json::Value;

/// A shape, and what finds its rows.
pub struct Shape {
    pub name: &'static str,
    /// A payload of two rows or of one, as it is written.
    pub example: &'static str,
    /// What its rows are.
    pub rows: &'static str,
    /// The rows of a value; `None` where it is not of this shape.
    pub read: for<'t, 'a> fn(Value<'t, 'a>) -> Option<Table<'t, 'a>>,
}
