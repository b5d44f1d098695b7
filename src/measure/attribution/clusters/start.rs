//! Where clusters start: rows far from one another.

use super::points::{Centre, Points};
use crate::measure::attribution::seeded::Seeded;

/// Rows as first centres: one at random, each further one in proportion to its squared distance from the nearest so
/// far (Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, section 2.2). Fewer
/// than `k` where there are fewer different rows.
pub(super) fn start(points: &Points, k: usize, random: &mut Seeded) -> Vec<Centre> {
    if points.n_rows == 0 || k == 0 {
        return Vec::new();
    }
    let mut centres = vec![points.at(random.below(points.n_rows))];
    let mut nearest = vec![f64::INFINITY; points.n_rows];
    while centres.len() < k {
        let last = &centres[centres.len() - 1];
        for (row, nearest) in nearest.iter_mut().enumerate() {
            *nearest = nearest.min(points.distance(row, last));
        }
        let Some(row) = random.place(nearest.iter().copied()) else { break };
        centres.push(points.at(row));
    }
    centres
}
