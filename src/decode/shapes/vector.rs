//! Vectors of features: Amazon SageMaker's dense format.

use super::row::vector_of;
use super::shape::Shape;
use super::table::{Rows, Table};
use crate::decode::text::json::Value;

pub const SHAPE: Shape = Shape {
    name: "vector of features",
    example: r#"{"features": [41, 1.5]}"#,
    rows: "one, cells by position; so is each row of another shape that is nothing else, or `{\"data\": {\"features\": {\"values\": […]}}}`",
    read,
};

fn read<'t, 'a>(value: Value<'t, 'a>) -> Option<Table<'t, 'a>> {
    vector_of(value).map(|vector| Table::definite(Rows::One(vector)))
}
