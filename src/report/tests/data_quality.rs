//! Artifacts and metrics of data quality, against examples.

use serde_json::{Value, json};

use super::*;
use crate::judge::{Constraints, FeatureConstraints, Finding, MonitoringConfig, Subject};
use crate::measure::{FeatureMeasurements, Measurement, column};
use crate::names::{check, metric};
use crate::profile::{Category, ColumnStatistics, Detail, Kind, NumericStatistics, TableStatistics, Undefined};
use crate::sketch::Quantiles;
use crate::wire::cloudwatch::Unpublishable;

/// The measure that a column of numbers is judged by, unless its constraints choose another.
const ROBUST: &str = "numeric_l_infinity_robust";

fn numbers(min: f64, max: f64) -> NumericStatistics {
    let quantiles = Quantiles { levels: vec![vec![min], vec![max]], k: 2048.0, c: 0.64 };
    NumericStatistics { mean: 2.0, sum: 6.0, std_dev: 1.0, min, max, quantiles, is_sum_wrapped: false }
}

fn column(name: &str, kind: Kind, detail: Detail) -> ColumnStatistics {
    ColumnStatistics {
        name: name.to_owned(),
        kind,
        n_present: 4,
        n_missing: 1,
        n_distinct: Some(3),
        kind_counts: None,
        n_in_domain: None,
        unknown: Vec::new(),
        detail,
    }
}

fn constraints() -> Constraints {
    let feature = |name: &str, kind| FeatureConstraints {
        name: name.to_owned(),
        kind,
        completeness: Some(1.0),
        is_non_negative: None,
        domain: None,
        config: MonitoringConfig::default(),
    };
    Constraints {
        features: vec![feature("age", Kind::Fractional), feature("gone", Kind::Integral)],
        config: MonitoringConfig::default(),
        outputs_are_last: false,
    }
}

fn finding() -> Finding {
    Finding {
        check: check::BASELINE_DRIFT,
        subject: Subject::Feature("age".to_owned()),
        metric: ROBUST,
        description: "Baseline drift distance: 0.3 exceeds threshold: 0.1".to_owned(),
        value: 0.3,
        threshold: 0.1,
        n: 4,
    }
}

fn results() -> DataQualityResults {
    let measured = |feature: &str, measure, value| FeatureMeasurements {
        feature: feature.to_owned(),
        measurements: vec![Measurement { measure, value, n: 4 }],
    };
    let columns = vec![
        column("age", Kind::Fractional, Detail::Numeric(Ok(numbers(1.0, 3.0)))),
        column("city", Kind::String, Detail::Text(None)),
    ];
    DataQualityResults {
        statistics: TableStatistics { n_rows: 5, columns, ..TableStatistics::default() },
        suggested: constraints(),
        measurements: vec![
            measured("age", ROBUST, Ok(0.3)),
            measured("city", column::COMPLETENESS, Ok(f64::NAN)),
            measured("gone", column::COMPLETENESS, Err(Undefined::Absent)),
        ],
        baseline: Some(constraints().into()),
        baseline_statistics: None,
        incidents: None,
        segments: None,
        is_empty: false,
        redact: false,
    }
}

fn files(results: &DataQualityResults, findings: Vec<Finding>) -> Vec<Artifact> {
    let judgement = Judgement { aws: findings, ..Judgement::default() };
    written(results, &judgement, (Verdict::Aws, &account()), &[]).0
}

/// Names of the metrics that begin so.
fn with_prefix<'a>(lines: &'a [String], prefix: &str) -> Vec<&'a str> {
    let beginning = format!("{{\"MetricName\":\"{prefix}");
    let rest = lines.iter().filter_map(|line| line.strip_prefix(&beginning));
    rest.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn violations_come_last_and_only_when_monitoring() {
    let first = [file::STATISTICS, file::CONSTRAINTS, file::REPORT];
    let baseline = DataQualityResults { baseline: None, ..results() };
    assert_eq!(names(&files(&baseline, Vec::new())), first);
    let monitored = files(&results(), Vec::new());
    assert_eq!(names(&monitored)[..3], first);
    assert_eq!(names(&monitored)[3..], [file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS]);
    assert_eq!(monitored[3].bytes, monitored[4].bytes);
    assert_eq!(monitored[4].bytes, b"{\n  \"violations\" : [ ]\n}");
}

