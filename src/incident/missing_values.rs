//! Missing values: more cells without a value than in the baseline.

use super::changes::Changes;
use super::evidence::{BASELINE_MISSING_SHARE, MISSING_SHARE, number};
use super::group::grouped;
use super::kind::{Cause, IncidentKind};
use super::words::per_cent;

pub(super) static MISSING_VALUES: IncidentKind = IncidentKind {
    name: "missing_values",
    meaning: "Cells are missing that the baseline has. Features that miss the same number of cells are one incident.",
    evidence: "The share of missing cells rose beyond chance, by more than the margin of the test.",
    remedy: "Look for the source that stopped sending the features, or for a join that lost its rows.",
    explains: &["missing_rate_change"],
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let rose = changes.changed(&["missing_rate_change"]).filter_map(|(place, feature)| {
        let [before, after] = feature.missing_shares();
        let cause = || Cause {
            features: vec![place],
            what: format!("{} of the cells are missing, in the baseline {}", per_cent(after), per_cent(before)),
            evidence: vec![number(feature, &MISSING_SHARE, after), number(feature, &BASELINE_MISSING_SHARE, before)],
            share_of_rows: after,
        };
        (after > before).then(|| ((feature.current.n_missing, per_cent(before)), cause()))
    });
    grouped(rose)
}
