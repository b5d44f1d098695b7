//! Budget of predictions: which rows are explained, so that the model is asked no more often than it may be.

use std::collections::HashMap;

use super::partial_dependence::grid_of;
use crate::contract::{AttributionJob, PartialDependenceJob};
use crate::error::{self, Error, Result};
use crate::measure::attribution::{Design, DesignFault, DesignSize, varying};
use crate::profile::{FeatureCells, FeatureRow, FeatureRows};

/// Rows of the data that partial dependence is the mean of, at most.
const MAX_DEPENDENCE_ROWS: u64 = 100;
/// Rows that are explained with a second seed, at most.
const MAX_NOISE_ROWS: usize = 50;

/// What the model is to be asked.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// Rows to explain: of equal ones, one.
    pub rows: Vec<PlannedRow<'a>>,
    /// The sample, in the order of the data: every row with its place in `rows`.
    pub sample: Vec<(&'a FeatureRow, usize)>,
    /// Rows at the beginning of `rows` that are explained with a second seed, too, unless that changes nothing.
    pub n_noise_rows: usize,
    /// Rows that partial dependence is the mean of.
    pub dependence_rows: Vec<&'a FeatureCells>,
    /// Predictions that all of this takes, at most.
    pub n_predictions: u64,
}

/// A row, and how it differs from the reference rows.
#[derive(Debug)]
pub(super) struct PlannedRow<'a> {
    pub cells: &'a FeatureCells,
    /// Places of the features that vary.
    pub varying: Vec<usize>,
    /// Whether all its coalitions are looked at, so that no seed changes its attributions.
    pub is_exact: bool,
}

/// Takes rows in the order in which they are drawn as long as the budget lasts, which makes them a uniform sample.
pub(super) fn plan<'a>(
    job: &AttributionJob,
    data: &'a FeatureRows,
    references: &[FeatureCells],
    measures_noise: bool,
) -> Result<Plan<'a>> {
    let drawn = data.drawn();
    let mut plan = Plan {
        rows: Vec::new(),
        sample: Vec::new(),
        n_noise_rows: 0,
        dependence_rows: Vec::new(),
        n_predictions: references.len() as u64,
    };
    if let Some(dependence) = &job.partial_dependence {
        plan.add_dependence(job, dependence, data, &drawn)?;
    }
    if job.explains {
        plan.add_rows(job, data, references, &drawn, measures_noise)?;
    }
    Ok(plan)
}

impl<'a> Plan<'a> {
    fn add_rows(
        &mut self,
        job: &AttributionJob,
        data: &'a FeatureRows,
        references: &[FeatureCells],
        drawn: &[usize],
        measures_noise: bool,
    ) -> Result<()> {
        let budget = job.model.limits.max_predictions;
        let max_noise_rows = if measures_noise { MAX_NOISE_ROWS } else { 0 };
        let mut known: HashMap<&FeatureCells, usize> = HashMap::new();
        let mut chosen: Vec<(usize, usize)> = Vec::new();
        for row in drawn.iter().copied() {
            let cells = &data.rows[row].cells;
            if let Some(place) = known.get(cells) {
                chosen.push((row, *place));
                continue;
            }
            let varying = varying(cells, references);
            let DesignSize { n_coalitions, is_exact } = size(varying.len(), job.shap.n_samples)?;
            let n_once = 1 + n_coalitions as u64 * references.len() as u64;
            let is_repeated = !is_exact && self.rows.len() < max_noise_rows;
            let n_after = self.n_predictions.saturating_add(if is_repeated { 2 * n_once } else { n_once });
            if n_after > budget && self.rows.is_empty() {
                return Err(too_many(n_after, budget));
            }
            if n_after > budget {
                break;
            }
            self.n_predictions = n_after;
            known.insert(cells, self.rows.len());
            chosen.push((row, self.rows.len()));
            self.rows.push(PlannedRow { cells, varying, is_exact });
        }
        self.n_noise_rows = self.rows.len().min(max_noise_rows);
        chosen.sort_unstable();
        self.sample = chosen.into_iter().map(|(row, place)| (&data.rows[row], place)).collect();
        Ok(())
    }

