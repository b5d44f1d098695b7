//! `constraint_violations.json` of the bias monitor (DG:clarify-model-monitor-bias-drift-violations).

use serde::{Deserialize, Serialize};

use crate::judge::bias::BiasFinding;
use crate::wire::error::from_json;
use crate::wire::{WireError, jackson};

const VERSION: &str = "1.0";

/// One violation as it stands in the file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Violation {
    pub facet: String,
    /// As the configuration writes the group.
    pub facet_value: String,
    pub metric_name: String,
    pub constraint_check_type: String,
    pub description: String,
}

/// The file's bytes; without findings, an empty list.
pub fn write(findings: &[BiasFinding]) -> Vec<u8> {
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
    fn of(finding: &BiasFinding) -> Self {
        Self {
            facet: finding.facet.clone(),
            facet_value: finding.facet_value.clone(),
            metric_name: finding.metric.to_owned(),
            constraint_check_type: finding.check.to_owned(),
            description: finding.description.clone(),
        }
    }
}
