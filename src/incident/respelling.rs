//! Respelling: new categories that are known ones in another spelling.

use std::collections::BTreeMap;

use super::changes::Changes;
use super::evidence::{DISTANCE, DISTANCE_EXPLAINED, SHARE, categories, number};
use super::feature::Feature;
use super::fit::distance;
use super::kind::Cause;
use super::texts::{both, only_in, rewritten};
use super::words::per_cent;

/// The effects that another spelling changes.
pub(super) const EFFECTS: &[&str] = &["new_category_share", "total_variation_distance"];

/// Least part of the new cells that must be known in another spelling.
const MIN_KNOWN: f64 = 0.95;

/// Whether the new categories of a feature are known ones once both are rewritten, and the shares of the categories
/// are then nearer to the baseline's; `how` says how they differ.
pub(super) fn cause(
    changes: &Changes<'_>,
    (place, feature): (usize, &Feature<'_>),
    rewrite: fn(&str) -> String,
    how: &str,
) -> Option<Cause> {
    let (baseline, current) = both(feature)?;
    let mut known: BTreeMap<String, (&str, u64)> = BTreeMap::new();
    for (value, count) in &baseline {
        let most = known.entry(rewrite(value)).or_insert((value, *count));
        if *count > most.1 {
            *most = (value, *count);
        }
    }
    let new = only_in(&current, &baseline);
    let respelled: Vec<(&str, u64, &str)> =
        new.iter().filter_map(|(value, n)| Some((*value, *n, known.get(&rewrite(value))?.0))).collect();
    let n_new: u64 = new.iter().map(|(_, n)| n).sum();
    let n_respelled: u64 = respelled.iter().map(|(_, n, _)| n).sum();
    let (first, _, first_known) = *respelled.first()?;
    if (n_respelled as f64) < MIN_KNOWN * n_new as f64 {
        return None;
    }
    let before = feature.distance()?;
    let after = distance(&rewritten(feature.baseline, rewrite), &rewritten(feature.current, rewrite))?;
    let share = n_respelled as f64 / feature.current.n_present as f64;
    let example = format!("{} for {}", changes.told(first, "a value"), changes.told(first_known, "a known one"));
    let evidence = [
        number(feature, &SHARE, share),
        number(feature, &DISTANCE, before),
        number(feature, &DISTANCE_EXPLAINED, after),
    ];
    (after < before).then(|| Cause {
        features: vec![place],
        what: format!("{} of the cells hold known categories {how}: {example}", per_cent(share)),
        evidence: evidence.into_iter().chain(categories(changes, feature, &new)).collect(),
        share_of_rows: share * feature.share_present(),
    })
}

pub(super) fn in_one_case(text: &str) -> String {
    text.to_lowercase()
}

/// Without spaces around it, and with one for several.
pub(super) fn in_one_spacing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
