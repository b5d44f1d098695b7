//! Carried drift: how much of a column's distance from the baseline goes with a part of the rows.

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
/// distance over the bins that the baseline fixes ([`super::bins`]), ½·Σ |p − q|; without a part its rows are taken out
/// of the counts of the bins, and the shares q are those of the rows that remain.
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
    let distance = |bins: &[Bin]| shares(bins).map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0;
    match distance(&whole) {
        0.0 => Err(Undefined::Empty),
        of_all => Ok(1.0 - distance(&remaining) / of_all),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::examples::{numbers, texts};
    use super::*;

    fn assert_carried(base: &ColumnStatistics, now: &ColumnStatistics, parts: &[&ColumnStatistics], expected: &[f64]) {
        let found = carried(&Comparison::new(base, now), parts).expect("what is carried");
        let found: Vec<f64> = found.parts.into_iter().chain([found.rest]).map(|one| one.expect("a share")).collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
    }

    #[test]
    fn all_of_it_goes_with_the_part_that_changed() {
        // Baseline ½, ½. Now 8 : 12; the parts are 0 : 4, which changed, and 5 : 5; 3 : 3 are in none.
        // D = 1/10. Without the first part 8 : 8, so 0; without the second 3 : 7, so 1/5; without the rest 5 : 9, so 1/7.
        let (base, now) = (texts("a10 b10", 0), texts("a8 b12", 0));
        assert_carried(&base, &now, &[&texts("b4", 0), &texts("a5 b5", 0)], &[1.0, -1.0, -3.0 / 7.0]);
    }

    #[test]
    fn missing_cells_are_rows_of_a_part() {
        // Baseline 10 : 0. Now 6 : 6; without the part that has no cell 6 : 0.
        let (base, now) = (numbers(&[1.0; 10], 0), numbers(&[1.0; 6], 6));
        let without_cells = ColumnStatistics { n_missing: 6, ..texts("", 0) };
        assert_carried(&base, &now, &[&without_cells, &numbers(&[1.0; 3], 0)], &[1.0, -1.0 / 3.0, -1.0 / 3.0]);
    }

    #[test]
    fn there_is_nothing_without_all_rows() {
        let (base, now) = (texts("a10 b10", 0), texts("a8 b12", 0));
        let found = carried(&Comparison::new(&base, &now), &[&now]).expect("what is carried");
        assert_eq!(found.parts, [Err(Undefined::Empty)]);
        assert_eq!(found.rest, Ok(0.0));
    }
}
