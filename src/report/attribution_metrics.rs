//! CloudWatch metrics of an attribution run (DG:clarify-feature-attribute-drift-cw).

use super::metrics::{Named, lines_in_dimensions, run_metrics};
use super::{Artifact, Skipped};
use crate::measure::attribution::{Explanations, OutputAttributions};
use crate::names::metric;
use crate::profile::Ledger;
use crate::wire::cloudwatch::{MetricValue, Unit};

/// What the metrics are made from.
pub struct AttributionMetricsInput<'a> {
    /// Time of the metrics in milliseconds since 1970 (UTC).
    pub time: i64,
    pub endpoint: Option<&'a str>,
    pub schedule: Option<&'a str>,
    /// `None` when no row was used.
    pub explanations: Option<&'a Explanations>,
    /// `None` in a baseline job.
    pub n_violations: Option<u64>,
    pub ledger: &'a Ledger,
}

/// The metrics' file, or none when `time` is beyond the calendar; and what had to be left out of it. An expected
/// value that is not known is absent.
pub fn attribution_cloudwatch_artifact(input: &AttributionMetricsInput<'_>) -> (Option<Artifact>, Vec<Skipped>) {
    let of_run = run_metrics(input.n_violations, input.ledger).into_iter().map(|metric| (metric, Vec::new()));
    let of_outputs = input.explanations.into_iter().flat_map(|explanations| {
        explanations.statistics.outputs.iter().flat_map(|output| of_output(explanations, output))
    });
    lines_in_dimensions(input.time, input.endpoint, input.schedule, of_run.chain(of_outputs))
}

type InDimensions = (Named, Vec<(String, String)>);

fn of_output<'a>(
    explanations: &'a Explanations,
    output: &'a OutputAttributions,
) -> impl Iterator<Item = InDimensions> + 'a {
    let names = explanations.statistics.features.iter();
    let features = names.zip(&output.features).map(|(name, feature)| {
        let value = feature.aggregated(explanations.aggregation);
        let named = single(format!("{}{name}", metric::ATTRIBUTION), value);
        (named, dimensions(output, metric::GLOBAL_SHAP_VALUES))
    });
    let expected = output.expected_value.map(|value| {
        let named = single(metric::EXPECTED_VALUE.to_owned(), value);
        (named, dimensions(output, metric::EXPECTED_VALUE))
    });
    features.chain(expected)
}

fn dimensions(output: &OutputAttributions, value_type: &str) -> Vec<(String, String)> {
    let dimensions = [
        (metric::DIMENSION_EXPLAINABILITY_METHOD, metric::KERNEL_SHAP),
        (metric::DIMENSION_LABEL, output.output.as_str()),
        (metric::DIMENSION_VALUE_TYPE, value_type),
    ];
    dimensions.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

fn single(name: String, value: f64) -> Named {
    (name, MetricValue::Single(value), Unit::None)
}
