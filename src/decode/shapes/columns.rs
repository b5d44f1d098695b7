//! Objects of lists: each list is a column.

use super::list::{is_list, length};
use super::shape::Shape;
use super::table::{Column, Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "object of lists",
    example: r#"{"age": [41, 27], "income": [1.5, 2.5]}"#,
    rows: "as many as two or more lists are long, all of them equally; where the other side of the record has one row, one",
    read: |value| of_scalars(value).then(|| columns(value)).flatten().map(|columns| Table::of(Rows::Columns(columns))),
};

pub const OF_LISTS: Shape = Shape {
    name: "object of lists, some of lists",
    example: r#"{"class": ["no", "yes"], "embedding": [[0.1, 0.2], [0.3, 0.4]]}"#,
    rows: "the same; a list inside a list is cells called by the key and their number",
    read: |value| columns(value).map(|columns| Table::of(Rows::Columns(columns))),
};

fn of_scalars(value: Value<'_, '_>) -> bool {
    value.entries().all(|(_, list)| list.elements().all(Value::is_scalar))
}

/// The columns of an object of at least two lists, which are equally long and not empty. Each holds scalars alone, or
/// lists alone.
pub fn columns<'t, 'a>(value: Value<'t, 'a>) -> Option<Vec<Column<'t, 'a>>> {
    let mut n_rows = None;
    let mut n_columns = 0;
    let all_fit = value.entries().all(|(_, list)| {
        n_columns += 1;
        let len = length(list);
        len > 0 && *n_rows.get_or_insert(len) == len && (list.elements().all(Value::is_scalar) || are_lists(list))
    });
    let columns = || value.entries().map(|(name, list)| Column::of_list(name, list)).collect();
    (all_fit && n_columns >= 2).then(columns)
}

fn are_lists(list: Value<'_, '_>) -> bool {
    list.elements().all(|row| is_list(row) && row.elements().all(Value::is_scalar))
}
