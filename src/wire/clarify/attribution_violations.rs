//! `constraint_violations.json` of the attribution monitor
//! (DG:clarify-model-monitor-model-attribution-drift-violations).

use serde::{Deserialize, Serialize};

use crate::judge::attribution::AttributionFinding;
use crate::wire::error::from_json;
use crate::wire::{WireError, jackson};

const VERSION: &str = "1.0";

/// One violation as it stands in the file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The model's output.
    pub label: String,
    pub metric_name: String,
    pub constraint_check_type: String,
    pub description: String,
    /// Ours, called as in the violations of data quality: the feature, where the violation concerns one. AWS's
    /// verdict concerns none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature_name: Option<String>,
}

/// The file's bytes; without findings, an empty list.
pub fn write(findings: &[AttributionFinding]) -> Vec<u8> {
    let violations = findings.iter().map(Violation::of).collect();
    jackson::to_bytes(&File { version: Some(VERSION.to_owned()), violations })
}

/// The violations that the file holds.
pub fn read(bytes: &[u8]) -> Result<Vec<Violation>, WireError> {
    from_json::<File>(bytes).map(|file| file.violations)
}

#[derive(Deserialize, Serialize)]
struct File {
    #[serde(default)]
    version: Option<String>,
    violations: Vec<Violation>,
}

impl Violation {
    fn of(finding: &AttributionFinding) -> Self {
        Self {
            label: finding.output.clone(),
            metric_name: finding.metric.to_owned(),
            constraint_check_type: finding.check.to_owned(),
            description: finding.description.clone(),
            feature_name: finding.feature.clone(),
        }
    }
}
