//! Example attributions of one output, made from the values of rows.

use crate::measure::attribution::{BaselineAttributions, BaselineFeature};
use crate::profile::{
    Aggregation, AttributionSettings, AttributionStatistics, AttributionSummary, ExplainedOutput, ExplainedRow,
    output_name,
};
use crate::summary::Summary;

/// Features `f0`, `f1`, …, one output `label0`; the attributions of every row.
pub fn statistics(rows: &[Vec<f64>]) -> AttributionStatistics {
    let n_features = rows.first().map_or(0, Vec::len);
    let settings = AttributionSettings {
        features: (0..n_features).map(|i| format!("f{i}")).collect(),
        outputs: vec![output_name(&[], 0)],
        expected_values: Vec::new(),
    };
    let mut summary = AttributionSummary::new(settings.into());
    for (hash, row) in rows.iter().enumerate() {
        let output = ExplainedOutput { attributions: row.clone(), standard_errors: None };
        summary.observe(&ExplainedRow { hash: hash as u64, outputs: vec![output] });
    }
    summary.finish()
}

/// What a baseline file of ours remembers of them.
pub fn remembered(statistics: &AttributionStatistics, aggregation: Aggregation) -> Vec<BaselineAttributions> {
    let outputs = statistics.outputs.iter().map(|output| {
        let features = statistics.features.iter().zip(&output.features).map(|(name, feature)| BaselineFeature {
            name: name.clone(),
            value: feature.aggregated(aggregation),
            mean_abs: Some(feature.mean_abs),
            variance_abs: feature.variance_abs,
        });
        BaselineAttributions {
            output: output.output.clone(),
            expected_value: output.expected_value,
            features: features.collect(),
            n: Some(output.n),
            aggregation: Some(aggregation),
            noise_floor: None,
        }
    });
    outputs.collect()
}

/// What a file of AWS tells of an output.
pub fn told(output: &str, values: &[(&str, f64)]) -> BaselineAttributions {
    let feature = |(name, value): &(&str, f64)| BaselineFeature {
        name: (*name).to_owned(),
        value: *value,
        mean_abs: None,
        variance_abs: None,
    };
    BaselineAttributions {
        output: output.to_owned(),
        expected_value: None,
        features: values.iter().map(feature).collect(),
        n: None,
        aggregation: None,
        noise_floor: None,
    }
}
