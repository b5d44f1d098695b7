//! Bias: a baseline, an hour in which groups are treated as before, an hour in which one is not.

use std::collections::BTreeMap;
use std::path::Path;

use super::stage::{self, job_at, page, place, shown};
use crate::contract::Settings;
use crate::demo::bias::{BASELINE_CONFIG, CHANGES, GROUND_TRUTH, MONITORING_CONFIG, VALIDATION_TABLE, files};
use crate::demo::{CAPTURE, DRIFTED, ENDPOINT, HEALTHY, Hour};
use crate::error::Result;
use crate::judge::Verdict;
use crate::names::dataset_format::CAPTURE as CAPTURE_FORMAT;
use crate::names::{ENABLED, Monitor, file, variable};

/// Makes the data below `folder`, runs its jobs and tells what they found.
pub async fn run(folder: &Path) -> Result<String> {
    place(folder, files())?;
    let settings = |config: &str| Settings {
        analysis_config: Some(shown(&folder.join("data").join(config))),
        verdict: Verdict::Statistical,
        ..stage::settings()
    };
    let baseline = job_at(folder, "baseline", baseline(folder), settings(BASELINE_CONFIG)).await?;
    let mut finished = vec![("baseline", baseline)];
    for (name, hour) in [("healthy", HEALTHY), ("drifted", DRIFTED)] {
        finished.push((name, job_at(folder, name, monitoring(folder, hour), settings(MONITORING_CONFIG)).await?));
    }
    Ok(page(folder, CHANGES, &finished))
}

fn baseline(folder: &Path) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        (variable::ANALYSIS_TYPE, Monitor::Bias.analysis_type().unwrap_or_default().to_owned()),
        (variable::DATASET_FORMAT, "{\"csv\":{\"header\":true}}".to_owned()),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(VALIDATION_TABLE))),
    ])
}

fn monitoring(folder: &Path, hour: Hour) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        (variable::ANALYSIS_TYPE, Monitor::Bias.analysis_type().unwrap_or_default().to_owned()),
        (variable::DATASET_FORMAT, format!("{{\"{CAPTURE_FORMAT}\":{{}}}}")),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(CAPTURE))),
        (variable::GROUND_TRUTH_SOURCE, shown(&folder.join("data").join(GROUND_TRUTH))),
        (variable::PROBABILITY_ATTRIBUTE, "0".to_owned()),
        (variable::BASELINE_CONSTRAINTS, shown(&folder.join("baseline").join(file::ANALYSIS))),
        (variable::START_TIME, hour.start.to_owned()),
        (variable::END_TIME, hour.end.to_owned()),
        (variable::ENDPOINT_NAME, ENDPOINT.to_owned()),
        (variable::MONITORING_SCHEDULE_NAME, "hourly".to_owned()),
        (variable::PUBLISH_CLOUDWATCH_METRICS, ENABLED.to_owned()),
    ])
}
