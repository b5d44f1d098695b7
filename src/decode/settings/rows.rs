//! Rows: what the rows of a dataset hold.

use crate::decode::batch::outcome::{FEATURES, ID, LABEL, OTHER_READINGS, PREDICTION, RECORD, score_column};
use crate::decode::settings::attribute::Attributes;
use crate::decode::settings::instances::Instances;

/// Which columns the rows of a dataset have.
///
/// All but [`Rows::Cells`] have fixed columns ([`crate::decode::batch::outcome`]) in every batch of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rows {
    /// Every cell, a column for each name.
    #[default]
    Cells,
    /// `id`, `prediction`, `score.0`, …, mostly no `features`, `other_readings`: captured requests that are to be joined. A dataset of tables
    /// is the output of a batch transform that gave each row an id.
    Predictions(Attributes),
    /// `id`, `label`, `other_readings`: ground truth.
    Labels(Attributes),
    /// `id`, `prediction`, `score.0`, …, mostly no `features`, `label`: merged records, or tables that hold all of it.
    Outcomes(Attributes),
    /// `id`, `prediction`, `score.0`, …, mostly `label`, then a column for each feature
    /// ([`crate::decode::batch::outcome::feature_column`]). Features may appear later, as columns of [`Rows::Cells`] do.
    Instances(Instances),
    /// `id`, then a column for what each feature added to each output
    /// ([`crate::decode::batch::outcome::attribution_column`]): captured answers that hold it. Columns may appear later.
    Attributions,
    /// `id`, `record`: captured requests as text, for the merge.
    CaptureRecords,
    /// `id`, `record`: ground truth as text, for the merge.
    LabelRecords(Attributes),
}

impl Rows {
    /// The columns that every batch of rows has, whatever the names of features; `None` where the data
    /// sets them all.
    pub fn columns(&self) -> Option<Vec<String>> {
        let columns: Vec<String> = match self {
            Self::Cells => return None,
            Self::Predictions(attributes)
            | Self::Outcomes(attributes)
            | Self::Instances(Instances { attributes, .. }) => {
                let scores = (0..attributes.n_scores()).map(score_column);
                let last = match self {
                    Self::Predictions(_) => Some(OTHER_READINGS),
                    rows => rows.have_label().then_some(LABEL),
                };
                let last = self.keep_features().then_some(FEATURES).into_iter().chain(last).map(str::to_owned);
                [ID, PREDICTION].map(str::to_owned).into_iter().chain(scores).chain(last).collect()
            }
            Self::Attributions => vec![ID.to_owned()],
            Self::Labels(_) => [ID, LABEL, OTHER_READINGS].map(str::to_owned).to_vec(),
            Self::CaptureRecords | Self::LabelRecords(_) => [ID, RECORD].map(str::to_owned).to_vec(),
        };
        Some(columns)
    }

    pub fn are_labels(&self) -> bool {
        matches!(self, Self::Labels(_) | Self::LabelRecords(_))
    }

    /// Whether rows of predictions have a label beside them.
    pub fn have_label(&self) -> bool {
        matches!(self, Self::Outcomes(_) | Self::Instances(Instances { with_label: true, .. }))
    }

    /// Whether rows have all of their features in one cell.
    pub fn keep_features(&self) -> bool {
        match self {
            Self::Predictions(attributes)
            | Self::Outcomes(attributes)
            | Self::Instances(Instances { attributes, .. }) => attributes.keeps_features,
            _ => false,
        }
    }

    pub fn attributes(&self) -> Attributes {
        match self {
            Self::Predictions(attributes)
            | Self::Labels(attributes)
            | Self::Outcomes(attributes)
            | Self::Instances(Instances { attributes, .. })
            | Self::LabelRecords(attributes) => attributes.clone(),
            Self::Cells | Self::Attributions | Self::CaptureRecords => Attributes::default(),
        }
    }
}
