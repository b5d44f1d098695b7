//! Carried drift: how much of a column's distance from the baseline goes with a part of the rows.

use std::f64::consts::FRAC_2_PI;

use super::bins::{self, Bin, Part, shares};
use super::comparison::Comparison;
use crate::profile::{ColumnStatistics, Undefined};

/// What each part of the rows carries of a column's distance; of a part that came closer to the baseline it is negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// In the order of the parts.
    pub parts: Vec<Result<f64, Undefined>>,
    /// Of the rows that are in no part; undefined where a part's is.
    pub rest: Result<f64, Undefined>,
}

/// 1 − D(without) / D(all) for each of `parts`, which are disjoint parts of the current rows. D is the total variation
/// distance over the bins that the baseline fixes ([`super::bins`]), ½·Σ |p − q|, less what chance alone gives on
/// average, and at least 0; without a part its rows are taken out of the counts of the bins, and the shares q are those
/// of the rows that remain.
///
/// Of a bin that holds the share r of all rows, chance gives |p − q| the mean √(2/π)·√(r·(1 − r)·(1/m + 1/n)): p − q is
/// nearly normal, and so large is the mean deviation of a normal number beside its standard deviation (R. C. Geary, "The
/// ratio of the mean deviation to the standard deviation as a test of normality", Biometrika 27, 1935, p. 310). Without
/// this, few rows in many bins would look as if they had changed.
///
/// What the parts carry does not add up to 1: where two parts changed alike, leaving out either changes little.
pub fn carried(sides: &Comparison<'_>, parts: &[&ColumnStatistics]) -> Result<Carried, Undefined> {
    let all = bins::named(sides.baseline, sides.current)?;
    let counts: Vec<Result<Vec<f64>, Undefined>> =
        parts.iter().map(|part| counts(&all, sides.baseline, part)).collect();
    let known: Result<Vec<&Vec<f64>>, Undefined> =
        counts.iter().map(|counts| counts.as_ref().map_err(|reason| *reason)).collect();
    let rest = known.map(|known| {
        let in_parts = |place: usize| known.iter().map(|counts| counts[place]).sum::<f64>();
        all.iter().enumerate().map(|(place, (_, bin))| (bin.current - in_parts(place)).max(0.0)).collect()
    });
    let of = |counts: Result<Vec<f64>, Undefined>| carried_by(&all, &counts?);
    Ok(Carried { parts: counts.into_iter().map(of).collect(), rest: of(rest) })
}

