//! The columns of one batch, by what they mean to facets.

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray};

use super::cell::Cell;
use super::settings::FacetSettings;
use crate::decode::outcome::{ID, LABEL, PREDICTION, cells_of, facet_column, feature_column, score_column};
use crate::decode::{Meta, OBJECT};
use crate::profile::outcomes::mix;
use crate::sketch::text_hash;

pub(super) struct Rows<'a> {
    meta: Meta<'a>,
    id: Option<&'a StringViewArray>,
    label: Option<&'a StringViewArray>,
    /// Labels, or scores where there is a threshold.
    prediction: Option<&'a StringViewArray>,
    threshold: Option<f64>,
    /// Of the object's name.
    object: u64,
    /// By facet.
    pub facets: Vec<Option<&'a StringViewArray>>,
    pub group: Option<&'a StringViewArray>,
    /// With their names in the batch.
    pub features: Vec<(&'a str, &'a StringViewArray)>,
}

impl<'a> Rows<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch, settings: &FacetSettings) -> Option<Self> {
        let meta = Meta::of(batch).filter(|_| batch.num_rows() > 0)?;
        let feature = |name: &String| cells_of(batch, &feature_column(name));
        let facet = |name: &String| cells_of(batch, &facet_column(name));
        let prediction = match settings.probability_threshold {
            _ if !settings.has_predictions => None,
            Some(_) => cells_of(batch, &score_column(0)),
            None => cells_of(batch, PREDICTION),
        };
        let prefix = feature_column("");
        let named = batch.schema_ref().fields().iter().zip(batch.columns()).skip(Meta::WIDTH);
        let named = named.filter_map(|(field, cells)| Some((field.name().as_str(), cells.as_string_view_opt()?)));
        Some(Self {
            meta,
            id: cells_of(batch, ID),
            label: cells_of(batch, LABEL),
            prediction,
            threshold: settings.probability_threshold,
            object: batch.schema_ref().metadata().get(OBJECT).map_or(0, |object| text_hash(object)),
            facets: settings.facets.iter().map(|of| facet(&of.name).or_else(|| feature(&of.name))).collect(),
            group: settings.group_variable.as_ref().and_then(feature),
            features: named.filter(|(name, _)| name.starts_with(&prefix)).collect(),
        })
    }

    /// Rows that are used, each with its place in its record.
    pub fn used(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let mut place = 0;
        let placed = (0..self.meta.reason.len()).map(move |row| {
            place = if self.meta.starts_record.value(row) { 0 } else { place + 1 };
            (row, place)
        });
        placed.filter(|(row, _)| self.meta.reason.is_null(*row))
    }

    /// The hash by which a row is drawn: of its record's id and its place there. A record without
    /// an id is told by its object and line.
    pub fn hash(&self, row: usize, place: u64) -> u64 {
        let record = match text_at(self.id, row).filter(|id| !id.is_empty()) {
            Some(id) => text_hash(id),
            None => mix(self.object, self.meta.line.value(row)),
        };
        mix(record, place)
    }

    pub fn label(&self, row: usize) -> Option<&'a str> {
        text_at(self.label, row)
    }

    /// The predicted label. A score becomes 1 above the threshold, else 0.
    pub fn prediction(&self, row: usize) -> Option<&'a str> {
        let text = text_at(self.prediction, row);
        let Some(threshold) = self.threshold else { return text };
        let score = Cell::of(text).number()?;
        Some(if score > threshold { "1" } else { "0" })
    }
}

/// A cell's text; `None` when it is null.
pub(super) fn text_at(cells: Option<&StringViewArray>, row: usize) -> Option<&str> {
    Some(cells.filter(|cells| cells.is_valid(row))?.value(row))
}
