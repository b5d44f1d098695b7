//! Accounting for the input: it must balance, is logged, and may be unusable.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::contract::{Contract, OnEmpty};
use crate::decode::Reason;
use crate::engine::{Dataset, Manifest};
use crate::error::{self, Error, Result};
use crate::profile::{Ledger, LedgerSummary, Sample};
use crate::report::{self, Account, DatasetAccount, Inputs, LabelAccount};
use crate::store::Location;
use crate::summary::Summary;

/// Reasons of rejection that an error shows with a sample.
const MAX_REASONS: usize = 3;

/// The account of a dataset that was read; it must balance.
pub(super) fn of_dataset(ledger: LedgerSummary, dataset: &Dataset, source: &Location) -> Result<DatasetAccount> {
    let mut ledger = ledger.finish();
    ledger.n_objects_listed = dataset.n_objects();
    ledger.n_bytes_listed = dataset.n_bytes();
    if let Some(imbalance) = ledger.imbalance() {
        return Err(Error::new(&error::LEDGER, source.to_string(), imbalance));
    }
    let Manifest { sha256, n_objects, n_bytes } = dataset.manifest();
    let inputs = Inputs { manifest_sha256: Some(sha256), n_objects, n_bytes };
    Ok(DatasetAccount { place: source.to_string(), inputs, ledger })
}

pub(super) fn log(ledger: &Ledger) {
    tracing::info!(
        opened = ledger.n_objects_opened,
        seen = ledger.n_records_seen,
        used = ledger.n_records_used,
        outside_window = ledger.n_records_outside_window,
        filtered_out = ledger.n_records_filtered_out,
        rejected = ledger.n_records_rejected(),
        lost = ledger.n_records_lost(),
        bytes_lost = ledger.n_bytes_not_had(),
        rows = ledger.n_rows,
        "input read"
    );
    for sample in &ledger.samples {
        let (line, reason) = (sample.line, sample.reason);
        let detail = sample.detail.as_deref().map(str::escape_debug).map(tracing::field::display);
        let object = sample.object.escape_debug();
        tracing::warn!(%object, line, reason, detail, "record rejected or lost");
    }
}

/// The error of a job whose input cannot be used: too much rejected, or nothing there and that is a failure. Records
/// of the dataset that are rejected for a tolerated reason do not count.
pub(super) fn unusable(contract: &Contract, account: &Account, is_tolerated: impl Fn(&str) -> bool) -> Option<Error> {
    let (dataset, limit) = (&account.dataset, contract.settings.max_rejected);
    let is_empty = dataset.ledger.n_records_used == 0 && contract.settings.on_empty == OnEmpty::Fail;
    let no_data =
        || is_empty.then(|| Error::new(&error::NO_DATA, dataset.place.clone(), report::looked_at(&dataset.ledger)));
    let of_labels = || too_many_rejected(limit, &account.labels.as_ref()?.dataset, |_| false);
    let mut side_tables = account.side_tables.iter();
    too_many_rejected(limit, dataset, is_tolerated)
        .or_else(no_data)
        .or_else(of_labels)
        .or_else(|| side_tables.find_map(|table| too_many_rejected(limit, &table.dataset, |_| false)))
}

/// The error of an input of which more is rejected or lost than the job accepts, by records or by bytes.
fn too_many_rejected(limit: f64, dataset: &DatasetAccount, is_tolerated: impl Fn(&str) -> bool) -> Option<Error> {
    let ledger = &dataset.ledger;
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    let rejected = ledger.records_rejected.iter().filter(|(reason, _)| !is_tolerated(reason));
    for (reason, n) in rejected.chain(&ledger.records_lost) {
        *reasons.entry(reason).or_default() += n;
    }
    let n_lost = ledger.n_records_lost();
    let n_missing: u64 = reasons.values().sum();
    let exceeds = |n: u64, of: u64| n as f64 > limit * of as f64;
    // Nobody knows which of the records are wrong: that any part of them is accepted is no answer, but all of it.
    let n_wrong = ledger.bytes_missing.get(Reason::Corrupt.name()).filter(|_| limit < 1.0);
    let (n_judged, n_bytes_lost) = (ledger.n_records_used + n_missing, ledger.n_bytes_not_had());
    let n_bytes = dataset.inputs.n_bytes.max(n_bytes_lost);
    let cause = if exceeds(n_missing, n_judged) {
        let verb = if n_lost > 0 { "were rejected or lost" } else { "were rejected" };
        let reasons = shown_reasons(reasons.into_iter().collect(), &ledger.samples);
        format!("{n_missing} of {n_judged} records {verb} ({reasons})")
    } else if exceeds(n_bytes_lost, n_bytes) {
        let reasons = ledger.bytes_not_had().into_iter().collect();
        format!("{n_bytes_lost} of {n_bytes} bytes could not be read ({})", shown_reasons(reasons, &ledger.samples))
    } else if let Some(n) = n_wrong {
        format!("{n} of {n_bytes} bytes were used, and do not fit their checksum")
    } else {
        return None;
    };
    let place = ledger.samples.first().map(|sample| format!("{}, line {}", sample.object, sample.line));
    Some(Error::new(&error::TOO_MANY_REJECTED, place.unwrap_or_else(|| dataset.place.clone()), cause))
}

