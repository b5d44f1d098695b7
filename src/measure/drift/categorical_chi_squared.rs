//! Chi-squared test of categorical columns: goodness of fit of the current counts to the baseline's shares.

use super::comparison::Comparison;
use super::distributions::categories;
use crate::measure::chi_squared::upper_tail;
use crate::measure::finite::finite;
use crate::profile::{Category, Undefined};

/// Σ (o − e)²/e over the baseline's categories, e being its share of the current total.
///
/// Categories that the baseline does not know are ignored. While too many expected counts are
/// small, the smallest category joins the second smallest: with more than two, at most a fifth may
/// be below 5 (Yates, Moore and McCabe, "The Practice of Statistics", 1999); with two, none below
/// 10 (Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10, 1954).
/// Equally small ones are taken by name. Undefined with fewer than two left.
///
/// Source: awslabs/deequ `analyzers/Distance.scala` (Apache-2.0).
pub(super) fn statistic(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (baseline, current) = categories(sides.baseline, sides.current)?;
    finite(goodness_of_fit(current, baseline)?.0)
}

/// The probability of a larger [`statistic`], 0…1, if nothing changed and the baseline were exact.
pub(super) fn p_value(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (baseline, current) = categories(sides.baseline, sides.current)?;
    let (statistic, n_groups) = goodness_of_fit(current, baseline)?;
    upper_tail(statistic, n_groups - 1)
}

/// Of more than two categories, the smallest expected count that is not small.
const SMALL_OF_MANY: f64 = 5.0;
/// The same of two categories.
const SMALL_OF_TWO: f64 = 10.0;
/// Of more than two categories, the share that may be small.
const TOLERATED_SHARE: f64 = 0.2;

/// One category, or several joined.
struct Group<'a> {
    name: &'a str,
    expected: f64,
    observed: f64,
}

/// The statistic and the number of groups behind it.
fn goodness_of_fit(current: &[Category], baseline: &[Category]) -> Result<(f64, usize), Undefined> {
    let groups = join_small(expect(current, baseline))?;
    let n_expected: f64 = groups.iter().map(|group| group.expected).sum();
    let n_observed: f64 = groups.iter().map(|group| group.observed).sum();
    let scale = n_observed / n_expected;
    let term = |group: &Group<'_>| {
        let expected = group.expected * scale;
        (group.observed - expected) * (group.observed - expected) / expected
    };
    Ok((groups.iter().map(term).sum(), groups.len()))
}

/// The baseline's categories with their expected and observed counts.
fn expect<'a>(current: &[Category], baseline: &'a [Category]) -> Vec<Group<'a>> {
    let observed = |name: &str| current.iter().find(|category| category.value == name).map_or(0, |found| found.count);
    let n_baseline: f64 = baseline.iter().map(|category| category.count as f64).sum();
    let n_known: f64 = baseline.iter().map(|category| observed(&category.value) as f64).sum();
    let group = |category: &'a Category| Group {
        name: &category.value,
        expected: category.count as f64 / n_baseline * n_known,
        observed: observed(&category.value) as f64,
    };
    baseline.iter().map(group).collect()
}

/// Joins the two smallest groups until few enough are small.
fn join_small(mut groups: Vec<Group<'_>>) -> Result<Vec<Group<'_>>, Undefined> {
    while groups.len() >= 2 {
        let (small, n_tolerated) = match groups.len() {
            2 => (SMALL_OF_TWO, 0),
            n => (SMALL_OF_MANY, (TOLERATED_SHARE * n as f64) as usize),
        };
        if groups.iter().filter(|group| group.expected < small).count() <= n_tolerated {
            return Ok(groups);
        }
        let Some(least) = smallest(&groups) else { break };
        let joining = groups.remove(least);
        let Some(second) = smallest(&groups) else { break };
        groups[second].expected += joining.expected;
        groups[second].observed += joining.observed;
    }
    Err(Undefined::TooFewCategories)
}

fn smallest(groups: &[Group<'_>]) -> Option<usize> {
    let key = |a: &Group<'_>, b: &Group<'_>| a.expected.total_cmp(&b.expected).then_with(|| a.name.cmp(b.name));
    (0..groups.len()).min_by(|a, b| key(&groups[*a], &groups[*b]))
}

#[cfg(test)]
mod tests {
    use super::super::categorical_l_infinity::tests::of;
    use super::*;

    #[test]
    fn published_statistics_and_p_values() {
        for (current, baseline, expected, expected_p) in [
            ("a207 b20 c25 d14 e25 g13", "a223 b20 c25 d12 e13 f15", 28.175042782458068, Some(3.3640191298478506e-5)),
            ("a30", "a20 b20", 30.0, Some(4.3204630539861455e-8)),
            ("a100 b20 c25 d10 e5 f2", "a100 b22 c25 d5 e13 f2", 8.789790456457125, None),
        ] {
            let (found, n_groups) = goodness_of_fit(&of(current), &of(baseline)).expect("groups enough");
            assert!((found - expected).abs() < 1e-12 * expected, "{current} | {baseline}: {found}");
            let p = upper_tail(found, n_groups - 1).expect("a probability");
            assert!(expected_p.is_none_or(|expected| (p - expected).abs() < 1e-8 * expected), "{current}: {p}");
        }
    }

    #[test]
    fn too_few_categories_are_no_distribution() {
        for (current, baseline) in [("a100 b4 c3", "a100 b4 c3"), ("x9", "a20 b20"), ("a50", "a50"), ("a5 b5", "a5 b5")]
        {
            let found = goodness_of_fit(&of(current), &of(baseline)).map(|(found, _)| found);
            assert_eq!(found, Err(Undefined::TooFewCategories), "{current} | {baseline}");
        }
    }

    #[test]
    fn the_same_counts_fit_perfectly() {
        let (found, n_groups) = goodness_of_fit(&of("a50 b30 c20"), &of("a50 b30 c20")).expect("groups enough");
        assert_eq!((found, n_groups), (0.0, 3));
        assert_eq!(upper_tail(found, n_groups - 1), Ok(1.0));
    }
}