    /// Half of the budget is for partial dependence, at most.
    fn add_dependence(
        &mut self,
        job: &AttributionJob,
        dependence: &PartialDependenceJob,
        data: &'a FeatureRows,
        drawn: &[usize],
    ) -> Result<()> {
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
        let budget = job.model.limits.max_predictions;
        let share = if job.explains { budget / 2 } else { budget.saturating_sub(self.n_predictions) };
        let n_rows = (share / n_values.max(1)).min(MAX_DEPENDENCE_ROWS);
        self.dependence_rows = drawn.iter().take(n_rows as usize).map(|row| &data.rows[*row].cells).collect();
        self.n_predictions += n_values * self.dependence_rows.len() as u64;
        if !job.explains && n_rows == 0 {
            return Err(too_many(self.n_predictions + n_values, budget));
        }
        Ok(())
    }

    /// Whether all coalitions of every row are looked at.
    pub fn is_exact(&self) -> bool {
        self.rows.iter().all(|row| row.is_exact)
    }
}

fn too_many(n: u64, budget: u64) -> Error {
    let cause = format!("a single row takes {n} predictions, and {budget} are allowed");
    Error::new(&error::TOO_MANY_PREDICTIONS, "max-predictions", cause)
}

/// Values of a feature for which partial dependence is computed.
fn n_grid_values(data: &FeatureRows, name: &str, resolution: usize) -> u64 {
    grid_of(data, name, resolution).and_then(|grid| grid.ok()).map_or(0, |grid| grid.values.len() as u64)
}

/// What the design for rows of which so many features vary will look at.
fn size(n_varying: usize, n_samples: Option<usize>) -> Result<DesignSize> {
    Design::size(n_varying, n_samples).map_err(|fault| unusable(n_varying, fault))
}

/// The coalitions for rows of which so many features vary.
pub(super) fn design(n_varying: usize, n_samples: Option<usize>, seed: u64) -> Result<Design> {
    Design::new(n_varying, n_samples, seed).map_err(|fault| unusable(n_varying, fault))
}

