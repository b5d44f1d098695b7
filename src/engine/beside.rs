//! Rows with their companions beside them: an inner join in memory, while the main dataset is folded.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, StringViewBuilder};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Schema;

use super::companion::{Companion, Matching};
use crate::decode::{Meta, Order, cell_field, outcome};
use crate::summary::Summary;

/// A summary of the rows that have a row in every companion dataset, with its columns beside or in place of
/// their own. What is rejected passes as it is.
#[derive(Default)]
pub struct Beside<S> {
    companions: Arc<[Companion]>,
    accounts: Vec<BesideRows>,
    /// Places of the main dataset, the rejected ones included.
    n_places: usize,
    inner: S,
}

/// What became of the main dataset's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BesideAccount {
    /// For each companion dataset.
    pub of_companions: Vec<BesideRows>,
    /// Places of the main dataset, the rejected ones included.
    pub n_places: u64,
    /// Rows that have a row in every companion dataset.
    pub n_joined: u64,
}

/// Rows of the main dataset, held against one companion dataset: `n` = `n_matched` + `n_without_row` +
/// `n_without_id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BesideRows {
    pub n: u64,
    pub n_matched: u64,
    pub n_without_row: u64,
    /// None where rows are matched by their places.
    pub n_without_id: u64,
    /// Rows that have a row in this and in every companion dataset before it.
    n_joined: u64,
}

impl<S: Summary<Input = RecordBatch>> Beside<S> {
    pub fn new(companions: Arc<[Companion]>, inner: S) -> Self {
        let accounts = vec![BesideRows::default(); companions.len()];
        Self { companions, accounts, n_places: 0, inner }
    }

    /// The batch with what the companions add; `None` where it is not of the layout.
    fn joined(&mut self, batch: &RecordBatch) -> Option<RecordBatch> {
        let meta = Meta::of(batch)?;
        let companions = self.companions.clone();
        let mut is_kept = vec![true; batch.num_rows()];
        let mut added: Vec<(&str, ArrayRef)> = Vec::new();
        for (companion, account) in companions.iter().zip(&mut self.accounts) {
            let rows = find(companion, account, batch, &meta, self.n_places);
            for (is_kept, row) in is_kept.iter_mut().zip(&rows) {
                *is_kept &= row.is_some();
            }
            account.n_joined += is_kept.iter().filter(|is_kept| **is_kept).count() as u64;
            for (column, name) in companion.columns().enumerate() {
                let mut cells = StringViewBuilder::with_capacity(rows.len());
                rows.iter().for_each(|row| cells.append_option(row.and_then(|row| companion.cell(row, column))));
                added.push((name, Arc::new(cells.finish())));
            }
        }
        self.n_places += batch.num_rows();
        let is_kept = is_kept.iter().enumerate().map(|(row, is_kept)| *is_kept || meta.reason.is_valid(row));
        let is_kept = BooleanArray::from_iter(is_kept.map(Some));
        filter_record_batch(&with(batch, added)?, &is_kept).ok()
    }
}

/// The companion of every row; none of what is rejected.
fn find(
    companion: &Companion,
    account: &mut BesideRows,
    batch: &RecordBatch,
    meta: &Meta<'_>,
    first_place: usize,
) -> Vec<Option<usize>> {
    let ids = outcome::cells_of(batch, outcome::ID);
    let mut find_one = |row: usize| {
        if meta.reason.is_valid(row) {
            return None;
        }
        account.n += 1;
        let found = match companion.matching() {
            Matching::Position => companion.at(first_place + row),
            Matching::Id => {
                let id = ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row)).filter(|id| !id.is_empty());
                let Some(id) = id else {
                    account.n_without_id += 1;
                    return None;
                };
                companion.of_id(id)
            }
        };
        match found {
            Some(found) => companion.mark(found),
            None => account.n_without_row += 1,
        }
        account.n_matched += u64::from(found.is_some());
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

impl<S: Summary<Input = RecordBatch>> Summary for Beside<S> {
    type Input = RecordBatch;
    type Output = (BesideAccount, S::Output);

    fn observe(&mut self, batch: &RecordBatch) {
        if self.companions.is_empty() || batch.num_rows() == 0 {
            return self.inner.observe(batch);
        }
        if let Some(joined) = self.joined(batch) {
            self.inner.observe(&joined);
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.accounts.iter_mut().zip(&other.accounts) {
            mine.n += theirs.n;
            mine.n_matched += theirs.n_matched;
            mine.n_without_row += theirs.n_without_row;
            mine.n_without_id += theirs.n_without_id;
            mine.n_joined += theirs.n_joined;
        }
        self.n_places += other.n_places;
        self.inner.merge(other.inner);
    }

    fn finish(self) -> Self::Output {
        let account = BesideAccount {
            n_places: self.n_places as u64,
            n_joined: self.accounts.last().map_or(0, |last| last.n_joined),
            of_companions: self.accounts,
        };
        (account, self.inner.finish())
    }

    fn memory(&self) -> usize {
        self.inner.memory()
    }
}
