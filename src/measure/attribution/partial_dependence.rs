//! Partial dependence: how the mean prediction depends on one feature alone. Every row is asked about with the feature
//! set to one value after the other (Friedman, "Greedy function approximation: a gradient boosting machine", The Annals of Statistics
//! 29, 2001, section 8.2).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::cell::{Cell, number, number_text};
use super::result::PartialDependence;
use crate::profile::Undefined;

/// Most parts that the range of a number is divided into.
const MAX_PARTS: usize = 1_000;
/// Most values of a feature that is no number: each costs a prediction for every row, and no plot shows more. The
/// most frequent ones are kept.
const MAX_VALUES: usize = 100;

/// The values that a feature is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub is_numeric: bool,
    pub values: Vec<String>,
    /// Share of the rows at each value, in 0…1; those of missing and left out values are at none.
    pub distribution: Vec<f64>,
}

impl Grid {
    /// The grid of a feature with these cells.
    ///
    /// Numbers have the midpoints of `resolution` parts of equal width between the least and the largest one
    /// (DG:clarify-processing-job-analysis-results: central values of buckets), so whole numbers may get fractions;
    /// a constant is one part. Other features have their values, the most frequent first.
    pub fn of(cells: &[Cell], resolution: usize) -> Result<Self, Undefined> {
        let present = || cells.iter().flatten();
        let numbers: Option<Vec<f64>> = present().map(|text| number(text)).collect();
        match numbers {
            Some(numbers) if numbers.is_empty() => Err(Undefined::Empty),
            Some(numbers) => Self::of_numbers(&numbers, resolution.clamp(1, MAX_PARTS), cells.len()),
            None => Ok(Self::of_values(present().map(AsRef::as_ref), cells.len())),
        }
    }

    fn of_numbers(numbers: &[f64], n_parts: usize, n_rows: usize) -> Result<Self, Undefined> {
        let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let range = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least;
        if !range.is_finite() {
            return Err(Undefined::NotFinite);
        }
        let width = range / n_parts as f64;
        if width == 0.0 {
            let distribution = vec![numbers.len() as f64 / n_rows as f64];
            return Ok(Self { is_numeric: true, values: vec![number_text(least)], distribution });
        }
        // In this order, rounding is that of the documentation's example.
        let first = least + width / 2.0;
        let mut counts = vec![0_u64; n_parts];
        for number in numbers {
            // A part holds its lower end; the largest number is in the last part.
            counts[(((number - least) / width) as usize).min(n_parts - 1)] += 1;
        }
        Ok(Self {
            is_numeric: true,
            values: (0..n_parts).map(|part| number_text(first + part as f64 * width)).collect(),
            distribution: counts.into_iter().map(|n| n as f64 / n_rows as f64).collect(),
        })
    }

    fn of_values<'a>(texts: impl Iterator<Item = &'a str>, n_rows: usize) -> Self {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for text in texts {
            *counts.entry(text).or_default() += 1;
        }
        let mut values: Vec<(&str, u64)> = counts.into_iter().collect();
        // A stable sort: of equally frequent values the first in the order of texts.
        values.sort_by_key(|(_, n)| Reverse(*n));
        values.truncate(MAX_VALUES);
        Self {
            is_numeric: false,
            distribution: values.iter().map(|(_, n)| *n as f64 / n_rows as f64).collect(),
            values: values.into_iter().map(|(text, _)| text.to_owned()).collect(),
        }
    }
}

/// Mean predictions of several rows, by output.
#[derive(Clone, Debug, Default)]
pub struct MeanPredictions {
    n: u64,
    sums: Vec<f64>,
    /// Whether predictions had different numbers of outputs.
    is_mixed: bool,
}

impl MeanPredictions {
    /// Adds the prediction of a row.
    pub fn observe(&mut self, prediction: &[f64]) {
        if self.n == 0 {
            self.sums = vec![0.0; prediction.len()];
        }
        self.n += 1;
        self.is_mixed |= self.sums.len() != prediction.len();
        for (sum, score) in self.sums.iter_mut().zip(prediction) {
            *sum += score;
        }
    }

    pub fn finish(self) -> Result<Vec<f64>, Undefined> {
        if self.n == 0 {
            return Err(Undefined::Empty);
        }
        if self.is_mixed {
            return Err(Undefined::KindMismatch);
        }
        let means: Vec<f64> = self.sums.iter().map(|sum| sum / self.n as f64).collect();
        if means.iter().all(|mean| mean.is_finite()) { Ok(means) } else { Err(Undefined::NotFinite) }
    }
}

