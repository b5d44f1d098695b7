//! Maps of numbers: other units, other scales, the other sign; and the one that explains a change.

use super::changes::Changes;
use super::evidence::{DISTANCE, DISTANCE_EXPLAINED, Evidence, FACTOR, OFFSET, number};
use super::feature::Feature;
use super::fit::{self, Fit};
use super::group::grouped;
use super::kind::Cause;
use super::numbers::Location;
use crate::sketch::Quantiles;

/// The effects that such a map changes; fractions, where whole numbers are divided.
pub(super) const EFFECTS: &[&str] = &["ks_statistic", "out_of_range_share", "unexpected_kind_share"];

/// Least distance that a map is looked for.
const MIN_DISTANCE: f64 = 0.1;
/// The middle must have moved by so many spreads, for a scale of the smaller one and for a unit, whose factors are
/// those of ordinary growth, of the larger one …
const MIN_MOVED: f64 = 2.0;
/// … or, for a scale, the spread have changed by this factor: other changes are ordinary drift as well.
const MIN_SPREAD_RATIO: f64 = 5.0;
/// Numbers are the baseline's up to rounding where they differ by less than this share of themselves.
const SAME: f64 = 1e-9;

/// Factors of a scale beside the powers of ten: minutes, hours and days of seconds or of one another.
const FACTORS: [f64; 4] = [24.0, 60.0, 3_600.0, 86_400.0];
/// Largest power of ten.
const MAX_POWER: i32 = 9;

/// Two units, of which the second is the first times the factor, plus the offset: A. Thompson, B. N. Taylor, "Guide for
/// the use of the International System of Units", NIST Special Publication 811, 2008, appendix B.8.
const UNITS: [(&str, &str, f64, f64); 8] = [
    ("degrees Celsius", "degrees Fahrenheit", 1.8, 32.0),
    ("degrees Celsius", "kelvins", 1.0, 273.15),
    ("kelvins", "degrees Fahrenheit", 1.8, -459.67),
    ("miles", "kilometres", 1.609_344, 0.0),
    ("pounds", "kilograms", 0.453_592_37, 0.0),
    ("inches", "centimetres", 2.54, 0.0),
    ("feet", "metres", 0.304_8, 0.0),
    ("US gallons", "litres", 3.785_412, 0.0),
];

/// Which kind of incident a map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Scale,
    Unit,
    Sign,
}

impl Family {
    /// Whether the numbers changed by more than without such a cause; of a sign another rule decides ([`is_flipped`]).
    fn is_beyond_drift(self, before: &Location, after: &Location) -> bool {
        let moved = (after.median() - before.median()).abs();
        let (least, most) = (before.spread.min(after.spread), before.spread.max(after.spread));
        match self {
            Self::Scale => most > 0.0 && (moved >= MIN_MOVED * least || most >= MIN_SPREAD_RATIO * least),
            Self::Unit => most > 0.0 && moved >= MIN_MOVED * most,
            Self::Sign => true,
        }
    }
}

/// What may have become of every number x of a column: factor · x + offset, or back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NumberMap {
    pub family: Family,
    pub factor: f64,
    pub offset: f64,
    /// Whether the numbers went the other way.
    pub is_inverse: bool,
    /// The units before and after, where they have names.
    pub units: Option<(&'static str, &'static str)>,
}

impl NumberMap {
    /// The number after.
    pub fn done(&self, x: f64) -> f64 {
        if self.is_inverse { (x - self.offset) / self.factor } else { self.factor * x + self.offset }
    }

    /// The number before.
    pub fn undone(&self, x: f64) -> f64 {
        if self.is_inverse { self.factor * x + self.offset } else { (x - self.offset) / self.factor }
    }

    fn both_ways(self) -> [Self; 2] {
        let units = self.units.map(|(before, after)| (after, before));
        [self, Self { is_inverse: true, units, ..self }]
    }
}

/// Every map.
pub(super) fn all() -> impl Iterator<Item = NumberMap> {
    let scale = |factor| NumberMap { family: Family::Scale, factor, offset: 0.0, is_inverse: false, units: None };
    let scales = (1..=MAX_POWER).map(|power| 10_f64.powi(power)).chain(FACTORS).map(scale);
    let unit = |(before, after, factor, offset)| NumberMap {
        family: Family::Unit,
        factor,
        offset,
        is_inverse: false,
        units: Some((before, after)),
    };
    let sign = NumberMap { family: Family::Sign, ..scale(-1.0) };
    scales.chain(UNITS.into_iter().map(unit)).flat_map(NumberMap::both_ways).chain([sign])
}

