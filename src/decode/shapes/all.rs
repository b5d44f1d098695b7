//! Table of shapes.

use super::shape::Shape;
use super::table::{Rows, Table};
use super::{
    chat, columns, dataframe_records, dataframe_split, envelope, indexed, named_rows, plain, score_lists, seldon,
    tensors, vector, wrapped,
};
use crate::decode::text::json::{Node, Value};

/// Every shape, in the order in which a value is held against them. The last two take anything.
pub const SHAPES: [Shape; 18] = [
    dataframe_split::SHAPE,
    named_rows::SHAPE,
    dataframe_records::SHAPE,
    seldon::SHAPE,
    tensors::SHAPE,
    chat::SHAPE,
    columns::SHAPE,
    envelope::SHAPE,
    score_lists::SHAPE,
    columns::OF_LISTS,
    wrapped::SHAPE,
    envelope::OF_ONE,
    indexed::SHAPE,
    vector::SHAPE,
    plain::LIST_OF_ROWS,
    plain::LIST,
    plain::OBJECT,
    plain::SCALAR,
];

/// The rows of a value by the first shape that it has. An object of scalars alone is a row.
pub fn table_of<'t, 'a>(value: Value<'t, 'a>) -> Table<'t, 'a> {
    let shapes: &[Shape] = match value.node() {
        Node::Object { .. } if !value.entries().all(|(_, member)| member.is_scalar()) => &SHAPES,
        Node::Array { .. } => &SHAPES,
        _ => &[],
    };
    shapes.iter().find_map(|shape| (shape.read)(value)).unwrap_or_else(|| Table::of(Rows::One(value)))
}
