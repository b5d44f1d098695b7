//! Artifacts and metrics of attributions, against examples.

use super::ledger;
use crate::judge::Verdict;
use crate::judge::attribution::{AttributionFinding, AttributionTest, TestSubject};
use crate::judge::quality::TestOutcome;
use crate::measure::attribution::{
    Aggregation, AttributionDrift, AttributionStatistics, BaselineAttributions, BaselineFeature, Coverage,
    Explanations, FeatureAttribution, Method, OutputAttributions,
};
use crate::names::{analysis, check, file};
use crate::profile::Undefined;
use crate::report::*;
use crate::wire::clarify::{attribution_violations as violations, explanations};
use crate::wire::cloudwatch::Unpublishable;
use crate::wire::report;

const COVERAGE: Coverage = Coverage {
    n_rows: 500,
    n_explained: 400,
    n_refused: 3,
    method: Method::KernelShap { n_reference_rows: 1, n_coalitions: 2, is_exact: true, seed: u64::MAX, is_logit: true },
};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn feature(mean_abs: f64) -> FeatureAttribution {
    let (mean, median) = (-mean_abs / 2.0, -mean_abs / 4.0);
    FeatureAttribution { mean, mean_abs, mean_sq: 2.0, median, variance_abs: Some(4.0), sampling_error: None }
}

/// The second feature matters more than the first.
fn explained() -> Explanations {
    let output = |name: &str, expected_value, features| OutputAttributions {
        output: name.to_owned(),
        n: 400,
        expected_value,
        features,
        replicates: Vec::new(),
        medians_are_estimated: false,
    };
    Explanations {
        statistics: AttributionStatistics {
            features: names(&["age", "income"]),
            outputs: vec![
                output("label0", Some(0.5), vec![feature(0.25), feature(0.75)]),
                output("new", None, vec![feature(0.5), FeatureAttribution { variance_abs: None, ..feature(1.0) }]),
            ],
            ..AttributionStatistics::default()
        },
        aggregation: Aggregation::MeanAbs,
        reference_rows: vec![vec![Some("30".to_owned()), Some("1,5".to_owned()), None]],
        noise_floors: vec![Some((0.998, 40))],
        partial_dependence: Vec::new(),
    }
}

fn base(output: &str, features: &[(&str, f64)]) -> BaselineAttributions {
    let feature = |(name, value): &(&str, f64)| BaselineFeature {
        name: (*name).to_owned(),
        value: *value,
        mean_abs: None,
        variance_abs: None,
    };
    BaselineAttributions {
        output: output.to_owned(),
        expected_value: Some(0.125),
        features: features.iter().map(feature).collect(),
        n: None,
        aggregation: None,
        noise_floor: None,
    }
}

fn drift() -> AttributionDrift {
    AttributionDrift {
        output: "label0".to_owned(),
        n: 400,
        baseline_n: None,
        aggregation: Aggregation::MeanAbs,
        ndcg: Ok(0.75),
        ndcg_interval: Some((0.5, f64::INFINITY)),
        noise_floor: Some((0.75, 9)),
        rank_correlation: Ok(-1.0),
        share_distance: Err(Undefined::Empty),
        magnitude_ratio: Ok(f64::INFINITY),
        features: Vec::new(),
    }
}

fn aws_finding() -> AttributionFinding {
    AttributionFinding {
        check: check::FEATURE_ATTRIBUTION_DRIFT,
        output: "label0".to_owned(),
        metric: analysis::SHAP,
        feature: None,
        description: "Feature attribution drift 0.75 exceeds threshold 0.9".to_owned(),
        value: 0.75,
        threshold: 0.9,
        n: 400,
    }
}

fn test(subject: TestSubject, outcome: TestOutcome) -> AttributionTest {
    AttributionTest {
        output: "label0".to_owned(),
        subject,
        value: Some(0.25),
        standard_error: Some(0.125),
        n: 400,
        baseline_value: Some(0.75),
        baseline_standard_error: None,
        baseline_n: None,
        effect: Some(0.5),
        margin: 0.05,
        p: Some(0.001),
        p_adjusted: Some(0.002),
        outcome,
    }
}

