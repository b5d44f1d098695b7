//! Mixed scales: some numbers in another scale than the others, as those of one client among several.

use super::changes::Changes;
use super::evidence::{DISTANCE, DISTANCE_EXPLAINED, Evidence, FACTOR, SHARE, number};
use super::feature::{Feature, MIN_CELLS};
use super::fit::difference;
use super::group::grouped;
use super::kind::Cause;
use super::number_maps::{EFFECTS, Family, Known, NumberMap, all};
use super::words::per_cent;
use crate::sketch::Quantiles;

/// Least share of the numbers that each scale must have.
const MIN_SHARE: f64 = 0.02;
/// Least distance between the numbers of one scale and the baseline's that is no fit, where chance does not explain it.
const NEAR: f64 = 0.1;
/// Another scale is a worse explanation where it leaves so many times as much.
const WORSE: f64 = 2.0;

/// Numbers of two scales.
struct Mixture {
    map: NumberMap,
    /// Of the numbers, those of the other scale.
    share: f64,
    /// Of the numbers of the other scale from the baseline's, before and after they are undone.
    distances: [f64; 2],
    is_chance: bool,
}

/// Every feature with numbers of two scales; `what` says what became of those of the other one.
pub(super) fn causes(changes: &Changes<'_>, what: impl Fn(&NumberMap) -> String) -> Vec<Cause> {
    let mixed = changes.changed(EFFECTS).filter_map(|(place, feature)| {
        let mixture = best(feature)?;
        let share = per_cent(mixture.share);
        let cause = Cause {
            features: vec![place],
            what: format!("{share} of the numbers {}", what(&mixture.map)),
            evidence: evidence(feature, &mixture),
            share_of_rows: mixture.share * feature.share_present(),
        };
        Some(((mixture.map, share), cause))
    });
    grouped(mixed)
}

fn evidence(feature: &Feature<'_>, Mixture { map, share, distances: [before, after], .. }: &Mixture) -> Vec<Evidence> {
    vec![
        number(feature, &FACTOR, map.done(1.0)),
        number(feature, &SHARE, *share),
        number(feature, &DISTANCE, *before),
        number(feature, &DISTANCE_EXPLAINED, *after),
    ]
}

/// The scale that some of the numbers have, where one explains them and no other.
fn best(feature: &Feature<'_>) -> Option<Mixture> {
    let (baseline, current) = feature.numbers()?;
    let (baseline, current) = (&baseline.quantiles, &current.quantiles);
    let ends = feature.baseline_location()?.but_25_in_1000;
    let scales = all().filter(|map| map.family == Family::Scale);
    let mixtures = scales.filter_map(|map| mixture(map, baseline, current, ends));
    let mut mixtures: Vec<Mixture> = mixtures.collect();
    mixtures.sort_by(|a, b| a.distances[1].total_cmp(&b.distances[1]));
    let mut mixtures = mixtures.into_iter();
    let first = mixtures.next()?;
    let is_worse = |second: Mixture| !second.is_chance && second.distances[1] > WORSE * first.distances[1];
    mixtures.next().is_none_or(is_worse).then_some(first)
}

/// The numbers of both scales, where those of the one lie beyond those of the other but for 25 of 1000 on either side,
/// and each is as the baseline's are; `low` and `high` are the ends of the baseline's numbers but for as many.
fn mixture(map: NumberMap, baseline: &Quantiles, current: &Quantiles, [low, high]: [f64; 2]) -> Option<Mixture> {
    let (other_low, other_high) = (map.done(low), map.done(high));
    let is_above = other_low > high;
    if !is_above && other_high >= low {
        return None;
    }
    let border = if is_above { (high + other_low) / 2.0 } else { (other_high + low) / 2.0 };
    let is_other = |x: f64| (x > border) == is_above;
    let (n, n_other) = (current.n(), current.n_where(is_other));
    let share = n_other as f64 / n as f64;
    if n_other.min(n - n_other) < MIN_CELLS || share.min(1.0 - share) < MIN_SHARE {
        return None;
    }
    let fit =
        |numbers: &Quantiles| difference(baseline, numbers).filter(|(distance, chance)| *chance || *distance < NEAR);
    fit(&current.only(|x| !is_other(x)))?;
    let (other, known) = (current.only(is_other), Known::of(baseline));
    let (after, is_chance) = fit(&other.map(|x| known.nearest(map.undone(x))))?;
    let (before, _) = difference(baseline, &other)?;
    Some(Mixture { map, share, distances: [before, after], is_chance })
}
