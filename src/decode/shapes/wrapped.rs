//! Wrapped documents: one whose keys tell its rows stands under a key that services put around their answers (Amazon
//! API Gateway's proxies, Seldon, Azure Machine Learning).

use super::list::{is_called, is_object};
use super::shape::Shape;
use super::table::Table;
use super::{dataframe_records, dataframe_split, envelope, named_rows, score_lists, seldon, tensors};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "wrapped document",
    example: r#"{"result": {"predictions": [{"score": 0.2}, {"score": 0.7}]}, "status": "ok"}"#,
    rows: "those of the only document of a shape above, but of chats and of objects of lists, or of an envelope of lists, under `result`, `results`, `response`, `request`, `body`, `payload`, `data`, `output`, `input` or `jsonData`, also as a text of JSON, or under an envelope's key; other keys are beside them",
    read,
};

/// Keys around documents.
pub const WRAPPERS: [&str; 10] =
    ["result", "results", "response", "request", "body", "payload", "data", "output", "input", "jsonData"];
/// What may stand under them.
const DOCUMENTS: [Shape; 9] = [
    dataframe_split::SHAPE,
    named_rows::SHAPE,
    dataframe_records::SHAPE,
    seldon::SHAPE,
    tensors::SHAPE,
    envelope::SHAPE,
    score_lists::SHAPE,
    SHAPE,
    envelope::OF_COLUMNS,
];

fn is_wrapper(key: &str) -> bool {
    is_called(key, &WRAPPERS) || is_called(key, &envelope::ENVELOPES)
}

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let documents = value.entries().filter(|(key, inner)| is_object(*inner) && is_wrapper(key.raw));
    let mut tables = documents.filter_map(|(key, inner)| {
        let table = DOCUMENTS.iter().find_map(|shape| (shape.read)(inner))?;
        Some(table.within(value, key))
    });
    tables.next().filter(|_| tables.next().is_none())
}
