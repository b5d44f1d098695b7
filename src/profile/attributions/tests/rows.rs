//! Attributions made by hand, as rows and as batches of texts.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::datatypes::{Field, Schema};

use crate::decode::outcome::{ID, attribution_column};
use crate::decode::{OBJECT, cell_field, meta_fields};
use crate::profile::{
    AttributionSettings, AttributionStatistics, AttributionSummary, CapturedAttributionSummary, ExplainedOutput,
    ExplainedRow, output_name,
};
use crate::summary::Summary;

/// Features of these names, so many outputs without headers.
pub fn settings(features: &[&str], n_outputs: usize) -> AttributionSettings {
    AttributionSettings {
        features: features.iter().map(|name| (*name).to_owned()).collect(),
        outputs: (0..n_outputs).map(|place| output_name(&[], place)).collect(),
        expected_values: Vec::new(),
    }
}

/// One row of one output, without errors.
pub fn row(hash: u64, attributions: &[f64]) -> ExplainedRow {
    let output = ExplainedOutput { attributions: attributions.to_vec(), standard_errors: None };
    ExplainedRow { hash, outputs: vec![output] }
}

pub fn explained(settings: &AttributionSettings, rows: &[ExplainedRow]) -> AttributionSummary {
    let mut summary = AttributionSummary::new(Arc::new(settings.clone()));
    rows.iter().for_each(|row| summary.observe(row));
    summary
}

pub fn statistics_of(settings: &AttributionSettings, rows: &[ExplainedRow]) -> AttributionStatistics {
    explained(settings, rows).finish()
}

/// Columns of captured attributions; all rows have ids.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    pub columns: Vec<(usize, String, Vec<Option<String>>)>,
}

impl Captured {
    /// From columns of words between single spaces; `-` is null.
    pub fn of(columns: &[(usize, &str, &str)]) -> Self {
        let cell = |word: &str| (word != "-").then(|| word.to_owned());
        let column = |(output, feature, words): &(usize, &str, &str)| {
            (*output, (*feature).to_owned(), words.split(' ').map(cell).collect())
        };
        Self { columns: columns.iter().map(column).collect() }
    }

    pub fn n(&self) -> usize {
        self.columns.first().map_or(0, |(_, _, cells)| cells.len())
    }

    /// The rows `start..end`.
    pub fn batch(&self, start: usize, end: usize) -> RecordBatch {
        let n = end - start;
        let ids: Vec<String> = (start..end).map(|row| format!("id {row}")).collect();
        let mut fields: Vec<Field> = meta_fields();
        fields.push(cell_field(ID, ID));
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(UInt8Array::new_null(n)),
            Arc::new(UInt64Array::from_iter_values((start..end).map(|row| row as u64 + 1))),
            Arc::new(BooleanArray::from(vec![true; n])),
            Arc::new(Int64Array::new_null(n)),
            Arc::new(StringViewArray::from_iter_values(&ids)),
        ];
        for (output, feature, cells) in &self.columns {
            let name = attribution_column(*output, feature);
            fields.push(cell_field(&name, &name));
            arrays.push(Arc::new(StringViewArray::from_iter(cells[start..end].iter().map(Option::as_deref))));
        }
        let metadata = HashMap::from([(OBJECT.to_owned(), "object".to_owned())]);
        RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).expect("a batch")
    }

    /// What one split sees of the rows `start..end`, in batches of `n_rows`.
    pub fn split(&self, start: usize, end: usize, n_rows: usize) -> CapturedAttributionSummary {
        let mut summary = CapturedAttributionSummary::new(Arc::default());
        for first in (start..end).step_by(n_rows) {
            summary.observe(&self.batch(first, (first + n_rows).min(end)));
        }
        summary
    }

    pub fn statistics(&self) -> AttributionStatistics {
        self.split(0, self.n(), 1_000).finish()
    }
}
