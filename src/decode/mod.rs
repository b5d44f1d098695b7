//! Bytes to record batches. Never sees a file.

mod layout;
mod reason;

pub use layout::{Meta, OBJECT, OPENED, ORDER, SKIPPED, cell_field, meta_fields};
pub use reason::{Reason, SkipReason};
