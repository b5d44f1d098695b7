//! L-infinity distance of categorical columns: the largest difference between the shares of a category.

use std::collections::HashMap;

use super::comparison::Comparison;
use super::distributions::categories;
use super::margin::Margin;
use crate::measure::finite::finite;
use crate::profile::{Category, Undefined};

/// D = max |c₁/n − c₂/m| over the categories of both sides. Range 0…1.
///
/// Source: awslabs/deequ `analyzers/Distance.scala` (Apache-2.0).
pub(super) fn simple(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    distance(sides, Margin::None)
}

/// [`simple`] less its margin.
pub(super) fn robust(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    distance(sides, Margin::TwoSample)
}

fn distance(sides: &Comparison<'_>, margin: Margin) -> Result<f64, Undefined> {
    let (baseline, current) = categories(sides.baseline, sides.current)?;
    let (n, m, distance) = largest_difference(current, baseline);
    finite(margin.correct(distance, n, m))
}

fn total(categories: &[Category]) -> f64 {
    categories.iter().map(|category| category.count as f64).sum()
}

/// Both totals, and the largest difference of shares.
fn largest_difference(current: &[Category], baseline: &[Category]) -> (f64, f64, f64) {
    let (n, m) = (total(current), total(baseline));
    let mut counts: HashMap<&str, (u64, u64)> = HashMap::new();
    for category in current {
        counts.entry(&category.value).or_default().0 = category.count;
    }
    for category in baseline {
        counts.entry(&category.value).or_default().1 = category.count;
    }
    let differences = counts.values().map(|(now, base)| (*now as f64 / n - *base as f64 / m).abs());
    (n, m, differences.fold(0.0, f64::max))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Categories from texts such as `a10 b20`.
    pub fn of(text: &str) -> Vec<Category> {
        let category = |word: &str| {
            let (value, count) = word.split_at(1);
            Category { value: value.to_owned(), count: count.parse().expect("a count") }
        };
        text.split(' ').map(category).collect()
    }

    #[test]
    fn published_distances() {
        for (current, baseline, simple) in [
            ("a10 b20 c25 d10 e5", "a11 b20 c25 d10 e10", 0.06015037593984962),
            ("a10 b20 c25 d10 e5", "f11 a20 c25 d10 e10", 0.2857142857142857),
        ] {
            let (n, m, distance) = largest_difference(&of(current), &of(baseline));
            assert!(
                (Margin::None.correct(distance, n, m) - simple).abs() < 1e-15,
                "{current} | {baseline}: {distance}"
            );
            assert_eq!(Margin::TwoSample.correct(distance, n, m), 0.0);
        }
    }

    /// The published margins are those of a significance, √(−ln(α/2)/2); 1.8 is 0.003's, rounded.
    #[test]
    fn published_distances_at_a_significance() {
        let (current, baseline) = (of("a207 b20 c25 d14 e25 g13"), of("a22 b20 c25 d12 e13 f15"));
        let (n, m, distance) = largest_difference(&current, &baseline);
        for (significance, published) in [(0.003f64, 0.2726338046550349), (0.1, 0.33774199396969184)] {
            let factor = (-(significance / 2.0).ln() / 2.0).sqrt();
            assert!((distance - factor * ((n + m) / (n * m)).sqrt() - published).abs() < 1e-12);
        }
        assert!((Margin::TwoSample.correct(distance, n, m) - 0.27298150100888496).abs() < 1e-15);
    }

    #[test]
    fn a_new_category_counts() {
        let (_, _, distance) = largest_difference(&of("a50 b50"), &of("a100"));
        assert_eq!(distance, 0.5);
    }

    #[test]
    fn equal_shares_do_not_differ() {
        let (_, _, distance) = largest_difference(&of("a10 b30"), &of("a1 b3"));
        assert_eq!(distance, 0.0);
    }
}
