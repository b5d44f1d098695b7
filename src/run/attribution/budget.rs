//! Which rows are explained, so that the model is asked no more often than it may be.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::dependence::grid_of;
use crate::contract::{AttributionJob, PartialDependenceJob};
use crate::error::{self, Error, Result};
use crate::measure::attribution::{Design, DesignFault, varying};
use crate::profile::{FeatureCells, FeatureRow, FeatureRows};

/// Rows of the data that partial dependence is the mean of, at most.
const MAX_DEPENDENCE_ROWS: u64 = 100;
/// Rows that are explained with a second seed, at most.
const MAX_NOISE_ROWS: usize = 50;

/// What the model is to be asked.
pub(super) struct Plan<'a> {
    /// Rows to explain: of equal ones, one.
    pub rows: Vec<PlannedRow<'a>>,
    /// The sample, in the order of the data: every row with its place in `rows`.
    pub sample: Vec<(&'a FeatureRow, usize)>,
    /// Rows at the beginning of `rows` that are explained with a second seed, too.
    pub n_noise_rows: usize,
    /// Rows that partial dependence is the mean of.
    pub dependence_rows: Vec<&'a FeatureCells>,
    /// By number of varying features.
    pub designs: HashMap<usize, Design>,
    /// Predictions that all of this takes, at most.
    pub n_predictions: u64,
}

/// A row, and how it differs from the reference rows.
pub(super) struct PlannedRow<'a> {
    pub cells: &'a FeatureCells,
    /// Places of the features that vary.
    pub varying: Vec<usize>,
}

/// Takes rows in the order of their hashes as long as the budget lasts, which makes them a uniform sample.
pub(super) fn plan<'a>(
    job: &AttributionJob,
    data: &'a FeatureRows,
    references: &[FeatureCells],
    measures_noise: bool,
) -> Result<Plan<'a>> {
    let mut by_hash: Vec<usize> = (0..data.rows.len()).collect();
    by_hash.sort_by_key(|row| (data.rows[*row].hash, *row));
    let n_references = references.len() as u64;
    let budget = job.limits.max_predictions;
    let mut plan = Plan {
        rows: Vec::new(),
        sample: Vec::new(),
        n_noise_rows: 0,
        dependence_rows: Vec::new(),
        designs: HashMap::new(),
        n_predictions: n_references,
    };
    if let Some(dependence) = &job.partial_dependence {
        plan.add_dependence(job, dependence, data, &by_hash, budget);
    }
    let mut known: HashMap<&FeatureCells, usize> = HashMap::new();
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for row in by_hash.iter().copied().filter(|_| job.explains) {
        let cells = &data.rows[row].cells;
        let place = match known.get(cells) {
            Some(place) => *place,
            None => {
                let varying = varying(cells, references);
                let (n_coalitions, is_exact) = plan.coalitions(job, varying.len())?;
                let repeats = measures_noise && !is_exact && plan.rows.len() < MAX_NOISE_ROWS;
                let n_asked = n_coalitions as u64 * n_references;
                let n_more = 1 + if repeats { 2 * n_asked } else { n_asked };
                if plan.n_predictions.saturating_add(n_more) > budget {
                    if plan.rows.is_empty() {
                        return Err(too_many(plan.n_predictions.saturating_add(n_more), budget));
                    }
                    break;
                }
                plan.n_predictions += n_more;
                plan.rows.push(PlannedRow { cells, varying });
                plan.n_noise_rows = plan.rows.len().min(MAX_NOISE_ROWS);
                known.insert(cells, plan.rows.len() - 1);
                plan.rows.len() - 1
            }
        };
        chosen.push((row, place));
    }
    chosen.sort_unstable();
    plan.sample = chosen.into_iter().map(|(row, place)| (&data.rows[row], place)).collect();
    if !measures_noise {
        plan.n_noise_rows = 0;
    }
    Ok(plan)
}

fn too_many(n: u64, budget: u64) -> Error {
    let cause = format!("a single row takes {n} predictions, and {budget} are allowed");
    Error::new(&error::TOO_MANY_PREDICTIONS, "max-predictions", cause)
}

impl<'a> Plan<'a> {
    /// Coalitions of a row of which so many features vary, and whether these are all.
    fn coalitions(&mut self, job: &AttributionJob, n_varying: usize) -> Result<(usize, bool)> {
        let design = match self.designs.entry(n_varying) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(design(n_varying, job, job.shap.seed)?),
        };
        Ok((design.n_coalitions(), design.is_exact()))
    }

    /// Half of the budget is for partial dependence, at most.
    fn add_dependence(
        &mut self,
        job: &AttributionJob,
        dependence: &PartialDependenceJob,
        data: &'a FeatureRows,
        by_hash: &[usize],
        budget: u64,
    ) {
        let n_values = match &dependence.features {
            Some(names) => names.iter().map(|name| n_grid_values(data, name, dependence.grid_resolution)).sum(),
            // Which they will be is not known yet: those of the most values.
            None => {
                let of = |name: &String| n_grid_values(data, name, dependence.grid_resolution);
                let mut all: Vec<u64> = data.names.iter().map(of).collect();
                all.sort_unstable_by(|a, b| b.cmp(a));
                all.iter().take(dependence.top_k_features).sum::<u64>()
            }
        };
        let share = if job.explains { budget / 2 } else { budget.saturating_sub(self.n_predictions) };
        let n_rows = (share / n_values.max(1)).min(MAX_DEPENDENCE_ROWS);
        self.dependence_rows = by_hash.iter().take(n_rows as usize).map(|row| &data.rows[*row].cells).collect();
        self.n_predictions += n_values * self.dependence_rows.len() as u64;
    }

    /// Coalitions of a row, at most, and whether every row's are all there are.
    pub fn looked_at(&self) -> (usize, bool) {
        let used = || self.rows.iter().filter_map(|row| self.designs.get(&row.varying.len()));
        (used().map(Design::n_coalitions).max().unwrap_or(0), used().all(Design::is_exact))
    }
}

/// Values of a feature for which partial dependence is computed.
fn n_grid_values(data: &FeatureRows, name: &str, resolution: usize) -> u64 {
    grid_of(data, name, resolution).and_then(|grid| grid.ok()).map_or(0, |grid| grid.values.len() as u64)
}

/// The coalitions for rows of which so many features vary.
pub(super) fn design(n_varying: usize, job: &AttributionJob, seed: u64) -> Result<Design> {
    Design::new(n_varying, job.shap.n_samples, seed).map_err(|fault| match fault {
        DesignFault::TooManyFeatures => {
            let cause = format!("{n_varying} features of a row differ from the baseline rows");
            Error::new(&error::TOO_MANY_FEATURES, "shap", cause)
        }
        DesignFault::Singular => Error::new(&error::INTERNAL, "shap", "the equations have no single solution"),
    })
}