/// What a run in its parts leads to.
struct Run {
    explained: Option<Explanations>,
    baseline: Option<Vec<BaselineAttributions>>,
    drifts: Vec<AttributionDrift>,
    findings: Vec<AttributionFinding>,
    tests: Vec<AttributionTest>,
    local: Option<Vec<Vec<Vec<f64>>>>,
    made_reference_rows: bool,
    verdict: Verdict,
}

fn run(verdict: Verdict) -> Run {
    let age = TestSubject::Feature("age".to_owned());
    Run {
        explained: Some(explained()),
        baseline: Some(vec![base("label0", &[("age", 0.75), ("gone", 0.125)]), base("old", &[("age", 1.0)])]),
        drifts: vec![drift()],
        findings: vec![aws_finding()],
        tests: vec![test(age, TestOutcome::Violated), test(TestSubject::TotalMagnitude, TestOutcome::Held)],
        local: None,
        made_reference_rows: false,
        verdict,
    }
}

impl Run {
    fn with_input<T>(&self, look: impl Fn(&AttributionInput<'_>) -> T) -> T {
        let monitoring = self.baseline.as_deref().map(|baseline| AttributionMonitoring {
            baseline,
            drifts: &self.drifts,
            findings: &self.findings,
            tests: &self.tests,
        });
        let calls = ModelCalls { n_wanted: 9, n_predictions: 8, n_requests: 7, n_retries: 6, n_fallbacks: 5 };
        look(&AttributionInput {
            window: Window::default(),
            job: Job::default(),
            inputs: Inputs::default(),
            ledger: &ledger(),
            explanations: self.explained.as_ref(),
            coverage: self.explained.as_ref().map(|_| COVERAGE),
            calls: Some(calls),
            reference_features: &names(&["age", "income", "left out"]),
            made_reference_rows: self.made_reference_rows,
            local: self.local.as_deref().map(|rows| LocalAttributions { rows }),
            monitoring,
            verdict: self.verdict,
            warnings: &[],
        })
    }

    fn files(&self) -> Vec<Artifact> {
        self.with_input(attribution_artifacts)
    }

    fn page(&self) -> report::Report {
        report::read(&self.files()[1].bytes).unwrap()
    }

    fn violated(&self) -> Vec<(String, Option<String>)> {
        let read = violations::read(&self.files().last().unwrap().bytes).unwrap();
        read.into_iter().map(|violation| (violation.label, violation.feature_name)).collect()
    }
}

fn names_of(artifacts: &[Artifact]) -> Vec<&str> {
    artifacts.iter().map(|artifact| artifact.name.as_str()).collect()
}

#[test]
fn the_violations_of_attributions_come_last_and_only_of_a_monitor() {
    let monitor = Run { made_reference_rows: true, local: Some(Vec::new()), ..run(Verdict::Aws) }.files();
    let (tables, twins) =
        ([file::LOCAL_SHAP_VALUES, file::SHAP_BASELINE], [file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS]);
    assert_eq!(names_of(&monitor), [[file::ANALYSIS, file::REPORT], tables, twins].concat());
    assert_eq!(monitor[4].bytes, monitor[5].bytes);
    let job = Run { baseline: None, ..run(Verdict::Aws) };
    assert_eq!(names_of(&job.files()), [file::ANALYSIS, file::REPORT]);
    let baseline = explanations::read(&job.files()[0].bytes).unwrap();
    assert_eq!(baseline.outputs.len(), 2, "it is what later runs compare with");
    assert_eq!(baseline.reference_rows.unwrap().features, ["age", "income", "left out"]);
    let outcome = (job.with_input(attribution_outcome), job.with_input(chosen_attribution_findings).len());
    assert_eq!(outcome, (Outcome::Completed, 0));
    for output in job.page().attribution.unwrap().outputs {
        assert_eq!((output.in_current, output.in_baseline, output.drift), (true, None, None));
        assert!(output.features.iter().all(|feature| feature.in_baseline.is_none() && feature.test.is_none()));
    }
}

#[test]
fn tables_hold_every_row() {
    let local = vec![vec![vec![0.5, -0.25], vec![1e-5, 1.0]], vec![vec![0.0, 2.0], vec![3.0, f64::NAN]]];
    let files = Run { made_reference_rows: true, local: Some(local), ..run(Verdict::Aws) }.files();
    let text = |i: usize| String::from_utf8(files[i].bytes.clone()).unwrap();
    let header = "age_label0,income_label0,age_new,income_new";
    assert_eq!(text(2), format!("{header}\n0.5,-0.25,1.0E-5,1.0\n0.0,2.0,3.0,\n"));
    assert_eq!(text(3), "age,income,left out\n30,\"1,5\",\n");
    let without_rows = Run { explained: None, made_reference_rows: true, local: Some(Vec::new()), ..run(Verdict::Aws) };
    assert_eq!(without_rows.files().len(), 4);
}

#[test]
fn the_verdict_chooses_the_violations_of_attributions_and_the_report_tells_both() {
    let (by_aws, by_chance) = (run(Verdict::Aws), run(Verdict::Statistical));
    let label = || "label0".to_owned();
    assert_eq!(by_aws.violated(), [(label(), None)]);
    assert_eq!(by_chance.violated(), [(label(), Some("age".to_owned()))]);
    for run in [&by_aws, &by_chance] {
        let page = run.page();
        assert_eq!((page.monitor.as_str(), page.verdict.as_str()), ("attribution", run.verdict.name()));
        assert_eq!(page.outcome, "CompletedWithViolations");
        let told = |found: &report::Finding| {
            let at = (found.feature.clone(), found.group.clone(), found.measure.clone());
            (at, found.value, found.threshold, found.n)
        };
        let at = |feature: &str| (feature.to_owned(), Some(label()), "shap".to_owned());
        assert_eq!(page.findings.aws.iter().map(told).collect::<Vec<_>>(), [(at(""), Some(0.75), Some(0.9), 400)]);
        let statistical = page.findings.statistical.unwrap();
        assert_eq!(statistical.iter().map(told).collect::<Vec<_>>(), [(at("age"), Some(0.5), Some(0.05), 400)]);
    }
}

#[test]
fn the_report_tells_every_output_with_its_drift() {
    let page = run(Verdict::Aws).page().attribution.unwrap();
    let coverage = page.coverage.unwrap();
    assert_eq!((coverage.rows, coverage.explained, coverage.refused), (500, 400, 3));
    assert_eq!(
        (coverage.method.as_str(), coverage.seed, coverage.is_logit),
        ("kernel_shap", Some(u64::MAX), Some(true))
    );
    let calls = page.calls.unwrap();
    assert_eq!((calls.wanted, calls.predictions, calls.requests, calls.retries, calls.fallbacks), (9, 8, 7, 6, 5));
    let sides: Vec<_> =
        page.outputs.iter().map(|output| (output.output.as_str(), output.in_current, output.in_baseline)).collect();
    assert_eq!(sides, [("label0", true, Some(true)), ("new", true, Some(false)), ("old", false, Some(true))]);
    assert!(page.outputs[1].drift.is_none() && page.outputs[2].drift.is_none());
    let output = &page.outputs[0];
    assert_eq!((output.n, output.expected_value, output.baseline_expected_value), (400, Some(0.5), Some(0.125)));
    assert_eq!(output.noise_floor, Some(report::NoiseFloor { ndcg: Some(0.998), n: 40 }));
    let drift = output.drift.as_ref().unwrap();
    let measure =
        |value, reason: Option<&str>| report::AttributionMeasure { value, not_computed: reason.map(str::to_owned) };
    assert_eq!((&drift.ndcg, drift.threshold, drift.violated), (&measure(Some(0.75), None), 0.9, Some(true)));
    assert_eq!((drift.ndcg_interval, drift.baseline_n), (None, None), "an infinite bound");
    assert_eq!(drift.baseline_noise_floor, Some(report::NoiseFloor { ndcg: Some(0.75), n: 9 }));
    assert_eq!(drift.rank_correlation, measure(Some(-1.0), None));
    assert_eq!(drift.share_distance, measure(None, Some("empty")));
    assert_eq!(drift.magnitude_ratio, measure(None, Some("not_finite")));
    assert_eq!(output.magnitude_test.as_ref().unwrap().outcome, "held");
}

#[test]
fn the_report_tells_features_of_both_sides() {
    let page = run(Verdict::Aws).page().attribution.unwrap();
    let told: Vec<_> = page.outputs[0]
        .features
        .iter()
        .map(|of| (of.name.as_str(), of.in_current, of.in_baseline, of.value, of.baseline_value, of.test.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("age", true, Some(true), Some(0.25), Some(0.75), true),
            ("income", true, Some(false), Some(0.75), None, false),
            ("gone", false, Some(true), None, Some(0.125), false),
        ]
    );
    let age = &page.outputs[0].features[0];
    assert_eq!((age.mean, age.mean_abs, age.standard_error), (Some(-0.125), Some(0.25), Some(0.1)), "sqrt(4 / 400)");
    assert_eq!((age.sampling_error, age.test.as_ref().unwrap().p_adjusted), (None, Some(0.002)));
    assert_eq!(page.outputs[1].features[1].standard_error, None, "of one row there is none");
}

#[test]
fn without_ndcg_nothing_is_judged() {
    let drifts = vec![AttributionDrift { ndcg: Err(Undefined::TooFewCategories), ..drift() }];
    let page = Run { drifts, findings: Vec::new(), ..run(Verdict::Aws) }.page();
    assert_eq!(page.outcome, "Completed");
    let drift = page.attribution.unwrap().outputs.remove(0).drift.unwrap();
    assert_eq!((drift.violated, drift.ndcg.value), (None, None));
    let held = Run { findings: Vec::new(), ..run(Verdict::Aws) }.page().attribution.unwrap();
    assert_eq!(held.outputs[0].drift.as_ref().unwrap().violated, Some(false));
}

#[test]
fn without_an_explained_row_there_is_no_data() {
    let empty =
        Run { explained: None, drifts: Vec::new(), findings: Vec::new(), tests: Vec::new(), ..run(Verdict::Aws) };
    assert_eq!(empty.with_input(attribution_outcome), Outcome::NoData);
    let page = empty.page();
    let attribution = page.attribution.unwrap();
    assert_eq!((page.outcome.as_str(), attribution.coverage, attribution.aggregation), ("NoData", None, None));
    assert!(attribution.outputs.iter().all(|output| !output.in_current && output.n == 0));
    assert_eq!(attribution.outputs.len(), 2);
}

#[test]
fn metrics_of_attributions_have_the_documented_dimensions() {
    let mut explained = explained();
    explained.statistics.features[1] = "größe".to_owned();
    let (artifact, skipped) = attribution_cloudwatch_artifact(&AttributionMetricsInput {
        time: 0,
        endpoint: Some("e"),
        schedule: Some("s"),
        explanations: Some(&explained),
        n_violations: None,
        ledger: &ledger(),
    });
    let left_out = Skipped { metric: "feature_größe".to_owned(), reason: Unpublishable::Name };
    assert_eq!(skipped, [left_out.clone(), left_out], "not ASCII");
    let text = String::from_utf8(artifact.unwrap().bytes).unwrap();
    let names: Vec<&str> = text.lines().map(|line| line.split('"').nth(3).unwrap()).collect();
    let of_run = ["model_monitor_records_used", "model_monitor_records_rejected"];
    assert_eq!(names[..2], of_run);
    assert_eq!(names[2..], ["feature_age", "ExpectedValue", "feature_age"]);
    let dimensions = |label: &str, value_type: &str| {
        let all = [
            ("Endpoint", "e"),
            ("MonitoringSchedule", "s"),
            ("ExplainabilityMethod", "KernelShap"),
            ("Label", label),
            ("ValueType", value_type),
        ];
        all.map(|(name, value)| format!(r#"{{"Name":"{name}","Value":"{value}"}}"#)).join(",")
    };
    for (i, label, value_type, value) in [
        (2, "label0", "GlobalShapValues", "0.25"),
        (3, "label0", "ExpectedValue", "0.5"),
        (4, "new", "GlobalShapValues", "0.5"),
    ] {
        let line = text.lines().nth(i).unwrap();
        assert!(line.contains(&format!("[{}],\"Value\":{value},", dimensions(label, value_type))), "{line}");
    }
}
