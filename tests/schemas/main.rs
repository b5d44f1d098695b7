//! Every schema against our own files and broken variants.

use std::fs;
use std::path::Path;

use model_monitor::decode::{MergedLabels, Observation};
use model_monitor::incident::{self, Evidence, Fact, Found, Incident};
use model_monitor::judge::{
    Constraints, FeatureConstraints, Finding, Judgement, MonitoringConfig, Subject, TestOutcome, Verdict,
};
use model_monitor::measure::{FeatureMeasurements, Measurement};
use model_monitor::names::{Monitor, check, file};
use model_monitor::profile::{
    Category, ColumnStatistics, Detail, Kind, Ledger, NumericStatistics, Sample, TableStatistics, Undefined,
};
use model_monitor::report::{
    self, Account, Artifact, DataQualityResults, DatasetAccount, Dimensions, Failure, Inputs, Job, MonitorResults,
    Outcome, RowSegment, RowSegments, Run, Window, cloudwatch_artifact,
};
use model_monitor::sketch::Quantiles;
use model_monitor::wire::{Layout, dataset_format, job_config, resource_config, schemas};
use serde_json::{Value, json};

mod analysis_config;
mod attribution;
mod bias;
mod model_quality;
#[path = "../support/schema.rs"]
mod schema;

use schema::{check_invalid, check_valid, validator};

#[test]
fn schemas_are_schemas_and_describe_themselves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let n_files = fs::read_dir(folder).unwrap().count();
    assert_eq!(n_files, schemas::ALL.len(), "every file in schemas/ stands in the table");
    for schema in schemas::ALL {
        let value: Value = serde_json::from_str(schema.text).unwrap();
        assert!(jsonschema::draft202012::meta::is_valid(&value), "{}", schema.name);
        for key in ["$schema", "title", "description"] {
            assert!(value[key].as_str().is_some_and(|text| !text.is_empty()), "{}: {key}", schema.name);
        }
        check_invalid(schema.name, "a number", &json!(1));
    }
}

// ---- our own files ----

fn column(name: &str, kind: Kind, detail: Detail) -> ColumnStatistics {
    ColumnStatistics {
        name: name.to_owned(),
        kind,
        n_present: 3,
        n_missing: 1,
        n_distinct: Some(2),
        kind_counts: None,
        n_in_domain: None,
        unknown: Vec::new(),
        detail,
    }
}

fn statistics() -> TableStatistics {
    let numbers = NumericStatistics {
        mean: 2.0,
        sum: 6.0,
        std_dev: 1.0,
        min: 1.0,
        max: f64::INFINITY,
        quantiles: Quantiles { levels: vec![vec![3.0, f64::INFINITY, 2.0]], k: 2048.0, c: 0.64 },
        is_sum_wrapped: false,
    };
    let categories = vec![Category { value: "a \"b\" \u{1f}".to_owned(), count: 3 }];
    TableStatistics {
        n_rows: 4,
        columns: vec![
            column("age", Kind::Integral, Detail::Numeric(Ok(numbers))),
            column("hollow", Kind::Fractional, Detail::Numeric(Err(Undefined::Empty))),
            column("city", Kind::String, Detail::Text(Some(categories))),
            column("nothing", Kind::Unknown, Detail::Text(None)),
        ],
        outputs_are_last: true,
    }
}

fn constraints() -> Constraints {
    let feature = |name: &str, kind, config| FeatureConstraints {
        name: name.to_owned(),
        kind,
        completeness: Some(0.75),
        is_non_negative: Some(true),
        domain: Some(vec!["a".to_owned()]),
        config,
    };
    let standard = MonitoringConfig::default();
    let quiet = MonitoringConfig { emit_metrics: false, comparison_threshold: 0.5, ..standard.clone() };
    Constraints {
        features: vec![feature("age", Kind::Integral, standard.clone()), feature("city", Kind::String, quiet)],
        config: standard,
        outputs_are_last: true,
    }
}

