//! Ledger summary: the open ledger of objects and records.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;

use super::ledger::{Ledger, OTHER_VARIANTS, Sample};
use crate::decode::{
    CELLS_DROPPED, CELLS_UNREADABLE, CellReason, DETAIL, DETAIL_LINE, DETAIL_REASON, LOST, LOST_BYTES, LOST_LINE,
    LOST_RECORDS, MERGED, MISSING_BYTES, MergedLabels, Meta, OBJECT, OBSERVED, OPENED, Observation, READ_BYTES,
    ROWS_SHORT, Reason, SKIPPED, SKIPPED_BYTES, SkipReason, TOO_FEW_LABELS, TOO_MANY_LABELS, UNREADABLE,
    UNREADABLE_COLUMN, VARIANT, VARIANT_RECORDS, variant_of,
};
use crate::summary::Summary;

/// Samples kept of each reason.
const MAX_SAMPLES: usize = 5;
/// Columns with unreadable cells that are named, the first by their names.
const MAX_UNREADABLE_COLUMNS: usize = 10;
/// Longest name of a variant, in bytes (API:ProductionVariant).
const MAX_VARIANT_NAME: usize = 63;
/// Variants that are counted one by one.
const MAX_VARIANTS: usize = 64;

/// Counts what becomes of every object and every record, in batches of the layout of [`crate::decode`].
#[derive(Debug, Default)]
pub struct LedgerSummary {
    ledger: Ledger,
    /// Where the objects lie, if they hold captures: their folders tell the variants.
    place: Option<Arc<str>>,
    /// Details of records that were not seen yet, since events come before rows; as many as samples.
    details: Vec<Sample>,
}

impl LedgerSummary {
    /// The ledger of captures, whose objects lie at `place`.
    pub fn of_captures(place: &str) -> Self {
        Self { place: Some(place.into()), ..Self::default() }
    }

    fn observe_event(&mut self, batch: &RecordBatch) {
        let metadata = batch.schema_ref().metadata();
        if metadata.contains_key(OPENED) {
            self.ledger.n_objects_opened += 1;
        }
        let number = |key| metadata.get(key).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        self.ledger.n_cells_dropped += number(CELLS_DROPPED);
        self.ledger.n_rows_short += number(ROWS_SHORT);
        self.ledger.n_bytes_read += number(READ_BYTES);
        self.ledger.merged_labels.merge(MergedLabels {
            n_records: number(MERGED),
            n_too_few: number(TOO_FEW_LABELS),
            n_too_many: number(TOO_MANY_LABELS),
        });
        let observed = metadata.get(OBSERVED);
        if let Some(seen) = Observation::ALL.iter().find(|seen| observed.is_some_and(|word| word == seen.name())) {
            *self.ledger.observations.entry(seen.name()).or_default() += 1;
        }
        self.observe_detail(metadata);
        self.observe_loss(metadata);
        self.observe_unreadable(metadata);
        if let Some(variant) = metadata.get(VARIANT).filter(|_| self.variant_of(batch).is_none()) {
            count_variant(&mut self.ledger.variants, variant, number(VARIANT_RECORDS));
        }
        let Some(word) = metadata.get(SKIPPED) else { return };
        if let Some(reason) = SkipReason::ALL.iter().find(|reason| reason.name() == word) {
            *self.ledger.objects_skipped.entry(reason.name()).or_default() += 1;
            add(&mut self.ledger.bytes_skipped, reason.name(), number(SKIPPED_BYTES));
            if *reason == SkipReason::OtherVariant {
                self.count_variant(batch, 0);
            }
        }
    }

    /// Takes the detail of a rejected record, which may come later.
    fn observe_detail(&mut self, metadata: &HashMap<String, String>) {
        let of = |key: &str| metadata.get(key);
        let (Some(detail), Some(object), Some(word)) = (of(DETAIL), of(OBJECT), of(DETAIL_REASON)) else { return };
        let reason = Reason::ALL.iter().map(|reason| reason.name()).find(|reason| reason == word);
        let (Some(reason), Some(line)) = (reason, of(DETAIL_LINE).and_then(|line| line.parse().ok())) else { return };
        let is_meant = |sample: &Sample| sample.line == line && sample.reason == reason && sample.object == *object;
        if let Some(sample) = self.ledger.samples.iter_mut().find(|sample| is_meant(sample)) {
            sample.detail = Some(detail.clone());
        } else if has_room_for(&self.ledger.samples, reason) && has_room_for(&self.details, reason) {
            self.details.push(Sample { object: object.clone(), line, reason, detail: Some(detail.clone()) });
        }
    }

