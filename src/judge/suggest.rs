//! Suggested constraints: limits from a baseline's statistics, as AWS's containers suggest them.

use super::constraints::{Constraints, FeatureConstraints, MonitoringConfig};
use crate::names;
use crate::profile::{Category, ColumnStatistics, Detail, TableStatistics};

/// Limits that `baseline` itself meets: its kinds, completeness and categories. Nulls are no category.
pub fn suggest(baseline: &TableStatistics) -> Constraints {
    Constraints {
        features: baseline.columns.iter().map(suggest_feature).collect(),
        config: MonitoringConfig::default(),
        outputs_are_last: baseline.outputs_are_last,
    }
}

fn suggest_feature(column: &ColumnStatistics) -> FeatureConstraints {
    let (is_non_negative, domain) = match &column.detail {
        Detail::Numeric(numbers) => (numbers.as_ref().ok().map(|numbers| numbers.min >= 0.0), None),
        Detail::Text(categories) => (None, categories.as_deref().map(known_values)),
    };
    FeatureConstraints {
        name: column.name.clone(),
        kind: column.kind,
        completeness: column.completeness().ok(),
        is_non_negative,
        domain,
        config: MonitoringConfig::default(),
    }
}

fn known_values(categories: &[Category]) -> Vec<String> {
    let values = categories.iter().map(|category| &category.value);
    values.filter(|value| *value != names::NULL_VALUE).cloned().collect()
}
