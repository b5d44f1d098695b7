//! Pre-training metrics of bias: differences of labels, before any model (documentation: `clarify-measure-data-bias`).

use super::confusion_matrix::{ConfusionMatrix, GroupAndRest, Value};

const NOTHING_COMMON: &str = "No instance of common facet found, dataset may be too small";

/// CI: (n_a - n_d) / (n_a + n_d), between -1 and 1.
pub fn class_imbalance(sides: &GroupAndRest) -> Value {
    sides.need_both(
        "CI: facet set is empty. Check that x[facet] has non-zero length.",
        "CI: negated facet set is empty. Check that x[~facet] has non-zero length.",
    )?;
    Ok((sides.rest.n() - sides.sensitive.n()) / (sides.rest.n() + sides.sensitive.n()))
}

/// DPL: share of positive labels of all others less that of the group, between -1 and 1.
pub fn difference_in_labels(sides: &GroupAndRest) -> Value {
    difference_of_shares(sides, ConfusionMatrix::positives)
}

/// The share of rows that `count` counts: of all others less that of the group.
pub fn difference_of_shares(sides: &GroupAndRest, count: fn(&ConfusionMatrix) -> f64) -> Value {
    sides.need_both("Facet set is empty.", "Negative facet set is empty.")?;
    Ok(count(&sides.rest) / sides.rest.n() - count(&sides.sensitive) / sides.sensitive.n())
}

/// KL: Σ P_a ln(P_a / P_d) over labels that both sides have; the shares are not made to sum to 1
/// again, so that it can be negative.
pub fn kullback_leibler(sides: &GroupAndRest) -> Value {
    Ok(divergence(&common(sides)?))
}

/// JS: the mean divergence of both sides from their mean, between 0 and ln 2.
pub fn jensen_shannon(sides: &GroupAndRest) -> Value {
    let common = common(sides)?;
    let from_mean = |side: fn(&(f64, f64)) -> f64| -> Vec<(f64, f64)> {
        common.iter().map(|shares| (side(shares), (shares.0 + shares.1) / 2.0)).collect()
    };
    Ok((divergence(&from_mean(|shares| shares.0)) + divergence(&from_mean(|shares| shares.1))) / 2.0)
}

/// LP: Euclidean distance of both sides' shares, between 0 and √2.
pub fn euclidean(sides: &GroupAndRest) -> Value {
    let squares: f64 = common(sides)?.iter().map(|(a, d)| (a - d) * (a - d)).sum();
    Ok(squares.sqrt())
}

/// TVD: half the sum of differences of both sides' shares, between 0 and 1.
pub fn total_variation(sides: &GroupAndRest) -> Value {
    Ok(common(sides)?.iter().map(|(a, d)| (a - d).abs()).sum::<f64>() / 2.0)
}

/// KS: the largest difference of both sides' shares, between 0 and 1.
pub fn kolmogorov_smirnov(sides: &GroupAndRest) -> Value {
    Ok(common(sides)?.iter().map(|(a, d)| (a - d).abs()).fold(0.0, f64::max))
}

/// Shares of negative and positive labels, (P_a, P_d), as far as both sides have the label.
fn common(sides: &GroupAndRest) -> Result<Vec<(f64, f64)>, &'static str> {
    let counts: [fn(&ConfusionMatrix) -> f64; 2] = [ConfusionMatrix::negatives, ConfusionMatrix::positives];
    let of_both = counts.into_iter().filter(|count| count(&sides.rest) > 0.0 && count(&sides.sensitive) > 0.0);
    let share = |side: &ConfusionMatrix, count: fn(&ConfusionMatrix) -> f64| count(side) / side.n();
    let shares: Vec<_> = of_both.map(|count| (share(&sides.rest, count), share(&sides.sensitive, count))).collect();
    if shares.is_empty() { Err(NOTHING_COMMON) } else { Ok(shares) }
}

fn divergence(shares: &[(f64, f64)]) -> f64 {
    shares.iter().map(|(p, q)| p * (p / q).ln()).sum()
}

/// Whether both sides have both labels, so that distances are those of whole distributions.
pub fn has_both_labels(sides: &GroupAndRest) -> bool {
    let has = |side: &ConfusionMatrix| side.positives() > 0.0 && side.negatives() > 0.0;
    has(&sides.rest) && has(&sides.sensitive)
}
