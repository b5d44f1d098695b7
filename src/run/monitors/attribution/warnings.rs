//! What about an attribution run needs attention, though its results stand.

use crate::attributions::Explained;
use crate::error;
use crate::measure::attribution::{AttributionComparison, AttributionDrift, Coverage, FeatureDrift, Method};
use crate::predict::Leftover;
use crate::report::Warning;
use crate::run::warning::warning;

/// Below this, what is found is mostly chance.
const FEW_ROWS: u64 = 30;

/// Every warning of the run.
pub(super) fn of(
    explained: Option<&Explained>,
    comparison: Option<&AttributionComparison>,
    left: &[Leftover],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(explained) = explained {
        warnings
            .extend(explained.results.coverage.iter().flat_map(|coverage| of_coverage(coverage, &explained.refused)));
        if !explained.without_dependence.is_empty() {
            let detail = format!("{} of those that were asked for", explained.without_dependence.len());
            let without = warning(&error::WITHOUT_DEPENDENCE, detail);
            warnings.push(without.listing("reasons", &explained.without_dependence));
        }
    }
    if let Some(comparison) = comparison {
        warnings.extend(comparison.drifts.iter().filter_map(of_features));
        warnings.extend(of_outputs(comparison));
    }
    warnings.extend(left.iter().map(|left| warning(&error::SHADOW_LEFT, left.to_string())));
    warnings
}

fn of_coverage(coverage: &Coverage, reasons: &[String]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let n_chosen = coverage.n_explained + coverage.n_refused;
    if n_chosen < coverage.n_rows {
        let detail = format!("{n_chosen} of {} rows were drawn", coverage.n_rows);
        warnings.push(warning(&error::ROWS_SAMPLED, detail));
    }
    if coverage.n_explained < FEW_ROWS {
        let detail = format!("rows explained: {}", coverage.n_explained);
        warnings.push(warning(&error::FEW_ROWS_EXPLAINED, detail));
    }
    if coverage.n_refused > 0 {
        let code = match coverage.method {
            Method::Captured => &error::ATTRIBUTIONS_UNUSABLE,
            Method::KernelShap { .. } => &error::ROWS_REFUSED,
        };
        let detail = format!("{} of {n_chosen} rows are not in the attributions", coverage.n_refused);
        warnings.push(warning(code, detail).listing("reasons", reasons));
    }
    warnings
}

fn of_features(drift: &AttributionDrift) -> Option<Warning> {
    let names = |is_lost: fn(&FeatureDrift) -> bool| -> Vec<String> {
        drift.features.iter().filter(|feature| is_lost(feature)).map(|feature| feature.name.clone()).collect()
    };
    let in_baseline = names(|feature| feature.value.is_none());
    let in_data = names(|feature| feature.baseline_value.is_none());
    if in_baseline.is_empty() && in_data.is_empty() {
        return None;
    }
    let detail = format!(
        "output {}: {} only in the baseline, {} only in the data",
        drift.output,
        in_baseline.len(),
        in_data.len()
    );
    let differ = warning(&error::FEATURES_DIFFER, detail);
    Some(differ.listing("only in the baseline", &in_baseline).listing("only in the data", &in_data))
}

fn of_outputs(comparison: &AttributionComparison) -> Option<Warning> {
    let (in_baseline, in_data) = (&comparison.outputs_only_in_baseline, &comparison.outputs_only_in_current);
    if in_baseline.is_empty() && in_data.is_empty() {
        return None;
    }
    let differ = warning(&error::OUTPUTS_DIFFER, "outputs are matched by their names");
    Some(differ.listing("only in the baseline", in_baseline).listing("only in the data", in_data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(n_rows: u64, n_explained: u64, n_refused: u64) -> Coverage {
        Coverage { n_rows, n_explained, n_refused, method: Method::Captured }
    }

    #[test]
    fn rows_are_accounted_for() {
        let codes =
            |coverage| -> Vec<&str> { of_coverage(&coverage, &[]).into_iter().map(|warning| warning.code).collect() };
        assert!(codes(coverage(30, 30, 0)).is_empty());
        assert_eq!(codes(coverage(31, 30, 0)), [error::ROWS_SAMPLED.code]);
        assert_eq!(codes(coverage(31, 30, 1)), [error::ATTRIBUTIONS_UNUSABLE.code]);
        let all = [&error::ROWS_SAMPLED, &error::FEW_ROWS_EXPLAINED, &error::ATTRIBUTIONS_UNUSABLE];
        assert_eq!(codes(coverage(100, 29, 1)), all.map(|code| code.code));
    }
}
