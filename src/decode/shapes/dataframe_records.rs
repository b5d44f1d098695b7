//! Data frames as a list of records: MLflow's `dataframe_records`.

use super::list::{is_list_of, is_object};
use super::shape::Shape;
use super::table::{Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "data frame of records",
    example: r#"{"dataframe_records": [{"age": 41}, {"age": 27}]}"#,
    rows: "each record, cells by key",
    read,
};

const KEY: &str = "dataframe_records";

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    let records = value.get(KEY).filter(|records| is_list_of(*records, is_object))?;
    Some(Table::inside(value, &[KEY], Rows::Elements(records)))
}
