//! `model_quality_baseline.json`: what a model-quality baseline remembers beside its constraints. Ours.

use serde::{Deserialize, Serialize};

use super::concept::Concept;
use crate::measure::quality::{self, CalibrationMap, QualityBaseline};
use crate::profile::Problem;
use crate::wire::error::from_json;
use crate::wire::jackson::Double;
use crate::wire::{WireError, jackson};

/// The only version that is known.
const VERSION: u64 = 1;

/// The file's bytes.
pub fn write(baseline: &QualityBaseline) -> Vec<u8> {
    jackson::to_bytes(&File::of(baseline))
}

/// The baseline that the file holds. What others rely on is checked: intervals that rise and have
/// one edge more than counts, points of calibration that rise, numbers where numbers are needed.
pub fn read(bytes: &[u8]) -> Result<QualityBaseline, WireError> {
    let file: File = from_json(bytes)?;
    if file.version != VERSION {
        return Err(WireError::new("version", format!("is {}, and only {VERSION} is known", file.version)));
    }
    file.into_domain()
}

#[derive(Deserialize, Serialize)]
struct File {
    version: u64,
    problem_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    positive_label: Option<String>,
    n: u64,
    metrics: Vec<Metric>,
    predictions: Distribution,
    #[serde(default)]
    scores: Vec<Distribution>,
    #[serde(default)]
    calibration: Option<Vec<Map>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    features: Option<Concept>,
}

#[derive(Deserialize, Serialize)]
struct Metric {
    name: String,
    value: f64,
    standard_error: Option<f64>,
    n: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Distribution {
    Classes(Vec<Class>),
    Numbers { edges: Vec<Double>, counts: Vec<u64> },
}

#[derive(Deserialize, Serialize)]
struct Class {
    value: String,
    count: u64,
}

#[derive(Deserialize, Serialize)]
struct Map {
    class: String,
    is_kept: bool,
    points: Vec<Point>,
    /// Null where it was not computed.
    raw_error: Option<f64>,
    mapped_error: Option<f64>,
}

#[derive(Deserialize, Serialize)]
struct Point {
    score: f64,
    probability: f64,
}

impl File {
    fn of(baseline: &QualityBaseline) -> Self {
        let is_finite = |metric: &&quality::BaselineMetric| metric.value.is_finite();
        let metric = |metric: &quality::BaselineMetric| Metric {
            name: metric.name.clone(),
            value: metric.value,
            standard_error: metric.standard_error.and_then(finite),
            n: metric.n,
        };
        Self {
            version: VERSION,
            problem_type: baseline.problem.name().to_owned(),
            positive_label: baseline.positive_label.clone(),
            n: baseline.n,
            metrics: baseline.metrics.iter().filter(is_finite).map(metric).collect(),
            predictions: Distribution::of(&baseline.predictions),
            scores: baseline.scores.iter().map(Distribution::of).collect(),
            calibration: baseline.calibration.as_ref().map(|all| all.maps.iter().map(Map::of).collect()),
            features: baseline.concept.as_ref().map(Concept::of),
        }
    }

    fn into_domain(self) -> Result<QualityBaseline, WireError> {
        let problem = Problem::ALL.into_iter().find(|problem| problem.name() == self.problem_type);
        let problem = problem.ok_or_else(|| WireError::new("problem_type", "is no problem type"))?;
        let metric = |metric: Metric| {
            let Metric { name, value, standard_error, n } = metric;
            quality::BaselineMetric { name, value, standard_error, n }
        };
        let scores = self.scores.into_iter().enumerate();
        let maps = self.calibration.map(|maps| {
            let maps = maps.into_iter().enumerate();
            maps.map(|(i, map)| map.into_domain(&format!("calibration[{i}]"))).collect::<Result<_, _>>()
        });
        Ok(QualityBaseline {
            problem,
            positive_label: self.positive_label,
            n: self.n,
            metrics: self.metrics.into_iter().map(metric).collect(),
            predictions: self.predictions.into_domain("predictions")?,
            scores: scores.map(|(i, one)| one.into_domain(&format!("scores[{i}]"))).collect::<Result<_, _>>()?,
            calibration: maps.transpose()?.map(|maps| quality::Calibration { maps }),
            concept: self.features.map(Concept::into_domain).transpose()?,
        })
    }
}

impl Distribution {
    fn of(distribution: &quality::Distribution) -> Self {
        match distribution {
            quality::Distribution::Classes(classes) => Self::Classes(
                classes.iter().map(|(value, count)| Class { value: value.clone(), count: *count }).collect(),
            ),
            quality::Distribution::Numbers { edges, counts } => {
                Self::Numbers { edges: edges.iter().copied().map(Double).collect(), counts: counts.clone() }
            }
        }
    }

    fn into_domain(self, place: &str) -> Result<quality::Distribution, WireError> {
        let (edges, counts) = match self {
            Self::Classes(classes) => {
                let classes = classes.into_iter().map(|class| (class.value, class.count)).collect();
                return Ok(quality::Distribution::Classes(classes));
            }
            Self::Numbers { edges, counts } => (edges.into_iter().map(|edge| edge.0).collect::<Vec<_>>(), counts),
        };
        if edges.len() != counts.len() + 1 {
            return Err(WireError::new(place, "there is not one edge more than there are counts"));
        }
        if edges.iter().any(|edge| edge.is_nan()) || !edges.is_sorted() {
            return Err(WireError::new(format!("{place}.numbers.edges"), "do not rise"));
        }
        Ok(quality::Distribution::Numbers { edges, counts })
    }
}

impl Map {
    fn of(map: &CalibrationMap) -> Self {
        Self {
            class: map.class.clone(),
            is_kept: map.is_kept,
            points: map.points.iter().map(|&(score, probability)| Point { score, probability }).collect(),
            raw_error: finite(map.raw_error),
            mapped_error: finite(map.mapped_error),
        }
    }

    fn into_domain(self, place: &str) -> Result<CalibrationMap, WireError> {
        let points: Vec<(f64, f64)> = self.points.iter().map(|point| (point.score, point.probability)).collect();
        let rises = points.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1);
        if !rises || !points.iter().all(|(_, probability)| (0.0..=1.0).contains(probability)) {
            return Err(WireError::new(format!("{place}.points"), "do not rise, or leave 0…1"));
        }
        Ok(CalibrationMap {
            class: self.class,
            is_kept: self.is_kept,
            points,
            raw_error: self.raw_error.unwrap_or(f64::NAN),
            mapped_error: self.mapped_error.unwrap_or(f64::NAN),
        })
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
