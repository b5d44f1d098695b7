//! The header of a run: its window, its job, and what the files of every monitor are made from.

use crate::contract::Contract;
use crate::error::Error;
use crate::report::{self, Account, Failure, Run, Warning};

/// What a run is, without the results of its segments.
pub(super) fn run_of<'a>(
    contract: &Contract,
    job: &'a report::Job,
    account: &'a Account,
    warnings: &'a [Warning],
) -> Run<'a> {
    Run {
        window: window(contract),
        job,
        account,
        verdict: contract.settings.verdict,
        warnings,
        segments: &[],
        layout: contract.settings.layout,
        evaluation_time: contract.now,
    }
}

/// An error as reports have it.
pub(super) fn failure(error: &Error) -> Failure<'_> {
    Failure { code: error.code().code, place: error.place(), cause: error.cause(), remedy: error.remedy() }
}

pub(super) fn window(contract: &Contract) -> report::Window {
    report::Window { start: contract.window.start, end: contract.window.end }
}

pub(super) fn job_names(contract: &Contract, account: &Account) -> report::Job {
    report::Job {
        name: contract.job_name.clone(),
        endpoint: contract.endpoint.clone(),
        schedule: contract.schedule.clone(),
        dataset_source: Some(contract.source.to_string()),
        ground_truth_source: account.labels.as_ref().map(|labels| labels.dataset.place.clone()),
        output_path: Some(contract.output.to_string()),
    }
}
