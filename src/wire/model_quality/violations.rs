//! `constraint_violations.json` of the model-quality monitor: a metric's name where data quality has
//! a feature's, and the keys in another order.

use serde::{Deserialize, Serialize};

use crate::judge::quality::QualityFinding;
use crate::wire::error::from_json;
use crate::wire::{WireError, jackson};

/// One violation as it stands in the file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Violation {
    pub constraint_check_type: String,
    pub description: String,
    pub metric_name: String,
}

/// The file's bytes; without findings, an empty list.
pub fn write(findings: &[QualityFinding]) -> Vec<u8> {
    jackson::to_bytes(&File { violations: findings.iter().map(Violation::of).collect() })
}

/// The violations that the file holds.
pub fn read(bytes: &[u8]) -> Result<Vec<Violation>, WireError> {
    from_json::<File>(bytes).map(|file| file.violations)
}

#[derive(Deserialize, Serialize)]
struct File {
    violations: Vec<Violation>,
}

impl Violation {
    fn of(finding: &QualityFinding) -> Self {
        Self {
            constraint_check_type: finding.check.to_owned(),
            description: finding.description.clone(),
            metric_name: finding.metric_name.clone(),
        }
    }
}
