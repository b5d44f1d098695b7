//! Join counts: what the as-of join did with every record, so that all are accounted for.

use super::hour::{HOUR, hour_of};

/// Upper bounds, in hours and not included, of the counted label delays; a last class is open.
pub const DELAY_BOUNDS: [i64; 8] = [1, 2, 6, 12, 24, 48, 168, 720];

/// What the join did with every record. It balances when [`JoinCounts::imbalance`] finds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JoinCounts {
    /// Captured records that were to be joined: those used, after rejects and the window.
    pub n_captures: u64,
    /// Label records that were to be joined.
    pub n_labels: u64,
    /// Captures that got a label record. Each gets at most one.
    pub n_matched: u64,
    /// Captures without a label record of their id.
    pub n_captures_without_label: u64,
    /// Captures whose id has label records, all of them collected before the inference, while the id
    /// was captured more than once, be it outside the window.
    pub n_captures_label_too_early: u64,
    /// Captures that carry no id.
    pub n_captures_without_id: u64,
    /// Captures that were not to be paired: another variant, whose name comes before, captured the same id.
    pub n_captures_other_variant: u64,
    /// Label records that served no capture: their id was not captured, or outside the window only.
    pub n_labels_without_capture: u64,
    /// Label records that served no capture although their id was captured: another one was preferred,
    /// or it was collected too early.
    pub n_labels_superseded: u64,
    /// Label records that carry no id.
    pub n_labels_without_id: u64,
    /// Label records that served at least one capture.
    pub n_labels_used: u64,
    /// Those of them that labelled one row of a capture beside another record, which labelled another row.
    pub n_labels_of_rows: u64,
    /// Captures beyond the first of their id.
    pub n_captures_repeated: u64,
    /// Label records beyond the first of their id.
    pub n_labels_repeated: u64,
    /// Matched captures whose label record was collected before their inference.
    pub n_labelled_early: u64,
    /// Matched captures that hold more rows than their label record labels; their rows stay unlabelled.
    pub n_too_few_labels: u64,
    /// Matched captures that hold fewer rows than their label record labels; their rows stay unlabelled.
    pub n_too_many_labels: u64,
    /// Rows of matched captures that got a label.
    pub n_rows_labelled: u64,
    /// Rows of matched captures that got none.
    pub n_rows_unlabelled: u64,
    /// Rows of matched captures as they were read before their labels chose a reading.
    pub n_rows_first_read: u64,
    /// Matched captures by the time from the inference to the start of the hour in which the label was
    /// collected, but at least 0: one count for each of [`DELAY_BOUNDS`] and one for what is longer.
    pub delays: [u64; DELAY_BOUNDS.len() + 1],
    /// Matched captures of which one of the two times is not known.
    pub n_delays_unknown: u64,
}

impl JoinCounts {
    /// What does not add up, as a phrase; `None` when everything is accounted for.
    pub fn imbalance(&self) -> Option<String> {
        let of_captures = self.n_matched
            + self.n_captures_without_label
            + self.n_captures_label_too_early
            + self.n_captures_without_id
            + self.n_captures_other_variant;
        if of_captures != self.n_captures {
            return Some(format!(
                "{} captures were to be joined, but {of_captures} are accounted for",
                self.n_captures
            ));
        }
        let of_labels =
            self.n_labels_used + self.n_labels_without_capture + self.n_labels_superseded + self.n_labels_without_id;
        if of_labels != self.n_labels {
            return Some(format!(
                "{} label records were to be joined, but {of_labels} are accounted for",
                self.n_labels
            ));
        }
        let n_delays: u64 = self.delays.iter().sum::<u64>() + self.n_delays_unknown;
        if n_delays != self.n_matched {
            return Some(format!("{} captures were matched, but {n_delays} have a delay or none", self.n_matched));
        }
        None
    }

    /// Counts a matched capture of this time, and the hour in which its label record was collected.
    pub(super) fn count_match(&mut self, time: Option<i64>, label_hour: Option<i64>) {
        self.n_matched += 1;
        let (Some(time), Some(label_hour)) = (time, label_hour) else {
            self.n_delays_unknown += 1;
            return;
        };
        self.n_labelled_early += u64::from(label_hour < hour_of(time));
        let delay = label_hour.saturating_mul(HOUR).saturating_sub(time).max(0) / HOUR;
        let class = DELAY_BOUNDS.iter().position(|bound| delay < *bound);
        self.delays[class.unwrap_or(DELAY_BOUNDS.len())] += 1;
    }

