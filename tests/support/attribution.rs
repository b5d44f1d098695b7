//! Examples of attributions, for tests of the files that are written from them.

use model_monitor::judge::{Alternative, Finding, Judgement, Scale, Subject, Test, TestOutcome};
use model_monitor::measure::attribution::{
    Aggregation, AttributionDrift, AttributionStatistics, BaselineAttributions, BaselineFeature, Coverage,
    Explanations, FeatureAttribution, FeatureDrift, Method, OutputAttributions, PartialDependence,
};
use model_monitor::names::{analysis, check};
use model_monitor::profile::Undefined;

pub const FEATURES: [&str; 3] = ["age", "income", "größe"];

pub fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn feature(mean_abs: f64, variance_abs: Option<f64>) -> FeatureAttribution {
    FeatureAttribution {
        mean: -mean_abs / 2.0,
        mean_abs,
        mean_sq: mean_abs * mean_abs * 1.5,
        median: -mean_abs / 4.0,
        variance_abs,
        sampling_error: Some(0.0),
    }
}

fn output(name: &str, expected_value: Option<f64>, values: [f64; 3]) -> OutputAttributions {
    OutputAttributions {
        output: name.to_owned(),
        n: 400,
        expected_value,
        features: values.map(|value| feature(value, Some(value * value))).to_vec(),
        replicates: vec![values.to_vec(); 2],
        medians_are_estimated: false,
    }
}

/// Of a model with two outputs, which leans on another feature than it did.
pub fn example() -> Explanations {
    let cells = |row: [Option<&str>; 3]| row.map(|cell| cell.map(str::to_owned)).to_vec();
    let dependence = |is_numeric: bool, values: &[&str]| PartialDependence {
        feature: FEATURES[usize::from(!is_numeric)].to_owned(),
        is_numeric,
        values: names(values),
        distribution: vec![0.25, 0.75],
        predictions: vec![vec![0.5, 0.625], vec![0.5, 0.375]],
        outputs: names(&["label0", "yes"]),
    };
    Explanations {
        statistics: AttributionStatistics {
            features: names(&FEATURES),
            outputs: vec![output("label0", Some(0.5), [0.1, 0.7, 0.02]), output("yes", None, [0.3, 0.2, 0.1])],
            ..AttributionStatistics::default()
        },
        aggregation: Aggregation::MeanAbs,
        reference_rows: vec![cells([Some("30"), Some("=1"), None]), cells([Some("-4"), Some("a,b"), Some("1")])],
        noise_floors: vec![Some((0.998, 40)), None],
        partial_dependence: vec![dependence(true, &["20", "40.5"]), dependence(false, &["low", "high"])],
    }
}

pub fn kernel_shap() -> Coverage {
    let method = Method::KernelShap { n_reference_rows: 2, n_coalitions: 6, is_exact: true, seed: 42, is_logit: false };
    Coverage { n_rows: 500, n_explained: 400, n_refused: 3, method }
}

fn base(output: &str, features: &[(&str, f64)]) -> BaselineAttributions {
    let feature = |(name, value): &(&str, f64)| BaselineFeature {
        name: (*name).to_owned(),
        value: *value,
        mean_abs: Some(*value),
        variance_abs: Some(value * value),
    };
    BaselineAttributions {
        output: output.to_owned(),
        expected_value: Some(0.25),
        features: features.iter().map(feature).collect(),
        n: Some(1_000),
        aggregation: Some(Aggregation::MeanAbs),
        noise_floor: Some((0.9995, 50)),
    }
}

/// It knows a feature and an output that did not arrive, and one feature and output less than did.
pub fn baseline() -> Vec<BaselineAttributions> {
    vec![base("label0", &[("age", 0.7), ("income", 0.1), ("gone", 0.05)]), base("gone", &[("age", 1.0)])]
}

pub fn drifts() -> Vec<AttributionDrift> {
    let drift = |name: &str, value: Option<f64>, baseline_value: Option<f64>| FeatureDrift {
        name: name.to_owned(),
        value,
        baseline_value,
    };
    vec![AttributionDrift {
        output: "label0".to_owned(),
        n: 400,
        baseline_n: Some(1_000),
        aggregation: Aggregation::MeanAbs,
        ndcg: Ok(0.75),
        ndcg_interval: Some((0.7, 0.8)),
        noise_floor: Some((0.9995, 50)),
        rank_correlation: Ok(-0.5),
        share_distance: Err(Undefined::Empty),
        magnitude_ratio: Ok(f64::INFINITY),
        features: vec![drift("age", Some(0.1), Some(0.7)), drift("gone", None, Some(0.05))],
    }]
}

fn subject(feature: Option<&str>) -> Subject {
    Subject::Output { output: "label0".to_owned(), feature: feature.map(str::to_owned) }
}

fn finding(feature: Option<&str>, value: f64, threshold: f64) -> Finding {
    Finding {
        check: check::FEATURE_ATTRIBUTION_DRIFT,
        subject: subject(feature),
        metric: analysis::SHAP,
        description: "Feature attribution drift".to_owned(),
        value,
        threshold,
        n: 400,
    }
}

fn test(feature: Option<&str>, value: Option<f64>, baseline_value: f64, effect: Option<f64>) -> Test {
    let is_violated = effect.is_some_and(|effect| effect > 0.05);
    Test {
        subject: subject(feature),
        metric: analysis::SHAP,
        value,
        baseline_value: Some(baseline_value),
        scale: Scale::Value,
        scaled: value,
        baseline_scaled: Some(baseline_value),
        standard_error: Some(0.005),
        n: 400,
        baseline_standard_error: Some(0.02),
        baseline_n: Some(1_000),
        effect,
        margin: 0.05,
        alternative: Alternative::TwoSided,
        p: effect.map(|_| 1e-9),
        p_adjusted: effect.map(|_| 2e-9),
        outcome: match effect {
            None => TestOutcome::InsufficientData,
            Some(_) if is_violated => TestOutcome::Violated,
            Some(_) => TestOutcome::Held,
        },
        finding: effect.filter(|_| is_violated).map(|effect| finding(feature, effect, 0.05)),
    }
}

pub fn judgement() -> Judgement {
    let tests = vec![
        test(Some("age"), Some(0.1), 0.7, Some(0.75)),
        test(Some("income"), Some(0.7), 0.1, Some(0.75)),
        test(Some("gone"), None, 0.05, None),
        test(None, Some(0.82), 0.85, Some(0.0359)),
    ];
    Judgement { aws: vec![finding(None, 0.75, 0.9)], tests: Some(tests), ..Judgement::default() }
}
