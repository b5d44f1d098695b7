//! Column numbers: moments and quantiles of one column's numbers, while its final kind is still open.
//!
//! A column of integers is read as 64-bit integers, a column with one fractional cell as doubles
//! throughout, and which it is shows at the end only. The two readings of an integer differ where it
//! is beyond 64 bits (no number, or a double) and for `-0` (`0.0`, or `-0.0`). So one state serves
//! both until they differ, and is forked then.

use super::cell::Number;
use super::statistics::{NumericStatistics, Undefined};
use crate::sketch::{KllSketch, Moments};

/// The open numbers.
#[derive(Clone, Debug)]
pub(super) enum Numbers {
    /// No fractional cell so far.
    Integral { double: Reading, long: Option<Box<Reading>>, sum: i128 },
    /// At least one fractional cell.
    Fractional { double: Reading },
    /// The column is text.
    Dropped,
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Integral { double: Reading::default(), long: None, sum: 0 }
    }
}

impl Numbers {
    /// Takes one number in.
    #[inline]
    pub fn push(&mut self, number: &Number<'_>) {
        if number.is_fractional {
            self.drop_long_reading();
        }
        match self {
            Self::Integral { double, long, sum } => {
                let (as_double, as_long) = (number.double(), number.long());
                *sum += i128::from(as_long.unwrap_or(0));
                let as_long = as_long.map(|x| x as f64);
                if long.is_none() && as_double.map(f64::to_bits) != as_long.map(f64::to_bits) {
                    *long = Some(Box::new(double.clone()));
                }
                if let (Some(long), Some(x)) = (long, as_long) {
                    long.push(x);
                }
                if let Some(x) = as_double {
                    double.push(x);
                }
            }
            Self::Fractional { double } => {
                if let Some(x) = number.double() {
                    double.push(x);
                }
            }
            Self::Dropped => {}
        }
    }

    /// Takes in what `other` saw.
    pub fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Dropped, _) => {}
            (_, Self::Dropped) => *self = Self::Dropped,
            (
                Self::Integral { double, long, sum },
                Self::Integral { double: other_double, long: other_long, sum: other_sum },
            ) => {
                *sum += other_sum;
                if long.is_some() || other_long.is_some() {
                    let other_long = other_long.unwrap_or_else(|| Box::new(other_double.clone()));
                    long.get_or_insert_with(|| Box::new(double.clone())).merge(*other_long);
                }
                double.merge(other_double);
            }
            (_, Self::Fractional { double: other } | Self::Integral { double: other, .. }) => {
                self.drop_long_reading();
                if let Self::Fractional { double } = self {
                    double.merge(other);
                }
            }
        }
    }

    /// Closes the numbers of a column of integers, or of one with fractions.
    pub fn finish(self) -> Result<NumericStatistics, Undefined> {
        match self {
            Self::Integral { double, long, sum } => long.map_or(double, |long| *long).finish(Some(sum)),
            Self::Fractional { double } => double.finish(None),
            Self::Dropped => Err(Undefined::Empty),
        }
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        match self {
            Self::Integral { double, long, .. } => {
                double.sketch.memory() + long.as_ref().map_or(0, |long| size_of::<Reading>() + long.sketch.memory())
            }
            Self::Fractional { double } => double.sketch.memory(),
            Self::Dropped => 0,
        }
    }

    fn drop_long_reading(&mut self) {
        if let Self::Integral { double, .. } = self {
            *self = Self::Fractional { double: std::mem::take(double) };
        }
    }
}

/// Sum, moments, extremes and sketch of one way to read the cells.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    moments: Moments,
    /// Sequential in row order.
    sum: f64,
    /// Among equal zeros the first one.
    min: f64,
    max: f64,
    sketch: KllSketch,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            moments: Moments::default(),
            sum: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sketch: KllSketch::default(),
        }
    }
}

impl Reading {
    #[inline]
    fn push(&mut self, x: f64) {
        self.moments.push(x);
        self.sum += x;
        self.extend(x, x);
        self.sketch.push(x);
    }

    fn merge(&mut self, other: Self) {
        self.moments.merge(&other.moments);
        self.sum += other.sum;
        self.extend(other.min, other.max);
        self.sketch.merge(other.sketch);
    }

    #[inline]
    fn extend(&mut self, min: f64, max: f64) {
        if min < self.min {
            self.min = min;
        }
        if max > self.max {
            self.max = max;
        }
    }

    /// `exact_sum` stands in for the sum of doubles. Beyond 64 bits it wraps around, as Spark's does.
    fn finish(self, exact_sum: Option<i128>) -> Result<NumericStatistics, Undefined> {
        let n = self.moments.n();
        if n == 0.0 {
            return Err(Undefined::Empty);
        }
        let sum = exact_sum.map_or(self.sum, |sum| sum as i64 as f64);
        Ok(NumericStatistics {
            mean: sum / n,
            sum,
            std_dev: self.moments.population_deviation(),
            min: self.min,
            max: self.max,
            quantiles: self.sketch.finish(),
            is_sum_wrapped: exact_sum.is_some_and(|sum| i64::try_from(sum).is_err()),
        })
    }
}
