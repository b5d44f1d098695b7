//! Shapes of JSON payloads: where the rows are in a value, one file a shape.

mod all;
mod chat;
mod columns;
mod dataframe_records;
mod dataframe_split;
mod envelope;
mod indexed;
mod plain;
mod score_lists;
mod shape;
mod table;
mod tensors;

pub use all::{SHAPES, table_of};
pub use envelope::envelope;
pub use shape::Shape;
pub use table::{Beside, Column, Rows, Table, is_list, length};
pub use tensors::{Inconsistency, inconsistency};
