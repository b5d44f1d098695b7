//! The files of a model-quality run, and the report of a merge.

use super::{Artifact, Labels, MergeInput, Monitor, Outcome, QualityInput, Warning, join_page, page, quality_page};
use crate::judge::Verdict;
use crate::judge::quality::{QualityFinding, findings_of};
use crate::names::file;
use crate::wire::model_quality::statistics::Times;
use crate::wire::model_quality::{baseline, constraints, statistics, violations};
use crate::wire::report;

/// The findings that count in this run: those of its verdict; none in a baseline job.
pub fn chosen_findings(input: &QualityInput<'_>) -> Vec<QualityFinding> {
    let Some(monitoring) = input.monitoring else { return Vec::new() };
    match input.verdict {
        Verdict::Aws => monitoring.findings.to_vec(),
        Verdict::Statistical => findings_of(monitoring.tests),
    }
}

/// How the run ended. Without a labelled row there is no data.
pub fn quality_outcome(input: &QualityInput<'_>) -> Outcome {
    Outcome::of_counts(input.quality.map_or(0, |quality| quality.n), chosen_findings(input).len())
}

/// The files of a finished run. What a later run compares with is among those of a baseline job;
/// the violations come last, under both of their names and also when there are none.
pub fn quality_artifacts(input: &QualityInput<'_>) -> Vec<Artifact> {
    let times = Times { start: input.window.start, end: input.window.end, evaluation: input.evaluation_time };
    let of_statistics = statistics::write(input.problem, input.quality, times, input.layout);
    let mut artifacts = vec![
        Artifact::new(file::STATISTICS, of_statistics),
        Artifact::new(file::CONSTRAINTS, constraints::write(input.suggested)),
    ];
    artifacts.extend(input.baseline.map(|known| Artifact::new(file::QUALITY_BASELINE, baseline::write(known))));
    artifacts.push(Artifact::new(file::REPORT, report::write(&quality_report(input))));
    if input.monitoring.is_some() {
        let bytes = violations::write(&chosen_findings(input));
        artifacts.push(Artifact::new(file::CONSTRAINTS_VIOLATIONS, bytes.clone()));
        artifacts.push(Artifact::new(file::CONSTRAINT_VIOLATIONS, bytes));
    }
    artifacts
}

/// The report of a finished merge. It is no file of the merge's output, which the next job reads.
pub fn merge_report(input: &MergeInput<'_>) -> Vec<u8> {
    let outcome = Outcome::of_counts(input.labels.pairs.n_matched, 0);
    let mut page = page::blank(input.window, &input.job, &input.inputs, input.ledger, outcome);
    page.monitor = Monitor::Merge.name().to_owned();
    add_labels(&mut page, Some(&input.labels), input.warnings);
    report::write(&page)
}

fn quality_report(input: &QualityInput<'_>) -> report::Report {
    let outcome = quality_outcome(input);
    let mut page = page::blank(input.window, &input.job, &input.inputs, input.ledger, outcome);
    page.monitor = Monitor::ModelQuality.name().to_owned();
    page.verdict = input.verdict.name().to_owned();
    add_labels(&mut page, input.labels.as_ref(), input.warnings);
    page.quality = Some(quality_page::quality(input));
    let (findings, tests) = match input.monitoring {
        Some(monitoring) => (monitoring.findings, monitoring.tests),
        None => (&[][..], &[][..]),
    };
    page.findings = report::Findings {
        aws: findings.iter().map(quality_page::finding).collect(),
        statistical: Some(findings_of(tests).iter().map(quality_page::finding).collect()),
    };
    page
}

pub(super) fn add_labels(page: &mut report::Report, labels: Option<&Labels<'_>>, warnings: &[Warning]) {
    page.job.ground_truth_source = labels.and_then(|labels| labels.source).map(str::to_owned);
    page.label_inputs = labels.map(|labels| page::read(&labels.inputs));
    page.label_ledger = labels.map(|labels| page::account(labels.ledger));
    page.join = labels.map(|labels| join_page::join(labels.pairs));
    page.warnings = warnings.iter().map(join_page::warning).collect();
}
