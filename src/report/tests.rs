//! Artifacts, the message and metrics, against examples.

mod attribution;
mod bias;
mod quality;

use super::*;
use crate::judge::{Constraints, FeatureConstraints, Finding, MonitoringConfig};
use crate::measure::{FeatureMeasurements, Measurement};
use crate::names::{check, file, metric};
use crate::profile::{ColumnStatistics, Detail, Kind, Ledger, NumericStatistics, TableStatistics, Undefined};
use crate::sketch::Quantiles;
use crate::wire::cloudwatch::Unpublishable;
use crate::wire::{Layout, report};

fn numbers(min: f64, max: f64) -> NumericStatistics {
    let quantiles = Quantiles { levels: vec![vec![min], vec![max]], k: 2048.0, c: 0.64 };
    NumericStatistics { mean: 2.0, sum: 6.0, std_dev: 1.0, min, max, quantiles }
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
        detail,
    }
}

fn statistics() -> TableStatistics {
    let columns = vec![
        column("age", Kind::Fractional, Detail::Numeric(Ok(numbers(1.0, 3.0)))),
        column("city", Kind::String, Detail::Text(None)),
    ];
    TableStatistics { n_rows: 5, columns }
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
    }
}

fn finding() -> Finding {
    Finding {
        check: check::BASELINE_DRIFT,
        measure: "distance",
        feature: "age".to_owned(),
        description: "Baseline drift distance: 0.3 exceeds threshold: 0.1".to_owned(),
        value: 0.3,
        threshold: 0.1,
        n: 4,
    }
}

fn measurements() -> Vec<FeatureMeasurements> {
    let measured = |feature: &str, value| FeatureMeasurements {
        feature: feature.to_owned(),
        measurements: vec![Measurement { measure: "distance", value, n: 4 }],
    };
    vec![measured("age", Ok(0.3)), measured("city", Ok(f64::NAN)), measured("gone", Err(Undefined::Absent))]
}

fn ledger() -> Ledger {
    Ledger {
        n_objects_listed: 3,
        n_objects_opened: 2,
        objects_skipped: [("empty", 1)].into(),
        n_records_seen: 7,
        n_records_used: 4,
        n_records_outside_window: 1,
        records_rejected: [("invalid_json", 2)].into(),
        n_rows: 5,
        ..Ledger::default()
    }
}

fn threshold(limits: &FeatureConstraints, _measure: &str) -> Option<f64> {
    Some(limits.config.comparison_threshold)
}