/// Rows of a part in each bin.
fn counts(
    all: &[(Part<'_>, Bin)],
    baseline: &ColumnStatistics,
    part: &ColumnStatistics,
) -> Result<Vec<f64>, Undefined> {
    // A part without a cell has its place, too: that of missing cells.
    let found = match part.n_present {
        0 => vec![(Part::Missing, Bin { baseline: 0.0, current: part.n_missing as f64 })],
        _ => bins::named(baseline, part)?,
    };
    let in_bin = |of: Part<'_>| found.iter().find(|(part, _)| *part == of).map_or(0.0, |(_, bin)| bin.current);
    Ok(all.iter().map(|(of, _)| in_bin(*of)).collect())
}

fn carried_by(all: &[(Part<'_>, Bin)], counts: &[f64]) -> Result<f64, Undefined> {
    let whole: Vec<Bin> = all.iter().map(|(_, bin)| *bin).collect();
    let without = |(bin, n): (&Bin, &f64)| Bin { current: (bin.current - n).max(0.0), ..*bin };
    let remaining: Vec<Bin> = whole.iter().zip(counts).map(without).collect();
    if bins::totals(&remaining).1 <= 0.0 {
        return Err(Undefined::Empty);
    }
    match beyond_chance(&whole) {
        0.0 => Err(Undefined::Empty),
        of_all => Ok(1.0 - beyond_chance(&remaining) / of_all),
    }
}

/// The total variation distance less what chance alone gives on average.
fn beyond_chance(bins: &[Bin]) -> f64 {
    let (n_baseline, n_current) = bins::totals(bins);
    let variance = |bin: &Bin| {
        let pooled = (bin.baseline + bin.current) / (n_baseline + n_current);
        pooled * (1.0 - pooled) * (1.0 / n_baseline + 1.0 / n_current)
    };
    let by_chance: f64 = bins.iter().map(|bin| (FRAC_2_PI * variance(bin)).sqrt()).sum();
    let distance: f64 = shares(bins).map(|(p, q)| (p - q).abs()).sum();
    ((distance - by_chance) / 2.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::tests::examples::{categories, numbers};
    use super::*;
    use crate::profile::Category;

    /// A column of the categories `0`, `1`, … with so many cells each.
    fn column(counts: &Value) -> ColumnStatistics {
        let counts = counts.as_array().into_iter().flatten().enumerate();
        let category = |(i, n): (usize, &Value)| Category { value: i.to_string(), count: n.as_u64().expect("a count") };
        categories(counts.map(category).collect(), 0)
    }

    fn sum(parts: &[Value]) -> Value {
        let n_bins = parts[0].as_array().map_or(0, Vec::len);
        (0..n_bins).map(|bin| parts.iter().filter_map(|part| part[bin].as_u64()).sum::<u64>()).collect()
    }

    #[test]
    fn it_is_that_of_the_definition() {
        let expected = include_str!("../../../tests/expected_values/carried.json");
        let cases: Vec<Value> = serde_json::from_str(expected).expect("expected values");
        assert!(cases.len() > 20);
        for case in &cases {
            let parts = case["parts"].as_array().expect("parts");
            let (base, now) = (column(&case["baseline"]), column(&sum(parts)));
            let columns: Vec<ColumnStatistics> = parts.iter().map(column).collect();
            // The last part is taken for the rest.
            let (rest, known) = columns.split_last().expect("a part");
            assert!(rest.n_present > 0);
            let found = carried(&Comparison::new(&base, &now), &known.iter().collect::<Vec<_>>()).expect("shares");
            let found: Vec<Option<f64>> = found.parts.into_iter().chain([found.rest]).map(Result::ok).collect();
            for (found, expected) in found.iter().zip(case["carried"].as_array().expect("shares")) {
                match (found, expected.as_f64()) {
                    (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-9, "{case}: {found}"),
                    (found, expected) => assert_eq!(*found, expected, "{case}"),
                }
            }
        }
    }

    #[test]
    fn all_of_it_goes_with_the_part_that_changed() {
        let values = |n: u32, to: f64| (0..n).map(|i| to * f64::from(i) / f64::from(n)).collect::<Vec<_>>();
        let (base, same, other) = (values(400, 1.0), values(200, 1.0), vec![3.0; 90]);
        let now = numbers(&[same.clone(), other.clone()].concat(), 0);
        let (base, parts) = (numbers(&base, 0), [numbers(&same, 0), numbers(&other, 0)]);
        let found = carried(&Comparison::new(&base, &now), &[&parts[0], &parts[1]]).expect("shares");
        assert!(found.parts[1] == Ok(1.0) && found.parts[0].is_ok_and(|share| share < 0.0), "{found:?}");
        assert!(found.rest.is_ok_and(|share| share.abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn missing_cells_are_rows_of_a_part() {
        let (base, now) = (numbers(&[1.0; 100], 0), numbers(&[1.0; 60], 60));
        let without_cells = ColumnStatistics { n_missing: 60, ..categories(Vec::new(), 0) };
        let found = carried(&Comparison::new(&base, &now), &[&without_cells]).expect("shares");
        assert_eq!(found.parts, [Ok(1.0)]);
    }

    #[test]
    fn there_is_nothing_without_all_rows() {
        let (base, now) = (numbers(&[1.0; 100], 0), numbers(&[1.0; 60], 60));
        let found = carried(&Comparison::new(&base, &now), &[&now]).expect("shares");
        assert_eq!((found.parts, found.rest), (vec![Err(Undefined::Empty)], Ok(0.0)));
    }
}
