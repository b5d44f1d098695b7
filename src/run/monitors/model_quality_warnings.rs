//! What about a model-quality run needs attention, though its results stand.

use super::outcomes::Outcomes;
use crate::error;
use crate::judge::quality::QualityConstraints;
use crate::measure::quality::{Confusion, Contradiction, Quality, contradiction};
use crate::profile::{OutcomeAccount, OutcomeCounts};
use crate::report::{LabelAccount, Warning};
use crate::run::account_warnings::few_labels;
use crate::run::warning::{warning, warning_of};

/// Longest class that a warning shows, in characters.
const MAX_CHARACTERS: usize = 100;

/// Every warning of the run, in the order of the codes. `n_rows` is the number of rows of the window, labelled or not.
pub(super) fn of(
    n_rows: u64,
    labels: Option<&LabelAccount>,
    seen: &Outcomes,
    quality: &Quality,
    limits: Option<&QualityConstraints>,
) -> Vec<Warning> {
    let confusion = quality.confusion.as_ref();
    let account = &seen.labelled.account;
    let pairs = labels.map(|labels| &labels.pairs);
    let no_match = pairs.filter(|pairs| pairs.n_matched == 0 && pairs.n_captures > 0).map(|pairs| {
        let detail =
            format!("{} captures and {} label records, and no id is on both sides", pairs.n_captures, pairs.n_labels);
        warning(&error::NO_LABEL_MATCHES, detail)
    });
    let outside = (account.n_scores_outside > 0)
        .then(|| warning(&error::SCORES_OUTSIDE, format!("{} of {} rows", account.n_scores_outside, account.n_used)));
    let n_unlabelled =
        pairs.map_or(account.n_without_label, |pairs| pairs.n_rows_unlabelled.max(account.n_without_label));
    let without_label = (n_unlabelled > 0 && (account.n_used > 0 || !account.labels_missing.is_empty())).then(|| {
        warning(&error::ROWS_WITHOUT_LABEL, format!("{n_unlabelled} of {} rows{}", account.n_rows, texts(account)))
    });
    let few = pairs.and_then(few_labels);
    let n_unpredicted = n_rows.saturating_sub(seen.predictions.n);
    let without_prediction = (n_unpredicted > 0 && seen.predictions.n > 0)
        .then(|| warning(&error::UNUSABLE_PREDICTIONS, format!("{n_unpredicted} of {n_rows} rows")));
    let not_numbers = (account.n_not_numbers > 0 && account.n_used > 0).then(|| {
        let detail = format!("{} of {} rows{}", account.n_not_numbers, account.n_rows, decimal_commas(account));
        warning(&error::SOME_NOT_NUMBERS, detail)
    });
    let constant = (seen.predictions.is_constant() && seen.predictions.n > 1)
        .then(|| warning(&error::CONSTANT_PREDICTION, format!("{} predictions", seen.predictions.n)));
    let lacking = limits.filter(|_| account.n_used > 0).and_then(|limits| not_measured(limits, quality));
    let contradicting = contradicting(&seen.labelled.counts);
    let is_binary = matches!(seen.labelled.counts, OutcomeCounts::Binary(_));
    let other = confusion.filter(|_| is_binary).and_then(other_predictions);
    let mismatch = confusion.and_then(mismatch);
    [
        lacking,
        no_match,
        mismatch,
        constant,
        outside,
        without_label,
        few,
        contradicting,
        other,
        without_prediction,
        not_numbers,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `: nan 12, empty 3`, or nothing.
fn texts(account: &OutcomeAccount) -> String {
    let texts: Vec<_> = account.labels_missing.iter().map(|(text, n)| format!("{text} {n}")).collect();
    if texts.is_empty() { String::new() } else { format!(": {}", texts.join(", ")) }
}

/// `, 12 of them with a decimal comma`, or nothing.
pub(super) fn decimal_commas(account: &OutcomeAccount) -> String {
    match account.n_decimal_commas {
        0 => String::new(),
        n => format!(", {n} of them with a decimal comma"),
    }
}

/// Limits of the baseline whose metric has no value in this run.
fn not_measured(limits: &QualityConstraints, quality: &Quality) -> Option<Warning> {
    let known = || limits.limits.iter().filter(|limit| limit.threshold.is_some());
    let is_lacking = |metric: &str| quality.metric(metric).is_none_or(|metric| metric.value.is_err());
    let lacking: Vec<String> = known().map(|limit| limit.metric.clone()).filter(|metric| is_lacking(metric)).collect();
    let told = || warning_of(&error::BASELINE_NOT_MEASURED, known().count(), "not measured", &lacking);
    (!lacking.is_empty()).then(told)
}

fn contradicting(counts: &OutcomeCounts) -> Option<Warning> {
    let OutcomeCounts::Binary(counts) = counts else { return None };
    let Contradiction { says_positive, n, n_contradicting } = contradiction(counts)?;
    let (said, side) = if says_positive { ("positive", "below") } else { ("negative", "above") };
    let detail = format!("{n_contradicting} of {n} rows that are predicted {said} have a score {side} 0.5");
    Some(warning(&error::SCORES_CONTRADICT, detail))
}

/// Predictions of a binary problem, beside its two classes, that are no label.
fn other_predictions(confusion: &Confusion) -> Option<Warning> {
    const BINARY: usize = 2;
    let n_predicted = |class: usize| confusion.counts.iter().map(|row| row[class]).sum::<u64>();
    let is_label = |class: &usize| confusion.counts[*class].iter().any(|&n| n > 0);
    let (labels, others): (Vec<usize>, Vec<usize>) = (0..confusion.classes.len()).partition(is_label);
    if labels.len() + others.len() <= BINARY || others.is_empty() {
        return None;
    }
    let n_rows: u64 = others.iter().map(|&class| n_predicted(class)).sum();
    let texts: Vec<String> =
        others.iter().map(|&class| confusion.classes[class].chars().take(MAX_CHARACTERS).collect()).collect();
    let detail = format!("{n_rows} rows with {} predictions that no label is", others.len());
    Some(warning(&error::OTHER_PREDICTIONS, detail).listing("predictions", &texts))
}

/// Fewer than half of the different labels ever occur as a prediction.
fn mismatch(confusion: &Confusion) -> Option<Warning> {
    let n_classes = confusion.classes.len();
    let is_label = |class: usize| confusion.counts[class].iter().any(|&n| n > 0);
    let is_predicted = |class: usize| confusion.counts.iter().any(|row| row[class] > 0);
    let labels: Vec<usize> = (0..n_classes).filter(|&class| is_label(class)).collect();
    let n_met = labels.iter().filter(|&&class| is_predicted(class)).count();
    if 2 * n_met >= labels.len() {
        return None;
    }
    let texts = |classes: Vec<usize>| -> Vec<String> {
        classes.into_iter().map(|class| confusion.classes[class].chars().take(MAX_CHARACTERS).collect()).collect()
    };
    let detail = format!("{n_met} of {} labels are ever predicted", labels.len());
    let predictions = texts((0..n_classes).filter(|&class| is_predicted(class)).collect());
    let mismatch = warning(&error::LABELS_DO_NOT_MATCH, detail);
    Some(mismatch.listing("labels", &texts(labels)).listing("predictions", &predictions))
}
