//! Arrow columns to cells of text, for columnar files whose data has types of its own.
//!
//! Structures become dotted names, lists `name.0`, `name.1`, …. A number that is not one (NaN) is
//! null; an infinite number becomes the literal of a number beyond the range of a double, which
//! reads back as infinite. A value that has no text is null, and counted.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, Int64Array, RecordBatch, StringViewArray, StringViewBuilder,
    new_null_array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Field, Float16Type, Float32Type, Float64Type};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::decode::batch::events::of_columns;
use crate::decode::batch::layout::cell_field;
use crate::decode::batch::order::Order;
use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::limits::MAX_COLUMNS;
use crate::decode::reason::{CellReason, Reason};

/// Literals of numbers beyond the range of a double, above and below it.
pub const BEYOND_RANGE: [&str; 2] = ["1e999", "-1e999"];

/// Cells of a batch, at most: a long list in one row gives all rows of its batch as many columns.
const MAX_CELLS: usize = 1 << 20;

/// As [`cells`], in batches of fewer rows where a long list makes all of them wide.
pub fn cells_in_parts(
    object: &str,
    first_row: u64,
    batch: &RecordBatch,
    unreadable: &mut UnreadableCells,
) -> Result<Vec<RecordBatch>, Reason> {
    let n_rows = batch.num_rows();
    let mut counted = UnreadableCells::default();
    match flattened(batch, &mut counted, MAX_CELLS.max(n_rows)) {
        Err(Unfit::TooWide) if n_rows > 1 => {
            let (first, rest) = (batch.slice(0, n_rows / 2), batch.slice(n_rows / 2, n_rows - n_rows / 2));
            let mut parts = cells_in_parts(object, first_row, &first, unreadable)?;
            parts.append(&mut cells_in_parts(object, first_row + first.num_rows() as u64, &rest, unreadable)?);
            Ok(parts)
        }
        columns => {
            unreadable.merge(&counted);
            Ok(vec![of_columns(object, first_row, columns?, n_rows).map_err(|_| Reason::Corrupt)?])
        }
    }
}

/// The rows of `batch` as cells; those that have no text are null, and counted in `unreadable`. `first_row` is the
/// one-based number of its first row in the object. Fails where the rows are of no use: they have too many columns, or
/// their arrays contradict each other.
pub fn cells(
    object: &str,
    first_row: u64,
    batch: &RecordBatch,
    unreadable: &mut UnreadableCells,
) -> Result<RecordBatch, Reason> {
    let columns = flattened(batch, unreadable, usize::MAX)?;
    of_columns(object, first_row, columns, batch.num_rows()).map_err(|_| Reason::Corrupt)
}

/// The columns of cells that `batch` becomes; not where they are more than `max_cells`.
fn flattened(
    batch: &RecordBatch,
    unreadable: &mut UnreadableCells,
    max_cells: usize,
) -> Result<Vec<(Field, ArrayRef)>, Unfit> {
    let max_columns = max_cells.checked_div(batch.num_rows()).unwrap_or(max_cells);
    let mut cells = Cells { columns: Vec::new(), unreadable, max_columns };
    for (position, field) in batch.schema().fields().iter().enumerate() {
        cells.flatten(field.name(), &Order::of_table(position), batch.column(position))?;
    }
    Ok(cells.columns)
}

/// Why rows do not become cells.
enum Unfit {
    /// A part of them would.
    TooWide,
    Rejected(Reason),
}

impl From<ArrowError> for Unfit {
    fn from(_: ArrowError) -> Self {
        Self::Rejected(Reason::Corrupt)
    }
}

impl From<Unfit> for Reason {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::TooWide => Self::TooManyColumns,
            Unfit::Rejected(reason) => reason,
        }
    }
}

/// Columns of cells that are being made.
struct Cells<'a> {
    columns: Vec<(Field, ArrayRef)>,
    unreadable: &'a mut UnreadableCells,
    max_columns: usize,
}