    /// Counts the rows of a matched capture: `n_labelled` of its `n_rows` got one of the `n_labels`
    /// labels of its label record.
    pub fn count_rows(&mut self, n_rows: u64, n_labels: u64, n_labelled: u64) {
        self.n_too_few_labels += u64::from(n_labels < n_rows);
        self.n_too_many_labels += u64::from(n_labels > n_rows);
        self.n_rows_labelled += n_labelled;
        self.n_rows_unlabelled += n_rows.saturating_sub(n_labelled);
    }

    /// Adds the counts of `other`: those of other ids.
    pub fn merge(&mut self, other: &Self) {
        let Self {
            n_captures,
            n_labels,
            n_matched,
            n_captures_without_label,
            n_captures_label_too_early,
            n_captures_without_id,
            n_captures_other_variant,
            n_labels_without_capture,
            n_labels_superseded,
            n_labels_without_id,
            n_labels_used,
            n_labels_of_rows,
            n_captures_repeated,
            n_labels_repeated,
            n_labelled_early,
            n_too_few_labels,
            n_too_many_labels,
            n_rows_labelled,
            n_rows_unlabelled,
            n_rows_first_read,
            delays,
            n_delays_unknown,
        } = self;
        *n_captures += other.n_captures;
        *n_labels += other.n_labels;
        *n_matched += other.n_matched;
        *n_captures_without_label += other.n_captures_without_label;
        *n_captures_label_too_early += other.n_captures_label_too_early;
        *n_captures_without_id += other.n_captures_without_id;
        *n_captures_other_variant += other.n_captures_other_variant;
        *n_labels_without_capture += other.n_labels_without_capture;
        *n_labels_superseded += other.n_labels_superseded;
        *n_labels_without_id += other.n_labels_without_id;
        *n_labels_used += other.n_labels_used;
        *n_labels_of_rows += other.n_labels_of_rows;
        *n_captures_repeated += other.n_captures_repeated;
        *n_labels_repeated += other.n_labels_repeated;
        *n_labelled_early += other.n_labelled_early;
        *n_too_few_labels += other.n_too_few_labels;
        *n_too_many_labels += other.n_too_many_labels;
        *n_rows_labelled += other.n_rows_labelled;
        *n_rows_unlabelled += other.n_rows_unlabelled;
        *n_rows_first_read += other.n_rows_first_read;
        *n_delays_unknown += other.n_delays_unknown;
        for (count, other) in delays.iter_mut().zip(other.delays) {
            *count += other;
        }
    }

    /// So many rows of all captures, as they were first read, as they are after labels chose other readings.
    pub fn n_rows_read(&self, n_rows: u64) -> u64 {
        (n_rows + self.n_rows_labelled + self.n_rows_unlabelled).saturating_sub(self.n_rows_first_read)
    }

    /// Takes so many rows of matched captures, at least, for unlabelled: their labels say nothing.
    pub fn leave_unlabelled(&mut self, n_rows: u64) {
        let n_more = n_rows.saturating_sub(self.n_rows_unlabelled).min(self.n_rows_labelled);
        self.n_rows_labelled -= n_more;
        self.n_rows_unlabelled += n_more;
    }

    /// Captures that a label could serve: those of other variants are not among them.
    pub fn n_captures_to_label(&self) -> u64 {
        self.n_captures - self.n_captures_other_variant
    }

    /// Takes the label records that labelled a row beside another record for used: no other was preferred to them.
    pub fn use_labels_of_rows(&mut self) {
        self.n_labels_superseded -= self.n_labels_of_rows;
        self.n_labels_used += self.n_labels_of_rows;
    }

    /// Share of the captures that have a label, in 0…1, of those that a label could serve; `None` without any. Where
    /// some rows of captures with ground truth have none, the captures count by the share of the rows that have one.
    pub fn labelled_share(&self) -> Option<f64> {
        let n_captures = self.n_captures_to_label();
        let n_rows = self.n_rows_labelled + self.n_rows_unlabelled;
        let of_rows = if n_rows > 0 { self.n_rows_labelled as f64 / n_rows as f64 } else { 1.0 };
        (n_captures > 0).then(|| of_rows * self.n_matched as f64 / n_captures as f64)
    }

    /// Counts a capture of another variant than the one whose captures of the id are paired.
    pub fn count_other_variant(&mut self) {
        self.n_captures += 1;
        self.n_captures_other_variant += 1;
    }
}
