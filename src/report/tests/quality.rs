//! Artifacts, the message and metrics of model quality, against examples.

use super::ledger;
use crate::judge::Verdict;
use crate::judge::quality::{self, QualityConstraints, QualityFinding, QualityTest};
use crate::measure::quality::{Distribution, Metric, Predictions, Quality, QualityBaseline};
use crate::names::file;
use crate::pairing::JoinCounts;
use crate::profile::{Ledger, OutcomeAccount, Problem, Undefined};
use crate::report::*;
use crate::wire::model_quality::violations;
use crate::wire::{Layout, report};

fn metric(name: &'static str, value: Result<f64, Undefined>) -> Metric {
    Metric { name, value, standard_deviation: None, standard_error: Some(0.01), interval: Some((0.4, 0.6)), n: 100 }
}

fn measured() -> Quality {
    Quality {
        problem: Problem::BinaryClassification,
        n: 100,
        account: OutcomeAccount { n_rows: 110, n_used: 100, n_without_label: 10, ..OutcomeAccount::default() },
        metrics: vec![metric("recall", Ok(0.5)), metric("accuracy", Ok(0.5)), metric("auc", Err(Undefined::Empty))],
        more_metrics: vec![metric("log_loss", Ok(0.7))],
        confusion: None,
        curves: None,
        calibration: Vec::new(),
        classes: Vec::new(),
        residual_quantiles: Vec::new(),
    }
}

/// Recall is a little below its limit, accuracy far below, and nothing is known of the area.
fn limits() -> QualityConstraints {
    let mut limits = quality::suggest(&measured());
    (limits.limits[0].threshold, limits.limits[1].threshold) = (Some(0.51), Some(0.9));
    limits
}

fn pairs() -> JoinCounts {
    let mut pairs = JoinCounts { n_captures: 10, n_matched: 5, n_captures_without_label: 5, ..JoinCounts::default() };
    pairs.delays[8] = 5;
    pairs
}

/// What a run in its parts leads to.
struct Run {
    measured: Option<Quality>,
    findings: Vec<QualityFinding>,
    tests: Vec<QualityTest>,
    baseline: Option<QualityBaseline>,
    verdict: Verdict,
}

fn run() -> Run {
    let (limits, measured) = (limits(), measured());
    Run {
        findings: quality::evaluate(&limits, &measured),
        tests: quality::test(&limits, &measured, None),
        measured: Some(measured),
        baseline: None,
        verdict: Verdict::Aws,
    }
}

