//! Lists in payloads: whether they have an element for each row, as far as the first records tell.

use std::collections::BTreeMap;

use crate::decode::rows::reading::Reading;
use crate::decode::shapes::{Lists, is_object, length};
use crate::decode::text::json::Value;

/// What the lists on one side of the records tell.
#[derive(Debug, Default)]
pub struct ListEvidence {
    /// Payloads by the length of their lists.
    lengths: BTreeMap<usize, usize>,
    /// Payloads with several rows, if lists are rows, where the other side can have as many, and where it cannot.
    n_supported: usize,
    n_contradicted: usize,
    /// Payloads whose lists hold rows of the baseline's columns.
    n_of_columns: usize,
    /// Payloads whose list holds several lists or objects.
    n_of_rows: usize,
}

impl ListEvidence {
    /// Looks at a payload, beside the numbers of rows that the other side can have, if there is one. `names` are the
    /// baseline's columns.
    pub fn see(&mut self, payload: &Reading<'_, '_>, other: Option<&[usize]>, names: &[String]) {
        let Some(Lists { n_rows, of_rows: rows }) = payload.lists() else { return };
        *self.lengths.entry(n_rows).or_default() += 1;
        self.n_of_columns += usize::from(rows.is_some_and(|rows| are_of_columns(rows, names)));
        self.n_of_rows += usize::from(rows.is_some() && n_rows > 1);
        match other {
            Some(other) if other.contains(&n_rows) => self.n_supported += usize::from(n_rows > 1),
            Some(_) => self.n_contradicted += 1,
            None => {}
        }
    }

    /// Whether the next records may tell more.
    pub fn are_open(&self) -> bool {
        !self.lengths.is_empty()
    }

    /// Whether lists are rows: their lengths differ, or the baseline has such columns, and the other side has as many
    /// rows in most records.
    pub fn are_rows(&self) -> bool {
        let n_seen: usize = self.lengths.values().sum();
        let n_alike = self.lengths.values().max().copied().unwrap_or_default();
        let do_vary = 10 * n_alike < 9 * n_seen;
        self.are_possible() && (do_vary || n_seen > 0 && self.n_of_columns == n_seen)
    }

    /// Whether lists may be rows, and nothing tells.
    pub fn may_be_rows(&self) -> bool {
        self.are_possible() && !self.are_rows() && self.n_of_rows > 0
    }

    fn are_possible(&self) -> bool {
        self.n_supported > self.n_contradicted || self.n_contradicted == 0
    }
}

/// Whether rows have the columns called `names`: objects by their keys; lists, if one of them has no more cells than there
/// are columns, and all together have more.
fn are_of_columns(rows: Value<'_, '_>, names: &[String]) -> bool {
    let is_name = |key: &str| names.iter().any(|name| name == key);
    let has_names = |row: Value<'_, '_>| row.entries().all(|(key, _)| is_name(key.raw));
    let width = rows.elements().next().map_or(0, length);
    rows.elements().all(|row| is_object(row) && has_names(row))
        || width > 0 && width <= names.len() && width * length(rows) > names.len()
}
