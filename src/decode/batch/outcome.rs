//! Outcome columns: those of rows that hold a prediction, its label, features, or a whole record.
//!
//! Such batches have the layout of [`crate::decode::batch::layout`], and after its leading columns only columns of
//! these names, so that no name from the data can be mistaken for one of them. Every row of a
//! record carries the record's id; the rows of a record stand in one batch, in their order.

use arrow::array::{AsArray, RecordBatch, StringViewArray};

use crate::decode::batch::layout::Meta;

/// The id by which a record is joined with its ground truth; null where it has none.
pub const ID: &str = "id";
/// What the model answered.
pub const PREDICTION: &str = "prediction";
/// [`crate::decode::OtherReadings`] of the record's answer, or of its labels, in its first row; null where there are
/// none.
pub const OTHER_READINGS: &str = "other_readings";
/// What the model was asked about, packed ([`crate::decode::feature_cells`]); null where it is not there, or too large.
pub const FEATURES: &str = "features";
/// The ground truth.
pub const LABEL: &str = "label";
/// One record as text.
pub const RECORD: &str = "record";

/// Place of the ids, which are the first cells of every row.
pub const ID_PLACE: u32 = 0;
/// Place of the label, or of the record's text, where there is no prediction.
pub const SECOND_PLACE: u32 = 1;

/// Before the position of a feature that has no name (DG:clarify-processing-job-configure-analysis).
pub const FEATURE: &str = "column_";
const FEATURE_PREFIX: &str = "feature.";
const FACET_PREFIX: &str = "facet.";
const ATTRIBUTION_PREFIX: &str = "attribution.";

/// The column of the score at `place`, from 0.
pub fn score_column(place: usize) -> String {
    format!("score.{place}")
}

/// The column of the feature called `name`.
pub fn feature_column(name: &str) -> String {
    format!("{FEATURE_PREFIX}{name}")
}

/// The column of the facet called `name` that is no feature: it comes from a dataset of its own.
pub fn facet_column(name: &str) -> String {
    format!("{FACET_PREFIX}{name}")
}

/// The feature that a column holds; `None` where it holds something else.
pub fn feature_of(column: &str) -> Option<&str> {
    column.strip_prefix(FEATURE_PREFIX)
}

/// The column of what the feature called `feature` added to the model's output at place `output`, from 0.
pub fn attribution_column(output: usize, feature: &str) -> String {
    format!("{ATTRIBUTION_PREFIX}{output}.{feature}")
}

/// The output and the feature whose attributions a column holds; `None` where it holds something else.
pub fn attribution_of(column: &str) -> Option<(usize, &str)> {
    let (number, feature) = column.strip_prefix(ATTRIBUTION_PREFIX)?.split_once('.')?;
    let is_written_so = number == "0" || number.starts_with(|c: char| ('1'..='9').contains(&c));
    let output = number.parse().ok().filter(|_| is_written_so)?;
    Some((output, feature))
}

/// Name of the feature at `position` (from 0) that has no name.
pub fn unnamed_feature(position: usize) -> String {
    format!("{FEATURE}{position}")
}

/// The cells of the column called `name`; `None` where the batch has no such column.
pub fn cells_of<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a StringViewArray> {
    let place = batch.schema_ref().fields().iter().skip(Meta::WIDTH).position(|field| field.name() == name)?;
    batch.column(Meta::WIDTH + place).as_string_view_opt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_that_are_called_otherwise_hold_no_attributions() {
        for column in ["", "id", "attribution", "attribution.", "attribution.0", "attribution.x.a", "feature.0.a"] {
            assert_eq!(attribution_of(column), None, "{column}");
        }
        for column in ["attribution.00.a", "attribution.+1.a", "attribution.-1.a", "attribution.99999999999999999999.a"]
        {
            assert_eq!(attribution_of(column), None, "{column}");
        }
    }

    proptest! {
        #[test]
        fn a_column_of_attributions_tells_its_output_and_feature(output: usize, feature in ".{0,12}") {
            for feature in [feature.as_str(), "0.a", "attribution.1.b", "feature.c", "id"] {
                let column = attribution_column(output, feature);
                prop_assert_eq!(attribution_of(&column), Some((output, feature)));
                prop_assert_eq!(feature_of(&column), None);
            }
        }
    }
}
