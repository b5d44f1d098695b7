//! One row in JSON: an object by its keys, a list by its positions, a scalar as one cell.

use super::list::is_list_of;
use crate::decode::text::json::{Node, Value};

/// Keys on the way to a list of numbers that is all of a row (Amazon SageMaker's dense format).
const VECTORS: [&[&str]; 2] = [&["features"], &["data", "features", "values"]];

/// The cells of a row: of an object that holds nothing but a vector, that vector.
pub fn cells_of<'t, 'a>(row: Value<'t, 'a>) -> Value<'t, 'a> {
    vector_of(row).unwrap_or(row)
}

/// The vector that is all of a row.
pub fn vector_of<'t, 'a>(row: Value<'t, 'a>) -> Option<Value<'t, 'a>> {
    let Node::Object { len: 1, .. } = row.node() else { return None };
    let only = |value: Value<'t, 'a>, key: &&str| match value.node() {
        Node::Object { len: 1, .. } => value.get(key),
        _ => None,
    };
    let at = |keys: &&[&str]| keys.iter().try_fold(row, only);
    VECTORS.iter().find_map(at).filter(|vector| is_list_of(*vector, Value::is_scalar))
}

/// Cells of a row that are known by their position.
pub fn n_positional(row: Value<'_, '_>) -> usize {
    n_without_key(cells_of(row))
}

fn n_without_key(value: Value<'_, '_>) -> usize {
    match value.node() {
        Node::Object { .. } => 0,
        Node::Array { .. } => value.elements().map(n_without_key).sum(),
        _ => 1,
    }
}

/// Cells of a row.
pub fn n_cells(row: Value<'_, '_>) -> usize {
    match row.node() {
        Node::Object { .. } => row.entries().map(|(_, value)| n_cells(value)).sum(),
        Node::Array { .. } => row.elements().map(n_cells).sum(),
        _ => 1,
    }
}
