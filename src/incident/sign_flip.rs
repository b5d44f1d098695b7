//! Flip of the sign: minus for plus.

use super::changes::Changes;
use super::kind::{Cause, IncidentKind};
use super::number_maps::{EFFECTS, Family, causes};

pub(super) static SIGN_FLIP: IncidentKind = IncidentKind {
    name: "sign_flip",
    meaning: "Every number has the opposite sign: costs for gains, west for east.",
    evidence: "With the sign turned the numbers have the baseline's distribution again. They are far from 0, or their \
               shape is not that of the baseline wherever they lie: a shift does not explain them.",
    remedy: "Look for the source that counts the other way round.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    causes(changes, Family::Sign, |_| "the numbers have the opposite sign".to_owned())
}
