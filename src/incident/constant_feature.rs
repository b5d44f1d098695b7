//! Constant feature: one value in every cell.

use super::chance::only_baseline;
use super::changes::Changes;
use super::evidence::{BASELINE_SHARE, CHANCE, number};
use super::feature::Feature;
use super::group::grouped;
use super::kind::{Cause, IncidentKind};
use super::texts;

pub(super) static CONSTANT_FEATURE: IncidentKind = IncidentKind {
    name: "constant_feature",
    meaning: "Every cell holds the same value, where the baseline has several. Such features are one incident.",
    evidence: "The chance of drawing only this value from the baseline is below one in a million.",
    remedy: "Look for a default that stands in for a source that is down, or for a filter on the traffic.",
    explains: EFFECTS,
    find,
};

const EFFECTS: &[&str] = &["ks_statistic", "out_of_range_share", "total_variation_distance", "new_category_share"];

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let several = changes.changed(EFFECTS).filter(|(_, feature)| feature.baseline.n_distinct.is_none_or(|n| n > 1));
    let constant = several.filter_map(|(place, feature)| {
        let n_others = n_other_values(feature)?;
        let chance = only_baseline(n_others, feature.baseline.n_present, feature.current.n_present)?;
        let cause = Cause {
            features: vec![place],
            what: "every cell holds the same value, where the baseline has several".to_owned(),
            evidence: vec![
                number(feature, &BASELINE_SHARE, n_others as f64 / feature.baseline.n_present as f64),
                number(feature, &CHANCE, chance),
            ],
            share_of_rows: feature.share_present(),
        };
        Some(((), cause))
    });
    grouped(constant)
}

/// Cells of the baseline that hold another value than every current cell does; `None` where there are several values.
fn n_other_values(feature: &Feature<'_>) -> Option<u64> {
    if let Some((baseline, current)) = feature.numbers() {
        let (n, n_same) = (baseline.quantiles.n(), baseline.quantiles.n_where(|x| x == current.min));
        return (current.min == current.max).then(|| n.saturating_sub(n_same));
    }
    let current = texts::counts(feature.current).filter(|counts| feature.has_cells() && counts.len() == 1)?;
    let known = texts::counts(feature.baseline)?;
    let n_same = current.keys().filter_map(|value| known.get(value)).sum::<u64>();
    Some(feature.baseline.n_present.saturating_sub(n_same))
}
