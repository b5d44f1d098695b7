//! Change of scale: numbers in other steps of the same unit, as cents for euros.

use super::changes::Changes;
use super::kind::{Cause, IncidentKind};
use super::number_maps::{EFFECTS, Family, NumberMap, causes};

pub(super) static SCALE_CHANGE: IncidentKind = IncidentKind {
    name: "scale_change",
    meaning: "Every number is a power of ten, 24, 60, 3600 or 86400 times as large as it was, or as small: cents for \
              euros, per cent for shares, minutes for hours.",
    evidence: "Divided by the factor the numbers have the baseline's distribution again, and no other factor or unit \
               does it. The middle moved by two of the smaller spread, or the spread by a factor of five.",
    remedy: "Look for the source that sends another scale. Convert it, or train and baseline anew.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let what = |map: &NumberMap| match map.is_inverse {
        false => format!("the numbers are {} times what they were", map.factor),
        true => format!("the numbers are what they were, divided by {}", map.factor),
    };
    causes(changes, Family::Scale, what)
}
