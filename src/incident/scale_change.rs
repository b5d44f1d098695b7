//! Change of scale: numbers in other steps of the same unit, as cents for euros.

use super::changes::Changes;
use super::kind::{Cause, IncidentKind};
use super::mixed_scale;
use super::number_maps::{EFFECTS, Family, NumberMap, causes};

pub(super) static SCALE_CHANGE: IncidentKind = IncidentKind {
    name: "scale_change",
    meaning: "The numbers, or some of them, are a power of ten, 24, 60, 3600 or 86400 times as large as they were, or \
              as small: cents for euros, per cent for shares, minutes for hours.",
    evidence: "Divided by the factor the numbers have the baseline's distribution again, and no other factor or unit \
               does it. The middle moved by two of the smaller spread, or the spread by a factor of five. Where some \
               numbers changed, those lie beyond the others, and each part has the baseline's distribution.",
    remedy: "Look for the source that sends another scale. Convert it, or train and baseline anew.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let all = causes(changes, Family::Scale, |map| format!("the numbers {}", told(map)));
    let explained: Vec<usize> = all.iter().flat_map(|cause| cause.features.clone()).collect();
    let some = mixed_scale::causes(changes, told);
    let is_open = |cause: &Cause| !cause.features.iter().any(|place| explained.contains(place));
    all.into_iter().chain(some.into_iter().filter(is_open)).collect()
}

/// What became of numbers.
fn told(map: &NumberMap) -> String {
    match map.is_inverse {
        false => format!("are {} times what they were", map.factor),
        true => format!("are what they were, divided by {}", map.factor),
    }
}
