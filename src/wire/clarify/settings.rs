//! Facet settings of an analysis configuration: the groups that it compares, by the names of columns.

use super::analysis_config::{AnalysisConfig, DatasetType, FacetConfig, NameOrIndex};
use crate::profile::{Facet, FacetSettings};

impl AnalysisConfig {
    /// What to count; columns without a header are called like Clarify calls them, `column_0`.
    /// `label` is the label's name where the file does not tell it, as monitors' files need not.
    pub fn facet_settings(&self, label: &str, has_predictions: bool) -> FacetSettings {
        let facet = |facet: &FacetConfig| Facet {
            name: self.facet_name(&facet.name_or_index),
            value_or_threshold: facet.value_or_threshold.clone(),
            kind: None,
        };
        FacetSettings {
            facets: self.facets.iter().map(facet).collect(),
            label: self.label_name().unwrap_or_else(|| label.to_owned()),
            label_values_or_threshold: self.label_values_or_threshold.clone(),
            are_pairs_categories: true,
            label_kind: None,
            probability_threshold: self.probability_threshold,
            score_labels: FacetSettings::SCORE_LABELS.map(str::to_owned),
            group_variable: self.group_variable.as_ref().map(|column| self.column(column)),
            has_predictions,
        }
    }

    /// The header of the label, or what the file calls it. Of JSON, whose labels are expressions,
    /// headers name the features, then the label, then the predicted label.
    pub fn label_name(&self) -> Option<String> {
        let headers = self.headers.as_deref().unwrap_or_default();
        match self.label.as_ref() {
            Some(column @ NameOrIndex::Index(_)) => Some(self.column(column)),
            Some(NameOrIndex::Name(name)) if self.is_table() || headers.contains(name) => Some(name.clone()),
            Some(NameOrIndex::Name(name)) => {
                let n_after = usize::from(self.predicted_label.is_some());
                let header = headers.iter().rev().nth(n_after);
                Some(header.unwrap_or(name).clone())
            }
            None => None,
        }
    }

    /// The headers without those of the label and the predicted label: the features' names.
    pub fn feature_headers(&self) -> Vec<String> {
        let headers = self.headers.clone().unwrap_or_default();
        let predicted = match &self.predicted_label {
            // It stands in another dataset.
            _ if self.predicted_label_dataset_uri.is_some() => None,
            Some(NameOrIndex::Name(name)) if !self.is_table() && !headers.contains(name) => headers.last().cloned(),
            Some(column) => Some(self.column(column)),
            None => None,
        };
        let outcomes = [self.label_name(), predicted];
        headers.into_iter().filter(|name| !outcomes.iter().flatten().any(|outcome| outcome == name)).collect()
    }

    /// The name of a column.
    pub fn column(&self, column: &NameOrIndex) -> String {
        named(column, self.headers.as_deref())
    }

    /// The name of a facet's column, which may stand in a dataset of its own.
    fn facet_name(&self, column: &NameOrIndex) -> String {
        match self.facet_dataset_uri {
            Some(_) => named(column, self.facet_headers.as_deref()),
            None => self.column(column),
        }
    }

    /// Whether names are those of columns, not expressions.
    fn is_table(&self) -> bool {
        matches!(self.dataset_type, Some(DatasetType::Csv | DatasetType::Parquet))
    }
}

fn named(column: &NameOrIndex, headers: Option<&[String]>) -> String {
    match column {
        NameOrIndex::Name(name) => name.clone(),
        NameOrIndex::Index(index) => {
            let header = headers.and_then(|headers| headers.get(*index));
            header.cloned().unwrap_or_else(|| format!("column_{index}"))
        }
    }
}
