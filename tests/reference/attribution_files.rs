//! AWS's files of attributions: explanations written again, and files of other monitors refused.

use model_monitor::measure::attribution::{
    AttributionStatistics, BaselineAttributions, BaselineFeature, Explanations, FeatureAttribution, OutputAttributions,
};
use model_monitor::wire::WireError;
use model_monitor::wire::clarify::{analysis, explanations};
use serde_json::Value;

use crate::data_quality_files::aws;
use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/aws" => [
    real_explanations_are_written_again,
    a_file_may_hold_bias_and_explanations,
    real_files_of_other_monitors_are_no_explanations,
]];

/// What a file tells, as if it had just been measured.
fn measured(outputs: &[BaselineAttributions]) -> Explanations {
    let of = |feature: &BaselineFeature| FeatureAttribution { mean_abs: feature.value, ..Default::default() };
    let output = |output: &BaselineAttributions| OutputAttributions {
        output: output.output.clone(),
        n: 1,
        expected_value: output.expected_value,
        features: output.features.iter().map(of).collect(),
        replicates: Vec::new(),
        medians_are_estimated: false,
    };
    let features = outputs[0].features.iter().map(|feature| feature.name.clone()).collect();
    let outputs = outputs.iter().map(output).collect();
    Explanations {
        statistics: AttributionStatistics { features, outputs, ..AttributionStatistics::default() },
        ..Explanations::default()
    }
}

fn real_explanations_are_written_again(reference: &Reference) {
    let bytes = aws(reference, "clarify-analysis-outputs/explainability.analysis.json");
    let baseline = explanations::read(&bytes).unwrap();
    assert_eq!((baseline.outputs.len(), baseline.outputs[0].features.len()), (1, 45));
    assert_eq!(baseline.outputs[0].features[0].name, "vehicle_claim", "in the order of the file");
    assert_eq!((baseline.outputs[0].n, baseline.outputs[0].aggregation, baseline.reference_rows), (None, None, None));
    let theirs: Value = serde_json::from_slice(&bytes).unwrap();
    let written = explanations::write(Some(&measured(&baseline.outputs)), None, &[]);
    let mut ours: Value = serde_json::from_slice(&written).unwrap();
    let label = ours.pointer_mut("/explanations/kernel_shap/label0").unwrap().as_object_mut().unwrap();
    assert!(label.shift_remove("model_monitor_attributions").is_some());
    // Texts, so that the order of keys counts.
    assert_eq!(ours.to_string(), theirs.to_string());
}

fn a_file_may_hold_bias_and_explanations(reference: &Reference) {
    let (bias, explained) = (
        aws(reference, "clarify-analysis-outputs/bias_1.analysis.json"),
        aws(reference, "clarify-analysis-outputs/explainability.analysis.json"),
    );
    let mut both: Value = serde_json::from_slice(&bias).unwrap();
    both["explanations"] = serde_json::from_slice::<Value>(&explained).unwrap()["explanations"].take();
    let both = both.to_string().into_bytes();
    assert_eq!(explanations::read(&both), explanations::read(&explained));
    assert_eq!(analysis::read(&both), analysis::read(&bias));
    let foreign = |error: WireError| error.cause;
    let cause = foreign(explanations::read(&bias).unwrap_err());
    assert_eq!(cause, "these are constraints of the bias monitor, not of explainability");
    let cause = foreign(analysis::read(&explained).unwrap_err());
    assert_eq!(cause, "these are constraints of the explainability monitor, not of bias");
}

fn real_files_of_other_monitors_are_no_explanations(reference: &Reference) {
    for (path, owner) in [
        ("adult-2024-bias-batch/baseline.analysis.json", "bias"),
        ("churn-2021-baseline/constraints.json", "data quality"),
        ("housing-2024-statistics-only/constraints.json", "data quality"),
    ] {
        let bytes = aws(reference, path);
        let error = explanations::read(&bytes).expect_err(path);
        assert_eq!(
            error.cause,
            format!("these are constraints of the {owner} monitor, not of explainability"),
            "{path}"
        );
    }
}
