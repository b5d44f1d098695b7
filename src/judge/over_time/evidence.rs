//! Evidence: what the windows so far say about one test.

use crate::judge::{Subject, Test};

/// Which test it is, in all windows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestKey {
    pub feature: Option<String>,
    pub group: Option<String>,
    pub is_post_training: bool,
    pub measure: String,
}

impl TestKey {
    pub(super) fn of(test: &Test) -> Self {
        let subject: &Subject = &test.subject;
        Self {
            feature: subject.feature().map(str::to_owned),
            group: subject.group().map(str::to_owned),
            is_post_training: subject.is_post_training(),
            measure: test.metric.to_owned(),
        }
    }
}

/// What the windows so far say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The weighted sum of the windows' e-values, at least 0.
    pub e_value: f64,
    /// Whether the test was violated in the last windows alone, the last one last.
    pub recent: Vec<bool>,
}
