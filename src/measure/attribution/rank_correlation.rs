//! Weighted Kendall rank correlation: whether the order of features is the baseline's, mostly of the large ones.
//!
//! Kendall's τ counts pairs of features that are in the same order on both sides against those that are not. Among
//! dozens of features most pairs are of small attributions, whose order is chance; so each pair weighs
//! 1/rank + 1/rank', with ranks from 1 for the largest attribution. The ranks are those of one side, and the result
//! is the mean of that with the ranks of either side (S. Vigna, "A weighted correlation index for rankings with
//! ties", WWW 2015, p. 1166: additive hyperbolic weights). Ties are in no order, as in τ-b.

use std::cmp::Ordering;

use crate::profile::Undefined;

/// Features for which pairs are counted: eight million pairs.
const MAX_FEATURES: usize = 4_096;

/// In -1…1; not defined where all attributions of one side are equal.
pub(super) fn rank_correlation(baseline: &[f64], current: &[f64]) -> Result<f64, Undefined> {
    let n = baseline.len().min(current.len());
    if n < 2 {
        return Err(Undefined::TooFewFeatures);
    }
    if n > MAX_FEATURES {
        return Err(Undefined::HighCardinality);
    }
    let (baseline, current) = (&baseline[..n], &current[..n]);
    if !baseline.iter().chain(current).all(|x| x.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    let by_baseline = weighted(baseline, current, &ranks(baseline, current))?;
    let by_current = weighted(baseline, current, &ranks(current, baseline))?;
    Ok(((by_baseline + by_current) / 2.0).clamp(-1.0, 1.0))
}

/// From 1 for the largest; what is equal by `first`, by `second`.
fn ranks(first: &[f64], second: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..first.len()).collect();
    let compare = |values: &[f64], a: usize, b: usize| values[b].partial_cmp(&values[a]).unwrap_or(Ordering::Equal);
    order.sort_by(|a, b| compare(first, *a, *b).then(compare(second, *a, *b)));
    let mut ranks = vec![0.0; first.len()];
    for (place, feature) in order.into_iter().enumerate() {
        ranks[feature] = (place + 1) as f64;
    }
    ranks
}

fn weighted(baseline: &[f64], current: &[f64], ranks: &[f64]) -> Result<f64, Undefined> {
    // -1, 0 or 1.
    let direction = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
    let (mut product, mut baseline_weight, mut current_weight) = (0.0, 0.0, 0.0);
    for i in 0..ranks.len() {
        for j in 0..i {
            let weight = 1.0 / ranks[i] + 1.0 / ranks[j];
            let (before, now) = (direction(baseline[i], baseline[j]), direction(current[i], current[j]));
            product += weight * before * now;
            baseline_weight += weight * before.abs();
            current_weight += weight * now.abs();
        }
    }
    if baseline_weight == 0.0 || current_weight == 0.0 {
        return Err(Undefined::NotFinite);
    }
    Ok(product / (baseline_weight * current_weight).sqrt())
}
