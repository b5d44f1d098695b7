//! Bias demonstration: in the second hour the model treats one group worse.

use super::definition::{Demonstration, flag};
use crate::demo::bias::{BASELINE_CONFIG, CHANGES, MONITORING_CONFIG, THRESHOLD, VALIDATION_TABLE, files};
use crate::judge::Verdict;
use crate::names::{Monitor, file, variable};

pub(super) static DEMONSTRATION: Demonstration = Demonstration {
    monitor: Monitor::Bias,
    files,
    changes: CHANGES,
    verdict: "statistical, since by AWS's some metric is further from 0 than the baseline's in nearly every hour",
    asks_model: false,
    replays: false,
    baseline: |places| {
        vec![
            flag("analysis-config", places.at(BASELINE_CONFIG)),
            flag(variable::DATASET_SOURCE, places.folder_of(VALIDATION_TABLE)),
        ]
    },
    hour: |places| {
        vec![
            flag("analysis-config", places.at(MONITORING_CONFIG)),
            flag(variable::PROBABILITY_ATTRIBUTE, "0"),
            flag(variable::PROBABILITY_THRESHOLD_ATTRIBUTE, THRESHOLD.to_string()),
            flag(variable::GROUND_TRUTH_SOURCE, places.ground_truth()),
            flag(variable::BASELINE_CONSTRAINTS, places.of_baseline(file::ANALYSIS)),
            flag("verdict", Verdict::Statistical.name()),
        ]
    },
};
