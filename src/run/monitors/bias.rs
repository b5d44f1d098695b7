//! The bias monitor: how differently labels and predictions treat groups.

mod model_predictions;
mod seen;
mod warnings;

use self::seen::{Seen, see};
use crate::contract::{BiasJob, OnEmpty};
use crate::decode::{Attribute, Attributes};
use crate::error::{self, Code, Error, Result};
use crate::measure::bias::{self, BaselineGroup, BiasFault};
use crate::predict::ShadowEndpoints;
use crate::profile::FacetStatistics;
use crate::report::{Account, BiasResults, SideTableAccount};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::{account, baseline, carry_out};
use crate::wire::clarify::analysis;

pub(super) struct Bias<'a> {
    pub settings: &'a BiasJob,
    /// Endpoints that are made for this job.
    pub shadows: &'a ShadowEndpoints,
}

impl Monitor for Bias<'_> {
    type Baseline = Vec<BaselineGroup>;
    type Rows = Seen;
    type Results = BiasResults;

    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<Vec<BaselineGroup>>> {
        baseline::read(job.contract.baseline_constraints.as_ref(), analysis::read).await
    }

    async fn see(&self, job: &Job<'_>, baseline: Option<&Vec<BaselineGroup>>) -> Result<(Account, Seen)> {
        see(job, self.settings, self.shadows, baseline.map(Vec::as_slice)).await
    }

    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<Vec<BaselineGroup>>,
        account: &Account,
        seen: Seen,
    ) -> Result<Measured<BiasResults>> {
        if let Some(error) = seen.failed {
            carry_out::log_warnings(&warnings::left(&seen.asked).collect::<Vec<_>>());
            return Err(error);
        }
        if let Some(error) = account::no_label_matches(job.contract, account) {
            return Err(error);
        }
        let place = account.dataset.place.clone();
        let side_tables = &account.side_tables;
        if seen.n_rows == 0 && !side_tables.is_empty() && job.contract.settings.on_empty == OnEmpty::Fail {
            let cause = side_tables.iter().map(SideTableAccount::line).collect::<Vec<_>>().join("; ");
            return Err(Error::new(&error::NO_DATA, place, cause));
        }
        let intersections = seen.statistics.as_ref().map(bias::intersections).unwrap_or_default();
        if seen.n_rows == 0 {
            let results = BiasResults { intersections, baseline, ..BiasResults::default() };
            return Ok(Measured { results, warnings: warnings::left(&seen.asked).collect() });
        }
        if let Some(lack) = seen.lack.as_ref().filter(|_| self.settings.pre_training.is_none()) {
            return Err(Error::new(&error::NOT_MEASURABLE, place, lack));
        }
        let error = |fault: BiasFault| Error::new(code_of(&fault), place.clone(), &fault);
        let statistics = seen.statistics.map_err(error)?;
        let measured = match baseline {
            None => bias::measure(&statistics),
            Some(_) => bias::measure_window(&statistics),
        };
        let measured =
            measured.map_err(|fault| missing(error(fault), &statistics, &self.settings.instances.attributes));
        let measured = asked_for(measured?, self.settings);
        let of_all = measured.post_training.first().and_then(|group| bias::performance(&group.counts));
        let lacking = (seen.lack.as_deref(), statistics.prediction_fault.as_ref(), &seen.asked);
        let warnings = warnings::of(&measured, baseline.as_deref(), self.settings, lacking);
        let performance = of_all.map(|(rates, _)| rates).unwrap_or_default();
        let calls = seen.asked.calls;
        let results = BiasResults { bias: Some(measured), intersections, performance, calls, baseline };
        Ok(Measured { results, warnings })
    }
}

/// Of what was measured, the metrics that the configuration asks for.
fn asked_for(mut bias: bias::Bias, job: &BiasJob) -> bias::Bias {
    for (groups, metrics) in
        [(&mut bias.pre_training, &job.pre_training), (&mut bias.post_training, &job.post_training)]
    {
        if metrics.is_none() {
            groups.clear();
        }
        groups.iter_mut().for_each(|group| group.metrics.retain(|metric| metrics.contains(metric.name)));
    }
    bias
}

/// An error about labels and predictions, with what is missing of them and where they are looked for.
fn missing(error: Error, statistics: &FacetStatistics, attributes: &Attributes) -> Error {
    let predictions = attributes.prediction.iter().chain(&attributes.scores).collect();
    let looked_for = [("label", attributes.label.iter().collect()), ("prediction", predictions)];
    looked_for.into_iter().fold(error, |error, (what, places): (&str, Vec<&Attribute>)| {
        let n_missing = statistics.n_missing.get(what).copied().unwrap_or(0);
        if n_missing == 0 {
            return error;
        }
        let places: Vec<String> = places.iter().map(|place| place.text().escape_debug().to_string()).collect();
        let places =
            if places.is_empty() { String::new() } else { format!(", which is looked for at {}", places.join(", ")) };
        let error = error.with_more(format!("{n_missing} of {} rows have no {what}{places}", statistics.n));
        match (n_missing == statistics.n, what) {
            (true, "label") if attributes.label.is_none() => error.with_remedy(
                "Captures need ground truth: merge them with it, or set ground_truth_source. Merged records need one \
                 label for each row of their request.",
            ),
            (true, "label") => error.with_remedy("Correct label in analysis_config.json, or ground_truth_attribute."),
            (true, _) => error.with_remedy(
                "Correct inference_attribute, probability_attribute, or predicted_label in analysis_config.json.",
            ),
            _ => error,
        }
    })
}

fn code_of(fault: &BiasFault) -> &'static Code {
    match fault {
        BiasFault::FacetAbsent(_) => &error::FACET_NOT_FOUND,
        BiasFault::TypesDiffer | BiasFault::PredictionsNotFinite => &error::LABEL_TYPES_DIFFER,
        BiasFault::NoPositivePrediction => &error::NO_POSITIVE_PREDICTION,
        BiasFault::TooManyValues { .. } => &error::TOO_MANY_GROUPS,
        BiasFault::NoRows => &error::NO_DATA,
        BiasFault::NoPositiveLabels
        | BiasFault::ThresholdMissing(_)
        | BiasFault::ThresholdNotNumeric { .. }
        | BiasFault::ValueNotOfColumn { .. } => &error::FACET_THRESHOLD,
    }
}
