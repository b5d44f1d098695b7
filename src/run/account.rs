//! Accounting for the input: it must balance, is logged, and may be unusable.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::warning::warning;
use crate::contract::{Contract, OnEmpty};
use crate::decode::Reason;
use crate::engine::{Dataset, Manifest};
use crate::error::{self, Code, Error, Result};
use crate::names::{Monitor, variable};
use crate::profile::{Ledger, LedgerSummary, Sample};
use crate::report::{self, Account, DatasetAccount, Inputs, LabelAccount, Warning};
use crate::store::Location;
use crate::summary::Summary;

/// Reasons of rejection that an error shows with a sample.
const MAX_REASONS: usize = 3;
/// Longest detail of a sample that is shown beside others, in characters: exit messages are short.
const MAX_DETAIL: usize = 200;

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
    Ok(DatasetAccount {
        place: source.to_string(),
        is_absent: !dataset.exists(),
        window: dataset.window(),
        inputs,
        ledger,
        misfit: dataset.misfit(),
    })
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
    let (dataset, limit) = (&account.dataset, (contract.settings.max_rejected, contract.analysis.monitor()));
    let is_empty = dataset.ledger.n_records_used == 0 && contract.settings.on_empty == OnEmpty::Fail;
    let no_data = || is_empty.then(|| Error::new(&error::NO_DATA, dataset.place.clone(), report::looked_at(dataset)));
    let of_labels = || too_many_rejected(limit, &account.labels.as_ref()?.dataset, None, |_| false);
    let mut side_tables = account.side_tables.iter();
    too_many_rejected(limit, dataset, Some(variable::DATASET_FORMAT), is_tolerated)
        .or_else(no_data)
        .or_else(of_labels)
        .or_else(|| side_tables.find_map(|table| too_many_rejected(limit, &table.dataset, None, |_| false)))
}

/// The error of an input of which more is rejected or lost than the job accepts, by records or by bytes. Where all
/// of it looks corrupt, what says how it is written, `described_by`, may be wrong.
fn too_many_rejected(
    (limit, monitor): (f64, Monitor),
    dataset: &DatasetAccount,
    described_by: Option<&str>,
    is_tolerated: impl Fn(&str) -> bool,
) -> Option<Error> {
    let ledger = &dataset.ledger;
    let missing = Missing::of(ledger, is_tolerated);
    let exceeds = |n: u64, of: u64| n as f64 > limit * of as f64;
    // Nobody knows which of the records are wrong: that any part of them is accepted is no answer, but all of it.
    let n_wrong = ledger.bytes_missing.get(Reason::Corrupt.name()).filter(|_| limit < 1.0);
    let (cause, reasons) = if exceeds(missing.n, missing.n_judged) {
        (missing.told(ledger), missing.reasons)
    } else if exceeds(ledger.n_bytes_not_had(), n_bytes(dataset)) {
        lost_bytes(dataset)
    } else if let Some(n) = n_wrong {
        let told = format!("{n} of {} bytes were used, and do not fit their checksum", n_bytes(dataset));
        (told, vec![(Reason::Corrupt.name(), *n)])
    } else {
        return None;
    };
    let place = ledger.samples.first().map(|sample| format!("{}, line {}", sample.object, sample.line));
    let error = Error::new(&error::TOO_MANY_REJECTED, place.unwrap_or_else(|| dataset.place.clone()), cause);
    let remedy = remedies(&reasons, monitor);
    let are_corrupt = reasons.iter().all(|(name, _)| *name == Reason::Corrupt.name());
    let other = match described_by.filter(|_| are_corrupt) {
        _ if ledger.n_records_used > 0 => "Or raise --max-rejected.".to_owned(),
        Some(variable) => format!("Or correct {variable}, which says how the files are written."),
        None => String::new(),
    };
    Some(error.with_remedy(format!("{remedy} {other}").trim()))
}

/// The warnings that records were rejected or lost, where the job goes on all the same; those of the dataset that are
/// rejected for a tolerated reason do not count.
pub(super) fn rejected(contract: &Contract, account: &Account, is_tolerated: impl Fn(&str) -> bool) -> Vec<Warning> {
    let monitor = contract.analysis.monitor();
    let of_labels = account.labels.iter().map(|labels| (&labels.dataset, &error::UNREADABLE_LABELS));
    let of_side_tables = account.side_tables.iter().map(|table| (&table.dataset, &error::RECORDS_REJECTED));
    let others = of_labels.chain(of_side_tables);
    let others = others.filter_map(|(dataset, code)| rejected_of(monitor, dataset, code, |_| false));
    rejected_of(monitor, &account.dataset, &error::RECORDS_REJECTED, is_tolerated).into_iter().chain(others).collect()
}

