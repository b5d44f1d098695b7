//! Parquet files: damage, and sizes that a file only claims, cost its row group at most.
//!
//! The library that decodes pages allocates what a file asks for and panics on some damage. Here every size is held
//! against the file and a limit of memory before, and every panic is caught. Embedded Arrow schemas are not looked at:
//! the Parquet schema says what a column is.

mod checked_pages;
mod column_chunk;
mod compact_thrift;
mod delta_lengths;
mod fault;
mod file;
mod held;
mod metadata;
mod pages;
mod source;
mod unfold;

pub use fault::Fault;
pub use file::{File, RowGroup};
pub use source::Source;
