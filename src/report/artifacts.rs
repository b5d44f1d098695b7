//! The files of a run, in the order in which they are to be written.

use super::document::Document;
use super::{Account, Artifact, Failure, Job, MonitorResults, Outcome, Run, Sections, Warning, Window};
use crate::judge::{Judgement, Verdict};
use crate::names::{Monitor, file};
use crate::wire::{state, violations};

/// The files of a finished run: those of its monitor, the report, and where there is a baseline the violations, which
/// come last, under both of their names and also when there are none: whoever waits for them finds everything else
/// in place.
pub fn artifacts<R: MonitorResults>(
    run: &Run<'_>,
    results: &R,
    judgement: &Judgement,
    outcome: Outcome,
) -> Vec<Artifact> {
    let mut artifacts = results.files(run);
    let segments = [run.segments, &results.segments(run)].concat();
    let document = Document {
        monitor: R::MONITOR,
        window: run.window,
        outcome,
        verdict: run.verdict,
        failure: None,
        job: run.job,
        account: run.account,
        sections: results.sections(run, judgement),
        warnings: run.warnings,
        judgement,
        segments: &segments,
    };
    artifacts.push(Artifact::new(file::REPORT, document.to_bytes()));
    if let Some(over_time) = &judgement.over_time {
        artifacts.push(Artifact::new(file::STATE, state::write(R::MONITOR, &over_time.history)));
    }
    if results.has_baseline() {
        let bytes = violations::write(R::MONITOR, &judgement.chosen(run.verdict));
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
    job: &Job,
    account: &Account,
    warnings: &[Warning],
) -> Artifact {
    let (outcome, judgement) = (Outcome::Failed, &Judgement::default());
    let document = Document { warnings, ..without_results(monitor, outcome, window, job, account, judgement) };
    Artifact::new(file::REPORT, Document { failure: Some(failure), ..document }.to_bytes())
}

/// The report of a finished merge. It is no file of the merge's output, which the next job reads.
pub fn merge_report(outcome: Outcome, window: Window, job: &Job, account: &Account, warnings: &[Warning]) -> Vec<u8> {
    let judgement = &Judgement::default();
    let document = without_results(Monitor::Merge, outcome, window, job, account, judgement);
    Document { warnings, ..document }.to_bytes()
}

fn without_results<'a>(
    monitor: Monitor,
    outcome: Outcome,
    window: Window,
    job: &'a Job,
    account: &'a Account,
    judgement: &'a Judgement,
) -> Document<'a> {
    let (verdict, sections, warnings): (_, _, &[Warning]) = (Verdict::Aws, Sections::default(), &[]);
    Document {
        monitor,
        window,
        outcome,
        verdict,
        failure: None,
        job,
        account,
        sections,
        warnings,
        judgement,
        segments: &[],
    }
}