/// Reasons of rejection with their numbers of records, the most frequent first: the first few each with the place of a
/// sample and what it is about this record, where that is known.
fn shown_reasons(mut reasons: Vec<(&str, u64)>, samples: &[Sample]) -> String {
    reasons.sort_by_key(|(_, n)| Reverse(*n));
    let shown = |(rank, (reason, n)): (usize, (&str, u64))| {
        let known = || samples.iter().find(|sample| sample.reason == reason && sample.detail.is_some());
        let sample = known().or_else(|| samples.iter().find(|sample| sample.reason == reason));
        let Some(sample) = sample.filter(|_| rank < MAX_REASONS) else { return format!("{reason} {n}") };
        let text = || Reason::ALL.iter().find(|known| known.name() == reason).map(|known| known.text());
        let detail = sample.detail.as_deref().or_else(text).map(|detail| format!(": {detail}")).unwrap_or_default();
        format!("{reason} {n}, as in {}, line {}{detail}", sample.object, sample.line)
    };
    reasons.into_iter().enumerate().map(shown).collect::<Vec<_>>().join("; ")
}

/// The error of a job without a labelled capture, where that is a failure.
pub(super) fn no_label_matches(contract: &Contract, account: &Account) -> Option<Error> {
    let LabelAccount { pairs, .. } = account.labels.as_ref()?;
    (pairs.n_matched == 0 && contract.settings.on_empty == OnEmpty::Fail).then(|| {
        let looked_at = report::looked_at_labels(account, None);
        Error::new(&error::NO_LABEL_MATCHES, account.dataset.place.clone(), looked_at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_reasons_are_shown_with_a_sample_each() {
        let sample = |reason, line, detail: Option<&str>| Sample {
            object: "a.jsonl".to_owned(),
            line,
            reason,
            detail: detail.map(str::to_owned),
        };
        let samples = [
            sample("invalid_json", 1, None),
            sample("row_count_mismatch", 2, None),
            sample("row_count_mismatch", 3, Some("3 rows, 2 answers")),
            sample("too_deep", 9, None),
        ];
        let reasons = vec![("invalid_json", 1), ("no_payload", 2), ("row_count_mismatch", 7), ("too_deep", 1)];
        let shown = "row_count_mismatch 7, as in a.jsonl, line 3: 3 rows, 2 answers; no_payload 2; \
                     invalid_json 1, as in a.jsonl, line 1: the record is not one JSON value; too_deep 1";
        assert_eq!(shown_reasons(reasons, &samples), shown);
    }

    #[test]
    fn what_is_lost_is_judged_by_records_and_by_bytes() {
        let cause = |lost: u64, bytes: u64, rejected: u64| {
            let of = |n: u64| (n > 0).then_some(("corrupt", n)).into_iter().collect();
            let ledger = Ledger {
                n_records_used: 900,
                records_lost: of(lost),
                bytes_lost: of(bytes),
                records_rejected: of(rejected),
                ..Ledger::default()
            };
            let inputs = Inputs { n_bytes: 10_000, ..Inputs::default() };
            let dataset = DatasetAccount { inputs, ledger, ..DatasetAccount::default() };
            too_many_rejected(0.05, &dataset, |_| false).map(|error| error.cause().to_owned())
        };
        assert_eq!(cause(40, 500, 0), None);
        assert_eq!(cause(100, 500, 0).as_deref(), Some("100 of 1000 records were rejected or lost (corrupt 100)"));
        assert_eq!(cause(40, 500, 8).as_deref(), Some("48 of 948 records were rejected or lost (corrupt 48)"));
        assert_eq!(cause(40, 501, 0).as_deref(), Some("501 of 10000 bytes could not be read (corrupt 501)"));
        assert_eq!(cause(0, 0, 100).as_deref(), Some("100 of 1000 records were rejected (corrupt 100)"));
    }

    #[test]
    fn what_was_used_and_may_be_wrong_is_never_accepted_in_part() {
        let cause = |reason, limit: f64| {
            let ledger = Ledger { n_records_used: 900, bytes_missing: [(reason, 40)].into(), ..Ledger::default() };
            let inputs = Inputs { n_bytes: 10_000, ..Inputs::default() };
            let dataset = DatasetAccount { inputs, ledger, ..DatasetAccount::default() };
            too_many_rejected(limit, &dataset, |_| false).map(|error| error.cause().to_owned())
        };
        assert_eq!(cause("truncated", 0.05), None);
        let told = "40 of 10000 bytes were used, and do not fit their checksum";
        assert_eq!(cause("corrupt", 0.05).as_deref(), Some(told));
        assert_eq!(cause("corrupt", 1.0), None);
    }
}
