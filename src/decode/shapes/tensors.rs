//! Tensors: named arrays with a shape, whose first dimension counts the rows (KServe's Open Inference Protocol,
//! version 2, which Triton speaks, too).

use super::list::{is_list, is_list_of, is_object};
use super::shape::Shape;
use super::table::{Column, Rows, Table};
use crate::decode::text::json::{Node, Text, Value};

pub const SHAPE: Shape = Shape {
    name: "tensors",
    example: r#"{"inputs": [{"name": "age", "shape": [2, 1], "datatype": "INT64", "data": [41, 27]}]}"#,
    rows: "as many as the first dimension; a column for each tensor, or several where a row holds several numbers; model, version, id and parameters are no cells; tensors that contradict their shapes or one another are rejected",
    read,
};

const WRAPPERS: [&str; 2] = ["inputs", "outputs"];

/// What keeps tensors from being the columns of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inconsistency<'a> {
    /// A tensor has not as many values as its shape says.
    Values { name: Text<'a>, n: usize, n_by_shape: usize },
    /// Two tensors have different numbers of rows.
    Rows { first: (Text<'a>, usize), other: (Text<'a>, usize) },
}

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let tensors = tensors(value)?;
    let is_inconsistent = contradiction(&tensors).is_some();
    let is_empty = tensors.iter().any(|tensor| tensor.numbers.is_empty());
    let rows = Rows::Columns(tensors.into_iter().map(Tensor::column).collect());
    match (is_inconsistent, is_empty) {
        (true, _) => Some(Table::inconsistent(rows)),
        (false, true) => None,
        (false, false) => Some(Table::definite(rows)),
    }
}

/// What is wrong with the tensors of a value, where it holds nothing else.
pub fn inconsistency<'a>(value: Value<'_, 'a>) -> Option<Inconsistency<'a>> {
    contradiction(&tensors(value)?)
}

/// The tensors of a value that holds nothing else, and one at least.
fn tensors<'t, 'a>(value: Value<'t, 'a>) -> Option<Vec<Tensor<'t, 'a>>> {
    match WRAPPERS.iter().find_map(|key| value.get(key)) {
        Some(list) if is_list_of(list, is_object) => list.elements().map(Tensor::of).collect(),
        Some(_) => None,
        None => Some(vec![Tensor::of(value)?]),
    }
}

fn contradiction<'a>(tensors: &[Tensor<'_, 'a>]) -> Option<Inconsistency<'a>> {
    let of_values = |tensor: &Tensor<'_, 'a>| {
        let n_by_shape = tensor.n_rows.checked_mul(tensor.width);
        let (name, n, n_by_shape) = (tensor.name, tensor.numbers.len(), n_by_shape.unwrap_or(usize::MAX));
        (n != n_by_shape).then_some(Inconsistency::Values { name, n, n_by_shape })
    };
    let first = tensors.first()?;
    let other = || tensors.iter().find(|tensor| tensor.n_rows != first.n_rows);
    let of_rows = |other: &Tensor<'_, 'a>| Inconsistency::Rows {
        first: (first.name, first.n_rows),
        other: (other.name, other.n_rows),
    };
    tensors.iter().find_map(of_values).or_else(|| other().map(of_rows))
}

struct Tensor<'t, 'a> {
    name: Text<'a>,
    n_rows: usize,
    width: usize,
    numbers: Vec<Value<'t, 'a>>,
}

impl<'t, 'a> Tensor<'t, 'a> {
    fn of(value: Value<'t, 'a>) -> Option<Self> {
        let name = value.get("name")?.text()?;
        let (shape, data) = (value.get("shape")?, value.get("data").filter(|data| is_list(*data))?);
        let (n_rows, width) = dimensions(shape)?;
        let mut numbers = Vec::new();
        flatten(data, &mut numbers);
        Some(Self { name, n_rows, width, numbers })
    }

    fn column(self) -> Column<'t, 'a> {
        Column { within: Vec::new(), name: self.name, cells: self.numbers, width: self.width }
    }
}

/// The first number of a shape, and the product of the others.
pub fn dimensions(shape: Value<'_, '_>) -> Option<(usize, usize)> {
    let dimension = |number: Value<'_, '_>| match number.node() {
        Node::Literal(word) => word.parse::<usize>().ok(),
        _ => None,
    };
    let shape: Option<Vec<usize>> = shape.elements().map(dimension).collect();
    let shape = shape?;
    let (&first, others) = shape.split_first()?;
    let product = others.iter().try_fold(1_usize, |product, &n| product.checked_mul(n))?;
    Some((first, product))
}

fn flatten<'t, 'a>(value: Value<'t, 'a>, out: &mut Vec<Value<'t, 'a>>) {
    match value.node() {
        Node::Array { .. } => value.elements().for_each(|element| flatten(element, out)),
        _ => out.push(value),
    }
}
