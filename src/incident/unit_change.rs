//! Change of unit: numbers in another unit of the same quantity.

use super::changes::Changes;
use super::kind::{Cause, IncidentKind};
use super::number_maps::{EFFECTS, Family, NumberMap, causes};

pub(super) static UNIT_CHANGE: IncidentKind = IncidentKind {
    name: "unit_change",
    meaning: "The numbers fit another unit of the same quantity: degrees Fahrenheit for Celsius, miles for kilometres, \
              pounds for kilograms, inches for centimetres, feet for metres, gallons for litres.",
    evidence: "Converted back the numbers have the baseline's distribution again, and no other unit or scale does it. \
               The middle moved by two of the larger spread: a smaller change may be growth, and is not named.",
    remedy: "Look for the source that sends another unit. Convert it, or train and baseline anew.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let what = |map: &NumberMap| {
        let (before, after) = map.units.unwrap_or_default();
        format!("the numbers fit {after} where the baseline has {before}")
    };
    causes(changes, Family::Unit, what)
}
