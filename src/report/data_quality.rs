//! Results of the data-quality monitor: types, gaps, categories and distributions of columns.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::json::{finite, known, without_empty};
use super::monitor_results::{Metric, marked};
use super::unknown_values as unknown;
use super::{Account, Artifact, MonitorResults, OfColumns, RowSegments, Run, Sections};
use super::{contributions, incidents};
use crate::incident::Found;
use crate::judge::{self, Case, Constraints, FeatureConstraints, Finding, IncidentKey, Judgement, Test, TestOutcome};
use crate::measure::{FeatureMeasurements, Measurement, unknown_values};
use crate::names::{Monitor, file, metric};
use crate::profile::{ColumnStatistics, Detail, NumericStatistics, TableStatistics};
use crate::wire::cloudwatch::{MetricValue, Unit};
use crate::wire::{constraints, statistics};

/// Most columns that are printed for a person.
const MAX_LINES: usize = 40;

/// What was measured of a table.
pub struct DataQualityResults {
    pub statistics: TableStatistics,
    /// The constraints that are written: those that the current data suggest.
    pub suggested: Constraints,
    pub measurements: Vec<FeatureMeasurements>,
    /// `None` in a baseline job.
    pub baseline: Option<Arc<Constraints>>,
    /// What the baseline's columns held; `None` where its statistics were not given.
    pub baseline_statistics: Option<Arc<TableStatistics>>,
    /// What happened; `None` where it was not looked for.
    pub incidents: Option<Found>,
    /// The results of the rows of each value of a column; `None` where they were not asked for.
    pub segments: Option<RowSegments<Self>>,
    /// Whether no record was used: then nothing is judged.
    pub is_empty: bool,
    /// Whether values that the baseline does not know are named nowhere.
    pub redact: bool,
}

impl MonitorResults for DataQualityResults {
    const MONITOR: Monitor = Monitor::DataQuality;

    fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    fn judge(&self) -> Judgement {
        self.judged_by(self.tests())
    }

    fn incidents(&self) -> Vec<IncidentKey> {
        self.incidents.as_ref().map(|found| found.incidents.iter().map(incidents::key).collect()).unwrap_or_default()
    }

    fn n_used(&self, account: &Account) -> u64 {
        account.dataset.ledger.n_records_used
    }

    fn files(&self, run: &Run<'_>) -> Vec<Artifact> {
        vec![
            Artifact::new(file::STATISTICS, statistics::write(&self.statistics, run.layout)),
            Artifact::new(file::CONSTRAINTS, constraints::write(&self.suggested, run.layout)),
        ]
    }

    fn sections(&self, _: &Run<'_>, judgement: &Judgement) -> Sections {
        let features = self.baseline.as_ref().map_or(&[][..], |baseline| &baseline.features);
        let mut tests: HashMap<&str, Vec<&Test>> = HashMap::new();
        for test in judgement.tests.iter().flatten() {
            tests.entry(test.subject.feature().unwrap_or_default()).or_default().push(test);
        }
        let violated = judgement.aws.iter().filter_map(|finding| Some((finding.subject.feature()?, finding.metric)));
        let baseline_columns = self.baseline_statistics.iter().flat_map(|baseline| &baseline.columns);
        let lookup = Lookup {
            measurements: self.measurements.iter().map(|measured| (measured.feature.as_str(), measured)).collect(),
            constraints: features.iter().map(|feature| (feature.name.as_str(), feature)).collect(),
            violated: violated.collect(),
            baseline: baseline_columns.map(|column| (column.name.as_str(), column)).collect(),
            tests,
            segments: self.segments.as_ref(),
            redact: self.redact,
        };
        let columns = &self.statistics.columns;
        let arrived: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let absent = self.measurements.iter().map(|measured| measured.feature.as_str());
        let absent = absent.filter(|name| !arrived.contains(name)).map(|name| lookup.feature(name, None));
        let arrived = columns.iter().map(|column| lookup.feature(&column.name, Some(column)));
        let contributions = contributions::of_run(&self.measurements, judgement.tests.as_deref().unwrap_or_default());
        let incidents = self.incidents.as_ref();
        let incidents = incidents.map(|found| incidents::to_sections(found, judgement)).unwrap_or_default();
        let own = incidents.into_iter().chain(contributions).collect();
        Sections { own, features: arrived.chain(absent).collect() }
    }

