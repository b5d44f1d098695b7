//! Intersectional groups: rows that belong to two groups at once, against all others.
//!
//! A model can treat two groups alike and those who belong to both differently (Kearns et al.,
//! "Preventing fairness gerrymandering", ICML 2018). For reports only: no baseline knows them.

use super::confusion_matrix::{GroupAndRest, Value};
use super::metric::BiasMetricKind;
use super::table::ALL;
use crate::profile::FacetStatistics;

/// Rows from which on two groups' common rows are measured.
pub const MIN_ROWS_OF_INTERSECTION: u64 = 30;

/// Two groups' common rows against all other rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Intersection {
    /// Facet and group as reports write it, twice.
    pub groups: [(String, String); 2],
    /// Rows of both groups.
    pub n: u64,
    /// Short name of a metric, and its value, which may be infinite, or why there is none.
    pub metrics: Vec<(&'static str, Value)>,
}

/// All pairs of groups of different facets that have enough rows in common; empty without predictions.
pub fn intersections(statistics: &FacetStatistics) -> Vec<Intersection> {
    let named = |place: usize| {
        let group = statistics.groups.get(place)?;
        Some((group.facet.clone(), group.value_or_threshold.clone()))
    };
    let mut kinds: Vec<&BiasMetricKind> = ALL.iter().filter(|kind| kind.place_in_intersections.is_some()).collect();
    kinds.sort_by_key(|kind| kind.place_in_intersections);
    let measure = |pair: &crate::profile::PairCounts| {
        let n = pair.counts.n_of_side(true);
        if n < MIN_ROWS_OF_INTERSECTION || !pair.counts.has_predictions {
            return None;
        }
        let counts = GroupAndRest::of(&pair.counts);
        Some(Intersection {
            groups: [named(pair.groups[0])?, named(pair.groups[1])?],
            n,
            metrics: kinds.iter().filter_map(|kind| Some((kind.name, kind.of_counts(&counts)?))).collect(),
        })
    };
    statistics.pairs.iter().filter_map(measure).collect()
}
