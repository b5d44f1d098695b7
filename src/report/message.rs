//! The exit message (DG:build-your-own-processing-container): one sentence for the service and people.

use std::collections::BTreeMap;

use super::{Account, DatasetAccount, LabelAccount, Outcome, Warning};
use crate::decode::Window;
use crate::profile::{Ledger, OutcomeAccount};
use crate::wire::time;

/// Longest exit message, in bytes; the service drops the rest.
pub const MAX_MESSAGE: usize = 1024;

/// The exit message. The service takes the status from the word before the colon, and knows no
/// word for a run without data: that one completed. `looked_at` is what [`looked_at`] says, or
/// the error of a failed run. The codes of warnings stand at the end, each once.
pub fn message(outcome: Outcome, n_violations: usize, looked_at: &str, warnings: &[Warning]) -> String {
    let text = match outcome {
        Outcome::Completed => "Completed: Job completed successfully with no violations.".to_owned(),
        Outcome::CompletedWithViolations => {
            format!("CompletedWithViolations: Job completed successfully with {n_violations} violations.")
        }
        Outcome::NoData => format!("Completed: NoData, {looked_at}."),
        Outcome::Failed => format!("Failed: {looked_at}"),
    };
    let codes = codes(warnings);
    format!("{}{codes}", cut(&text, MAX_MESSAGE.saturating_sub(codes.len())))
}

/// ` Warnings: MM-BIAS-101, MM-BIAS-102.`, or nothing.
fn codes(warnings: &[Warning]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for Warning { code, .. } in warnings {
        if !codes.contains(code) {
            codes.push(code);
        }
    }
    if codes.is_empty() { String::new() } else { format!(" Warnings: {}.", codes.join(", ")) }
}

/// What a run looked at and why none of it counted, as a phrase without a final dot.
pub fn looked_at(DatasetAccount { place, is_absent, window, ledger, .. }: &DatasetAccount) -> String {
    if *is_absent {
        return format!("no record to analyse: {place} does not exist");
    }
    let mut text = format!(
        "no record to analyse: {} objects listed, {} opened{}; {} records seen",
        ledger.n_objects_listed,
        ledger.n_objects_opened,
        reasons("skipped", &ledger.objects_skipped),
        ledger.n_records_seen,
    );
    if ledger.n_records_outside_window > 0 {
        text.push_str(&format!(", {} outside the window{}", ledger.n_records_outside_window, times(*window, ledger)));
    }
    if ledger.n_records_filtered_out > 0 {
        text.push_str(&format!(", {} filtered out", ledger.n_records_filtered_out));
    }
    text.push_str(&reasons("rejected", &ledger.records_rejected));
    text.push_str(&reasons("lost", &ledger.records_lost));
    if ledger.n_records_used == 0 && !ledger.variants.is_empty() {
        let names: Vec<&str> = ledger.variants.keys().map(String::as_str).collect();
        text.push_str(&format!("; there are captures of {}", names.join(", ")));
    }
    text
}

/// What a run looked at and why none of it counted, with the labels that it needs, as a phrase without a final dot.
/// `rows` is the account of the rows that have a prediction or a label.
pub fn looked_at_labels(account: &Account, rows: Option<&OutcomeAccount>) -> String {
    let ledger = &account.dataset.ledger;
    if ledger.n_records_used == 0 {
        return looked_at(&account.dataset);
    }
    let mut text = format!("no labelled row to analyse: {} records used", ledger.n_records_used);
    if let Some(LabelAccount { dataset: DatasetAccount { place, is_absent: true, .. }, .. }) = &account.labels {
        text.push_str(&format!("; ground truth: {place} does not exist"));
    } else if let Some(LabelAccount { dataset: DatasetAccount { ledger, .. }, pairs }) = &account.labels {
        text.push_str(&format!(
            "; ground truth: {} objects listed, {} records used{}{}; {} of {} captures matched",
            ledger.n_objects_listed,
            ledger.n_records_used,
            reasons("rejected", &ledger.records_rejected),
            reasons("lost", &ledger.records_lost),
            pairs.n_matched,
            pairs.n_captures
        ));
    }
    if let Some(rows) = rows {
        text.push_str(&format!(
            "; {} rows, {} without prediction, {} without label, {} not numbers",
            rows.n_rows, rows.n_without_prediction, rows.n_without_label, rows.n_not_numbers
        ));
    }
    text
}

/// ` (2026-05-04T07:00:00Z to 2026-05-04T08:00:00Z; they are of 2026-05-03T10:15:00Z to 2026-05-03T11:00:00Z)`.
fn times(Window { start, end }: Window, ledger: &Ledger) -> String {
    let bound = |time: Option<i64>| time.and_then(time::utc).unwrap_or_else(|| "…".to_owned());
    let window = format!("{} to {}", bound(start), bound(end));
    let seen = ledger.times_outside_window.map(|(first, last)| (bound(Some(first)), bound(Some(last))));
    let seen = seen.map(|(first, last)| format!("; they are of {first} to {last}")).unwrap_or_default();
    format!(" ({window}{seen})")
}

/// `, 3 skipped (empty 1, marker 2)`, or nothing.
fn reasons(verb: &str, counts: &BTreeMap<&'static str, u64>) -> String {
    let total: u64 = counts.values().sum();
    if total == 0 {
        return String::new();
    }
    let parts: Vec<String> =
        counts.iter().filter(|(_, n)| **n > 0).map(|(reason, n)| format!("{reason} {n}")).collect();
    format!(", {total} {verb} ({})", parts.join(", "))
}

/// The longest beginning of `text` that has at most `max_bytes` bytes and splits no character.
pub fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}
