//! Artifacts and metrics of bias, against examples.

use super::ledger;
use crate::judge::Verdict;
use crate::judge::bias::{self, BiasFinding, BiasTest, DEFAULT_MARGIN};
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};
use crate::names::file;
use crate::report::*;
use crate::wire::clarify::{analysis, violations};
use crate::wire::cloudwatch::Unpublishable;
use crate::wire::report;

const COUNTS: EightCounts = EightCounts { n: [[[500, 100], [100, 300]], [[460, 10], [30, 50]]], has_predictions: true };
const FAIR: EightCounts = EightCounts { n: [[[500, 100], [100, 300]], [[250, 50], [50, 150]]], has_predictions: true };

fn metric(name: &'static str, value: Result<f64, &str>) -> BiasMetric {
    BiasMetric {
        name,
        description: format!("Long ({name})"),
        standard_error: Some(0.01),
        interval: Some((0.1, f64::INFINITY)),
        value: value.map_err(str::to_owned),
    }
}

fn group(metrics: Vec<BiasMetric>) -> GroupBias {
    GroupBias {
        facet: "age".to_owned(),
        facet_value: "40".to_owned(),
        value_or_threshold: "(40, 91]".to_owned(),
        metrics,
        counts: COUNTS,
    }
}

/// The group is far less often predicted positive than others; it is as large as ever.
fn measured() -> Bias {
    Bias {
        label: "income".to_owned(),
        label_value_or_threshold: "1".to_owned(),
        pre_training: vec![group(vec![metric("CI", Ok(0.29)), metric("KL", Err("no"))])],
        post_training: vec![group(vec![
            metric("DI", Ok(60.0 / 550.0 / 0.4)),
            metric("DPPL", Ok(0.4 - 60.0 / 550.0)),
            metric("TE", Ok(f64::INFINITY)),
        ])],
        n: 1550,
        n_missing: [("facet", 3)].into(),
        estimated: vec!["age".to_owned()],
    }
}

fn baseline() -> Vec<BaselineGroup> {
    let group = |is_post_training, metrics: &[(&str, f64)]| BaselineGroup {
        is_post_training,
        facet: "age".to_owned(),
        value_or_threshold: "(40, 90]".to_owned(),
        metrics: metrics.iter().map(|(name, value)| ((*name).to_owned(), Some(*value))).collect(),
        counts: Some(FAIR),
    };
    vec![group(true, &[("DI", 1.0), ("DPPL", 0.0), ("TE", 2.0)]), group(false, &[("CI", 1.0 / 3.0)])]
}

/// What a run in its parts leads to.
struct Run {
    measured: Option<Bias>,
    baseline: Option<Vec<BaselineGroup>>,
    findings: Vec<BiasFinding>,
    tests: Vec<BiasTest>,
    verdict: Verdict,
}

fn run(verdict: Verdict) -> Run {
    let (measured, baseline) = (measured(), baseline());
    Run {
        findings: bias::evaluate(&baseline, &measured),
        tests: bias::test(&baseline, &measured, DEFAULT_MARGIN),
        measured: Some(measured),
        baseline: Some(baseline),
        verdict,
    }
}

