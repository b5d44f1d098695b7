//! From what was read to attributions: taken from the captured answers, or computed by asking the model.

use std::collections::HashMap;

use super::asked::Questions;
use super::budget::{Plan, design, plan};
use super::dependence::{absent, partial_dependence, wanted};
use super::known::{SampleAttributions, noise_floors, of_sample, only};
use super::reference::{References, references};
use super::seen::Found;
use crate::contract::{AttributionJob, Contract};
use crate::engine::Session;
use crate::error::{self, Error, Result};
use crate::measure::attribution::{Coverage, Explanations, Link, Method};
use crate::predict::{Model, ModelSettings, RequestFormat, Shadows, cell_kinds};
use crate::profile::{AttributionSettings, AttributionStatistics, FeatureCells, FeatureRows, output_name};
use crate::report::ModelCalls;
use crate::wire::clarify::explanations::ReferenceRows;

/// What was learned, and how.
pub(super) struct Explained {
    pub explanations: Explanations,
    pub coverage: Coverage,
    /// `None` where no model was asked.
    pub calls: Option<ModelCalls>,
    /// Names of all features, in the order of the reference rows' cells.
    pub features: Vec<String>,
    /// Whether the reference rows were made here.
    pub made_references: bool,
    /// By row, by output, by feature, where the configuration asks for it.
    pub local: Option<Vec<Vec<Vec<f64>>>>,
    /// Why rows were not explained.
    pub refused: Vec<String>,
}

/// What a job that computes attributions works with.
pub(super) struct Work<'a> {
    pub contract: &'a Contract,
    pub job: &'a AttributionJob,
    pub session: &'a Session,
    pub shadows: &'a Shadows,
    /// The reference rows of the baseline that the data is held against.
    pub of_baseline: Option<&'a ReferenceRows>,
}

/// Explains what was read; `None` where there is nothing to explain.
pub(super) async fn explain(work: &Work<'_>, found: Found) -> Result<Option<Explained>> {
    match found {
        Found::Attributions(statistics) => captured(work.job, statistics).map(Some),
        Found::Rows(data) if data.rows.is_empty() => Ok(None),
        Found::Rows(data) => computed(work, &data).await.map(Some),
    }
}

fn captured(job: &AttributionJob, mut statistics: AttributionStatistics) -> Result<Explained> {
    let n = statistics.outputs.iter().map(|output| output.n).max().unwrap_or(0);
    let n_unusable = statistics.n_unusable.values().sum::<u64>();
    let features = statistics.features.clone();
    keep_wanted(job, &mut statistics)?;
    if job.partial_dependence.is_some() {
        tracing::warn!("no partial dependence: captured answers hold the attributions, so that no model is asked");
    }
    Ok(Explained {
        coverage: Coverage { n_rows: n + n_unusable, n_explained: n, n_refused: n_unusable, method: Method::Captured },
        refused: statistics.n_unusable.iter().map(|(reason, n)| format!("{reason} ({n} rows)")).collect(),
        explanations: Explanations {
            noise_floors: vec![None; statistics.outputs.len()],
            statistics,
            aggregation: job.shap.aggregation,
            ..Explanations::default()
        },
        calls: None,
        features,
        made_references: false,
        local: None,
    })
}

/// Keeps the features that are asked for; their places.
fn keep_wanted(job: &AttributionJob, statistics: &mut AttributionStatistics) -> Result<Option<Vec<usize>>> {
    let Some(wanted) = &job.shap.features_to_explain else { return Ok(None) };
    match wanted.iter().find(|name| !statistics.features.contains(name)) {
        Some(name) => Err(absent("methods.shap.features_to_explain", name)),
        None => Ok(Some(only(statistics, wanted))),
    }
}

