//! Feature rows: rows of features as they came, or a bottom-k sample of as many as there is room for.
//!
//! Rows are drawn by a hash of their record, so that the sample is the same for any split of the data.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch, StringViewArray};

use super::row_identity::RowIdentities;
use super::text_cells::cell_at;
use crate::decode::outcome::feature_of;
use crate::decode::{Meta, OBJECT, Order};
use crate::sketch::{BottomK, BottomKLimit, BottomKRow};
use crate::summary::Summary;

/// Bytes of cells that are kept, at most: 10,000 rows of 100 features take about 20 MB.
const MAX_BYTES: usize = 64 << 20;
/// What a cell takes beside its text.
const CELL_BYTES: usize = 40;
/// Cells of the rows that are given, present or not: a caller may send a new feature with every request.
const MAX_CELLS: usize = 4 << 20;

/// The cells of a row, by feature; `None` where there is no value.
pub type FeatureCells = Vec<Option<Arc<str>>>;

/// Rows of features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureRows {
    /// In the order of the data's columns.
    pub names: Vec<String>,
    /// In the order of objects, lines, and places in a record.
    pub rows: Vec<FeatureRow>,
    /// Rows that were seen; all of them are kept where it is as many as `rows`.
    pub n_seen: u64,
}

impl FeatureRows {
    /// Places of the rows in the order in which they are drawn: the first of them, however many, are a uniform
    /// sample of all.
    pub fn drawn(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.rows.len()).collect();
        places.sort_by_key(|place| (self.rows[*place].hash, *place));
        places
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureRow {
    /// Of its record and its place there.
    pub hash: u64,
    pub cells: FeatureCells,
}

/// Gathers rows of features, in batches of the columns of [`crate::decode::outcome`]. Merging a default
/// value changes nothing but the order of new columns that do not say theirs.
#[derive(Debug, Default)]
pub struct FeatureRowsSummary {
    max_rows: usize,
    max_bytes: usize,
    max_cells: usize,
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    sample: BottomK<SampledRow>,
    n_seen: u64,
}

#[derive(Debug)]
struct Column {
    name: String,
    order: String,
}

/// By which rows are drawn: the hash first, the rest makes the order of rows with one hash the same every time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    hash: u64,
    object: Arc<str>,
    line: u64,
    place: u64,
}

#[derive(Debug)]
struct SampledRow {
    key: Key,
    /// What is present, with its place among the summary's columns.
    cells: Vec<(usize, Arc<str>)>,
}

impl FeatureRowsSummary {
    /// Keeps so many rows at most.
    pub fn new(max_rows: usize) -> Self {
        Self::within(max_rows, MAX_BYTES)
    }

    /// Keeps so many rows at most, and of them as many as take up so many bytes, but one at least.
    pub fn within(max_rows: usize, max_bytes: usize) -> Self {
        Self { max_rows, max_bytes: max_bytes.min(MAX_BYTES), max_cells: MAX_CELLS, ..Self::default() }
    }

    /// Keeps all rows; whoever folds it looks at its memory.
    pub fn of_all() -> Self {
        Self { max_rows: usize::MAX, max_bytes: usize::MAX, max_cells: usize::MAX, ..Self::default() }
    }

    fn place(&mut self, name: &str, order: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            let column = &mut self.columns[*place];
            if order < column.order.as_str() {
                order.clone_into(&mut column.order);
            }
            return *place;
        }
        self.places.insert(name.to_owned(), self.columns.len());
        self.columns.push(Column { name: name.to_owned(), order: order.to_owned() });
        self.columns.len() - 1
    }

    fn limit(&self) -> BottomKLimit {
        BottomKLimit { n_rows: self.max_rows, n_bytes: self.max_bytes }
    }

    /// The order of the columns in the data, as places in `columns`.
    fn ordered(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.columns.len()).collect();
        let key = |place: &usize| (&self.columns[*place].order, &self.columns[*place].name);
        places.sort_by(|a, b| key(a).cmp(&key(b)));
        places
    }
}

