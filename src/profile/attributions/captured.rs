//! Captured attributions: the open summary of those that stood in the captured answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::attribution_columns::AttributionColumns;
use super::layouts::{Layouts, Placement};
use super::statistics::{AttributionStatistics, Unusable};
use super::summary::{add_account, named, output_name};
use crate::profile::row_identity::Place;
use crate::summary::Summary;

/// Placements of rows that are remembered while a batch is read: more than there are where all is well.
const MAX_REMEMBERED: usize = 64;

/// Attributions over rows, in batches of the columns of [`crate::decode::outcome`].
///
/// Cells are texts. A row is used when every cell that it has is a number, and when it has the features and outputs
/// that most rows have; each output has the same features. Up to eight sets of features and outputs are told apart:
/// rows of a ninth are left out, and only then it matters how rows are split. Of medians the same holds as in
/// [`super::AttributionSummary`]. Merging a default value changes nothing; a summary without settings sees nothing.
#[derive(Clone, Debug, Default)]
pub struct CapturedAttributionSummary {
    /// Names of the outputs, as far as they have one.
    headers: Option<Arc<Vec<String>>>,
    layouts: Layouts,
    n_unusable: BTreeMap<Unusable, u64>,
    /// The place of the row seen last.
    last: Place,
}

impl CapturedAttributionSummary {
    /// Outputs are called by these headers, or by their places.
    pub fn new(label_headers: Arc<Vec<String>>) -> Self {
        Self { headers: Some(label_headers), ..Self::default() }
    }

    fn observe_row(
        &mut self,
        columns: &AttributionColumns<'_>,
        row: usize,
        place: Place,
        placements: &mut HashMap<Vec<bool>, Result<Placement, Unusable>>,
    ) -> Result<(), Unusable> {
        if placements.len() == MAX_REMEMBERED {
            placements.clear();
        }
        let layouts = &mut self.layouts;
        let placement =
            placements.entry(columns.present(row)).or_insert_with_key(|present| layouts.placement(columns, present));
        let placement = placement.as_ref().map_err(|reason| *reason)?;
        let numbers = columns.numbers(row, &placement.columns)?;
        self.layouts.push(placement, columns.identities.hash(row, place), &numbers);
        Ok(())
    }
}

impl Summary for CapturedAttributionSummary {
    type Input = RecordBatch;
    type Output = AttributionStatistics;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(columns) = AttributionColumns::of(batch).filter(|_| self.headers.is_some()) else { return };
        let mut placements = HashMap::new();
        let mut last = self.last;
        for (row, place) in columns.identities.placed(&mut last) {
            if let Err(reason) = self.observe_row(&columns, row, place, &mut placements) {
                *self.n_unusable.entry(reason).or_default() += 1;
            }
        }
        self.last = last;
    }

    fn merge(&mut self, other: Self) {
        if other.headers.is_none() {
            return;
        }
        if self.headers.is_none() {
            *self = other;
            return;
        }
        add_account(&mut self.n_unusable, other.n_unusable);
        let n_too_many = self.layouts.merge(other.layouts);
        if n_too_many > 0 {
            *self.n_unusable.entry(Unusable::TooMany).or_default() += n_too_many;
        }
        self.last = other.last;
    }

    fn finish(mut self) -> AttributionStatistics {
        let (layout, n_others) = self.layouts.close();
        if n_others > 0 {
            *self.n_unusable.entry(Unusable::OtherFeatures).or_default() += n_others;
        }
        let n_unusable = named(self.n_unusable);
        let Some(layout) = layout else { return AttributionStatistics { n_unusable, ..Default::default() } };
        let headers = self.headers.unwrap_or_default();
        let outputs = layout.outputs.iter().map(|place| (output_name(&headers, *place), None));
        AttributionStatistics { outputs: layout.rows.close(outputs.collect()), features: layout.features, n_unusable }
    }

    fn memory(&self) -> usize {
        self.layouts.memory()
    }
}
