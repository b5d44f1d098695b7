//! What about the input of a run needs attention, whatever its monitor.

use super::warning::warning;
use crate::contract::{Analysis, Contract};
use crate::decode::{MergedLabels, Reason, TOO_FEW_LABELS, TOO_MANY_LABELS};
use crate::error;
use crate::pairing::JoinCounts;
use crate::report::{Account, LabelAccount, Values, Warning};

/// Every warning about what was read. `n_used` is the number of records or rows behind the results.
/// They stand before `others`, those of the monitor, which list no values where the job hides these.
pub(super) fn before(mut others: Vec<Warning>, contract: &Contract, account: &Account, n_used: u64) -> Vec<Warning> {
    if contract.settings.redact {
        others.iter_mut().for_each(|warning| warning.values.clear());
    }
    let lost = lost_labels(contract, account);
    let is_said = lost.is_some() || others.iter().any(|warning| warning.code == error::NO_LABEL_MATCHES.code);
    let nothing = nothing_measured(account, n_used).filter(|_| !is_said);
    let is_bias = matches!(contract.analysis, Analysis::Bias(_));
    let few = account.labels.as_ref().filter(|_| is_bias).and_then(|labels| few_labels(&labels.pairs));
    let shared = account.labels.as_ref().and_then(|labels| shared_labels(&labels.pairs));
    [several_variants(contract, account), lost, nothing, few, shared].into_iter().flatten().chain(others).collect()
}

/// Fewer than half of the captures have a label.
pub(super) fn few_labels(pairs: &JoinCounts) -> Option<Warning> {
    let share = pairs.labelled_share().filter(|share| pairs.n_matched > 0 && *share < 0.5)?;
    let (n_matched, n_captures) = (pairs.n_matched, pairs.n_captures_to_label());
    Some(warning(&error::FEW_LABELS, format!("{n_matched} of {n_captures} captures, {:.1} % labelled", 100.0 * share)))
}

/// One in so many captures may share its label with another one, before it is a warning.
const FEW_SHARED: u64 = 20;

fn shared_labels(pairs: &JoinCounts) -> Option<Warning> {
    let JoinCounts { n_matched, n_labels_used, n_labels_of_rows, .. } = pairs;
    let n_shared = n_matched.saturating_sub(n_labels_used - n_labels_of_rows);
    let are_many = n_shared > 0 && n_shared.saturating_mul(FEW_SHARED) >= *n_matched;
    are_many.then(|| warning(&error::LABELS_SHARED, format!("{n_shared} of {n_matched} captures")))
}

fn several_variants(contract: &Contract, account: &Account) -> Option<Warning> {
    let variants: Vec<(&str, u64)> = account.dataset.ledger.used_variants().collect();
    if variants.len() < 2 || contract.settings.filter.variant.is_some() {
        return None;
    }
    let counted: Vec<String> = variants.iter().map(|(name, n)| format!("{name} ({n} records)")).collect();
    let values =
        Values { name: "variants".to_owned(), values: variants.iter().map(|(name, _)| (*name).to_owned()).collect() };
    let first = variants.first().filter(|_| account.labels.is_some());
    let first =
        first.map(|(first, _)| format!("; labels of requests to several are held against the answers of {first}"));
    let detail = format!("{}{}", counted.join(", "), first.unwrap_or_default());
    Some(Warning { values: vec![values], ..warning(&error::SEVERAL_VARIANTS, detail) })
}

/// Most requests that have labels hold another number of rows.
fn lost_labels(contract: &Contract, account: &Account) -> Option<Warning> {
    if !matches!(contract.analysis, Analysis::ModelQuality(_) | Analysis::Bias(_)) {
        return None;
    }
    let ledger = &account.dataset.ledger;
    let n_rejected = ledger.records_rejected.get(Reason::RowCountMismatch.name()).copied().unwrap_or(0);
    let MergedLabels { n_records, n_too_few, n_too_many } = match &account.labels {
        Some(LabelAccount { pairs, .. }) => MergedLabels {
            n_records: pairs.n_matched,
            n_too_few: pairs.n_too_few_labels,
            n_too_many: pairs.n_too_many_labels,
        },
        None if ledger.merged_labels.n_records > 0 => ledger.merged_labels,
        None => MergedLabels { n_records: ledger.n_records_used, ..MergedLabels::default() },
    };
    let (n_lost, n) = (n_too_few + n_too_many + n_rejected, n_records + n_rejected);
    (2 * n_lost > n).then(|| {
        let mut parts = Vec::new();
        let mut tell = |n: u64, what: &str| (n > 0).then(|| parts.push(format!("{what} {n}")));
        tell(n_too_many, TOO_MANY_LABELS);
        tell(n_too_few, TOO_FEW_LABELS);
        tell(n_rejected, Reason::RowCountMismatch.name());
        warning(&error::LABELS_LOST, format!("{n_lost} of {n} requests: {}", parts.join(", ")))
    })
}

/// There are labels, and nothing stands behind the results.
fn nothing_measured(account: &Account, n_used: u64) -> Option<Warning> {
    let n_merged = account.dataset.ledger.merged_labels.n_records;
    let detail = match &account.labels {
        Some(LabelAccount { pairs, .. }) if pairs.n_labels > 0 && pairs.n_captures > 0 => format!(
            "{} label records, {} captures, {} of them matched, {} rows with a label",
            pairs.n_labels, pairs.n_captures, pairs.n_matched, pairs.n_rows_labelled
        ),
        None if n_merged > 0 => format!("{n_merged} records with ground truth"),
        _ => return None,
    };
    (n_used == 0).then(|| warning(&error::NOTHING_MEASURED, detail))
}
