//! Vanished category: a frequent text of the baseline that does not come any more.

use super::chance::only_baseline;
use super::changes::Changes;
use super::evidence::{BASELINE_SHARE, N_CATEGORIES, categories, number};
use super::feature::Feature;
use super::kind::{Cause, IncidentKind};
use super::texts::both;
use super::words::per_cent;

pub(super) static VANISHED_CATEGORY: IncidentKind = IncidentKind {
    name: "vanished_category",
    meaning: "A category of the baseline does not come any more.",
    evidence: "The chance of drawing none of its cells is below one in a million.",
    remedy: "Look for a client, a shop or a region whose requests have stopped, or for a new name of it.",
    explains: &["total_variation_distance"],
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    changes.changed(&["total_variation_distance"]).filter_map(|changed| cause(changes, changed)).collect()
}

fn cause(changes: &Changes<'_>, (place, feature): (usize, &Feature<'_>)) -> Option<Cause> {
    let (baseline, current) = both(feature)?;
    let (n, m) = (feature.baseline.n_present, feature.current.n_present);
    let is_gone = |value: &&str, count: u64| !current.contains_key(value) && only_baseline(count, n, m).is_some();
    let mut gone: Vec<(&str, u64)> =
        baseline.iter().filter(|(value, count)| is_gone(value, **count)).map(|(value, n)| (*value, *n)).collect();
    gone.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
    let share = gone.iter().map(|(_, count)| count).sum::<u64>() as f64 / n as f64;
    let what = match changes.listed(&gone) {
        Some(told) => format!("{} of the baseline's cells hold what does not come any more: {told}", per_cent(share)),
        None => format!("{} of the baseline's cells hold what does not come any more", per_cent(share)),
    };
    let evidence = [number(feature, &BASELINE_SHARE, share), number(feature, &N_CATEGORIES, gone.len() as f64)];
    (!gone.is_empty()).then(|| Cause {
        features: vec![place],
        what,
        evidence: evidence.into_iter().chain(categories(changes, feature, &gone)).collect(),
        share_of_rows: share * feature.share_present(),
    })
}
