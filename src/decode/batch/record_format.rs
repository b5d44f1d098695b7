//! Record format: what turns the text of one record into rows.

use crate::decode::batch::builder::BatchBuilder;

/// Turns the text of one record into rows of the builder, or into a rejected record.
pub trait RecordFormat: Send {
    fn decode(&mut self, builder: &mut BatchBuilder, text: &str, line: u64);
}
