//! The flip test: whether rows of a group would be predicted otherwise if they were not of it.
//!
//! Neighbours are those of smallest Euclidean distance, numbers as they are; of equally distant
//! ones those drawn first. (Black, Yeom and Fredrikson, "FlipTest: fairness testing via optimal
//! transport", FAT* 2020, whose transport Amazon SageMaker Clarify replaces by neighbours.)

use super::sample::SampledRow;
use super::statistics::{FlipCounts, FlipLack};

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
        is_sample: !(sensitive.is_all && rest.is_all),
    };
    for (point, is_positive) in points(sensitive) {
        let would_be = prediction_of_neighbours(&point, &others, asked);
        counts.n_favoured += u64::from(is_positive && !would_be);
        counts.n_harmed += u64::from(!is_positive && would_be);
    }
    Ok(counts)
}

fn numbers_at(row: &SampledRow, places: &[usize]) -> Vec<f64> {
    places.iter().map(|place| row.numbers.get(*place).copied().unwrap_or(f64::NAN)).collect()
}

/// Whether most of the nearest points are positive.
fn prediction_of_neighbours(point: &[f64], others: &[(Vec<f64>, bool)], asked: usize) -> bool {
    let mut nearest: Vec<(f64, bool)> = Vec::with_capacity(asked + 1);
    for (other, is_positive) in others {
        let farthest = if nearest.len() < asked { f64::INFINITY } else { nearest.last().map_or(0.0, |last| last.0) };
        let Some(distance) = distance_below(point, other, farthest) else { continue };
        let place = nearest.partition_point(|(nearer, _)| *nearer <= distance);
        nearest.insert(place, (distance, *is_positive));
        nearest.truncate(asked);
    }
    let n_positive = nearest.iter().filter(|(_, is_positive)| *is_positive).count();
    2 * n_positive > nearest.len()
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
}
