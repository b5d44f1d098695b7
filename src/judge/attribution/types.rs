//! What is found when attributions are held against a baseline.

use crate::judge::quality::TestOutcome;

/// One violated limit.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionFinding {
    /// One of [`crate::names::check`].
    pub check: &'static str,
    /// The model's output: `label0`.
    pub output: String,
    /// AWS's word, `shap`.
    pub metric: &'static str,
    /// The feature, where it concerns one.
    pub feature: Option<String>,
    pub description: String,
    /// NDCG; of the statistical verdict, the effect.
    pub value: f64,
    /// On whose wrong side the value is.
    pub threshold: f64,
    /// Explained rows.
    pub n: u64,
}

/// What a test is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestSubject {
    /// Mean |φ| of this feature.
    Feature(String),
    /// The sum of mean |φ| over all features.
    TotalMagnitude,
}

/// The statistical verdict on one number.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionTest {
    pub output: String,
    pub subject: TestSubject,
    /// Mean |φ|, or the sum of it; `None` where the feature is absent.
    pub value: Option<f64>,
    /// As the test takes it, with the larger one of both sides' variances; of the sum, that of its logarithm. `None`
    /// where it is not known, or the feature is absent.
    pub standard_error: Option<f64>,
    pub n: u64,
    /// `None` where the feature is absent, or mean |φ| is not known.
    pub baseline_value: Option<f64>,
    /// `None` where the baseline's value is taken as exact, because its rows or variances are not known or belong to
    /// another value: the test has one sample then.
    pub baseline_standard_error: Option<f64>,
    pub baseline_n: Option<u64>,
    /// How far the two are apart, as a share of the total magnitude of the baseline; of the total, |ln ratio|.
    pub effect: Option<f64>,
    /// Effects up to this count as none.
    pub margin: f64,
    /// The chance of being this far apart, where there is no more than the margin; `None` where it cannot be computed.
    pub p: Option<f64>,
    /// Corrected by Benjamini and Hochberg over all tests of the run.
    pub p_adjusted: Option<f64>,
    pub outcome: TestOutcome,
}
