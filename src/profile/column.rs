//! Column summary: the open statistics of one column.

use std::sync::Arc;

use arrow::array::{Array, StringViewArray};

use super::cell::Cell;
use super::column_numbers::Numbers;
use super::domains::WatchedDomain;
use super::statistics::{Category, ColumnStatistics, Detail, Kind, KindCounts};
use crate::names;
use crate::sketch::{HyperLogLog, TextCounts, category_order, text_hash};

/// Largest approximate distinct count of a column whose categories are listed
/// (awslabs/deequ `ColumnProfiler.DEFAULT_CARDINALITY_THRESHOLD`).
pub const MAX_CATEGORIES: u64 = 120;
/// From this many occupied registers on, the distinct count is above [`MAX_CATEGORIES`] for good:
/// with v of 512 registers empty, linear counting gives 512·ln(512/v), which is 120.03 for
/// v = 405 and 121.3 for v = 404, and only rises; beyond its limit of 400 the corrected raw
/// estimate is used, which is above 250 then.
const HOPELESS_REGISTERS: usize = 108;
/// Texts and bytes kept for a column. Honest columns stay far below while the distinct count can
/// still be small; texts made to collide do not, and make the column one of high cardinality.
const MAX_KEPT_TEXTS: usize = 512;
/// See [`MAX_KEPT_TEXTS`].
const MAX_KEPT_BYTES: usize = 1 << 20;

/// Everything seen of one column.
#[derive(Clone, Debug)]
pub struct ColumnSummary {
    n_present: u64,
    kinds: KindCounts,
    numbers: Numbers,
    distinct: HyperLogLog,
    /// Exact counts while the column may still be of low cardinality.
    categories: Option<TextCounts>,
    /// The watched domain.
    domain: Option<WatchedDomain>,
}

impl Default for ColumnSummary {
    fn default() -> Self {
        Self::watching(None)
    }
}

impl ColumnSummary {
    /// A summary that counts cells inside `domain`.
    pub fn watching(domain: Option<Arc<TextCounts>>) -> Self {
        Self {
            n_present: 0,
            kinds: KindCounts::default(),
            numbers: Numbers::default(),
            distinct: HyperLogLog::default(),
            categories: Some(TextCounts::default()),
            domain: domain.map(WatchedDomain::new),
        }
    }

