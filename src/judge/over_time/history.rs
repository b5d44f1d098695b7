//! History: what one window leaves for the next that is held against the same baseline.

use std::collections::BTreeMap;

use super::evidence::{Evidence, TestKey};

/// The start and the end of a window in milliseconds since 1970 (UTC), as far as it has them.
pub type Bounds = (Option<i64>, Option<i64>);

/// What the windows so far say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// A hash of the baseline's files.
    pub baseline: u64,
    /// Windows so far.
    pub n_windows: u64,
    /// Most tests that were made in one window.
    pub n_tests: u64,
    pub last_window: Bounds,
    pub tests: BTreeMap<TestKey, Evidence>,
    /// The incidents of the last window, each with the start of the window since which it was in every one.
    pub incidents: BTreeMap<IncidentKey, Option<i64>>,
}

/// Which incident it is, in all windows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IncidentKey {
    pub kind: String,
    pub features: Vec<String>,
}

impl History {
    /// Whether a window begins before the last one did, or with it: what it holds is counted already, or comes too late.
    pub fn has_counted(&self, window: Bounds) -> bool {
        matches!((self.last_window.0, window.0), (Some(last), Some(start)) if start <= last)
    }
}
