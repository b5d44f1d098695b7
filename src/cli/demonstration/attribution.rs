//! Attribution demonstration: in the second hour a feed is down, and the model leans on other features.

use super::definition::{Demonstration, Flag, flag};
use crate::demo::attribution::{BASELINE_CONFIG, CHANGES, MONITORING_CONFIG, TRAINING_TABLE, files};
use crate::judge::Verdict;
use crate::names::{Monitor, file, variable};

/// Rows that each job may send: enough to explain some hundred requests.
const MAX_PREDICTIONS: &str = "60000";

pub(super) static DEMONSTRATION: Demonstration = Demonstration {
    monitor: Monitor::Attribution,
    files,
    changes: CHANGES,
    verdict: "statistical, since AWS's looks at the order of the features alone, not at how much each matters",
    asks_model: true,
    replays: false,
    baseline: |places| {
        let source = flag(variable::DATASET_SOURCE, places.folder_of(TRAINING_TABLE));
        [of_every_job(places.at(BASELINE_CONFIG)), vec![source]].concat()
    },
    hour: |places| {
        let baseline = flag(variable::BASELINE_CONSTRAINTS, places.of_baseline(file::ANALYSIS));
        let verdict = flag("verdict", Verdict::Statistical.name());
        [of_every_job(places.at(MONITORING_CONFIG)), vec![baseline, verdict]].concat()
    },
};

fn of_every_job(config: String) -> Vec<Flag> {
    vec![flag("analysis-config", config), flag("max-predictions", MAX_PREDICTIONS)]
}
