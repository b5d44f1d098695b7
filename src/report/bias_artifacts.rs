//! The files of a bias run.

use super::quality_artifacts::add_labels;
use super::{Artifact, BiasInput, Monitor, Outcome, bias_page, page};
use crate::judge::Verdict;
use crate::judge::bias::{BiasFinding, findings_of};
use crate::names::file;
use crate::wire::clarify::{analysis, violations};
use crate::wire::report;

/// The findings that count in this run: those of its verdict; none in a baseline job.
pub fn chosen_bias_findings(input: &BiasInput<'_>) -> Vec<BiasFinding> {
    let Some(monitoring) = input.monitoring else { return Vec::new() };
    match input.verdict {
        Verdict::Aws => monitoring.findings.to_vec(),
        Verdict::Statistical => findings_of(monitoring.tests),
    }
}

/// How the run ended. Without a labelled row there is no data.
pub fn bias_outcome(input: &BiasInput<'_>) -> Outcome {
    Outcome::of_counts(input.bias.map_or(0, |bias| bias.n), chosen_bias_findings(input).len())
}

/// The files of a finished run. What a later run compares with is the analysis itself; the violations
/// come last, under both of their names and also when there are none.
pub fn bias_artifacts(input: &BiasInput<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![
        Artifact::new(file::ANALYSIS, analysis::write(input.bias)),
        Artifact::new(file::REPORT, report::write(&bias_report(input))),
    ];
    if input.monitoring.is_some() {
        let bytes = violations::write(&chosen_bias_findings(input));
        artifacts.push(Artifact::new(file::CONSTRAINTS_VIOLATIONS, bytes.clone()));
        artifacts.push(Artifact::new(file::CONSTRAINT_VIOLATIONS, bytes));
    }
    artifacts
}

fn bias_report(input: &BiasInput<'_>) -> report::Report {
    let mut page = page::blank(input.window, &input.job, &input.inputs, input.ledger, bias_outcome(input));
    page.monitor = Monitor::Bias.name().to_owned();
    page.verdict = input.verdict.name().to_owned();
    add_labels(&mut page, input.labels.as_ref(), input.warnings);
    page.bias = Some(bias_page::bias(input));
    let (findings, tests) = match input.monitoring {
        Some(monitoring) => (monitoring.findings, monitoring.tests),
        None => (&[][..], &[][..]),
    };
    page.findings = report::Findings {
        aws: findings.iter().map(bias_page::finding).collect(),
        statistical: Some(findings_of(tests).iter().map(bias_page::finding).collect()),
    };
    page
}
