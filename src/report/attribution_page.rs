//! The report's page of an attribution run.

use std::collections::{HashMap, HashSet};

use super::page::finite;
use super::{AttributionInput, AttributionMonitoring, ModelCalls};
use crate::judge::attribution::{AttributionFinding, AttributionTest, NDCG_LIMIT, TestSubject};
use crate::measure::attribution::{
    AttributionDrift, BaselineAttributions, BaselineFeature, Coverage, Explanations, FeatureAttribution, Method,
    OutputAttributions,
};
use crate::profile::Undefined;
use crate::wire::report;

/// What was explained and judged.
pub(super) fn attribution(input: &AttributionInput<'_>) -> report::Attribution {
    let judged = input.monitoring.map(|monitoring| Judged::of(&monitoring));
    let explained = input.explanations.map(|explanations| of_explanations(explanations, judged.as_ref()));
    let mut outputs = explained.unwrap_or_default();
    if let Some(judged) = &judged {
        let current: HashSet<String> = outputs.iter().map(|output| output.output.clone()).collect();
        let absent = judged.baseline.iter().filter(|base| !current.contains(&base.output));
        outputs.extend(absent.map(only_in_baseline));
    }
    report::Attribution {
        coverage: input.coverage.as_ref().map(coverage),
        calls: input.calls.as_ref().map(calls),
        aggregation: input.explanations.map(|explanations| explanations.aggregation.name().to_owned()),
        outputs,
    }
}

/// A finding as the report has it.
pub(super) fn finding(finding: &AttributionFinding) -> report::Finding {
    report::Finding {
        feature: finding.feature.clone().unwrap_or_default(),
        group: Some(finding.output.clone()),
        check: finding.check.to_owned(),
        measure: finding.metric.to_owned(),
        description: finding.description.clone(),
        value: finite(finding.value),
        threshold: finite(finding.threshold),
        n: finding.n,
    }
}

/// What is looked up for each output, and for each of its features.
struct Judged<'a> {
    baseline: &'a [BaselineAttributions],
    drifts: HashMap<&'a str, &'a AttributionDrift>,
    /// Outputs that AWS's verdict is against.
    violated: HashSet<&'a str>,
    /// By output and feature; of the total, without a feature.
    tests: HashMap<(&'a str, Option<&'a str>), &'a AttributionTest>,
}

impl<'a> Judged<'a> {
    fn of(monitoring: &AttributionMonitoring<'a>) -> Self {
        let feature = |test: &'a AttributionTest| match &test.subject {
            TestSubject::Feature(name) => Some(name.as_str()),
            TestSubject::TotalMagnitude => None,
        };
        let tests = monitoring.tests.iter().map(|test| ((test.output.as_str(), feature(test)), test));
        Self {
            baseline: monitoring.baseline,
            drifts: monitoring.drifts.iter().map(|drift| (drift.output.as_str(), drift)).collect(),
            violated: monitoring.findings.iter().map(|finding| finding.output.as_str()).collect(),
            tests: tests.collect(),
        }
    }

    fn baseline_of(&self, output: &str) -> Option<&'a BaselineAttributions> {
        self.baseline.iter().find(|base| base.output == output)
    }

    fn test(&self, output: &str, feature: Option<&str>) -> Option<report::AttributionTest> {
        self.tests.get(&(output, feature)).map(|test| of_test(test))
    }
}

fn of_explanations(explanations: &Explanations, judged: Option<&Judged<'_>>) -> Vec<report::AttributionOutput> {
    let of_output = |(i, output): (usize, &OutputAttributions)| {
        let name = output.output.as_str();
        let base = judged.and_then(|judged| judged.baseline_of(name));
        let drift = judged.and_then(|judged| Some(of_drift(judged.drifts.get(name)?, judged)));
        report::AttributionOutput {
            output: name.to_owned(),
            in_current: true,
            in_baseline: judged.map(|_| base.is_some()),
            n: output.n,
            expected_value: output.expected_value.and_then(finite),
            baseline_expected_value: base.and_then(|base| base.expected_value).and_then(finite),
            noise_floor: noise_floor(explanations.noise_floors.get(i).copied().flatten()),
            drift,
            magnitude_test: judged.and_then(|judged| judged.test(name, None)),
            features: features(explanations, output, judged, base),
        }
    };
    explanations.statistics.outputs.iter().enumerate().map(of_output).collect()
}