impl Run {
    fn with_input<T>(&self, look: impl Fn(&QualityInput<'_>) -> T) -> T {
        let (limits, pairs, ledger) = (limits(), pairs(), ledger());
        let predictions = Predictions {
            n: 120,
            drift: Vec::new(),
            estimated: vec![metric("accuracy", Ok(0.8)), metric("auc", Ok(0.9))],
            not_estimated: None,
        };
        let values = vec![("labels".to_owned(), vec!["yes".to_owned()])];
        look(&QualityInput {
            window: Window::default(),
            job: Job::default(),
            inputs: Inputs::default(),
            ledger: &ledger,
            labels: Some(Labels { source: Some("labels/"), inputs: Inputs::default(), ledger: &ledger, pairs: &pairs }),
            problem: Problem::BinaryClassification,
            quality: self.measured.as_ref(),
            predictions: Some(&predictions),
            suggested: &limits,
            baseline: self.baseline.as_ref(),
            monitoring: self.baseline.is_none().then_some(QualityMonitoring {
                constraints: &limits,
                findings: &self.findings,
                tests: &self.tests,
            }),
            verdict: self.verdict,
            warnings: &[Warning { code: "MM-QUALITY-105", title: "few", detail: "5 of 10".to_owned(), values }],
            evaluation_time: 0,
            layout: Layout::Aws2024,
        })
    }

    fn violated(&self) -> Vec<String> {
        let files = self.with_input(quality_artifacts);
        let last = files.last().unwrap();
        violations::read(&last.bytes).unwrap().into_iter().map(|violation| violation.metric_name).collect()
    }

    fn page(&self) -> report::Report {
        let files = self.with_input(quality_artifacts);
        report::read(&files.iter().find(|file| file.name == file::REPORT).unwrap().bytes).unwrap()
    }
}

fn names(artifacts: &[Artifact]) -> Vec<&str> {
    artifacts.iter().map(|artifact| artifact.name.as_str()).collect()
}

#[test]
fn a_baseline_job_writes_what_later_runs_compare_with() {
    let known = QualityBaseline {
        problem: Problem::BinaryClassification,
        n: 100,
        metrics: Vec::new(),
        predictions: Distribution::Classes(Vec::new()),
        scores: Vec::new(),
        calibration: None,
    };
    let baseline = Run { baseline: Some(known), ..run() };
    let files = baseline.with_input(quality_artifacts);
    assert_eq!(names(&files), [file::STATISTICS, file::CONSTRAINTS, file::QUALITY_BASELINE, file::REPORT]);
    let files = run().with_input(quality_artifacts);
    let last = [file::REPORT, file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS];
    assert_eq!(names(&files)[2..], last);
    assert_eq!(files[3].bytes, files[4].bytes);
}

#[test]
fn the_verdict_chooses_the_violations_and_the_report_tells_both() {
    let by_aws = run();
    let by_chance = Run { verdict: Verdict::Statistical, ..run() };
    assert_eq!(by_aws.violated(), ["accuracy", "recall"]);
    assert_eq!(by_chance.violated(), ["accuracy"]);
    assert_eq!(by_aws.with_input(chosen_findings).len(), 2);
    for run in [&by_aws, &by_chance] {
        let page = run.page();
        assert_eq!((page.monitor.as_str(), page.verdict.as_str()), ("model_quality", run.verdict.name()));
        assert_eq!(page.outcome, "CompletedWithViolations");
        let measures = |findings: &[report::Finding]| -> Vec<String> {
            findings.iter().map(|finding| finding.measure.clone()).collect()
        };
        assert_eq!(measures(&page.findings.aws), ["accuracy", "recall"]);
        assert_eq!(measures(&page.findings.statistical.unwrap()), ["accuracy"]);
    }
}

#[test]
fn the_report_tells_every_metric_with_both_verdicts() {
    let page = run().page();
    let measured = page.quality.unwrap();
    let told: Vec<_> = measured
        .metrics
        .iter()
        .map(|metric| {
            let outcome = metric.test.as_ref().map(|test| test.outcome.as_str());
            (
                metric.metric.as_str(),
                metric.value,
                metric.not_computed.as_deref(),
                metric.threshold,
                metric.violated,
                outcome,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("recall", Some(0.5), None, Some(0.51), Some(true), Some("held")),
            ("accuracy", Some(0.5), None, Some(0.9), Some(true), Some("violated")),
            ("auc", None, Some("empty"), None, None, None),
            ("log_loss", Some(0.7), None, None, None, None),
        ]
    );
    assert_eq!(measured.account.map(|account| (account.rows, account.without_label)), Some((110, 10)));
    let estimated = measured.predictions.unwrap().estimated;
    assert_eq!((estimated[0].value, estimated[0].realised), (Some(0.8), Some(0.5)));
    assert_eq!((estimated[1].value, estimated[1].realised), (Some(0.9), None));
    let join = page.join.unwrap();
    assert_eq!((join.labelled_share, join.delays.len()), (Some(0.5), 9));
    let hours: Vec<Option<u64>> = join.delays.iter().map(|delay| delay.under_hours).collect();
    assert_eq!((hours[0], hours[7], hours[8]), (Some(1), Some(720), None));
    assert_eq!(join.delays[8].records, 5);
    assert_eq!(page.job.ground_truth_source.as_deref(), Some("labels/"));
    assert_eq!(page.label_ledger, Some(page.ledger));
    let warning = &page.warnings[0];
    assert_eq!((warning.code.as_str(), warning.values[0].name.as_str()), ("MM-QUALITY-105", "labels"));
}

#[test]
fn without_a_labelled_row_there_is_no_data() {
    let empty = Run { measured: None, findings: Vec::new(), tests: Vec::new(), ..run() };
    assert_eq!(empty.with_input(quality_outcome), Outcome::NoData);
    let page = empty.page();
    assert_eq!(page.outcome, "NoData");
    let measured = page.quality.unwrap();
    assert_eq!((measured.n, measured.metrics.len(), measured.account), (0, 0, None));
    assert_eq!(measured.predictions.map(|predictions| predictions.n), Some(120), "predictions are there all the same");
    assert_eq!(run().with_input(quality_outcome), Outcome::CompletedWithViolations);
}

#[test]
fn the_message_says_on_which_side_rows_were_lost() {
    let (ledger, pairs) = (ledger(), pairs());
    let labels = Labels { source: None, inputs: Inputs::default(), ledger: &ledger, pairs: &pairs };
    let account = OutcomeAccount { n_rows: 5, n_without_label: 5, ..OutcomeAccount::default() };
    assert_eq!(
        looked_at_labels(&ledger, Some(&labels), Some(&account)),
        "no labelled row to analyse: 4 records used; ground truth: 3 objects listed, 4 records used, 2 rejected \
         (invalid_json 2); 5 of 10 captures matched; 5 rows, 0 without prediction, 5 without label, 0 not numbers"
    );
    assert!(looked_at_labels(&ledger, None, None).ends_with("4 records used"));
    let unused = Ledger { n_records_used: 0, ..ledger.clone() };
    assert_eq!(looked_at_labels(&unused, Some(&labels), None), looked_at(&unused));
}

#[test]
fn a_merge_and_a_failed_run_name_their_monitor() {
    let (ledger, pairs) = (ledger(), pairs());
    let input = |pairs| MergeInput {
        window: Window::default(),
        job: Job::default(),
        inputs: Inputs::default(),
        ledger: &ledger,
        labels: Labels { source: None, inputs: Inputs::default(), ledger: &ledger, pairs },
        warnings: &[],
    };
    let page = report::read(&merge_report(&input(&pairs))).unwrap();
    assert_eq!((page.monitor.as_str(), page.outcome.as_str()), ("merge", "Completed"));
    let nothing = JoinCounts::default();
    assert_eq!(report::read(&merge_report(&input(&nothing))).unwrap().outcome, "NoData");
    let failure = Failure { code: "MM-QUALITY-001", place: "a", cause: "b" };
    let (window, job, inputs) = (Window::default(), Job::default(), Inputs::default());
    let failed = failure_artifact(
        Monitor::ModelQuality,
        &failure,
        window,
        &job,
        &inputs,
        &Account { ledger: &ledger, labels: None },
    );
    let page = report::read(&failed.bytes).unwrap();
    assert_eq!((page.monitor.as_str(), page.outcome.as_str()), ("model_quality", "Failed"));
}

#[test]
fn metrics_are_called_like_the_keys_of_the_statistics() {
    let (artifact, skipped) = quality_cloudwatch_artifact(&QualityMetricsInput {
        time: 0,
        endpoint: Some("e"),
        schedule: Some("s"),
        quality: Some(&measured()),
        pairs: Some(&pairs()),
        n_violations: None,
        ledger: &ledger(),
    });
    assert_eq!(skipped, []);
    let text = String::from_utf8(artifact.unwrap().bytes).unwrap();
    let dimensions = r#""Timestamp":"1970-01-01T00:00:00Z","Dimensions":[{"Name":"Endpoint","Value":"e"},{"Name":"MonitoringSchedule","Value":"s"}]"#;
    let expected = [
        ("model_monitor_records_used", "4.0", "Count"),
        ("model_monitor_records_rejected", "2.0", "Count"),
        ("model_monitor_labelled_share", "0.5", "None"),
        ("recall", "0.5", "None"),
        ("accuracy", "0.5", "None"),
    ];
    let expected: Vec<String> = expected
        .iter()
        .map(|(name, value, unit)| format!(r#"{{"MetricName":"{name}",{dimensions},"Value":{value},"Unit":"{unit}"}}"#))
        .collect();
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}
