//! Silhouette: how many clusters suit the rows.

use super::k_prototypes::{Grouping, group};
use super::points::Points;

/// Most groups (DG:clarify-processing-job-configure-analysis: an optimal number between 1 and 12).
const MAX_GROUPS: usize = 12;
/// Least silhouette of a grouping that means something: above it the structure is called reasonable (Kaufman and
/// Rousseeuw, "Finding Groups in Data", 1990, table 4 of chapter 2). Rows without it are one group.
const LEAST_SILHOUETTE: f64 = 0.5;

/// The grouping with the best silhouette, of equal ones that of fewer groups; one group where none is good.
pub(super) fn best_grouping(points: &Points, seed: u64) -> Grouping {
    let (mut best, mut best_silhouette) = (group(points, 1, seed), LEAST_SILHOUETTE);
    for k in 2..=MAX_GROUPS.min(points.n_rows) {
        let grouping = group(points, k, seed);
        if grouping.groups.len() < k {
            // There are no more different rows.
            break;
        }
        let silhouette = silhouette(points, &grouping);
        if silhouette > best_silhouette {
            (best, best_silhouette) = (grouping, silhouette);
        }
    }
    best
}

/// How much nearer rows are to their own centre than to the next one: the mean of (b - a) / max(a, b) over the rows,
/// in -1…1, with 0 for a row that is a group of its own (Rousseeuw, "Silhouettes", Journal of Computational and
/// Applied Mathematics 20, 1987). Distances are from centres instead of all rows, which takes time in proportion to
/// the rows (Hruschka, de Castro and Campello, "Evolutionary algorithms for clustering gene-expression data", ICDM
/// 2004).
fn silhouette(points: &Points, grouping: &Grouping) -> f64 {
    let mut total = 0.0;
    for (own, group) in grouping.groups.iter().enumerate().filter(|(_, group)| group.len() > 1) {
        for row in group {
            let near = points.distance(*row, &grouping.centres[own]).sqrt();
            let others = grouping.centres.iter().enumerate().filter(|(place, _)| *place != own);
            let far = others.map(|(_, centre)| points.distance(*row, centre)).fold(f64::INFINITY, f64::min).sqrt();
            let larger = near.max(far);
            total += if larger > 0.0 { (far - near) / larger } else { 0.0 };
        }
    }
    total / points.n_rows as f64
}