fn findings() -> Vec<Finding> {
    let finding = |check, metric, value| Finding {
        check,
        subject: Subject::Feature("age".to_owned()),
        metric,
        description: "a sentence".to_owned(),
        value,
        threshold: 0.1,
        n: 3,
    };
    vec![finding(check::BASELINE_DRIFT, "distance", 0.3), finding(check::EXTRA_COLUMN, "", f64::NAN)]
}

fn ledger() -> Ledger {
    Ledger {
        n_objects_listed: 1,
        n_objects_opened: 1,
        n_records_seen: 8,
        n_records_used: 4,
        n_records_filtered_out: 2,
        variants: [("Main".to_owned(), 3), ("Shadow".to_owned(), 1)].into(),
        n_rows: 4,
        records_rejected: [("invalid_json", 1), ("row_count_mismatch", 1)].into(),
        records_lost: [("corrupt", 20)].into(),
        n_bytes_listed: 900,
        n_bytes_read: 600,
        bytes_lost: [("corrupt", 300)].into(),
        bytes_missing: [("truncated", 50)].into(),
        cells_unreadable: [("out_of_range", 2)].into(),
        unreadable_columns: ["when".to_owned()].into(),
        n_rows_short: 1,
        merged_labels: MergedLabels { n_records: 3, n_too_few: 1, n_too_many: 1 },
        observations: Observation::ALL.iter().map(|seen| (seen.name(), 1)).collect(),
        samples: vec![
            Sample { object: "a.jsonl".to_owned(), line: 2, reason: "invalid_json", detail: None },
            Sample {
                object: "a.jsonl".to_owned(),
                line: 3,
                reason: "row_count_mismatch",
                detail: Some("2 and 3".to_owned()),
            },
        ],
        ..Ledger::default()
    }
}

fn account() -> Account {
    let inputs = Inputs { manifest_sha256: Some("ab".to_owned()), n_objects: 1, n_bytes: 10 };
    let dataset = DatasetAccount { place: "data/".to_owned(), inputs, ledger: ledger(), ..DatasetAccount::default() };
    Account { dataset, ..Account::default() }
}

/// The results of two variants, one of which has none.
fn segments() -> [Value; 2] {
    let failed = json!({"code": "MM-INPUT-002", "place": "a.jsonl", "cause": "2 of 3 records were rejected", "remedy": "What to do."});
    [
        json!({"variant": "Main", "outcome": "Completed", "n": 3, "violations": 0, "features": []}),
        json!({"variant": "Shadow", "outcome": "Failed", "error": failed}),
    ]
}

/// The files of a run with this judgement.
fn written<R: MonitorResults>(
    results: &R,
    judgement: &Judgement,
    verdict: Verdict,
    account: &Account,
    layout: Layout,
) -> Vec<Artifact> {
    let outcome = Outcome::of(results.n_used(account), judgement.chosen(verdict).len());
    let run = Run {
        window: Window { start: Some(0), end: results.has_baseline().then_some(3_600_000) },
        job: &Job { name: Some("job".to_owned()), ..Job::default() },
        account,
        verdict,
        warnings: &[],
        segments: &segments(),
        layout,
        evaluation_time: 3_600_007,
    };
    report::artifacts(&run, results, judgement, outcome)
}

const DIMENSIONS: Dimensions<'_> = Dimensions { time: 1, endpoint: Some("endpoint"), schedule: Some("schedule") };

fn incidents() -> Found {
    let evidence = [
        Evidence { feature: Some("age".to_owned()), name: "share", fact: Fact::Number(0.5) },
        Evidence { feature: None, name: "categories", fact: Fact::Texts(vec!["a".to_owned()]) },
    ];
    let incident = Incident {
        kind: incident::ALL[0].name,
        features: vec!["age".to_owned()],
        sentence: "age: something happened".to_owned(),
        evidence: evidence.into(),
        share_of_rows: 0.5,
    };
    Found { incidents: vec![incident], n_more: 2 }
}

