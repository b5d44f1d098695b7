//! Comparison: the two sides of a column, and what several measures read off both.

use std::cell::OnceCell;

use super::bins::{self, Bin};
use super::distribution_functions::DistributionFunctions;
use super::distributions::quantiles;
use crate::profile::{ColumnStatistics, Undefined};

/// A column's baseline and its current statistics. Bins and distribution functions are made once, where a measure
/// needs them.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub baseline: &'a ColumnStatistics,
    pub current: &'a ColumnStatistics,
    bins: OnceCell<Result<Vec<Bin>, Undefined>>,
    functions: OnceCell<Result<DistributionFunctions, Undefined>>,
}

impl<'a> Comparison<'a> {
    pub fn new(baseline: &'a ColumnStatistics, current: &'a ColumnStatistics) -> Self {
        Self { baseline, current, bins: OnceCell::new(), functions: OnceCell::new() }
    }

    /// The rows of both sides in bins that the baseline fixes; those that are empty on both sides are left out.
    pub fn bins(&self) -> Result<&[Bin], Undefined> {
        let bins = self.bins.get_or_init(|| bins::of(self.baseline, self.current));
        bins.as_deref().map_err(|reason| *reason)
    }

    /// The distribution functions of two numeric columns.
    pub(super) fn functions(&self) -> Result<&DistributionFunctions, Undefined> {
        let functions = self.functions.get_or_init(|| {
            let (baseline, current) = quantiles(self.baseline, self.current)?;
            DistributionFunctions::of(baseline, current)
        });
        functions.as_ref().map_err(|reason| *reason)
    }
}
