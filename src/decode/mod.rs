//! Bytes to record batches. Never sees a file.

mod answers;
mod attribute;
mod batch;
mod capture;
mod column;
mod csv;
mod document;
mod events;
mod ground_truth;
mod inflate;
pub mod json;
mod labels;
mod layout;
mod lines;
mod naming;
mod object;
pub mod outcome;
mod path;
mod payload;
mod reason;
mod requests;
mod rows;
mod staged;
mod table;
mod tables;
#[cfg(test)]
mod tests;
pub mod time;
mod transform;
mod typed;
mod unfold;
mod view;

pub use attribute::{Attribute, Attributes};
pub use batch::MAX_COLUMNS;
pub use capture::Sides;
pub use events::{opened, rejected, skipped};
pub use layout::{CELLS_DROPPED, Meta, OBJECT, OPENED, ORDER, SKIPPED, cell_field, meta_fields};
pub use object::{Format, ObjectDecoder, Settings};
pub use reason::{Reason, SkipReason};
pub use rows::{MAX_ID_BYTES, Rows};
pub use tables::outcome_cells;
pub use time::Window;
pub use typed::cells;
pub use unfold::MAX_NAME_BYTES;
