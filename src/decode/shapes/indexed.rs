//! Objects by index: pandas' `to_json`, whose rows are called "0", "1", ….

use super::list::is_object;
use super::shape::Shape;
use super::table::{Column, Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "objects by index",
    example: r#"{"age": {"0": 41, "1": 27}, "income": {"0": 1.5, "1": 2.5}}"#,
    rows: "each index; the outer keys name the columns, or the inner ones where the outer are the indices",
    read,
};

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let (_, first) = value.entries().next()?;
    let keys = keys(first);
    let is_like_first = |(_, member): (_, Value<'t, 'a>)| is_object(member) && self::keys(member) == keys;
    if keys.is_empty() || !value.entries().all(is_like_first) {
        return None;
    }
    if keys.iter().all(|key| is_index(key)) && all_scalars(value) {
        let column = |(name, member): (_, Value<'t, 'a>)| Column {
            within: Vec::new(),
            name,
            cells: member.entries().map(|(_, cell)| cell).collect(),
            width: 1,
        };
        return Some(Table::definite(Rows::Columns(value.entries().map(column).collect())));
    }
    value.entries().all(|(key, _)| is_index(key.raw)).then(|| Table::definite(Rows::Members(value)))
}

fn keys<'a>(value: Value<'_, 'a>) -> Vec<&'a str> {
    value.entries().map(|(key, _)| key.raw).collect()
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn all_scalars(value: Value<'_, '_>) -> bool {
    value.entries().all(|(_, member)| member.entries().all(|(_, cell)| cell.is_scalar()))
}
