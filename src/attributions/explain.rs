//! From rows to attributions: taken from the captured answers, or computed by asking the model (KernelSHAP).

use super::kernel_shap::{Answered, Questions, RowAttributions};
use super::partial_dependence::{Dependence, OF_DEPENDENCE, absent, partial_dependence, wanted};
use super::prediction_budget::{Plan, PlannedRow, plan};
use super::reference_rows::{References, references};
use super::sample_attributions::{SampleAttributions, noise_floors, of_sample, only};
use crate::contract::{AttributionJob, Contract};
use crate::engine::Session;
use crate::error::{self, Error, Result};
use crate::measure::attribution::{Coverage, Explanations, Link, MeanPredictions, Method};
use crate::predict::{Model, ShadowEndpoints};
use crate::profile::{AttributionSettings, AttributionStatistics, FeatureCells, FeatureRows, output_name};
use crate::report::{AttributionResults, ModelCalls};
use crate::wire::clarify::explanations::ReferenceRows;

/// Key of the configuration that names what is explained.
const TO_EXPLAIN: &str = "methods.shap.features_to_explain";

/// What there is to work with.
pub enum Observations {
    Attributions(AttributionStatistics),
    Rows(FeatureRows),
}

/// What was learned, and what was not.
pub struct Explained {
    /// Not yet held against a baseline.
    pub results: AttributionResults,
    /// Why rows were not explained.
    pub refused: Vec<String>,
    /// Features that partial dependence was asked for and is not known of, each with the reason.
    pub without_dependence: Vec<String>,
}

/// What a job that computes attributions works with.
pub struct Work<'a> {
    pub contract: &'a Contract,
    pub job: &'a AttributionJob,
    pub session: &'a Session,
    pub shadows: &'a ShadowEndpoints,
    /// The reference rows of the baseline that the data is held against.
    pub of_baseline: Option<&'a ReferenceRows>,
    /// Why attributions in captured answers are not used, where there are some.
    pub unused: Option<&'a str>,
    /// Where one of the captured answers without attributions stands, and what it holds.
    pub sample: Option<&'a str>,
}

/// Explains what was read; `None` where there is nothing to explain.
pub async fn explain(work: &Work<'_>, observations: Observations) -> Result<Option<Explained>> {
    match observations {
        Observations::Attributions(statistics) => captured(work.job, statistics).map(Some),
        Observations::Rows(data) if data.rows.is_empty() => Ok(None),
        Observations::Rows(data) => computed(work, &data).await.map(Some),
    }
}

fn captured(job: &AttributionJob, mut statistics: AttributionStatistics) -> Result<Explained> {
    let n = statistics.outputs.iter().map(|output| output.n).max().unwrap_or(0);
    let n_unusable = statistics.n_unusable.values().sum::<u64>();
    let features = statistics.features.clone();
    keep_wanted(job, &mut statistics)?;
    let coverage = Coverage { n_rows: n + n_unusable, n_explained: n, n_refused: n_unusable, method: Method::Captured };
    let without_dependence = "all: captured answers hold the attributions, so that no model was asked".to_owned();
    let refused = statistics.n_unusable.iter().map(|(reason, n)| format!("{reason} ({n} rows)")).collect();
    let explanations = Explanations {
        noise_floors: vec![None; statistics.outputs.len()],
        statistics,
        aggregation: job.shap.aggregation,
        ..Explanations::default()
    };
    Ok(Explained {
        results: AttributionResults {
            explanations: Some(explanations),
            coverage: Some(coverage),
            reference_features: features,
            ..AttributionResults::default()
        },
        refused,
        without_dependence: job.partial_dependence.iter().map(|_| without_dependence.clone()).collect(),
    })
}

/// Keeps the features that are asked for; their places.
fn keep_wanted(job: &AttributionJob, statistics: &mut AttributionStatistics) -> Result<Option<Vec<usize>>> {
    let Some(wanted) = &job.shap.features_to_explain else { return Ok(None) };
    match wanted.iter().find(|name| !statistics.features.contains(name)) {
        Some(name) => Err(absent(TO_EXPLAIN, name)),
        None => Ok(Some(only(statistics, wanted))),
    }
}