#[test]
fn nothing_is_judged_where_no_record_was_used() {
    let found = results().judge();
    assert!(!found.aws.is_empty() && found.tests == Some(Vec::new()));
    let empty = DataQualityResults { is_empty: true, ..results() };
    assert_eq!(empty.judge(), Judgement::default());
    assert_eq!(DataQualityResults { baseline: None, ..results() }.judge(), Judgement::default());
}

#[test]
fn the_report_tells_every_measurement() {
    let page = page(&files(&results(), vec![finding()]));
    assert_eq!(page["outcome"], "CompletedWithViolations");
    assert_eq!(page["window"], json!({"start": "1970-01-01T00:00:00Z", "end": null}));
    let features = page["features"].as_array().expect("a list");
    assert_eq!(
        members(&page["features"], &["name", "kind", "n"]),
        [json!(["age", "Fractional", 4]), json!(["city", "String", 4]), json!(["gone", null, 0])]
    );
    let told: Vec<&Value> = features.iter().map(|feature| &feature["measurements"][0]).collect();
    let (robust, completeness) = (ROBUST, column::COMPLETENESS);
    assert_eq!(
        told,
        [
            &json!({"measure": robust, "value": 0.3, "threshold": 0.1, "violated": true, "n": 4}),
            &json!({"measure": completeness, "value": null, "not_computed": "not_finite", "threshold": null,
                    "violated": null, "n": 4}),
            &json!({"measure": completeness, "value": null, "not_computed": "absent", "threshold": 1.0,
                    "violated": null, "n": 4}),
        ]
    );
    assert_eq!(page["findings"]["aws"][0]["value"], 0.3);
    assert_eq!(page["ledger"]["records"]["rejected"]["invalid_json"], 2);
    assert_eq!((&page["error"], &page["job"]["endpoint"]), (&Value::Null, &json!("e")));
}

