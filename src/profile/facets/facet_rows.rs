//! Facet rows: the columns of a batch by what they mean to facets, and the identities of its rows.

use arrow::array::{AsArray, RecordBatch, StringViewArray};

use super::pandas_cell::Cell;
use super::settings::FacetSettings;
use crate::decode::Meta;
use crate::decode::outcome::{LABEL, PREDICTION, cells_of, facet_column, feature_column, score_column};
use crate::profile::row_identity::RowIdentities;
use crate::profile::text_cells::cell_at;

pub(super) struct FacetRows<'a> {
    pub identities: RowIdentities<'a>,
    label: Option<&'a StringViewArray>,
    /// Labels, or scores where there is a threshold.
    prediction: Option<&'a StringViewArray>,
    /// With the labels of the scores up to it and above it.
    threshold: Option<(f64, &'a [String; 2])>,
    /// By facet.
    pub facets: Vec<Option<&'a StringViewArray>>,
    pub group: Option<&'a StringViewArray>,
    /// With their names in the batch.
    pub features: Vec<(&'a str, &'a StringViewArray)>,
}

impl<'a> FacetRows<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch, settings: &'a FacetSettings) -> Option<Self> {
        let identities = RowIdentities::of(batch)?;
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
            identities,
            label: cells_of(batch, LABEL),
            prediction,
            threshold: settings.probability_threshold.map(|threshold| (threshold, &settings.score_labels)),
            facets: settings.facets.iter().map(|of| facet(&of.name).or_else(|| feature(&of.name))).collect(),
            group: settings.group_variable.as_ref().and_then(feature),
            features: named.filter(|(name, _)| name.starts_with(&prefix)).collect(),
        })
    }

    pub fn label(&self, row: usize) -> Option<&'a str> {
        cell_at(self.label, row)
    }

    /// The predicted label, be it that of a score.
    pub fn prediction(&self, row: usize) -> Option<&'a str> {
        let text = cell_at(self.prediction, row);
        let Some((threshold, labels)) = self.threshold else { return text };
        let score = Cell::of(text).number()?;
        Some(&labels[usize::from(score > threshold)])
    }
}
