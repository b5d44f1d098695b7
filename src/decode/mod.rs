//! Bytes to record batches. Never sees a file.
//!
//! Rooms, the ground first: [`limits`], [`reason`] and `guard`; `text`; `batch`; `settings`; `parquet`; `payload` and `shapes`; `rows`;
//! `extract`; `formats`; `framing`; `body` and `losses`; [`ObjectDecoder`] on top.

mod batch;
mod body;
mod extract;
mod formats;
mod framing;
mod guard;
mod head;
mod limits;
mod losses;
mod object;
mod parquet;
mod payload;
mod reason;
mod remedy;
mod rows;
mod settings;
mod shapes;
#[cfg(test)]
mod tests;
mod text;
mod variant;

pub use batch::arrow_text::{cells, cells_in_parts};
pub use batch::events::{cells_unreadable, detail, lost, merged, opened, read, rejected, skipped};
pub use batch::layout::{
    CELLS_DROPPED, CELLS_UNREADABLE, DETAIL, DETAIL_LINE, DETAIL_REASON, LOST, LOST_BYTES, LOST_LINE, LOST_RECORDS,
    MERGED, MISSING_BYTES, Meta, OBJECT, OBSERVED, OPENED, READ_BYTES, ROWS_SHORT, SKIPPED, SKIPPED_BYTES,
    TOO_FEW_LABELS, TOO_MANY_LABELS, UNREADABLE, UNREADABLE_COLUMN, VARIANT, VARIANT_RECORDS, cell_field, meta_fields,
};
pub use batch::loss::{Loss, LostRecords};
pub use batch::merged_labels::MergedLabels;
pub use batch::order::Order;
pub use batch::other_readings::OtherReadings;
pub use batch::outcome;
pub use batch::packed_features::feature_cells;
pub use batch::text_parts::{TextPart, compact, text_parts};
pub use batch::unreadable_cells::UnreadableCells;
pub use formats::outcome_table::outcome_cells;
pub use guard::{guarded, is_guarded};
pub use head::{SURVEYED, column_names, surveyed};
pub use limits::{MAX_COLUMNS, MAX_ID_BYTES, MAX_NAME_BYTES};
pub use object::ObjectDecoder;
pub use parquet::{Fault as ParquetFault, File as ParquetFile, RowGroup, Source as ParquetSource};
pub use reason::{CellReason, Observation, Reason, SkipReason};
pub use settings::attribute::{Attribute, Attributes};
pub use settings::decoding::Settings;
pub use settings::filter::Filter;
pub use settings::format::{CaptureSides, Format};
pub use settings::instances::Instances;

pub use rows::naming::unnamed;
pub use settings::positions::{Misfit, Positions, Widths};
pub use settings::rows::Rows;
pub use shapes::{SHAPES, Shape};
pub use text::decimal_comma::has_decimal_comma;
pub use text::key_name::is_name;
pub use text::nothing::is_nothing;
pub use text::path::Path;
pub use text::searched::Searched;
pub use text::time::Window;
pub use text::{csv, json, time};
pub use variant::variant_of;