impl PartialDependence {
    /// From a grid and the mean predictions at its values, each by output; none where a mean lacks an output.
    pub fn of(feature: &str, grid: Grid, means: &[Vec<f64>], outputs: &[String]) -> Result<Self, Undefined> {
        if means.len() != grid.values.len() || means.iter().any(|mean| mean.len() != outputs.len()) {
            return Err(Undefined::KindMismatch);
        }
        let of_output = |output: usize| means.iter().map(|mean| mean[output]).collect();
        Ok(Self {
            feature: feature.to_owned(),
            is_numeric: grid.is_numeric,
            values: grid.values,
            distribution: grid.distribution,
            predictions: (0..outputs.len()).map(of_output).collect(),
            outputs: outputs.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| (*text != "-").then(|| (*text).into())).collect()
    }

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn parts_have_the_midpoints_of_the_documentation() {
        let grid = Grid::of(&cells(&["19", "75", "33"]), 20).expect("a grid");
        let expected = ["20.4", "23.2", "26", "28.799999999999997", "31.599999999999998", "34.4"];
        assert_eq!((&grid.values[..6], &grid.values[18..]), (&texts(&expected)[..], &texts(&["70.8", "73.6"])[..]));
        let places: Vec<usize> = (0..20).filter(|place| grid.distribution[*place] > 0.0).collect();
        assert_eq!(places, [0, 5, 19]);
    }

    #[test]
    fn grids_of_small_columns() {
        for (name, column, resolution, is_numeric, values, distribution) in [
            ("two parts", vec!["0", "1", "2", "4"], 2, true, vec!["1", "3"], vec![0.5, 0.5]),
            ("a constant", vec!["7.0", "7"], 15, true, vec!["7"], vec![1.0]),
            ("no parts", vec!["0", "1"], 0, true, vec!["0.5"], vec![1.0]),
            ("missing numbers", vec!["1", "-"], 3, true, vec!["1"], vec![0.5]),
            ("values by frequency", vec!["b", "c", "a", "c"], 1, false, vec!["c", "a", "b"], vec![0.5, 0.25, 0.25]),
            ("missing values", vec!["x", "-", "-", "-"], 5, false, vec!["x"], vec![0.25]),
            ("codes", vec!["01", "02", "01", "01"], 5, false, vec!["01", "02"], vec![0.75, 0.25]),
        ] {
            let grid = Grid::of(&cells(&column), resolution);
            assert_eq!(grid, Ok(Grid { is_numeric, values: texts(&values), distribution }), "{name}");
        }
    }

    #[test]
    fn what_has_no_grid_has_a_reason() {
        for (column, reason) in [
            (vec![], Undefined::Empty),
            (vec!["-", "-"], Undefined::Empty),
            (vec!["-1.5e308", "1.5e308"], Undefined::NotFinite),
        ] {
            assert_eq!(Grid::of(&cells(&column), 10), Err(reason), "{column:?}");
        }
    }

    #[test]
    fn only_the_most_frequent_values_are_kept() {
        let mut column: Vec<Cell> = (0..300).map(|n| Some(format!("v{n:03}").into())).collect();
        column.extend(vec![Some("v250".into()); 100]);
        let grid = Grid::of(&column, 10).expect("a grid");
        assert_eq!((grid.values.len(), grid.values[0].as_str(), grid.values[1].as_str()), (100, "v250", "v000"));
        assert!((grid.distribution.iter().sum::<f64>() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn dependence_is_the_mean_by_output() {
        let mut mean = MeanPredictions::default();
        for prediction in [[0.2, 0.8], [0.4, 0.6]] {
            mean.observe(&prediction);
        }
        let mean = mean.finish().expect("means");
        assert!((mean[0] - 0.3).abs() < 1e-15 && (mean[1] - 0.7).abs() < 1e-15);
        let grid = Grid::of(&cells(&["a", "b", "a"]), 1).expect("a grid");
        let means = [mean, vec![0.5, 0.25]];
        let found = PartialDependence::of("f", grid.clone(), &means, &texts(&["yes", "no"])).expect("a dependence");
        assert_eq!(found.predictions, [[means[0][0], 0.5], [means[0][1], 0.25]]);
        assert_eq!(PartialDependence::of("f", grid, &means[..1], &texts(&["x", "y"])), Err(Undefined::KindMismatch));
    }

    #[test]
    fn means_that_do_not_exist_have_a_reason() {
        let finished = |predictions: &[&[f64]]| {
            let mut mean = MeanPredictions::default();
            predictions.iter().for_each(|prediction| mean.observe(prediction));
            mean.finish()
        };
        assert_eq!(finished(&[]), Err(Undefined::Empty));
        assert_eq!(finished(&[&[1.0], &[1.0, 2.0]]), Err(Undefined::KindMismatch));
        assert_eq!(finished(&[&[f64::INFINITY]]), Err(Undefined::NotFinite));
    }

    proptest! {
        #[test]
        fn parts_count_every_number(numbers in prop::collection::vec(-1e6..1e6, 1..60), resolution in 1usize..40) {
            let cells: Vec<Cell> = numbers.iter().map(|x: &f64| Some(x.to_string().into())).collect();
            let grid = Grid::of(&cells, resolution).expect("a grid");
            prop_assert!((grid.distribution.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(grid.values.len() == resolution || numbers.iter().all(|x| *x == numbers[0]));
        }

        #[test]
        fn no_column_does_harm(column in prop::collection::vec(prop::option::of(any::<String>()), 0..20), parts: usize) {
            let cells: Vec<Cell> = column.into_iter().map(|cell| cell.map(Into::into)).collect();
            if let Ok(grid) = Grid::of(&cells, parts) {
                prop_assert_eq!(grid.values.len(), grid.distribution.len());
            }
        }
    }
}
