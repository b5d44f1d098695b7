//! Feature attribution: a baseline, an hour in which the model leans on what it leant on before, an hour
//! in which it does not.

use std::collections::BTreeMap;
use std::path::Path;

use super::model_server::ModelServer;
use super::stage::{self, job_at, page, place, shown};
use crate::contract::{ModelAccess, Settings};
use crate::demo::attribution::{BASELINE_CONFIG, CHANGES, MONITORING_CONFIG, TRAINING_TABLE, files};
use crate::demo::{CAPTURE, DRIFTED, ENDPOINT, HEALTHY, Hour};
use crate::error::Result;
use crate::judge::Verdict;
use crate::names::dataset_format::CAPTURE as CAPTURE_FORMAT;
use crate::names::{ENABLED, Monitor, file, variable};

/// Rows that each job may send: enough to explain some hundred requests.
const MAX_PREDICTIONS: u64 = 60_000;

/// Makes the data below `folder`, serves the model, runs the jobs and tells what they found.
pub async fn run(folder: &Path) -> Result<String> {
    place(folder, files())?;
    let server = ModelServer::start().await?;
    let mut model = ModelAccess { url: Some(server.url()), ..ModelAccess::default() };
    model.limits.max_predictions = MAX_PREDICTIONS;
    let settings = |config: &str| Settings {
        analysis_config: Some(shown(&folder.join("data").join(config))),
        verdict: Verdict::Statistical,
        model: model.clone(),
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
        (variable::ANALYSIS_TYPE, Monitor::Attribution.analysis_type().unwrap_or_default().to_owned()),
        (variable::DATASET_FORMAT, "{\"csv\":{\"header\":true}}".to_owned()),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(TRAINING_TABLE))),
    ])
}

fn monitoring(folder: &Path, hour: Hour) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        (variable::ANALYSIS_TYPE, Monitor::Attribution.analysis_type().unwrap_or_default().to_owned()),
        (variable::DATASET_FORMAT, format!("{{\"{CAPTURE_FORMAT}\":{{}}}}")),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(CAPTURE))),
        (variable::BASELINE_CONSTRAINTS, shown(&folder.join("baseline").join(file::ANALYSIS))),
        (variable::START_TIME, hour.start.to_owned()),
        (variable::END_TIME, hour.end.to_owned()),
        (variable::ENDPOINT_NAME, ENDPOINT.to_owned()),
        (variable::MONITORING_SCHEDULE_NAME, "hourly".to_owned()),
        (variable::PUBLISH_CLOUDWATCH_METRICS, ENABLED.to_owned()),
    ])
}
