//! Prediction drift: Jensen-Shannon distance of two distributions of predictions, and a chi-squared test of it.

use std::collections::BTreeMap;

use crate::measure::chi_squared::upper_tail;
use crate::measure::jensen_shannon::jensen_shannon_distance;
use crate::profile::{Distribution, Undefined};

/// Smallest expected count of a part, on either side; smaller ones are joined with the next.
const MIN_EXPECTED: f64 = 5.0;

/// A distance and how likely it is without any change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictionDrift {
    /// Jensen-Shannon distance with logarithms to base 2, in 0…1 (Endres and Schindelin, "A new
    /// metric for probability distributions", IEEE Transactions on Information Theory 49, 2003).
    pub distance: Result<f64, Undefined>,
    /// Of Pearson's test that both sides come from one distribution (homogeneity of a table of two
    /// rows). 1 where all rows fall into one part on both sides.
    pub p_value: Result<f64, Undefined>,
}

/// What lies between a baseline and current data, which were counted between the same edges.
pub fn between(baseline: &Distribution, current: &Distribution) -> PredictionDrift {
    match pairs(baseline, current) {
        Ok(pairs) => PredictionDrift { distance: Ok(distance(&pairs)), p_value: p_value(&pairs) },
        Err(reason) => PredictionDrift { distance: Err(reason), p_value: Err(reason) },
    }
}

/// Counts of both sides, part by part.
fn pairs(baseline: &Distribution, current: &Distribution) -> Result<Vec<(f64, f64)>, Undefined> {
    let pairs: Vec<(f64, f64)> = match (baseline, current) {
        (Distribution::Classes(baseline), Distribution::Classes(current)) => {
            let mut classes: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
            for (class, n) in baseline {
                classes.entry(class).or_default().0 += *n as f64;
            }
            for (class, n) in current {
                classes.entry(class).or_default().1 += *n as f64;
            }
            classes.into_values().collect()
        }
        (
            Distribution::Numbers { edges: baseline_edges, counts: baseline },
            Distribution::Numbers { edges, counts: current },
        ) if edges == baseline_edges => baseline.iter().zip(current).map(|(a, b)| (*a as f64, *b as f64)).collect(),
        _ => return Err(Undefined::KindMismatch),
    };
    let (n_baseline, n_current) = totals(&pairs);
    if n_baseline > 0.0 && n_current > 0.0 { Ok(pairs) } else { Err(Undefined::Empty) }
}

fn totals(pairs: &[(f64, f64)]) -> (f64, f64) {
    pairs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y))
}

fn distance(pairs: &[(f64, f64)]) -> f64 {
    let (n_baseline, n_current) = totals(pairs);
    jensen_shannon_distance(pairs.iter().map(|(x, y)| (x / n_baseline, y / n_current)))
}

fn p_value(pairs: &[(f64, f64)]) -> Result<f64, Undefined> {
    let (n_baseline, n_current) = totals(pairs);
    let share = n_baseline / (n_baseline + n_current);
    let smaller = share.min(1.0 - share);
    let mut parts: Vec<(f64, f64)> = Vec::new();
    let mut open = (0.0, 0.0);
    for (x, y) in pairs {
        open = (open.0 + x, open.1 + y);
        if (open.0 + open.1) * smaller >= MIN_EXPECTED {
            parts.push(std::mem::take(&mut open));
        }
    }
    match parts.last_mut() {
        Some(last) => *last = (last.0 + open.0, last.1 + open.1),
        None => return Err(Undefined::TooFewCategories),
    }
    if parts.len() < 2 {
        let n_filled = pairs.iter().filter(|(x, y)| x + y > 0.0).count();
        return if n_filled == 1 { Ok(1.0) } else { Err(Undefined::TooFewCategories) };
    }
    let term = |(x, y): &(f64, f64)| {
        let expected = (x + y) * share;
        (x - expected) * (x - expected) / (expected * (1.0 - share))
    };
    let statistic: f64 = parts.iter().map(term).sum();
    upper_tail(statistic, parts.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(counts: &[(&str, u64)]) -> Distribution {
        Distribution::Classes(counts.iter().map(|(class, n)| ((*class).to_owned(), *n)).collect())
    }

    fn numbers(counts: &[u64]) -> Distribution {
        let edges = (0..=counts.len()).map(|edge| edge as f64).collect();
        Distribution::Numbers { edges, counts: counts.to_vec() }
    }

    #[test]
    fn published_distances_and_p_values() {
        // scipy.spatial.distance.jensenshannon(base=2) and scipy.stats.chi2_contingency(correction=False).
        for (baseline, current, distance, p) in [
            (classes(&[("0", 90), ("1", 10)]), classes(&[("0", 70), ("1", 30)]), 0.216_298_1, 4.069_5e-4),
            (numbers(&[10, 20, 30]), numbers(&[20, 20, 20]), 0.180_360_6, 0.069_483_5),
            (numbers(&[50, 50]), numbers(&[50, 50]), 0.0, 1.0),
        ] {
            let found = between(&baseline, &current);
            assert!((found.distance.expect("a distance") - distance).abs() < 1e-6, "{found:?}");
            assert!((found.p_value.expect("a p-value") - p).abs() < 1e-5, "{found:?}");
        }
    }

    #[test]
    fn nothing_in_common_is_as_far_as_it_gets() {
        let found = between(&classes(&[("a", 40)]), &classes(&[("b", 40)]));
        assert_eq!(found.distance, Ok(1.0));
        assert!(found.p_value.expect("a p-value") < 1e-12);
    }

    #[test]
    fn a_constant_that_stays_has_not_drifted() {
        let found = between(&classes(&[("a", 40)]), &classes(&[("a", 3)]));
        assert_eq!((found.distance, found.p_value), (Ok(0.0), Err(Undefined::TooFewCategories)));
        assert_eq!(between(&classes(&[("a", 40)]), &classes(&[("a", 30)])).p_value, Ok(1.0));
    }

    #[test]
    fn what_was_counted_otherwise_is_not_compared() {
        for (a, b, reason) in [
            (numbers(&[1, 2]), numbers(&[1, 2, 3]), Undefined::KindMismatch),
            (numbers(&[1, 2]), classes(&[("a", 1)]), Undefined::KindMismatch),
            (numbers(&[1, 2]), numbers(&[0, 0]), Undefined::Empty),
        ] {
            let found = between(&a, &b);
            assert_eq!((found.distance, found.p_value), (Err(reason), Err(reason)));
        }
    }
}
