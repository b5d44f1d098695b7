//! Side-table join: an inner hash join of the main dataset with side tables in memory, while it is folded.
//!
//! DataFusion's `HashJoinExec` does the same for inputs of one known schema. A scanned object has a schema of
//! its own, and captures get columns as they are read: only the leading columns of the layout are known
//! beforehand, so that no node of a plan can stand above a scan. The join is a summary, therefore.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, StringViewBuilder};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Schema;

use super::places::Places;
use super::side_table::{JoinKey, SideTable};
use crate::decode::{Meta, Order, cell_field, outcome};
use crate::summary::Summary;

/// A summary of the rows that have a row in every side table, with its columns beside or in place of
/// their own. What is rejected passes as it is.
#[derive(Default)]
pub struct SideJoin<S> {
    side_tables: Arc<[SideTable]>,
    counts: Vec<SideTableMatches>,
    /// Of the main dataset.
    places: Places,
    inner: S,
}

/// What became of the main dataset's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SideJoinCounts {
    /// For each side table.
    pub of_tables: Vec<SideTableMatches>,
    /// Of the main dataset.
    pub places: Places,
    /// Rows that have a row in every side table.
    pub n_joined: u64,
}

/// Rows of the main dataset, held against one side table: `n` = `n_matched` + `n_without_row` +
/// `n_without_id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideTableMatches {
    pub n: u64,
    pub n_matched: u64,
    pub n_without_row: u64,
    /// None where rows are matched by their places.
    pub n_without_id: u64,
    /// Rows that have a row in this and in every side table before it.
    n_joined: u64,
}

impl<S: Summary<Input = RecordBatch>> SideJoin<S> {
    pub fn new(side_tables: Arc<[SideTable]>, inner: S) -> Self {
        let counts = vec![SideTableMatches::default(); side_tables.len()];
        Self { side_tables, counts, places: Places::default(), inner }
    }

    /// The batch with what the side tables add; `None` where it is not of the layout.
    fn joined(&mut self, batch: &RecordBatch) -> Option<RecordBatch> {
        let meta = Meta::of(batch)?;
        let first_place = self.places.n();
        self.places.observe_rows(&meta);
        let side_tables = self.side_tables.clone();
        let mut is_kept = vec![true; batch.num_rows()];
        let mut added: Vec<(&str, ArrayRef)> = Vec::new();
        for (side_table, counts) in side_tables.iter().zip(&mut self.counts) {
            let rows = find(side_table, counts, batch, &meta, first_place);
            for (is_kept, row) in is_kept.iter_mut().zip(&rows) {
                *is_kept &= row.is_some();
            }
            counts.n_joined += is_kept.iter().filter(|is_kept| **is_kept).count() as u64;
            for (column, name) in side_table.columns().enumerate() {
                let mut cells = StringViewBuilder::with_capacity(rows.len());
                rows.iter().for_each(|row| cells.append_option(row.and_then(|row| side_table.cell(row, column))));
                added.push((name, Arc::new(cells.finish())));
            }
        }
        let is_kept = is_kept.iter().enumerate().map(|(row, is_kept)| *is_kept || meta.reason.is_valid(row));
        let is_kept = BooleanArray::from_iter(is_kept.map(Some));
        filter_record_batch(&with(batch, added)?, &is_kept).ok()
    }
}

/// The side table's row for every row; none for what is rejected.
fn find(
    side_table: &SideTable,
    counts: &mut SideTableMatches,
    batch: &RecordBatch,
    meta: &Meta<'_>,
    first_place: u64,
) -> Vec<Option<usize>> {
    let ids = outcome::cells_of(batch, outcome::ID);
    let mut find_one = |row: usize| {
        if meta.reason.is_valid(row) {
            return None;
        }
        counts.n += 1;
        let found = match side_table.key() {
            JoinKey::Position => side_table.at(first_place + row as u64),
            JoinKey::Id => {
                let id = ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row)).filter(|id| !id.is_empty());
                let Some(id) = id else {
                    counts.n_without_id += 1;
                    return None;
                };
                side_table.of_id(id)
            }
        };
        match found {
            Some(found) => side_table.mark(found),
            None => counts.n_without_row += 1,
        }
        counts.n_matched += u64::from(found.is_some());
        found
    };
    (0..batch.num_rows()).map(&mut find_one).collect()
}

/// The batch with these columns, those of the same names left out.
fn with(batch: &RecordBatch, added: Vec<(&str, ArrayRef)>) -> Option<RecordBatch> {
    let names: HashSet<&str> = added.iter().map(|(name, _)| *name).collect();
    let schema = batch.schema();
    let of_batch = schema.fields().iter().zip(batch.columns()).enumerate();
    let stays = |place: usize, name: &str| place < Meta::WIDTH || !names.contains(name);
    let stay = of_batch.filter(|(place, (field, _))| stays(*place, field.name()));
    let (mut fields, mut columns): (Vec<_>, Vec<ArrayRef>) =
        stay.map(|(_, (field, cells))| (field.clone(), cells.clone())).unzip();
    for (place, (name, cells)) in added.into_iter().enumerate() {
        fields.push(Arc::new(cell_field(name, Order::joined(place))));
        columns.push(cells);
    }
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())), columns).ok()
}

impl<S: Summary<Input = RecordBatch>> Summary for SideJoin<S> {
    type Input = RecordBatch;
    type Output = (SideJoinCounts, S::Output);

    fn observe(&mut self, batch: &RecordBatch) {
        if self.side_tables.is_empty() {
            return self.inner.observe(batch);
        }
        if batch.num_rows() == 0 {
            self.places.observe_event(batch);
            return self.inner.observe(batch);
        }
        if let Some(joined) = self.joined(batch) {
            self.inner.observe(&joined);
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.n += theirs.n;
            mine.n_matched += theirs.n_matched;
            mine.n_without_row += theirs.n_without_row;
            mine.n_without_id += theirs.n_without_id;
            mine.n_joined += theirs.n_joined;
        }
        self.places.merge(&other.places);
        self.inner.merge(other.inner);
    }

    fn finish(self) -> Self::Output {
        let counts = SideJoinCounts {
            places: self.places,
            n_joined: self.counts.last().map_or(0, |last| last.n_joined),
            of_tables: self.counts,
        };
        (counts, self.inner.finish())
    }

    fn memory(&self) -> usize {
        self.inner.memory()
    }
}
