//! What is found when bias is held against a baseline.

use crate::judge::quality::TestOutcome;

/// One metric of one group that is less fair than the baseline's.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasFinding {
    /// One of [`crate::names::check`].
    pub check: &'static str,
    pub is_post_training: bool,
    pub facet: String,
    /// As the configuration writes the group.
    pub facet_value: String,
    /// Short name: `DPL`.
    pub metric: &'static str,
    pub description: String,
    /// May be infinite.
    pub value: f64,
    /// May be infinite.
    pub baseline_value: f64,
    /// Rows of the group and of all others.
    pub n: u64,
}

/// The statistical verdict on one metric of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasTest {
    pub is_post_training: bool,
    pub facet: String,
    /// As the configuration writes the group.
    pub facet_value: String,
    /// Short name: `DPL`.
    pub metric: &'static str,
    /// The metric as it is reported; may be infinite.
    pub value: f64,
    /// May be infinite.
    pub baseline_value: f64,
    /// On which the following numbers stand.
    pub scale: Scale,
    /// Distance from perfect fairness, 0 or more; `None` where the counts are too small for it.
    pub unfairness: Option<f64>,
    pub standard_error: Option<f64>,
    /// Rows of the group and of all others.
    pub n: u64,
    pub baseline_unfairness: Option<f64>,
    /// `None` where the baseline's value is taken as exact, because its counts are not known or
    /// belong to another value: the test has one sample then.
    pub baseline_standard_error: Option<f64>,
    /// `None` where the counts are not known.
    pub baseline_n: Option<u64>,
    /// How much less fair than the baseline; negative when fairer.
    pub effect: Option<f64>,
    /// `None` where it cannot be computed.
    pub p: Option<f64>,
    /// Holm's correction over all tests of the run.
    pub p_adjusted: Option<f64>,
    pub outcome: TestOutcome,
}

/// On which scale two values of a metric are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The metric's own, whose perfect fairness is 0.
    Value,
    /// The logarithm of a quotient, whose perfect fairness is 1: twice as many and half as many are
    /// equally unfair.
    LogQuotient,
}

impl Scale {
    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::LogQuotient => "log_quotient",
        }
    }
}