    fn segments(&self, run: &Run<'_>) -> Vec<Value> {
        self.segments.as_ref().map(|segments| segments.to_json(run)).unwrap_or_default()
    }

    /// The baseline's settings say which features have metrics. Without a baseline all have.
    fn metrics(&self) -> Vec<Metric> {
        let features = self.baseline.iter().flat_map(|baseline| &baseline.features);
        let emits: HashMap<&str, bool> =
            features.map(|feature| (feature.name.as_str(), feature.config.emit_metrics)).collect();
        let otherwise = self.baseline.as_ref().is_none_or(|baseline| baseline.config.emit_metrics);
        let distances = self.baseline.as_ref().map(|baseline| judge::drift_distances(baseline, &self.measurements));
        let distances = distances.unwrap_or_default();
        let columns = self.statistics.columns.iter();
        columns
            .filter(|column| emits.get(column.name.as_str()).copied().unwrap_or(otherwise))
            .flat_map(|column| column_metrics(column, distances.get(&column.name).copied()))
            .chain(self.counts())
            .collect()
    }

    /// Columns that are violated come first, then those that are furthest from the baseline.
    fn lines(&self, findings: &[Finding]) -> Vec<String> {
        let violated: HashSet<&str> = findings.iter().filter_map(|finding| finding.subject.feature()).collect();
        let distances = self.baseline.as_ref().map(|baseline| judge::drift_distances(baseline, &self.measurements));
        let distances = distances.unwrap_or_default();
        let mut columns: Vec<(bool, Option<f64>, &ColumnStatistics)> = Vec::new();
        for column in &self.statistics.columns {
            let name = column.name.as_str();
            columns.push((violated.contains(name), distances.get(name).copied(), column));
        }
        let far = |distance: Option<f64>| distance.unwrap_or(f64::NEG_INFINITY);
        columns.sort_by(|(a, x, _), (b, y, _)| b.cmp(a).then(far(*y).total_cmp(&far(*x))));
        let n_more = columns.len().saturating_sub(MAX_LINES);
        let shown = columns.iter().take(MAX_LINES);
        let domains = self.domains();
        let tests = self.tests();
        let of_distribution = tests.iter().filter(|test| judge::is_of_distribution(test));
        let of_distribution: HashMap<&str, &Test> =
            of_distribution.filter_map(|test| Some((test.subject.feature()?, test))).collect();
        let lines = shown.flat_map(|(is_violated, drift, column)| {
            let test = of_distribution.get(column.name.as_str()).copied();
            let values = domains.get(column.name.as_str()).map(|domain| unknown_values(column, domain));
            let line = values.filter(|_| *is_violated).and_then(|values| unknown::line(&values, self.redact));
            [marked(*is_violated, &column_line(column, *drift, test))].into_iter().chain(line)
        });
        let more = (n_more > 0).then(|| format!("… and {n_more} more columns"));
        let incidents = self.incidents.as_ref().map(incidents::lines).unwrap_or_default();
        let sides = self.baseline_statistics.as_deref().map(|baseline| (baseline, &self.statistics));
        let carriers = self.segments.as_ref().zip(sides).map(|(segments, sides)| segments.lines(sides, &self.tests()));
        let carriers = carriers.unwrap_or_default();
        lines.chain(more).chain(self.strangers()).chain(incidents).chain(carriers).collect()
    }
}

impl OfColumns for DataQualityResults {
    fn column(&self, name: &str) -> Option<&ColumnStatistics> {
        self.statistics.columns.iter().find(|column| column.name == name)
    }
}

impl DataQualityResults {
    /// How many features drifted and what happened, where there is a baseline to test against.
    fn counts(&self) -> Vec<Metric> {
        if self.baseline_statistics.is_none() || self.is_empty {
            return Vec::new();
        }
        let tests = self.tests();
        let is_violated = |test: &&Test| test.outcome == TestOutcome::Violated;
        let drifted: HashSet<&str> =
            tests.iter().filter(is_violated).filter_map(|test| test.subject.feature()).collect();
        let n_incidents = self.incidents.as_ref().map_or(0, |found| found.incidents.len() + found.n_more);
        vec![
            Metric::count(metric::FEATURES_DRIFTED, drifted.len() as u64),
            Metric::count(metric::INCIDENTS, n_incidents as u64),
        ]
    }

