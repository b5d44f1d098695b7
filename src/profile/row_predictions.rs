//! Row predictions: what a model predicts for rows, by their features, put beside the rows when they are read again.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, StringViewArray, StringViewBuilder};
use arrow::compute::filter_record_batch;

use super::feature_rows::{FeatureCells, FeatureRows};
use super::text_cells::cell_at;
use crate::decode::Meta;
use crate::decode::outcome::{PREDICTION, cells_of, feature_column};
use crate::summary::Summary;

/// What an entry takes beside its bytes.
const ENTRY_BYTES: usize = 64;

/// The predicted labels of different rows, in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowPredictions {
    names: Vec<String>,
    /// By the cells of a row, encoded.
    places: HashMap<Box<[u8]>, usize>,
    /// By place; `None` where the model refused the row.
    labels: Vec<Option<Arc<str>>>,
}

impl RowPredictions {
    /// Of these rows, whose predictions are not known yet, with the different ones in their order.
    pub fn of(rows: FeatureRows) -> (Self, Vec<FeatureCells>) {
        let mut known = Self { names: rows.names, ..Self::default() };
        let (mut different, mut key) = (Vec::new(), Vec::new());
        for row in rows.rows {
            encode(row.cells.iter().map(Option::as_deref), &mut key);
            if !known.places.contains_key(&key[..]) {
                known.places.insert(key.as_slice().into(), different.len());
                different.push(row.cells);
            }
        }
        (known, different)
    }

    /// Names of the features, in the order of a row's cells.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// With the predicted labels of the different rows, in their order.
    pub fn with_labels(self, labels: Vec<Option<Arc<str>>>) -> Self {
        Self { labels, ..self }
    }

    /// Bytes that it takes, about.
    pub fn memory(&self) -> usize {
        self.places.keys().map(|key| key.len() + ENTRY_BYTES).sum::<usize>()
            + self.labels.len() * size_of::<Option<Arc<str>>>()
    }

    /// The predicted label of every row of a batch.
    fn labels_of(&self, batch: &RecordBatch) -> Vec<Option<&str>> {
        let columns: Vec<Option<&StringViewArray>> =
            self.names.iter().map(|name| cells_of(batch, &feature_column(name))).collect();
        let mut key = Vec::new();
        let mut label = |row: usize| {
            encode(columns.iter().map(|cells| cell_at(*cells, row)), &mut key);
            self.labels.get(*self.places.get(&key[..])?)?.as_deref()
        };
        (0..batch.num_rows()).map(&mut label).collect()
    }
}

/// Each cell with its length, so that no two different rows are alike; a missing cell is no empty one.
fn encode<'a>(cells: impl Iterator<Item = Option<&'a str>>, key: &mut Vec<u8>) {
    key.clear();
    for cell in cells {
        match cell {
            None => key.push(0),
            Some(text) => {
                key.push(1);
                key.extend((text.len() as u64).to_le_bytes());
                key.extend(text.as_bytes());
            }
        }
    }
}

/// A summary of rows with the predictions of a model in place of their own. Rows that the model refused are left
/// out; what is rejected passes as it is. Without predictions all rows are seen as they are.
#[derive(Clone, Debug, Default)]
pub struct Predicted<S> {
    predictions: Option<Arc<RowPredictions>>,
    n_refused: u64,
    inner: S,
}

impl<S> Predicted<S> {
    pub fn new(predictions: Option<Arc<RowPredictions>>, inner: S) -> Self {
        Self { predictions, n_refused: 0, inner }
    }
}

/// The batch with these predictions, without the rows that have none; how many these are. `None` where it is not of
/// the layout.
fn with_predictions(batch: &RecordBatch, predictions: &RowPredictions) -> Option<(RecordBatch, u64)> {
    let meta = Meta::of(batch)?;
    let place = batch.schema_ref().fields().iter().skip(Meta::WIDTH).position(|field| field.name() == PREDICTION)?;
    let labels = predictions.labels_of(batch);
    let is_kept: Vec<bool> =
        labels.iter().enumerate().map(|(row, label)| label.is_some() || meta.reason.is_valid(row)).collect();
    let n_refused = is_kept.iter().filter(|is_kept| !**is_kept).count() as u64;
    let mut cells = StringViewBuilder::with_capacity(labels.len());
    labels.into_iter().for_each(|label| cells.append_option(label));
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    columns[Meta::WIDTH + place] = Arc::new(cells.finish());
    let batch = RecordBatch::try_new(batch.schema(), columns).ok()?;
    Some((filter_record_batch(&batch, &BooleanArray::from(is_kept)).ok()?, n_refused))
}

