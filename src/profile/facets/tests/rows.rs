//! Batches of features, labels and predictions made by hand.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::datatypes::{Field, Schema};

use crate::decode::outcome::{LABEL, PREDICTION, feature_column, score_column};
use crate::decode::{OBJECT, cell_field, meta_fields};
use crate::profile::{BiasFault, Facet, FacetSettings, FacetStatistics, FacetSummary};
use crate::summary::Summary;

/// Columns `label`, `prediction`, `score`, facets of a dataset of their own (`facet.sex`), and features by
/// their names.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<(String, Vec<Option<String>>)>,
}

impl Table {
    /// From columns of words between single spaces; `-` is null.
    pub fn of(columns: &[(&str, &str)]) -> Self {
        let cell = |word: &str| (word != "-").then(|| word.to_owned());
        let column = |(name, words): &(&str, &str)| ((*name).to_owned(), words.split(' ').map(cell).collect());
        Self { columns: columns.iter().map(column).collect() }
    }

    /// All rows so many times.
    pub fn times(mut self, n: usize) -> Self {
        for (_, cells) in &mut self.columns {
            *cells = vec![cells.clone(); n].concat();
        }
        self
    }

    pub fn n(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
    }

    /// The rows `start..end`; lines are those of the whole table.
    pub fn batch(&self, start: usize, end: usize) -> RecordBatch {
        let n = end - start;
        let mut fields: Vec<Field> = meta_fields();
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(UInt8Array::new_null(n)),
            Arc::new(UInt64Array::from_iter_values((start..end).map(|row| row as u64 + 1))),
            Arc::new(BooleanArray::from(vec![true; n])),
            Arc::new(Int64Array::new_null(n)),
        ];
        for (name, cells) in &self.columns {
            let name = match name.as_str() {
                LABEL | PREDICTION => name.clone(),
                "score" => score_column(0),
                name if name.starts_with("facet.") => name.to_owned(),
                name => feature_column(name),
            };
            fields.push(cell_field(&name, &name));
            arrays.push(Arc::new(StringViewArray::from_iter(cells[start..end].iter().map(Option::as_deref))));
        }
        let metadata = HashMap::from([(OBJECT.to_owned(), "object".to_owned())]);
        RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).expect("a batch")
    }
}

/// Facets with their values, `1` as positive label, predictions where `table` has them.
pub fn settings(facets: &[(&str, &[&str])]) -> FacetSettings {
    let facet = |(name, values): &(&str, &[&str])| Facet {
        name: (*name).to_owned(),
        value_or_threshold: values.iter().map(|value| (*value).to_owned()).collect(),
        kind: None,
    };
    FacetSettings {
        facets: facets.iter().map(facet).collect(),
        label: "target".into(),
        label_values_or_threshold: vec!["1".into()],
        are_pairs_categories: false,
        label_kind: None,
        probability_threshold: None,
        score_labels: FacetSettings::SCORE_LABELS.map(str::to_owned),
        group_variable: None,
        has_predictions: true,
    }
}

/// What one split sees of the rows `start..end`, in batches of `n_rows`.
pub fn split(table: &Table, settings: &Arc<FacetSettings>, rows: [usize; 2], n_rows: usize) -> FacetSummary {
    let mut summary = FacetSummary::new(settings.clone());
    let mut start = rows[0];
    while start < rows[1] {
        let end = rows[1].min(start + n_rows);
        summary.observe(&table.batch(start, end));
        start = end;
    }
    summary
}

pub fn facets(table: &Table, settings: &FacetSettings) -> Result<FacetStatistics, BiasFault> {
    split(table, &Arc::new(settings.clone()), [0, table.n()], 1_000).finish()
}
