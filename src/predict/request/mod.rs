//! Request serialization: rows to the bodies of requests.

mod cells;
mod csv;
mod template;
mod writer;

pub use cells::cell_kinds;
pub(super) use writer::RequestWriter;
