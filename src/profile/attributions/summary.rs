//! Attribution summary: the open attributions of rows that were explained here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::row_tally::{RowTally, is_usable};
use super::statistics::{AttributionStatistics, Unusable};
use crate::names::analysis;
use crate::summary::Summary;

/// What is explained.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionSettings {
    /// Names, in the order of the input's columns.
    pub features: Vec<String>,
    /// Names, as [`output_name`] makes them.
    pub outputs: Vec<String>,
    /// By output: mean prediction over the reference rows, on the scale of the attributions. Empty where it is not
    /// known.
    pub expected_values: Vec<f64>,
}

/// The name of the model's output at `place`: its header, where there is one.
pub fn output_name(headers: &[String], place: usize) -> String {
    headers.get(place).cloned().unwrap_or_else(|| format!("{}{place}", analysis::LABEL))
}

/// One row, and how much each feature moved each output.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExplainedRow {
    /// Tells the row from others; from it follows which replicates of the bootstrap draw it.
    pub hash: u64,
    pub outputs: Vec<ExplainedOutput>,
}

/// Attributions of one row to one output.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExplainedOutput {
    /// Signed, by feature.
    pub attributions: Vec<f64>,
    /// By feature: the standard errors that come from drawing coalitions, 0 where all were looked at. `None` where
    /// they are not known.
    pub standard_errors: Option<Vec<f64>>,
}

/// Attributions over rows.
///
/// Medians are exact up to 10,000 rows (fewer where there are more than 419 attributions of a row), then from a
/// sketch, which depends on how rows are split. All else does not, but for the rounding of sums. Merging a default
/// value changes nothing; a summary without settings sees nothing.
#[derive(Clone, Debug, Default)]
pub struct AttributionSummary {
    open: Option<Open>,
}

#[derive(Clone, Debug)]
struct Open {
    settings: Arc<AttributionSettings>,
    rows: RowTally,
    n_unusable: BTreeMap<Unusable, u64>,
}

impl AttributionSummary {
    pub fn new(settings: Arc<AttributionSettings>) -> Self {
        let rows = RowTally::new(settings.outputs.len(), settings.features.len());
        Self { open: Some(Open { settings, rows, n_unusable: BTreeMap::new() }) }
    }
}

impl Open {
    fn observe(&mut self, row: &ExplainedRow) -> Result<(), Unusable> {
        self.check(row)?;
        let numbers = row.outputs.iter().flat_map(|output| {
            let errors = output.standard_errors.as_deref();
            let error = move |feature: usize| errors.map(|errors| &errors[feature]);
            output.attributions.iter().enumerate().map(move |(feature, attribution)| (attribution, error(feature)))
        });
        self.rows.push(row.hash, numbers);
        Ok(())
    }

    /// Whether the row has a number for every feature of every output.
    fn check(&self, row: &ExplainedRow) -> Result<(), Unusable> {
        if row.outputs.is_empty() {
            return Err(Unusable::None);
        }
        let n = self.settings.features.len();
        let is_whole = |output: &ExplainedOutput| {
            output.attributions.len() == n && output.standard_errors.as_ref().is_none_or(|errors| errors.len() == n)
        };
        if row.outputs.len() != self.settings.outputs.len() || !row.outputs.iter().all(is_whole) {
            return Err(Unusable::OtherFeatures);
        }
        let are_numbers = |output: &ExplainedOutput| {
            output.attributions.iter().chain(output.standard_errors.iter().flatten()).all(|x| is_usable(*x))
        };
        if row.outputs.iter().all(are_numbers) { Ok(()) } else { Err(Unusable::NotNumbers) }
    }
}

/// Adds one account to another.
pub(super) fn add_account(mine: &mut BTreeMap<Unusable, u64>, theirs: BTreeMap<Unusable, u64>) {
    for (reason, n) in theirs {
        *mine.entry(reason).or_default() += n;
    }
}

/// An account by the reasons' words.
pub(super) fn named(account: BTreeMap<Unusable, u64>) -> BTreeMap<&'static str, u64> {
    account.into_iter().map(|(reason, n)| (reason.reason(), n)).collect()
}

impl Summary for AttributionSummary {
    type Input = ExplainedRow;
    type Output = AttributionStatistics;

    fn observe(&mut self, row: &ExplainedRow) {
        let Some(open) = &mut self.open else { return };
        if let Err(reason) = open.observe(row) {
            *open.n_unusable.entry(reason).or_default() += 1;
        }
    }

    fn merge(&mut self, other: Self) {
        match (&mut self.open, other.open) {
            (_, None) => {}
            (Some(mine), Some(theirs)) => {
                let places: Vec<usize> = (0..mine.settings.features.len()).collect();
                mine.rows.merge(theirs.rows, &places);
                add_account(&mut mine.n_unusable, theirs.n_unusable);
            }
            (mine, theirs) => *mine = theirs,
        }
    }

    fn finish(self) -> AttributionStatistics {
        let Some(Open { settings, rows, n_unusable }) = self.open else { return AttributionStatistics::default() };
        let expected = |output: usize| settings.expected_values.get(output).copied();
        let outputs = settings.outputs.iter().enumerate().map(|(place, name)| (name.clone(), expected(place)));
        AttributionStatistics {
            features: settings.features.clone(),
            outputs: rows.close(outputs.collect()),
            n_unusable: named(n_unusable),
        }
    }

    fn memory(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.rows.memory())
    }
}
