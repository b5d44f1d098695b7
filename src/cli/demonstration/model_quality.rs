//! Model quality: a baseline, an hour in which the model holds, an hour in which the world changed.

use std::collections::BTreeMap;
use std::path::Path;

use super::stage::{self, job_at, page, place, shown};
use crate::contract::Settings;
use crate::demo::model_quality::{CHANGES, GROUND_TRUTH, LABEL, SCORE, VALIDATION_TABLE, files};
use crate::demo::{CAPTURE, DRIFTED, ENDPOINT, HEALTHY, Hour};
use crate::error::Result;
use crate::names::dataset_format::CAPTURE as CAPTURE_FORMAT;
use crate::names::{ENABLED, Monitor, file, variable};
use crate::profile::Problem;

/// Largest share of unreadable records: one line of the labels is cut off.
const MAX_REJECTED: f64 = 0.01;

/// Makes the data below `folder`, runs its jobs and tells what they found.
pub async fn run(folder: &Path) -> Result<String> {
    place(folder, files())?;
    let settings = || Settings { max_rejected: MAX_REJECTED, ..stage::settings() };
    let mut finished = vec![("baseline", job_at(folder, "baseline", baseline(folder), settings()).await?)];
    for (name, hour) in [("healthy", HEALTHY), ("drifted", DRIFTED)] {
        finished.push((name, job_at(folder, name, monitoring(folder, hour), settings()).await?));
    }
    Ok(page(folder, CHANGES, &finished))
}

fn common() -> [(&'static str, String); 3] {
    [
        (variable::ANALYSIS_TYPE, Monitor::ModelQuality.analysis_type().unwrap_or_default().to_owned()),
        (variable::PROBLEM_TYPE, Problem::BinaryClassification.name().to_owned()),
        (variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.5".to_owned()),
    ]
}

fn baseline(folder: &Path) -> BTreeMap<&'static str, String> {
    let mut variables = BTreeMap::from(common());
    variables.extend([
        (variable::DATASET_FORMAT, "{\"csv\":{\"header\":true}}".to_owned()),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(VALIDATION_TABLE))),
        (variable::PROBABILITY_ATTRIBUTE, SCORE.to_owned()),
        (variable::GROUND_TRUTH_ATTRIBUTE, LABEL.to_owned()),
    ]);
    variables
}

fn monitoring(folder: &Path, hour: Hour) -> BTreeMap<&'static str, String> {
    let mut variables = BTreeMap::from(common());
    variables.extend([
        (variable::DATASET_FORMAT, format!("{{\"{CAPTURE_FORMAT}\":{{}}}}")),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(CAPTURE))),
        (variable::GROUND_TRUTH_SOURCE, shown(&folder.join("data").join(GROUND_TRUTH))),
        (variable::PROBABILITY_ATTRIBUTE, "0".to_owned()),
        (variable::BASELINE_CONSTRAINTS, shown(&folder.join("baseline").join(file::CONSTRAINTS))),
        (variable::START_TIME, hour.start.to_owned()),
        (variable::END_TIME, hour.end.to_owned()),
        (variable::ENDPOINT_NAME, ENDPOINT.to_owned()),
        (variable::MONITORING_SCHEDULE_NAME, "hourly".to_owned()),
        (variable::PUBLISH_CLOUDWATCH_METRICS, ENABLED.to_owned()),
    ]);
    variables
}
