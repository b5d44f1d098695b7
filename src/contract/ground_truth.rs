//! Ground truth of a job: where the labels are, and which of several counts.

use super::raw::Job;
use super::settings::Settings;
use super::values::{attribute, invalid};
use crate::decode::{Attribute, Attributes};
use crate::error::Result;
use crate::names::variable;
use crate::pairing::DuplicatePolicy;
use crate::store::Location;

/// Labels that lie apart from the captures.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundTruth {
    pub source: Location,
    pub attributes: Attributes,
    /// The byte between the cells of tables, where it is not that of the dataset's tables.
    pub delimiter: Option<u8>,
    pub duplicates: DuplicatePolicy,
}

pub(super) fn of(job: &Job, settings: &Settings) -> Result<Option<GroundTruth>> {
    let name = variable::GROUND_TRUTH_SOURCE;
    let Some(text) = job.value(name) else { return Ok(None) };
    let attributes = Attributes {
        label: attribute(job, variable::GROUND_TRUTH_ATTRIBUTE)?,
        id: settings
            .ground_truth_id
            .as_deref()
            .map(Attribute::parse)
            .transpose()
            .map_err(|cause| invalid("ground-truth-id", cause))?,
        ..Attributes::default()
    };
    let source = text.parse().map_err(|cause| invalid(name, cause))?;
    let Settings { duplicates, ground_truth_delimiter: delimiter, .. } = *settings;
    Ok(Some(GroundTruth { source, attributes, delimiter, duplicates }))
}
