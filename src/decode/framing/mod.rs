//! Objects to records.

pub mod csv_table;
pub mod document;
pub mod json_lines;
pub mod lines;
