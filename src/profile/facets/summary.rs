//! Facet summary: the open counts of the groups in a dataset.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::column_tally::ColumnTally;
use super::contingency_table::{ContingencyTable, Key};
use super::dictionary::Dictionary;
use super::facet_rows::FacetRows;
use super::fault::BiasFault;
use super::features::Features;
use super::incomplete_rows::IncompleteRows;
use super::other_labels::OtherLabels;
use super::pandas_cell::Cell;
use super::selection::{Criterion, N_CODES, Selection};
use super::settings::{Facet, FacetSettings};
use super::statistics::FacetStatistics;
use super::stratified_sample::{SampledRow, StratifiedSample};
use crate::decode::outcome::feature_column;
use crate::profile::text_cells::cell_at;
use crate::sketch::text_hash;
use crate::summary::Summary;

/// Values of a facet whose values are not configured: each becomes a group.
pub(super) const MAX_VALUES: usize = 256;
/// Values of the group variable.
const MAX_GROUPS: usize = 4_096;
/// Cells counted of one facet, or of two together.
const MAX_CELLS: usize = 1 << 17;
/// Facets of which pairs are counted.
const MAX_PAIRED_FACETS: usize = 6;
/// Strata of the sample where values are not configured.
const N_STRATA: u64 = 8;

/// Rows of features, predictions and labels by group, in batches of the columns of
/// [`crate::decode::outcome`].
///
/// What a column's values are, categories or numbers, is known at the end only: until then rows are
/// counted by every meaning that their cells can have. Merging a default value changes nothing. A
/// summary without settings sees nothing.
#[derive(Clone, Debug, Default)]
pub struct FacetSummary {
    open: Option<Box<Open>>,
}

/// What is known so far.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub settings: Arc<FacetSettings>,
    pub n: u64,
    /// Rows without facet, label, prediction.
    pub n_missing: [u64; 3],
    pub incomplete: IncompleteRows,
    pub positive: Selection,
    pub label: ColumnTally,
    pub other_labels: OtherLabels,
    pub prediction: ColumnTally,
    /// Rows by their prediction's code.
    pub predictions: [u64; N_CODES],
    pub group: OpenGroup,
    pub facets: Vec<OpenFacet>,
    /// Cells of two facets by their places.
    pub pairs: Vec<([usize; 2], ContingencyTable)>,
    pub features: Features,
}

/// The variable by whose values disparities are conditioned.
#[derive(Clone, Debug)]
pub(super) struct OpenGroup {
    pub column: ColumnTally,
    pub values: Dictionary,
    pub is_present: bool,
}

#[derive(Clone, Debug)]
pub(super) struct OpenFacet {
    pub name: String,
    /// Name of its column in batches.
    pub feature: String,
    pub selection: Selection,
    pub is_present: bool,
    pub column: ColumnTally,
    /// Where none are configured.
    pub values: Dictionary,
    pub cells: ContingencyTable,
    pub has_groups: bool,
    pub sample: StratifiedSample,
}

impl FacetSummary {
    pub fn new(settings: Arc<FacetSettings>) -> Self {
        let n_paired = settings.facets.len().min(MAX_PAIRED_FACETS);
        let pairs = (0..n_paired).flat_map(|first| (first + 1..n_paired).map(move |second| [first, second]));
        let group =
            OpenGroup { column: ColumnTally::default(), values: Dictionary::new(MAX_GROUPS), is_present: false };
        let open = Open {
            n: 0,
            n_missing: [0; 3],
            incomplete: IncompleteRows::default(),
            positive: Selection::of(&settings.label_values_or_threshold),
            label: ColumnTally::of(&settings, settings.label_kind, &settings.label_values_or_threshold),
            other_labels: OtherLabels::default(),
            prediction: ColumnTally::of(&settings, settings.label_kind, &settings.label_values_or_threshold),
            predictions: [0; N_CODES],
            group,
            facets: settings.facets.iter().map(|facet| OpenFacet::new(&settings, facet)).collect(),
            pairs: pairs.map(|pair| (pair, ContingencyTable::default())).collect(),
            features: Features::default(),
            settings,
        };
        Self { open: Some(Box::new(open)) }
    }

    /// Leaves out rows without a label, or whose label stands for a missing value, however it is written, and rows
    /// without a prediction where some are looked for: of captures, which are labelled later and may hold an error for
    /// an answer. Else such rows are not positive, as Clarify has it of tables.
    pub fn leaving_out_incomplete(mut self, leaves_out: bool) -> Self {
        self.open.iter_mut().for_each(|open| open.incomplete.are_left_out = leaves_out);
        self
    }
}