fn data_quality() -> DataQualityResults {
    let measured = |measure, value| Measurement { measure, value, n: 3 };
    let measurements = vec![
        measured("numeric_l_infinity_robust", Ok(0.3)),
        measured("other", Err(Undefined::TooFewCategories)),
        measured("ks_statistic", Ok(0.4)),
        measured("ks_p_value", Ok(0.01)),
        measured("total_variation_distance", Ok(0.2)),
    ];
    let mut earlier = statistics();
    earlier.columns.iter_mut().for_each(|column| column.n_missing += 4);
    DataQualityResults {
        statistics: statistics(),
        suggested: constraints(),
        measurements: vec![
            FeatureMeasurements { feature: "age".to_owned(), measurements: measurements.clone() },
            FeatureMeasurements { feature: "gone".to_owned(), measurements },
        ],
        baseline: Some(constraints().into()),
        baseline_statistics: Some(earlier.into()),
        incidents: Some(incidents()),
        segments: None,
        is_empty: false,
        redact: false,
    }
}

/// The same with the rows of one value, rows without one, and others: without those of the value all cells are missing.
fn with_segments() -> DataQualityResults {
    let segment = |value: Option<&str>| {
        let mut results = data_quality();
        results.statistics.columns.iter_mut().for_each(|column| column.n_missing = 0);
        let judgement = results.judge();
        RowSegment { value: value.map(str::to_owned), n_rows: 3, results, judgement }
    };
    let segments = vec![segment(Some("free")), segment(None)];
    let segments = RowSegments { column: "plan".to_owned(), n_rows: 8, n_other: 2, segments, redact: false };
    DataQualityResults { segments: Some(segments), ..data_quality() }
}

fn our_files(layout: Layout) -> Vec<Artifact> {
    let mut judgement = Judgement { aws: findings(), ..data_quality().judge() };
    judgement.tests.iter_mut().flatten().for_each(|test| test.outcome = TestOutcome::Violated);
    written(&with_segments(), &judgement, Verdict::Aws, &account(), layout)
}

fn parsed(artifact: &Artifact) -> Value {
    serde_json::from_slice(&artifact.bytes).unwrap_or_else(|error| panic!("{}: {error}", artifact.name))
}

#[test]
fn files_that_we_write_are_valid() {
    let schema_of = |name: &str| match name {
        file::STATISTICS => "statistics",
        file::CONSTRAINTS => "constraints",
        file::REPORT => "model_monitor_report",
        file::CONSTRAINT_VIOLATIONS | file::CONSTRAINTS_VIOLATIONS => "constraint_violations",
        other => panic!("{other} has no schema"),
    };
    for layout in [Layout::Aws2021, Layout::Aws2024] {
        for artifact in our_files(layout) {
            check_valid(schema_of(&artifact.name), &artifact.name, &parsed(&artifact));
        }
    }
    let failure = Failure { code: "MM-INPUT-001", place: "", cause: "a cause", remedy: "What to do." };
    let (window, job) = (Window::default(), Job::default());
    let failed = report::failure_artifact(Monitor::DataQuality, &failure, window, &job, &Account::default(), &[]);
    check_valid("model_monitor_report", "a failed run", &parsed(&failed));
}

#[test]
fn metrics_that_we_write_are_valid() {
    let results = DataQualityResults { baseline: None, ..data_quality() };
    let (artifact, _) = cloudwatch_artifact(DIMENSIONS, &account(), &results, 2);
    let text = String::from_utf8(artifact.expect("metrics").bytes).unwrap();
    assert!(text.lines().count() >= 6, "{text}");
    for line in text.lines() {
        check_valid("cloudwatch_metrics", line, &serde_json::from_str(line).unwrap());
    }
}

