//! K-means++: clusters start at rows far from one another.

use super::points::{Centre, Points};
use crate::measure::random::Random;

/// Rows that are tried for each centre, about 2 + ln k of the largest k that is chosen here, 12.
const N_CANDIDATES: usize = 4;

/// Rows as first centres: one at random, for each further one a few in proportion to their squared distance from the
/// nearest centre so far, of which the one counts that brings rows nearest to centres (Arthur and Vassilvitskii,
/// "k-means++: the advantages of careful seeding", SODA 2007, with the greedy choice that its experiments name).
/// Fewer than `k` where there are fewer different rows.
pub(super) fn start(points: &Points, k: usize, random: &mut Random) -> Vec<Centre> {
    if points.n_rows == 0 || k == 0 {
        return Vec::new();
    }
    let mut centres = vec![points.at(random.below(points.n_rows))];
    let mut nearest = nearer(points, &centres[0], &vec![f64::INFINITY; points.n_rows]);
    while centres.len() < k {
        let candidates = (0..N_CANDIDATES).filter_map(|_| random.place(nearest.iter().copied()));
        let tried = candidates.map(|row| {
            let distances = nearer(points, &points.at(row), &nearest);
            (distances.iter().sum::<f64>(), row, distances)
        });
        // Of equally good ones the first.
        let Some((_, row, distances)) = tried.min_by(|(cost, ..), (other, ..)| cost.total_cmp(other)) else { break };
        centres.push(points.at(row));
        nearest = distances;
    }
    centres
}

/// By row, the squared distance from the nearest centre, with one centre more.
fn nearer(points: &Points, centre: &Centre, nearest: &[f64]) -> Vec<f64> {
    nearest.iter().enumerate().map(|(row, nearest)| nearest.min(points.distance(row, centre))).collect()
}