impl<S: Summary<Input = RecordBatch>> Summary for Predicted<S> {
    type Input = RecordBatch;
    /// What came of the rows, and how many were left out.
    type Output = (S::Output, u64);

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(predictions) = self.predictions.as_ref().filter(|_| batch.num_rows() > 0) else {
            return self.inner.observe(batch);
        };
        if let Some((batch, n_refused)) = with_predictions(batch, predictions) {
            self.n_refused += n_refused;
            self.inner.observe(&batch);
        }
    }

    fn merge(&mut self, other: Self) {
        self.predictions = self.predictions.take().or(other.predictions);
        self.n_refused += other.n_refused;
        self.inner.merge(other.inner);
    }

    fn finish(self) -> Self::Output {
        (self.inner.finish(), self.n_refused)
    }

    fn memory(&self) -> usize {
        self.inner.memory()
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int64Array, UInt8Array, UInt64Array};
    use arrow::datatypes::Schema;

    use super::*;
    use crate::decode::{cell_field, meta_fields};
    use crate::profile::FeatureRow;

    /// The predictions of used rows.
    #[derive(Debug, Default)]
    struct Seen(Vec<String>);

    impl Summary for Seen {
        type Input = RecordBatch;
        type Output = Vec<String>;

        fn observe(&mut self, batch: &RecordBatch) {
            let meta = Meta::of(batch).expect("the layout");
            let cells = cells_of(batch, PREDICTION);
            let used = (0..batch.num_rows()).filter(|row| meta.reason.is_null(*row));
            self.0.extend(used.map(|row| cell_at(cells, row).unwrap_or("-").to_owned()));
        }

        fn merge(&mut self, other: Self) {
            self.0.extend(other.0);
        }

        fn finish(self) -> Vec<String> {
            self.0
        }
    }

    fn batch(a: &[Option<&str>], b: &[Option<&str>]) -> RecordBatch {
        let n = a.len();
        let mut fields = meta_fields();
        fields.extend(
            [PREDICTION.to_owned(), feature_column("a"), feature_column("b")].map(|name| cell_field(&name, "0")),
        );
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt8Array::from_iter((0..n).map(|row| (row == 1).then_some(1)))),
            Arc::new(UInt64Array::from_iter_values(0..n as u64)),
            Arc::new(BooleanArray::from(vec![true; n])),
            Arc::new(Int64Array::new_null(n)),
            Arc::new(StringViewArray::new_null(n)),
            Arc::new(StringViewArray::from_iter(a.iter().copied())),
            Arc::new(StringViewArray::from_iter(b.iter().copied())),
        ];
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch")
    }

    #[test]
    fn rows_are_known_by_all_their_features_and_those_the_model_refused_are_left_out() {
        let row =
            |cells: [Option<&str>; 2]| FeatureRow { hash: 0, cells: cells.map(|cell| cell.map(Arc::from)).to_vec() };
        let rows = FeatureRows {
            names: vec!["b".to_owned(), "a".to_owned()],
            rows: [[Some("1"), None], [Some("1"), Some("")], [Some("1"), None], [Some("x"), Some("y")]]
                .map(row)
                .to_vec(),
            n_seen: 4,
        };
        let (predictions, different) = RowPredictions::of(rows);
        assert_eq!((different.len(), predictions.names()), (3, &["b".to_owned(), "a".to_owned()][..]));
        let predictions = predictions.with_labels(vec![Some("yes".into()), Some("no".into()), None]);
        let mut summary = Predicted::new(Some(Arc::new(predictions)), Seen::default());
        // The second row is rejected.
        summary.observe(&batch(
            &[None, Some("q"), Some(""), Some("y"), None],
            &[Some("1"), Some("q"), Some("1"), Some("x"), Some("1")],
        ));
        let mut merged = Predicted::default();
        merged.merge(summary);
        assert_eq!(merged.finish(), (vec!["yes".to_owned(), "no".to_owned(), "yes".to_owned()], 1));
    }

    #[test]
    fn without_predictions_rows_are_seen_as_they_are() {
        let mut summary = Predicted::new(None, Seen::default());
        summary.observe(&batch(&[None, None], &[Some("1"), None]));
        assert_eq!(summary.finish(), (vec!["-".to_owned()], 0));
    }
}
