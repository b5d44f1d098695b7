//! The account of the join, and warnings, as the report has them.

use super::Warning;
use crate::pairing::{DELAY_BOUNDS, JoinCounts};
use crate::wire::report;

/// The account of the join.
pub(super) fn join(pairs: &JoinCounts) -> report::Join {
    let bounds = DELAY_BOUNDS.iter().map(|hours| Some(hours.unsigned_abs())).chain([None]);
    let delay = |(under_hours, records): (Option<u64>, &u64)| report::Delay { under_hours, records: *records };
    report::Join {
        captures: report::JoinedCaptures {
            seen: pairs.n_captures,
            matched: pairs.n_matched,
            without_label: pairs.n_captures_without_label,
            label_too_early: pairs.n_captures_label_too_early,
            without_id: pairs.n_captures_without_id,
            repeated: pairs.n_captures_repeated,
            labelled_early: pairs.n_labelled_early,
            too_few_labels: pairs.n_too_few_labels,
            too_many_labels: pairs.n_too_many_labels,
        },
        labels: report::JoinedLabels {
            seen: pairs.n_labels,
            used: pairs.n_labels_used,
            without_capture: pairs.n_labels_without_capture,
            superseded: pairs.n_labels_superseded,
            without_id: pairs.n_labels_without_id,
            repeated: pairs.n_labels_repeated,
        },
        rows: report::JoinedRows { labelled: pairs.n_rows_labelled, unlabelled: pairs.n_rows_unlabelled },
        labelled_share: pairs.labelled_share(),
        delays: bounds.zip(&pairs.delays).map(delay).collect(),
        delays_unknown: pairs.n_delays_unknown,
    }
}

/// A warning.
pub(super) fn warning(warning: &Warning) -> report::Warning {
    let values = |(name, values): &(String, Vec<String>)| report::Values { name: name.clone(), values: values.clone() };
    report::Warning {
        code: warning.code.to_owned(),
        title: warning.title.to_owned(),
        detail: warning.detail.clone(),
        values: warning.values.iter().map(values).collect(),
    }
}
