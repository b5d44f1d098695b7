//! Features by their names: the cells of a sample of labelled rows.

use std::collections::HashMap;

use super::bins::{FeatureBins, LabelBins};
use crate::decode::outcome::FEATURE;
use crate::profile::LabelledRows;

/// The columns of a sample, in the order in which they appear.
pub(super) struct Columns<'a> {
    pub labels: Vec<&'a str>,
    columns: Vec<Column<'a>>,
    places: HashMap<&'a str, usize>,
}

/// A feature's cells that have a value, each with its row.
pub(super) struct Column<'a> {
    pub name: &'a str,
    cells: Vec<(usize, &'a str)>,
}

impl<'a> Columns<'a> {
    pub fn of(rows: &'a LabelledRows) -> Self {
        let mut all = Self { labels: Vec::with_capacity(rows.len()), columns: Vec::new(), places: HashMap::new() };
        for (row, (label, features)) in rows.iter().enumerate() {
            all.labels.push(label);
            for (name, value) in features {
                let place = *all.places.entry(name).or_insert_with(|| {
                    all.columns.push(Column { name, cells: Vec::new() });
                    all.columns.len() - 1
                });
                let cells = &mut all.columns[place].cells;
                // Of two cells of one name the first counts.
                if cells.last().is_none_or(|(last, _)| *last != row) {
                    cells.extend(value.map(|value| (row, value)));
                }
            }
        }
        all
    }

    pub fn iter(&self) -> impl Iterator<Item = &Column<'a>> {
        self.columns.iter()
    }

    /// The columns of features of these names. Where none has such a name, and they are known by their positions and
    /// as many, the ones at their positions.
    pub fn called(&self, names: &[&str]) -> Vec<Option<&Column<'a>>> {
        let of_name = |name: &&str| self.places.get(name).map(|place| &self.columns[*place]);
        let is_by_position = self.columns.len() == names.len()
            && self.columns.iter().all(|column| position(column.name).is_some_and(|at| at < names.len()))
            && names.iter().all(|name| of_name(name).is_none());
        let at = |place: usize| self.columns.iter().find(|column| position(column.name) == Some(place));
        match is_by_position {
            true => (0..names.len()).map(at).collect(),
            false => names.iter().map(of_name).collect(),
        }
    }
}

/// The position of a feature that has no name.
fn position(name: &str) -> Option<usize> {
    name.strip_prefix(FEATURE)?.parse().ok()
}

impl Column<'_> {
    pub fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.cells.iter().map(|(_, value)| *value)
    }

    /// Rows by the bin of the feature and that of the label, whose places are `labels`.
    pub fn counts(&self, bins: &FeatureBins, of_labels: &LabelBins, labels: &[usize]) -> Vec<Vec<u64>> {
        let mut counts = vec![vec![0; of_labels.n_bins()]; bins.n_bins()];
        let missing = bins.missing();
        labels.iter().for_each(|label| counts[missing][*label] += 1);
        for (row, value) in &self.cells {
            let label = labels[*row];
            counts[missing][label] -= 1;
            counts[bins.place(value)][label] += 1;
        }
        counts
    }
}
