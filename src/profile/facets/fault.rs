//! Bias fault: what makes the whole measurement of bias impossible.

use std::fmt;

/// What the column of predictions is called.
pub(super) const PREDICTION: &str = "prediction";

/// Why no bias can be measured at all. Where AWS has a text for it, that is its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BiasFault {
    NoRows,
    /// No row has the facet's column.
    FacetAbsent(String),
    /// No positive labels are configured.
    NoPositiveLabels,
    /// A facet of numbers without a threshold; the flag says whether it is one of numbers by its gaps alone.
    ThresholdMissing {
        facet: String,
        is_by_gaps: bool,
    },
    /// A column of numbers whose configured value is none.
    ThresholdNotNumeric {
        column: String,
        value: String,
    },
    /// A configured value that cannot be one of the column's numbers.
    ValueNotOfColumn {
        column: String,
        value: String,
    },
    /// A facet without configured values has more of them than groups are kept.
    TooManyValues {
        facet: String,
        most: usize,
    },
    /// Either labels or predictions are categories and the others are numbers.
    TypesDiffer,
    /// Labels are whole numbers, and predictions are missing or infinite.
    PredictionsNotFinite,
    /// No row is predicted positive.
    NoPositivePrediction,
    /// No row has a label.
    NoLabels {
        n: u64,
    },
    /// No row has a prediction.
    NoPredictions {
        n: u64,
    },
}

impl BiasFault {
    /// Whether predictions are of another kind than the labels, or than the values that are configured for both.
    pub fn is_of_predictions(&self) -> bool {
        matches!(self, Self::TypesDiffer)
            || matches!(self, Self::ValueNotOfColumn { column, .. } if column == PREDICTION)
    }
}

impl fmt::Display for BiasFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRows => f.write_str("There are no rows to measure bias of"),
            Self::FacetAbsent(facet) => write!(f, "Facet column {facet} is not present in the dataset"),
            Self::NoPositiveLabels => f.write_str("Positive label values or thresholds are empty for Label column"),
            Self::ThresholdMissing { .. } => f.write_str("Threshold values must be provided for continuous features"),
            Self::ThresholdNotNumeric { .. } => {
                f.write_str("Facet/label value provided must be a single numeric threshold for continuous data")
            }
            Self::ValueNotOfColumn { column, value } => {
                write!(f, "The value {value} cannot be a value of column {column}, which holds numbers")
            }
            Self::TooManyValues { facet, most } => {
                write!(f, "Facet {facet} has more than {most} values: name the sensitive ones")
            }
            Self::TypesDiffer => {
                f.write_str("Predicted Label Column series datatype is not the same as Label Column series")
            }
            Self::PredictionsNotFinite => f.write_str("Cannot convert non-finite values (NA or inf) to integer"),
            Self::NoLabels { n } => write!(f, "None of the {n} rows has a label"),
            Self::NoPredictions { n } => {
                write!(f, "None of the {n} rows to be measured has a prediction that could be a label")
            }
            Self::NoPositivePrediction => f.write_str(
                "No Label values are present in the predicted Label Column,\
                 Positive Predicted Index Series contains all False values",
            ),
        }
    }
}

impl std::error::Error for BiasFault {}
