//! Data-quality demonstration: in the second hour four features are broken.

use super::definition::{Demonstration, Places, flag};
use crate::demo::data_quality::{CHANGES, TRAINING_TABLE, files};
use crate::names::{Monitor, file, variable};

pub(super) static DEMONSTRATION: Demonstration = Demonstration {
    monitor: Monitor::DataQuality,
    files,
    changes: CHANGES,
    verdict: "aws, the default: measurements against the thresholds of constraints.json",
    asks_model: false,
    replays: true,
    baseline: |places| vec![flag(variable::DATASET_SOURCE, places.folder_of(TRAINING_TABLE))],
    hour: |places: &Places| {
        vec![
            flag(variable::BASELINE_STATISTICS, places.of_baseline(file::STATISTICS)),
            flag(variable::BASELINE_CONSTRAINTS, places.of_baseline(file::CONSTRAINTS)),
        ]
    },
};
