//! CloudWatch metrics as SageMaker publishes them for a container: one JSON object per line
//! (DG:model-monitor-byoc-cloudwatch).
//!
//! A line that CloudWatch would refuse is never written: the limits are those of its PutMetricData.

use std::fmt;

use serde::Serialize;

/// Longest name of a metric or a dimension, in characters.
const MAX_NAME: usize = 255;
/// Longest value of a dimension, in characters.
const MAX_DIMENSION_VALUE: usize = 1024;
const MAX_DIMENSIONS: usize = 30;
/// Largest magnitude of a value, 2^360.
pub const MAX_MAGNITUDE: f64 = 2.348_542_582_773_833_2e108;
/// Smallest magnitude of a value that is not zero, 2^-360.
const MIN_MAGNITUDE: f64 = 4.257_959_840_008_151e-109;

/// One metric at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    pub name: String,
    /// RFC 3339, as [`super::time::utc`] writes it.
    pub timestamp: String,
    /// Names and values.
    pub dimensions: Vec<(String, String)>,
    pub value: MetricValue,
    pub unit: Unit,
}

/// A single number, or the statistics of many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MetricValue {
    Single(f64),
    Statistics { sample_count: f64, sum: f64, minimum: f64, maximum: f64 },
}

/// CloudWatch's word for what the numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// A number without a unit.
    None,
}

/// Why CloudWatch would refuse a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpublishable {
    /// The name is empty, longer than 255 characters, or not printable ASCII.
    Name,
    /// There are more than 30 dimensions, or one's name or value is empty, too long, or not printable ASCII.
    Dimension,
    /// A value is not a finite number.
    NotFinite,
    /// A value is beyond ±2^360, or closer to zero than 2^-360 without being it.
    Magnitude,
    /// The statistics contradict themselves: no samples, or a minimum above the maximum.
    Statistics,
}

impl Unpublishable {
    /// The reason as one stable word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Dimension => "dimension",
            Self::NotFinite => "not_finite",
            Self::Magnitude => "magnitude",
            Self::Statistics => "statistics",
        }
    }
}

impl fmt::Display for Unpublishable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the metric's name is empty, longer than 255 characters, or not printable ASCII",
            Self::Dimension => "a dimension is empty, too long, or not printable ASCII",
            Self::NotFinite => "a value is not a finite number",
            Self::Magnitude => "a value is too large or too close to zero",
            Self::Statistics => "there are no samples, or the minimum is above the maximum",
        })
    }
}

impl Metric {
    /// The metric's line, without a line feed.
    pub fn line(&self) -> Result<Vec<u8>, Unpublishable> {
        self.check()?;
        let (value, statistic_values) = match self.value {
            MetricValue::Single(value) => (Some(value), None),
            MetricValue::Statistics { sample_count, sum, minimum, maximum } => {
                (None, Some(StatisticValues { sample_count, sum, minimum, maximum }))
            }
        };
        let dimensions = self.dimensions.iter().map(|(name, value)| Dimension { name, value }).collect();
        let unit = match self.unit {
            Unit::Count => "Count",
            Unit::None => "None",
        };
        let line =
            Line { metric_name: &self.name, timestamp: &self.timestamp, dimensions, value, statistic_values, unit };
        // Texts and finite numbers only: nothing that serde_json refuses.
        serde_json::to_vec(&line).map_err(|_| Unpublishable::NotFinite)
    }

    fn check(&self) -> Result<(), Unpublishable> {
        if !is_name(&self.name, MAX_NAME) {
            return Err(Unpublishable::Name);
        }
        let is_dimension = |(name, value): &(String, String)| {
            is_name(name, MAX_NAME) && !name.starts_with(':') && is_name(value, MAX_DIMENSION_VALUE)
        };
        if self.dimensions.len() > MAX_DIMENSIONS || !self.dimensions.iter().all(is_dimension) {
            return Err(Unpublishable::Dimension);
        }
        match self.value {
            MetricValue::Single(value) => check_number(value),
            MetricValue::Statistics { sample_count, sum, minimum, maximum } => {
                [sample_count, sum, minimum, maximum].into_iter().try_for_each(check_number)?;
                if sample_count > 0.0 && minimum <= maximum { Ok(()) } else { Err(Unpublishable::Statistics) }
            }
        }
    }
}

/// Printable ASCII, and not white space only.
fn is_name(text: &str, max_length: usize) -> bool {
    let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    is_printable && text.len() <= max_length && !text.trim().is_empty()
}

