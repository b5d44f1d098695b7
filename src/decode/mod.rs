//! Bytes to record batches. Never sees a file.

mod batch;
mod capture;
mod csv;
mod document;
mod inflate;
pub mod json;
mod layout;
mod lines;
mod naming;
mod object;
mod reason;
mod table;
#[cfg(test)]
mod tests;
pub mod time;
mod typed;
mod unfold;

pub use batch::{MAX_COLUMNS, opened, rejected, skipped};
pub use capture::Sides;
pub use layout::{CELLS_DROPPED, Meta, OBJECT, OPENED, ORDER, SKIPPED, cell_field, meta_fields};
pub use object::{Format, ObjectDecoder, Settings};
pub use reason::{Reason, SkipReason};
pub use time::Window;
pub use typed::cells;
pub use unfold::MAX_NAME_BYTES;
