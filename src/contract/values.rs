//! Parsers of variables that several monitors read, and the errors of values.

use super::raw::Job;
use crate::decode::Attribute;
use crate::error::{self, Error, Result};
use crate::names::variable;

/// Threshold where scores alone are given (DG:clarify-processing-job-configure-analysis).
pub(super) const PROBABILITY_THRESHOLD: f64 = 0.5;
/// Most columns of scores; each costs memory in every sketch.
const MAX_SCORES: usize = 1_000;

pub(super) fn invalid(name: &str, cause: impl std::fmt::Display) -> Error {
    Error::new(&error::VARIABLE_INVALID, name, cause)
}

pub(super) fn missing(name: &str, cause: &str) -> Error {
    Error::new(&error::VARIABLE_MISSING, name, cause)
}

/// Names the variables that are set and mean nothing to this monitor.
pub(super) fn leave_out(job: &Job, names: &[&str], monitor: &str) {
    for name in names.iter().filter(|name| job.value(name).is_some()) {
        tracing::warn!(variable = name, "the variable means nothing to {monitor}");
    }
}

pub(super) fn attribute(job: &Job, name: &str) -> Result<Option<Attribute>> {
    job.value(name).map(|text| Attribute::parse(text).map_err(|cause| invalid(name, cause))).transpose()
}

/// The columns of scores, joined by commas. A JMESPath may hold commas of its own: it stands alone.
pub(super) fn scores(job: &Job) -> Result<Vec<Attribute>> {
    let name = variable::PROBABILITY_ATTRIBUTE;
    let Some(text) = job.value(name) else { return Ok(Vec::new()) };
    let whole = Attribute::parse(text).map_err(|cause| invalid(name, cause))?;
    if matches!(whole, Attribute::Path(_)) || !text.contains(',') {
        return Ok(vec![whole]);
    }
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts.len() > MAX_SCORES {
        return Err(invalid(name, format!("it names {} columns, more than {MAX_SCORES}", parts.len())));
    }
    parts.into_iter().map(|part| Attribute::parse(part).map_err(|cause| invalid(name, cause))).collect()
}

/// The score above which the positive class is predicted, where the job says it.
pub(super) fn probability_threshold(job: &Job) -> Result<Option<f64>> {
    let name = variable::PROBABILITY_THRESHOLD_ATTRIBUTE;
    let Some(text) = job.value(name) else { return Ok(None) };
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Some).ok_or_else(|| invalid(name, "it is not a number such as 0.5"))
}
