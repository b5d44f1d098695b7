//! Strays: features that are no longer what their baseline was, and what another feature's baseline makes of them.

use super::changes::{Changes, Feature};
use super::fit::{Fit, distance};
use super::numbers::{self, Location};
use crate::profile::ColumnStatistics;

/// The effects by which a feature may be another one; all of them are explained where it is.
pub(super) const EFFECTS: &[&str] = &[
    "ks_statistic",
    "out_of_range_share",
    "total_variation_distance",
    "new_category_share",
    "unexpected_kind_share",
    "missing_rate_change",
];

/// A feature that is far from its own baseline, and beyond chance.
pub(super) struct Stray<'a> {
    pub place: usize,
    pub feature: &'a Feature<'a>,
    own_distance: f64,
    /// Of numbers.
    before: Option<Location>,
    now: Option<Location>,
}

impl<'a> Stray<'a> {
    /// The feature at this place, if it is at least so far from its own baseline; texts and numbers are 1 apart.
    pub fn of(changes: &'a Changes<'a>, place: usize, min_distance: f64) -> Option<Self> {
        let feature = &changes.features()[place];
        let is_of_other_kind = feature.baseline.kind.is_numeric() != feature.current.kind.is_numeric();
        let own_distance = match is_of_other_kind {
            _ if !feature.has_cells() => return None,
            true => 1.0,
            false if !changes.has_changed(place, EFFECTS) => return None,
            false => distance(feature.baseline, feature.current).filter(|distance| *distance >= min_distance)?,
        };
        let location = |column| Location::of(numbers::of(column)?);
        let (before, now) = (location(feature.baseline), location(feature.current));
        Some(Self { place, feature, own_distance, before, now })
    }

    /// How well its current cells fit the baseline of another feature.
    pub fn fit(&self, baseline: &ColumnStatistics) -> Option<Fit> {
        let is_comparable = baseline.kind.is_numeric() == self.feature.current.kind.is_numeric();
        if is_comparable { Fit::of_columns(self.own_distance, baseline, self.feature.current) } else { None }
    }

    /// How well this and another one fit each other's baselines.
    pub fn fits_of_both(&self, other: &Self) -> Option<(Fit, Fit)> {
        // Else more than a quarter of the numbers would be on the other side of the other baseline's median.
        let is_near = |now: Option<Location>, before: Option<Location>| match (now, before) {
            (Some(now), Some(before)) => before.has_near_its_middle(now.median()),
            (None, None) => true,
            _ => false,
        };
        if !is_near(self.now, other.before) || !is_near(other.now, self.before) {
            return None;
        }
        Some((self.fit(other.feature.baseline)?, other.fit(self.feature.baseline)?))
    }
}
