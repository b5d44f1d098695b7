//! The files of an attribution run.

use super::quality_artifacts::add_labels;
use super::{Artifact, AttributionInput, Monitor, Outcome, attribution_page, page};
use crate::judge::Verdict;
use crate::judge::attribution::{AttributionFinding, findings_of};
use crate::names::file;
use crate::wire::clarify::{attribution_violations as violations, explanations, shap_tables};
use crate::wire::report;

/// The findings that count in this run: those of its verdict; none in a baseline job.
pub fn chosen_attribution_findings(input: &AttributionInput<'_>) -> Vec<AttributionFinding> {
    let Some(monitoring) = input.monitoring else { return Vec::new() };
    match input.verdict {
        Verdict::Aws => monitoring.findings.to_vec(),
        Verdict::Statistical => findings_of(monitoring.tests),
    }
}

/// How the run ended. Without an explained row there is no data, unless partial dependence is all that is asked for.
pub fn attribution_outcome(input: &AttributionInput<'_>) -> Outcome {
    let outputs = input.explanations.iter().flat_map(|explanations| &explanations.statistics.outputs);
    let n_explained = outputs.map(|output| output.n).max().unwrap_or(0);
    let is_dependence_alone = input.explanations.is_some() && input.coverage.is_none();
    let n_used = if is_dependence_alone { input.ledger.n_rows } else { n_explained };
    Outcome::of_counts(n_used, chosen_attribution_findings(input).len())
}

/// The files of a finished run. What a later run compares with is the analysis itself; the violations
/// come last, under both of their names and also when there are none.
pub fn attribution_artifacts(input: &AttributionInput<'_>) -> Vec<Artifact> {
    let method = input.coverage.as_ref().map(|coverage| &coverage.method);
    let analysis = explanations::write(input.explanations, method, input.reference_features);
    let mut artifacts = vec![
        Artifact::new(file::ANALYSIS, analysis),
        Artifact::new(file::REPORT, report::write(&attribution_report(input))),
    ];
    artifacts.extend(tables(input));
    if input.monitoring.is_some() {
        let bytes = violations::write(&chosen_attribution_findings(input));
        artifacts.push(Artifact::new(file::CONSTRAINTS_VIOLATIONS, bytes.clone()));
        artifacts.push(Artifact::new(file::CONSTRAINT_VIOLATIONS, bytes));
    }
    artifacts
}

/// The attributions of every row, where they are asked for, and reference rows that were made here.
fn tables(input: &AttributionInput<'_>) -> Vec<Artifact> {
    let Some(explained) = input.explanations else { return Vec::new() };
    let statistics = &explained.statistics;
    let local = input.local.map(|local| {
        let outputs: Vec<&str> = statistics.outputs.iter().map(|output| output.output.as_str()).collect();
        let bytes = shap_tables::write_local(&statistics.features, &outputs, local.rows);
        Artifact::new(file::LOCAL_SHAP_VALUES, bytes)
    });
    let has_made_rows = input.made_reference_rows && !explained.reference_rows.is_empty();
    let reference = has_made_rows.then(|| {
        let bytes = shap_tables::write_reference(input.reference_features, &explained.reference_rows);
        Artifact::new(file::SHAP_BASELINE, bytes)
    });
    local.into_iter().chain(reference).collect()
}

fn attribution_report(input: &AttributionInput<'_>) -> report::Report {
    let mut page = page::blank(input.window, &input.job, &input.inputs, input.ledger, attribution_outcome(input));
    page.monitor = Monitor::Attribution.name().to_owned();
    page.verdict = input.verdict.name().to_owned();
    add_labels(&mut page, None, input.warnings);
    page.attribution = Some(attribution_page::attribution(input));
    let (findings, tests) = match input.monitoring {
        Some(monitoring) => (monitoring.findings, monitoring.tests),
        None => (&[][..], &[][..]),
    };
    page.findings = report::Findings {
        aws: findings.iter().map(attribution_page::finding).collect(),
        statistical: Some(findings_of(tests).iter().map(attribution_page::finding).collect()),
    };
    page
}