fn rejected_of(
    monitor: Monitor,
    dataset: &DatasetAccount,
    code: &Code,
    is_tolerated: impl Fn(&str) -> bool,
) -> Option<Warning> {
    let missing = Missing::of(&dataset.ledger, is_tolerated);
    let (told, reasons) = if missing.n > 0 {
        (missing.told(&dataset.ledger), missing.reasons)
    } else if dataset.ledger.n_bytes_not_had() > 0 {
        lost_bytes(dataset)
    } else {
        return None;
    };
    let remedies = remedies(&reasons, monitor);
    Some(warning(code, error::printable(format!("{told} in {}. {remedies}", dataset.place).trim_end())))
}

/// Bytes of a dataset, those that were lost among them.
fn n_bytes(dataset: &DatasetAccount) -> u64 {
    dataset.inputs.n_bytes.max(dataset.ledger.n_bytes_not_had())
}

/// What is told of bytes that were lost, and why they were.
fn lost_bytes(dataset: &DatasetAccount) -> (String, Vec<(&'static str, u64)>) {
    let ledger = &dataset.ledger;
    let reasons = most_frequent_first(ledger.bytes_not_had());
    let shown = shown_reasons(&reasons, &ledger.samples);
    (format!("{} of {} bytes could not be read ({shown})", ledger.n_bytes_not_had(), n_bytes(dataset)), reasons)
}

/// Records that were rejected or lost, by reason.
struct Missing {
    /// The most frequent first.
    reasons: Vec<(&'static str, u64)>,
    n: u64,
    /// With the records that were used.
    n_judged: u64,
}

impl Missing {
    fn of(ledger: &Ledger, is_tolerated: impl Fn(&str) -> bool) -> Self {
        let mut reasons: BTreeMap<&'static str, u64> = BTreeMap::new();
        let rejected = ledger.records_rejected.iter().filter(|(reason, _)| !is_tolerated(reason));
        for (reason, n) in rejected.chain(&ledger.records_lost) {
            *reasons.entry(reason).or_default() += n;
        }
        let n = reasons.values().sum();
        Self { reasons: most_frequent_first(reasons), n, n_judged: ledger.n_records_used + n }
    }

    fn told(&self, ledger: &Ledger) -> String {
        let verb = if ledger.n_records_lost() > 0 { "were rejected or lost" } else { "were rejected" };
        let shown = shown_reasons(&self.reasons, &ledger.samples);
        format!("{} of {} records {verb} ({shown})", self.n, self.n_judged)
    }
}

fn most_frequent_first(reasons: BTreeMap<&'static str, u64>) -> Vec<(&'static str, u64)> {
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, n)| Reverse(*n));
    reasons
}

/// The reason of this name.
fn reason(name: &str) -> Option<Reason> {
    Reason::ALL.iter().copied().find(|reason| reason.name() == name)
}

/// What to do about the reasons that are shown, each thing once.
fn remedies(reasons: &[(&str, u64)], monitor: Monitor) -> String {
    let mut all: Vec<&str> = Vec::new();
    for remedy in reasons.iter().take(MAX_REASONS).filter_map(|(name, _)| reason(name)?.remedy(monitor)) {
        if !all.contains(&remedy) {
            all.push(remedy);
        }
    }
    all.join(" ")
}