#[test]
fn broken_variants_of_our_files_are_refused() {
    let files = our_files(Layout::Aws2024);
    let broken = [
        ("statistics", 0, "/features/0/inferred_type", json!("Boolean")),
        ("statistics", 0, "/features/0/inferred_type", json!("String")),
        ("statistics", 0, "/features/0/numerical_statistics/mean", json!("high")),
        ("statistics", 0, "/features/0/numerical_statistics/common/num_present", json!(1.5)),
        ("statistics", 0, "/features/0/numerical_statistics/distribution/kll/sketch/data/0/0", json!(null)),
        ("statistics", 0, "/features/2/string_statistics/distribution/categorical/buckets/0/value", json!(1)),
        ("statistics", 0, "/features", json!({})),
        ("constraints", 1, "/features/0/name", json!(1)),
        ("constraints", 1, "/features/0/completeness", json!("all")),
        ("constraints", 1, "/features/1/monitoringConfigOverrides/emit_metrics", json!("yes")),
        ("constraints", 1, "/monitoring_config/distribution_constraints/comparison_method", json!("Stout")),
        ("constraints", 1, "/features", json!(null)),
        ("model_monitor_report", 2, "/features/0/contributions/0/part", json!("half")),
        ("model_monitor_report", 2, "/features/0/contributions/0/share_of_distance", json!(2)),
        ("model_monitor_report", 2, "/contributions/0/share_of_drift", json!(-1)),
        ("model_monitor_report", 2, "/incidents/0/kind", json!("drift")),
        ("model_monitor_report", 2, "/incidents/0/share_of_rows", json!(1.5)),
        ("model_monitor_report", 2, "/incidents/0/first_seen", json!(5)),
        ("model_monitor_report", 2, "/incidents/0/evidence/0/value", json!(null)),
        ("model_monitor_report", 2, "/incidents/0/evidence/1/values", json!([])),
        ("model_monitor_report", 2, "/more_incidents", json!(0)),
        ("model_monitor_report", 2, "/outcome", json!("Fine")),
        ("model_monitor_report", 2, "/outcome", json!("Failed")),
        ("model_monitor_report", 2, "/features/0/measurements/0/value", json!(null)),
        ("model_monitor_report", 2, "/features/0/measurements/1/value", json!(0.0)),
        ("model_monitor_report", 2, "/findings/aws/0/value", json!("NaN")),
        ("model_monitor_report", 2, "/ledger/samples/0/line", json!(0)),
        ("constraint_violations", 3, "/violations/0/description", json!(null)),
        ("constraint_violations", 3, "/violations", json!({})),
    ];
    for (schema, i, pointer, replacement) in broken {
        let mut value = parsed(&files[i]);
        *value.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {schema}")) = replacement.clone();
        check_invalid(schema, &format!("{pointer} = {replacement}"), &value);
    }
    check_invalid("constraints", "model quality", &json!({"features": [], "regression_constraints": {}}));
}

// ---- files that are only read: the schema and the reader agree ----

