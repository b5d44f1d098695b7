//! Table of shapes.

use super::list::{is_list, is_object};
use super::shape::Shape;
use super::table::{Beside, Rows, Table};
use super::{
    chat, columns, dataframe_records, dataframe_split, envelope, indexed, named_rows, plain, score_lists, seldon,
    tensors, vector, wrapped,
};
use crate::decode::text::json::{Node, Value};

/// Every shape, in the order in which a value is held against them. The last two take anything.
pub const SHAPES: [Shape; 19] = [
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
    envelope::OF_COLUMNS,
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
    table(value, |_| true)
}

/// The same, where the lists at the paths `fixed` have no element for each row: beside an envelope's rows they are
/// repeated, however long they are, and no columns.
pub fn table_beside<'t, 'a>(value: Value<'t, 'a>, fixed: &[String]) -> Table<'t, 'a> {
    if !fixed.is_empty()
        && let Some(mut table) = table_of_envelope(value)
    {
        let is_fixed = |beside: &Beside<'t, 'a>| is_list(beside.every_row) && fixed.contains(&beside.path());
        let of_fixed: Vec<_> = table.beside.iter_mut().filter(|beside| is_fixed(beside)).collect();
        if !of_fixed.is_empty() {
            of_fixed.into_iter().for_each(Beside::fix);
            return table;
        }
    }
    table_of(value)
}

/// The rows of an object with something beside them, where lists are no columns.
pub fn table_of_envelope<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let table = is_object(value).then(|| table(value, |shape| shape.name != columns::SHAPE.name))?;
    Some(table).filter(|table| !table.beside.is_empty())
}

fn table<'t, 'a>(value: Value<'t, 'a>, is_possible: impl Fn(&Shape) -> bool) -> Table<'t, 'a> {
    let shapes: &[Shape] = match value.node() {
        Node::Object { .. } if !value.entries().all(|(_, member)| member.is_scalar()) => &SHAPES,
        Node::Array { .. } => &SHAPES,
        _ => &[],
    };
    let mut shapes = shapes.iter().filter(|shape| is_possible(shape));
    shapes.find_map(|shape| (shape.read)(value)).unwrap_or_else(|| Table::of(Rows::One(value)))
}
