//! Bytes to record batches. Never sees a file.

mod batch;
mod capture;
mod csv;
mod document;
mod events;
mod inflate;
pub mod json;
mod layout;
mod lines;
mod naming;
mod object;
pub mod outcome;
mod reason;
mod staged;
mod table;
#[cfg(test)]
mod tests;
pub mod time;
mod typed;
mod unfold;
mod view;

pub use batch::MAX_COLUMNS;
pub use capture::Sides;
pub use events::{opened, rejected, skipped};
pub use layout::{CELLS_DROPPED, Meta, OBJECT, OPENED, ORDER, SKIPPED, cell_field, meta_fields};
pub use object::{Format, ObjectDecoder, Settings};
pub use reason::{Reason, SkipReason};
pub use time::Window;
pub use typed::cells;
pub use unfold::MAX_NAME_BYTES;
