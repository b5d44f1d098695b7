//! Table of the checks of data quality: AWS's decisions, one after the other.

use super::baseline_drift::BaselineDrift;
use super::categorical_values::CategoricalValues;
use super::check::{Case, Check};
use super::completeness::Completeness;
use super::data_type::DataType;
use super::extra_column::ExtraColumn;
use super::missing_column::MissingColumn;
use crate::judge::Finding;
use crate::names;

/// Every check, in the order of violations.
pub static ALL: &[&dyn Check] =
    &[&ExtraColumn, &MissingColumn, &DataType, &Completeness, &CategoricalValues, &BaselineDrift];

/// Applies every check. As AWS's containers do, it stops at extra columns: nothing else is said then.
pub fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in ALL {
        findings.extend(check.judge(case));
        if check.name() == names::check::EXTRA_COLUMN && !findings.is_empty() {
            return findings;
        }
    }
    findings
}
