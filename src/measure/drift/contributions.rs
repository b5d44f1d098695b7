//! Contributions: which parts of a column carry its distance from the baseline.

use super::bins::{self, Part, totals};
use super::comparison::Comparison;
use crate::profile::Undefined;

/// What one bin adds to the total variation distance of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution<'a> {
    pub part: Part<'a>,
    /// Rows of the baseline that are in it, 0…1.
    pub baseline_share: f64,
    pub current_share: f64,
    /// |p − q| of the bin, of the sum over all bins, 0…1. The contributions of a column add up to 1.
    pub share: f64,
}

/// The contributions of the bins whose shares differ, the largest first.
pub fn contributions<'a>(sides: &Comparison<'a>) -> Result<Vec<Contribution<'a>>, Undefined> {
    let named = bins::named(sides.baseline, sides.current)?;
    let all: Vec<bins::Bin> = named.iter().map(|(_, bin)| *bin).collect();
    let (n_baseline, n_current) = totals(&all);
    let difference = |bin: &bins::Bin| (bin.baseline / n_baseline - bin.current / n_current).abs();
    let sum: f64 = all.iter().map(difference).sum();
    let contribution = |(part, bin): (Part<'a>, bins::Bin)| Contribution {
        part,
        baseline_share: bin.baseline / n_baseline,
        current_share: bin.current / n_current,
        share: difference(&bin) / sum,
    };
    let differs = |contribution: &Contribution<'_>| contribution.share > 0.0;
    let mut found: Vec<Contribution<'a>> = named.into_iter().map(contribution).filter(differs).collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::ALL;
    use super::super::tests::examples::{numbers, texts};
    use super::*;

    #[test]
    fn the_part_that_changed_most_comes_first() {
        let (base, now) = (texts("a5 b3 c2", 0), texts("a2 b3 d4 c1", 0));
        let found = contributions(&Comparison::new(&base, &now)).expect("contributions");
        let told: Vec<_> = found.iter().map(|one| (one.part, one.baseline_share, one.current_share)).collect();
        let expected = [(Part::Unknown, 0.0, 0.4), (Part::Category("a"), 0.5, 0.2), (Part::Category("c"), 0.2, 0.1)];
        assert_eq!(told, expected);
        for (one, share) in found.iter().zip([0.5, 0.375, 0.125]) {
            assert!((one.share - share).abs() < 1e-12, "{one:?}");
        }
    }

    #[test]
    fn they_add_up_to_the_total_variation_distance() {
        let values = |n: u32, step: f64| (0..n).map(|i| step * f64::from(i)).collect::<Vec<_>>();
        let (base, now) = (numbers(&values(500, 1.0), 3), numbers(&values(300, 2.5), 40));
        let sides = Comparison::new(&base, &now);
        let found = contributions(&sides).expect("contributions");
        let sum: f64 = found.iter().map(|one| (one.baseline_share - one.current_share).abs()).sum();
        let measure = ALL.iter().find(|measure| measure.name == "total_variation_distance").expect("the measure");
        assert!((sum / 2.0 - measure.of(&sides).expect("a distance")).abs() < 1e-12);
        assert!((found.iter().map(|one| one.share).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(found.len() > 10 && found.windows(2).all(|pair| pair[0].share >= pair[1].share));
    }

    #[test]
    fn equal_columns_have_none() {
        let column = texts("a5 b3", 2);
        assert_eq!(contributions(&Comparison::new(&column, &column)), Ok(Vec::new()));
    }
}
