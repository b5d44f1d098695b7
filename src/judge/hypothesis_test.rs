//! A statistical hypothesis test: whether one number is worse than its baseline beyond chance.

use super::chance::ALPHA;
use super::{Finding, Subject};

/// The statistical verdict on one number.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub subject: Subject,
    /// Stable name: `recall`, `DPL`, `shap`.
    pub metric: &'static str,
    /// As it is reported; may be infinite. `None` where only the baseline has it.
    pub value: Option<f64>,
    /// The same of the baseline. `None` where only the current data have it, or it is not known.
    pub baseline_value: Option<f64>,
    /// On which the following numbers stand, up to the margin.
    pub scale: Scale,
    /// The value on this scale. `None` where it has none there.
    pub scaled: Option<f64>,
    pub baseline_scaled: Option<f64>,
    /// As the test took it; `None` where it is not known.
    pub standard_error: Option<f64>,
    pub n: u64,
    /// `None` where the baseline's value is taken as exact, because its counts or errors are not known or belong
    /// to another value: the test has one sample then.
    pub baseline_standard_error: Option<f64>,
    /// `None` where it is not known.
    pub baseline_n: Option<u64>,
    /// How much worse than the baseline; negative when better.
    pub effect: Option<f64>,
    /// Effects up to this count as none.
    pub margin: f64,
    /// Which change the test looks for.
    pub alternative: Alternative,
    /// The chance of an effect this large where there is none beyond the margin; `None` where it cannot be computed.
    pub p: Option<f64>,
    /// Corrected for the number of tests in the run.
    pub p_adjusted: Option<f64>,
    pub outcome: TestOutcome,
    /// What is said of it where it is violated.
    pub finding: Option<Finding>,
}

/// What a test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// Worse than the baseline beyond chance.
    Violated,
    Held,
    /// Violated in this window, which the windows before it do not confirm (see [`super::OverTime`]).
    Unconfirmed,
    /// Too few rows, or no error to compare with.
    InsufficientData,
}

impl TestOutcome {
    pub const ALL: [Self; 4] = [Self::Violated, Self::Held, Self::Unconfirmed, Self::InsufficientData];

    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Violated => "violated",
            Self::Held => "held",
            Self::Unconfirmed => "unconfirmed",
            Self::InsufficientData => "insufficient_data",
        }
    }
}

/// The alternative hypothesis: which change of the compared number is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternative {
    Less,
    Greater,
    TwoSided,
}

/// On which scale two values of a metric are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The metric's own.
    Value,
    /// The logarithm of a quotient: twice as many and half as many are equally far from 1.
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

/// Corrects the p-values of the tests that have one for their number.
pub(super) fn correct(tests: &mut [Test], correction: impl Fn(&[f64]) -> Vec<f64>) {
    let made: Vec<(usize, f64)> = tests.iter().enumerate().filter_map(|(i, test)| Some((i, test.p?))).collect();
    let p_values: Vec<f64> = made.iter().map(|(_, p)| *p).collect();
    for ((place, _), p) in made.into_iter().zip(correction(&p_values)) {
        tests[place].p_adjusted = Some(p);
    }
}

/// Decides tests whose p-values are corrected: violated is what is both beyond chance and beyond the margin.
/// `finding` words what was found.
pub(super) fn decide(tests: &mut [Test], finding: impl Fn(&Test) -> Option<Finding>) {
    for test in tests {
        test.outcome = match (test.p_adjusted, test.effect) {
            (Some(p), Some(effect)) if p < ALPHA && effect > test.margin => TestOutcome::Violated,
            (Some(_), Some(_)) => TestOutcome::Held,
            _ => TestOutcome::InsufficientData,
        };
        test.finding = if test.outcome == TestOutcome::Violated { finding(test) } else { None };
    }
}

/// The tests that were violated, as findings.
pub fn findings_of(tests: &[Test]) -> Vec<Finding> {
    tests.iter().filter_map(|test| test.finding.clone()).collect()
}