/// Refuses names of no feature, before the model is asked for anything.
fn check_names(job: &AttributionJob, features: &[String]) -> Result<()> {
    if features.is_empty() {
        let cause = "no column of the data is a feature: headers, label and excluded_columns leave none";
        return Err(Error::new(&error::FEATURE_ABSENT, "headers", cause));
    }
    let of_dependence = job.partial_dependence.as_ref().and_then(|asked| asked.features.as_ref());
    let asked = [(TO_EXPLAIN, job.shap.features_to_explain.as_ref()), (OF_DEPENDENCE, of_dependence)];
    for (place, names) in asked {
        if let Some(name) = names.into_iter().flatten().find(|name| !features.contains(name)) {
            return Err(absent(place, name));
        }
    }
    Ok(())
}

async fn computed(work: &Work<'_>, data: &FeatureRows) -> Result<Explained> {
    let Work { contract, job, .. } = work;
    check_names(job, &data.names)?;
    let of_baseline = work.of_baseline;
    let References { rows: references, are_made } = references(contract, job, work.session, data, of_baseline).await?;
    // A monitored run is compared with what the baseline measured.
    let plan = plan(job, data, &references, !contract.monitors())?;
    tracing::info!(
        rows = plan.sample.len(),
        of = data.n_seen,
        baseline_rows = references.len(),
        predictions_at_most = plan.n_predictions,
        allowed = job.model.limits.max_predictions,
        "the model will be asked"
    );
    let model = open(work, data, &references).await?;
    let link = if job.shap.use_logit { Link::Logit } else { Link::Identity };
    let expected = expected_values(&model, &references, link).await?;
    let settings = AttributionSettings {
        features: data.names.clone(),
        outputs: (0..expected.len()).map(|place| output_name(&job.model.answer.label_headers, place)).collect(),
        expected_values: expected,
    };
    let asking = Asking { job, model: &model, plan: &plan, references: &references, link, settings: &settings };
    let Found { mut sample, noise_floors, n_coalitions } = asking.attributions().await?;
    let places = keep_wanted(job, &mut sample.statistics)?;
    let dependence = asking.dependence(data, &sample.statistics).await?;
    let coverage = Coverage {
        n_rows: data.n_seen,
        n_explained: sample.n_explained,
        n_refused: sample.refused.n_rows(),
        method: Method::KernelShap {
            n_reference_rows: references.len(),
            n_coalitions,
            is_exact: plan.is_exact(),
            seed: job.shap.seed,
            is_logit: job.shap.use_logit,
        },
    };
    let explanations = Explanations {
        statistics: sample.statistics,
        aggregation: job.shap.aggregation,
        // Partial dependence holds rows against none.
        reference_rows: references.iter().filter(|_| job.explains).map(texts).collect(),
        noise_floors,
        partial_dependence: dependence.found,
    };
    Ok(Explained {
        results: AttributionResults {
            explanations: Some(explanations),
            coverage: job.explains.then_some(coverage),
            calls: Some(calls_of(&model)),
            reference_features: data.names.clone(),
            made_reference_rows: are_made,
            local: job.shap.saves_local_values.then(|| local_of(sample.local, places.as_deref())),
            ..AttributionResults::default()
        },
        refused: sample.refused.lines(),
        without_dependence: dependence.lacking,
    })
}

async fn open(work: &Work<'_>, data: &FeatureRows, references: &[FeatureCells]) -> Result<Model> {
    let job = work.job;
    let Some(target) = job.model.target.clone() else {
        let captured = match work.unused {
            Some(_) => "attributions in captured answers cannot be used",
            None => "no answers with attributions were captured",
        };
        let told: Vec<&str> = [work.unused, work.sample].into_iter().flatten().collect();
        let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join("; ")) };
        let cause = format!("{captured}{told}, and nothing says where the model is");
        return Err(Error::new(&error::NO_MODEL, "predictor", cause));
    };
    let rows: Vec<FeatureCells> = data.rows.iter().map(|row| row.cells.clone()).chain(references.to_vec()).collect();
    Model::open(job.model.opened_with(target, &data.names, &rows), work.shadows).await
}

