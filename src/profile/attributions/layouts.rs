//! Layouts: which features and outputs rows have. Nearly always all rows have the same.

use super::attribution_columns::AttributionColumns;
use super::row_tally::RowTally;
use super::statistics::Unusable;

/// Sets of features and outputs that are told apart: a model rarely changes twice within one run.
const MAX_LAYOUTS: usize = 8;
/// Attributions of one row, of all outputs together. Their replicates take 2 KiB each.
const MAX_ATTRIBUTIONS: usize = 8_192;

/// The rows of one set of features and outputs.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Places, ascending.
    pub outputs: Vec<usize>,
    /// In the order of their first appearance.
    pub features: Vec<String>,
    /// The same, sorted.
    sorted: Vec<String>,
    pub rows: RowTally,
}

/// All sets that were seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Layouts {
    all: Vec<Layout>,
}

/// Which layout the numbers of a row with certain columns belong to, and in which order.
#[derive(Clone, Debug)]
pub(super) struct Placement {
    layout: usize,
    /// Columns of the batch, by output, by feature of the layout.
    pub columns: Vec<usize>,
}

impl Layouts {
    /// The placement of rows that hold something in these columns, which are of the same features in every output.
    pub fn placement(&mut self, batch: &AttributionColumns<'_>, present: &[bool]) -> Result<Placement, Unusable> {
        let mut held: Vec<usize> = (0..batch.columns.len()).filter(|column| present[*column]).collect();
        if held.is_empty() {
            return Err(Unusable::None);
        }
        if held.len() > MAX_ATTRIBUTIONS {
            return Err(Unusable::TooMany);
        }
        held.sort_by_key(|column| batch.columns[*column].output);
        let name = |column: &usize| batch.columns[*column].feature;
        let of_one = held.chunk_by(|a, b| batch.columns[*a].output == batch.columns[*b].output);
        // By output, in the order of names.
        let mut by_name: Vec<Vec<usize>> = of_one.map(<[usize]>::to_vec).collect();
        let features: Vec<&str> = by_name[0].iter().map(name).collect();
        by_name.iter_mut().for_each(|columns| columns.sort_by_key(name));
        if by_name.iter().any(|columns| !columns.iter().map(name).eq(by_name[0].iter().map(name))) {
            return Err(Unusable::OtherFeatures);
        }
        let outputs: Vec<usize> = by_name.iter().map(|columns| batch.columns[columns[0]].output).collect();
        let layout = self.place(&outputs, &features)?;
        let Layout { features, sorted, .. } = &self.all[layout];
        let places: Vec<usize> = features.iter().filter_map(|feature| sorted.binary_search(feature).ok()).collect();
        let columns = by_name.iter().flat_map(|columns| places.iter().map(|place| columns[*place])).collect();
        Ok(Placement { layout, columns })
    }

    /// Takes in a row of this placement.
    pub fn push(&mut self, placement: &Placement, hash: u64, numbers: &[f64]) {
        self.all[placement.layout].rows.push(hash, numbers.iter().map(|number| (number, None)));
    }

    /// The rows that were one set too many.
    pub fn merge(&mut self, other: Self) -> u64 {
        let mut n_too_many = 0;
        for theirs in other.all {
            let Some(mine) = self.all.iter_mut().find(|mine| mine.is_like(&theirs.outputs, &theirs.sorted)) else {
                if self.all.len() < MAX_LAYOUTS {
                    self.all.push(theirs);
                } else {
                    n_too_many += theirs.rows.n();
                }
                continue;
            };
            let place = |feature: &String| mine.features.iter().position(|other| other == feature).unwrap_or_default();
            let places: Vec<usize> = match mine.features == theirs.features {
                true => (0..mine.features.len()).collect(),
                false => theirs.features.iter().map(place).collect(),
            };
            mine.rows.merge(theirs.rows, &places);
        }
        n_too_many
    }

    /// The set that most rows have, and the number of all other rows. Among equals the largest, then the first by
    /// its features' names.
    pub fn close(mut self) -> (Option<Layout>, u64) {
        let n: u64 = self.all.iter().map(|layout| layout.rows.n()).sum();
        self.all.sort_by(|a, b| {
            let size = |layout: &Layout| (layout.rows.n(), layout.outputs.len() * layout.features.len());
            size(b).cmp(&size(a)).then_with(|| (&a.outputs, &a.sorted).cmp(&(&b.outputs, &b.sorted)))
        });
        let most = self.all.into_iter().next().filter(|layout| layout.rows.n() > 0);
        let n_used = most.as_ref().map_or(0, |layout| layout.rows.n());
        (most, n - n_used)
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        let names = |layout: &Layout| {
            let texts: usize = layout.features.iter().map(|name| 2 * (name.capacity() + size_of::<String>())).sum();
            texts + layout.outputs.capacity() * size_of::<usize>()
        };
        self.all.iter().map(|layout| size_of::<Layout>() + names(layout) + layout.rows.memory()).sum()
    }

    /// The place of the set of these outputs and features, added where it is new.
    fn place(&mut self, outputs: &[usize], features: &[&str]) -> Result<usize, Unusable> {
        let mut sorted: Vec<String> = features.iter().map(|name| (*name).to_owned()).collect();
        sorted.sort();
        if let Some(place) = self.all.iter().position(|layout| layout.is_like(outputs, &sorted)) {
            return Ok(place);
        }
        if self.all.len() == MAX_LAYOUTS {
            return Err(Unusable::TooMany);
        }
        self.all.push(Layout {
            outputs: outputs.to_vec(),
            features: features.iter().map(|name| (*name).to_owned()).collect(),
            sorted,
            rows: RowTally::new(outputs.len(), features.len()),
        });
        Ok(self.all.len() - 1)
    }
}

impl Layout {
    fn is_like(&self, outputs: &[usize], sorted: &[String]) -> bool {
        self.outputs == outputs && self.sorted == sorted
    }
}
