//! Change of type: texts for numbers, numbers for texts, fractions for whole numbers.

use super::changes::Changes;
use super::evidence::{SHARE, number};
use super::feature::Feature;
use super::group::grouped;
use super::kind::{Cause, IncidentKind};
use super::texts;
use super::words::per_cent;
use crate::profile::{Kind, KindCounts};

/// The effect of cells of another type; of numbers for texts none is tested.
const EFFECT: &str = "unexpected_kind_share";

pub(super) static TYPE_CHANGE: IncidentKind = IncidentKind {
    name: "type_change",
    meaning: "Cells are of another type: texts where the baseline has numbers alone, numbers where it has texts alone, \
              or fractions where it has whole numbers alone.",
    evidence: "More cells than chance explains are of a type that no cell of the baseline has; or all of them, where \
               the baseline's categories are known and none is a number. No other scale or unit explains it.",
    remedy: "Look for the source that writes the feature otherwise: a decimal comma, a unit behind the number, a code \
             for a word.",
    explains: &[EFFECT, "ks_statistic", "out_of_range_share"],
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let all = changes.features().iter().enumerate();
    let found = all.filter_map(|(place, feature)| {
        let counts = feature.current.kind_counts.filter(|_| feature.has_cells())?;
        let is_unexpected = changes.has_changed(place, &[EFFECT]);
        let is_open = !changes.is_explained(place, EFFECT);
        let (n, types) = match feature.baseline.kind {
            Kind::Integral | Kind::Fractional if is_unexpected => of_numbers(feature.baseline.kind, counts)?,
            Kind::String if is_open && is_all_numbers(feature, counts) => {
                (feature.current.n_present, ("numbers", "texts alone"))
            }
            _ => return None,
        };
        let share = n as f64 / feature.current.n_present as f64;
        let cause = Cause {
            features: vec![place],
            what: format!("{} of the cells are {}, where the baseline has {}", per_cent(share), types.0, types.1),
            evidence: vec![number(feature, &SHARE, share)],
            share_of_rows: share * feature.share_present(),
        };
        Some(((n, types), cause))
    });
    grouped(found)
}

/// How many cells are of a type that the baseline does not have, and what they and the baseline's are.
fn of_numbers(baseline: Kind, current: KindCounts) -> Option<(u64, (&'static str, &'static str))> {
    let KindCounts { fractional, boolean, string, .. } = current;
    match (string + boolean, fractional, baseline) {
        (0, 1.., Kind::Integral) => Some((fractional, ("fractions", "whole numbers alone"))),
        (n @ 1.., ..) => Some((n, ("texts", "numbers alone"))),
        _ => None,
    }
}

/// Whether every cell is a number, where no category of the baseline is one.
fn is_all_numbers(feature: &Feature<'_>, counts: KindCounts) -> bool {
    let is_text = |value: &&str| value.trim().parse::<f64>().is_err();
    let known = texts::counts(feature.baseline).unwrap_or_default();
    counts.string + counts.boolean == 0 && !known.is_empty() && known.keys().all(is_text)
}
