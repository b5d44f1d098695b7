//! Outcome batches made by hand.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::datatypes::{Field, Schema};

use crate::decode::outcome::{FEATURES, ID, LABEL, PREDICTION, score_column};
use crate::decode::{OBJECT, cell_field, meta_fields};
use crate::profile::{
    CurveStatistics, CurveSummary, OutcomeSettings, OutcomeStatistics, OutcomeSummary, PredictionSettings,
    PredictionStatistics, PredictionSummary, Problem, TooManyClasses, score_rows,
};
use crate::summary::Summary;

/// Columns of texts; an empty column is absent, an empty text null.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub id: Vec<String>,
    pub prediction: Vec<String>,
    pub label: Vec<String>,
    pub scores: Vec<Vec<String>>,
    /// Packed.
    pub features: Vec<String>,
}

/// Words between single spaces.
pub fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

impl Table {
    /// From words between single spaces; `-` is null.
    pub fn of(prediction: &str, label: &str, scores: &[&str]) -> Self {
        let cells = |text: &str| match text {
            "" => Vec::new(),
            text => words(text).into_iter().map(|word| if word == "-" { String::new() } else { word }).collect(),
        };
        let scores = scores.iter().map(|text| cells(text)).collect();
        Self { prediction: cells(prediction), label: cells(label), scores, ..Self::default() }
    }

    pub fn n(&self) -> usize {
        self.prediction.len().max(self.label.len()).max(self.scores.first().map_or(0, Vec::len))
    }

    /// The rows `start..end`; lines are those of the whole table.
    pub fn batch(&self, start: usize, end: usize) -> RecordBatch {
        let mut fields: Vec<Field> = meta_fields();
        let n = end - start;
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(UInt8Array::new_null(n)),
            Arc::new(UInt64Array::from_iter_values((start..end).map(|row| row as u64 + 1))),
            Arc::new(BooleanArray::from(vec![true; n])),
            Arc::new(Int64Array::new_null(n)),
        ];
        let named = [(ID.to_owned(), &self.id), (PREDICTION.to_owned(), &self.prediction)];
        let scores = self.scores.iter().enumerate().map(|(place, column)| (score_column(place), column));
        let last = [(FEATURES.to_owned(), &self.features), (LABEL.to_owned(), &self.label)];
        for (name, column) in named.into_iter().chain(scores).chain(last) {
            if !column.is_empty() {
                fields.push(cell_field(&name, &name));
                let cells = column[start..end].iter().map(|text| (!text.is_empty()).then_some(text.as_str()));
                arrays.push(Arc::new(StringViewArray::from_iter(cells)));
            }
        }
        let metadata = HashMap::from([(OBJECT.to_owned(), "object".to_owned())]);
        RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).expect("a batch")
    }

    /// The table's rows in another order.
    pub fn pick(&self, rows: &[usize]) -> Self {
        let take = |column: &Vec<String>| {
            if column.is_empty() { Vec::new() } else { rows.iter().map(|row| column[*row].clone()).collect() }
        };
        Self {
            id: take(&self.id),
            prediction: take(&self.prediction),
            label: take(&self.label),
            scores: self.scores.iter().map(take).collect(),
            features: take(&self.features),
        }
    }
}

pub fn settings(problem: Problem, n_scores: usize) -> OutcomeSettings {
    OutcomeSettings {
        problem,
        positive_label: "1".into(),
        threshold: None,
        largest_score_predicts: false,
        n_scores,
        score_classes: Vec::new(),
    }
}

/// What one split sees of the rows `start..end`, in batches of `n_rows`.
pub fn split<S: Summary<Input = RecordBatch>>(mut summary: S, table: &Table, rows: [usize; 2], n_rows: usize) -> S {
    let mut start = rows[0];
    while start < rows[1] {
        let end = rows[1].min(start + n_rows);
        summary.observe(&table.batch(start, end));
        start = end;
    }
    summary
}

pub fn try_outcomes(table: &Table, settings: &OutcomeSettings) -> Result<OutcomeStatistics, TooManyClasses> {
    split(OutcomeSummary::new(Arc::new(settings.clone())), table, [0, table.n()], 100).finish()
}

pub fn outcomes(table: &Table, settings: &OutcomeSettings) -> OutcomeStatistics {
    let found = try_outcomes(table, settings).expect("few classes");
    assert_eq!(found.account.imbalance(), None);
    found
}

/// The exact curves of a table.
pub fn curves(table: &Table, settings: &OutcomeSettings) -> Option<CurveStatistics> {
    let rows = score_rows(&table.batch(0, table.n()), settings)?;
    let scores = rows.column(0);
    let options = arrow::compute::SortOptions { descending: true, nulls_first: false };
    let order = arrow::compute::sort_to_indices(scores, Some(options), None).expect("an order");
    let mut summary = CurveSummary::default();
    summary.observe(&arrow::compute::take_record_batch(&rows, &order).expect("sorted rows"));
    summary.finish()
}

pub fn predictions(table: &Table, settings: PredictionSettings) -> PredictionStatistics {
    split(PredictionSummary::new(Arc::new(settings)), table, [0, table.n()], 100).finish().expect("few classes")
}