/// Reasons of rejection with their numbers of records: the first few each with the place of a sample and what it is
/// about this record, where that is known.
fn shown_reasons(reasons: &[(&str, u64)], samples: &[Sample]) -> String {
    let cut = |detail: &str| match detail.char_indices().nth(MAX_DETAIL).filter(|_| reasons.len() > 1) {
        Some((end, _)) => format!("{}…", &detail[..end]),
        None => detail.to_owned(),
    };
    let shown = |(rank, (name, n)): (usize, &(&str, u64))| {
        let known = || samples.iter().find(|sample| sample.reason == *name && sample.detail.is_some());
        let sample = known().or_else(|| samples.iter().find(|sample| sample.reason == *name));
        let Some(sample) = sample.filter(|_| rank < MAX_REASONS) else { return format!("{name} {n}") };
        let text = || reason(name).map(Reason::text);
        let detail = sample.detail.as_deref().or_else(text).map(|detail| format!(": {}", cut(detail)));
        let detail = detail.unwrap_or_default();
        format!("{name} {n}, as in {}, line {}{detail}", sample.object, sample.line)
    };
    reasons.iter().enumerate().map(shown).collect::<Vec<_>>().join("; ")
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
        let reasons =
            BTreeMap::from([("invalid_json", 1), ("no_payload", 2), ("row_count_mismatch", 7), ("too_deep", 1)]);
        let shown = "row_count_mismatch 7, as in a.jsonl, line 3: 3 rows, 2 answers; no_payload 2; \
                     invalid_json 1, as in a.jsonl, line 1: the record is not one JSON value; too_deep 1";
        let reasons = most_frequent_first(reasons);
        assert_eq!(shown_reasons(&reasons, &samples), shown);
        let of_sides = "Send lists of one length where each element is a row's, or ask for one side with \
                        captureIndexNames. Name sides that have data in captureIndexNames, or have the endpoint capture \
                        the others (CaptureOptions). Look at the line: what stands there must be one JSON value, whole \
                        and alone; or correct dataset_format.";
        assert_eq!(remedies(&reasons, Monitor::DataQuality), of_sides);
        assert_eq!(
            remedies(&[("truncated", 3), ("corrupt", 1)], Monitor::Bias),
            Reason::Corrupt.remedy(Monitor::Bias).unwrap()
        );
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
            too_many_rejected((0.05, Monitor::Merge), &dataset, None, |_| false).map(|error| error.cause().to_owned())
        };
        assert_eq!(cause(40, 500, 0), None);
        assert_eq!(cause(100, 500, 0).as_deref(), Some("100 of 1000 records were rejected or lost (corrupt 100)"));
        assert_eq!(cause(40, 500, 8).as_deref(), Some("48 of 948 records were rejected or lost (corrupt 48)"));
        assert_eq!(cause(40, 501, 0).as_deref(), Some("501 of 10000 bytes could not be read (corrupt 501)"));
        assert_eq!(cause(0, 0, 100).as_deref(), Some("100 of 1000 records were rejected (corrupt 100)"));
    }

    #[test]
    fn what_is_rejected_or_lost_is_warned_of_though_it_is_little() {
        let detail = |rejected: &[(&'static str, u64)], lost: &[(&'static str, u64)]| {
            let ledger = Ledger {
                n_records_used: 9,
                records_rejected: rejected.iter().copied().collect(),
                bytes_lost: lost.iter().copied().collect(),
                ..Ledger::default()
            };
            let inputs = Inputs { n_bytes: 50, ..Inputs::default() };
            let dataset = DatasetAccount { place: "a\u{1b}".to_owned(), inputs, ledger, ..DatasetAccount::default() };
            let is_tolerated = |reason: &str| reason == "attributions_not_found";
            let found = rejected_of(Monitor::Attribution, &dataset, &error::RECORDS_REJECTED, is_tolerated);
            found.map(|warning| warning.detail)
        };
        assert_eq!(detail(&[("attributions_not_found", 7)], &[]), None);
        let (of_ids, of_damage) = ("Send shorter ids.", Reason::Corrupt.remedy(Monitor::Attribution).unwrap());
        let told = format!("1 of 10 records were rejected (id_too_long 1) in a\\u{{1b}}. {of_ids}");
        assert_eq!(detail(&[("id_too_long", 1), ("attributions_not_found", 7)], &[]), Some(told));
        let told = format!("5 of 50 bytes could not be read (corrupt 5) in a\\u{{1b}}. {of_damage}");
        assert_eq!(detail(&[], &[("corrupt", 5)]), Some(told));
    }

    #[test]
    fn what_was_used_and_may_be_wrong_is_never_accepted_in_part() {
        let cause = |reason, limit: f64| {
            let ledger = Ledger { n_records_used: 900, bytes_missing: [(reason, 40)].into(), ..Ledger::default() };
            let inputs = Inputs { n_bytes: 10_000, ..Inputs::default() };
            let dataset = DatasetAccount { inputs, ledger, ..DatasetAccount::default() };
            too_many_rejected((limit, Monitor::DataQuality), &dataset, None, |_| false)
                .map(|error| error.cause().to_owned())
        };
        assert_eq!(cause("truncated", 0.05), None);
        let told = "40 of 10000 bytes were used, and do not fit their checksum";
        assert_eq!(cause("corrupt", 0.05).as_deref(), Some(told));
        assert_eq!(cause("corrupt", 1.0), None);
    }
}
