//! What a person wants to know first of an attribution run.

use super::explained::Explained;
use crate::measure::attribution::{Aggregation, AttributionDrift, Coverage, Explanations, Method};
use crate::report::Warning;

pub(super) fn of(explained: Option<&Explained>, drifts: &[AttributionDrift], warnings: &[Warning]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Explained { explanations, coverage, calls, .. }) = explained {
        let of_model = calls.map(|calls| format!(", {} predictions", calls.n_predictions)).unwrap_or_default();
        lines.push(match coverage {
            Some(coverage) => format!("{}{of_model}", of_coverage(coverage)),
            None => format!("{} features with partial dependence{of_model}", explanations.partial_dependence.len()),
        });
        lines.extend(of_features(explanations));
    }
    lines.extend(drifts.iter().map(of_drift));
    lines.extend(warnings.iter().map(|warning| format!("{} {}: {}", warning.code, warning.title, warning.detail)));
    lines
}

fn of_coverage(coverage: &Coverage) -> String {
    let how = match coverage.method {
        Method::Captured => "as captured".to_owned(),
        Method::KernelShap { n_coalitions: 0, .. } => "no coalitions needed".to_owned(),
        Method::KernelShap { n_coalitions, is_exact: true, .. } => format!("all of {n_coalitions} coalitions"),
        Method::KernelShap { n_coalitions, .. } => format!("up to {n_coalitions} drawn coalitions"),
    };
    format!("{} of {} rows explained, {how}", coverage.n_explained, coverage.n_rows)
}

/// A standard error is known of mean |φ| alone.
fn of_features(explanations: &Explanations) -> Vec<String> {
    let (aggregation, names) = (explanations.aggregation, &explanations.statistics.features);
    let mut lines = Vec::new();
    for output in &explanations.statistics.outputs {
        for (name, feature) in names.iter().zip(&output.features) {
            let variance = feature.variance_abs.filter(|_| aggregation == Aggregation::MeanAbs);
            let error = variance.map(|variance| format!(" ± {:.4}", (variance / output.n as f64).sqrt()));
            let (word, value) = (aggregation.name(), feature.aggregated(aggregation));
            lines.push(format!("{}: {name}  {word} = {value:.4}{}", output.output, error.unwrap_or_default()));
        }
    }
    lines
}

fn of_drift(drift: &AttributionDrift) -> String {
    let ndcg = match drift.ndcg {
        Ok(ndcg) => format!("{ndcg:.4}"),
        Err(lack) => format!("not computed ({})", lack.reason()),
    };
    let interval = drift.ndcg_interval.map(|(low, high)| format!(" [{low:.4}, {high:.4}]")).unwrap_or_default();
    let floor = drift.noise_floor.map(|(floor, _)| format!(", {floor:.4} between two seeds")).unwrap_or_default();
    let ratio = drift.magnitude_ratio.map(|ratio| format!(", magnitude × {ratio:.3}")).unwrap_or_default();
    format!("{}: NDCG {ndcg}{interval}{floor}{ratio}", drift.output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::attribution::{AttributionStatistics, FeatureAttribution, OutputAttributions};

    fn explanations(aggregation: Aggregation) -> Explanations {
        let feature = FeatureAttribution { mean_abs: 2.0, median: -1.0, variance_abs: Some(4.0), ..Default::default() };
        let output =
            OutputAttributions { output: "yes".to_owned(), n: 100, features: vec![feature], ..Default::default() };
        let statistics =
            AttributionStatistics { features: vec!["a".to_owned()], outputs: vec![output], ..Default::default() };
        Explanations { statistics, aggregation, ..Explanations::default() }
    }

    #[test]
    fn an_error_stands_beside_the_number_that_it_is_of() {
        assert_eq!(of_features(&explanations(Aggregation::MeanAbs)), ["yes: a  mean_abs = 2.0000 ± 0.2000"]);
        assert_eq!(of_features(&explanations(Aggregation::Median)), ["yes: a  median = -1.0000"]);
    }
}
