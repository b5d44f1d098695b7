//! Chat documents: a list of messages is one row, however many there are.

use super::list::{is_called, is_list_of};
use super::shape::Shape;
use super::table::{Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "chat",
    example: r#"{"inputs": [{"role": "user", "content": "Hello"}], "parameters": {"top_k": 5}}"#,
    rows: "one: cells by key, messages by their number",
    read,
};

const WRAPPERS: [&str; 2] = ["inputs", "instances"];

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let (_, messages) = value.entries().find(|(key, _)| is_called(key.raw, &WRAPPERS))?;
    is_list_of(messages, is_message).then(|| Table::of(Rows::One(value)))
}

/// Whether an object is what one party of a conversation said.
pub fn is_message(value: Value<'_, '_>) -> bool {
    value.get("role").is_some() && value.get("content").is_some()
}
