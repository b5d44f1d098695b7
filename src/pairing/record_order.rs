//! Record order: the order in which the as-of pairing has to see the records of one id.

use super::duplicate_policy::DuplicatePolicy;
use super::hour::HOUR;

/// What a record is to the join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Capture,
    Label,
}

/// Hours between which all times lie that a record can state, counted from 1970: 292 million years.
const MAX_HOUR: i64 = i64::MAX / HOUR + 2;

/// The place of what tells in which variant an id was captured: before all records of the id.
pub const VARIANT_PLACE: u64 = 0;

/// The place of a record among those of its id, to be seen in ascending order; of one place, label
/// records are seen in the order of their upload. `hour` is the hour of the inference, or the one in
/// which the label record was collected.
///
/// Under [`DuplicatePolicy::Nearest`] and [`DuplicatePolicy::Error`] time runs backwards, and the
/// labels of an hour come before its captures: a label of the same hour counts as collected after the
/// inference. So all label records that may serve a capture are seen before it. A label record without an hour
/// counts as collected after every inference, a capture without a time as before every label.
/// Otherwise label records come first, in the order of their upload, then captures.
pub fn place(policy: DuplicatePolicy, role: Role, hour: Option<i64>) -> u64 {
    let hour = match (hour, role) {
        (Some(hour), _) => hour.clamp(-MAX_HOUR, MAX_HOUR),
        (None, Role::Label) => MAX_HOUR + 1,
        (None, Role::Capture) => -MAX_HOUR - 1,
    };
    match (policy, role) {
        (DuplicatePolicy::Nearest | DuplicatePolicy::Error, _) => {
            let backwards = (MAX_HOUR + 1 - hour) as u64;
            VARIANT_PLACE + 1 + 2 * backwards + u64::from(role == Role::Capture)
        }
        (DuplicatePolicy::Last | DuplicatePolicy::First, Role::Label) => (hour + MAX_HOUR + 1) as u64,
        (DuplicatePolicy::Last | DuplicatePolicy::First, Role::Capture) => u64::MAX,
    }
}