/// Every feature that a map of this family explains, features of the same map together.
pub(super) fn causes(changes: &Changes<'_>, family: Family, what: impl Fn(&NumberMap) -> String) -> Vec<Cause> {
    let explained = changes.changed(EFFECTS).filter_map(|(place, feature)| {
        let (map, fit) = best(feature).filter(|(map, _)| map.family == family)?;
        let (what, evidence) = (what(&map), evidence(feature, &map, fit));
        Some((map, Cause { features: vec![place], what, evidence, share_of_rows: feature.share_present() }))
    });
    grouped(explained)
}

fn evidence(feature: &Feature<'_>, map: &NumberMap, fit: Fit) -> Vec<Evidence> {
    let factor = if map.is_inverse { 1.0 / map.factor } else { map.factor };
    let offset = if map.is_inverse { -map.offset / map.factor } else { map.offset };
    let offset = (offset != 0.0).then(|| number(feature, &OFFSET, offset));
    let mut evidence = vec![number(feature, &FACTOR, factor)];
    evidence.extend(offset);
    evidence.push(number(feature, &DISTANCE, fit.before));
    evidence.push(number(feature, &DISTANCE_EXPLAINED, fit.after));
    evidence
}

/// The map that explains the change of a feature, where one does and no other.
fn best(feature: &Feature<'_>) -> Option<(NumberMap, Fit)> {
    let (baseline, current) = feature.numbers()?;
    let (before, after) = (feature.baseline_location()?, feature.location()?);
    let is_possible = |map: &NumberMap| {
        let has_moved = map.family.is_beyond_drift(before, after);
        // Else more than a quarter of the numbers would be on the other side of the baseline's median.
        has_moved && before.has_near_its_middle(map.undone(after.median()))
    };
    let maps: Vec<NumberMap> = all().filter(is_possible).collect();
    if maps.is_empty() {
        return None;
    }
    let distance = feature.distance().filter(|distance| *distance >= MIN_DISTANCE)?;
    let known = Known::of(&baseline.quantiles);
    let undone = |map: &NumberMap| current.quantiles.map(|x| known.nearest(map.undone(x)));
    let fits = maps.into_iter().filter_map(|map| {
        let fit = Fit::of_numbers(distance, &baseline.quantiles, &undone(&map))?;
        Some((map, fit))
    });
    let mut fits: Vec<(NumberMap, Fit)> = fits.collect();
    fits.sort_by(|(_, a), (_, b)| a.after.total_cmp(&b.after));
    let (map, fit) = *fits.first()?;
    let is_alone = fits.get(1).is_none_or(|(_, second)| fit.excludes(second));
    let is_no_shift = map.family != Family::Sign || is_flipped(before, after, &baseline.quantiles, &current.quantiles);
    (is_alone && is_no_shift).then_some((map, fit))
}

/// Whether a sign is the cause, and not a shift that looks alike: the middle is far from 0 on both sides, or the
/// shape is another one wherever it lies.
fn is_flipped(before: &Location, after: &Location, baseline: &Quantiles, current: &Quantiles) -> bool {
    let is_far = |side: &Location| side.median().abs() >= side.spread && side.spread > 0.0;
    let shift = before.median() - after.median();
    is_far(before) && is_far(after) || !fit::is_chance(baseline, &current.map(|x| x + shift))
}

/// The numbers of a baseline, rising.
pub(super) struct Known {
    values: Vec<f64>,
}

impl Known {
    pub fn of(quantiles: &Quantiles) -> Self {
        let mut values: Vec<f64> = quantiles.levels.iter().flatten().copied().collect();
        values.sort_by(f64::total_cmp);
        Self { values }
    }

    /// The known number that `x` is but for rounding; else `x`.
    pub fn nearest(&self, x: f64) -> f64 {
        let place = self.values.partition_point(|value| *value < x);
        let near = self.values[place.saturating_sub(1)..].iter().take(2);
        near.copied().find(|value| (value - x).abs() <= SAME * x.abs()).unwrap_or(x)
    }
}
