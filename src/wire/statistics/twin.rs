//! Serde types of a feature in `statistics.json`, key by key as the file has them.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::profile::{Category, ColumnStatistics, Detail, Kind, NumericStatistics, Undefined};
use crate::sketch::{Bucket, Quantiles};
use crate::wire::jackson::Double;
use crate::wire::{Layout, WireError};

/// A value on level `h` stands for `2^h` rows; more levels than this stand for more rows than there are.
const MAX_LEVELS: usize = 32;
/// Largest number of things: up to 2^53 doubles hold it exactly, and sums stay far from 64 bits.
const MAX_COUNT: u64 = 1 << 53;
/// Sketch size and shrinking factor of AWS's files, for files that do not say.
const PARAMETERS: (f64, f64) = (2048.0, 0.64);

#[derive(Deserialize, Serialize)]
pub(super) struct Feature {
    name: Option<String>,
    inferred_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numerical_statistics: Option<Numerical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    string_statistics: Option<Text>,
}

#[derive(Deserialize, Serialize)]
struct Common {
    num_present: Option<Count>,
    num_missing: Option<Count>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Numerical {
    common: Option<Common>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sum: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    std_dev: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate_num_distinct_values: Option<Count>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<NumericDistribution>,
}

#[derive(Deserialize, Serialize)]
struct NumericDistribution {
    kll: Option<Kll>,
}

#[derive(Deserialize, Serialize)]
struct Kll {
    #[serde(skip_deserializing)]
    buckets: Vec<WrittenBucket>,
    sketch: Option<Sketch>,
}

#[derive(Serialize)]
struct WrittenBucket {
    lower_bound: Double,
    upper_bound: Double,
    count: Double,
}

#[derive(Deserialize, Serialize)]
struct Sketch {
    parameters: Option<Parameters>,
    data: Option<Vec<Vec<Double>>>,
}

#[derive(Deserialize, Serialize)]
struct Parameters {
    c: Option<Double>,
    k: Option<Double>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Text {
    common: Option<Common>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distinct_count: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<TextDistribution>,
}

#[derive(Deserialize, Serialize)]
struct TextDistribution {
    categorical: Option<Categorical>,
}

#[derive(Deserialize, Serialize)]
struct Categorical {
    buckets: Option<Vec<CategoryTwin>>,
}

#[derive(Deserialize, Serialize)]
struct CategoryTwin {
    value: String,
    count: Count,
}

impl Feature {
    pub(super) fn of(column: &ColumnStatistics, layout: Layout) -> Self {
        let common =
            Some(Common { num_present: Some(Count(column.n_present)), num_missing: Some(Count(column.n_missing)) });
        let is_2024 = layout == Layout::Aws2024;
        let completeness = column.completeness().ok().filter(|_| is_2024).map(Double);
        let (numerical_statistics, string_statistics) = match &column.detail {
            Detail::Numeric(numbers) => {
                let numerical = Numerical {
                    common,
                    approximate_num_distinct_values: column.n_distinct.filter(|_| is_2024).map(Count),
                    completeness,
                    ..numbers.as_ref().map(Numerical::of).unwrap_or_default()
                };
                (Some(numerical), None)
            }
            Detail::Text(categories) => {
                let text = Text {
                    common,
                    distinct_count: column.n_distinct.map(|n| Double(n as f64)),
                    completeness,
                    distribution: categories.as_deref().map(TextDistribution::of),
                };
                (None, Some(text))
            }
        };
        Self {
            name: Some(column.name.clone()),
            inferred_type: Some(column.kind.name().to_owned()),
            numerical_statistics,
            string_statistics,
        }
    }

    /// `place` is the feature's own; `item_count` is the table's number of rows, if known.
    pub(super) fn into_domain(self, place: &str, item_count: Option<u64>) -> Result<ColumnStatistics, WireError> {
        let error = |key: &str, cause: &str| Err(WireError::new(format!("{place}.{key}"), cause));
        let Some(name) = self.name else { return error("name", "is missing") };
        let Some(kind) = kind_named(self.inferred_type.as_deref()) else {
            return error("inferred_type", "is none of Integral, Fractional, String, Unknown");
        };
        let (common, n_distinct, detail, section) = match (kind, self.numerical_statistics, self.string_statistics) {
            (Kind::Integral | Kind::Fractional, Some(numbers), _) => {
                let section = format!("{place}.numerical_statistics");
                let n_distinct = numbers.approximate_num_distinct_values.map(|count| count.0);
                let common = numbers.common.as_ref().map(Common::counts);
                (common, n_distinct, Detail::Numeric(numbers.into_domain(&section)?), section)
            }
            (Kind::String | Kind::Unknown, _, Some(text)) => {
                let n_distinct =
                    text.distinct_count.filter(|n| n.0 >= 0.0 && n.0.is_finite()).map(|n| n.0.round() as u64);
                let common = text.common.as_ref().map(Common::counts);
                (common, n_distinct, Detail::Text(text.categories()), format!("{place}.string_statistics"))
            }
            // Nothing is known about a column of nulls but how many there are.
            (Kind::Unknown, _, None) => (Some((Some(0), item_count)), None, Detail::Text(None), place.to_owned()),
            (Kind::Integral | Kind::Fractional, None, _) => return error("numerical_statistics", "is missing"),
            (Kind::String, _, None) => return error("string_statistics", "is missing"),
        };
        let (n_present, n_missing) = common.unwrap_or_default();
        let n_missing = n_missing.or(item_count.zip(n_present).and_then(|(rows, n)| rows.checked_sub(n)));
        let (Some(n_present), Some(n_missing)) = (n_present, n_missing) else {
            return Err(WireError::new(format!("{section}.common"), "num_present or num_missing is missing"));
        };
        Ok(ColumnStatistics {
            name,
            kind,
            n_present,
            n_missing,
            n_distinct,
            kind_counts: None,
            n_in_domain: None,
            unknown: Vec::new(),
            detail,
        })
    }
}

impl Common {
    fn counts(&self) -> (Option<u64>, Option<u64>) {
        (self.num_present.map(|count| count.0), self.num_missing.map(|count| count.0))
    }
}

impl Numerical {
    fn of(numbers: &NumericStatistics) -> Self {
        Self {
            mean: Some(Double(numbers.mean)),
            sum: Some(Double(numbers.sum)),
            std_dev: Some(Double(numbers.std_dev)),
            min: Some(Double(numbers.min)),
            max: Some(Double(numbers.max)),
            distribution: NumericDistribution::of(numbers),
            ..Self::default()
        }
    }

