//! Jensen-Shannon distance of the shares of features in all attribution, and the ratio of its totals.

use crate::measure::finite::finite;
use crate::measure::jensen_shannon::jensen_shannon_distance;
use crate::profile::Undefined;

/// Jensen-Shannon distance of the shares that the features have in all of it, in 0…1.
pub(super) fn share_distance(baseline: &[f64], current: &[f64]) -> Result<f64, Undefined> {
    let (all_before, all_now) = (total(baseline)?, total(current)?);
    if all_before == 0.0 || all_now == 0.0 {
        return Err(Undefined::Empty);
    }
    let shares = baseline.iter().zip(current).map(|(before, now)| (before / all_before, now / all_now));
    Ok(jensen_shannon_distance(shares))
}

/// All attribution, by that of the baseline.
pub(super) fn magnitude_ratio(baseline: &[f64], current: &[f64]) -> Result<f64, Undefined> {
    let (all_before, all_now) = (total(baseline)?, total(current)?);
    if all_before == 0.0 {
        return Err(Undefined::Empty);
    }
    finite(all_now / all_before)
}

/// The sum of magnitudes.
fn total(magnitudes: &[f64]) -> Result<f64, Undefined> {
    if magnitudes.iter().any(|x| *x < 0.0) {
        return Err(Undefined::Negative);
    }
    finite(magnitudes.iter().sum())
}
