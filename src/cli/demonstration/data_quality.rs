//! Data quality: a baseline, a healthy hour, a drifted hour.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::stage::{self, job_at, place, shown};
use crate::demo::{self, Hour};
use crate::error::Result;
use crate::names::dataset_format::CAPTURE;
use crate::names::{ENABLED, file, variable};
use crate::run::{Finished, Violation};

/// Makes the data below `folder`, runs three jobs on it and tells what they found.
pub async fn run(folder: &Path) -> Result<String> {
    place(folder, demo::files())?;
    let training = folder.join("data").join(demo::TRAINING_TABLE);
    let baseline = [
        (variable::DATASET_FORMAT, "{\"csv\":{\"header\":true}}".to_owned()),
        (variable::DATASET_SOURCE, shown(&training)),
    ];
    let baseline = job_at(folder, "baseline", BTreeMap::from(baseline), stage::settings()).await?;
    let healthy = job_at(folder, "healthy", monitoring(folder, demo::HEALTHY), stage::settings()).await?;
    let drifted = job_at(folder, "drifted", monitoring(folder, demo::DRIFTED), stage::settings()).await?;
    Ok(page(folder, &baseline, &healthy, &drifted))
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

fn page(folder: &Path, baseline: &Finished, healthy: &Finished, drifted: &Finished) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    say(format!("{:<10} {:>8}  {:<26} {}", "job", "records", "outcome", "violations"));
    for (name, job) in [("baseline", baseline), ("healthy", healthy), ("drifted", drifted)] {
        let line =
            format!("{name:<10} {:>8}  {:<26} {}", job.ledger.n_records_used, job.outcome.name(), job.violations.len());
        say(line);
    }
    say("\nwhat was done to the drifted hour, and what was found:".to_owned());
    for (feature, change) in demo::CHANGES {
        say(format!("  {feature} {change}"));
        for finding in drifted.violations.iter().filter(|finding| finding.subject == *feature) {
            say(format!("    {}: {} (n = {})", finding.check, finding.description.trim_end(), finding.n));
        }
    }
    let is_expected = |finding: &&Violation| demo::CHANGES.iter().any(|(feature, _)| finding.subject == *feature);
    for finding in drifted.violations.iter().filter(|finding| !is_expected(finding)) {
        say(format!("  also {} {}: {}", finding.subject, finding.check, finding.description.trim_end()));
    }
    say(format!("\nthe data is in {}, the results in", folder.join("data").display()));
    for name in ["baseline", "healthy", "drifted"] {
        say(format!("  {}", folder.join(name).display()));
    }
    text
}
