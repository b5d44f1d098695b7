//! Tests of joining, ranking and merging over datasets on disk.

mod joining;
mod merging;
mod ordered;
mod ranking;
mod records;
mod side_tables;
mod support;
