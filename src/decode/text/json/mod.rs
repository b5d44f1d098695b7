//! JSON: a reader with limits, records of one template, members as they are written, texts as JSON.

mod reader;
mod record_template;
#[cfg(test)]
mod tests;
mod written;

pub use reader::{MAX_DEPTH, Node, Reader, Text, Value, emptied, is_number, unescape};
pub use record_template::RecordTemplate;
pub use written::{json_string, members, standard_line};
