//! Plain values: lists of rows, one row, one cell.

use super::list::length;
use super::shape::Shape;
use super::table::{Rows, Table};
use crate::decode::text::json::{Node, Value};

pub const LIST_OF_ROWS: Shape = Shape {
    name: "list of rows",
    example: r#"[[41, 1.5], [27, 2.5]]"#,
    rows: "each element that is a list, cells by position, or an object, cells by key",
    read: list_of_rows,
};

pub const LIST: Shape = Shape {
    name: "list of scalars",
    example: r#"[0, 1]"#,
    rows: "one, cells by position; where the other side of the record has as many rows as there are scalars, one for each",
    read: list,
};

pub const OBJECT: Shape = Shape {
    name: "object",
    example: r#"{"applicant": {"age": 41}, "amounts": [1.5, 2.5]}"#,
    rows: "one, cells by key: nested keys joined with dots, elements by their number (`amounts.0`)",
    read: one,
};

pub const SCALAR: Shape = Shape { name: "scalar", example: "0.7", rows: "one, of one cell", read: one };

fn list_of_rows<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let has_rows = length(value) > 0 && !value.elements().all(Value::is_scalar);
    has_rows.then(|| Table::of(Rows::Elements(value)))
}

/// An empty list has no rows.
fn list<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    match value.node() {
        Node::Array { len: 0, .. } => Some(Table::of(Rows::Elements(value))),
        Node::Array { .. } => Some(Table::of(Rows::One(value))),
        _ => None,
    }
}

fn one<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    Some(Table::of(Rows::One(value)))
}
