//! What became of everything that a job read, as the report has it: objects, records, joined labels, side tables.

use serde_json::{Value, json};

use super::Inputs;
use super::json::without_empty;
use crate::decode::{MergedLabels, Misfit, Window};
use crate::pairing::{DELAY_BOUNDS, JoinCounts};
use crate::profile::{Ledger, Sample};

/// Everything that a job read.
#[derive(Debug, Default)]
pub struct Account {
    pub dataset: DatasetAccount,
    /// `None` where no ground truth was joined.
    pub labels: Option<LabelAccount>,
    /// Datasets that were joined row by row.
    pub side_tables: Vec<SideTableAccount>,
}

/// A dataset that was read.
#[derive(Clone, Debug, Default)]
pub struct DatasetAccount {
    pub place: String,
    /// Whether there is nothing at the place, not even an empty folder.
    pub is_absent: bool,
    /// Records of other times are left out.
    pub window: Window,
    pub inputs: Inputs,
    pub ledger: Ledger,
    /// What keeps the cells of captures from being the baseline's columns.
    pub misfit: Option<Misfit>,
}

/// The ground truth that was read and joined.
#[derive(Debug, Default)]
pub struct LabelAccount {
    pub dataset: DatasetAccount,
    pub pairs: JoinCounts,
}

/// A side table, and how its rows met those of the main dataset.
#[derive(Debug, Default)]
pub struct SideTableAccount {
    pub dataset: DatasetAccount,
    /// `facets` or `predicted_labels`.
    pub holds: &'static str,
    /// `identifier` or `position`.
    pub by: &'static str,
    /// Rows of the main dataset: those below add up to it.
    pub n: u64,
    pub n_matched: u64,
    pub n_without_row: u64,
    pub n_without_id: u64,
    /// Rows of the side table.
    pub n_joined: u64,
    /// Those that belong to a row of the main dataset.
    pub n_joined_used: u64,
    pub n_joined_without_id: u64,
}

impl Account {
    /// How much was joined, for people.
    pub fn lines(&self) -> Vec<String> {
        let labels = self.labels.iter().map(LabelAccount::line);
        labels.chain(self.side_tables.iter().map(SideTableAccount::line)).collect()
    }
}

impl LabelAccount {
    fn line(&self) -> String {
        let share = self.pairs.labelled_share().map(|share| format!("{:.1} %", 100.0 * share));
        let other = match self.pairs.n_captures_other_variant {
            0 => String::new(),
            n => format!("; {n} of other variants have the same ids"),
        };
        let n_captures = self.pairs.n_captures_to_label();
        let n_rows = self.pairs.n_rows_labelled + self.pairs.n_rows_unlabelled;
        let JoinCounts { n_matched, n_rows_labelled, n_rows_unlabelled, .. } = self.pairs;
        let said = match n_rows_unlabelled {
            0 => {
                let share = share.map(|share| format!(" ({share})")).unwrap_or_default();
                format!("{n_matched} of {n_captures} captures are labelled{share}")
            }
            _ => {
                let share = share.map(|share| format!(": {share} are labelled")).unwrap_or_default();
                let rows = format!("{n_rows_labelled} of their {n_rows} rows a label");
                format!("{n_matched} of {n_captures} captures have ground truth, and {rows}{share}")
            }
        };
        format!("{said}{other}")
    }
}

impl SideTableAccount {
    /// How many rows have a row here, for people.
    pub fn line(&self) -> String {
        format!("{} of {} rows have a row in {} ({})", self.n_matched, self.n, self.dataset.place, self.holds)
    }

    pub(super) fn to_json(&self) -> Value {
        let n_used_or_without_id = self.n_joined_used + self.n_joined_without_id;
        json!({
            "holds": self.holds,
            "by": self.by,
            "source": self.dataset.place,
            "inputs": self.dataset.inputs,
            "ledger": ledger(&self.dataset.ledger),
            "rows": {
                "seen": self.n,
                "matched": self.n_matched,
                "without_row": self.n_without_row,
                "without_identifier": self.n_without_id,
            },
            "joined_rows": {
                "seen": self.n_joined,
                "used": self.n_joined_used,
                "unused": self.n_joined.saturating_sub(n_used_or_without_id),
                "without_identifier": self.n_joined_without_id,
            },
        })
    }
}

