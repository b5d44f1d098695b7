//! How attribution is shared out among the features, and how much there is in all.

use crate::profile::Undefined;

/// Jensen-Shannon distance of the shares that the features have in all of it, with logarithms of base 2; in 0…1
/// (D. M. Endres, J. E. Schindelin, "A new metric for probability distributions", IEEE Transactions on Information
/// Theory 49, 2003, p. 1858).
pub(super) fn share_distance(baseline: &[f64], current: &[f64]) -> Result<f64, Undefined> {
    let (all_before, all_now) = (total(baseline)?, total(current)?);
    if all_before == 0.0 || all_now == 0.0 {
        return Err(Undefined::Empty);
    }
    let part = |share: f64, mean: f64| if share > 0.0 { share * (share / mean).log2() } else { 0.0 };
    let parts = baseline.iter().zip(current).map(|(before, now)| {
        let (before, now) = (before / all_before, now / all_now);
        let mean = (before + now) / 2.0;
        part(before, mean) + part(now, mean)
    });
    Ok((parts.sum::<f64>() / 2.0).clamp(0.0, 1.0).sqrt())
}

/// All attribution, by that of the baseline.
pub(super) fn magnitude_ratio(baseline: &[f64], current: &[f64]) -> Result<f64, Undefined> {
    let (all_before, all_now) = (total(baseline)?, total(current)?);
    if all_before == 0.0 {
        return Err(Undefined::Empty);
    }
    let ratio = all_now / all_before;
    if ratio.is_finite() { Ok(ratio) } else { Err(Undefined::NotFinite) }
}

/// The sum of magnitudes.
fn total(magnitudes: &[f64]) -> Result<f64, Undefined> {
    if magnitudes.iter().any(|x| *x < 0.0) {
        return Err(Undefined::Negative);
    }
    let total: f64 = magnitudes.iter().sum();
    if total.is_finite() { Ok(total) } else { Err(Undefined::NotFinite) }
}
