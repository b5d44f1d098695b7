//! Conditional demographic disparity, and the flip test.

use super::confusion_matrix::{ConfusionMatrix, GroupAndRest, Value, div};
use crate::measure::uncertainty::Uncertainty;
use crate::profile::{ConditionalLack, EightCounts, FlipCounts, GroupCounts};

/// What of the rows is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    Labels,
    Predictions,
}

impl Accepted {
    fn yes(self, side: &ConfusionMatrix) -> f64 {
        match self {
            Self::Labels => side.positives(),
            Self::Predictions => side.predicted_positives(),
        }
    }

    fn no(self, side: &ConfusionMatrix) -> f64 {
        side.n() - self.yes(side)
    }
}

/// CDDL, CDDPL: the group's share of the rejected less its share of the accepted, within each value
/// of the group variable, weighed by their rows; between -1 and 1 (Wachter, Mittelstadt and Russell,
/// "Why fairness cannot be automated", Computer Law and Security Review 41, 2021). A share of nothing
/// is 0.
pub fn conditional_disparity(group: &GroupCounts, accepted: Accepted) -> Value {
    let values = match &group.conditional {
        Ok(values) => values,
        Err(ConditionalLack::NoVariable) => return Err("Group variable is empty or not provided"),
        Err(ConditionalLack::TooManyValues) => return Err("Group variable has more values than can be counted"),
    };
    let all = GroupAndRest::of(&group.counts).all();
    if accepted.yes(&all) == 0.0 {
        return Err("No positive labels in set");
    }
    if accepted.no(&all) == 0.0 {
        return Err("No negative labels in set");
    }
    let (mut weighed, mut n) = (0.0, 0.0);
    for sides in values.iter().map(GroupAndRest::of) {
        let all = sides.all();
        let rejected = div(accepted.no(&sides.sensitive), accepted.no(&all));
        let admitted = div(accepted.yes(&sides.sensitive), accepted.yes(&all));
        weighed += all.n() * (rejected - admitted);
        n += all.n();
    }
    Ok(div(weighed, n))
}

/// How sure a conditional disparity is when the numbers of accepted and rejected rows of every value
/// are given: the shares' binomial variances, with half a hit and half a miss more each, since a share
/// of few rows is often 0 or 1.
pub fn uncertainty_of_disparity(value: f64, values: &[EightCounts], accepted: Accepted) -> Uncertainty {
    let sides: Vec<GroupAndRest> = values.iter().map(GroupAndRest::of).collect();
    let n: f64 = sides.iter().map(|sides| sides.all().n()).sum();
    let variance_of_share = |hits: f64, n: f64| {
        let share = (hits + 0.5) / (n + 1.0);
        if n > 0.0 { share * (1.0 - share) / n } else { 0.0 }
    };
    let variance = |sides: &GroupAndRest| {
        let (all, weight) = (sides.all(), sides.all().n() / n);
        let of_no = variance_of_share(accepted.no(&sides.sensitive), accepted.no(&all));
        let of_yes = variance_of_share(accepted.yes(&sides.sensitive), accepted.yes(&all));
        weight * weight * (of_no + of_yes)
    };
    if n == 0.0 {
        return Uncertainty::default();
    }
    Uncertainty::normal(value, sides.iter().map(variance).sum::<f64>().sqrt(), (-1.0, 1.0))
}

/// FT: rows of the group predicted positive though rows like them are not, less those the other way
/// round, per row of the group; between -1 and 1.
pub fn flip_test(flips: &FlipCounts) -> f64 {
    (flips.n_favoured as f64 - flips.n_harmed as f64) / flips.n_sensitive as f64
}

/// How sure the flip test is. Rows of the group flip either way or not, with half a row more each way; and
/// other rows might be their neighbours, of which the jackknife tells how much each one sways the test
/// (Efron and Stein, "The jackknife estimate of variance", Annals of Statistics 9, 1981: on average it is
/// not too small).
pub fn uncertainty_of_flips(value: f64, flips: &FlipCounts) -> Uncertainty {
    let n = flips.n_sensitive as f64 + 1.0;
    let flipped = (flips.n_favoured + flips.n_harmed) as f64 + 1.0;
    let mean = value * (n - 1.0) / n;
    let of_group = ((flipped / n - mean * mean) / n).max(0.0);
    let (n_rest, sway) = (flips.n_rest as f64, flips.sway as f64);
    let squares = flips.squared_sway as f64 - sway * sway / n_rest;
    let of_rest = (n_rest - 1.0) / n_rest * squares.max(0.0) / (flips.n_sensitive as f64).powi(2);
    Uncertainty::normal(value, (of_group + of_rest).sqrt(), (-1.0, 1.0))
}
