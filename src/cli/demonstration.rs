//! The demonstration: a baseline, a healthy hour, a drifted hour.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::arguments::RunArguments;
use super::job;
use crate::contract::OnEmpty;
use crate::demo::{self, Hour};
use crate::error::{self, Error, Result};
use crate::names::dataset_format::CAPTURE;
use crate::names::{ENABLED, file, variable};
use crate::run::Finished;
use crate::wire::Layout;

/// Makes the data below `folder`, runs three jobs on it and tells what they found.
pub async fn run(folder: &Path) -> Result<String> {
    for (name, bytes) in demo::files() {
        let path = folder.join("data").join(name);
        let parent = path.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, bytes));
        written.map_err(|cause| Error::new(&error::OUTPUT_UNWRITABLE, path.display().to_string(), cause))?;
    }
    let training = folder.join("data").join(demo::TRAINING_TABLE);
    let baseline = [
        (variable::DATASET_FORMAT, "{\"csv\":{\"header\":true}}".to_owned()),
        (variable::DATASET_SOURCE, shown(&training)),
    ];
    let baseline = job_at(folder, "baseline", BTreeMap::from(baseline)).await?;
    let healthy = job_at(folder, "healthy", monitoring(folder, demo::HEALTHY)).await?;
    let drifted = job_at(folder, "drifted", monitoring(folder, demo::DRIFTED)).await?;
    Ok(page(folder, &baseline, &healthy, &drifted))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn monitoring(folder: &Path, hour: Hour) -> BTreeMap<&'static str, String> {
    let baseline = folder.join("baseline");
    BTreeMap::from([
        (variable::DATASET_FORMAT, format!("{{\"{CAPTURE}\":{{}}}}")),
        (variable::DATASET_SOURCE, shown(&folder.join("data").join(demo::CAPTURE))),
        (variable::BASELINE_CONSTRAINTS, shown(&baseline.join(file::CONSTRAINTS))),
        (variable::BASELINE_STATISTICS, shown(&baseline.join(file::STATISTICS))),
        (variable::START_TIME, hour.start.to_owned()),
        (variable::END_TIME, hour.end.to_owned()),
        (variable::ENDPOINT_NAME, demo::ENDPOINT.to_owned()),
        (variable::MONITORING_SCHEDULE_NAME, "hourly".to_owned()),
        (variable::PUBLISH_CLOUDWATCH_METRICS, ENABLED.to_owned()),
    ])
}

/// Runs a job whose results go to `folder/name`, beside a stand-in for SageMaker's mounts.
async fn job_at(folder: &Path, name: &str, variables: BTreeMap<&'static str, String>) -> Result<Finished> {
    let output = folder.join(name);
    let opt_ml = output.join("opt-ml");
    fs::create_dir_all(&opt_ml).map_err(|cause| Error::new(&error::OUTPUT_UNWRITABLE, shown(&opt_ml), cause))?;
    let mut flags: BTreeMap<String, String> =
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    flags.insert(variable::OUTPUT_PATH.to_owned(), shown(&output));
    let arguments = RunArguments {
        flags,
        opt_ml,
        n_threads: None,
        memory_limit: None,
        max_rejected: 0.0,
        on_empty: OnEmpty::Fail,
        layout: Layout::default(),
        fail_on_violation: false,
        json: false,
        suggests_baseline: false,
    };
    let finished = job::execute(&arguments, BTreeMap::new()).await?;
    finished.ok_or_else(|| Error::new(&error::INTERNAL, "demo", "another host was named as the leader"))
}

fn page(folder: &Path, baseline: &Finished, healthy: &Finished, drifted: &Finished) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    say(format!("{:<10} {:>8}  {:<26} {}", "job", "records", "outcome", "violations"));
    for (name, job) in [("baseline", baseline), ("healthy", healthy), ("drifted", drifted)] {
        let line =
            format!("{name:<10} {:>8}  {:<26} {}", job.ledger.n_records_used, job.outcome.name(), job.findings.len());
        say(line);
    }
    say("\nwhat was done to the drifted hour, and what was found:".to_owned());
    for (feature, change) in demo::CHANGES {
        say(format!("  {feature} {change}"));
        for finding in drifted.findings.iter().filter(|finding| finding.feature == *feature) {
            say(format!("    {}: {} (n = {})", finding.check, finding.description.trim_end(), finding.n));
        }
    }
    let is_expected =
        |finding: &&crate::judge::Finding| demo::CHANGES.iter().any(|(feature, _)| finding.feature == *feature);
    for finding in drifted.findings.iter().filter(|finding| !is_expected(finding)) {
        say(format!("  also {} {}: {}", finding.feature, finding.check, finding.description.trim_end()));
    }
    say(format!("\nthe data is in {}, the results in", folder.join("data").display()));
    for name in ["baseline", "healthy", "drifted"] {
        say(format!("  {}", folder.join(name).display()));
    }
    text
}
