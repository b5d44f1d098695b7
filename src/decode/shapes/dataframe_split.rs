//! Data frames split into names and rows: MLflow's `dataframe_split`, pandas' `orient="split"`, Seldon's `names` and
//! `ndarray`.

use super::shape::Shape;
use super::table::{Rows, Table, is_list, is_list_of, length};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "split data frame",
    example: r#"{"dataframe_split": {"columns": ["age", "income"], "data": [[41, 1.5], [27, 2.5]]}}"#,
    rows: "each list of `data`, cells named by `columns`; `index` is no cell",
    read,
};

const WRAPPERS: [&str; 2] = ["dataframe_split", "data"];
const NAMES: [&str; 2] = ["columns", "names"];
const ROWS: [&str; 2] = ["data", "ndarray"];

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let inner = WRAPPERS.iter().find_map(|wrapper| value.get(wrapper)).filter(|inner| !is_list(*inner));
    let frame = inner.unwrap_or(value);
    let names = NAMES.iter().find_map(|key| frame.get(key))?;
    let rows = ROWS.iter().find_map(|key| frame.get(key))?;
    let width = length(names);
    let is_frame = is_list_of(names, |name| name.text().is_some()) && is_list(rows);
    let fits = |row: Value<'_, '_>| is_list(row) && length(row) == width;
    (is_frame && rows.elements().all(fits)).then(|| Table::definite(Rows::Named { names, rows }))
}
