//! Files of attributions: AWS's own explanations written again, and any of ours read back.

use model_monitor::measure::attribution::{
    Aggregation, AttributionStatistics, BaselineAttributions, BaselineFeature, Explanations, FeatureAttribution,
    Method, OutputAttributions,
};
use model_monitor::wire::WireError;
use model_monitor::wire::clarify::explanations::ReferenceRows;
use model_monitor::wire::clarify::{analysis, explanations};

use super::*;

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

#[test]
fn real_explanations_are_written_again() {
    let Some(bytes) = real("clarify-analysis-outputs/explainability.analysis.json") else { return };
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

#[test]
fn a_file_may_hold_bias_and_explanations() {
    let (Some(bias), Some(explained)) = (
        real("clarify-analysis-outputs/bias_1.analysis.json"),
        real("clarify-analysis-outputs/explainability.analysis.json"),
    ) else {
        return;
    };
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

#[test]
fn real_files_of_other_monitors_are_no_explanations() {
    for (path, owner) in [
        ("adult-2024-bias-batch/baseline.analysis.json", "bias"),
        ("churn-2021-baseline/constraints.json", "data quality"),
        ("housing-2024-statistics-only/constraints.json", "data quality"),
    ] {
        let Some(bytes) = real(path) else { return };
        let error = explanations::read(&bytes).expect_err(path);
        assert_eq!(
            error.cause,
            format!("these are constraints of the {owner} monitor, not of explainability"),
            "{path}"
        );
    }
}

/// Finite, and at least 0.
fn magnitude() -> impl Strategy<Value = f64> {
    (any::<u64>()).prop_map(|bits| f64::from_bits(bits & !(1 << 63))).prop_filter("finite", |x| x.is_finite())
}

fn attribution() -> impl Strategy<Value = FeatureAttribution> {
    let signed = prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO;
    (signed, magnitude(), magnitude(), prop::option::of(magnitude())).prop_map(
        |(median, mean_abs, mean_sq, variance_abs)| FeatureAttribution {
            mean: median,
            mean_abs,
            mean_sq,
            median,
            variance_abs,
            sampling_error: None,
        },
    )
}

fn distinct_names(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(".{0,6}", n).prop_map(|names| names.into_iter().rev().collect())
}

fn any_explanations() -> impl Strategy<Value = (Explanations, Vec<String>)> {
    let aggregation = prop::sample::select(Aggregation::ALL.to_vec());
    let names = (distinct_names(0..5), distinct_names(1..4), distinct_names(1..4));
    (names, aggregation).prop_flat_map(|((features, outputs, reference), aggregation)| {
        let output = (
            any::<u64>(),
            prop::option::of(-1e300..1e300),
            prop::collection::vec(attribution(), features.len()),
            prop::option::of((0.0..=1.0, any::<u64>())),
        );
        let cells = prop::collection::vec(prop::option::of(".{0,4}"), reference.len());
        let parts = (prop::collection::vec(output, outputs.len()), prop::collection::vec(cells, 0..3));
        parts.prop_map(move |(of_outputs, rows)| {
            let noise_floors = of_outputs.iter().map(|(.., floor)| *floor).collect();
            let output = |(name, (n, expected_value, features, _)): (&String, (u64, Option<f64>, Vec<_>, _))| {
                let output = name.clone();
                OutputAttributions { output, n, expected_value, features, ..OutputAttributions::default() }
            };
            let statistics = AttributionStatistics {
                features: features.clone(),
                outputs: outputs.iter().zip(of_outputs).map(output).collect(),
                ..AttributionStatistics::default()
            };
            let explained =
                Explanations { statistics, aggregation, reference_rows: rows, noise_floors, ..Explanations::default() };
            (explained, reference.clone())
        })
    })
}

/// What is to be read back.
fn as_baseline(explained: &Explanations) -> Vec<BaselineAttributions> {
    let names = &explained.statistics.features;
    let feature = |(name, of): (&String, &FeatureAttribution)| BaselineFeature {
        name: name.clone(),
        value: of.aggregated(explained.aggregation),
        mean_abs: Some(of.mean_abs),
        variance_abs: of.variance_abs,
    };
    let output = |(i, of): (usize, &OutputAttributions)| BaselineAttributions {
        output: of.output.clone(),
        expected_value: of.expected_value,
        features: names.iter().zip(&of.features).map(feature).collect(),
        n: Some(of.n),
        aggregation: Some(explained.aggregation),
        noise_floor: explained.noise_floors[i],
    };
    explained.statistics.outputs.iter().enumerate().map(output).collect()
}

proptest! {
    #[test]
    fn any_explanations_come_back_as_a_baseline((explained, reference) in any_explanations()) {
        let bytes = explanations::write(Some(&explained), Some(&Method::Captured), &reference);
        let read = explanations::read(&bytes).unwrap();
        prop_assert_eq!(read.outputs, as_baseline(&explained));
        let has_rows = !explained.reference_rows.is_empty();
        let rows = has_rows.then_some(ReferenceRows { features: reference, rows: explained.reference_rows });
        prop_assert_eq!(read.reference_rows, rows);
    }

    #[test]
    fn damaged_explanations_never_panic((explained, reference) in any_explanations(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = explanations::write(Some(&explained), None, &reference);
        for (index, byte) in edits {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(error) = explanations::read(&bytes) {
            prop_assert!(!error.cause.is_empty() && error.cause.len() < 400, "{}", error);
        }
    }
}
