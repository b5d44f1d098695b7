//! What about an attribution run needs attention, though its results stand.

use crate::attributions::Explained;
use crate::error::{self, Code};
use crate::measure::attribution::{AttributionComparison, AttributionDrift, Coverage, FeatureDrift, Method};
use crate::predict::Leftover;
use crate::report::{Values, Warning};

/// Below this, what is found is mostly chance.
const FEW_ROWS: u64 = 30;
/// Longest list of values that a warning shows.
const MAX_VALUES: usize = 50;
/// Longest value that a warning shows, in characters; reasons hold an excerpt of the model's words.
const MAX_CHARACTERS: usize = 300;

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
            warnings.push(warning(&error::WITHOUT_DEPENDENCE, detail, [("reasons", &explained.without_dependence)]));
        }
    }
    if let Some(comparison) = comparison {
        warnings.extend(comparison.drifts.iter().filter_map(of_features));
        warnings.extend(of_outputs(comparison));
    }
    warnings.extend(left.iter().map(|left| warning(&error::SHADOW_LEFT, left.to_string(), [])));
    warnings
}

/// With the lists of values that are not empty.
fn warning<const N: usize>(code: &'static Code, detail: String, values: [(&str, &Vec<String>); N]) -> Warning {
    let shown = |texts: &Vec<String>| -> Vec<String> {
        texts.iter().take(MAX_VALUES).map(|text| text.chars().take(MAX_CHARACTERS).collect()).collect()
    };
    let values = values.into_iter().filter(|(_, texts)| !texts.is_empty());
    let values = values.map(|(name, texts)| Values { name: name.to_owned(), values: shown(texts) }).collect();
    Warning { code: code.code, title: code.title, detail, values }
}

fn of_coverage(coverage: &Coverage, reasons: &Vec<String>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let n_chosen = coverage.n_explained + coverage.n_refused;
    if n_chosen < coverage.n_rows {
        let detail = format!("{n_chosen} of {} rows were drawn", coverage.n_rows);
        warnings.push(warning(&error::ROWS_SAMPLED, detail, []));
    }
    if coverage.n_explained < FEW_ROWS {
        let detail = format!("rows explained: {}", coverage.n_explained);
        warnings.push(warning(&error::FEW_ROWS_EXPLAINED, detail, []));
    }
    if coverage.n_refused > 0 {
        let code = match coverage.method {
            Method::Captured => &error::ATTRIBUTIONS_UNUSABLE,
            Method::KernelShap { .. } => &error::ROWS_REFUSED,
        };
        let detail = format!("{} of {n_chosen} rows are not in the attributions", coverage.n_refused);
        warnings.push(warning(code, detail, [("reasons", reasons)]));
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
    let values = [("only in the baseline", &in_baseline), ("only in the data", &in_data)];
    Some(warning(&error::FEATURES_DIFFER, detail, values))
}

fn of_outputs(comparison: &AttributionComparison) -> Option<Warning> {
    let (in_baseline, in_data) = (&comparison.outputs_only_in_baseline, &comparison.outputs_only_in_current);
    if in_baseline.is_empty() && in_data.is_empty() {
        return None;
    }
    let values = [("only in the baseline", in_baseline), ("only in the data", in_data)];
    Some(warning(&error::OUTPUTS_DIFFER, "outputs are matched by their names".to_owned(), values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(n_rows: u64, n_explained: u64, n_refused: u64) -> Coverage {
        Coverage { n_rows, n_explained, n_refused, method: Method::Captured }
    }

    #[test]
    fn rows_are_accounted_for() {
        let codes = |coverage| -> Vec<&str> {
            of_coverage(&coverage, &Vec::new()).into_iter().map(|warning| warning.code).collect()
        };
        assert!(codes(coverage(30, 30, 0)).is_empty());
        assert_eq!(codes(coverage(31, 30, 0)), [error::ROWS_SAMPLED.code]);
        assert_eq!(codes(coverage(31, 30, 1)), [error::ATTRIBUTIONS_UNUSABLE.code]);
        let all = [&error::ROWS_SAMPLED, &error::FEW_ROWS_EXPLAINED, &error::ATTRIBUTIONS_UNUSABLE];
        assert_eq!(codes(coverage(100, 29, 1)), all.map(|code| code.code));
    }

    #[test]
    fn lists_and_their_values_have_an_end() {
        let many = vec!["x".repeat(1_000); 1_000];
        let found = warning(&error::OUTPUTS_DIFFER, String::new(), [("many", &many), ("none", &Vec::new())]);
        let [Values { name, values: shown }] = &found.values[..] else { panic!("{:?}", found.values) };
        assert_eq!((name.as_str(), shown.len()), ("many", MAX_VALUES));
        assert!(shown.iter().all(|text| text.len() == MAX_CHARACTERS));
    }
}
