//! Bias beside what AWS's containers showed, and beside values of AWS's open library.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::datatypes::{Field, Schema};
use model_monitor::decode::outcome::{LABEL, PREDICTION, feature_column};
use model_monitor::decode::{cell_field, meta_fields};
use model_monitor::measure::bias::{
    Bias, BiasFault, BiasMetric, GroupBias, measure, measure_labels, performance, shares,
};
use model_monitor::profile::{Facet, FacetSettings, FacetStatistics, FacetSummary};
use model_monitor::summary::Summary;
use serde_json::Value;

use crate::folder::Reference;

const CASES: [&str; 9] = [
    "case1a_categorical_facet_group",
    "case1b_facet_one_vs_rest",
    "case1c_facet_two_values",
    "case4a_edge_zero_positives_in_facet",
    "case4c_edge_facet_missing",
    "case4d_edge_tiny_binary_becomes_continuous",
    "case4e_edge_float_binary_label",
    "case5a_adult_aws_baseline_pretraining",
    "case5b_adult_aws_monitor_merged",
];
/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/bias" => [
    every_metric_text_and_fault_is_that_of_the_cases,
    companion_numbers_are_those_of_the_cases,
    the_published_pre_training_section_of_aws_is_met_bit_for_bit_but_for_logarithms,
]];

const TOLERANCE: f64 = 1e-12;

/// What a configuration writes: a value or a list of values, as texts.
fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().map(text).collect(),
        value => vec![text(value)],
    }
}

fn settings(config: &Value) -> FacetSettings {
    let facet = |facet: &Value| Facet {
        name: facet["name_or_index"].as_str().expect("a name").to_owned(),
        value_or_threshold: texts(&facet["value_or_threshold"]),
        kind: None,
    };
    FacetSettings {
        facets: config["facet"].as_array().expect("facets").iter().map(facet).collect(),
        label: config["label"].as_str().expect("a label").to_owned(),
        label_values_or_threshold: texts(&config["label_values_or_threshold"]),
        are_pairs_categories: false,
        label_kind: None,
        probability_threshold: None,
        score_labels: FacetSettings::SCORE_LABELS.map(str::to_owned),
        group_variable: config["group_variable"].as_str().map(str::to_owned),
        has_predictions: config["predicted_label"].is_string(),
    }
}

/// A file with a header and without quotes, in batches of `n_rows`.
fn batches(text: &str, config: &Value, n_rows: usize) -> Vec<RecordBatch> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let name = |column: &&str| match Some(*column) {
        column if column == config["label"].as_str() => LABEL.to_owned(),
        column if column == config["predicted_label"].as_str() => PREDICTION.to_owned(),
        _ => feature_column(column),
    };
    let names: Vec<String> = header.iter().map(name).collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let batch = |(number, rows): (usize, &[Vec<&str>])| {
        let (n, first) = (rows.len(), (number * n_rows) as u64 + 1);
        let mut fields: Vec<Field> = meta_fields();
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(UInt8Array::new_null(n)),
            Arc::new(UInt64Array::from_iter_values(first..first + n as u64)),
            Arc::new(BooleanArray::from(vec![true; n])),
            Arc::new(Int64Array::new_null(n)),
        ];
        for (place, name) in names.iter().enumerate() {
            fields.push(cell_field(name, name));
            let cells = rows.iter().map(|row| Some(row[place]).filter(|text| !text.is_empty()));
            arrays.push(Arc::new(StringViewArray::from_iter(cells)));
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
    };
    rows.chunks(n_rows).enumerate().map(batch).collect()
}

struct Case {
    expected: Value,
    statistics: FacetStatistics,
}

/// Rows in batches of 50, the first half and the second half in a summary each.
fn case(reference: &Reference, name: &str) -> Case {
    let expected = reference.json(&format!("cases/bias/{name}.expected.json"));
    let config = &expected["analysis_config"];
    let csv = reference.text(&format!("cases/bias/{}", expected["csv"].as_str().expect("a file")));
    let settings = Arc::new(settings(config));
    let batches = batches(&csv, config, 50);
    let (first, second) = batches.split_at(batches.len() / 2);
    let fold = |batches: &[RecordBatch]| {
        let mut summary = FacetSummary::new(settings.clone());
        batches.iter().for_each(|batch| summary.observe(batch));
        summary
    };
    let mut summary = fold(first);
    summary.merge(fold(second));
    let statistics = summary.finish().unwrap_or_else(|fault| panic!("{name}: {fault}"));
    Case { expected, statistics }
}

fn number(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        _ => value.as_f64(),
    }
}

fn is_same(found: f64, expected: f64) -> bool {
    found == expected || (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0)
}

fn assert_metric(found: &BiasMetric, expected: &Value, place: &str) {
    assert_eq!(expected["name"], found.name, "{place}");
    assert_eq!(expected["description"], found.description, "{place}");
    match (&found.value, number(&expected["value"])) {
        (Ok(value), Some(expected)) => {
            assert!(is_same(*value, expected), "{place} {}: {value} is not {expected}", found.name);
        }
        (Err(text), None) => assert_eq!(expected["error"], **text, "{place} {}", found.name),
        (found, expected) => panic!("{place}: {found:?} is not {expected:?}"),
    }
}

