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
    value.entries().all(|(_, list)| length(list) > 0).then(|| columns_among(value)).flatten()
}

/// The same of an object in which other things may stand, too, but no lists that are not as long.
pub fn columns_among<'t, 'a>(value: Value<'t, 'a>) -> Option<Vec<Column<'t, 'a>>> {
    let lists = || value.entries().filter(|(_, list)| length(*list) > 0);
    let n_rows = lists().next().map(|(_, list)| length(list))?;
    let fits =
        |list: Value<'_, '_>| length(list) == n_rows && (list.elements().all(Value::is_scalar) || are_lists(list));
    let are_columns = lists().nth(1).is_some() && lists().all(|(_, list)| fits(list));
    are_columns.then(|| lists().map(|(name, list)| Column::of_list(name, list)).collect())
}

fn are_lists(list: Value<'_, '_>) -> bool {
    list.elements().all(|row| is_list(row) && row.elements().all(Value::is_scalar))
}