    /// Takes a column of cells in; nulls are skipped.
    pub fn observe(&mut self, cells: &StringViewArray) {
        self.n_present += (cells.len() - cells.null_count()) as u64;
        match cells.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => (0..cells.len()).for_each(|row| self.push(cells.value(row))),
            Some(nulls) => nulls.valid_indices().for_each(|row| self.push(cells.value(row))),
        }
    }

    /// Takes in what `other` saw. Statistics of several splits are those of an empty summary
    /// into which every split's was merged in turn, also when there is one split only.
    pub fn merge(&mut self, other: Self) {
        self.n_present += other.n_present;
        self.kinds.integral += other.kinds.integral;
        self.kinds.fractional += other.kinds.fractional;
        self.kinds.boolean += other.kinds.boolean;
        self.kinds.string += other.kinds.string;
        self.numbers.merge(other.numbers);
        self.distinct.merge(&other.distinct);
        self.domain = match (self.domain.take(), other.domain) {
            (Some(mut mine), Some(theirs)) => {
                mine.merge(theirs);
                Some(mine)
            }
            (mine, theirs) => mine.or(theirs),
        };
        self.categories = match (self.categories.take(), other.categories) {
            (Some(mine), Some(theirs)) if mine.is_empty() => Some(theirs),
            (Some(mut mine), Some(theirs)) => {
                mine.merge(&theirs);
                Some(mine)
            }
            _ => None,
        };
        self.drop_hopeless_categories();
    }

    /// Closes the summary of the column `name` of a table of `n_rows` rows: rows in which the column
    /// was not there are missing cells.
    pub fn finish(self, name: String, n_rows: u64) -> ColumnStatistics {
        let kind = self.kind();
        let n_distinct = self.distinct.estimate();
        let n_missing = n_rows.saturating_sub(self.n_present);
        let detail = match kind {
            Kind::Integral | Kind::Fractional => Detail::Numeric(self.numbers.finish()),
            Kind::String if n_distinct <= MAX_CATEGORIES => {
                Detail::Text(self.categories.map(|counts| close_categories(&name, counts, n_missing)))
            }
            Kind::String | Kind::Unknown => Detail::Text(None),
        };
        let (n_in_domain, unknown) = self.domain.map(WatchedDomain::finish).unzip();
        ColumnStatistics {
            name,
            kind,
            n_present: self.n_present,
            n_missing,
            n_distinct: Some(n_distinct),
            kind_counts: Some(self.kinds),
            n_in_domain,
            unknown: unknown.unwrap_or_default(),
            detail,
        }
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        let categories = self.categories.as_ref().map_or(0, TextCounts::memory);
        let domain = self.domain.as_ref().map_or(0, WatchedDomain::memory);
        self.numbers.memory() + categories + domain + crate::sketch::REGISTERS
    }

    #[inline]
    fn push(&mut self, text: &str) {
        match Cell::of(text) {
            Cell::Number(number) => {
                self.kinds.fractional += u64::from(number.is_fractional);
                self.kinds.integral += u64::from(!number.is_fractional);
                self.numbers.push(&number);
            }
            Cell::Boolean => {
                self.kinds.boolean += 1;
                self.drop_numbers();
            }
            Cell::String => {
                self.kinds.string += 1;
                self.drop_numbers();
            }
        }
        let hash = text_hash(text);
        self.distinct.insert_hash(hash);
        if let Some(categories) = &mut self.categories
            && categories.add(hash, text, 1)
        {
            self.drop_hopeless_categories();
        }
        if let Some(domain) = &mut self.domain {
            domain.observe(hash, text);
        }
    }

    #[inline]
    fn drop_numbers(&mut self) {
        if !matches!(self.numbers, Numbers::Dropped) {
            self.numbers = Numbers::Dropped;
        }
    }

    fn drop_hopeless_categories(&mut self) {
        let is_hopeless = |counts: &TextCounts| {
            self.distinct.n_occupied() >= HOPELESS_REGISTERS
                || counts.len() > MAX_KEPT_TEXTS
                || counts.n_bytes() > MAX_KEPT_BYTES
        };
        if self.categories.as_ref().is_some_and(is_hopeless) {
            self.categories = None;
        }
    }

    /// A column of Booleans is one of texts: the file format has no Boolean.
    fn kind(&self) -> Kind {
        let KindCounts { fractional, boolean, string, .. } = self.kinds;
        match self.n_present {
            0 => Kind::Unknown,
            _ if boolean + string > 0 => Kind::String,
            _ if fractional > 0 => Kind::Fractional,
            _ => Kind::Integral,
        }
    }
}

/// Categories in AWS's order, nulls among them.
fn close_categories(column: &str, counts: TextCounts, n_missing: u64) -> Vec<Category> {
    let mut categories: Vec<_> = counts.into_entries().map(|(value, count)| Category { value, count }).collect();
    if n_missing > 0 {
        match categories.iter_mut().find(|category| category.value == names::NULL_VALUE) {
            Some(category) => category.count += n_missing,
            None => categories.push(Category { value: names::NULL_VALUE.to_owned(), count: n_missing }),
        }
    }
    category_order(column, &mut categories, |category| &category.value);
    categories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hopeless_registers_are_where_the_estimate_passes_the_limit() {
        let sketch_with = |n_occupied: u64| {
            let mut sketch = HyperLogLog::default();
            (0..n_occupied).for_each(|register| sketch.insert_hash(register << 55 | 1 << 54));
            assert_eq!(sketch.n_occupied() as u64, n_occupied);
            sketch.estimate()
        };
        let hopeless = HOPELESS_REGISTERS as u64;
        assert!(sketch_with(hopeless - 1) <= MAX_CATEGORIES);
        assert!((hopeless..=512).all(|n_occupied| sketch_with(n_occupied) > MAX_CATEGORIES));
    }

    #[test]
    fn texts_made_to_collide_are_bounded() {
        let mut column = ColumnSummary::default();
        let few_registers = (0u32..).map(|i| format!("x{i}")).filter(|text| text_hash(text) >> 55 < 4).take(2_000);
        few_registers.for_each(|text| column.push(&text));
        assert!(column.distinct.estimate() <= MAX_CATEGORIES);
        assert!(column.categories.is_none());
        assert!(column.memory() < 4_096);
    }
}
