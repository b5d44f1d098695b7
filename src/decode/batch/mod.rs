//! Record batches: what decoders write.

pub mod arrow_text;
pub mod builder;
pub mod column;
pub mod details;
pub mod events;
pub mod layout;
pub mod loss;
pub mod merged_labels;
pub mod order;
pub mod other_readings;
pub mod outcome;
pub mod packed_features;
pub mod record_format;
pub mod row_widths;
pub mod staged;
pub mod text_parts;
pub mod unreadable_cells;
pub mod view;