fn unusable(n_varying: usize, fault: DesignFault) -> Error {
    match fault {
        DesignFault::TooManyFeatures => {
            let cause = format!("{n_varying} features of a row differ from the baseline rows");
            Error::new(&error::TOO_MANY_FEATURES, "shap", cause)
        }
        DesignFault::Singular => Error::new(&error::INTERNAL, "shap", "the equations have no single solution"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contract::{ModelJob, Reference, RequestSettings, Shap};
    use crate::decode::Instances;
    use crate::predict::{AnswerFormat, ContentType, Limits};
    use crate::profile::Aggregation;

    fn job(max_predictions: u64) -> AttributionJob {
        AttributionJob {
            instances: Instances::default(),
            explains: true,
            shap: Shap {
                reference: Reference::Clusters(None),
                n_samples: None,
                seed: 1,
                use_logit: false,
                aggregation: Aggregation::MeanAbs,
                saves_local_values: false,
                features_to_explain: None,
            },
            partial_dependence: None,
            model: ModelJob {
                target: None,
                request: RequestSettings::default(),
                answer: AnswerFormat {
                    accept: ContentType::Csv,
                    label: None,
                    probability: None,
                    label_headers: Vec::new(),
                },
                limits: Limits { max_predictions, ..Limits::default() },
            },
        }
    }

    fn cells(texts: &[String]) -> FeatureCells {
        texts.iter().map(|text| Some(Arc::from(text.as_str()))).collect()
    }

    /// Rows of so many features, all different from those of a reference row of zeros; hashes are spread evenly.
    fn data(n_rows: u64, n_features: usize, text: impl Fn(u64, usize) -> String) -> FeatureRows {
        let row = |i: u64| FeatureRow {
            hash: i.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            cells: cells(&(0..n_features).map(|feature| text(i, feature)).collect::<Vec<_>>()),
        };
        let names = (0..n_features).map(|feature| format!("f{feature}")).collect();
        FeatureRows { names, rows: (0..n_rows).map(row).collect(), n_seen: n_rows }
    }

    fn different(n_rows: u64, n_features: usize) -> FeatureRows {
        data(n_rows, n_features, |i, _| (i + 1).to_string())
    }

    fn zeros(n_rows: usize, n_features: usize) -> Vec<FeatureCells> {
        vec![cells(&vec!["0".to_owned(); n_features]); n_rows]
    }

    #[test]
    fn the_sample_is_of_the_smallest_hashes_in_the_order_of_the_data() {
        let data = different(1_000, 3);
        // The reference row; then a row takes itself and 6 coalitions.
        let plan = plan(&job(1 + 100 * 7 + 6), &data, &zeros(1, 3), true).expect("a plan");
        assert_eq!((plan.rows.len(), plan.sample.len(), plan.n_predictions), (100, 100, 701));
        let largest = plan.sample.iter().map(|(row, _)| row.hash).max().expect("rows");
        assert_eq!(data.rows.iter().filter(|row| row.hash <= largest).count(), 100);
        let places = |row: &FeatureRow| data.rows.iter().position(|other| other.hash == row.hash);
        assert!(plan.sample.windows(2).all(|pair| places(pair[0].0) < places(pair[1].0)));
        for (row, place) in &plan.sample {
            assert_eq!(&row.cells, plan.rows[*place].cells);
        }
    }

    #[test]
    fn equal_rows_cost_once() {
        let data = data(1_000, 3, |i, _| (i % 10 + 1).to_string());
        let plan = plan(&job(1 + 10 * 7), &data, &zeros(1, 3), true).expect("a plan");
        assert_eq!((plan.rows.len(), plan.sample.len(), plan.n_predictions), (10, 1_000, 71));
    }

    #[test]
    fn rows_whose_coalitions_are_drawn_count_twice_for_the_noise_and_all_others_once() {
        let n_once = 1 + 2 * (2 * 20 + 2_048);
        let found = |n_rows, measures_noise, n_features| {
            let data = different(n_rows, n_features);
            let plan = plan(&job(u64::MAX), &data, &zeros(2, n_features), measures_noise).expect("a plan");
            (plan.n_predictions, plan.n_noise_rows, plan.is_exact())
        };
        assert_eq!(found(60, true, 20), (2 + (60 + 50) * n_once, 50, false));
        assert_eq!(found(60, false, 20), (2 + 60 * n_once, 0, false));
        assert_eq!(found(60, true, 2), (2 + 60 * 5, 50, true));
    }

    #[test]
    fn a_budget_for_no_row_is_an_error_and_a_reference_row_itself_costs_itself() {
        let error = plan(&job(7), &different(9, 3), &zeros(1, 3), true).expect_err("an error");
        assert_eq!(error.code().code, error::TOO_MANY_PREDICTIONS.code);
        let same = data(9, 3, |_, _| "0".to_owned());
        assert_eq!(plan(&job(2), &same, &zeros(1, 3), true).expect("a plan").n_predictions, 2);
    }

    #[test]
    fn partial_dependence_takes_half_of_the_budget_at_most() {
        let dependence = PartialDependenceJob { grid_resolution: 10, features: None, top_k_features: 2 };
        let with = |explains, max_predictions| {
            let job = AttributionJob { explains, partial_dependence: Some(dependence.clone()), ..job(max_predictions) };
            let data = different(1_000, 3);
            plan(&job, &data, &zeros(1, 3), true).map(|plan| (plan.dependence_rows.len(), plan.rows.len()))
        };
        // 20 values for every row; the rest is for 7 predictions a row.
        assert_eq!(with(true, 1_000).expect("a plan"), (25, (1_000 - 1 - 500) / 7));
        assert_eq!(with(true, 1_000_000).expect("a plan"), (100, 1_000));
        assert_eq!(with(false, 1_001).expect("a plan"), (50, 0));
        assert!(with(false, 20).is_err());
    }
}
