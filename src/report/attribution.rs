//! Results of the feature-attribution monitor: what moves the model's answers.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::json::{interval, known, without_empty};
use super::model_calls::ModelCalls;
use super::monitor_results::{Metric, marked};
use super::{Account, Artifact, MonitorResults, Run, Sections, looked_at};
use crate::judge::attribution::{self as verdicts, NDCG_LIMIT};
use crate::judge::{Finding, Judgement, Test};
use crate::measure::attribution::{
    Aggregation, AttributionComparison, AttributionDrift, BaselineAttributions, BaselineFeature, Coverage,
    Explanations, FeatureAttribution, Method, OutputAttributions,
};
use crate::names::{Monitor, file, metric};
use crate::profile::Undefined;
use crate::wire::clarify::{explanations, shap_tables};

/// What was explained.
#[derive(Default)]
pub struct AttributionResults {
    /// `None` when no row was used.
    pub explanations: Option<Explanations>,
    /// `None` when no row was used, and where partial dependence is all that is asked for.
    pub coverage: Option<Coverage>,
    /// `None` where no model was asked.
    pub calls: Option<ModelCalls>,
    /// Names of all features of the model, in the order of the reference rows' cells. Those of the attributions
    /// may be fewer: they are the ones that are asked for.
    pub reference_features: Vec<String>,
    /// Whether the reference rows were made here, of the data; then they have a file of their own.
    pub made_reference_rows: bool,
    /// By row, by output, by feature, where the configuration asks for them.
    pub local: Option<Vec<Vec<Vec<f64>>>>,
    /// `None` in a baseline job.
    pub baseline: Option<Vec<BaselineAttributions>>,
    /// Of what was explained with the baseline; of nothing without either.
    pub comparison: AttributionComparison,
}

impl MonitorResults for AttributionResults {
    const MONITOR: Monitor = Monitor::Attribution;

    fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    fn judge(&self) -> Judgement {
        let judged = self.baseline.as_deref().zip(self.explanations.as_ref());
        let tests = judged.map(|(baseline, Explanations { statistics, aggregation, .. })| {
            verdicts::test(baseline, statistics, *aggregation, verdicts::DEFAULT_MARGIN)
        });
        Judgement {
            aws: verdicts::evaluate(&self.comparison.drifts),
            tests: Some(tests.unwrap_or_default()),
            ..Judgement::default()
        }
    }

    /// Without an explained row there is no data, unless partial dependence is all that is asked for.
    fn n_used(&self, account: &Account) -> u64 {
        let outputs = self.explanations.iter().flat_map(|explanations| &explanations.statistics.outputs);
        let is_dependence_alone = self.explanations.is_some() && self.coverage.is_none();
        match is_dependence_alone {
            true => account.dataset.ledger.n_rows,
            false => outputs.map(|output| output.n).max().unwrap_or(0),
        }
    }

    fn looked_at(&self, account: &Account) -> String {
        looked_at(&account.dataset)
    }

    /// What a later run compares with is the analysis itself.
    fn files(&self, _: &Run<'_>) -> Vec<Artifact> {
        let method = self.coverage.as_ref().map(|coverage| &coverage.method);
        let analysis = explanations::write(self.explanations.as_ref(), method, &self.reference_features);
        [Artifact::new(file::ANALYSIS, analysis)].into_iter().chain(self.tables()).collect()
    }

    fn sections(&self, _: &Run<'_>, judgement: &Judgement) -> Sections {
        let lookup = self.baseline.as_deref().map(|baseline| Lookup::of(baseline, self, judgement));
        let explained = self.explanations.as_ref();
        let mut outputs = explained.map(|explained| outputs(explained, lookup.as_ref())).unwrap_or_default();
        if let Some(lookup) = &lookup {
            let current: HashSet<&str> = explained
                .iter()
                .flat_map(|explained| &explained.statistics.outputs)
                .map(|output| output.output.as_str())
                .collect();
            let absent = lookup.baseline.iter().filter(|base| !current.contains(base.output.as_str()));
            outputs.extend(absent.map(|base| of_output(None, None, Some(base), Some(lookup))));
        }
        let section = json!({
            "coverage": self.coverage.as_ref().map(coverage),
            "calls": self.calls.map(ModelCalls::to_json),
            "aggregation": explained.map(|explained| explained.aggregation.name()),
            "outputs": outputs,
        });
        Sections { own: vec![("attribution", section)], ..Sections::default() }
    }

