//! Limits of tables, records and names, which untrusted input could exceed at will.

/// Most columns that a table may have. Records that would add more are rejected.
pub const MAX_COLUMNS: usize = 16_384;
/// Longest name of a column in bytes.
pub const MAX_NAME_BYTES: usize = 1_024;
/// Columns that are kept from one record to the next where records are looked at one by one.
pub const MAX_KEPT_COLUMNS: usize = 4_096;
/// Longest id of a record in bytes.
pub const MAX_ID_BYTES: usize = 1_024;
/// Room for the text of a payload that is kept from one record to the next.
pub const MAX_KEPT_BYTES: usize = 64 << 10;
/// Most bytes of text that a binary payload may become, and that the rows of one record may hold, what is repeated in
/// each row included; less where memory is short.
pub const MAX_RECORD_TEXT: usize = 64 << 20;
/// Most cells that the rows of one record may take up in the table, nulls included. The rows of a
/// record share a batch, and a few kilobytes of JSON can ask for billions of cells.
pub const MAX_RECORD_CELLS: usize = 1 << 22;
