//! A run that came to its end.

use crate::judge::quality::camel_case;
use crate::judge::{Finding, Subject};
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
    /// Whether something needs attention though the results stand.
    pub has_warnings: bool,
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
        let subject = match &finding.subject {
            Subject::Feature(name) => name.clone(),
            Subject::Model => camel_case(finding.metric),
            Subject::Group { facet, facet_value, .. } => format!("{facet} = {facet_value}: {}", finding.metric),
            Subject::Output { output, feature: Some(feature) } => format!("{output}: {feature}"),
            Subject::Output { output, feature: None } => output.clone(),
        };
        Self { subject, check: finding.check, description: finding.description.clone(), n: finding.n }
    }
}