fn features(
    explanations: &Explanations,
    output: &OutputAttributions,
    judged: Option<&Judged<'_>>,
    base: Option<&BaselineAttributions>,
) -> Vec<report::AttributionFeature> {
    let of_baseline = base.map_or(&[][..], |base| &base.features);
    let known: HashMap<&str, &BaselineFeature> =
        of_baseline.iter().map(|feature| (feature.name.as_str(), feature)).collect();
    let names = &explanations.statistics.features;
    let current: HashSet<&str> = names.iter().map(String::as_str).collect();
    let test = |name: &str| judged?.test(&output.output, Some(name));
    let explained = names.iter().zip(&output.features).map(|(name, feature)| {
        let known = known.get(name.as_str());
        report::AttributionFeature {
            name: name.clone(),
            in_current: true,
            in_baseline: judged.map(|_| known.is_some()),
            value: finite(feature.aggregated(explanations.aggregation)),
            mean: finite(feature.mean),
            mean_abs: finite(feature.mean_abs),
            standard_error: standard_error(feature, output.n),
            sampling_error: feature.sampling_error.and_then(finite),
            baseline_value: known.and_then(|known| finite(known.value)),
            test: test(name),
        }
    });
    let absent = of_baseline.iter().filter(|feature| !current.contains(feature.name.as_str()));
    explained.chain(absent.map(|feature| absent_feature(feature, test(&feature.name)))).collect()
}

/// Of mean |φ| over the rows.
fn standard_error(feature: &FeatureAttribution, n: u64) -> Option<f64> {
    finite((feature.variance_abs? / n as f64).sqrt())
}

fn only_in_baseline(base: &BaselineAttributions) -> report::AttributionOutput {
    report::AttributionOutput {
        output: base.output.clone(),
        in_current: false,
        in_baseline: Some(true),
        n: 0,
        expected_value: None,
        baseline_expected_value: base.expected_value.and_then(finite),
        noise_floor: None,
        drift: None,
        magnitude_test: None,
        features: base.features.iter().map(|feature| absent_feature(feature, None)).collect(),
    }
}

fn absent_feature(feature: &BaselineFeature, test: Option<report::AttributionTest>) -> report::AttributionFeature {
    report::AttributionFeature {
        name: feature.name.clone(),
        in_current: false,
        in_baseline: Some(true),
        value: None,
        mean: None,
        mean_abs: None,
        standard_error: None,
        sampling_error: None,
        baseline_value: finite(feature.value),
        test,
    }
}

fn of_drift(drift: &AttributionDrift, judged: &Judged<'_>) -> report::AttributionDrift {
    let ndcg = measure(drift.ndcg);
    report::AttributionDrift {
        baseline_n: drift.baseline_n,
        ndcg_interval: drift.ndcg_interval.and_then(|(lower, upper)| Some([finite(lower)?, finite(upper)?])),
        threshold: NDCG_LIMIT,
        violated: ndcg.value.map(|_| judged.violated.contains(drift.output.as_str())),
        baseline_noise_floor: noise_floor(drift.noise_floor),
        rank_correlation: measure(drift.rank_correlation),
        share_distance: measure(drift.share_distance),
        magnitude_ratio: measure(drift.magnitude_ratio),
        ndcg,
    }
}

fn measure(value: Result<f64, Undefined>) -> report::AttributionMeasure {
    let value = value.and_then(|value| finite(value).ok_or(Undefined::NotFinite));
    report::AttributionMeasure {
        value: value.ok(),
        not_computed: value.err().map(|undefined| undefined.reason().to_owned()),
    }
}

fn noise_floor(floor: Option<(f64, u64)>) -> Option<report::NoiseFloor> {
    floor.map(|(ndcg, n)| report::NoiseFloor { ndcg: finite(ndcg), n })
}

fn of_test(test: &AttributionTest) -> report::AttributionTest {
    report::AttributionTest {
        outcome: test.outcome.name().to_owned(),
        value: test.value.and_then(finite),
        standard_error: test.standard_error.and_then(finite),
        n: test.n,
        baseline_value: test.baseline_value.and_then(finite),
        baseline_standard_error: test.baseline_standard_error.and_then(finite),
        baseline_n: test.baseline_n,
        effect: test.effect.and_then(finite),
        margin: test.margin,
        p: test.p,
        p_adjusted: test.p_adjusted,
    }
}

fn coverage(coverage: &Coverage) -> report::AttributionCoverage {
    let known = match coverage.method {
        Method::Captured => None,
        Method::KernelShap { n_reference_rows, n_coalitions, is_exact, seed, is_logit } => {
            Some((n_reference_rows, n_coalitions, is_exact, seed, is_logit))
        }
    };
    report::AttributionCoverage {
        rows: coverage.n_rows,
        explained: coverage.n_explained,
        refused: coverage.n_refused,
        method: coverage.method.name().to_owned(),
        reference_rows: known.map(|(n, ..)| n as u64),
        coalitions: known.map(|(_, n, ..)| n as u64),
        is_exact: known.map(|(_, _, is_exact, ..)| is_exact),
        seed: known.map(|(.., seed, _)| seed),
        is_logit: known.map(|(.., is_logit)| is_logit),
    }
}

fn calls(calls: &ModelCalls) -> report::ModelCalls {
    report::ModelCalls {
        wanted: calls.n_wanted,
        predictions: calls.n_predictions,
        requests: calls.n_requests,
        retries: calls.n_retries,
        fallbacks: calls.n_fallbacks,
    }
}
