//! Arrow columns to cells of text, for columnar files whose data has types of its own.
//!
//! Structures become dotted names, lists `name.0`, `name.1`, …. A number that is not one (NaN) is
//! null; an infinite number becomes the literal of a number beyond the range of a double, which
//! reads back as infinite.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray, StringViewBuilder};
use arrow::compute::{CastOptions, cast_with_options, take};
use arrow::datatypes::{DataType, Field, Float32Type, Float64Type};
use arrow::error::ArrowError;

use crate::decode::batch::events::of_columns;
use crate::decode::batch::layout::cell_field;
use crate::decode::batch::order::Order;
use crate::decode::limits::MAX_COLUMNS;
use crate::error::{self, Result};

/// Literals of numbers beyond the range of a double, above and below it.
pub const BEYOND_RANGE: [&str; 2] = ["1e999", "-1e999"];

/// The rows of `batch` as cells. `first_row` is the one-based number of its first row in the object.
pub fn cells(object: &str, first_row: u64, batch: &RecordBatch) -> Result<RecordBatch> {
    let mut columns = Vec::new();
    let corrupt = |defect: ArrowError| error::Error::new(&error::INPUT_UNREADABLE, object, defect);
    for (position, field) in batch.schema().fields().iter().enumerate() {
        flatten(field.name(), &Order::of_table(position), batch.column(position), &mut columns).map_err(corrupt)?;
    }
    if columns.len() > MAX_COLUMNS {
        let cause = format!("it holds {} columns, more than the limit of {MAX_COLUMNS}", columns.len());
        return Err(error::Error::new(&error::INPUT_UNREADABLE, object, cause));
    }
    of_columns(object, first_row, columns, batch.num_rows())
}

fn flatten(
    name: &str,
    order: &Order,
    array: &ArrayRef,
    columns: &mut Vec<(Field, ArrayRef)>,
) -> std::result::Result<(), ArrowError> {
    match array.data_type() {
        DataType::Struct(fields) => {
            let children = array.as_struct();
            for (i, field) in fields.iter().enumerate() {
                let child = with_nulls_of(array, children.column(i))?;
                flatten(&format!("{name}.{}", field.name()), &order.inside(i), &child, columns)?;
            }
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let row = |row: usize| (list.value_offsets()[row] as usize, list.value_length(row) as usize);
            elements(name, order, array, list.values(), row, columns)?;
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            let row = |row: usize| (list.value_offsets()[row] as usize, list.value_length(row) as usize);
            elements(name, order, array, list.values(), row, columns)?;
        }
        DataType::FixedSizeList(_, _) => {
            let list = array.as_fixed_size_list();
            let row = |row: usize| (list.value_offset(row) as usize, list.value_length() as usize);
            elements(name, order, array, list.values(), row, columns)?;
        }
        _ => columns.push((cell_field(name, order), Arc::new(text(array)?))),
    }
    Ok(())
}

/// `child` with the rows null where `parent` is.
fn with_nulls_of(parent: &ArrayRef, child: &ArrayRef) -> std::result::Result<ArrayRef, ArrowError> {
    if parent.null_count() == 0 {
        return Ok(child.clone());
    }
    let rows: Int64Array = (0..parent.len()).map(|row| parent.is_valid(row).then_some(row as i64)).collect();
    take(child, &rows, None)
}

/// The elements of lists, one column for each place in the longest of them.
fn elements(
    name: &str,
    order: &Order,
    array: &ArrayRef,
    values: &ArrayRef,
    row_range: impl Fn(usize) -> (usize, usize),
    columns: &mut Vec<(Field, ArrayRef)>,
) -> std::result::Result<(), ArrowError> {
    let length = |row: usize| if array.is_valid(row) { row_range(row).1 } else { 0 };
    let longest = (0..array.len()).map(length).max().unwrap_or(0);
    if longest > MAX_COLUMNS {
        return Err(ArrowError::InvalidArgumentError(format!("a list holds {longest} elements")));
    }
    for i in 0..longest {
        let place = |row: usize| (i < length(row)).then(|| (row_range(row).0 + i) as i64);
        let places: Int64Array = (0..array.len()).map(place).collect();
        flatten(&format!("{name}.{i}"), &order.inside(i), &take(values, &places, None)?, columns)?;
    }
    Ok(())
}

fn text(array: &ArrayRef) -> std::result::Result<StringViewArray, ArrowError> {
    match array.data_type() {
        DataType::Float64 => Ok(floats(array.as_primitive::<Float64Type>().iter())),
        DataType::Float32 => Ok(floats(array.as_primitive::<Float32Type>().iter())),
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) | DataType::BinaryView => {
            let binary = cast_with_options(array, &DataType::BinaryView, &CastOptions::default())?;
            let lossy = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            Ok(binary.as_binary_view().iter().map(lossy).collect())
        }
        _ => {
            let options = CastOptions { safe: false, ..CastOptions::default() };
            Ok(cast_with_options(array, &DataType::Utf8View, &options)?.as_string_view().clone())
        }
    }
}

/// A floating-point number that can be printed so that it reads back the same.
trait Float: Copy + std::fmt::Debug + Into<f64> {}
impl Float for f32 {}
impl Float for f64 {}

fn floats<F: Float>(numbers: impl Iterator<Item = Option<F>>) -> StringViewArray {
    let mut cells = StringViewBuilder::new();
    let mut text = String::new();
    for number in numbers {
        text.clear();
        let wide = number.map_or(f64::NAN, Into::into);
        match number {
            Some(_) if wide.is_infinite() => cells.append_value(BEYOND_RANGE[usize::from(wide < 0.0)]),
            Some(number) if !wide.is_nan() => {
                // `Debug` prints the shortest digits that read back the same, always with a fraction or an exponent.
                let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{number:?}"));
                cells.append_value(&text);
            }
            _ => cells.append_null(),
        }
    }
    cells.finish()
}
