//! Objects to records.

pub mod appearance;
mod column_naming;
mod csv_header;
pub mod csv_table;
pub mod document;
pub mod foreign;
pub mod json_lines;
pub mod lines;
pub mod quoting;
pub mod resync;
mod stray_quote;
mod valid_text;