    /// What the checks look at; `None` where nothing is judged.
    pub fn case(&self) -> Option<Case<'_>> {
        let constraints = self.baseline.as_ref().filter(|_| !self.is_empty)?;
        Some(Case { constraints, measurements: &self.measurements, n_rows: self.statistics.n_rows })
    }

    /// The tests of the statistical verdict; none where there is nothing to test with.
    fn tests(&self) -> Vec<Test> {
        let known = self.case().zip(self.baseline_statistics.as_ref());
        known.map(|(case, baseline)| judge::test(&case, (baseline, &self.statistics))).unwrap_or_default()
    }

    /// What is found by these tests and without any.
    pub fn judged_by(&self, tests: Vec<Test>) -> Judgement {
        let Some(case) = self.case() else { return Judgement::default() };
        Judgement {
            aws: judge::evaluate(&case),
            untested: judge::strange_columns(&case),
            tests: Some(tests),
            ..Judgement::default()
        }
    }

    /// Columns of the baseline that did not arrive, and columns that it does not have, a line each.
    fn strangers(&self) -> Vec<String> {
        let Some(baseline) = self.baseline.as_ref().filter(|_| !self.is_empty) else { return Vec::new() };
        let known: Vec<&str> = baseline.features.iter().map(|feature| feature.name.as_str()).collect();
        let arrived: Vec<&str> = self.statistics.columns.iter().map(|column| column.name.as_str()).collect();
        let line = |what: &str, names: &[&str], others: &[&str]| {
            let others: HashSet<&str> = others.iter().copied().collect();
            let names: Vec<&str> = names.iter().copied().filter(|name| !others.contains(name)).collect();
            let shown = names.iter().take(MAX_LINES).copied().collect::<Vec<_>>().join(", ");
            let more = if names.len() > MAX_LINES { ", …" } else { "" };
            (!names.is_empty()).then(|| format!("{what}: {shown}{more}"))
        };
        let missing = line("columns of the baseline that did not arrive", &known, &arrived);
        let extra = line("columns that the baseline does not have", &arrived, &known);
        missing.into_iter().chain(extra).collect()
    }

    /// The baseline's domains, by feature.
    fn domains(&self) -> HashMap<&str, &[String]> {
        let features = self.baseline.iter().flat_map(|baseline| &baseline.features);
        features.filter_map(|feature| Some((feature.name.as_str(), feature.domain.as_deref()?))).collect()
    }
}

/// What a column holds, and how far it is from the baseline where the two were compared.
fn column_line(column: &ColumnStatistics, drift: Option<f64>, test: Option<&Test>) -> String {
    let missing = column.completeness().map(|share| format!("{:5.1} % missing", 100.0 * (1.0 - share)));
    let centre = match &column.detail {
        Detail::Numeric(Ok(numbers)) => format!("mean {:.6}", numbers.mean),
        _ => column.n_distinct.map(|n| format!("about {n} different")).unwrap_or_default(),
    };
    let drift = drift.map(|drift| format!("distance {drift:.4}")).unwrap_or_default();
    let test = test.and_then(|test| Some((test.effect?, judge::told_p(Some(test.p_adjusted?)))));
    let test = test.map(|(change, p)| format!("  change {change:.4}, p {p}")).unwrap_or_default();
    let (name, kind) = (&column.name, column.kind.name());
    format!("{name:<28} {kind:<10} {}  {centre:<26} {drift}{test}", missing.unwrap_or_default())
}

/// What is looked up by a feature's name.
struct Lookup<'a> {
    measurements: HashMap<&'a str, &'a FeatureMeasurements>,
    constraints: HashMap<&'a str, &'a FeatureConstraints>,
    /// By feature and measure.
    violated: HashSet<(&'a str, &'a str)>,
    /// By feature.
    baseline: HashMap<&'a str, &'a ColumnStatistics>,
    /// By feature.
    tests: HashMap<&'a str, Vec<&'a Test>>,
    segments: Option<&'a RowSegments<DataQualityResults>>,
    redact: bool,
}

