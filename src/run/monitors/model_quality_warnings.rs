//! What about a model-quality run needs attention, though its results stand.

use super::outcomes::Outcomes;
use crate::error::{self, Code};
use crate::measure::quality::{Confusion, Quality};
use crate::profile::OutcomeAccount;
use crate::report::{LabelAccount, Values, Warning};

/// Longest list of values that a warning shows.
const MAX_VALUES: usize = 50;
/// Longest value that a warning shows, in characters.
const MAX_CHARACTERS: usize = 100;

/// Every warning of the run, in the order of the codes.
pub(super) fn of(labels: Option<&LabelAccount>, seen: &Outcomes, quality: &Quality) -> Vec<Warning> {
    let confusion = quality.confusion.as_ref();
    let account = &seen.labelled.account;
    let pairs = labels.map(|labels| &labels.pairs);
    let no_match = pairs.filter(|pairs| pairs.n_matched == 0 && pairs.n_captures > 0).map(|pairs| {
        let detail =
            format!("{} captures and {} label records, and no id is on both sides", pairs.n_captures, pairs.n_labels);
        plain(&error::NO_LABEL_MATCHES, detail)
    });
    let outside = (account.n_scores_outside > 0)
        .then(|| plain(&error::SCORES_OUTSIDE, format!("{} of {} rows", account.n_scores_outside, account.n_used)));
    let n_unlabelled =
        pairs.map_or(account.n_without_label, |pairs| pairs.n_rows_unlabelled.max(account.n_without_label));
    let without_label = (n_unlabelled > 0 && (account.n_used > 0 || !account.labels_missing.is_empty())).then(|| {
        plain(&error::ROWS_WITHOUT_LABEL, format!("{n_unlabelled} of {} rows{}", account.n_rows, texts(account)))
    });
    let few = pairs.and_then(|pairs| pairs.labelled_share().map(|share| (pairs, share)));
    let few = few.filter(|(pairs, share)| pairs.n_matched > 0 && *share < 0.5).map(|(pairs, share)| {
        plain(
            &error::FEW_LABELS,
            format!("{} of {} captures, {:.1} %", pairs.n_matched, pairs.n_captures_to_label(), 100.0 * share),
        )
    });
    let n_rejected = labels.map_or(0, |labels| labels.dataset.ledger.n_records_rejected());
    let unreadable = (n_rejected > 0).then(|| plain(&error::UNREADABLE_LABELS, format!("{n_rejected} records")));
    let constant = (seen.predictions.is_constant() && seen.predictions.n > 1)
        .then(|| plain(&error::CONSTANT_PREDICTION, format!("{} predictions", seen.predictions.n)));
    [no_match, confusion.and_then(mismatch), constant, outside, without_label, few, unreadable]
        .into_iter()
        .flatten()
        .collect()
}

/// `: nan 12, empty 3`, or nothing.
fn texts(account: &OutcomeAccount) -> String {
    let texts: Vec<_> = account.labels_missing.iter().map(|(text, n)| format!("{text} {n}")).collect();
    if texts.is_empty() { String::new() } else { format!(": {}", texts.join(", ")) }
}

fn plain(code: &'static Code, detail: String) -> Warning {
    Warning { code: code.code, title: code.title, detail, values: Vec::new() }
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
    let shown = |classes: Vec<usize>| {
        let texts =
            classes.into_iter().take(MAX_VALUES).map(|class| confusion.classes[class].chars().take(MAX_CHARACTERS));
        texts.map(Iterator::collect).collect::<Vec<String>>()
    };
    let detail = format!("{n_met} of {} labels are ever predicted", labels.len());
    let predictions = (0..n_classes).filter(|&class| is_predicted(class)).collect();
    let values = [("labels", shown(labels)), ("predictions", shown(predictions))];
    let values = values.map(|(name, values)| Values { name: name.to_owned(), values }).to_vec();
    Some(Warning { values, ..plain(&error::LABELS_DO_NOT_MATCH, detail) })
}
