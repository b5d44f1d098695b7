//! Arrays with names: Seldon's `ndarray` and `tensor`.

use super::list::{is_list, is_list_of, length};
use super::shape::Shape;
use super::table::{Rows, Table};
use super::tensors::dimensions;
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "array with names",
    example: r#"{"data": {"names": ["age"], "tensor": {"shape": [2, 1], "values": [41, 27]}}}"#,
    rows: "each list of `ndarray`, or as many as the first dimension of `tensor`; cells named by `names`, or known by their position where there are not as many",
    read,
};

const WRAPPER: &str = "data";

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let array = value.get(WRAPPER).unwrap_or(value);
    let names = array.get("names").filter(|names| is_list_of(*names, |name| name.text().is_some()));
    match array.get("tensor") {
        // Values that are not as many as the shape says have no other rows.
        Some(tensor) => of_tensor(tensor, names).or_else(|| Some(Table::definite(Rows::One(value)))),
        None => of_lists(array.get("ndarray")?, names),
    }
}

fn of_lists<'t, 'a>(rows: Value<'t, 'a>, names: Option<Value<'t, 'a>>) -> Option<Table<'t, 'a>> {
    let fits = |names: Value<'_, '_>| rows.elements().all(|row| is_list(row) && length(row) <= length(names));
    match names.filter(|names| fits(*names)) {
        Some(names) => Some(Table::definite(Rows::Named { names, rows })),
        None if is_list_of(rows, is_list) => Some(Table::definite(Rows::Elements(rows))),
        None => is_list_of(rows, Value::is_scalar).then(|| Table::of(Rows::Elements(rows))),
    }
}

fn of_tensor<'t, 'a>(tensor: Value<'t, 'a>, names: Option<Value<'t, 'a>>) -> Option<Table<'t, 'a>> {
    let values = tensor.get("values")?;
    let (n_rows, width) = dimensions(tensor.get("shape")?)?;
    let fits = is_list_of(values, Value::is_scalar) && n_rows.checked_mul(width) == Some(length(values));
    let names = names.filter(|names| length(*names) == width);
    let flat = || Rows::Flat { names, cells: values.elements().collect(), width };
    fits.then(
        || if width == 1 && names.is_none() { Table::of(Rows::Elements(values)) } else { Table::definite(flat()) },
    )
}
