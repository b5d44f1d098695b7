//! K-prototypes clustering: k-means of numbers and k-modes of categories in one.

use super::k_means_plus_plus::start;
use super::points::{Centre, Points};
use crate::measure::random::Random;

/// Rounds of moving rows and centres: the first few gain nearly all, and a limit makes time predictable.
const MAX_ROUNDS: usize = 30;
/// Starts, of which the best counts: a single one may end in a bad grouping.
const N_STARTS: u64 = 3;

/// Rows in groups.
#[derive(Debug)]
pub(super) struct Grouping {
    /// None is without rows.
    pub groups: Vec<Vec<usize>>,
    pub centres: Vec<Centre>,
    /// Sum of squared distances from the centres.
    cost: f64,
}

/// The best of several groupings into `k` groups, or fewer where there are not as many different rows (Lloyd, "Least
/// squares quantization in PCM", IEEE Transactions on Information Theory 28, 1982; Huang 1998, with all rows
/// moved before centres are).
pub(super) fn group(points: &Points, k: usize, seed: u64) -> Grouping {
    let grouped = |start| group_once(points, k, &mut Random::new(seed.wrapping_add(start)));
    let mut best = grouped(0);
    // Any start of one group ends in the same.
    for start in 1..if k > 1 { N_STARTS } else { 1 } {
        let other = grouped(start);
        if other.cost < best.cost {
            best = other;
        }
    }
    best
}

fn group_once(points: &Points, k: usize, random: &mut Random) -> Grouping {
    let mut centres = start(points, k, random);
    let (mut groups, mut cost) = assign(points, &centres);
    for _ in 0..MAX_ROUNDS {
        // A group that lost its rows is given up.
        groups.retain(|group: &Vec<usize>| !group.is_empty());
        centres = groups.iter().map(|group| points.centre(group)).collect();
        let (next, next_cost) = assign(points, &centres);
        let is_settled = next == groups;
        (groups, cost) = (next, next_cost);
        if is_settled {
            break;
        }
    }
    let (groups, centres) = groups.into_iter().zip(centres).filter(|(group, _)| !group.is_empty()).unzip();
    Grouping { groups, centres, cost }
}

/// Each row to its nearest centre, of equally near ones the first, and the sum of squared distances.
fn assign(points: &Points, centres: &[Centre]) -> (Vec<Vec<usize>>, f64) {
    let (mut groups, mut cost) = (vec![Vec::new(); centres.len()], 0.0);
    for row in 0..points.n_rows {
        let distances = centres.iter().map(|centre| points.distance(row, centre)).enumerate();
        let Some((nearest, distance)) = distances.min_by(|(_, x), (_, y)| x.total_cmp(y)) else { break };
        groups[nearest].push(row);
        cost += distance;
    }
    (groups, cost)
}
