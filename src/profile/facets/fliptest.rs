//! FlipTest: whether rows of a group would be predicted otherwise if they were not of it, by nearest neighbours.
//!
//! Neighbours are those of smallest Euclidean distance, numbers as they are; of equally distant
//! ones those drawn first. (Black, Yeom and Fredrikson, "FlipTest: fairness testing via optimal
//! transport", FAT* 2020, whose transport Amazon SageMaker Clarify replaces by neighbours.)

use super::statistics::{FlipCounts, FlipLack};
use super::stratified_sample::SampledRow;

/// Neighbours asked, where there are more than [`FEW_ROWS`] rows to ask; else the nearest one.
const N_NEIGHBOURS: usize = 5;
const FEW_ROWS: u64 = 9;

/// Rows of one side.
pub(super) struct Side<'a> {
    pub rows: Vec<&'a SampledRow>,
    pub is_all: bool,
    /// Rows of the side in the data.
    pub n: u64,
}

/// Counts the sensitive rows that flip. `features` are the places of the numbers to compare.
pub(super) fn flips(
    sensitive: &Side<'_>,
    rest: &Side<'_>,
    features: &[usize],
    is_predicted: impl Fn(u32) -> bool,
) -> Result<FlipCounts, FlipLack> {
    if sensitive.rows.is_empty() || rest.rows.is_empty() {
        return Err(FlipLack::NoRows);
    }
    let asked = if rest.n > FEW_ROWS { N_NEIGHBOURS } else { 1 };
    let points = |side: &Side<'_>| -> Vec<(Vec<f64>, bool)> {
        side.rows.iter().map(|row| (numbers_at(row, features), is_predicted(row.prediction))).collect()
    };
    let others = points(rest);
    let mut counts = FlipCounts {
        n_sensitive: sensitive.rows.len() as u64,
        n_rest: rest.rows.len() as u64,
        n_favoured: 0,
        n_harmed: 0,
        sway: 0,
        squared_sway: 0,
        is_sample: !(sensitive.is_all && rest.is_all),
    };
    let mut sways = vec![0i64; others.len()];
    for (point, is_positive) in points(sensitive) {
        let nearest = nearest(&point, &others, asked + 1);
        let flip = |votes: &[Neighbour]| i64::from(is_positive) - i64::from(are_mostly_positive(votes));
        let (voters, next) = nearest.split_at(asked.min(nearest.len()));
        let found = flip(voters);
        counts.n_favoured += u64::from(found > 0);
        counts.n_harmed += u64::from(found < 0);
        for (place, voter) in voters.iter().enumerate() {
            // Without this neighbour the next one is asked.
            let mut voters = voters.to_vec();
            voters.remove(place);
            voters.extend(next);
            sways[voter.row] += flip(&voters) - found;
        }
    }
    counts.sway = sways.iter().sum();
    counts.squared_sway = sways.iter().map(|sway| sway.unsigned_abs().pow(2)).sum();
    Ok(counts)
}

fn numbers_at(row: &SampledRow, places: &[usize]) -> Vec<f64> {
    places.iter().map(|place| row.numbers.get(*place).copied().unwrap_or(f64::NAN)).collect()
}

/// A row of the other side.
#[derive(Clone, Copy, Debug)]
struct Neighbour {
    distance: f64,
    is_positive: bool,
    row: usize,
}

/// The `n` nearest points, the nearest first.
fn nearest(point: &[f64], others: &[(Vec<f64>, bool)], n: usize) -> Vec<Neighbour> {
    let mut nearest: Vec<Neighbour> = Vec::with_capacity(n + 1);
    for (row, (other, is_positive)) in others.iter().enumerate() {
        let farthest = if nearest.len() < n { f64::INFINITY } else { nearest.last().map_or(0.0, |last| last.distance) };
        let Some(distance) = distance_below(point, other, farthest) else { continue };
        let place = nearest.partition_point(|nearer| nearer.distance <= distance);
        nearest.insert(place, Neighbour { distance, is_positive: *is_positive, row });
        nearest.truncate(n);
    }
    nearest
}

/// Whether most of them are positive.
fn are_mostly_positive(votes: &[Neighbour]) -> bool {
    2 * votes.iter().filter(|vote| vote.is_positive).count() > votes.len()
}

/// The squared distance, unless it reaches `limit`; infinity never does.
fn distance_below(a: &[f64], b: &[f64], limit: f64) -> Option<f64> {
    let distance: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    (distance < limit || limit == f64::INFINITY).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(numbers: &[(f64, u32)]) -> Vec<SampledRow> {
        let row = |(number, prediction): &(f64, u32)| SampledRow {
            hash: 0,
            facet: 0,
            prediction: *prediction,
            numbers: [*number].into(),
        };
        numbers.iter().map(row).collect()
    }

    fn count(sensitive: &[(f64, u32)], rest: &[(f64, u32)]) -> Result<FlipCounts, FlipLack> {
        let (sensitive, rest) = (rows(sensitive), rows(rest));
        let side = |rows| Side { n: <[SampledRow]>::len(rows) as u64, is_all: true, rows: rows.iter().collect() };
        flips(&side(&sensitive), &side(&rest), &[0], |prediction| prediction == 1)
    }

    #[test]
    fn one_neighbour_is_asked_among_nine_and_five_among_ten() {
        let mut rest: Vec<(f64, u32)> = (0..9).map(|i| (f64::from(i), u32::from(i == 0))).collect();
        assert_eq!(count(&[(0.1, 0)], &rest).map(|counts| counts.n_harmed), Ok(1));
        rest.push((9.0, 0));
        assert_eq!(count(&[(0.1, 0)], &rest).map(|counts| counts.n_harmed), Ok(0));
    }

    #[test]
    fn flips_go_both_ways() {
        let rest = [(0.0, 0), (10.0, 1)];
        let found = count(&[(1.0, 1), (1.0, 0), (9.0, 0), (9.0, 0), (9.0, 1)], &rest).expect("rows");
        assert_eq!((found.n_favoured, found.n_harmed, found.is_sample), (1, 2, false));
        assert_eq!(count(&[], &rest), Err(FlipLack::NoRows));
    }

    #[test]
    fn what_each_other_row_sways_is_what_changes_without_it() {
        let random = |i: u32| f64::from((i * 7_919) % 1_009);
        let side = |n: u32, from: u32| -> Vec<(f64, u32)> {
            (from..from + n).map(|i| (random(i), u32::from(random(i + 500) > 500.0))).collect()
        };
        let (sensitive, rest) = (side(40, 0), side(25, 100));
        let found = count(&sensitive, &rest).expect("rows");
        let balance = |counts: &FlipCounts| counts.n_favoured as i64 - counts.n_harmed as i64;
        let sways: Vec<i64> = (0..rest.len())
            .map(|place| {
                let mut fewer = rest.clone();
                fewer.remove(place);
                balance(&count(&sensitive, &fewer).expect("rows")) - balance(&found)
            })
            .collect();
        assert_eq!(found.sway, sways.iter().sum::<i64>());
        assert_eq!(found.squared_sway, sways.iter().map(|sway| (sway * sway) as u64).sum::<u64>());
        assert!(found.squared_sway > 0);
    }
}