fn check_number(value: f64) -> Result<(), Unpublishable> {
    if !value.is_finite() {
        return Err(Unpublishable::NotFinite);
    }
    if value == 0.0 || (MIN_MAGNITUDE..=MAX_MAGNITUDE).contains(&value.abs()) {
        return Ok(());
    }
    Err(Unpublishable::Magnitude)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    metric_name: &'a str,
    timestamp: &'a str,
    dimensions: Vec<Dimension<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic_values: Option<StatisticValues>,
    unit: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatisticValues {
    sample_count: f64,
    sum: f64,
    minimum: f64,
    maximum: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(name: &str, value: MetricValue) -> Metric {
        Metric {
            name: name.to_owned(),
            timestamp: "2019-11-26T03:00:00Z".to_owned(),
            dimensions: vec![("Endpoint".to_owned(), "endpoint_0".to_owned())],
            value,
            unit: Unit::None,
        }
    }

    fn statistics(sample_count: f64, minimum: f64, maximum: f64) -> MetricValue {
        MetricValue::Statistics { sample_count, sum: 1.0, minimum, maximum }
    }

    #[test]
    fn lines_have_the_documented_form() {
        let line = |metric: Metric| String::from_utf8(metric.line().unwrap()).unwrap();
        assert_eq!(
            line(Metric { unit: Unit::Count, ..metric("drift_age", MetricValue::Single(0.12)) }),
            r#"{"MetricName":"drift_age","Timestamp":"2019-11-26T03:00:00Z","Dimensions":[{"Name":"Endpoint","Value":"endpoint_0"}],"Value":0.12,"Unit":"Count"}"#
        );
        assert_eq!(
            line(Metric { dimensions: Vec::new(), ..metric("data_age", statistics(3.0, -1.0, 2.5)) }),
            r#"{"MetricName":"data_age","Timestamp":"2019-11-26T03:00:00Z","Dimensions":[],"StatisticValues":{"SampleCount":3.0,"Sum":1.0,"Minimum":-1.0,"Maximum":2.5},"Unit":"None"}"#
        );
    }

    #[test]
    fn limits_are_those_of_cloudwatch() {
        use Unpublishable::{Magnitude, Name, NotFinite, Statistics};
        let single = MetricValue::Single;
        let (long, too_long) = ("n".repeat(255), "n".repeat(256));
        let cases = [
            (metric(&long, single(0.0)), None, "the longest name"),
            (metric(&too_long, single(0.0)), Some(Name), "a longer name"),
            (metric("", single(0.0)), Some(Name), "no name"),
            (metric(" ", single(0.0)), Some(Name), "a blank name"),
            (metric("größe", single(0.0)), Some(Name), "a name that is not ASCII"),
            (metric("a\nb", single(0.0)), Some(Name), "a line feed"),
            (metric("a", single(-0.0)), None, "negative zero"),
            (metric("a", single(f64::NAN)), Some(NotFinite), "not a number"),
            (metric("a", single(f64::NEG_INFINITY)), Some(NotFinite), "infinite"),
            (metric("a", single(2f64.powi(360))), None, "the largest"),
            (metric("a", single(-2f64.powi(360) * 1.000_001)), Some(Magnitude), "too large"),
            (metric("a", single(2f64.powi(-360))), None, "the smallest"),
            (metric("a", single(2f64.powi(-361))), Some(Magnitude), "too small"),
            (metric("a", statistics(1.0, 1.0, 1.0)), None, "one sample"),
            (metric("a", statistics(0.0, 1.0, 1.0)), Some(Statistics), "no samples"),
            (metric("a", statistics(2.0, 1.0, 0.0)), Some(Statistics), "a minimum above the maximum"),
            (metric("a", statistics(2.0, f64::NAN, 0.0)), Some(NotFinite), "a minimum that is no number"),
        ];
        for (metric, expected, what) in cases {
            assert_eq!(metric.line().err(), expected, "{what}");
        }
    }

    #[test]
    fn dimensions_have_limits_too() {
        let with = |name: &str, value: &str, n: usize| Metric {
            dimensions: vec![(name.to_owned(), value.to_owned()); n],
            ..metric("a", MetricValue::Single(1.0))
        };
        assert!(with("Endpoint", &"v".repeat(1024), 30).line().is_ok());
        let refused = [
            ("Endpoint", "v".repeat(1025), 1),
            ("Endpoint", String::new(), 1),
            (":a", "v".into(), 1),
            ("a", "v".into(), 31),
        ];
        for (name, value, n) in refused {
            assert_eq!(with(name, &value, n).line(), Err(Unpublishable::Dimension), "{name} {n}");
        }
    }

    #[test]
    fn magnitudes_are_powers_of_two() {
        assert_eq!(MAX_MAGNITUDE, 2f64.powi(360));
        assert_eq!(MIN_MAGNITUDE, 2f64.powi(-360));
    }
}
