//! New category: a text that the baseline does not have.

use super::changes::Changes;
use super::evidence::{N_CATEGORIES, SHARE, categories, number};
use super::feature::Feature;
use super::kind::{Cause, IncidentKind};
use super::texts::{both, n_only_in, only_in};
use super::words::per_cent;

pub(super) static NEW_CATEGORY: IncidentKind = IncidentKind {
    name: "new_category",
    meaning: "Cells hold categories that the baseline does not have, and none that it has in another spelling.",
    evidence: "More cells hold them than chance explains, by more than the margin of the test, and neither letter \
               case, spaces, a cut of all texts nor a word for missing values explains them.",
    remedy: "Ask whether the model knows them. Where they are right, train and baseline anew.",
    explains: &["new_category_share"],
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    changes.changed(&["new_category_share"]).filter_map(|changed| cause(changes, changed)).collect()
}

fn cause(changes: &Changes<'_>, (place, feature): (usize, &Feature<'_>)) -> Option<Cause> {
    let (baseline, current) = both(feature)?;
    let new = only_in(&current, &baseline);
    let share = n_only_in(&current, &baseline) as f64 / feature.current.n_present as f64;
    let what = match changes.listed(&new) {
        Some(told) => format!("{} of the cells hold new categories: {told}", per_cent(share)),
        None => format!("{} of the cells hold new categories", per_cent(share)),
    };
    let evidence = [number(feature, &SHARE, share), number(feature, &N_CATEGORIES, new.len() as f64)];
    Some(Cause {
        features: vec![place],
        what,
        evidence: evidence.into_iter().chain(categories(changes, feature, &new)).collect(),
        share_of_rows: share * feature.share_present(),
    })
}
