//! What about a bias run needs attention, though its results stand.

use super::seen::Asked;
use crate::contract::BiasJob;
use crate::error;
use crate::judge::bias::{MIN_GROUP, MIN_POSITIVES, NotMeasured, not_measured, other_positive_labels};
use crate::measure::bias::{ALL, BaselineGroup, Bias, BiasFault, GroupBias, Stage};
use crate::profile::{FacetSettings, FacetStatistics, UNLABELLED, UNPREDICTED};
use crate::report::Warning;
use crate::run::warning::{warning, warning_telling};

/// Every warning of a run that measured something, in the order of the codes. `lack` says why there are no predictions.
pub(super) fn of(
    (bias, statistics): (&Bias, &FacetStatistics),
    baseline: Option<&[BaselineGroup]>,
    job: &BiasJob,
    (lack, asked): (Option<&str>, &Asked),
) -> Vec<Warning> {
    let mut warnings = of_baseline(bias, baseline.unwrap_or_default());
    warnings.extend(small_groups(bias, &statistics.settings));
    if let Some(lack) = lack.filter(|_| job.expects_predictions) {
        let is_asked = |name: &str| job.post_training.contains(name);
        let n_asked = ALL.iter().filter(|kind| kind.stage == Stage::PostTraining && is_asked(kind.name)).count();
        warnings.push(warning(&error::ASKED_NOT_MEASURED, format!("{n_asked} metrics of predictions: {lack}")));
    }
    if asked.n_refused > 0 {
        let detail = format!("{} of {} rows are in no metric", asked.n_refused, asked.n_refused + bias.n);
        warnings.push(warning(&error::PREDICTIONS_REFUSED, detail).listing("reasons", &asked.reasons));
    }
    if statistics.prediction_fault == Some(BiasFault::NoPositivePrediction) {
        warnings.push(warning(&error::NO_POSITIVE_IN_WINDOW, format!("{} rows", bias.n)));
    }
    warnings.extend(incomplete_rows(bias));
    warnings.extend(empty_groups(bias, &statistics.settings));
    let configured = &job.facets.label_values_or_threshold;
    if let Some(labels) = other_positive_labels(baseline.unwrap_or_default(), configured) {
        let detail = format!("label_values_or_threshold is {}, and the baseline has others", configured.join(", "));
        let told = warning(&error::OTHER_POSITIVE_LABELS, error::printable(&detail));
        warnings.push(told.listing("positive labels of the baseline", &[labels.to_owned()]));
    }
    warnings.extend(of_columns(statistics));
    warnings.extend(left(asked));
    warnings.sort_by_key(|warning| warning.code);
    warnings
}

/// What columns are by their gaps alone, and which configured values they do not hold.
fn of_columns(FacetStatistics { numbers_by_gaps, absent_values, n, .. }: &FacetStatistics) -> Vec<Warning> {
    let by_gaps = (!numbers_by_gaps.is_empty()).then(|| {
        let detail = format!("of {}, values above the configured one count", numbers_by_gaps.join(", "));
        warning(&error::GAPS_MAKE_NUMBERS, error::printable(&detail))
    });
    let absent = absent_values.iter().map(|(column, values)| {
        let detail = format!("{} values configured for {column} are in none of {n} rows", values.len());
        warning(&error::VALUES_ABSENT, error::printable(&detail)).listing("values", values)
    });
    by_gaps.into_iter().chain(absent).collect()
}

/// Rows without a label or a prediction: those of tables count as not positive, others are left out.
fn incomplete_rows(bias: &Bias) -> Vec<Warning> {
    let n = |what: &str| bias.n_missing.get(what).copied().unwrap_or(0);
    let n_seen = bias.n + n(UNLABELLED) + n(UNPREDICTED);
    let left_out = "which are in no metric";
    let told = |code, what, consequence: &str| {
        (n(what) > 0).then(|| warning(code, format!("{} of {n_seen} rows, {consequence}", n(what))))
    };
    let found = [
        told(&error::LABELS_MISSING, "label", "which count as not positive"),
        told(&error::ROWS_WITHOUT_PREDICTION, "prediction", "which count as not predicted positive"),
        told(&error::ROWS_WITHOUT_PREDICTION, UNPREDICTED, left_out),
        told(&error::ROWS_WITHOUT_LABEL, UNLABELLED, left_out),
    ];
    found.into_iter().flatten().collect()
}

/// Endpoints that may still exist.
pub(super) fn left(asked: &Asked) -> impl Iterator<Item = Warning> {
    asked.left.iter().map(|left| warning(&error::SHADOW_LEFT, left.to_string()))
}

fn of_baseline(bias: &Bias, baseline: &[BaselineGroup]) -> Vec<Warning> {
    let NotMeasured { names, metrics, n_known } = not_measured(baseline, bias);
    if names.is_empty() {
        return Vec::new();
    }
    let told = warning_telling(&error::BASELINE_NOT_MEASURED, (names.len(), n_known), &metrics);
    vec![told.listing("not measured", &names)]
}

/// Configured groups to which no row belongs.
fn empty_groups(bias: &Bias, settings: &FacetSettings) -> Vec<Warning> {
    let told = |group: &GroupBias| {
        let detail = format!("a group of {}: none of {} rows", group.facet, bias.n);
        warning(&error::GROUP_EMPTY, detail).listing("groups", &[named(group)])
    };
    groups(bias).iter().filter(|group| is_empty(group, settings)).map(told).collect()
}

fn is_empty(group: &GroupBias, settings: &FacetSettings) -> bool {
    settings.has_configured_values(&group.facet) && group.counts.n_of_side(true) == 0
}

/// The groups, of any stage.
fn groups(bias: &Bias) -> &[GroupBias] {
    if bias.pre_training.is_empty() { &bias.post_training } else { &bias.pre_training }
}

fn named(group: &GroupBias) -> String {
    format!("{} = {}", group.facet, group.facet_value)
}

fn small_groups(bias: &Bias, settings: &FacetSettings) -> Vec<Warning> {
    let n = |group: &GroupBias, side: bool| group.counts.n_of_side(side);
    let n_positive = |group: &GroupBias, side: bool| group.counts.n[usize::from(side)][1].iter().sum::<u64>();
    let is_small = |group: &&GroupBias| {
        !is_empty(group, settings)
            && [false, true].iter().any(|&side| n(group, side) < MIN_GROUP || n_positive(group, side) < MIN_POSITIVES)
    };
    let told = |group: &GroupBias, side: bool| match n(group, side) {
        0 => "no row".to_owned(),
        n => format!("{n} rows, {} of them with the positive label", n_positive(group, side)),
    };
    // The group itself stands in the report alone: its value may be one that only the data hold.
    let of_group = |group: &GroupBias| {
        let [of_rest, of_facet] = [false, true].map(|side| told(group, side));
        let detail = format!("a group of {}: {of_facet}; the rest: {of_rest}", group.facet);
        warning(&error::GROUP_TOO_SMALL, detail).listing("groups", &[named(group)])
    };
    groups(bias).iter().filter(is_small).map(of_group).collect()
}
