//! Payloads to rows of cells.

pub mod naming;
pub mod reading;
pub mod stager;
