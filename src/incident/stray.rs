//! Strays: features that are no longer what their baseline was, and what another feature's baseline makes of them.

use super::changes::Changes;
use super::feature::Feature;
use super::fit::Fit;

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
            false => feature.distance().filter(|distance| *distance >= min_distance)?,
        };
        Some(Self { place, feature, own_distance })
    }

    /// How well its current cells fit the baseline of another feature.
    pub fn fit(&self, other: &Feature<'_>) -> Option<Fit> {
        let fit = || Fit::of_columns(self.own_distance, other.baseline, self.feature.current);
        if self.feature.may_be(other) { fit() } else { None }
    }

    /// How well this and another one fit each other's baselines.
    pub fn fits_of_both(&self, other: &Self) -> Option<(Fit, Fit)> {
        let is_possible = self.feature.may_be(other.feature) && other.feature.may_be(self.feature);
        if is_possible { Some((self.fit(other.feature)?, other.fit(self.feature)?)) } else { None }
    }
}
