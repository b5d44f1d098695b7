//! Tensors: named arrays with a shape, whose first dimension counts the rows (KServe's Open Inference Protocol,
//! version 2, which Triton speaks, too).

use super::list::{is_list_of, is_object, length};
use super::shape::Shape;
use super::table::{Column, Rows, Table};
use crate::decode::text::json::{Node, Text, Value};

pub const SHAPE: Shape = Shape {
    name: "tensors",
    example: r#"{"inputs": [{"name": "age", "shape": [2, 1], "datatype": "INT64", "data": [41, 27]}]}"#,
    rows: "as many as the first dimension; a column for each tensor, or several where a row holds several numbers; model, version, id and parameters are no cells",
    read,
};

const WRAPPERS: [&str; 2] = ["inputs", "outputs"];

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let tensors = match WRAPPERS.iter().find_map(|key| value.get(key)) {
        Some(list) if is_list_of(list, is_object) => list.elements().collect(),
        Some(_) => return None,
        None if value.get("shape").is_some() => vec![value],
        None => return None,
    };
    let tensors: Option<Vec<Tensor<'t, 'a>>> = tensors.into_iter().map(Tensor::of).collect();
    let tensors = tensors?;
    let n_rows = tensors.first()?.n_rows;
    let agree = tensors.iter().all(|tensor| tensor.n_rows == n_rows);
    let columns = |tensors: Vec<Tensor<'t, 'a>>| tensors.into_iter().map(Tensor::column).collect();
    agree.then(|| Table::definite(Rows::Columns(columns(tensors))))
}

struct Tensor<'t, 'a> {
    name: Text<'a>,
    n_rows: usize,
    width: usize,
    numbers: Vec<Value<'t, 'a>>,
}

impl<'t, 'a> Tensor<'t, 'a> {
    /// A tensor whose data are as many as its shape says.
    fn of(value: Value<'t, 'a>) -> Option<Self> {
        let name = value.get("name")?.text()?;
        let (shape, data) = (value.get("shape")?, value.get("data")?);
        let (n_rows, width) = dimensions(shape)?;
        let mut numbers = Vec::new();
        flatten(data, &mut numbers);
        let fits = length(data) > 0 && width > 0 && n_rows.checked_mul(width) == Some(numbers.len());
        fits.then_some(Self { name, n_rows, width, numbers })
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