impl Open {
    fn observe(&mut self, rows: &FacetRows<'_>) {
        let places = self.features.places_of(rows);
        self.group.is_present |= rows.group.is_some();
        for (facet, cells) in self.facets.iter_mut().zip(&rows.facets) {
            facet.is_present |= cells.is_some();
        }
        let mut seen = vec![None; self.facets.len()];
        for (row, place) in rows.identities.placed_in_records() {
            let label = rows.label(row);
            let prediction = self.settings.has_predictions.then(|| rows.prediction(row));
            if self.incomplete.take(&self.positive, label, prediction) {
                continue;
            }
            self.n += 1;
            self.features.push(rows, &places, row);
            let key = self.key(cell_at(rows.group, row), label, prediction.flatten());
            self.predictions[key.prediction as usize] += 1;
            let mut lacks_facet = 0;
            for ((facet, cells), seen) in self.facets.iter_mut().zip(&rows.facets).zip(&mut seen) {
                *seen = facet.push(cell_at(*cells, row), key, &mut lacks_facet);
            }
            self.n_missing[0] += lacks_facet;
            self.push_pairs(&seen, key);
            if self.settings.has_predictions {
                self.draw(rows, row, rows.identities.hash_in_record(row, place), key.prediction, &seen, &places);
            }
        }
        for facet in self.facets.iter_mut().filter(|facet| !self.features.may_be_numeric(&facet.feature)) {
            facet.sample.clear();
        }
    }

    /// What a row is, but for its facets.
    fn key(&mut self, group: Option<&str>, label: Option<&str>, prediction: Option<&str>) -> Key {
        let code = push(label, &self.positive, &mut self.label, &mut self.n_missing[1]);
        self.other_labels.push(label, code != 0);
        let prediction = if self.settings.has_predictions {
            push(prediction, &self.positive, &mut self.prediction, &mut self.n_missing[2])
        } else {
            0
        };
        Key { group: self.group.push(group), facets: [0; 2], label: code, prediction }
    }

    fn push_pairs(&mut self, seen: &[Option<u32>], key: Key) {
        for ([first, second], cells) in self.pairs.iter_mut().filter(|(_, cells)| cells.len() <= MAX_CELLS) {
            if let (Some(first), Some(second)) = (seen[*first], seen[*second]) {
                cells.add(Key { group: 0, facets: [first, second], ..key }, 1);
            }
        }
    }