async fn computed(work: &Work<'_>, data: &FeatureRows) -> Result<Explained> {
    let Work { contract, job, .. } = work;
    let References { rows: references, are_made } =
        references(contract, job, work.session, data, work.of_baseline).await?;
    // A monitored run is compared with what the baseline measured.
    let plan = plan(job, data, &references, !contract.monitors())?;
    tracing::info!(
        rows = plan.sample.len(),
        of = data.n_seen,
        baseline_rows = references.len(),
        predictions_at_most = plan.n_predictions,
        allowed = job.limits.max_predictions,
        "the model will be asked"
    );
    let model = open(work, data, &references).await?;
    let link = if job.shap.use_logit { Link::Logit } else { Link::Identity };
    let expected = expected_values(&model, &references, link).await?;
    let settings = AttributionSettings {
        features: data.names.clone(),
        outputs: (0..expected.len()).map(|place| output_name(&job.answer.label_headers, place)).collect(),
        expected_values: expected.clone(),
    };
    let asking = Asking { work, model: &model, plan: &plan, references: &references, link, settings: &settings };
    let (mut found, noise_floors) = asking.attributions().await?;
    let places = keep_wanted(job, &mut found.statistics)?;
    let names = job.partial_dependence.as_ref().map(|asked| wanted(asked, &found.statistics, job.shap.aggregation));
    let partial_dependence = match (&job.partial_dependence, names) {
        (Some(asked), Some(names)) => {
            let rows = &plan.dependence_rows;
            partial_dependence(asked, data, rows, &model, &settings.outputs, &names).await?
        }
        _ => Vec::new(),
    };
    let n_explained = found.local.len() as u64;
    let (n_coalitions, is_exact) = plan.looked_at();
    let local = job.shap.saves_local_values.then(|| local_of(found.local, places.as_deref()));
    Ok(Explained {
        coverage: Coverage {
            n_rows: data.n_seen,
            n_explained,
            n_refused: found.refused.values().sum(),
            method: Method::KernelShap {
                n_reference_rows: references.len(),
                n_coalitions,
                is_exact,
                seed: job.shap.seed,
                is_logit: job.shap.use_logit,
            },
        },
        explanations: Explanations {
            statistics: found.statistics,
            aggregation: job.shap.aggregation,
            reference_rows: references.iter().map(texts).collect(),
            noise_floors,
            partial_dependence,
        },
        calls: Some(calls_of(&model)),
        features: data.names.clone(),
        made_references: are_made,
        local,
        refused: found.refused.into_iter().map(|(reason, n)| format!("{reason} ({n} rows)")).collect(),
    })
}

async fn open(work: &Work<'_>, data: &FeatureRows, references: &[FeatureCells]) -> Result<Model> {
    let job = work.job;
    let Some(target) = job.target.clone() else {
        let cause = "captured answers hold no attributions, and nothing says where the model is";
        return Err(Error::new(&error::NO_MODEL, "predictor", cause));
    };
    let rows: Vec<FeatureCells> = data.rows.iter().map(|row| row.cells.clone()).chain(references.to_vec()).collect();
    let settings = ModelSettings {
        target,
        request: RequestFormat {
            content_type: job.request.content_type,
            content_template: job.request.content_template.clone(),
            record_template: job.request.record_template.clone(),
            custom_attributes: job.request.custom_attributes.clone(),
            feature_names: data.names.clone(),
            kinds: cell_kinds(&rows, data.names.len()),
        },
        answer: job.answer.clone(),
        limits: job.limits.clone(),
    };
    Model::open(settings, work.shadows).await
}

/// The mean prediction over the reference rows, by output.
async fn expected_values(model: &Model, references: &[FeatureCells], link: Link) -> Result<Vec<f64>> {
    let unfit = |cause: String| Error::new(&error::REFERENCE_ROWS, "shap.baseline", cause);
    let mut means = crate::measure::attribution::MeanPredictions::default();
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
    work: &'a Work<'a>,
    model: &'a Model,
    plan: &'a Plan<'a>,
    references: &'a [FeatureCells],
    link: Link,
    settings: &'a AttributionSettings,
}

impl Asking<'_> {
    /// The attributions of the sample, and how far two seeds agree on them.
    async fn attributions(&self) -> Result<(SampleAttributions, Vec<Option<(f64, u64)>>)> {
        let Self { work, model, plan, references, link, settings } = self;
        let job = work.job;
        let questions = Questions {
            model,
            limits: &job.limits,
            references,
            expected: &settings.expected_values,
            link: *link,
            designs: &plan.designs,
        };
        let explained = questions.explain(&plan.rows).await?;
        let found = of_sample(plan, &explained, AttributionSettings::clone(settings));
        if found.local.is_empty() && job.explains {
            let reason = found.refused.keys().next().cloned().unwrap_or_default();
            return Err(Error::new(&error::NO_ROW_EXPLAINED, model.place(), reason));
        }
        let n = plan.n_noise_rows;
        if n == 0 {
            return Ok((found, vec![None; settings.outputs.len()]));
        }
        let (_, is_exact) = plan.looked_at();
        let again = if is_exact {
            explained[..n].to_vec()
        } else {
            let again = |n_varying: &usize| Ok((*n_varying, design(*n_varying, job, job.shap.seed.wrapping_add(1))?));
            let designs: HashMap<_, _> = plan.designs.keys().map(again).collect::<Result<_>>()?;
            Questions { designs: &designs, ..questions }.explain(&plan.rows[..n]).await?
        };
        Ok((found, noise_floors((&explained[..n], &again), settings, job.shap.aggregation)))
    }
}

fn calls_of(model: &Model) -> ModelCalls {
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