impl Lookup<'_> {
    fn feature(&self, name: &str, column: Option<&ColumnStatistics>) -> Value {
        let measured = self.measurements.get(name).map_or(&[][..], |measured| &measured.measurements);
        let domain = self.constraints.get(name).and_then(|limits| limits.domain.as_deref());
        let values = column.zip(domain).map(|(column, domain)| unknown_values(column, domain)).unwrap_or_default();
        let drifted = column.and_then(|column| self.drifted(name, column));
        let object = json!({
            "name": name,
            "kind": column.map(|column| column.kind.name()),
            "n": column.map_or(0, |column| column.n_present),
            "missing": column.map_or(0, |column| column.n_missing),
            "measurements": measured.iter().map(|measurement| self.measurement(name, measurement)).collect::<Vec<_>>(),
            "tests": self.tests.get(name).into_iter().flatten().map(|test| of_test(test)).collect::<Vec<_>>(),
            "contributions": drifted.map(|(baseline, column)| contributions::of_column(baseline, column, self.redact)),
            "segments_carrying": drifted.zip(self.segments).map(|(sides, segments)| segments.carrying(sides)),
            "unknown_values": unknown::to_json(&values, self.redact),
        });
        without_empty(object, &["tests", "contributions", "segments_carrying", "unknown_values"])
    }

    /// Both sides of a column that drifted.
    fn drifted<'c>(
        &self,
        name: &str,
        column: &'c ColumnStatistics,
    ) -> Option<(&ColumnStatistics, &'c ColumnStatistics)> {
        let has_drifted = self.tests.get(name).into_iter().flatten().any(|test| contributions::has_drifted(test));
        Some((*self.baseline.get(name).filter(|_| has_drifted)?, column))
    }

    fn measurement(&self, feature: &str, measurement: &Measurement) -> Value {
        let (value, not_computed) = known(measurement.value);
        let limits = self.constraints.get(feature);
        let threshold = limits.and_then(|limits| judge::threshold_for(limits, measurement.measure));
        let is_judged = threshold.is_some() && value.is_some();
        let object = json!({
            "measure": measurement.measure,
            "value": value,
            "not_computed": not_computed,
            "threshold": threshold.and_then(finite),
            "violated": is_judged.then(|| self.violated.contains(&(feature, measurement.measure))),
            "n": measurement.n,
        });
        without_empty(object, &["not_computed"])
    }
}

fn of_test(test: &Test) -> Value {
    json!({
        "measure": test.metric,
        "outcome": test.outcome.name(),
        "value": test.value,
        "n": test.n,
        "baseline_n": test.baseline_n,
        "effect": test.effect,
        "margin": test.margin,
        "p": test.p,
        "p_adjusted": test.p_adjusted,
    })
}

fn column_metrics(column: &ColumnStatistics, drift: Option<f64>) -> Vec<Metric> {
    let name = |prefix: &str| format!("{prefix}{}", column.name);
    let mut metrics = Vec::new();
    if let Detail::Numeric(Ok(numbers)) = &column.detail {
        let value = MetricValue::Statistics {
            sample_count: n_numbers(numbers, column.n_present),
            sum: numbers.sum,
            minimum: numbers.min,
            maximum: numbers.max,
        };
        let (name, unit) = (name(metric::FEATURE_DATA), Unit::None);
        metrics.push(Metric { name, value, unit, dimensions: Vec::new() });
    }
    if let Ok(completeness) = column.completeness() {
        metrics.push(Metric::single(name(metric::FEATURE_NON_NULL), completeness));
    }
    if let Some(distance) = drift {
        metrics.push(Metric::single(name(metric::FEATURE_BASELINE_DRIFT), distance));
    }
    metrics
}

/// How many numbers the sums are over: the weight of the sketch, which takes in all of them; cells that could not be
/// cast are present, but in neither.
fn n_numbers(numbers: &NumericStatistics, n_present: u64) -> f64 {
    let mut weight = 1.0;
    let mut total = 0.0;
    for level in &numbers.quantiles.levels {
        total += level.len() as f64 * weight;
        weight *= 2.0;
    }
    if total > 0.0 { total } else { n_present as f64 }
}
