//! Detection of the monitor that a file of constraints belongs to.

use serde_json::{Map, Value};

use super::WireError;
use crate::names::{analysis, quality};

pub(super) const DATA_QUALITY: &str = "data quality";
pub(super) const MODEL_QUALITY: &str = "model quality";
pub(super) const BIAS: &str = "bias";
pub(super) const EXPLAINABILITY: &str = "explainability";

/// Keys by which the constraints of each monitor are known.
const KEYS: [(&str, &str); 7] = [
    (quality::BINARY_CONSTRAINTS, MODEL_QUALITY),
    (quality::MULTICLASS_CONSTRAINTS, MODEL_QUALITY),
    (quality::REGRESSION_CONSTRAINTS, MODEL_QUALITY),
    (analysis::POST_TRAINING, BIAS),
    (analysis::PRE_TRAINING, BIAS),
    (analysis::EXPLANATIONS, EXPLAINABILITY),
    ("monitoring_config", DATA_QUALITY),
];

/// Keys of statistics, whosever they are.
const STATISTICS: [&str; 4] =
    ["dataset", quality::BINARY_METRICS, quality::MULTICLASS_METRICS, quality::REGRESSION_METRICS];

/// The key that only constraints of data quality have, when the file is no statistics.
const FEATURES: &str = "features";

/// Refuses another monitor's constraints, and statistics.
pub(super) fn check_constraints(document: &Map<String, Value>, wanted: &str) -> Result<(), WireError> {
    let is_there = |key: &str| document.contains_key(key);
    if let Some((key, owner)) = KEYS.iter().find(|(key, owner)| *owner != wanted && is_there(key)) {
        return Err(foreign(key, owner, wanted));
    }
    if KEYS.iter().any(|(key, _)| is_there(key)) {
        return Ok(());
    }
    if let Some(key) = STATISTICS.iter().find(|key| is_there(key)) {
        return Err(WireError::new(*key, "these are statistics, not constraints"));
    }
    match wanted != DATA_QUALITY && is_there(FEATURES) {
        true => Err(foreign(FEATURES, DATA_QUALITY, wanted)),
        false => Ok(()),
    }
}

fn foreign(key: &str, owner: &str, wanted: &str) -> WireError {
    WireError::new(key, format!("these are constraints of the {owner} monitor, not of {wanted}"))
}
