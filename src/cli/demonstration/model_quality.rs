//! Model-quality demonstration: in the second hour the world has changed, and labels arrive late.

use super::definition::{Demonstration, Flag, flag};
use crate::demo::model_quality::{CHANGES, LABEL, SCORE, VALIDATION_TABLE, files};
use crate::names::{Monitor, file, variable};
use crate::profile::Problem;

pub(super) static DEMONSTRATION: Demonstration = Demonstration {
    monitor: Monitor::ModelQuality,
    files,
    changes: CHANGES,
    verdict: "aws, the default: metrics against the limits of constraints.json",
    asks_model: false,
    replays: false,
    baseline: |places| {
        let mut flags = of_every_job(SCORE);
        flags.extend([
            flag(variable::GROUND_TRUTH_ATTRIBUTE, LABEL),
            flag(variable::DATASET_SOURCE, places.folder_of(VALIDATION_TABLE)),
        ]);
        flags
    },
    hour: |places| {
        let mut flags = of_every_job("0");
        flags.extend([
            flag(variable::GROUND_TRUTH_SOURCE, places.ground_truth()),
            flag(variable::BASELINE_CONSTRAINTS, places.of_baseline(file::CONSTRAINTS)),
        ]);
        flags
    },
};

fn of_every_job(score: &str) -> Vec<Flag> {
    vec![
        flag(variable::PROBLEM_TYPE, Problem::BinaryClassification.name()),
        flag(variable::PROBABILITY_ATTRIBUTE, score),
        flag(variable::PROBABILITY_THRESHOLD_ATTRIBUTE, "0.5"),
    ]
}
