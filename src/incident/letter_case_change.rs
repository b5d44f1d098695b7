//! Change of letter case: known categories in capitals, or no longer.

use super::changes::Changes;
use super::kind::{Cause, IncidentKind};
use super::respelling::{EFFECTS, cause, in_one_case, in_one_spacing};

pub(super) static LETTER_CASE_CHANGE: IncidentKind = IncidentKind {
    name: "letter_case_change",
    meaning: "Known categories come in other letter case: `GOLD` for `gold`.",
    evidence: "95 of 100 cells with new categories are known ones but for letter case (and spaces), and with one case \
               for both sides the shares of the categories are nearer to the baseline's.",
    remedy: "Bring the texts to one case before the model sees them: it takes them for unknown categories.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let in_one_of_both = |text: &str| in_one_spacing(&in_one_case(text));
    let of = |feature| {
        let of_both = || {
            let is_spacing = cause(changes, feature, in_one_spacing, "").is_some();
            let of_both = || cause(changes, feature, in_one_of_both, "in other letter case and with other spaces");
            if is_spacing { None } else { of_both() }
        };
        cause(changes, feature, in_one_case, "in other letter case").or_else(of_both)
    };
    changes.changed(&["new_category_share"]).filter_map(of).collect()
}