    /// Takes what is told of a part that was lost.
    fn observe_loss(&mut self, metadata: &HashMap<String, String>) {
        let Some(word) = metadata.get(LOST) else { return };
        let Some(reason) = Reason::ALL.iter().map(|reason| reason.name()).find(|reason| reason == word) else { return };
        let number = |key| metadata.get(key).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        add(&mut self.ledger.records_lost, reason, number(LOST_RECORDS));
        add(&mut self.ledger.bytes_lost, reason, number(LOST_BYTES));
        add(&mut self.ledger.bytes_missing, reason, number(MISSING_BYTES));
        let object = metadata.get(OBJECT).cloned().unwrap_or_default();
        self.keep_sample(Sample { object, line: number(LOST_LINE).max(1), reason, detail: None });
    }

    fn observe_unreadable(&mut self, metadata: &HashMap<String, String>) {
        let Some(word) = metadata.get(CELLS_UNREADABLE) else { return };
        let reason = CellReason::ALL.iter().map(|reason| reason.name()).find(|reason| reason == word);
        let n = metadata.get(UNREADABLE).and_then(|n| n.parse().ok());
        if let Some((reason, n)) = reason.zip(n) {
            add(&mut self.ledger.cells_unreadable, reason, n);
            let column = metadata.get(UNREADABLE_COLUMN).filter(|name| !name.is_empty());
            self.name_unreadable(column.cloned());
        }
    }

    fn name_unreadable(&mut self, columns: impl IntoIterator<Item = String>) {
        let known = &mut self.ledger.unreadable_columns;
        known.extend(columns);
        while known.len() > MAX_UNREADABLE_COLUMNS {
            known.pop_last();
        }
    }

    fn count_variant(&mut self, batch: &RecordBatch, n_records: u64) {
        let Some(variant) = self.variant_of(batch) else { return };
        count_variant(&mut self.ledger.variants, &variant, n_records);
    }

    fn count_used_of_variant(&mut self, batch: &RecordBatch, n_records: u64) {
        if n_records > 0 {
            self.count_variant(batch, n_records);
        }
    }

    /// The variant in whose folder the object of a batch lies.
    fn variant_of(&self, batch: &RecordBatch) -> Option<String> {
        let (place, object) = (self.place.as_ref()?, batch.schema_ref().metadata().get(OBJECT)?);
        variant_of(&format!("{place}/{object}")).map(str::to_owned)
    }

    fn observe_rows(&mut self, batch: &RecordBatch, meta: &Meta<'_>) {
        self.ledger.n_rows += meta.reason.null_count() as u64;
        if meta.all_used() && meta.time.null_count() == 0 {
            let n_records = meta.starts_record.true_count() as u64;
            self.ledger.n_records_seen += n_records;
            self.ledger.n_records_used += n_records;
            self.count_used_of_variant(batch, n_records);
            return;
        }
        let n_used_before = self.ledger.n_records_used;
        for row in (0..batch.num_rows()).filter(|row| meta.starts_record.value(*row)) {
            self.ledger.n_records_seen += 1;
            if meta.reason.is_null(row) {
                self.ledger.n_records_used += 1;
                self.ledger.n_records_without_time += u64::from(meta.time.is_null(row));
            } else {
                let time = meta.time.is_valid(row).then(|| meta.time.value(row));
                self.observe_unused(batch, meta.reason.value(row), meta.line.value(row), time);
            }
        }
        self.count_used_of_variant(batch, self.ledger.n_records_used - n_used_before);
    }

    /// An unknown code is counted nowhere, so that the account does not balance.
    fn observe_unused(&mut self, batch: &RecordBatch, code: u8, line: u64, time: Option<i64>) {
        let reason = match Reason::from_code(code) {
            Some(Reason::OutsideWindow) => {
                self.ledger.n_records_outside_window += 1;
                widen(&mut self.ledger.times_outside_window, time.map(|time| (time, time)));
                return;
            }
            Some(Reason::FilteredOut) => {
                self.ledger.n_records_filtered_out += 1;
                return;
            }
            Some(reason) => reason.name(),
            None => return,
        };
        *self.ledger.records_rejected.entry(reason).or_default() += 1;
        if has_room_for(&self.ledger.samples, reason) {
            let object = batch.schema_ref().metadata().get(OBJECT).cloned().unwrap_or_default();
            let is_known = |known: &Sample| known.line == line && known.reason == reason && known.object == object;
            let known = self.details.iter().position(is_known).map(|known| self.details.swap_remove(known));
            let detail = known.and_then(|known| known.detail);
            self.keep_sample(Sample { object, line, reason, detail });
        }
    }

    /// Keeps one of the first samples; what is rejected and lost at the same place is one of them.
    fn keep_sample(&mut self, sample: Sample) {
        let samples = &mut self.ledger.samples;
        let is_it = |known: &Sample| {
            known.line == sample.line && known.reason == sample.reason && known.object == sample.object
        };
        if has_room_for(samples, sample.reason) && !samples.iter().any(is_it) {
            samples.push(sample);
        }
    }
}

/// Adds to the count of a reason; what is estimated cannot overflow.
fn add(counts: &mut BTreeMap<&'static str, u64>, reason: &'static str, n: u64) {
    if n > 0 {
        let count = counts.entry(reason).or_default();
        *count = count.saturating_add(n);
    }
}

