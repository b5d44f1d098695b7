//! AWS's files of bias: analyses written again, and the violations that it published.

use model_monitor::judge::bias;
use model_monitor::measure::bias::{ALL, BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};
use model_monitor::names::Monitor;
use model_monitor::wire::clarify::analysis;
use model_monitor::wire::violations;
use serde_json::Value;

use crate::data_quality_files::aws;
use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests![
    "cases/aws" => [real_analyses_are_written_again],
    "cases/bias" => [the_published_run_has_exactly_the_published_violations],
];

/// What an analysis tells, as if it had just been measured; its groups are called as the file does.
fn measured(analysis: &Value) -> Bias {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let metric = |metric: &Value| BiasMetric {
        name: ALL.iter().map(|kind| kind.name).find(|name| metric["name"] == **name).expect("a known metric"),
        description: text(&metric["description"]),
        value: match (&metric["value"], metric["value"].as_f64()) {
            (_, Some(value)) => Ok(value),
            (Value::String(name), _) if name == "Infinity" => Ok(f64::INFINITY),
            (Value::String(name), _) if name == "-Infinity" => Ok(f64::NEG_INFINITY),
            _ => Err(text(&metric["error"])),
        },
        standard_error: None,
        interval: None,
    };
    let groups = |section: &str| -> Vec<GroupBias> {
        let facets = analysis[section]["facets"].as_object().into_iter().flatten();
        let group = |facet: &str, group: &Value| GroupBias {
            facet: facet.to_owned(),
            facet_value: text(&group["value_or_threshold"]),
            value_or_threshold: text(&group["value_or_threshold"]),
            metrics: group["metrics"].as_array().into_iter().flatten().map(metric).collect(),
            counts: EightCounts::default(),
        };
        let of_facet = |(facet, found): (&String, &Value)| -> Vec<GroupBias> {
            found.as_array().into_iter().flatten().map(|found| group(facet, found)).collect()
        };
        facets.flat_map(of_facet).collect()
    };
    let section = &analysis["post_training_bias_metrics"];
    Bias {
        label: text(&section["label"]),
        label_value_or_threshold: text(&section["label_value_or_threshold"]),
        pre_training: groups("pre_training_bias_metrics"),
        post_training: groups("post_training_bias_metrics"),
        n: 1,
        n_missing: Default::default(),
        estimated: Vec::new(),
    }
}

/// Without what only our files hold, and with all numbers as doubles.
fn without_ours(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.shift_remove("model_monitor_counts");
            object.values_mut().for_each(without_ours);
        }
        Value::Array(values) => values.iter_mut().for_each(without_ours),
        Value::Number(number) => *value = number.as_f64().into(),
        _ => {}
    }
}

fn real_analyses_are_written_again(reference: &Reference) {
    for path in [
        "adult-2024-bias-batch/baseline.analysis.json",
        "clarify-analysis-outputs/bias_1.analysis.json",
        "clarify-analysis-outputs/bias_2.analysis.json",
    ] {
        let bytes = aws(reference, path);
        let mut theirs: Value = serde_json::from_slice(&bytes).unwrap();
        let bias = measured(&theirs);
        assert!(!bias.post_training.is_empty() && !bias.pre_training.is_empty(), "{path}");
        let written = analysis::write(Some(&bias));
        let mut ours: Value = serde_json::from_slice(&written).unwrap();
        without_ours(&mut ours);
        without_ours(&mut theirs);
        // Texts, so that the order of keys counts.
        assert_eq!(ours.to_string(), theirs.to_string(), "{path}");
        let values = |groups: Vec<BaselineGroup>| -> Vec<_> {
            groups.into_iter().map(|group| (group.facet, group.value_or_threshold, group.metrics)).collect()
        };
        assert_eq!(values(analysis::read(&bytes).unwrap()), values(analysis::read(&written).unwrap()), "{path}");
    }
}

fn the_published_run_has_exactly_the_published_violations(reference: &Reference) {
    let bytes = reference.bytes("cases/bias/aws_published_batch_transform.json");
    let published: Value = serde_json::from_slice(&bytes).unwrap();
    let theirs = &published["constraint_violations"]["violations"];
    assert_eq!(theirs.as_array().map(Vec::len), Some(8));
    let baseline = analysis::read(published["baseline_analysis"].to_string().as_bytes()).unwrap();
    let bytes = reference.bytes("cases/bias/case5b_adult_aws_monitor_merged.expected.json");
    let case: Value = serde_json::from_slice(&bytes).unwrap();
    let findings = bias::evaluate(&baseline, &measured(&case["expected_analysis"]));
    let ours: Value = serde_json::from_slice(&violations::write(Monitor::Bias, &findings)).unwrap();
    assert_eq!(ours["violations"], *theirs);
}
