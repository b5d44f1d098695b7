//! Payloads to rows of cells.

pub mod convention;
pub mod naming;
pub mod reading;
pub mod stager;
