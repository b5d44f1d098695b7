//! The files of a run, in the order in which they are to be written.

use super::quality_artifacts::add_labels;
use super::{Account, Failure, Inputs, Job, Monitor, Outcome, ReportInput, Window, page};
use crate::names::file;
use crate::wire::{constraints, report, statistics, violations};

/// A file to be written: its name and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Artifact {
    pub(super) fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes }
    }
}

/// The files of a finished run. The violations come last, under both of their names and also when
/// there are none: whoever waits for them finds everything else in place.
pub fn artifacts(input: &ReportInput<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![
        Artifact::new(file::STATISTICS, statistics::write(input.statistics, input.layout)),
        Artifact::new(file::CONSTRAINTS, constraints::write(input.suggested, input.layout)),
        Artifact::new(file::REPORT, report::write(&page::finished(input))),
    ];
    if let Some((_, findings)) = input.monitoring {
        let bytes = violations::write(findings);
        artifacts.push(Artifact::new(file::CONSTRAINTS_VIOLATIONS, bytes.clone()));
        artifacts.push(Artifact::new(file::CONSTRAINT_VIOLATIONS, bytes));
    }
    artifacts
}

/// The report of a job that failed; its other files are not written.
pub fn failure_artifact(
    monitor: Monitor,
    failure: &Failure<'_>,
    window: Window,
    job: &Job<'_>,
    inputs: &Inputs<'_>,
    account: &Account<'_>,
) -> Artifact {
    let mut page = page::blank(window, job, inputs, account.ledger, Outcome::Failed);
    page.monitor = monitor.name().to_owned();
    add_labels(&mut page, account.labels.as_ref(), &[]);
    page.error = Some(report::Failure {
        code: failure.code.to_owned(),
        place: failure.place.to_owned(),
        cause: failure.cause.to_owned(),
    });
    Artifact::new(file::REPORT, report::write(&page))
}
