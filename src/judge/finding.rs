//! A violated limit: what a check or a test found, of whichever monitor.

/// What a finding or a test is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The model as a whole.
    Model,
    /// A column of the table, or the stand-in for the whole table.
    Feature(String),
    /// One group of a facet against all other rows.
    Group {
        is_post_training: bool,
        facet: String,
        /// As the configuration writes the group.
        facet_value: String,
    },
    /// One output of the model (`label0`); the feature that moves it, where it concerns one.
    Output { output: String, feature: Option<String> },
}

impl Subject {
    /// The feature or the facet that it is about.
    pub fn feature(&self) -> Option<&str> {
        match self {
            Self::Model => None,
            Self::Feature(name) | Self::Group { facet: name, .. } => Some(name),
            Self::Output { feature, .. } => feature.as_deref(),
        }
    }

    /// Which part of the feature or of the model: the group of a facet, or the model's output.
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Model | Self::Feature(_) => None,
            Self::Group { facet_value, .. } => Some(facet_value),
            Self::Output { output, .. } => Some(output),
        }
    }

    /// Whether it is a metric of the model's predictions and not of the labels alone.
    pub fn is_post_training(&self) -> bool {
        matches!(self, Self::Group { is_post_training: true, .. })
    }
}

/// One violated limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// One of [`crate::names::check`].
    pub check: &'static str,
    pub subject: Subject,
    /// The measure or metric that was judged, by its stable name; for the checks of a table's columns,
    /// which judge no measurement, what was counted.
    pub metric: &'static str,
    /// AWS's sentence, or that of the statistical verdict.
    pub description: String,
    /// What was measured; of attributions tested, the effect. May be infinite.
    pub value: f64,
    /// The limit that it crossed. May be infinite.
    pub threshold: f64,
    /// Number of observations behind `value`.
    pub n: u64,
}