impl Summary for FeatureRowsSummary {
    type Input = RecordBatch;
    type Output = FeatureRows;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(identities) = RowIdentities::of(batch) else { return };
        let object: Arc<str> = batch.schema_ref().metadata().get(OBJECT).map_or("", String::as_str).into();
        let mut columns: Vec<(usize, &StringViewArray)> = Vec::new();
        for (field, cells) in batch.schema_ref().fields().iter().zip(batch.columns()).skip(Meta::WIDTH) {
            if let (Some(name), Some(cells)) = (feature_of(field.name()), cells.as_string_view_opt()) {
                columns.push((self.place(name, Order::text_of(field)), cells));
            }
        }
        for (row, place) in identities.placed_in_records() {
            self.n_seen += 1;
            let hash = identities.hash_in_record(row, place);
            let key = Key { hash, object: object.clone(), line: identities.line(row), place };
            if self.sample.wants(&key) {
                let cell =
                    |(place, cells): &(usize, &StringViewArray)| Some((*place, cell_at(Some(cells), row)?.into()));
                let cells = columns.iter().filter_map(cell).collect();
                self.sample.push(SampledRow { key, cells }, self.limit());
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.max_rows = self.max_rows.max(other.max_rows);
        self.max_bytes = self.max_bytes.max(other.max_bytes);
        self.max_cells = self.max_cells.max(other.max_cells);
        self.n_seen += other.n_seen;
        let places: Vec<usize> = other.columns.iter().map(|column| self.place(&column.name, &column.order)).collect();
        let moved = |row: SampledRow| {
            let cells = row.cells.into_iter().map(|(place, cell)| (places[place], cell));
            SampledRow { key: row.key, cells: cells.collect() }
        };
        self.sample.merge(other.sample.map(moved), self.limit());
    }

    fn finish(self) -> FeatureRows {
        let places = self.ordered();
        let names = places.iter().map(|place| self.columns[*place].name.clone()).collect();
        let mut targets = vec![0; places.len()];
        for (target, place) in places.iter().enumerate() {
            targets[*place] = target;
        }
        let mut kept = self.sample.into_sorted_rows();
        kept.truncate(self.max_cells / places.len().max(1));
        let key = |row: &SampledRow| (row.key.object.clone(), row.key.line, row.key.place, row.key.hash);
        kept.sort_by_cached_key(key);
        let row = |kept: SampledRow| {
            let mut cells = vec![None; targets.len()];
            for (place, cell) in kept.cells {
                cells[targets[place]] = Some(cell);
            }
            FeatureRow { hash: kept.key.hash, cells }
        };
        FeatureRows { names, rows: kept.into_iter().map(row).collect(), n_seen: self.n_seen }
    }

    fn memory(&self) -> usize {
        let column = |column: &Column| 2 * column.name.len() + column.order.len() + 2 * size_of::<Column>();
        // Closed, every row has a cell for every feature.
        let n_cells = (self.sample.rows().len() * self.columns.len()).min(self.max_cells);
        let of_cells = if self.max_cells > MAX_CELLS { n_cells * size_of::<Option<Arc<str>>>() } else { 0 };
        self.sample.bytes() + of_cells + self.columns.iter().map(column).sum::<usize>()
    }
}

impl BottomKRow for SampledRow {
    type Key = Key;

    fn key(&self) -> &Key {
        &self.key
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.cells.iter().map(|(_, cell)| CELL_BYTES + cell.len()).sum::<usize>()
    }
}

impl Ord for SampledRow {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for SampledRow {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SampledRow {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for SampledRow {}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use arrow::array::{ArrayRef, BooleanArray, Int64Array, UInt8Array, UInt64Array};
    use arrow::datatypes::Schema;
    use proptest::prelude::*;

    use super::*;
    use crate::decode::outcome::feature_column;
    use crate::decode::{cell_field, meta_fields};