    fn into_domain(self, place: &str) -> Result<Result<NumericStatistics, Undefined>, WireError> {
        let moments = [self.mean, self.sum, self.std_dev, self.min, self.max];
        if moments.iter().all(Option::is_none) && self.distribution.is_none() {
            return Ok(Err(Undefined::Empty));
        }
        let needed = |value: Option<Double>, key: &str| {
            value.map(|x| x.0).ok_or_else(|| WireError::new(format!("{place}.{key}"), "is missing"))
        };
        let sketch = self.distribution.and_then(|distribution| distribution.kll).and_then(|kll| kll.sketch);
        Ok(Ok(NumericStatistics {
            mean: needed(self.mean, "mean")?,
            sum: needed(self.sum, "sum")?,
            std_dev: needed(self.std_dev, "std_dev")?,
            min: needed(self.min, "min")?,
            max: needed(self.max, "max")?,
            quantiles: sketch.map_or_else(|| Ok(Quantiles::default()), |sketch| sketch.into_domain(place))?,
            is_sum_wrapped: false,
        }))
    }
}

impl NumericDistribution {
    fn of(numbers: &NumericStatistics) -> Option<Self> {
        let quantiles = &numbers.quantiles;
        if quantiles.levels.is_empty() {
            return None;
        }
        let buckets = quantiles.buckets(numbers.min, numbers.max).map(WrittenBucket::of).into();
        let sketch = Sketch {
            parameters: Some(Parameters { c: Some(Double(quantiles.c)), k: Some(Double(quantiles.k)) }),
            data: Some(quantiles.levels.iter().map(|level| level.iter().copied().map(Double).collect()).collect()),
        };
        Some(Self { kll: Some(Kll { buckets, sketch: Some(sketch) }) })
    }
}

impl WrittenBucket {
    fn of(bucket: Bucket) -> Self {
        let Bucket { lower, upper, count } = bucket;
        Self { lower_bound: Double(lower), upper_bound: Double(upper), count: Double(count) }
    }
}

impl Sketch {
    fn into_domain(self, place: &str) -> Result<Quantiles, WireError> {
        let data = self.data.unwrap_or_default();
        if data.len() > MAX_LEVELS {
            let cause = format!("has {} levels, more than {MAX_LEVELS}", data.len());
            return Err(WireError::new(format!("{place}.distribution.kll.sketch.data"), cause));
        }
        let parameters = self.parameters.unwrap_or(Parameters { c: None, k: None });
        Ok(Quantiles {
            levels: data.into_iter().map(|level| level.into_iter().map(|x| x.0).collect()).collect(),
            k: parameters.k.map_or(PARAMETERS.0, |k| k.0),
            c: parameters.c.map_or(PARAMETERS.1, |c| c.0),
        })
    }
}

impl Text {
    fn categories(self) -> Option<Vec<Category>> {
        let buckets = self.distribution?.categorical?.buckets?;
        Some(buckets.into_iter().map(|CategoryTwin { value, count }| Category { value, count: count.0 }).collect())
    }
}

impl TextDistribution {
    fn of(categories: &[Category]) -> Self {
        let buckets = categories
            .iter()
            .map(|category| CategoryTwin { value: category.value.clone(), count: Count(category.count) })
            .collect();
        Self { categorical: Some(Categorical { buckets: Some(buckets) }) }
    }
}

/// The kind that the file calls `name`.
fn kind_named(name: Option<&str>) -> Option<Kind> {
    [Kind::Integral, Kind::Fractional, Kind::String, Kind::Unknown].into_iter().find(|kind| Some(kind.name()) == name)
}

/// A number of things, at most [`MAX_COUNT`]; read from doubles without a fraction too.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub(super) struct Count(pub(super) u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CountVisitor;
        impl Visitor<'_> for CountVisitor {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0 to 2^53")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Count, E> {
                if value > MAX_COUNT {
                    return Err(E::invalid_value(de::Unexpected::Unsigned(value), &self));
                }
                Ok(Count(value))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Count, E> {
                if value.fract() == 0.0 && (0.0..=MAX_COUNT as f64).contains(&value) {
                    return Ok(Count(value as u64));
                }
                Err(E::invalid_value(de::Unexpected::Float(value), &self))
            }
        }
        deserializer.deserialize_any(CountVisitor)
    }
}