/// Every object and every record accounted for.
pub(super) fn ledger(ledger: &Ledger) -> Value {
    let sample = |sample: &Sample| {
        let Sample { object, line, reason, detail } = sample;
        without_empty(json!({"object": object, "line": line, "reason": reason, "detail": detail}), &["detail"])
    };
    let filtered_out = Some(ledger.n_records_filtered_out).filter(|n| *n > 0);
    let variants = Some(&ledger.variants).filter(|variants| variants.len() > 1);
    let records = json!({
        "seen": ledger.n_records_seen,
        "used": ledger.n_records_used,
        "outside_window": ledger.n_records_outside_window,
        "filtered_out": filtered_out,
        "without_time": ledger.n_records_without_time,
        "rejected": ledger.records_rejected,
        "lost": Some(&ledger.records_lost).filter(|lost| !lost.is_empty()),
        "variants": variants,
    });
    let bytes = json!({
        "listed": ledger.n_bytes_listed,
        "read": ledger.n_bytes_read,
        "skipped": ledger.bytes_skipped,
        "lost": Some(&ledger.bytes_lost).filter(|lost| !lost.is_empty()),
        "missing": Some(&ledger.bytes_missing).filter(|missing| !missing.is_empty()),
    });
    let object = json!({
        "objects": {
            "listed": ledger.n_objects_listed,
            "opened": ledger.n_objects_opened,
            "skipped": ledger.objects_skipped,
        },
        "records": without_empty(records, &["filtered_out", "lost", "variants"]),
        "bytes": without_empty(bytes, &["lost", "missing"]),
        "rows": ledger.n_rows,
        "cells_dropped": ledger.n_cells_dropped,
        "cells_unreadable": Some(&ledger.cells_unreadable).filter(|cells| !cells.is_empty()),
        "unreadable_columns": Some(&ledger.unreadable_columns).filter(|columns| !columns.is_empty()),
        "rows_short": Some(ledger.n_rows_short).filter(|n| *n > 0),
        "labels_lost": labels_lost(ledger.merged_labels),
        "observations": Some(&ledger.observations).filter(|seen| !seen.is_empty()),
        "samples": ledger.samples.iter().map(sample).collect::<Vec<_>>(),
    });
    without_empty(object, &["cells_unreadable", "unreadable_columns", "rows_short", "labels_lost", "observations"])
}

/// Merged records whose labels could not be given to their rows, where there are any.
fn labels_lost(labels: MergedLabels) -> Option<Value> {
    let MergedLabels { n_records, n_too_few, n_too_many } = labels;
    let lost = || json!({"of_records": n_records, "too_few_labels": n_too_few, "too_many_labels": n_too_many});
    (n_too_few + n_too_many > 0).then(lost)
}

/// The account of the join with the ground truth.
pub(super) fn join(pairs: &JoinCounts) -> Value {
    let bounds = DELAY_BOUNDS.iter().map(|hours| Some(hours.unsigned_abs())).chain([None]);
    let delay = |(under_hours, records): (Option<u64>, &u64)| json!({"under_hours": under_hours, "records": records});
    let captures = json!({
            "seen": pairs.n_captures,
            "matched": pairs.n_matched,
            "without_label": pairs.n_captures_without_label,
            "label_too_early": pairs.n_captures_label_too_early,
            "without_id": pairs.n_captures_without_id,
            "other_variant": Some(pairs.n_captures_other_variant).filter(|n| *n > 0),
            "repeated": pairs.n_captures_repeated,
            "labelled_early": pairs.n_labelled_early,
            "too_few_labels": pairs.n_too_few_labels,
            "too_many_labels": pairs.n_too_many_labels,
    });
    json!({
        "captures": without_empty(captures, &["other_variant"]),
        "labels": {
            "seen": pairs.n_labels,
            "used": pairs.n_labels_used,
            "without_capture": pairs.n_labels_without_capture,
            "superseded": pairs.n_labels_superseded,
            "without_id": pairs.n_labels_without_id,
            "repeated": pairs.n_labels_repeated,
        },
        "rows": {"labelled": pairs.n_rows_labelled, "unlabelled": pairs.n_rows_unlabelled},
        "labelled_share": pairs.labelled_share(),
        "delays": bounds.zip(&pairs.delays).map(delay).collect::<Vec<_>>(),
        "delays_unknown": pairs.n_delays_unknown,
    })
}
