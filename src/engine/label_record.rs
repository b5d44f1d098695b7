//! Label record: one of an id's, after those of the same file that may label the rows of its request before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::sort_record::SortRecord;

/// Records that are kept as labels of the rows of one request, at most.
const MAX_ROWS: usize = 4_096;

/// A label record, and those of its id that were uploaded before it in the same file.
#[derive(Debug)]
pub(super) struct LabelRecord {
    pub record: SortRecord,
    before: Option<Arc<LabelRecord>>,
    /// Records of one label each, this one included; beyond [`MAX_ROWS`] they are not kept.
    n_records: usize,
    is_counted: AtomicBool,
}

impl LabelRecord {
    /// The record that was uploaded after `last`, another one of its id.
    pub(super) fn after(last: Option<Arc<Self>>, record: SortRecord) -> Self {
        let is_one_file = |last: &Self| last.record.object == record.object && last.record.time == record.time;
        let have_one_label = |last: &Self| last.record.n_rows == 1 && record.n_rows == 1;
        let last = last.filter(|last| is_one_file(last) && have_one_label(last));
        let n_records = last.as_ref().map_or(1, |last| last.n_records + 1);
        let before = last.filter(|_| n_records <= MAX_ROWS);
        Self { record, before, n_records, is_counted: AtomicBool::new(false) }
    }

    /// The labels of `n_rows` rows in the order of their upload, where the file holds as many records of one label.
    pub(super) fn labels(&self, n_rows: usize) -> Option<Vec<Option<String>>> {
        if self.record.n_rows != 1 || self.n_records != n_rows || n_rows > MAX_ROWS {
            return None;
        }
        let all = std::iter::successors(Some(self), |record| record.before.as_deref());
        let label = |record: &Self| record.record.cells().next().map(|cell| cell.map(str::to_owned));
        let mut labels: Vec<_> = all.map(label).collect::<Option<_>>()?;
        labels.reverse();
        Some(labels)
    }

    /// Records before it that serve with it, at the first call.
    pub(super) fn take_n_before(&self) -> u64 {
        let is_first = !self.is_counted.swap(true, Ordering::Relaxed);
        if is_first { self.n_records as u64 - 1 } else { 0 }
    }
}

impl Drop for LabelRecord {
    /// One after the other: each of very many would drop the one before it within its own.
    fn drop(&mut self) {
        let mut before = self.before.take();
        while let Some(mut record) = before.and_then(Arc::into_inner) {
            before = record.before.take();
        }
    }
}
