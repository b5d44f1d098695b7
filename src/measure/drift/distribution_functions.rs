//! Empirical distribution functions of two numeric columns, side by side.

use std::iter::Peekable;

use crate::profile::Undefined;
use crate::sketch::Quantiles;

/// Where the distribution functions of both sides change, and what they are from there on.
///
/// Exact up to 2,049 rows a side; beyond, within the rank error of the sketches.
#[derive(Debug)]
pub(super) struct DistributionFunctions {
    steps: Vec<Step>,
}

/// From `x` on: the shares of the baseline's and of the current numbers that are at most `x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub x: f64,
    pub baseline: f64,
    pub current: f64,
}

impl DistributionFunctions {
    /// Undefined where a side has no numbers.
    pub fn of(baseline: &Quantiles, current: &Quantiles) -> Result<Self, Undefined> {
        let (n_baseline, n_current) = (baseline.n(), current.n());
        if n_baseline == 0 || n_current == 0 {
            return Err(Undefined::Empty);
        }
        let (base, now) = (baseline.weighted_items(), current.weighted_items());
        let (mut base, mut now) = (base.into_iter().peekable(), now.into_iter().peekable());
        let (mut below_baseline, mut below_current) = (0, 0);
        let mut steps = Vec::new();
        while let Some(x) = least(base.peek(), now.peek()) {
            below_baseline += weight_at(&mut base, x);
            below_current += weight_at(&mut now, x);
            let (baseline, current) = (share(below_baseline, n_baseline), share(below_current, n_current));
            steps.push(Step { x, baseline, current });
        }
        Ok(Self { steps })
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// ∫ `difference`(F, G) dx, from the first step to the last, beyond which the two are equal.
    pub fn integrate(&self, difference: impl Fn(f64) -> f64) -> f64 {
        let width = |pair: &[Step]| difference(pair[0].baseline - pair[0].current) * (pair[1].x - pair[0].x);
        self.steps.windows(2).map(width).sum()
    }
}

fn least(a: Option<&(f64, u64)>, b: Option<&(f64, u64)>) -> Option<f64> {
    match (a, b) {
        (Some((x, _)), Some((y, _))) => Some(if y < x { *y } else { *x }),
        (Some((x, _)), None) | (None, Some((x, _))) => Some(*x),
        (None, None) => None,
    }
}

/// Takes all items up to `x` and returns their weight; at least one of two sides has one.
fn weight_at(items: &mut Peekable<impl Iterator<Item = (f64, u64)>>, x: f64) -> u64 {
    let mut weight = 0u64;
    while let Some((_, more)) = items.next_if(|(value, _)| *value <= x || value.is_nan() && x.is_nan()) {
        weight = weight.saturating_add(more);
    }
    weight
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
