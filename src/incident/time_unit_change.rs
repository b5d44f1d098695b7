//! Change of the unit of times: milliseconds since 1970 for seconds, and the like.

use super::changes::Changes;
use super::evidence::{FACTOR, number};
use super::group::grouped;
use super::kind::{Cause, IncidentKind};
use super::number_maps::EFFECTS;
use super::numbers::Location;

/// From 1990 to 2100, in seconds since 1970. Of two units that are a factor of 1000 apart, no number is in both ranges.
const TIMES: [f64; 2] = [631_152_000.0, 4_102_444_800.0];

/// Units by how many of them are a second.
const UNITS: [(f64, &str); 4] = [(1.0, "seconds"), (1e3, "milliseconds"), (1e6, "microseconds"), (1e9, "nanoseconds")];

pub(super) static TIME_UNIT_CHANGE: IncidentKind = IncidentKind {
    name: "time_unit_change",
    meaning: "Times since 1970 come in another unit: milliseconds for seconds, or the like.",
    evidence: "98 of 100 numbers lie between the years 1990 and 2100 in one unit in the baseline, and in another \
               one now.",
    remedy: "Convert the times where they are made.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let changed = changes.changed(EFFECTS).filter_map(|(place, feature)| {
        feature.numbers()?;
        let (before, after) = (unit(feature.baseline_location()?)?, unit(feature.location()?)?);
        let (is_other, factor) = (before.1 != after.1, after.0 / before.0);
        let cause = || Cause {
            features: vec![place],
            what: format!("times are in {}, in the baseline in {}", after.1, before.1),
            evidence: vec![number(feature, &FACTOR, factor)],
            share_of_rows: feature.share_present(),
        };
        is_other.then(|| ((before.1, after.1), cause()))
    });
    grouped(changed)
}

/// The unit in which almost all numbers are times of these years.
fn unit(numbers: &Location) -> Option<(f64, &'static str)> {
    let [low, high] = numbers.but_one_in_100;
    let is_in = |(per_second, _): &&(f64, &str)| low >= TIMES[0] * per_second && high <= TIMES[1] * per_second;
    UNITS.iter().find(is_in).copied()
}
