//! Profile-likelihood intervals of distances between the label distributions of a group and the rest.
//!
//! Of replicates no interval can be had for them: drawn anew, two equal shares differ, so that replicates of
//! a distance near 0 all lie above it. A likelihood does not have this fault: the interval spans the
//! distances of all pairs of shares that the counts do not rule out (Venzon and Moolgavkar, "A method for
//! computing profile-likelihood-based confidence intervals", Applied Statistics 37, 1988).

use std::f64::consts::TAU;

use super::confusion_matrix::{ConfusionMatrix, GroupAndRest, Value};

/// The chi-squared law's quantile at 0.95, with one degree of freedom: pairs whose log-likelihood lies
/// further than half of it below the largest are ruled out.
const QUANTILE: f64 = 3.841_458_820_694_124;
/// Directions in which the edge of the region is looked for. Between two of them a distance leaves the
/// line between its values by less than one part in a thousand of its range.
const N_DIRECTIONS: u32 = 256;
/// Halvings of the way to the edge: as many as a double has bits.
const N_HALVINGS: u32 = 53;

/// Positive labels of both sides.
#[derive(Clone, Copy)]
struct Counts {
    rest: (f64, f64),
    sensitive: (f64, f64),
}

/// The 95 % interval of a distance that is 0 between equal shares only, and grows away from them. `None`
/// unless both sides have both labels: the distance is then not one of whole distributions.
pub fn interval(sides: &GroupAndRest, distance: fn(&GroupAndRest) -> Value) -> Option<(f64, f64)> {
    let of = |side: &ConfusionMatrix| (side.positives(), side.negatives());
    let counts = Counts { rest: of(&sides.rest), sensitive: of(&sides.sensitive) };
    let share = |(positives, negatives): (f64, f64)| positives / (positives + negatives);
    let (rest, sensitive) = (share(counts.rest), share(counts.sensitive));
    let error =
        |share: f64, (positives, negatives): (f64, f64)| (share * (1.0 - share) / (positives + negatives)).sqrt();
    let errors = (error(rest, counts.rest), error(sensitive, counts.sensitive));
    if !(errors.0 > 0.0 && errors.1 > 0.0) {
        return None;
    }
    let best = counts.log_likelihood((rest, sensitive));
    let is_held = |shares: (f64, f64)| 2.0 * (best - counts.log_likelihood(shares)) <= QUANTILE;
    let mut ends: Option<(f64, f64)> = None;
    for direction in 0..N_DIRECTIONS {
        let angle = TAU * f64::from(direction) / f64::from(N_DIRECTIONS);
        let step = (errors.0 * angle.cos(), errors.1 * angle.sin());
        let at = |way: f64| (rest + way * step.0, sensitive + way * step.1);
        let (mut held, mut ruled_out) = (0.0, way_out(rest, step.0).min(way_out(sensitive, step.1)));
        for _ in 0..N_HALVINGS {
            let half = (held + ruled_out) / 2.0;
            if is_held(at(half)) { held = half } else { ruled_out = half }
        }
        let value = distance(&between(at(held))).ok()?;
        ends = Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
    }
    let all = share((counts.rest.0 + counts.sensitive.0, counts.rest.1 + counts.sensitive.1));
    // Of all pairs of equal shares the common one is the likeliest.
    ends.map(|(low, high)| if is_held((all, all)) { (0.0, high) } else { (low, high) })
}

impl Counts {
    fn log_likelihood(&self, (rest, sensitive): (f64, f64)) -> f64 {
        let of = |(positives, negatives): (f64, f64), share: f64| positives * share.ln() + negatives * (-share).ln_1p();
        of(self.rest, rest) + of(self.sensitive, sensitive)
    }
}

/// How many steps it is from a share to 0 or 1.
fn way_out(share: f64, step: f64) -> f64 {
    if step >= 0.0 { (1.0 - share) / step } else { share / -step }
}

/// GroupAndRest with these shares of positive labels.
fn between((rest, sensitive): (f64, f64)) -> GroupAndRest {
    GroupAndRest::of_cells(&[1.0 - rest, 0.0, rest, 0.0, 1.0 - sensitive, 0.0, sensitive, 0.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::bias::labels::{jensen_shannon, kullback_leibler};

    fn sides(rest: [f64; 2], sensitive: [f64; 2]) -> GroupAndRest {
        GroupAndRest::of_cells(&[rest[0], 0.0, rest[1], 0.0, sensitive[0], 0.0, sensitive[1], 0.0])
    }

    #[test]
    fn the_interval_of_a_difference_is_that_of_its_likelihood() {
        // The squared difference of the shares: its ends are the profile likelihood's, found on a grid of
        // the difference and, for each, of one share.
        let squared = |sides: &GroupAndRest| {
            let share = |side: &ConfusionMatrix| side.positives() / side.n();
            let difference = share(&sides.rest) - share(&sides.sensitive);
            Ok(difference * difference)
        };
        let (low, high) = interval(&sides([30.0, 70.0], [40.0, 20.0]), squared).expect("an interval");
        let log = |k: f64, n: f64, p: f64| k * p.ln() + (n - k) * (1.0 - p).ln();
        let best = log(70.0, 100.0, 0.7) + log(20.0, 60.0, 1.0 / 3.0);
        let held: Vec<f64> = (1..1_000)
            .map(|step| f64::from(step) / 1_000.0)
            .filter(|difference| {
                let shares = (1..1_000).map(|step| f64::from(step) / 1_000.0).filter(|share| share + difference < 1.0);
                let most = shares.map(|share| log(70.0, 100.0, share + difference) + log(20.0, 60.0, share));
                2.0 * (best - most.fold(f64::NEG_INFINITY, f64::max)) <= QUANTILE
            })
            .collect();
        let (first, last) = (held.first().expect("a difference"), held.last().expect("a difference"));
        assert!(
            (low.sqrt() - first).abs() < 0.002 && (high.sqrt() - last).abs() < 0.002,
            "{low} {high} {first} {last}"
        );
    }

    #[test]
    fn equal_shares_are_held_exactly_when_a_test_of_the_counts_does_not_rule_them_out() {
        // The likelihood-ratio statistic of the four counts is 3.43 in the first case, 4.60 in the second.
        for (sensitive, holds) in [([38.0, 62.0], true), ([36.0, 64.0], false)] {
            for distance in [jensen_shannon, kullback_leibler] {
                let (low, high) = interval(&sides([51.0, 49.0], sensitive), distance).expect("an interval");
                assert_eq!(low == 0.0, holds, "{sensitive:?}");
                assert!(high > low && high.is_finite());
            }
        }
    }

    #[test]
    fn sides_that_lack_a_label_have_no_interval() {
        for (rest, sensitive) in [([0.0, 5.0], [3.0, 3.0]), ([3.0, 3.0], [5.0, 0.0]), ([0.0, 0.0], [1.0, 1.0])] {
            assert_eq!(interval(&sides(rest, sensitive), jensen_shannon), None);
        }
    }
}
