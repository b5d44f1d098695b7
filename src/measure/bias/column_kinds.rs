//! Kinds of columns as a baseline has them: its groups tell whether a facet or the label is of categories or of numbers.
//!
//! A window is smaller than its baseline. What its own values tell of a column may be something else, so that the
//! same configuration would name other rows: 0 and 1 in 40 rows are numbers to Clarify's library, in 41 categories.

use super::result::{BaselineGroup, lower_bound};
use crate::profile::{ColumnKind, FacetSettings};

/// The settings with the kinds of the baseline's facets and label; what it does not have stays open.
pub fn as_in_baseline(mut settings: FacetSettings, baseline: &[BaselineGroup]) -> FacetSettings {
    for facet in &mut settings.facets {
        let texts = || baseline.iter().filter(|group| group.facet == facet.name).map(|group| &group.value_or_threshold);
        facet.kind = match facet.value_or_threshold.is_empty() {
            // Without values each value is a group, which there are of categories alone.
            true => texts().next().map(|_| ColumnKind::Categories),
            false => kind(texts(), &facet.value_or_threshold),
        };
    }
    let labels = baseline.iter().filter_map(|group| group.label_value_or_threshold.as_ref());
    settings.label_kind = kind(labels, &settings.label_values_or_threshold);
    settings
}

/// What a column is for which these values are configured, by the texts of its groups in a file. A category may look
/// like an interval, but is written as it is configured.
fn kind<'a>(mut texts: impl Iterator<Item = &'a String>, configured: &[String]) -> Option<ColumnKind> {
    let text = texts.next()?;
    let is_above_threshold = *text != configured.join(",") && (text.is_empty() || lower_bound(text).is_some());
    Some(if is_above_threshold { ColumnKind::Numbers } else { ColumnKind::Categories })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Facet;

    /// The kinds of a facet and of the label in a baseline that writes them so; its label is configured as 1.
    fn kinds(configured: &[&str], written: &str, label: &str) -> [Option<ColumnKind>; 2] {
        let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let settings = FacetSettings {
            facets: vec![Facet { name: "f".to_owned(), value_or_threshold: texts(configured), kind: None }],
            label: "y".to_owned(),
            label_values_or_threshold: texts(&["1"]),
            are_pairs_categories: false,
            label_kind: None,
            probability_threshold: None,
            score_labels: FacetSettings::SCORE_LABELS.map(str::to_owned),
            group_variable: None,
            has_predictions: true,
        };
        let group = BaselineGroup {
            is_post_training: false,
            facet: "f".to_owned(),
            value_or_threshold: written.to_owned(),
            label_value_or_threshold: Some(label.to_owned()),
            metrics: Vec::new(),
            counts: None,
        };
        let found = as_in_baseline(settings, &[BaselineGroup { facet: "other".to_owned(), ..group.clone() }, group]);
        [found.facets[0].kind, found.label_kind]
    }

    #[test]
    fn texts_of_groups_tell_what_columns_are() {
        let (categories, numbers) = (Some(ColumnKind::Categories), Some(ColumnKind::Numbers));
        for (configured, written, label, expected) in [
            (&["0"][..], "0", "1", [categories, categories]),
            (&["40"], "(40, 90]", "(1, 5]", [numbers, numbers]),
            (&["40"], "(33.5, 40.0]", "", [numbers, numbers]),
            (&["(18, 35]"], "(18, 35]", "1.0", [categories, categories]),
            (&["a", "b"], "b,a", "1", [categories, categories]),
            (&[], "blue", "1", [categories, categories]),
        ] {
            assert_eq!(kinds(configured, written, label), expected, "{configured:?} {written} {label}");
        }
    }
}