impl Cells<'_> {
    fn flatten(&mut self, name: &str, order: &Order, array: &ArrayRef) -> Result<(), Unfit> {
        match array.data_type() {
            DataType::Struct(fields) => {
                let children = array.as_struct();
                for (i, field) in fields.iter().enumerate() {
                    let child = with_nulls_of(array, children.column(i))?;
                    self.flatten(&format!("{name}.{}", field.name()), &order.inside(i), &child)?;
                }
                Ok(())
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                let row = |row: usize| (list.value_offsets()[row] as usize, list.value_length(row) as usize);
                self.elements(name, order, array, list.values(), row)
            }
            DataType::LargeList(_) => {
                let list = array.as_list::<i64>();
                let row = |row: usize| (list.value_offsets()[row] as usize, list.value_length(row) as usize);
                self.elements(name, order, array, list.values(), row)
            }
            DataType::FixedSizeList(_, _) => {
                let list = array.as_fixed_size_list();
                let row = |row: usize| (list.value_offset(row) as usize, list.value_length() as usize);
                self.elements(name, order, array, list.values(), row)
            }
            _ => {
                let (text, reason) = text(array)?;
                let n_lost = text.null_count().saturating_sub(n_nulls(array));
                self.unreadable.add(reason, name, n_lost as u64);
                self.columns.push((cell_field(name, order), Arc::new(text)));
                match self.columns.len() {
                    n if n > self.max_columns => Err(Unfit::TooWide),
                    n if n > MAX_COLUMNS => Err(Unfit::Rejected(Reason::TooManyColumns)),
                    _ => Ok(()),
                }
            }
        }
    }

    /// The elements of lists, one column for each place in the longest of them.
    fn elements(
        &mut self,
        name: &str,
        order: &Order,
        array: &ArrayRef,
        values: &ArrayRef,
        row_range: impl Fn(usize) -> (usize, usize),
    ) -> Result<(), Unfit> {
        let length = |row: usize| if array.is_valid(row) { row_range(row).1 } else { 0 };
        let is_long = |row: &usize| length(*row) > MAX_COLUMNS;
        let n_long = (0..array.len()).filter(is_long).count();
        self.unreadable.add(CellReason::TooLong, name, n_long as u64);
        let length = |row: usize| if is_long(&row) { 0 } else { length(row) };
        let longest = (0..array.len()).map(length).max().unwrap_or(0);
        for i in 0..longest {
            let place = |row: usize| (i < length(row)).then(|| (row_range(row).0 + i) as i64);
            let places: Int64Array = (0..array.len()).map(place).collect();
            self.flatten(&format!("{name}.{i}"), &order.inside(i), &take(values, &places, None)?)?;
        }
        Ok(())
    }
}

/// `child` with the rows null where `parent` is.
fn with_nulls_of(parent: &ArrayRef, child: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if parent.null_count() == 0 {
        return Ok(child.clone());
    }
    let rows: Int64Array = (0..parent.len()).map(|row| parent.is_valid(row).then_some(row as i64)).collect();
    take(child, &rows, None)
}

/// Cells that hold nothing; numbers that are none do not, either.
fn n_nulls(array: &ArrayRef) -> usize {
    fn is_nan<F: Float>(number: F) -> bool {
        number.into().is_nan()
    }
    let n_nan = match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().iter().flatten().filter(|n| is_nan(*n)).count(),
        DataType::Float32 => array.as_primitive::<Float32Type>().iter().flatten().filter(|n| is_nan(*n)).count(),
        DataType::Float16 => array.as_primitive::<Float16Type>().iter().flatten().filter(|n| n.is_nan()).count(),
        _ => 0,
    };
    array.logical_null_count() + n_nan
}

/// The cells of a column, and why those are null that hold something.
fn text(array: &ArrayRef) -> Result<(StringViewArray, CellReason), ArrowError> {
    let text = match array.data_type() {
        DataType::Float64 => floats(array.as_primitive::<Float64Type>().iter()),
        DataType::Float32 => floats(array.as_primitive::<Float32Type>().iter()),
        DataType::Float16 => floats(array.as_primitive::<Float16Type>().iter().map(|half| half.map(f32::from))),
        DataType::Null => new_null_array(&DataType::Utf8View, array.len()).as_string_view().clone(),
        DataType::Utf8View => array.as_string_view().clone(),
        DataType::Utf8 | DataType::LargeUtf8 => cast(array, &DataType::Utf8View)?.as_string_view().clone(),
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) | DataType::BinaryView => {
            let binary = cast(array, &DataType::BinaryView)?;
            return Ok((readable(binary.as_binary_view())?, CellReason::NotText));
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let (values, reason) = text(dictionary.values())?;
            return Ok((take(&values, dictionary.keys(), None)?.as_string_view().clone(), reason));
        }
        _ => return Ok(formatted(array)),
    };
    Ok((text, CellReason::OutOfRange))
}

/// The bytes that are UTF-8 text, without a copy: many cells may show one text of a dictionary.
fn readable(binary: &BinaryViewArray) -> Result<StringViewArray, ArrowError> {
    let is_text: BooleanBuffer =
        binary.iter().map(|bytes| bytes.is_some_and(|bytes| str::from_utf8(bytes).is_ok())).collect();
    let views = binary.views().iter().zip(&is_text).map(|(view, is_text)| if is_text { *view } else { 0 });
    StringViewArray::try_new(views.collect(), binary.data_buffers().to_vec(), Some(NullBuffer::new(is_text)))
}

/// Values in Arrow's own notation.
fn formatted(array: &ArrayRef) -> (StringViewArray, CellReason) {
    let options = FormatOptions::default().with_display_error(false);
    let is_nested = array.data_type().is_nested();
    let formatter = (!is_nested).then(|| ArrayFormatter::try_new(array, &options).ok()).flatten();
    let Some(formatter) = formatter else {
        let nothing = new_null_array(&DataType::Utf8View, array.len());
        return (nothing.as_string_view().clone(), CellReason::UnsupportedType);
    };
    let mut cells = StringViewBuilder::with_capacity(array.len());
    let mut text = String::new();
    for row in 0..array.len() {
        text.clear();
        let is_written = array.is_valid(row) && formatter.value(row).write(&mut text).is_ok();
        cells.append_option(is_written.then_some(&text));
    }
    (cells.finish(), CellReason::OutOfRange)
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
                let _ = write!(text, "{number:?}");
                cells.append_value(&text);
            }
            _ => cells.append_null(),
        }
    }
    cells.finish()
}
