//! The report's page: closed things as its file has them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Inputs, Job, Monitor, Outcome, ReportInput, Window};
use crate::judge::{FeatureConstraints, Finding, Verdict};
use crate::measure::{FeatureMeasurements, Measurement};
use crate::profile::{ColumnStatistics, Ledger, Undefined};
use crate::wire::{report, time};

/// The page of a finished run.
pub(super) fn finished(input: &ReportInput<'_>) -> report::Report {
    let findings = input.monitoring.map_or(&[][..], |(_, findings)| findings);
    let outcome = Outcome::of(input.ledger, findings);
    let mut page = blank(input.window, &input.job, &input.inputs, input.ledger, outcome);
    page.features = features(input, findings);
    page.findings.aws = findings.iter().map(finding).collect();
    page
}

/// The page of a data-quality run, without features and findings.
pub(super) fn blank(
    window: Window,
    job: &Job<'_>,
    inputs: &Inputs<'_>,
    ledger: &Ledger,
    outcome: Outcome,
) -> report::Report {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    report::Report {
        tool: report::Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        monitor: Monitor::DataQuality.name().to_owned(),
        window: report::Window { start: window.start.and_then(time::utc), end: window.end.and_then(time::utc) },
        outcome: outcome.name().to_owned(),
        verdict: Verdict::Aws.name().to_owned(),
        error: None,
        job: report::Job {
            name: owned(job.name),
            endpoint: owned(job.endpoint),
            schedule: owned(job.schedule),
            dataset_source: owned(job.dataset_source),
            ground_truth_source: None,
            output_path: owned(job.output_path),
        },
        inputs: read(inputs),
        ledger: account(ledger),
        label_inputs: None,
        label_ledger: None,
        join: None,
        quality: None,
        bias: None,
        attribution: None,
        warnings: Vec::new(),
        features: Vec::new(),
        findings: report::Findings::default(),
    }
}

pub(super) fn read(inputs: &Inputs<'_>) -> report::Inputs {
    report::Inputs {
        manifest_sha256: inputs.manifest_sha256.map(str::to_owned),
        n_objects: inputs.n_objects,
        n_bytes: inputs.n_bytes,
    }
}

pub(super) fn account(ledger: &Ledger) -> report::Ledger {
    let owned = |counts: &BTreeMap<&'static str, u64>| -> BTreeMap<String, u64> {
        counts.iter().map(|(reason, n)| ((*reason).to_owned(), *n)).collect()
    };
    let sample = |sample: &crate::profile::Sample| report::Sample {
        object: sample.object.clone(),
        line: sample.line,
        reason: sample.reason.to_owned(),
    };
    report::Ledger {
        objects: report::Objects {
            listed: ledger.n_objects_listed,
            opened: ledger.n_objects_opened,
            skipped: owned(&ledger.objects_skipped),
        },
        records: report::Records {
            seen: ledger.n_records_seen,
            used: ledger.n_records_used,
            outside_window: ledger.n_records_outside_window,
            without_time: ledger.n_records_without_time,
            rejected: owned(&ledger.records_rejected),
        },
        rows: ledger.n_rows,
        cells_dropped: ledger.n_cells_dropped,
        samples: ledger.samples.iter().map(sample).collect(),
    }
}

/// What is looked up by a feature's name.
struct Context<'a> {
    measurements: HashMap<&'a str, &'a FeatureMeasurements>,
    constraints: HashMap<&'a str, &'a FeatureConstraints>,
    violated: HashSet<(&'a str, &'a str)>,
    threshold: &'a (dyn Fn(&FeatureConstraints, &str) -> Option<f64> + Sync),
}

fn features(input: &ReportInput<'_>, findings: &[Finding]) -> Vec<report::Feature> {
    let baseline = input.monitoring.map_or(&[][..], |(constraints, _)| &constraints.features);
    let context = Context {
        measurements: input.measurements.iter().map(|measured| (measured.feature.as_str(), measured)).collect(),
        constraints: baseline.iter().map(|feature| (feature.name.as_str(), feature)).collect(),
        violated: findings.iter().map(|finding| (finding.feature.as_str(), finding.measure)).collect(),
        threshold: input.threshold,
    };
    let columns = &input.statistics.columns;
    let arrived: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let absent = input.measurements.iter().map(|measured| measured.feature.as_str());
    columns
        .iter()
        .map(|column| context.feature(&column.name, Some(column)))
        .chain(absent.filter(|name| !arrived.contains(name)).map(|name| context.feature(name, None)))
        .collect()
}

impl Context<'_> {
    fn feature(&self, name: &str, column: Option<&ColumnStatistics>) -> report::Feature {
        let measured = self.measurements.get(name).map_or(&[][..], |measured| &measured.measurements);
        report::Feature {
            name: name.to_owned(),
            kind: column.map(|column| column.kind.name().to_owned()),
            n: column.map_or(0, |column| column.n_present),
            missing: column.map_or(0, |column| column.n_missing),
            measurements: measured.iter().map(|measurement| self.measurement(name, measurement)).collect(),
        }
    }

    fn measurement(&self, feature: &str, measurement: &Measurement) -> report::Measurement {
        let value = measurement.value.and_then(|value| finite(value).ok_or(Undefined::NotFinite));
        let threshold = self.constraints.get(feature).and_then(|limits| (self.threshold)(limits, measurement.measure));
        report::Measurement {
            measure: measurement.measure.to_owned(),
            value: value.ok(),
            not_computed: value.err().map(|undefined| undefined.reason().to_owned()),
            threshold: threshold.and_then(finite),
            violated: threshold
                .filter(|_| value.is_ok())
                .map(|_| self.violated.contains(&(feature, measurement.measure))),
            n: measurement.n,
        }
    }
}

fn finding(finding: &Finding) -> report::Finding {
    report::Finding {
        feature: finding.feature.clone(),
        group: None,
        check: finding.check.to_owned(),
        measure: finding.measure.to_owned(),
        description: finding.description.clone(),
        value: finite(finding.value),
        threshold: finite(finding.threshold),
        n: finding.n,
    }
}

pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
