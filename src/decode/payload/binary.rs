//! Binary payloads: what the bytes are, by their first ones.

use std::sync::Arc;

use super::{npy, parquet_table};
use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::reason::Reason;

/// First bytes of a NumPy array (NEP 1) and of a Parquet file.
const NPY: &[u8] = b"\x93NUMPY";
const PARQUET: &[u8] = b"PAR1";

/// What binary data turned out to be.
pub enum Binary {
    Text(String),
    /// Comma-separated rows, each line a row; the names of its cells, if they have any.
    Rows {
        names: Option<Arc<[String]>>,
        text: String,
        unreadable: UnreadableCells,
    },
}

/// Data that unfolds to `max_unfolded` bytes at most.
pub fn decode(bytes: Vec<u8>, max_unfolded: usize) -> Result<Binary, Reason> {
    if bytes.starts_with(NPY) {
        let unreadable = UnreadableCells::default();
        return npy::rows(&bytes, max_unfolded).map(|text| Binary::Rows { names: None, text, unreadable });
    }
    if bytes.starts_with(PARQUET) {
        let (names, text, unreadable) = parquet_table::rows(bytes, max_unfolded)?;
        return Ok(Binary::Rows { names: Some(names), text, unreadable });
    }
    String::from_utf8(bytes).map(Binary::Text).map_err(|_| Reason::BinaryPayload)
}
