//! Lists of scores, one for each row, under a key that names them.

use super::list::{is_called, is_list, is_list_of, length};
use super::shape::Shape;
use super::table::{Column, Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "lists of scores",
    example: r#"{"probabilities": [[0.9, 0.1], [0.3, 0.7]], "labels": ["no", "yes"]}"#,
    rows: "each list under `probabilities`, `scores` or `logits`, cells called by the key and their number; beside it as with an envelope",
    read,
};

const KEYS: [&str; 3] = ["probabilities", "scores", "logits"];

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let is_row = |row: Value<'_, '_>| is_list(row) && length(row) > 0;
    let is_scores = |key: &str, rows: Value<'_, '_>| is_called(key, &KEYS) && is_list_of(rows, is_row);
    let (name, rows) = value.entries().find(|(key, rows)| is_scores(key.raw, *rows))?;
    Some(Table::inside(value, &[name.raw], Rows::Columns(vec![Column::of_list(name, rows)])))
}
