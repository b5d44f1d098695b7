//! Columns for tests: numbers and texts as they are, and how many cells are missing.

use crate::profile::{Category, ColumnStatistics, Detail, Kind, NumericStatistics};
use crate::sketch::Quantiles;

fn column(kind: Kind, n_present: usize, n_missing: u64, detail: Detail) -> ColumnStatistics {
    ColumnStatistics {
        name: "x".to_owned(),
        kind,
        n_present: n_present as u64,
        n_missing,
        n_distinct: None,
        kind_counts: None,
        n_in_domain: None,
        unknown: Vec::new(),
        detail,
    }
}

/// A column of numbers, all of them on the lowest level of its sketch.
pub fn numbers(values: &[f64], n_missing: u64) -> ColumnStatistics {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let numbers = NumericStatistics {
        mean,
        sum: values.iter().sum(),
        std_dev: (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt(),
        min: values.iter().copied().fold(f64::INFINITY, f64::min),
        max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        quantiles: Quantiles { levels: vec![values.to_vec()], k: 2048.0, c: 0.64 },
        is_sum_wrapped: false,
    };
    column(Kind::Fractional, values.len(), n_missing, Detail::Numeric(Ok(numbers)))
}

/// A column of texts, from words such as `a10 b20`: a letter and how many cells hold it.
pub fn texts(words: &str, n_missing: u64) -> ColumnStatistics {
    let category = |word: &str| {
        let (value, count) = word.split_at(1);
        Category { value: value.to_owned(), count: count.parse().expect("a count") }
    };
    categories(words.split_whitespace().map(category).collect(), n_missing)
}

/// A column of these texts.
pub fn categories(categories: Vec<Category>, n_missing: u64) -> ColumnStatistics {
    let n_present: u64 = categories.iter().map(|category| category.count).sum();
    let (kind, listed) = if n_present > 0 { (Kind::String, Some(categories)) } else { (Kind::Unknown, None) };
    column(kind, n_present as usize, n_missing, Detail::Text(listed))
}
