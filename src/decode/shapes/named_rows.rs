//! Lists of cells beside the names of their columns, by other keys than those of data frames (Azure Machine Learning).

use super::list::{is_called, is_list, is_list_of, length};
use super::shape::Shape;
use super::table::{Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "rows beside their names",
    example: r#"{"fields": ["age", "income"], "values": [[41, 1.5], [27, 2.5]]}"#,
    rows: "each list under `values`, `rows`, `data` or `instances`, all as long as the names under `columns`, `fields` or `header`; other keys are beside them",
    read,
};

const NAMES: [&str; 3] = ["columns", "fields", "header"];
const ROWS: [&str; 4] = ["values", "rows", "data", "instances"];

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let is_name = |name: Value<'_, '_>| name.text().is_some();
    let under = |keys: &[&str]| value.entries().find(|(key, _)| is_called(key.raw, keys));
    let (names_key, names) = under(&NAMES).filter(|(_, names)| is_list_of(*names, is_name))?;
    let is_row = |row: Value<'_, '_>| is_list(row) && length(row) == length(names);
    let (rows_key, rows) = under(&ROWS).filter(|(_, rows)| is_list(*rows) && rows.elements().all(is_row))?;
    let table = Table::inside(value, &[names_key.raw, rows_key.raw], Rows::Named { names, rows });
    Some(Table { is_definite: true, ..table })
}