#[test]
fn metrics_have_the_services_names_and_dimensions() {
    let (lines, skipped) = metrics(&results(), &account(), 2);
    assert_eq!(skipped, []);
    let dimensions = r#""Timestamp":"2019-11-26T03:00:00Z","Dimensions":[{"Name":"MonitoringSchedule","Value":"s"}]"#;
    assert_eq!(
        lines,
        [
            format!(r#"{{"MetricName":"{}",{dimensions},"Value":2.0,"Unit":"Count"}}"#, metric::VIOLATIONS),
            format!(r#"{{"MetricName":"{}",{dimensions},"Value":4.0,"Unit":"Count"}}"#, metric::RECORDS_USED),
            format!(r#"{{"MetricName":"{}",{dimensions},"Value":2.0,"Unit":"Count"}}"#, metric::RECORDS_REJECTED),
            format!(
                r#"{{"MetricName":"feature_data_age",{dimensions},"StatisticValues":{{"SampleCount":3.0,"Sum":6.0,"Minimum":1.0,"Maximum":3.0}},"Unit":"None"}}"#
            ),
            format!(r#"{{"MetricName":"feature_non_null_age",{dimensions},"Value":0.8,"Unit":"None"}}"#),
            format!(r#"{{"MetricName":"feature_baseline_drift_age",{dimensions},"Value":0.3,"Unit":"None"}}"#),
            format!(r#"{{"MetricName":"feature_non_null_city",{dimensions},"Value":0.8,"Unit":"None"}}"#),
        ]
    );
}

#[test]
fn the_baseline_says_which_features_have_metrics() {
    let with = |constraints| metrics(&DataQualityResults { baseline: constraints, ..results() }, &account(), 2).0;
    let mut quiet = constraints();
    quiet.features[0].config.emit_metrics = false;
    assert_eq!(with_prefix(&with(Some(quiet.clone().into())), metric::FEATURE_NON_NULL), ["city"]);
    quiet.config.emit_metrics = false;
    let lines = with(Some(quiet.into()));
    assert_eq!(with_prefix(&lines, "feature_").len(), 0, "a column that the baseline does not know follows the table");
    assert_eq!(with_prefix(&lines, "model_monitor_").len(), 3);
    assert_eq!(with_prefix(&with(None), metric::FEATURE_NON_NULL), ["age", "city"]);
}

#[test]
fn what_cloudwatch_would_refuse_is_left_out_and_told() {
    let mut results = DataQualityResults { baseline: None, ..results() };
    results.statistics.columns[1].name = "größe".to_owned();
    results.statistics.columns[0].detail = Detail::Numeric(Ok(numbers(f64::NEG_INFINITY, 1.0)));
    let (lines, skipped) = metrics(&results, &account(), 0);
    let skipped: Vec<_> = skipped.iter().map(|skipped| (skipped.metric.as_str(), skipped.reason)).collect();
    let expected = [("feature_data_age", Unpublishable::NotFinite), ("feature_non_null_größe", Unpublishable::Name)];
    assert_eq!(skipped, expected);
    assert_eq!(with_prefix(&lines, "feature_"), ["non_null_age"]);
}

/// Texts `a` and `b` in a column `x`, so many of each.
fn texts((a, b): (u64, u64), known: Option<&TableStatistics>) -> (TableStatistics, Vec<FeatureMeasurements>) {
    let category = |value: &str, count| Category { value: value.to_owned(), count };
    let detail = Detail::Text(Some(vec![category("a", a), category("b", b)]));
    let x = ColumnStatistics { n_present: a + b, n_missing: 0, ..column("x", Kind::String, detail) };
    let statistics = TableStatistics { n_rows: a + b, columns: vec![x], ..TableStatistics::default() };
    let measurements = crate::measure::measure(&statistics, known);
    (statistics, measurements)
}

/// Of 500 rows the plan of 300 is `free`, that of 190 `basic`, and 10 have another one or none.
fn with_segments(redact: bool) -> DataQualityResults {
    let (known, _) = texts((500, 500), None);
    let of = |counts| {
        let (statistics, measurements) = texts(counts, Some(&known));
        let (constraints, known) = (crate::judge::suggest(&known), known.clone());
        let (baseline, baseline_statistics) = (Some(constraints.into()), Some(known.into()));
        DataQualityResults { statistics, measurements, baseline, baseline_statistics, redact, ..results() }
    };
    let segment = |value: Option<&str>, counts: (u64, u64)| {
        let results = of(counts);
        let judgement = results.judge();
        RowSegment { value: value.map(str::to_owned), n_rows: counts.0 + counts.1, results, judgement }
    };
    let segments = vec![segment(Some("free"), (0, 300)), segment(Some("ba\n"), (95, 95)), segment(None, (3, 3))];
    let segments = RowSegments { column: "plan".to_owned(), n_rows: 500, n_other: 4, segments, redact };
    DataQualityResults { segments: Some(segments), ..of((100, 400)) }
}

#[test]
fn the_segment_that_carries_the_drift_is_told() {
    for (redact, name) in [(false, "free"), (true, "value 1")] {
        let results = with_segments(redact);
        let lines = results.lines(&[]);
        let line = format!("  x drifted: 100 % of it in plan = {name} (60 % of the rows)");
        assert!(lines.contains(&line), "{lines:?}");
        let report = page(&written(&results, &results.judge(), (Verdict::Aws, &account()), &[]).0);
        let carrying = json!([{"rows": "value", "value": name, "share_of_distance": 1.0, "share_of_rows": 0.6}]);
        assert_eq!(report["features"][0]["segments_carrying"], carrying);
        let segments = report["segments"].as_array().expect("segments");
        let told: Vec<Value> = segments.iter().map(|one| json!([one["rows"], one["n"], one["share"]])).collect();
        let expected = [json!(["value", 300, 0.6]), json!(["value", 190, 0.38]), json!(["missing", 6, 0.012])];
        assert_eq!(told[..3], expected);
        let other =
            json!({"column": "plan", "rows": "other", "n": 4, "share": 0.008, "not_computed": "high_cardinality"});
        assert_eq!(segments[3], other);
        assert_eq!(report.to_string().contains("ba\\n"), !redact);
    }
}
