//! L-infinity distance of numeric columns (Kolmogorov–Smirnov), read off quantile sketches.

use super::comparison::Comparison;
use super::distributions::quantiles;
use super::margin::Margin;
use crate::measure::finite::finite;
use crate::profile::Undefined;
use crate::sketch::Quantiles;

/// D = max |rank₁(v)/n − rank₂(v)/m| over the values v of both sketches. Range 0…1.
///
/// As in AWS's containers, values that occur more than once weigh as their last item only (that of
/// the highest level). With up to 2,049 rows the distance so compares the *sets* of values, n and m
/// being the numbers of distinct ones: a column of zeros and ones never drifts. Without that,
/// √(nm/(n+m))·D would follow Kolmogorov's distribution if nothing changed.
///
/// Source: awslabs/deequ `analyzers/Distance.scala`, `QuantileNonSample.scala` (Apache-2.0);
/// confirmed by published violations.
pub(super) fn simple(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    distance(sides, Margin::None)
}

/// [`simple`] less its margin.
pub(super) fn robust(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    distance(sides, Margin::TwoSample)
}

fn distance(sides: &Comparison<'_>, margin: Margin) -> Result<f64, Undefined> {
    let (baseline, current) = quantiles(sides.baseline, sides.current)?;
    let (n, m, distance) = largest_difference(&rank_map(current), &rank_map(baseline))?;
    finite(margin.correct(distance, n, m))
}

/// Distinct values, rising, each with the weight of all values up to it.
fn rank_map(quantiles: &Quantiles) -> Vec<(f64, f64)> {
    let mut weights: Vec<(f64, u64)> = Vec::new();
    for (value, weight) in quantiles.weighted_items() {
        match weights.last_mut() {
            Some(last) if last.0 == value => last.1 = weight,
            _ => weights.push((value, weight)),
        }
    }
    let mut rank = 0.0;
    let cumulate = |(value, weight)| {
        rank += weight as f64;
        (value, rank)
    };
    weights.into_iter().map(cumulate).collect()
}

/// Both totals, and the largest difference of the two step functions.
fn largest_difference(current: &[(f64, f64)], baseline: &[(f64, f64)]) -> Result<(f64, f64, f64), Undefined> {
    let (Some((_, n)), Some((_, m))) = (current.last(), baseline.last()) else { return Err(Undefined::Empty) };
    let (mut i, mut j, mut distance) = (0, 0, 0.0f64);
    let rank = |map: &[(f64, f64)], place: usize| place.checked_sub(1).map_or(0.0, |last| map[last].1);
    loop {
        let value = match (current.get(i), baseline.get(j)) {
            (None, None) => return Ok((*n, *m, distance)),
            (Some((x, _)), None) | (None, Some((x, _))) => *x,
            (Some((x, _)), Some((y, _))) => x.min(*y),
        };
        // What is not a number equals nothing; it is stepped over.
        i += usize::from(current.get(i).is_some_and(|(x, _)| *x == value || x.is_nan()));
        j += usize::from(baseline.get(j).is_some_and(|(y, _)| *y == value || y.is_nan()));
        distance = distance.max((rank(current, i) / n - rank(baseline, j) / m).abs());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(levels: &[&[f64]]) -> Quantiles {
        Quantiles { levels: levels.iter().map(|level| level.to_vec()).collect(), k: 2048.0, c: 0.64 }
    }

    fn distance(margin: Margin, current: &[&[f64]], baseline: &[&[f64]]) -> Result<f64, Undefined> {
        let found = largest_difference(&rank_map(&of(current)), &rank_map(&of(baseline)));
        found.map(|(n, m, distance)| margin.correct(distance, n, m))
    }

    #[test]
    fn named_cases() {
        let up_to = |n: u32| (1..=n).map(f64::from).collect::<Vec<_>>();
        for (name, current, baseline, expected) in [
            ("shifted by one of four", vec![1.0, 2.0, 3.0, 4.0], vec![2.0, 3.0, 4.0, 5.0], 0.25),
            ("the same", vec![1.0, 2.0], vec![1.0, 2.0], 0.0),
            ("the same set, other frequencies", vec![0.0, 1.0, 1.0, 1.0], vec![0.0, 0.0, 0.0, 1.0], 0.0),
            ("no value in common", vec![5.0, 6.0], vec![1.0, 2.0, 3.0], 1.0),
            ("zeros of both signs are one value", vec![-0.0, 1.0], vec![0.0, 1.0], 0.0),
            ("a constant inside", vec![5.0], up_to(10), 0.5),
        ] {
            let found = distance(Margin::None, &[&current], &[&baseline]).expect("both sides have values");
            assert!((found - expected).abs() < 1e-15, "{name}: {found}");
            let turned = distance(Margin::None, &[&baseline], &[&current]).expect("both sides have values");
            assert_eq!(found, turned, "{name}, turned round");
        }
    }

    #[test]
    fn four_values_are_too_few_to_be_sure() {
        let both = [&[1.0, 2.0, 3.0, 4.0][..], &[2.0, 3.0, 4.0, 5.0][..]];
        assert_eq!(distance(Margin::TwoSample, &[both[0]], &[both[1]]), Ok(0.0));
    }

    #[test]
    fn a_value_weighs_as_on_its_highest_level() {
        assert_eq!(rank_map(&of(&[&[1.0, 2.0, 2.0], &[2.0], &[3.0]])), [(1.0, 1.0), (2.0, 3.0), (3.0, 7.0)]);
    }

    #[test]
    fn an_empty_side_and_odd_values_do_no_harm() {
        assert_eq!(distance(Margin::None, &[&[]], &[&[1.0]]), Err(Undefined::Empty));
        assert!(distance(Margin::None, &[&[f64::NAN, 1.0]], &[&[1.0, f64::NAN, -f64::NAN]]).is_ok());
    }
}