    /// Takes a row into the samples that want it.
    fn draw(
        &mut self,
        rows: &FacetRows<'_>,
        row: usize,
        hash: u64,
        prediction: u32,
        seen: &[Option<u32>],
        places: &[usize],
    ) {
        let mut numbers = None;
        for (facet, code) in self.facets.iter_mut().zip(seen) {
            let Some(code) = *code else { continue };
            let stratum = facet.stratum(code);
            if facet.sample.wants(stratum, hash) && self.features.may_be_numeric(&facet.feature) {
                let numbers = numbers.get_or_insert_with(|| self.features.numbers(rows, places, row)).clone();
                facet.sample.push(stratum, SampledRow { hash, facet: code, prediction, numbers });
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.incomplete.merge(&other.incomplete);
        self.n_missing = std::array::from_fn(|i| self.n_missing[i] + other.n_missing[i]);
        self.label.merge(other.label);
        self.other_labels.merge(&other.other_labels);
        self.prediction.merge(other.prediction);
        self.predictions = std::array::from_fn(|i| self.predictions[i] + other.predictions[i]);
        self.group.column.merge(other.group.column);
        self.group.is_present |= other.group.is_present;
        let groups = self.group.values.merge(&other.group.values);
        let columns = self.features.merge(other.features);
        let features = &self.features;
        // Facets share the numbers of a row as long as these stay where they are.
        let is_in_place = columns.iter().enumerate().all(|(theirs, mine)| theirs == *mine);
        let moved = |row: SampledRow| match is_in_place {
            true => row,
            false => SampledRow { numbers: features.moved(&row.numbers, &columns), ..row },
        };
        let mut places = Vec::with_capacity(self.facets.len());
        for (mine, theirs) in self.facets.iter_mut().zip(other.facets) {
            let may_be_numeric = features.may_be_numeric(&mine.feature);
            places.push(mine.merge(theirs, &groups, moved));
            if !may_be_numeric {
                mine.sample.clear();
            }
        }
        for (([first, second], mine), (_, theirs)) in self.pairs.iter_mut().zip(other.pairs) {
            let place = |facet: usize, code: u32| moved_place(&places[facet], code);
            mine.merge(theirs, |key| {
                Some(Key { facets: [place(*first, key.facets[0])?, place(*second, key.facets[1])?], ..key })
            });
        }
    }

    fn memory(&self) -> usize {
        let facet = |facet: &OpenFacet| {
            facet.column.memory() + facet.values.memory() + facet.cells.memory() + facet.sample.memory()
        };
        let columns =
            self.label.memory() + self.other_labels.memory() + self.prediction.memory() + self.group.values.memory();
        let pairs: usize = self.pairs.iter().map(|(_, cells)| cells.memory()).sum();
        columns + pairs + self.features.memory() + self.facets.iter().map(facet).sum::<usize>()
    }

    /// Whether so many cells of two facets were seen that they are not counted.
    pub fn has_too_many_pairs(cells: &ContingencyTable) -> bool {
        cells.len() > MAX_CELLS
    }
}

impl OpenGroup {
    /// One more than the place of a row's value; 0 where it has none.
    fn push(&mut self, text: Option<&str>) -> u32 {
        let cell = Cell::of(text);
        if cell == Cell::Missing || self.values.has_too_many() {
            return 0;
        }
        self.column.push_type(cell);
        text.and_then(|text| self.values.place(text)).map_or(0, |place| place + 1)
    }
}

impl OpenFacet {
    fn new(settings: &FacetSettings, facet: &Facet) -> Self {
        Self {
            name: facet.name.clone(),
            feature: feature_column(&facet.name),
            selection: Selection::of(&facet.value_or_threshold),
            is_present: false,
            column: ColumnTally::of(settings, facet.kind, &facet.value_or_threshold),
            values: Dictionary::new(MAX_VALUES),
            cells: ContingencyTable::default(),
            has_groups: true,
            sample: StratifiedSample::default(),
        }
    }

    /// The cell's code, or where no values are configured its place; `None` where that is one too many.
    fn push(&mut self, text: Option<&str>, key: Key, n_missing: &mut u64) -> Option<u32> {
        let code = if self.selection.is_empty() {
            let cell = Cell::of(text);
            self.column.push(cell);
            *n_missing += u64::from(cell == Cell::Missing);
            // No value is the empty text.
            self.values.place(text.filter(|_| cell != Cell::Missing).unwrap_or_default())?
        } else {
            push(text, &self.selection, &mut self.column, n_missing)
        };
        let group = if self.has_groups { key.group } else { 0 };
        self.cells.add(Key { group, facets: [code, 0], ..key }, 1);
        self.bound();
        Some(code)
    }

    fn bound(&mut self) {
        if self.has_groups && self.cells.len() > MAX_CELLS {
            self.has_groups = false;
            self.cells.forget_groups();
        }
    }

    /// In which part of the sample a row with this code is.
    pub fn stratum(&self, code: u32) -> u32 {
        match self.values.texts().get(code as usize) {
            Some(text) if self.selection.is_empty() => (text_hash(text) % N_STRATA) as u32,
            _ => code,
        }
    }

    /// The places that values of `other` have here; `None` where values are configured.
    fn merge(
        &mut self,
        other: Self,
        groups: &[Option<u32>],
        moved: impl Fn(SampledRow) -> SampledRow,
    ) -> Option<Vec<Option<u32>>> {
        self.is_present |= other.is_present;
        self.column.merge(other.column);
        let places = self.selection.is_empty().then(|| self.values.merge(&other.values));
        if !other.has_groups && self.has_groups {
            self.has_groups = false;
            self.cells.forget_groups();
        }
        let has_groups = self.has_groups;
        let group = |group: u32| match group.checked_sub(1) {
            Some(place) if has_groups => groups.get(place as usize).copied().flatten().map_or(0, |place| place + 1),
            _ => 0,
        };
        self.cells.merge(other.cells, |key| {
            let facets = [moved_place(&places, key.facets[0])?, 0];
            Some(Key { group: group(key.group), facets, ..key })
        });
        self.bound();
        self.sample.merge(other.sample, |row| {
            let facet = moved_place(&places, row.facet).unwrap_or(u32::MAX);
            SampledRow { facet, ..moved(row) }
        });
        places
    }
}

/// Takes a cell into its column; its code.
fn push(text: Option<&str>, selection: &Selection, column: &mut ColumnTally, n_missing: &mut u64) -> u32 {
    let cell = Cell::of(text);
    column.push(cell);
    *n_missing += u64::from(cell == Cell::Missing);
    let code = selection.code(cell, text);
    column.n_equal += u64::from(Criterion::Number.selects(code));
    selection.see(cell, text, &mut column.seen);
    code
}

/// A place or code of another summary, here.
fn moved_place(places: &Option<Vec<Option<u32>>>, code: u32) -> Option<u32> {
    match places {
        None => Some(code),
        Some(places) => places.get(code as usize).copied().flatten(),
    }
}

impl Summary for FacetSummary {
    type Input = RecordBatch;
    type Output = Result<FacetStatistics, BiasFault>;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(open) = &mut self.open else { return };
        let settings = open.settings.clone();
        if let Some(rows) = FacetRows::of(batch, &settings) {
            open.observe(&rows);
        }
    }

    fn merge(&mut self, other: Self) {
        match (&mut self.open, other.open) {
            (_, None) => {}
            (Some(mine), Some(theirs)) => mine.merge(*theirs),
            (mine, theirs) => *mine = theirs,
        }
    }

    fn finish(self) -> Self::Output {
        self.open.map_or(Err(BiasFault::NoRows), |open| open.close())
    }

    fn memory(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.memory())
    }
}
