//! Bins of features and of labels, which the baseline alone fixes.

use std::collections::{BTreeMap, HashMap};

use crate::decode::is_nothing;
use crate::measure::drift::Binning;
use crate::profile::{Meaning, Problem, finite_number};

/// Most bins of a feature between its least and largest number, and categories with a bin of their own.
const MAX_BINS: usize = 20;
/// Most classes that are told apart, and bins of labels that are numbers.
const MAX_CLASSES: usize = 20;
const MAX_LABEL_BINS: usize = 10;

/// The bins of a feature.
#[derive(Clone, Debug, PartialEq)]
pub enum FeatureBins {
    /// Those of numbers; behind them one for texts that are none, and one for missing cells.
    Numbers(Binning),
    /// One for each category of these; behind them one for all others, and one for missing cells.
    Categories(Vec<String>),
}

impl FeatureBins {
    /// By the feature's values, those of missing cells among them.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Self {
        let present = values.filter(|value| !is_nothing(value));
        match present.clone().map(finite_number).collect::<Option<Vec<f64>>>() {
            Some(numbers) if !numbers.is_empty() => Self::Numbers(binning(numbers, MAX_BINS)),
            _ => Self::Categories(most_frequent(present.map(str::to_owned), MAX_BINS)),
        }
    }

    pub fn n_bins(&self) -> usize {
        self.missing() + 1
    }

    /// The bin of missing cells.
    pub(super) fn missing(&self) -> usize {
        match self {
            Self::Numbers(binning) => binning.n_bins() + 1,
            Self::Categories(categories) => categories.len() + 1,
        }
    }

    /// The bin of a cell.
    pub(super) fn place(&self, value: &str) -> usize {
        if is_nothing(value) {
            return self.missing();
        }
        match self {
            Self::Numbers(binning) => finite_number(value).map_or(binning.n_bins(), |x| binning.place(x)),
            Self::Categories(categories) => {
                categories.iter().position(|category| category == value).unwrap_or(categories.len())
            }
        }
    }
}

/// The bins of labels.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelBins {
    /// One for each class of these, by its canonical text; behind them one for all others.
    Classes(Vec<String>),
    Numbers(Binning),
}

impl LabelBins {
    pub(super) fn of(labels: &[&str], problem: Problem) -> Self {
        if problem == Problem::Regression {
            return Self::Numbers(binning(labels.iter().copied().filter_map(finite_number).collect(), MAX_LABEL_BINS));
        }
        let classes = labels.iter().map(|label| Meaning::of(label).canonical());
        Self::Classes(most_frequent(classes, MAX_CLASSES))
    }

    pub fn n_bins(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len() + 1,
            Self::Numbers(binning) => binning.n_bins(),
        }
    }

    /// The bin of each label.
    pub(super) fn places(&self, labels: &[&str]) -> Vec<usize> {
        match self {
            Self::Classes(classes) => {
                let known: HashMap<Meaning, usize> =
                    classes.iter().enumerate().map(|(place, class)| (Meaning::of(class), place)).collect();
                let place = |label: &&str| known.get(&Meaning::of(label)).copied().unwrap_or(classes.len());
                labels.iter().map(place).collect()
            }
            // A label that is no number is in no metric, and not here.
            Self::Numbers(binning) => {
                labels.iter().map(|label| binning.place(finite_number(label).unwrap_or(f64::NAN))).collect()
            }
        }
    }
}

fn binning(mut numbers: Vec<f64>, max_bins: usize) -> Binning {
    numbers.sort_by(f64::total_cmp);
    let (min, max) = (numbers.first().copied().unwrap_or(0.0), numbers.last().copied().unwrap_or(0.0));
    let items: Vec<(f64, u64)> = numbers.into_iter().map(|x| (x, 1)).collect();
    Binning::of(&items, (min, max), max_bins)
}

/// The texts that occur most often, at most so many; of equally frequent ones the first.
fn most_frequent(texts: impl Iterator<Item = String>, max: usize) -> Vec<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts.into_iter().take(max).map(|(text, _)| text).collect()
}
