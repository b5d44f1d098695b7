//! Packed features: the names and values of a row's features as one text, which a join carries like any other cell.
//!
//! Each name and value stands behind its length in bytes: `3:age2:42`. A feature without a value has a dash for it.

use std::fmt::Write;

/// Bytes of a row's text that are kept, and of all rows of a record, at most.
const MAX_ROW_BYTES: usize = 64 << 10;
const MAX_RECORD_BYTES: usize = 1 << 20;
/// One part in so many of the memory of a record is for its features.
const MEMORY_PART: usize = 8;

/// The texts of the rows of one record.
#[derive(Debug, Default)]
pub struct PackedFeatures {
    rows: Vec<Option<String>>,
    row: String,
    n_bytes: usize,
}

impl PackedFeatures {
    pub fn clear(&mut self) {
        self.rows.clear();
        self.row.clear();
        self.n_bytes = 0;
    }

    /// Adds a feature to the row in the making.
    pub fn push(&mut self, name: &str, value: Option<&str>) {
        if self.row.len() > MAX_ROW_BYTES {
            return;
        }
        let _ = write!(self.row, "{}:{name}", name.len());
        match value.filter(|value| !value.is_empty()) {
            Some(value) => drop(write!(self.row, "{}:{value}", value.len())),
            None => self.row.push('-'),
        }
    }

    /// Ends the row in the making, which has no text where that is too long.
    pub fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        self.n_bytes += row.len();
        self.rows.push(Some(row).filter(|row| !row.is_empty() && row.len() <= MAX_ROW_BYTES));
    }

    /// Forgets the texts of a record of another number of rows, and those that are too long together: no record
    /// is rejected for its features, and none keeps those of some rows alone.
    pub fn fit(&mut self, n_rows: usize, max_record_memory: usize) {
        if self.rows.len() != n_rows || self.n_bytes > MAX_RECORD_BYTES.min(max_record_memory / MEMORY_PART) {
            self.clear();
        }
    }

    /// The text of a row; `None` where there is none.
    pub fn row(&self, row: usize) -> Option<&str> {
        self.rows.get(row)?.as_deref()
    }
}

/// The names and values in a row's text.
pub fn feature_cells(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let name = part(&mut rest)?;
        match rest.strip_prefix('-') {
            Some(behind) => {
                rest = behind;
                Some((name, None))
            }
            None => Some((name, Some(part(&mut rest)?))),
        }
    })
}

/// Takes the first text of `rest` that stands behind its length.
fn part<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let (length, behind) = rest.split_once(':')?;
    let (part, behind) = behind.split_at_checked(length.parse().ok()?)?;
    *rest = behind;
    Some(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(cells: &[(String, Option<String>)]) -> PackedFeatures {
        let mut packed = PackedFeatures::default();
        cells.iter().for_each(|(name, value)| packed.push(name, value.as_deref()));
        packed.end_row();
        packed
    }

    #[test]
    fn a_text_that_nobody_packed_holds_what_can_be_read() {
        for (text, n_cells) in
            [("", 0), ("x", 0), ("1:a", 0), ("1:a-", 1), ("1:a9:b", 0), ("1:a1:b1:c", 1), ("1:ä-", 0)]
        {
            assert_eq!(feature_cells(text).count(), n_cells, "{text}");
        }
    }

    #[test]
    fn rows_that_are_too_long_or_too_many_have_no_text() {
        let owned = |value: String| vec![("a".to_owned(), Some(value))];
        assert_eq!(packed(&owned("x".repeat(MAX_ROW_BYTES))).row(0), None);
        let mut fitting = packed(&owned("x".to_owned()));
        assert_eq!(fitting.row(0), Some("1:a1:x"));
        fitting.fit(1, 1_000);
        assert!(fitting.row(0).is_some() && fitting.row(1).is_none());
        fitting.fit(1, 8);
        assert_eq!(fitting.row(0), None);
        let mut other = packed(&owned("x".to_owned()));
        other.fit(2, 1_000);
        assert_eq!(other.row(0), None);
    }

    proptest! {
        #[test]
        fn what_was_packed_is_read_again(cells in prop::collection::vec((".{0,6}", prop::option::of(".{1,6}")), 1..6)) {
            let packed = packed(&cells);
            let text = packed.row(0).expect("a text");
            let read: Vec<_> = feature_cells(text).map(|(name, value)| (name.to_owned(), value.map(str::to_owned))).collect();
            prop_assert_eq!(read, cells);
        }
    }
}
