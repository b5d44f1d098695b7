//! Limits and a baseline of measured quality, for tests of the files that are written from them.

use model_monitor::judge::quality::{self, QualityConstraints};
use model_monitor::measure::concept::{ConceptBaseline, FeatureBins, FeatureConcept, LabelBins};
use model_monitor::measure::drift::Binning;
use model_monitor::measure::quality::{
    BaselineMetric, Calibration, CalibrationMap, Distribution, Metric, Quality, QualityBaseline,
};
use model_monitor::profile::Problem;

/// Limits that the example violates where they are violable: half of them.
pub fn strict(quality: &Quality) -> QualityConstraints {
    let mut constraints = quality::suggest(quality);
    for (i, limit) in constraints.limits.iter_mut().enumerate().filter(|(i, _)| i % 2 == 0) {
        let by = 0.2 + i as f64 / 100.0;
        limit.threshold = limit.threshold.map(|threshold| match limit.operator {
            quality::Operator::LessThanThreshold => threshold + by,
            quality::Operator::GreaterThanThreshold => threshold - by,
        });
    }
    constraints
}

pub fn baseline(quality: &Quality) -> QualityBaseline {
    let known = |metric: &Metric| {
        let (name, n) = (metric.name.to_owned(), metric.n);
        Some(BaselineMetric { name, value: metric.value.ok()?, standard_error: metric.standard_error, n })
    };
    let map = CalibrationMap {
        class: String::new(),
        is_kept: true,
        points: vec![(0.0, 0.1), (0.7, 0.6)],
        raw_error: 0.2,
        mapped_error: 0.1,
    };
    let is_finite = |metric: &BaselineMetric| metric.value.is_finite();
    QualityBaseline {
        problem: quality.problem,
        positive_label: (quality.problem == Problem::BinaryClassification).then(|| "1".to_owned()),
        n: quality.n,
        metrics: quality.metrics.iter().filter_map(known).filter(is_finite).collect(),
        predictions: Distribution::Classes(vec![("0".to_owned(), 110), ("ü\u{1f}".to_owned(), 90)]),
        scores: vec![Distribution::Numbers { edges: vec![f64::NEG_INFINITY, 0.5, 1.0], counts: vec![100, 100] }],
        calibration: Some(Calibration { maps: vec![map] }),
        concept: Some(concept(quality.problem)),
    }
}

/// A feature of each kind, its counts all different.
fn concept(problem: Problem) -> ConceptBaseline {
    let numbers = Binning { lowest: -1.5, edges: vec![0.0, 0.1, 7.0], is_of_values: false };
    let labels = match problem {
        Problem::Regression => LabelBins::Numbers(Binning { is_of_values: true, ..numbers.clone() }),
        _ => LabelBins::Classes(vec!["0".to_owned(), "ü\u{1f}".to_owned()]),
    };
    let feature = |name: &str, bins: FeatureBins| {
        let count = |bin: usize, label: usize| (10 * bin + label) as u64;
        let n_labels = labels.n_bins();
        let counts = (0..bins.n_bins()).map(|bin| (0..n_labels).map(|label| count(bin, label)).collect()).collect();
        FeatureConcept { name: name.to_owned(), bins, counts }
    };
    let categories = FeatureBins::Categories(vec!["a".to_owned(), "ä,\"".to_owned()]);
    let features = vec![feature("x", FeatureBins::Numbers(numbers)), feature("y", categories)];
    ConceptBaseline { n: 200, labels, features }
}
