//! Data frames split into names and rows: MLflow's `dataframe_split`, pandas' `orient="split"`.

use super::list::{is_list, is_list_of};
use super::shape::Shape;
use super::table::{Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "split data frame",
    example: r#"{"dataframe_split": {"columns": ["age", "income"], "data": [[41, 1.5], [27, 2.5]]}}"#,
    rows: "each list of `data`, cells named by `columns`, or known by their position where there are none; `index` is no cell",
    read,
};

const WRAPPERS: [&str; 2] = ["dataframe_split", "data"];
const NAMES: &str = "columns";
const ROWS: &str = "data";

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let inner = WRAPPERS.iter().find_map(|wrapper| value.get(wrapper)).filter(|inner| !is_list(*inner));
    let frame = inner.unwrap_or(value);
    let rows = frame.get(ROWS)?;
    let Some(names) = frame.get(NAMES) else {
        // Without names the cells are known by their position.
        let is_frame = value.get(WRAPPERS[0]).is_some() && is_list_of(rows, is_list);
        return is_frame.then(|| Table::definite(Rows::Elements(rows)));
    };
    let is_frame = is_list_of(names, |name| name.text().is_some()) && is_list(rows) && rows.elements().all(is_list);
    is_frame.then(|| Table::definite(Rows::Named { names, rows }))
}
