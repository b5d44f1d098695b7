//! Outcome settings: the kind of problem, and how predictions and labels are read.

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
    /// Predictions are the classes of the largest scores; multiclass only.
    pub largest_score_predicts: bool,
    /// Columns of scores in a row; 0 without.
    pub n_scores: usize,
    /// Classes of the score columns, in their order; empty where not told.
    pub score_classes: Vec<String>,
}
