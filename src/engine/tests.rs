//! Tests of joins, sorts and merging over datasets on disk.

mod joining;
mod memory_sort;
mod merging;
mod places;
mod score_sort;
mod side_tables;
mod sort_records;
mod support;