impl Run {
    fn with_input<T>(&self, look: impl Fn(&BiasInput<'_>) -> T) -> T {
        let monitoring = self.baseline.as_deref();
        look(&BiasInput {
            window: Window::default(),
            job: Job::default(),
            inputs: Inputs::default(),
            ledger: &ledger(),
            labels: None,
            joined: Vec::new(),
            bias: self.measured.as_ref(),
            intersections: &[],
            performance: &[],
            monitoring: monitoring.map(|baseline| BiasMonitoring {
                baseline,
                findings: &self.findings,
                tests: &self.tests,
            }),
            verdict: self.verdict,
            warnings: &[],
        })
    }

    fn page(&self) -> report::Report {
        report::read(&self.with_input(bias_artifacts)[1].bytes).unwrap()
    }

    fn violated(&self) -> Vec<String> {
        let files = self.with_input(bias_artifacts);
        let read = violations::read(&files.last().unwrap().bytes).unwrap();
        read.into_iter().map(|violation| violation.metric_name).collect()
    }
}

fn names(artifacts: &[Artifact]) -> Vec<&str> {
    artifacts.iter().map(|artifact| artifact.name.as_str()).collect()
}

#[test]
fn the_violations_of_bias_come_last_and_only_of_a_monitor() {
    let monitor = run(Verdict::Aws).with_input(bias_artifacts);
    let all = [file::ANALYSIS, file::REPORT, file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS];
    assert_eq!(names(&monitor), all);
    assert_eq!(monitor[2].bytes, monitor[3].bytes);
    let job = Run { baseline: None, ..run(Verdict::Aws) };
    let files = job.with_input(bias_artifacts);
    assert_eq!(names(&files), [file::ANALYSIS, file::REPORT]);
    assert_eq!(analysis::read(&files[0].bytes).unwrap().len(), 2, "it is what later runs compare with");
    assert_eq!((job.with_input(bias_outcome), job.with_input(chosen_bias_findings).len()), (Outcome::Completed, 0));
    let page = job.page().bias.unwrap();
    assert_eq!(page.post_training[0].in_baseline, None);
    assert!(page.post_training[0].metrics.iter().all(|metric| metric.violated.is_none() && metric.test.is_none()));
}

#[test]
fn the_page_tells_the_shares_of_groups_and_which_columns_were_estimated() {
    let page = run(Verdict::Aws).page().bias.unwrap();
    assert_eq!(page.estimated, ["age"]);
    let group = &page.pre_training[0];
    assert_eq!(group.proportion, Some(550.0 / 1_550.0));
    assert_eq!(group.observed_label_distribution, Some([80.0 / 550.0, 470.0 / 550.0]));
    assert_eq!(group.confusion_matrix, Some([50.0, 10.0, 30.0, 460.0].map(|n| n / 550.0)));
    let mut empty = run(Verdict::Aws);
    let groups = &mut empty.measured.as_mut().unwrap().pre_training;
    groups[0].counts.n[1] = [[0; 2]; 2];
    let page = empty.page().bias.unwrap();
    let group = &page.pre_training[0];
    assert_eq!((group.proportion, group.observed_label_distribution, group.confusion_matrix), (Some(0.0), None, None));
}

#[test]
fn the_page_accounts_for_the_rows_of_joined_datasets() {
    let ledger = ledger();
    let joined = SideTable {
        holds: "facets",
        by: "identifier",
        source: "s3://bucket/facets",
        inputs: Inputs::default(),
        ledger: &ledger,
        n: 10,
        n_matched: 7,
        n_without_row: 2,
        n_without_id: 1,
        n_joined: 9,
        n_joined_used: 6,
        n_joined_without_id: 1,
    };
    let artifacts = run(Verdict::Aws).with_input(|input| {
        let input = BiasInput { joined: vec![joined], ..*input };
        bias_artifacts(&input)
    });
    let page = report::read(&artifacts[1].bytes).unwrap().bias.unwrap();
    let rows = report::MatchedRows { seen: 10, matched: 7, without_row: 2, without_identifier: 1 };
    let joined_rows = report::UsedRows { seen: 9, used: 6, unused: 2, without_identifier: 1 };
    assert_eq!((page.joined[0].rows, page.joined[0].joined_rows), (rows, joined_rows));
}

#[test]
fn the_verdict_chooses_the_violations_of_bias_and_the_report_tells_both() {
    let (by_aws, by_chance) = (run(Verdict::Aws), run(Verdict::Statistical));
    assert_eq!(by_aws.violated(), ["DPPL", "TE"]);
    assert_eq!(by_chance.violated(), ["DI", "DPPL"]);
    for run in [&by_aws, &by_chance] {
        let page = run.page();
        assert_eq!((page.monitor.as_str(), page.verdict.as_str()), ("bias", run.verdict.name()));
        assert_eq!(page.outcome, "CompletedWithViolations");
        let told = |findings: &[report::Finding]| -> Vec<(String, Option<String>, String)> {
            let found = findings.iter();
            found.map(|found| (found.feature.clone(), found.group.clone(), found.measure.clone())).collect()
        };
        let finding = |metric: &str| ("age".to_owned(), Some("40".to_owned()), metric.to_owned());
        assert_eq!(told(&page.findings.aws), [finding("DPPL"), finding("TE")]);
        assert_eq!(told(&page.findings.statistical.unwrap()), [finding("DI"), finding("DPPL")]);
    }
}

#[test]
fn the_report_tells_every_group_with_its_counts_and_metrics() {
    let page = run(Verdict::Aws).page().bias.unwrap();
    assert_eq!((page.n, page.missing["facet"], page.label.as_deref()), (1550, 3, Some("income")));
    let group = &page.post_training[0];
    let counts = report::GroupCounts { n: 550, positives: 80, predicted_positives: Some(60), true_positives: Some(50) };
    assert_eq!((group.group, group.rest.n, group.in_baseline), (counts, 1000, Some(true)));
    let told = |group: &report::BiasGroup| -> Vec<_> {
        let metrics = group.metrics.iter();
        let outcome = |metric: &report::BiasMetric| metric.test.as_ref().map(|test| test.outcome.clone());
        metrics
            .map(|metric| {
                (metric.metric.clone(), metric.error.clone(), metric.baseline, metric.violated, outcome(metric))
            })
            .collect()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        told(group),
        [
            ("DI".to_owned(), None, Some(1.0), Some(false), text("violated")),
            ("DPPL".to_owned(), None, Some(0.0), Some(true), text("violated")),
            ("TE".to_owned(), text("the value is Infinity"), Some(2.0), Some(true), text("insufficient_data")),
        ]
    );
    assert_eq!(
        told(&page.pre_training[0]),
        [
            ("CI".to_owned(), None, Some(1.0 / 3.0), Some(false), text("held")),
            ("KL".to_owned(), text("no"), None, None, None),
        ]
    );
    assert_eq!((group.metrics[0].interval, group.metrics[0].standard_error), (None, Some(0.01)));
}

#[test]
fn without_a_row_there_is_no_bias() {
    let empty = Run { measured: None, findings: Vec::new(), tests: Vec::new(), ..run(Verdict::Aws) };
    assert_eq!(empty.with_input(bias_outcome), Outcome::NoData);
    let page = empty.page();
    assert_eq!((page.outcome.as_str(), page.bias.map(|bias| bias.n)), ("NoData", Some(0)));
    assert_eq!(run(Verdict::Aws).with_input(bias_outcome), Outcome::CompletedWithViolations);
}

#[test]
fn metrics_of_bias_have_the_documented_dimensions() {
    let mut bias = measured();
    bias.post_training.push(GroupBias { facet: "größe".to_owned(), ..group(vec![metric("AD", Ok(0.5))]) });
    let (artifact, skipped) = bias_cloudwatch_artifact(&BiasMetricsInput {
        time: 0,
        endpoint: Some("e"),
        schedule: Some("s"),
        bias: Some(&bias),
        pairs: None,
        n_violations: None,
        ledger: &ledger(),
    });
    let reason = Unpublishable::Dimension;
    assert_eq!(skipped, [Skipped { metric: "bias_metric_AD".to_owned(), reason }], "not ASCII");
    let text = String::from_utf8(artifact.unwrap().bytes).unwrap();
    let names: Vec<&str> = text.lines().map(|line| line.split('"').nth(3).unwrap()).collect();
    let of_run = ["model_monitor_records_used", "model_monitor_records_rejected"];
    assert_eq!(names[..2], of_run);
    assert_eq!(names[2..], ["bias_metric_DI", "bias_metric_DPPL", "bias_metric_TE", "bias_metric_CI"]);
    let dimension = |name: &str, value: &str| format!(r#"{{"Name":"{name}","Value":"{value}"}}"#);
    let dimensions = |stage: &str| {
        let all = [
            ("Endpoint", "e"),
            ("MonitoringSchedule", "s"),
            ("BiasStage", stage),
            ("Label", "income"),
            ("LabelValue", "1"),
            ("Facet", "age"),
            ("FacetValue", "40"),
        ];
        all.map(|(name, value)| dimension(name, value)).join(",")
    };
    let line = |i: usize| text.lines().nth(i).unwrap();
    assert!(
        line(4).contains(&format!("[{}],\"Value\":2.3485425827738332e+108", dimensions("Post-Training"))),
        "{}",
        line(4)
    );
    assert!(line(5).contains(&format!("[{}],\"Value\":0.29", dimensions("Pre-training"))), "{}", line(5));
}
