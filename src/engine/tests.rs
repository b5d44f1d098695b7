//! Tests of joining, ranking and merging over datasets on disk.

mod companions;
mod joining;
mod merging;
mod ordered;
mod ranking;
mod records;
mod support;
