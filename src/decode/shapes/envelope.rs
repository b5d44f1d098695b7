//! Envelopes: rows under a key that prediction services use (TensorFlow Serving's and Vertex AI's REST APIs, MLflow,
//! Amazon SageMaker's algorithms).

use super::columns::{columns, columns_among};
use super::list::{is_called, is_list, is_list_of, is_object};
use super::shape::Shape;
use super::table::{Rows, Table};
use super::{dataframe_split, named_rows};
use crate::decode::text::json::{Node, Value};

pub const SHAPE: Shape = Shape {
    name: "envelope",
    example: r#"{"predictions": [{"score": 0.2}, {"score": 0.7}], "model": "m1"}"#,
    rows: "each element under `instances`, `predictions`, `inputs` or `outputs`; under `data` or `scores` where they are lists or objects; a list beside the key that is as long has one element for each row, anything else is repeated",
    read: of_several,
};

pub const OF_COLUMNS: Shape = Shape {
    name: "envelope of lists",
    example: r#"{"data": {"age": [41, 27], "income": [1.5, 2.5]}}"#,
    rows: "as many as two or more lists under `data` are long, all of them equally; what else stands there or beside it, as with an envelope; where the other side of the record has one row, one",
    read: of_columns,
};

pub const OF_ONE: Shape = Shape {
    name: "envelope of one row",
    example: r#"{"inputs": {"age": 41, "income": 1.5}, "parameters": {"top_k": 5}}"#,
    rows: "one: the object under `instances`, `predictions`, `inputs` or `outputs`; beside it as with an envelope",
    read: of_one,
};

/// Keys under which any list holds rows, and an object a row or columns.
pub const ENVELOPES: [&str; 4] = ["instances", "predictions", "inputs", "outputs"];
/// Keys under which a list of objects holds rows.
const OF_OBJECTS: [&str; 2] = ["data", "scores"];
/// Keys under which a list of lists holds rows of positional cells, and an object of lists columns.
const OF_LISTS: [&str; 1] = ["data"];

fn of_several<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let (key, wrapped) = envelope(value)?;
    let has_names = || [named_rows::SHAPE, dataframe_split::SHAPE].iter().any(|shape| (shape.read)(wrapped).is_some());
    let rows = match is_list(wrapped) {
        true => Rows::Elements(wrapped),
        false => Rows::Columns(columns(wrapped).filter(|_| !has_names())?),
    };
    Some(Table::inside(value, &[key], rows))
}

fn of_columns<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let (key, lists) = value.entries().find(|(key, _)| is_called(key.raw, &OF_LISTS))?;
    let columns = columns_among(lists)?;
    let taken: Vec<&str> = columns.iter().map(|column| column.name.raw).collect();
    Some(Table::inside(lists, &taken, Rows::Columns(columns)).inside_of(value, key))
}

fn of_one<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let (key, wrapped) = envelope(value)?;
    Some(Table::inside(value, &[key], Rows::One(wrapped)))
}

/// The first envelope's key of an object, and what it holds.
pub fn envelope<'t, 'a>(value: Value<'t, 'a>) -> Option<(&'a str, Value<'t, 'a>)> {
    let is_row = |row: Value<'_, '_>| matches!(row.node(), Node::Array { len: 1.., .. });
    let is_envelope = |(key, rows): (&'a str, Value<'t, 'a>)| {
        is_called(key, &ENVELOPES) && !rows.is_scalar()
            || is_called(key, &OF_OBJECTS) && is_list_of(rows, is_object)
            || is_called(key, &OF_LISTS) && is_list_of(rows, is_row)
    };
    value.entries().map(|(key, rows)| (key.raw, rows)).find(|entry| is_envelope(*entry))
}
