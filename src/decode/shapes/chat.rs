//! Chat documents: a list of messages is one row, however many there are.

use super::shape::Shape;
use super::table::{Rows, Table, is_list_of};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "chat",
    example: r#"{"inputs": [{"role": "user", "content": "Hello"}], "parameters": {"top_k": 5}}"#,
    rows: "one: cells by key, messages by their number",
    read,
};

const WRAPPERS: [&str; 2] = ["inputs", "instances"];

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let messages = WRAPPERS.iter().find_map(|key| value.get(key))?;
    let is_message = |message: Value<'_, '_>| message.get("role").is_some() && message.get("content").is_some();
    is_list_of(messages, is_message).then(|| Table::of(Rows::One(value)))
}
