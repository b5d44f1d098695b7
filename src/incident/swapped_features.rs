//! Swapped features: two columns, each with the other's cells.

use std::collections::BTreeSet;

use super::changes::Changes;
use super::evidence::{DISTANCE, DISTANCE_EXPLAINED, Evidence, number};
use super::feature::Feature;
use super::fit::Fit;
use super::kind::{Cause, IncidentKind};
use super::stray::{EFFECTS, Stray};

/// Least distance of each from its own baseline: of many features that drift by less, two may come to look like each
/// other.
const MIN_DISTANCE: f64 = 0.5;
/// Most features that are compared with one another.
const MAX_COMPARED: usize = 100;

pub(super) static SWAPPED_FEATURES: IncidentKind = IncidentKind {
    name: "swapped_features",
    meaning: "Two features have changed places.",
    evidence: "Each is at least 0.5 from its own baseline and has the distribution of the other's.",
    remedy: "Look for the place where the features are put into their order.",
    explains: EFFECTS,
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let strays = (0..changes.features().len()).filter_map(|place| Stray::of(changes, place, MIN_DISTANCE));
    let strays: Vec<Stray<'_>> = strays.take(MAX_COMPARED).collect();
    let (mut taken, mut causes) = (BTreeSet::new(), Vec::new());
    for (i, first) in strays.iter().enumerate() {
        for second in &strays[i + 1..] {
            if taken.contains(&first.place) || taken.contains(&second.place) {
                continue;
            }
            let Some(fits) = first.fits_of_both(second) else { continue };
            taken.extend([first.place, second.place]);
            causes.push(cause([(first, fits.0), (second, fits.1)]));
        }
    }
    causes
}

fn cause(both: [(&Stray<'_>, Fit); 2]) -> Cause {
    Cause {
        features: both.iter().map(|(stray, _)| stray.place).collect(),
        what: "each looks like the other does in the baseline".to_owned(),
        evidence: both.iter().flat_map(|(stray, fit)| evidence(stray.feature, *fit)).collect(),
        share_of_rows: both.iter().map(|(stray, _)| stray.feature.share_present()).fold(0.0, f64::max),
    }
}

fn evidence(feature: &Feature<'_>, fit: Fit) -> [Evidence; 2] {
    [number(feature, &DISTANCE, fit.before), number(feature, &DISTANCE_EXPLAINED, fit.after)]
}
