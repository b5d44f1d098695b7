//! A run that came to its end.

use crate::judge::Finding;
use crate::judge::attribution::AttributionFinding;
use crate::judge::bias::BiasFinding;
use crate::judge::quality::QualityFinding;
use crate::profile::Ledger;
use crate::report::Outcome;

/// A run that came to its end, its files written.
#[derive(Debug)]
pub struct Finished {
    pub outcome: Outcome,
    /// What the violations file holds.
    pub violations: Vec<Violation>,
    /// What else is worth saying to a person, a line each.
    pub lines: Vec<String>,
    pub ledger: Ledger,
    /// Contents of model_monitor_report.json.
    pub report: Vec<u8>,
    /// What belongs into the exit message.
    pub message: String,
}

/// A violated limit, as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The feature or the metric.
    pub subject: String,
    pub check: &'static str,
    pub description: String,
    /// Observations behind it.
    pub n: u64,
}

impl From<&Finding> for Violation {
    fn from(finding: &Finding) -> Self {
        Self {
            subject: finding.feature.clone(),
            check: finding.check,
            description: finding.description.clone(),
            n: finding.n,
        }
    }
}

impl From<&QualityFinding> for Violation {
    fn from(finding: &QualityFinding) -> Self {
        Self {
            subject: finding.metric_name.clone(),
            check: finding.check,
            description: finding.description.clone(),
            n: finding.n,
        }
    }
}

impl From<&BiasFinding> for Violation {
    fn from(finding: &BiasFinding) -> Self {
        Self {
            subject: format!("{} = {}: {}", finding.facet, finding.facet_value, finding.metric),
            check: finding.check,
            description: finding.description.clone(),
            n: finding.n,
        }
    }
}

impl From<&AttributionFinding> for Violation {
    fn from(finding: &AttributionFinding) -> Self {
        let feature = finding.feature.as_ref().map(|feature| format!(": {feature}")).unwrap_or_default();
        Self {
            subject: format!("{}{feature}", finding.output),
            check: finding.check,
            description: finding.description.clone(),
            n: finding.n,
        }
    }
}