    /// Those of DG:clarify-feature-attribute-drift-cw. An expected value that is not known is absent.
    fn metrics(&self) -> Vec<Metric> {
        let of_output = |explained: &Explanations, output: &OutputAttributions| -> Vec<Metric> {
            let dimensions = |value_type| {
                [
                    (metric::DIMENSION_EXPLAINABILITY_METHOD, metric::KERNEL_SHAP),
                    (metric::DIMENSION_LABEL, output.output.as_str()),
                    (metric::DIMENSION_VALUE_TYPE, value_type),
                ]
            };
            let features = explained.statistics.features.iter().zip(&output.features).map(|(name, feature)| {
                let value = feature.aggregated(explained.aggregation);
                let name = format!("{}{name}", metric::ATTRIBUTION);
                Metric::single(name, value).within(&dimensions(metric::GLOBAL_SHAP_VALUES))
            });
            let expected = output
                .expected_value
                .map(|value| Metric::single(metric::EXPECTED_VALUE, value).within(&dimensions(metric::EXPECTED_VALUE)));
            features.chain(expected).collect()
        };
        let Some(explained) = &self.explanations else { return Vec::new() };
        explained.statistics.outputs.iter().flat_map(|output| of_output(explained, output)).collect()
    }

    fn lines(&self, findings: &[Finding]) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(explained) = &self.explanations {
            // How many predictions that took depends on which answers came in time to be used again: see the report.
            lines.push(match &self.coverage {
                Some(coverage) => coverage_line(coverage),
                None => format!("{} features with partial dependence", explained.partial_dependence.len()),
            });
            lines.extend(feature_lines(explained, findings));
        }
        lines.extend(self.comparison.drifts.iter().map(drift_line));
        lines
    }
}

impl AttributionResults {
    /// The attributions of every row, where they are asked for, and reference rows that were made here.
    fn tables(&self) -> Vec<Artifact> {
        let Some(explained) = &self.explanations else { return Vec::new() };
        let statistics = &explained.statistics;
        let local = self.local.as_ref().map(|rows| {
            let outputs: Vec<&str> = statistics.outputs.iter().map(|output| output.output.as_str()).collect();
            let bytes = shap_tables::write_local(&statistics.features, &outputs, rows);
            Artifact::new(file::LOCAL_SHAP_VALUES, bytes)
        });
        let has_made_rows = self.made_reference_rows && !explained.reference_rows.is_empty();
        let reference = has_made_rows.then(|| {
            let bytes = shap_tables::write_reference(&self.reference_features, &explained.reference_rows);
            Artifact::new(file::SHAP_BASELINE, bytes)
        });
        local.into_iter().chain(reference).collect()
    }
}

/// What is looked up for each output, and for each of its features.
struct Lookup<'a> {
    baseline: &'a [BaselineAttributions],
    drifts: HashMap<&'a str, &'a AttributionDrift>,
    /// Outputs that AWS's verdict is against.
    violated: HashSet<&'a str>,
    /// By output and feature; of the total, without a feature.
    tests: HashMap<(&'a str, Option<&'a str>), &'a Test>,
}

impl<'a> Lookup<'a> {
    fn of(baseline: &'a [BaselineAttributions], results: &'a AttributionResults, judgement: &'a Judgement) -> Self {
        let tests = judgement.tests.iter().flatten();
        Self {
            baseline,
            drifts: results.comparison.drifts.iter().map(|drift| (drift.output.as_str(), drift)).collect(),
            violated: judgement.aws.iter().filter_map(|finding| finding.subject.group()).collect(),
            tests: tests.filter_map(|test| Some(((test.subject.group()?, test.subject.feature()), test))).collect(),
        }
    }

    fn test(&self, output: &str, feature: Option<&str>) -> Option<Value> {
        self.tests.get(&(output, feature)).map(|test| of_test(test))
    }
}

fn outputs(explained: &Explanations, lookup: Option<&Lookup<'_>>) -> Vec<Value> {
    let of_output = |(i, output): (usize, &OutputAttributions)| {
        let base = lookup.and_then(|lookup| lookup.baseline.iter().find(|base| base.output == output.output));
        let floor = explained.noise_floors.get(i).copied().flatten();
        of_output(Some((explained, output)), floor, base, lookup)
    };
    explained.statistics.outputs.iter().enumerate().map(of_output).collect()
}

