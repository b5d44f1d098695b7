//! What becomes of rows of predictions and labels: kinds, settings and the account.

/// What a model predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Regression,
    BinaryClassification,
    MulticlassClassification,
}

impl Problem {
    pub const ALL: [Self; 3] = [Self::Regression, Self::BinaryClassification, Self::MulticlassClassification];

    /// AWS's word (variable `problem_type`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Regression => "Regression",
            Self::BinaryClassification => "BinaryClassification",
            Self::MulticlassClassification => "MulticlassClassification",
        }
    }
}

/// How predictions and labels are to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeSettings {
    pub problem: Problem,
    /// The label that counts as positive; binary only.
    pub positive_label: String,
    /// Predictions are made from scores: positive above it. `None`: predictions arrive as labels.
    pub threshold: Option<f64>,
    /// Columns of scores in a row; 0 without.
    pub n_scores: usize,
    /// Classes of the score columns, in their order; empty where not told.
    pub score_classes: Vec<String>,
}

/// What became of every row that arrived with the records used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeAccount {
    /// Rows seen = used + without prediction + without label + not numbers.
    pub n_rows: u64,
    /// Rows in the metrics.
    pub n_used: u64,
    pub n_without_prediction: u64,
    pub n_without_label: u64,
    /// Rows whose prediction or label is no number where one is needed, or whose scores are none.
    pub n_not_numbers: u64,
    /// Rows with a score outside 0…1; they are used, but for log loss, Brier score and calibration.
    pub n_scores_outside: u64,
    /// Rows whose prediction and label match though their texts differ (`1`, `1.0`, `true`, spaces).
    pub n_labels_normalised: u64,
}