    /// Rows of the lines `start..end`: `a` is the line, `b` is there in every other line, `late` from line 30 on.
    fn batch(start: u64, end: u64) -> RecordBatch {
        let n = (end - start) as usize;
        let reasons = UInt8Array::from_iter((start..end).map(|line| (line % 7 == 6).then_some(1)));
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(reasons),
            Arc::new(UInt64Array::from_iter_values(start..end)),
            Arc::new(BooleanArray::from(vec![true; n])),
            Arc::new(Int64Array::new_null(n)),
        ];
        let mut fields = meta_fields();
        let mut column = |name: &str, order: &str, cells: Vec<Option<String>>| {
            fields.push(cell_field(&feature_column(name), order));
            arrays.push(Arc::new(StringViewArray::from_iter(cells)));
        };
        if end > 30 {
            column("late", "0", (start..end).map(|line| (line >= 30).then(|| "x".to_owned())).collect());
        }
        column("b", "2", (start..end).map(|line| (line % 2 == 0).then(|| format!("b{line}"))).collect());
        column("a", "1", (start..end).map(|line| Some(line.to_string())).collect());
        let metadata = HashMap::from([(OBJECT.to_owned(), "object".to_owned())]);
        RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).expect("a batch")
    }

    fn seen(max_rows: usize, start: u64, end: u64) -> FeatureRowsSummary {
        let mut summary = FeatureRowsSummary::new(max_rows);
        summary.observe(&batch(start, end));
        summary
    }

    fn lines(rows: &FeatureRows) -> Vec<u64> {
        let place = rows.names.iter().position(|name| name == "a").expect("a column");
        let line = |row: &FeatureRow| row.cells[place].as_deref().and_then(|text| text.parse().ok());
        rows.rows.iter().map(|row| line(row).expect("a line")).collect()
    }

    #[test]
    fn few_rows_are_all_kept_in_their_order_without_those_that_are_not_used() {
        let rows = seen(100, 0, 40).finish();
        assert_eq!(rows.names, ["late", "a", "b"]);
        assert_eq!(lines(&rows), (0..40).filter(|line| line % 7 != 6).collect::<Vec<_>>());
        assert_eq!(rows.n_seen, 35);
        let cells = |row: usize| rows.rows[row].cells.iter().map(Option::as_deref).collect::<Vec<_>>();
        assert_eq!(cells(0), [None, Some("0"), Some("b0")]);
        assert_eq!(cells(1), [None, Some("1"), None]);
        assert_eq!(cells(34), [Some("x"), Some("39"), None]);
    }

    #[test]
    fn rows_are_kept_within_their_bytes_and_one_at_least() {
        for (max_bytes, most) in [(20_000, 199), (0, 1)] {
            let mut summary = FeatureRowsSummary::within(1_000, max_bytes);
            summary.observe(&batch(0, 1_000));
            assert!(summary.sample.bytes() <= max_bytes || summary.sample.rows().len() == 1);
            let rows = summary.finish();
            assert!((1..=most).contains(&rows.rows.len()), "{}", rows.rows.len());
            assert_eq!(rows.n_seen, 858);
        }
    }

    #[test]
    fn all_rows_are_kept_where_that_is_asked_for_and_their_cells_are_counted() {
        let mut summary = FeatureRowsSummary::of_all();
        summary.observe(&batch(0, 20_000));
        assert!(summary.memory() > summary.sample.bytes() + 17_143 * 3 * 16);
        let mut merged = FeatureRowsSummary::default();
        merged.merge(summary);
        let rows = merged.finish();
        assert_eq!((rows.rows.len(), rows.n_seen), (17_143, 17_143));
    }

    #[test]
    fn a_sample_is_drawn_evenly() {
        let rows = seen(500, 0, 20_000).finish();
        let lines = lines(&rows);
        assert_eq!((lines.len(), rows.n_seen), (500, 17_143));
        // Within five standard errors of the mean of all lines.
        let mean = lines.iter().sum::<u64>() as f64 / 500.0;
        assert!((mean - 10_000.0).abs() < 5.0 * 5_774.0 / 500f64.sqrt(), "{mean}");
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_rows(cuts in prop::collection::vec(0u64..200, 0..5), max_rows in 1usize..250) {
            let whole = seen(max_rows, 0, 200).finish();
            let mut ends: Vec<u64> = cuts;
            ends.push(200);
            ends.sort_unstable();
            let mut merged = FeatureRowsSummary::default();
            let mut start = 0;
            for end in ends {
                merged.merge(seen(max_rows, start, end));
                start = end;
            }
            prop_assert_eq!(merged.finish(), whole);
        }
    }
}