/// An output, which may be in the baseline alone: then this run's numbers are null.
fn of_output(
    current: Option<(&Explanations, &OutputAttributions)>,
    floor: Option<(f64, u64)>,
    base: Option<&BaselineAttributions>,
    lookup: Option<&Lookup<'_>>,
) -> Value {
    let output = current.map(|(_, output)| output);
    let name = output.map(|output| &output.output).or(base.map(|base| &base.output)).map_or("", String::as_str);
    let drift = lookup.filter(|_| output.is_some()).and_then(|lookup| Some(of_drift(lookup.drifts.get(name)?, lookup)));
    json!({
        "output": name,
        "in_current": output.is_some(),
        "in_baseline": lookup.map(|_| base.is_some()),
        "n": output.map_or(0, |output| output.n),
        "expected_value": output.and_then(|output| output.expected_value),
        "baseline_expected_value": base.and_then(|base| base.expected_value),
        "noise_floor": noise_floor(floor),
        "drift": drift,
        "magnitude_test": lookup.filter(|_| output.is_some()).and_then(|lookup| lookup.test(name, None)),
        "features": features(current, base, lookup),
    })
}

/// In the order of the input's columns; then those that only the baseline has.
fn features(
    current: Option<(&Explanations, &OutputAttributions)>,
    base: Option<&BaselineAttributions>,
    lookup: Option<&Lookup<'_>>,
) -> Vec<Value> {
    let of_baseline = base.map_or(&[][..], |base| &base.features);
    let known: HashMap<&str, &BaselineFeature> =
        of_baseline.iter().map(|feature| (feature.name.as_str(), feature)).collect();
    let test = |name: &str| lookup?.test(&current?.1.output, Some(name));
    let Some((explained, output)) = current else {
        return of_baseline.iter().map(|feature| of_feature(&feature.name, None, Some(Some(feature)), None)).collect();
    };
    let names = &explained.statistics.features;
    let arrived: HashSet<&str> = names.iter().map(String::as_str).collect();
    let current = names.iter().zip(&output.features).map(|(name, feature)| {
        let known = lookup.map(|_| known.get(name.as_str()).copied());
        of_feature(name, Some((feature, explained.aggregation, output.n)), known, test(name))
    });
    let absent = of_baseline.iter().filter(|feature| !arrived.contains(feature.name.as_str()));
    let absent = absent.map(|feature| of_feature(&feature.name, None, Some(Some(feature)), test(&feature.name)));
    current.chain(absent).collect()
}

/// A feature; `current` with its aggregation and number of rows, `known` `None` without a baseline.
fn of_feature(
    name: &str,
    current: Option<(&FeatureAttribution, Aggregation, u64)>,
    known: Option<Option<&BaselineFeature>>,
    test: Option<Value>,
) -> Value {
    let feature = current.map(|(feature, ..)| feature);
    // Of mean |φ| over the rows.
    let error = current.and_then(|(feature, _, n)| Some((feature.variance_abs? / n as f64).sqrt()));
    json!({
        "name": name,
        "in_current": feature.is_some(),
        "in_baseline": known.map(|known| known.is_some()),
        "value": current.map(|(feature, aggregation, _)| feature.aggregated(aggregation)),
        "mean": feature.map(|feature| feature.mean),
        "mean_abs": feature.map(|feature| feature.mean_abs),
        "standard_error": error,
        "sampling_error": feature.and_then(|feature| feature.sampling_error),
        "baseline_value": known.flatten().map(|known| known.value),
        "test": test,
    })
}

/// One output held against its baseline.
fn of_drift(drift: &AttributionDrift, lookup: &Lookup<'_>) -> Value {
    let is_judged = known(drift.ndcg).0.is_some();
    json!({
        "baseline_n": drift.baseline_n,
        "ndcg": measure(drift.ndcg),
        "ndcg_interval": interval(drift.ndcg_interval),
        "threshold": NDCG_LIMIT,
        "violated": is_judged.then(|| lookup.violated.contains(drift.output.as_str())),
        "baseline_noise_floor": noise_floor(drift.noise_floor),
        "rank_correlation": measure(drift.rank_correlation),
        "share_distance": measure(drift.share_distance),
        "magnitude_ratio": measure(drift.magnitude_ratio),
    })
}