#[test]
fn schemas_and_readers_of_the_jobs_configuration_agree() {
    let cases = [
        ("processingjobconfig", json!({}), true),
        (
            "processingjobconfig",
            json!({"ProcessingJobName": null, "Environment": null, "ProcessingInputs": null}),
            true,
        ),
        ("processingjobconfig", json!({"Environment": {"a": "b", "c": null}, "More": []}), true),
        (
            "processingjobconfig",
            json!({"ProcessingInputs": [{"InputName": "a", "S3Input": {"S3Uri": "s3://b"}}]}),
            true,
        ),
        ("processingjobconfig", json!({"ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}}}), true),
        ("processingjobconfig", json!({"Environment": {"a": {}}}), false),
        ("processingjobconfig", json!({"ProcessingInputs": {}}), false),
        ("processingjobconfig", json!({"ProcessingOutputConfig": {"Outputs": [{"OutputName": 1}]}}), false),
        ("processingjobconfig", json!({"ProcessingResources": {"ClusterConfig": {"InstanceCount": -1}}}), false),
        ("resourceconfig", json!({"current_host": "algo-1", "hosts": ["algo-1"], "more": 1}), true),
        ("resourceconfig", json!({"current_host": null, "hosts": null}), true),
        ("resourceconfig", json!({"hosts": "algo-1"}), false),
        ("resourceconfig", json!({"hosts": [1]}), false),
    ];
    for (name, value, expected) in cases {
        let bytes = value.to_string().into_bytes();
        let is_read = match name {
            "resourceconfig" => resource_config::read(&bytes).is_ok(),
            _ => job_config::read(&bytes).is_ok(),
        };
        assert_eq!(validator(name).is_valid(&value), expected, "the schema {name} on {value}");
        assert_eq!(is_read, expected, "the reader of {name} on {value}");
    }
}

#[test]
fn schema_and_parser_of_the_dataset_format_agree() {
    let cases = [
        (json!({"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}), true),
        (json!({"sagemakerMergeJson": {"captureIndexNames": ["endpointOutput"], "originalDatasetFormat": null}}), true),
        (json!({"sagemakerCaptureJson": {}}), true),
        (json!({"csv": {"header": ["true", "false"]}}), true),
        (json!({"csv": {"header": true, "output_columns_position": "END"}, "other": 1}), true),
        (json!({"csv": {"delimiter": ";"}}), true),
        (json!({"csv": {"delimiter": "\t"}}), true),
        (json!({"csv": {"delimiter": "\\t"}}), true),
        (json!({"csv": {"delimiter": null}}), true),
        (json!({"csv": {"delimiter": ";;"}}), false),
        (json!({"csv": {"delimiter": "\""}}), false),
        (json!({"csv": {"delimiter": "§"}}), false),
        (json!({"sagemakerCaptureJson": {"output_columns_position": "END"}}), true),
        (json!({"sagemakerMergeJson": {"output_columns_position": "LAST"}}), false),
        (json!({"json": {"lines": "True"}}), true),
        (json!({"parquet": {}}), true),
        (json!({}), false),
        (json!({"csv": {}, "json": {}}), false),
        (json!({"csv": {"header": []}}), false),
        (json!({"csv": {"header": "yes"}}), false),
        (json!({"csv": {"output_columns_position": "MIDDLE"}}), false),
        (json!({"sagemakerCaptureJson": {"captureIndexNames": ["input"]}}), false),
    ];
    for (value, expected) in cases {
        assert_eq!(validator("dataset_format").is_valid(&value), expected, "the schema on {value}");
        assert_eq!(dataset_format::parse(&value.to_string()).is_ok(), expected, "the parser on {value}");
    }
}

#[test]
fn records_and_manifests_are_told_apart() {
    let side = json!({"data": "1,2", "encoding": "CSV", "mode": "INPUT", "observedContentType": null});
    let capture =
        json!({"captureData": {"endpointInput": side}, "eventMetadata": {"eventId": "a"}, "eventVersion": "0"});
    let mut merged = capture.clone();
    merged["groundTruthData"] = json!({"data": "1", "encoding": "CSV"});
    let manifest = json!([{"prefix": "s3://bucket/"}, "a.out", ""]);
    let mut unknown_encoding = capture.clone();
    unknown_encoding["captureData"]["endpointInput"]["encoding"] = json!("XML");
    let cases = [
        ("capture_record", &capture, true),
        ("capture_record", &merged, true),
        ("capture_record", &manifest, false),
        ("capture_record", &unknown_encoding, false),
        ("capture_record", &json!({"captureData": {}}), false),
        ("merged_record", &merged, true),
        ("merged_record", &capture, false),
        ("batch_manifest", &manifest, true),
        ("batch_manifest", &capture, false),
        ("batch_manifest", &json!(["s3://bucket/a"]), false),
        ("cloudwatch_metrics", &json!({"MetricName": "a", "Timestamp": "2019-11-26T03:00:00Z", "Value": 1}), true),
        ("cloudwatch_metrics", &json!({"MetricName": "a", "Timestamp": "2019-11-26T03:00:00Z"}), false),
        ("cloudwatch_metrics", &json!({"MetricName": "ü", "Timestamp": "2019-11-26T03:00:00Z", "Value": 1}), false),
        ("cloudwatch_metrics", &json!({"MetricName": "a", "Timestamp": "2019-11-26T03:00:00Z", "Value": "NaN"}), false),
        ("cloudwatch_metrics", &json!({"MetricName": "a", "Timestamp": "yesterday", "Value": 1}), false),
    ];
    for (name, value, expected) in cases {
        assert_eq!(validator(name).is_valid(value), expected, "{name} on {value}");
    }
}