/// The mean prediction over the reference rows, by output.
async fn expected_values(model: &Model, references: &[FeatureCells], link: Link) -> Result<Vec<f64>> {
    let unfit = |cause: String| Error::new(&error::REFERENCE_ROWS, "shap.baseline", cause);
    let mut means = MeanPredictions::default();
    for prediction in model.predict(references).await? {
        let scores = prediction.map_err(|refusal| unfit(format!("the model refuses one of them: {refusal}")))?;
        means.observe(&scores);
    }
    let means = means.finish().map_err(|lack| unfit(format!("they have no mean prediction ({})", lack.reason())))?;
    let linked = means.into_iter().map(|mean| link.apply(mean)).collect::<std::result::Result<_, _>>();
    linked.map_err(|_| unfit("use_logit needs probabilities, and a mean score lies outside 0…1".to_owned()))
}

/// Everything that rows are explained with.
struct Asking<'a> {
    job: &'a AttributionJob,
    model: &'a Model,
    plan: &'a Plan<'a>,
    references: &'a [FeatureCells],
    link: Link,
    settings: &'a AttributionSettings,
}

/// The attributions of the sample.
struct Found {
    sample: SampleAttributions,
    /// How far two seeds agree on them, by output.
    noise_floors: Vec<Option<(f64, u64)>>,
    /// Coalitions of a row, at most.
    n_coalitions: usize,
}

impl Asking<'_> {
    async fn attributions(&self) -> Result<Found> {
        let Self { job, plan, settings, .. } = self;
        let rows: Vec<&PlannedRow<'_>> = plan.rows.iter().collect();
        let Answered { rows: explained, n_coalitions } = self.questions(job.shap.seed).explain(&rows).await?;
        let settings = AttributionSettings::clone(settings);
        let sample = of_sample(plan, &explained, settings, job.shap.saves_local_values);
        if sample.n_explained == 0 && job.explains {
            return Err(Error::new(&error::NO_ROW_EXPLAINED, self.model.place(), sample.refused.first()));
        }
        let noise_floors = self.noise_floors(&explained[..plan.n_noise_rows]).await?;
        Ok(Found { sample, noise_floors, n_coalitions })
    }

    fn questions(&self, seed: u64) -> Questions<'_> {
        Questions {
            model: self.model,
            limits: &self.job.model.limits,
            references: self.references,
            expected: &self.settings.expected_values,
            link: self.link,
            n_samples: self.job.shap.n_samples,
            seed,
        }
    }

    /// Explains the first rows with a second seed, as far as that may change them.
    async fn noise_floors(&self, first: &[RowAttributions]) -> Result<Vec<Option<(f64, u64)>>> {
        if first.is_empty() {
            return Ok(vec![None; self.settings.outputs.len()]);
        }
        let drawn: Vec<usize> = (0..first.len()).filter(|place| !self.plan.rows[*place].is_exact).collect();
        let rows: Vec<&PlannedRow<'_>> = drawn.iter().map(|place| &self.plan.rows[*place]).collect();
        let again = self.questions(self.job.shap.seed.wrapping_add(1)).explain(&rows).await?;
        let mut second = first.to_vec();
        for (place, row) in drawn.into_iter().zip(again.rows) {
            second[place] = row;
        }
        Ok(noise_floors((first, &second), self.settings, self.job.shap.aggregation))
    }

    async fn dependence(&self, data: &FeatureRows, statistics: &AttributionStatistics) -> Result<Dependence> {
        let Some(asked) = &self.job.partial_dependence else { return Ok(Dependence::default()) };
        let names = wanted(asked, statistics, self.job.shap.aggregation);
        let rows = &self.plan.dependence_rows;
        partial_dependence(asked, data, rows, self.model, &self.settings.outputs, &names).await
    }
}

/// What the model was asked so far, as reports tell it.
pub fn calls_of(model: &Model) -> ModelCalls {
    let calls = model.calls();
    ModelCalls {
        n_wanted: calls.n_wanted,
        n_predictions: calls.n_predictions,
        n_requests: calls.n_requests,
        n_retries: calls.n_retries,
        n_fallbacks: calls.n_fallbacks,
    }
}

fn local_of(rows: Vec<Vec<Vec<f64>>>, places: Option<&[usize]>) -> Vec<Vec<Vec<f64>>> {
    let Some(places) = places else { return rows };
    let of_output = |values: Vec<f64>| places.iter().map(|place| values[*place]).collect();
    rows.into_iter().map(|outputs| outputs.into_iter().map(of_output).collect()).collect()
}

fn texts(row: &FeatureCells) -> Vec<Option<String>> {
    row.iter().map(|cell| cell.as_deref().map(str::to_owned)).collect()
}