fn measure(value: Result<f64, Undefined>) -> Value {
    let (value, not_computed) = known(value);
    without_empty(json!({"value": value, "not_computed": not_computed}), &["not_computed"])
}

/// NDCG between the attributions of two seeds on the same rows, and how many rows.
fn noise_floor(floor: Option<(f64, u64)>) -> Option<Value> {
    floor.map(|(ndcg, n)| json!({"ndcg": ndcg, "n": n}))
}

fn of_test(test: &Test) -> Value {
    json!({
        "outcome": test.outcome.name(),
        "value": test.value,
        "standard_error": test.standard_error,
        "n": test.n,
        "baseline_value": test.baseline_value,
        "baseline_standard_error": test.baseline_standard_error,
        "baseline_n": test.baseline_n,
        "effect": test.effect,
        "margin": test.margin,
        "p": test.p,
        "p_adjusted": test.p_adjusted,
    })
}

/// How the attributions came about; of captured ones nothing more is known.
fn coverage(coverage: &Coverage) -> Value {
    let known = match coverage.method {
        Method::Captured => None,
        Method::KernelShap { n_reference_rows, n_coalitions, is_exact, seed, is_logit } => {
            Some((n_reference_rows, n_coalitions, is_exact, seed, is_logit))
        }
    };
    json!({
        "rows": coverage.n_rows,
        "explained": coverage.n_explained,
        "refused": coverage.n_refused,
        "method": coverage.method.name(),
        "reference_rows": known.map(|(n, ..)| n),
        "coalitions": known.map(|(_, n, ..)| n),
        "is_exact": known.map(|(_, _, is_exact, ..)| is_exact),
        "seed": known.map(|(.., seed, _)| seed),
        "is_logit": known.map(|(.., is_logit)| is_logit),
    })
}

fn coverage_line(coverage: &Coverage) -> String {
    let how = match coverage.method {
        Method::Captured => "as captured".to_owned(),
        Method::KernelShap { n_coalitions: 0, .. } => "no coalitions needed".to_owned(),
        Method::KernelShap { n_coalitions, is_exact: true, .. } => format!("all of {n_coalitions} coalitions"),
        Method::KernelShap { n_coalitions, .. } => format!("up to {n_coalitions} drawn coalitions"),
    };
    format!("{} of {} rows explained, {how}", coverage.n_explained, coverage.n_rows)
}

/// The features of each output, largest attribution first. A standard error is known of mean |φ| alone.
fn feature_lines(explanations: &Explanations, findings: &[Finding]) -> Vec<String> {
    let (aggregation, names) = (explanations.aggregation, &explanations.statistics.features);
    let mut lines = Vec::new();
    for output in &explanations.statistics.outputs {
        lines.push(format!("output {}, {} of each feature, largest first", output.output, aggregation.name()));
        let mut features: Vec<_> = names.iter().zip(&output.features).collect();
        let size = |feature: &FeatureAttribution| feature.aggregated(aggregation).abs();
        features.sort_by(|(_, a), (_, b)| size(b).total_cmp(&size(a)));
        for (name, feature) in features {
            let variance = feature.variance_abs.filter(|_| aggregation == Aggregation::MeanAbs);
            let error = variance.map(|variance| format!(" ± {:.4}", (variance / output.n as f64).sqrt()));
            let is_violated = findings.iter().any(|finding| {
                finding.subject.group() == Some(&output.output) && finding.subject.feature() == Some(name)
            });
            let value = feature.aggregated(aggregation);
            lines.push(marked(is_violated, &format!("{name:<28} {value:>9.4}{}", error.unwrap_or_default())));
        }
    }
    lines
}

fn drift_line(drift: &AttributionDrift) -> String {
    let ndcg = match drift.ndcg {
        Ok(ndcg) => format!("{ndcg:.4}"),
        Err(lack) => format!("not computed ({})", lack.reason()),
    };
    let interval = drift.ndcg_interval.map(|(low, high)| format!(" [{low:.4}, {high:.4}]")).unwrap_or_default();
    let floor = drift.noise_floor.map(|(floor, _)| format!(", {floor:.4} between two seeds")).unwrap_or_default();
    let ratio = drift.magnitude_ratio.map(|ratio| format!(", magnitude × {ratio:.3}")).unwrap_or_default();
    format!("output {}: NDCG {ndcg}{interval}{floor}{ratio}", drift.output)
}
