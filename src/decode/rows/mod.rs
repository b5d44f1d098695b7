//! Payloads to rows of cells.

pub mod agreement;
pub mod convention;
pub mod header_line;
pub mod lines;
pub mod naming;
pub mod reading;
pub mod stager;
