//! Shapes of JSON payloads: where the rows are in a value, one file a shape.

mod all;
mod chat;
mod columns;
mod dataframe_records;
mod dataframe_split;
mod envelope;
mod indexed;
mod list;
mod named_rows;
mod plain;
mod row;
mod score_lists;
mod seldon;
mod shape;
mod table;
mod tensors;
mod unfolding;
mod vector;
mod wrapped;

pub use all::{SHAPES, table_beside, table_of, table_of_envelope};
pub use envelope::envelope;
pub use list::{is_called, is_list, is_list_of, is_object, length};
pub use row::cells_of;
pub use shape::Shape;
pub use table::{Beside, Column, Rows, Table};
pub use tensors::{Inconsistency, inconsistency};
pub use unfolding::Lists;
pub use wrapped::WRAPPERS;