fn with_input<T>(findings: Option<&[Finding]>, ledger: &Ledger, look: impl Fn(&ReportInput<'_>) -> T) -> T {
    let (statistics, constraints, measurements) = (statistics(), constraints(), measurements());
    look(&ReportInput {
        window: Window { start: Some(0), end: None },
        job: Job { endpoint: Some("e"), ..Job::default() },
        inputs: Inputs::default(),
        ledger,
        statistics: &statistics,
        suggested: &constraints,
        monitoring: findings.map(|findings| (&constraints, findings)),
        measurements: &measurements,
        threshold: &threshold,
        layout: Layout::Aws2024,
    })
}

fn names(artifacts: &[Artifact]) -> Vec<&str> {
    artifacts.iter().map(|artifact| artifact.name.as_str()).collect()
}

#[test]
fn violations_come_last_and_only_when_monitoring() {
    let first = [file::STATISTICS, file::CONSTRAINTS, file::REPORT];
    let baseline = with_input(None, &ledger(), artifacts);
    assert_eq!(names(&baseline), first);
    let monitored = with_input(Some(&[]), &ledger(), artifacts);
    assert_eq!(names(&monitored)[..3], first);
    assert_eq!(names(&monitored)[3..], [file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS]);
    assert_eq!(monitored[3].bytes, monitored[4].bytes);
    assert_eq!(monitored[4].bytes, b"{\n  \"violations\" : [ ]\n}");
}

#[test]
fn the_report_tells_every_measurement() {
    let artifacts = with_input(Some(&[finding()]), &ledger(), artifacts);
    let page = report::read(&artifacts[2].bytes).unwrap();
    assert_eq!(page.outcome, "CompletedWithViolations");
    assert_eq!((page.window.start.as_deref(), page.window.end), (Some("1970-01-01T00:00:00Z"), None));
    let told: Vec<_> = page
        .features
        .iter()
        .map(|feature| {
            let measured = &feature.measurements[0];
            let reason = measured.not_computed.as_deref();
            (
                feature.name.as_str(),
                feature.kind.as_deref(),
                feature.n,
                measured.value,
                reason,
                measured.threshold,
                measured.violated,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("age", Some("Fractional"), 4, Some(0.3), None, Some(0.1), Some(true)),
            ("city", Some("String"), 4, None, Some("not_finite"), None, None),
            ("gone", None, 0, None, Some("absent"), Some(0.1), None),
        ]
    );
    assert_eq!(page.findings.aws[0].value, Some(0.3));
    assert_eq!(page.ledger.records.rejected["invalid_json"], 2);
    assert_eq!((page.error, page.job.endpoint.as_deref()), (None, Some("e")));
}

#[test]
fn a_failed_run_has_a_report_too() {
    let failure = Failure { code: "MM-INPUT-001", place: "a", cause: "b" };
    let artifact = failure_artifact(
        Monitor::DataQuality,
        &failure,
        Window::default(),
        &Job::default(),
        &Inputs::default(),
        &Account { ledger: &ledger(), labels: None },
    );
    let page = report::read(&artifact.bytes).unwrap();
    assert_eq!((artifact.name.as_str(), page.outcome.as_str()), (file::REPORT, "Failed"));
    assert_eq!(page.error.map(|error| error.code).as_deref(), Some("MM-INPUT-001"));
}

#[test]
fn outcomes_follow_from_records_and_findings() {
    let unused = Ledger { n_records_used: 0, ..ledger() };
    assert_eq!(Outcome::of(&ledger(), &[]), Outcome::Completed);
    assert_eq!(Outcome::of(&ledger(), &[finding()]), Outcome::CompletedWithViolations);
    assert_eq!(Outcome::of(&unused, &[]), Outcome::NoData);
    assert_eq!(Outcome::of(&unused, &[finding()]), Outcome::NoData);
}

#[test]
fn messages_are_the_services_own() {
    let unused = Ledger { n_records_used: 0, ..ledger() };
    let cases = [
        (Outcome::Completed, 0, "", "Completed: Job completed successfully with no violations."),
        (
            Outcome::CompletedWithViolations,
            8,
            "",
            "CompletedWithViolations: Job completed successfully with 8 violations.",
        ),
        (
            Outcome::NoData,
            0,
            &*looked_at(&unused),
            "Completed: NoData, no record to analyse: 3 objects listed, 2 opened, 1 skipped (empty 1); 7 records seen, \
             1 outside the window, 2 rejected (invalid_json 2).",
        ),
        (Outcome::Failed, 0, "MM-X", "Failed: MM-X"),
    ];
    for (outcome, n_violations, looked_at, expected) in cases {
        assert_eq!(message(outcome, n_violations, looked_at), expected);
    }
    assert!(looked_at(&Ledger::default()).ends_with("0 objects listed, 0 opened; 0 records seen"));
    assert!(message(Outcome::Failed, 0, &"ü".repeat(2000)).len() <= MAX_MESSAGE);
}

#[test]
fn texts_are_cut_between_characters() {
    let cases = [("abc", 2, "ab"), ("abc", 9, "abc"), ("aü", 2, "a"), ("ü", 0, ""), ("a😀", 4, "a"), ("a😀", 5, "a😀")];
    for (text, max, expected) in cases {
        assert_eq!(cut(text, max), expected, "{text} to {max}");
    }
}

fn metrics(statistics: &TableStatistics, baseline: Option<&Constraints>) -> (Vec<String>, Vec<Skipped>) {
    let (artifact, skipped) = cloudwatch_artifact(&MetricsInput {
        time: 1_574_737_200_000,
        endpoint: None,
        schedule: Some("s"),
        statistics,
        baseline,
        drift: &|name| (name == "age").then_some(0.3),
        n_violations: Some(2),
        ledger: &ledger(),
    });
    let artifact = artifact.unwrap();
    assert_eq!(artifact.name, file::CLOUDWATCH_METRICS);
    let text = String::from_utf8(artifact.bytes).unwrap();
    assert!(text.ends_with('\n'));
    (text.lines().map(str::to_owned).collect(), skipped)
}

/// Names of the metrics whose names begin so.
fn with_prefix<'a>(lines: &'a [String], prefix: &str) -> Vec<&'a str> {
    let beginning = format!("{{\"MetricName\":\"{prefix}");
    let rest = lines.iter().filter_map(|line| line.strip_prefix(&beginning));
    rest.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn metrics_have_the_services_names_and_dimensions() {
    let (lines, skipped) = metrics(&statistics(), Some(&constraints()));
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
    let mut constraints = constraints();
    constraints.features[0].config.emit_metrics = false;
    let lines = metrics(&statistics(), Some(&constraints)).0;
    assert_eq!(with_prefix(&lines, metric::FEATURE_NON_NULL), ["city"]);
    constraints.config.emit_metrics = false;
    let lines = metrics(&statistics(), Some(&constraints)).0;
    assert_eq!(with_prefix(&lines, "feature_").len(), 0, "a column that the baseline does not know follows the table");
    assert_eq!(with_prefix(&lines, "model_monitor_").len(), 3);
    assert_eq!(with_prefix(&metrics(&statistics(), None).0, metric::FEATURE_NON_NULL), ["age", "city"]);
}

#[test]
fn what_cloudwatch_would_refuse_is_left_out_and_told() {
    let mut statistics = statistics();
    statistics.columns[1].name = "größe".to_owned();
    statistics.columns[0].detail = Detail::Numeric(Ok(numbers(f64::NEG_INFINITY, 1.0)));
    let (lines, skipped) = metrics(&statistics, None);
    let skipped: Vec<_> = skipped.iter().map(|skipped| (skipped.metric.as_str(), skipped.reason)).collect();
    let expected = [("feature_data_age", Unpublishable::NotFinite), ("feature_non_null_größe", Unpublishable::Name)];
    assert_eq!(skipped, expected);
    assert_eq!(with_prefix(&lines, "feature_"), ["non_null_age", "baseline_drift_age"]);
}
