//! Texts of a column: its categories, counted, and the same column with its texts rewritten.

use std::collections::BTreeMap;

use super::feature::Feature;
use crate::names::NULL_VALUE;
use crate::profile::{Category, ColumnStatistics, Detail};

/// Categories, and how many cells hold them.
pub(super) type Counts<'a> = BTreeMap<&'a str, u64>;

/// Categories and how many cells hold them; missing cells are none. `None` where they are not listed.
pub(super) fn counts(column: &ColumnStatistics) -> Option<Counts<'_>> {
    let Detail::Text(Some(categories)) = &column.detail else { return None };
    let is_value = |category: &&Category| category.value != NULL_VALUE && category.count > 0;
    Some(categories.iter().filter(is_value).map(|category| (category.value.as_str(), category.count)).collect())
}

/// The categories of both sides, where both list them.
pub(super) fn both<'a>(feature: &Feature<'a>) -> Option<(Counts<'a>, Counts<'a>)> {
    Some((counts(feature.baseline)?, counts(feature.current)?)).filter(|_| feature.has_cells())
}

/// Those of these categories that the others lack, the most frequent first.
pub(super) fn only_in<'a>(categories: &Counts<'a>, others: &Counts<'_>) -> Vec<(&'a str, u64)> {
    let mut only: Vec<(&str, u64)> =
        categories.iter().filter(|(value, _)| !others.contains_key(*value)).map(|(value, n)| (*value, *n)).collect();
    only.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
    only
}

/// Cells of the categories that the others lack.
pub(super) fn n_only_in(categories: &Counts<'_>, others: &Counts<'_>) -> u64 {
    only_in(categories, others).iter().map(|(_, n)| n).sum()
}

/// The column with its texts rewritten; those that become equal are one category.
pub(super) fn rewritten(column: &ColumnStatistics, rewrite: impl Fn(&str) -> String) -> ColumnStatistics {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (value, count) in self::counts(column).unwrap_or_default() {
        *counts.entry(rewrite(value)).or_default() += count;
    }
    let categories = counts.into_iter().map(|(value, count)| Category { value, count }).collect();
    ColumnStatistics {
        n_distinct: None,
        n_in_domain: None,
        unknown: Vec::new(),
        detail: Detail::Text(Some(categories)),
        ..column.clone()
    }
}
