//! Endpoint names: unique ones for shadow endpoints, and what is a name at all.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{ANALYSIS_CONFIG_INVALID, Error, Result};
use crate::names::endpoint;

/// Longest name of an endpoint (Amazon SageMaker API Reference: CreateEndpoint).
const MAX_NAME: usize = 63;
/// Longest beginning of the name of an endpoint that is made (DG:clarify-processing-job-configure-analysis).
const MAX_PREFIX: usize = 23;

static N_NAMES: AtomicU32 = AtomicU32::new(0);

/// A name that nothing else has: the time tells jobs apart, the process those of one machine, the number the
/// endpoints of one process. 23 + 16 + 8 + 8 characters and three hyphens are fewer than may be.
pub(super) fn shadow_name(prefix: &str) -> Result<String> {
    if !is_name(prefix, MAX_PREFIX) {
        let cause = format!("not a beginning of a name of 1 to {MAX_PREFIX} letters, digits and hyphens");
        return Err(Error::new(&ANALYSIS_CONFIG_INVALID, endpoint::NAME_PREFIX_KEY, cause));
    }
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nanoseconds = since_1970.as_secs().wrapping_mul(1_000_000_000).wrapping_add(since_1970.subsec_nanos().into());
    let number = N_NAMES.fetch_add(1, Ordering::Relaxed);
    Ok(format!("{prefix}-{nanoseconds:x}-{:x}-{number:x}", std::process::id()))
}

/// Refuses what cannot be the name of an endpoint.
pub(super) fn check_endpoint_name(name: &str) -> Result<()> {
    if is_name(name, MAX_NAME) && !name.ends_with('-') {
        return Ok(());
    }
    let cause = format!("not a name of 1 to {MAX_NAME} letters, digits and hyphens");
    Err(Error::new(&ANALYSIS_CONFIG_INVALID, endpoint::NAME_KEY, cause))
}

fn is_name(text: &str, max_length: usize) -> bool {
    text.len() <= max_length
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
