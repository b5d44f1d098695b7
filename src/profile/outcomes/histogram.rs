//! Histogram: counts of numbers between edges, which are given or still to be found.

use super::calibration::Distribution;
use crate::sketch::ValueCounts;

/// Parts into which a baseline's numbers are cut, each with about as many rows.
const N_PARTS: usize = 20;
/// Groups of numbers kept of all columns together, and the most and fewest of one column. Edges lie
/// between groups.
const MAX_GROUPS: usize = 1 << 16;
const MAX_GROUPS_A_COLUMN: usize = 1 << 13;
const MIN_GROUPS_A_COLUMN: usize = 1 << 8;

/// An open distribution of numbers.
#[derive(Clone, Debug)]
pub(super) enum OpenHistogram {
    /// Without a baseline: edges are chosen at the end.
    Free(ValueCounts),
    /// Edges of a baseline.
    Fixed { edges: Vec<f64>, counts: Vec<u64> },
}

impl OpenHistogram {
    /// One of `n_columns`. Edges are used when there are two at least, rising.
    pub fn new(edges: Option<&[f64]>, n_columns: usize) -> Self {
        match edges.filter(|edges| edges.len() >= 2 && edges.is_sorted()) {
            Some(edges) => Self::Fixed { edges: edges.to_vec(), counts: vec![0; edges.len() - 1] },
            None => {
                let room = MAX_GROUPS / n_columns.max(1);
                Self::Free(ValueCounts::new(room.clamp(MIN_GROUPS_A_COLUMN, MAX_GROUPS_A_COLUMN)))
            }
        }
    }

    pub fn push(&mut self, x: f64) {
        match self {
            Self::Free(values) => values.push(x),
            Self::Fixed { edges, counts } => {
                let after = edges.partition_point(|edge| *edge <= x);
                let place = after.saturating_sub(1).min(counts.len() - 1);
                counts[place] += 1;
            }
        }
    }

    /// Both must have been made with the same edges.
    pub fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Free(mine), Self::Free(theirs)) => mine.merge(theirs),
            (Self::Fixed { counts: mine, .. }, Self::Fixed { counts: theirs, .. }) => {
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
            }
            _ => {}
        }
    }

    pub fn close(self) -> Distribution {
        match self {
            Self::Fixed { edges, counts } => Distribution::Numbers { edges, counts },
            Self::Free(values) => {
                let (edges, counts) = parts(values);
                Distribution::Numbers { edges, counts }
            }
        }
    }

    pub fn memory(&self) -> usize {
        match self {
            Self::Free(values) => values.memory(),
            Self::Fixed { edges, counts } => (edges.capacity() + counts.capacity()) * size_of::<f64>(),
        }
    }
}

/// Edges between which about as many numbers lie, and exactly how many.
fn parts(values: ValueCounts) -> (Vec<f64>, Vec<u64>) {
    let groups = values.groups();
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return (Vec::new(), Vec::new()) };
    if groups.len() == 1 {
        // What differs from the only value must have a place to go.
        let edges = vec![first.lower.next_down(), first.lower, first.upper, first.upper.next_up()];
        return (edges, vec![0, first.n, 0]);
    }
    let total: u128 = groups.iter().map(|group| u128::from(group.n)).sum();
    let part_of = |n_before: u128| n_before * N_PARTS as u128 / total;
    let (mut edges, mut counts) = (Vec::new(), Vec::new());
    let (mut n_before, mut part) = (0u128, None);
    for group in &groups {
        let here = part_of(n_before);
        if part != Some(here) {
            edges.push(group.lower);
            counts.push(0);
            part = Some(here);
        }
        if let Some(count) = counts.last_mut() {
            *count += group.n;
        }
        n_before += u128::from(group.n);
    }
    edges.push(last.upper);
    (edges, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(values: impl IntoIterator<Item = f64>, edges: Option<&[f64]>) -> (Vec<f64>, Vec<u64>) {
        let mut tally = OpenHistogram::new(edges, 1);
        values.into_iter().for_each(|x| tally.push(x));
        match tally.close() {
            Distribution::Numbers { edges, counts } => (edges, counts),
            Distribution::Classes(_) => panic!("numbers were counted"),
        }
    }

    #[test]
    fn parts_hold_about_as_many_numbers() {
        let (edges, counts) = close((0..1_000).map(f64::from), None);
        assert_eq!(counts, [50; 20]);
        assert_eq!(edges[..3], [0.0, 50.0, 100.0]);
        let (_, counts) = close((0..100_000).map(|i| f64::from(i).sin()), None);
        assert_eq!(counts.iter().sum::<u64>(), 100_000);
        assert!(counts.iter().all(|n| (4_000..6_000).contains(n)), "{counts:?}");
    }

    #[test]
    fn numbers_outside_go_to_the_ends() {
        let (_, counts) = close([-9.0, 0.0, 0.5, 1.0, 2.0, 99.0], Some(&[0.0, 1.0, 2.0]));
        assert_eq!(counts, [3, 3]);
    }

    #[test]
    fn what_differs_from_a_constant_is_seen() {
        let (edges, counts) = close([7.0; 5], None);
        assert_eq!(counts, [0, 5, 0]);
        assert_eq!(close([6.0, 7.0, 7.5, 8.0], Some(&edges)).1, [1, 1, 2]);
    }

    #[test]
    fn nothing_has_no_parts() {
        assert_eq!(close([], None), (vec![], vec![]));
    }
}
