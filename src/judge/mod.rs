//! Checks and verdicts: measurements held against limits.

pub mod attribution;
pub mod bias;
mod chance;
mod checks;
mod constraints;
mod finding;
mod hypothesis_test;
mod judgement;
mod over_time;
pub mod quality;
mod suggest;
mod verdict;

pub use chance::told_p;
pub use checks::{
    ALL, BlindDistance, Budget, CalibratedLimit, Case, Check, ColumnTest, MIN_ROWS, MIN_WINDOWS, Sides, SmallestChange,
    TESTS, blind_distances, calibrate, drift_distances, evaluate, is_of_distribution, other_kinds, strange_columns,
    test, test_together, threshold_for, with_limits,
};
pub use constraints::{Constraints, FeatureConstraints, MonitoringConfig};
pub use finding::{Finding, Subject};
pub use hypothesis_test::{Alternative, Scale, Test, TestOutcome, findings_of};
pub use judgement::Judgement;
pub use over_time::{AlarmRule, Bounds, Continuation, Evidence, History, IncidentKey, OverTime, TestKey};
pub use suggest::suggest;
pub use verdict::Verdict;
