//! Reading the files of a baseline.

use crate::error::{self, Error, Result};
use crate::store::{self, Location};
use crate::wire::WireError;

/// Largest baseline file that is read: 5,000 columns with full sketches take 250 MB.
const MAX_BYTES: u64 = 1 << 30;

/// Reads one file, if there is one.
pub(super) async fn read<T>(
    location: Option<&Location>,
    parse: fn(&[u8]) -> std::result::Result<T, WireError>,
) -> Result<Option<T>> {
    let Some(location) = location else { return Ok(None) };
    let unreadable = |cause| Error::new(&error::BASELINE_UNREADABLE, location.to_string(), cause);
    let bytes = store::read_to_end(location, MAX_BYTES, unreadable).await?;
    let parsed = parse(&bytes).map_err(|cause| Error::new(&error::BASELINE_INVALID, location.to_string(), cause))?;
    Ok(Some(parsed))
}
