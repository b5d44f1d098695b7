//! The bias monitor: how differently labels and predictions treat groups.

mod model_predictions;
mod positions;
mod seen;
mod warnings;

use self::seen::{Seen, see};
use crate::contract::{BiasJob, Contract, OnEmpty};
use crate::decode::{Attribute, Attributes, Format};
use crate::error::{self, Code, Error, Result};
use crate::measure::bias::{self, BaselineGroup, BiasFault};
use crate::predict::ShadowEndpoints;
use crate::profile::{ConditionalLack, FacetStatistics, GroupCounts};
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
        let attributes = &self.settings.instances.attributes;
        let error = |fault: BiasFault| match fault {
            BiasFault::NoLabels { .. } => without_labels(&place, &fault, job.contract, attributes),
            BiasFault::NoPredictions { .. } => without_predictions(&place, &fault, attributes),
            fault if fault.is_of_predictions() && self.settings.scores_predict_numbers() => {
                let cause = "label_values_or_threshold holds words, and nothing says which of them a score above the \
                             threshold predicts";
                Error::new(code_of(&fault), place.clone(), cause).with_remedy(
                    "Set positive_label (--positive-label) to the label that high scores stand for, one of \
                     label_values_or_threshold. If it is none of them, write labels as numbers: a score above the \
                     threshold predicts 1, another one 0.",
                )
            }
            BiasFault::ThresholdMissing { ref facet, is_by_gaps: true } => {
                let more = format!("cells of {facet} are empty, and whole numbers with gaps count as fractions");
                Error::new(code_of(&fault), place.clone(), &fault).with_more(more).with_remedy(
                    "Fill the empty cells in or leave their rows out, or name the sensitive values in \
                     value_or_threshold.",
                )
            }
            fault => Error::new(code_of(&fault), place.clone(), &fault),
        };
        let statistics = seen.statistics.map_err(error)?;
        let is_table = !matches!(job.contract.format, Format::Capture(_));
        if let Some((code, cause)) = misfit(&statistics, is_table && baseline.is_none()) {
            return Err(Error::new(code, place, cause));
        }
        let measured = match baseline {
            None => bias::measure(&statistics),
            Some(_) => bias::measure_window(&statistics),
        };
        let measured = measured.map_err(|fault| missing(error(fault), &statistics, attributes));
        let measured = asked_for(measured?, self.settings);
        let of_all = measured.post_training.first().and_then(|group| bias::performance(&group.counts));
        let lacking = (seen.lack.as_deref(), &seen.asked);
        let warnings = warnings::of((&measured, &statistics), baseline.as_deref(), self.settings, lacking);
        let performance = of_all.map(|(rates, _)| rates).unwrap_or_default();
        let calls = seen.asked.calls;
        let results = BiasResults { bias: Some(measured), intersections, performance, calls, baseline };
        Ok(Measured { results, warnings })
    }
}

/// What of the configuration does not fit the data: a group variable that is not there, labels in other words, and in a
/// baseline a group to which no row belongs.
fn misfit(statistics: &FacetStatistics, is_baseline: bool) -> Option<(&'static Code, String)> {
    let FacetStatistics { settings, groups, n, .. } = statistics;
    let lacks_variable = groups.iter().any(|group| group.conditional == Err(ConditionalLack::NoVariable));
    if let Some(variable) = settings.group_variable.as_ref().filter(|_| lacks_variable) {
        let cause = format!("group_variable {} is no feature of the data", variable.escape_debug());
        return Some((&error::FACET_NOT_FOUND, cause));
    }
    if let Some(n) = statistics.n_other_labels {
        let configured = settings.label_values_or_threshold.join(", ");
        let configured = configured.escape_debug();
        let cause = format!("label_values_or_threshold is {configured}, which is none of {n} different labels");
        return Some((&error::FACET_THRESHOLD, cause));
    }
    let is_empty =
        |group: &&GroupCounts| settings.has_configured_values(&group.facet) && group.counts.n_of_side(true) == 0;
    let group = groups.iter().find(is_empty).filter(|_| is_baseline)?;
    let (facet, value) = (group.facet.escape_debug(), group.facet_value.escape_debug());
    Some((&error::FACET_THRESHOLD, format!("none of {n} rows belongs to the group {facet} = {value}")))
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
    let looked_for = [("label", looked_for_at(&attributes.label)), ("prediction", places_of_predictions(attributes))];
    looked_for.into_iter().fold(error, |error, (what, places)| {
        let n_missing = statistics.n_missing.get(what).copied().unwrap_or(0);
        if n_missing == 0 || error.code().code == error::ATTRIBUTE_NOT_FOUND.code {
            return error;
        }
        error.with_more(format!("{n_missing} of {} rows have no {what}{places}", statistics.n)).with_remedy(
            "Leave such rows out of the table, or fill them in: whole numbers with gaps count as fractions.",
        )
    })
}

/// The error where no row has a label, with where it is looked for.
fn without_labels(place: &str, fault: &BiasFault, contract: &Contract, attributes: &Attributes) -> Error {
    let cause = format!("{fault}{}", looked_for_at(&attributes.label));
    Error::new(&error::ATTRIBUTE_NOT_FOUND, place, cause).with_remedy(match contract.format {
        Format::Capture(_) => {
            "Captures need ground truth: merge them with it, or set ground_truth_source. Merged records need one \
             label for each row of their request. Where they have it, correct label in analysis_config.json, or \
             ground_truth_attribute."
        }
        _ => "Correct label in analysis_config.json, or ground_truth_attribute.",
    })
}

/// The error where no row has a prediction, with where these are looked for.
fn without_predictions(place: &str, fault: &BiasFault, attributes: &Attributes) -> Error {
    let cause = format!("{fault}{}", places_of_predictions(attributes));
    Error::new(&error::ATTRIBUTE_NOT_FOUND, place, cause)
        .with_remedy("Correct inference_attribute, probability_attribute, or predicted_label in analysis_config.json.")
}

fn places_of_predictions(attributes: &Attributes) -> String {
    looked_for_at(attributes.prediction.iter().chain(&attributes.scores))
}

/// `, which is looked for at 0`, or nothing where there is no place.
fn looked_for_at<'a>(places: impl IntoIterator<Item = &'a Attribute>) -> String {
    let places: Vec<String> = places.into_iter().map(|place| place.text().escape_debug().to_string()).collect();
    if places.is_empty() { String::new() } else { format!(", which is looked for at {}", places.join(", ")) }
}

fn code_of(fault: &BiasFault) -> &'static Code {
    match fault {
        BiasFault::FacetAbsent(_) => &error::FACET_NOT_FOUND,
        BiasFault::TypesDiffer | BiasFault::PredictionsNotFinite => &error::LABEL_TYPES_DIFFER,
        BiasFault::NoPositivePrediction => &error::NO_POSITIVE_PREDICTION,
        BiasFault::NoLabels { .. } | BiasFault::NoPredictions { .. } => &error::ATTRIBUTE_NOT_FOUND,
        BiasFault::TooManyValues { .. } => &error::TOO_MANY_GROUPS,
        BiasFault::NoRows => &error::NO_DATA,
        BiasFault::NoPositiveLabels
        | BiasFault::ThresholdMissing { .. }
        | BiasFault::ThresholdNotNumeric { .. }
        | BiasFault::ValueNotOfColumn { .. } => &error::FACET_THRESHOLD,
    }
}
