//! `statistics.json` of the model-quality monitor (DG:model-monitor-model-quality-metrics).

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::keys;
use crate::measure::quality::{Confusion, Curves, Metric, Quality};
use crate::names::quality;
use crate::profile::Problem;
use crate::wire::jackson::{self, Double};
use crate::wire::{Layout, time};

/// Times of a run in milliseconds since 1970 (UTC). Bounds that are not known are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub evaluation: i64,
}

/// The file's bytes. Without a labelled row there is no `quality`, and the problem's part is empty.
pub fn write(problem: Problem, quality: Option<&Quality>, times: Times, layout: Layout) -> Vec<u8> {
    jackson::to_bytes(&File { problem, quality, times, layout })
}

struct File<'a> {
    problem: Problem,
    quality: Option<&'a Quality>,
    times: Times,
    layout: Layout,
}

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut file = serializer.serialize_map(None)?;
        file.serialize_entry("version", &Double(0.0))?;
        file.serialize_entry("dataset", &Dataset::of(self))?;
        file.serialize_entry(keys::metrics(self.problem), &Metrics { quality: self.quality, layout: self.layout })?;
        file.end()
    }
}

#[derive(Serialize)]
struct Dataset {
    item_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation_time: Option<String>,
}

impl Dataset {
    fn of(file: &File<'_>) -> Self {
        Self {
            item_count: file.quality.map_or(0, |quality| quality.n),
            start_time: file.times.start.and_then(time::utc),
            end_time: file.times.end.and_then(time::utc),
            evaluation_time: time::utc(file.times.evaluation),
        }
    }
}

/// The problem's part: the matrix, the metrics, and the curves before the areas below them.
struct Metrics<'a> {
    quality: Option<&'a Quality>,
    layout: Layout,
}

impl Serialize for Metrics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut part = serializer.serialize_map(None)?;
        let Some(quality) = self.quality else { return part.end() };
        if let Some(confusion) = &quality.confusion {
            part.serialize_entry("confusion_matrix", &Matrix(confusion))?;
        }
        let is_written = |metric: &&Metric| self.layout == Layout::Aws2024 || metric.name != quality::AU_PRC;
        let is_area = |metric: &Metric| [quality::AUC, quality::AU_PRC].contains(&metric.name);
        let mut curves = quality.curves.as_ref();
        for metric in quality.metrics.iter().filter(is_written) {
            if let Some(curves) = curves.take_if(|_| is_area(metric)) {
                write_curves::<S>(&mut part, curves)?;
            }
            part.serialize_entry(metric.name, &Cell::of(metric))?;
        }
        if let Some(curves) = curves {
            write_curves::<S>(&mut part, curves)?;
        }
        part.end()
    }
}

#[derive(Serialize)]
struct Cell {
    value: Option<f64>,
    standard_deviation: Option<f64>,
}

impl Cell {
    fn of(metric: &Metric) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        Self {
            value: metric.value.ok().and_then(finite),
            standard_deviation: metric.standard_deviation.and_then(finite),
        }
    }
}

fn write_curves<S: Serializer>(part: &mut S::SerializeMap, curves: &Curves) -> Result<(), S::Error> {
    #[derive(Serialize)]
    struct Characteristic<'a> {
        false_positive_rates: &'a [f64],
        true_positive_rates: &'a [f64],
    }
    #[derive(Serialize)]
    struct PrecisionRecall<'a> {
        precisions: &'a [f64],
        recalls: &'a [f64],
    }
    let characteristic = Characteristic {
        false_positive_rates: &curves.false_positive_rates,
        true_positive_rates: &curves.true_positive_rates,
    };
    part.serialize_entry("receiver_operating_characteristic_curve", &characteristic)?;
    let precision_recall = PrecisionRecall { precisions: &curves.precisions, recalls: &curves.recalls };
    part.serialize_entry("precision_recall_curve", &precision_recall)
}

/// `{ actual: { predicted: count } }`.
struct Matrix<'a>(&'a Confusion);

impl Serialize for Matrix<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Confusion { classes, counts } = self.0;
        serializer.collect_map(classes.iter().zip(counts).map(|(actual, counts)| (actual, Row { classes, counts })))
    }
}

struct Row<'a> {
    classes: &'a [String],
    counts: &'a [u64],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.classes.iter().zip(self.counts))
    }
}
