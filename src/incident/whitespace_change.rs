//! Change of white space: known categories with other spaces.

use super::changes::Changes;
use super::kind::{Cause, IncidentKind};
use super::respelling::{EFFECTS, cause, in_one_spacing};

pub(super) static WHITESPACE_CHANGE: IncidentKind = IncidentKind {
    name: "whitespace_change",
    meaning: "Known categories come with other spaces around or within them.",
    evidence: "95 of 100 cells with new categories are known ones but for spaces, and without those the shares of the \
               categories are nearer to the baseline's.",
    remedy: "Trim the texts before the model sees them: it takes them for unknown categories.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let of = |feature| cause(changes, feature, in_one_spacing, "with other spaces");
    changes.changed(&["new_category_share"]).filter_map(of).collect()
}
