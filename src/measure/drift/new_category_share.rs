//! New categories: the share of cells with texts that the baseline does not hold, and whether it is chance.

use std::collections::HashMap;

use super::comparison::Comparison;
use super::distributions::categories;
use super::only_current;
use crate::measure::finite::finite;
use crate::names::NULL_VALUE;
use crate::profile::{Category, Undefined};

/// Cells with a text that does not occur in the baseline, of those that are not missing, in 0…1. Undefined where a side
/// holds too many different texts to list them.
pub(super) fn share(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let pooled = pooled(sides)?;
    let n: u64 = pooled.iter().map(|(_, current)| current).sum();
    let n_new: u64 = new(&pooled).sum();
    if n > 0 { finite(n_new as f64 / n as f64) } else { Err(Undefined::Empty) }
}

/// The chance that any category of the pooled cells is as frequent as the most frequent new one and only current,
/// 0…1: the sum of the chances of each (C. E. Bonferroni's inequality, 1936).
pub(super) fn p_value(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let pooled = pooled(sides)?;
    let Some(most) = new(&pooled).max() else { return Ok(1.0) };
    let (n_baseline, n_current) = pooled.iter().fold((0, 0), |(n, m), (base, now)| (n + base, m + now));
    let as_frequent = pooled.iter().map(|(base, now)| base + now).filter(|n| *n >= most);
    finite(as_frequent.map(|n| only_current::chance(n, n_baseline, n_current)).sum::<f64>().min(1.0))
}

/// Cells of the baseline and current ones, category by category; missing cells are none.
fn pooled(sides: &Comparison<'_>) -> Result<Vec<(u64, u64)>, Undefined> {
    let (baseline, current) = categories(sides.baseline, sides.current)?;
    let is_value = |category: &&Category| category.value != NULL_VALUE && category.count > 0;
    let mut pooled: HashMap<&str, (u64, u64)> = HashMap::new();
    for category in baseline.iter().filter(is_value) {
        pooled.entry(&category.value).or_default().0 += category.count;
    }
    for category in current.iter().filter(is_value) {
        pooled.entry(&category.value).or_default().1 += category.count;
    }
    let mut pooled: Vec<(u64, u64)> = pooled.into_values().collect();
    pooled.sort_unstable();
    Ok(pooled)
}

/// How often each new category occurs.
fn new(pooled: &[(u64, u64)]) -> impl Iterator<Item = u64> {
    pooled.iter().filter(|(baseline, _)| *baseline == 0).map(|(_, current)| *current)
}