/// The number of metrics compared.
fn assert_stage(bias: &Bias, found: &[GroupBias], expected: &Value, place: &str) -> usize {
    assert_eq!(expected["label"], *bias.label, "{place}");
    assert_eq!(expected["label_value_or_threshold"], *bias.label_value_or_threshold, "{place}");
    let mut found = found.iter();
    let mut n = 0;
    for (facet, groups) in expected["facets"].as_object().expect("facets") {
        for expected in groups.as_array().expect("groups") {
            let found = found.next().unwrap_or_else(|| panic!("{place}: a group is missing"));
            assert_eq!(*facet, found.facet, "{place}");
            assert_eq!(expected["value_or_threshold"], *found.value_or_threshold, "{place}");
            let metrics = expected["metrics"].as_array().expect("metrics");
            assert_eq!(metrics.len(), found.metrics.len(), "{place}");
            for (found, expected) in found.metrics.iter().zip(metrics) {
                assert_metric(found, expected, &format!("{place} {facet}"));
                n += 1;
            }
        }
    }
    assert!(found.next().is_none(), "{place}: a group is too many");
    n
}

fn every_metric_text_and_fault_is_that_of_the_cases(reference: &Reference) {
    let mut n = 0;
    for name in CASES {
        let Case { expected, statistics } = case(reference, name);
        let analysis = &expected["expected_analysis"];
        let pre = measure_labels(&statistics);
        n += assert_stage(&pre, &pre.pre_training, &analysis["pre_training_bias_metrics"], name);
        let post = &analysis["post_training_bias_metrics"];
        let facets = post["facets"].as_object();
        let fault = facets.and_then(|facets| facets.values().find_map(|facet| facet["report_error"].as_str()));
        match (measure(&statistics), fault) {
            (Err(found), Some(text)) => assert_eq!(format!("ValueError: {found}"), text, "{name}"),
            (Ok(bias), None) => {
                assert_eq!(bias.pre_training, pre.pre_training, "{name}");
                if post.is_object() {
                    n += assert_stage(&bias, &bias.post_training, post, name);
                }
            }
            (found, expected) => panic!("{name}: {found:?} is not {expected:?}"),
        }
    }
    // Eleven groups of labels, eight of them with predictions.
    assert_eq!(n, 11 * 8 + 8 * 13, "metrics compared");
}

fn companion_numbers_are_those_of_the_cases(reference: &Reference) {
    let near = |found: f64, expected: &Value| is_same(found, number(expected).expect("a number"));
    for name in CASES {
        let Case { expected, statistics } = case(reference, name);
        let Some(groups) = expected["basic_stats"].as_array() else {
            assert_eq!(statistics.prediction_fault, Some(BiasFault::NoPositivePrediction), "{name}");
            continue;
        };
        for (group, expected) in statistics.groups.iter().zip(groups) {
            let found = shares(&group.counts);
            let metric = |place: usize| &expected["metrics"][place]["value"];
            assert!(near(found.proportion, metric(0)), "{name}: {found:?}");
            assert!((0..2).all(|i| near(found.observed_label_distribution[i], &metric(1)[i])), "{name}: {found:?}");
            match found.confusion_matrix {
                Some(cells) => assert!((0..4).all(|i| near(cells[i], &metric(2)[i])), "{name}: {found:?}"),
                None => assert!(metric(2).is_null(), "{name}"),
            }
        }
        let Some((rates, cells)) = performance(&statistics.groups[0].counts) else {
            assert!(expected["model_performance"].is_null(), "{name}");
            continue;
        };
        let expected = &expected["model_performance"];
        for (rate, expected) in rates.iter().zip(expected["model_performance_metrics"].as_array().expect("rates")) {
            assert_eq!(expected["name"], rate.name, "{name}");
            assert_eq!(expected["description"], rate.description, "{name}");
            assert!(near(rate.value, &expected["value"]), "{name}: {rate:?}");
        }
        assert!((0..4).all(|i| near(cells[i], &expected["binary_confusion_matrix"][i])), "{name}");
    }
}

fn the_published_pre_training_section_of_aws_is_met_bit_for_bit_but_for_logarithms(reference: &Reference) {
    let published = reference.json("cases/bias/aws_published_batch_transform.json");
    let bias = measure_labels(&case(reference, "case5a_adult_aws_baseline_pretraining").statistics);
    let section = &published["baseline_analysis"]["pre_training_bias_metrics"];
    assert_eq!(assert_stage(&bias, &bias.pre_training, section, "published"), 8);
    let metrics = section["facets"]["Sex"][0]["metrics"].as_array().expect("metrics");
    for (found, expected) in bias.pre_training[0].metrics.iter().zip(metrics) {
        let (value, expected) = (found.value.as_ref().copied().expect("a value"), number(&expected["value"]));
        // Sums of logarithms may be rounded otherwise in the last bits.
        let tolerance = if ["JS", "KL"].contains(&found.name) { 1e-16 } else { 0.0 };
        assert!(expected.is_some_and(|expected| (value - expected).abs() <= tolerance), "{}: {value}", found.name);
    }
}
