//! Facet settings: what is asked about the groups in a dataset.

/// Whether the values of a column are categories, or numbers that a threshold divides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Categories,
    Numbers,
}

/// The groups to compare, and what counts as positive.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetSettings {
    pub facets: Vec<Facet>,
    /// Name of the label in reports.
    pub label: String,
    /// Labels that count as positive, or one threshold above which they do; as the configuration writes them.
    pub label_values_or_threshold: Vec<String>,
    /// Whether two whole numbers of which one is configured are categories however few rows there are. In Clarify's
    /// library they are numbers in 40 rows, and the configured one is a threshold: a group of another name.
    pub are_pairs_categories: bool,
    /// What labels and predictions are, where a baseline tells it; `None`: their values tell.
    pub label_kind: Option<ColumnKind>,
    /// Divides scores; `None` where predictions are labels.
    pub probability_threshold: Option<f64>,
    /// The labels that scores predict: those up to the threshold, and those above it.
    pub score_labels: [String; 2],
    /// Name of the feature whose values split rows for the conditional disparities.
    pub group_variable: Option<String>,
    /// Whether rows hold predictions.
    pub has_predictions: bool,
}

impl FacetSettings {
    /// The labels of scores where nothing names them (DG:clarify-processing-job-configure-analysis).
    pub const SCORE_LABELS: [&str; 2] = ["0", "1"];

    /// Whether the sensitive group of this facet is configured, so that its values do not tell it.
    pub fn has_configured_values(&self, facet: &str) -> bool {
        self.facets.iter().any(|of| of.name == facet && !of.value_or_threshold.is_empty())
    }
}

/// A feature whose groups are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// The feature's name.
    pub name: String,
    /// Values of the sensitive group, or one threshold above which rows belong to it. Empty: each
    /// value in turn is the sensitive group.
    pub value_or_threshold: Vec<String>,
    /// What the values are, where a baseline tells it; `None`: they tell themselves.
    pub kind: Option<ColumnKind>,
}