/// Widens a stretch of time by another one.
fn widen(times: &mut Option<(i64, i64)>, others: Option<(i64, i64)>) {
    let Some((first, last)) = others else { return };
    let (known_first, known_last) = times.unwrap_or((first, last));
    *times = Some((known_first.min(first), known_last.max(last)));
}

fn has_room_for(samples: &[Sample], reason: &str) -> bool {
    samples.iter().filter(|sample| sample.reason == reason).count() < MAX_SAMPLES
}

/// Whether a text may be a variant's name: letters, digits, hyphens (API:ProductionVariant), and what other servers use.
fn is_variant_name(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_VARIANT_NAME).contains(&text.len()) && text.bytes().all(is_sign)
}

fn count_variant(variants: &mut BTreeMap<String, u64>, variant: &str, n_records: u64) {
    let has_room = variants.contains_key(variant) || variants.len() < MAX_VARIANTS;
    let name = if has_room && is_variant_name(variant) { variant } else { OTHER_VARIANTS };
    *variants.entry(name.to_owned()).or_default() += n_records;
}

impl Summary for LedgerSummary {
    type Input = RecordBatch;
    type Output = Ledger;

    fn observe(&mut self, batch: &RecordBatch) {
        if batch.num_rows() == 0 {
            return self.observe_event(batch);
        }
        let has_known_cells = || {
            let mut cells = batch.schema_ref().fields().iter().skip(Meta::WIDTH);
            cells.all(|field| *field.data_type() == DataType::Utf8View)
        };
        match Meta::of(batch) {
            Some(meta) if has_known_cells() => self.observe_rows(batch, &meta),
            _ => self.ledger.n_unreadable_batches += 1,
        }
    }

    fn merge(&mut self, other: Self) {
        let Ledger {
            n_objects_listed,
            n_objects_opened,
            objects_skipped,
            n_records_seen,
            n_records_used,
            n_records_outside_window,
            times_outside_window,
            n_records_filtered_out,
            variants,
            n_records_without_time,
            records_rejected,
            records_lost,
            n_bytes_listed,
            n_bytes_read,
            bytes_skipped,
            bytes_lost,
            bytes_missing,
            cells_unreadable,
            unreadable_columns,
            n_rows,
            n_cells_dropped,
            n_rows_short,
            merged_labels,
            observations,
            n_unreadable_batches,
            samples,
        } = other.ledger;
        self.ledger.n_objects_listed += n_objects_listed;
        self.ledger.n_objects_opened += n_objects_opened;
        self.ledger.n_records_seen += n_records_seen;
        self.ledger.n_records_used += n_records_used;
        self.ledger.n_records_outside_window += n_records_outside_window;
        widen(&mut self.ledger.times_outside_window, times_outside_window);
        self.ledger.n_records_filtered_out += n_records_filtered_out;
        self.ledger.n_records_without_time += n_records_without_time;
        self.ledger.n_bytes_listed += n_bytes_listed;
        self.ledger.n_bytes_read += n_bytes_read;
        self.ledger.n_rows += n_rows;
        self.ledger.n_cells_dropped += n_cells_dropped;
        self.ledger.n_rows_short += n_rows_short;
        self.ledger.merged_labels.merge(merged_labels);
        self.ledger.n_unreadable_batches += n_unreadable_batches;
        for (variant, n) in variants {
            count_variant(&mut self.ledger.variants, &variant, n);
        }
        for (reason, n) in objects_skipped {
            *self.ledger.objects_skipped.entry(reason).or_default() += n;
        }
        for (word, n) in observations {
            *self.ledger.observations.entry(word).or_default() += n;
        }
        for (reason, n) in records_rejected {
            *self.ledger.records_rejected.entry(reason).or_default() += n;
        }
        for (reason, n) in records_lost {
            add(&mut self.ledger.records_lost, reason, n);
        }
        self.name_unreadable(unreadable_columns);
        for (reason, n) in cells_unreadable {
            add(&mut self.ledger.cells_unreadable, reason, n);
        }
        for (reason, n) in bytes_skipped {
            add(&mut self.ledger.bytes_skipped, reason, n);
        }
        for (reason, n) in bytes_lost {
            add(&mut self.ledger.bytes_lost, reason, n);
        }
        for (reason, n) in bytes_missing {
            add(&mut self.ledger.bytes_missing, reason, n);
        }
        for sample in samples {
            if has_room_for(&self.ledger.samples, sample.reason) {
                self.ledger.samples.push(sample);
            }
        }
    }

    fn finish(self) -> Ledger {
        self.ledger
    }

    fn memory(&self) -> usize {
        let samples = &self.ledger.samples;
        let text = |sample: &Sample| sample.object.capacity() + sample.detail.as_ref().map_or(0, String::capacity);
        let kept = samples.capacity() + self.details.capacity();
        kept * size_of::<Sample>() + samples.iter().chain(&self.details).map(text).sum::<usize>()
    }
}
