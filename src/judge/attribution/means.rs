//! Welch's t-test of two means: whether they differ by more than a margin, beyond chance.
//!
//! B. L. Welch's test ("The generalization of 'Student's' problem when several different population variances are
//! involved", Biometrika 34, 1947, p. 28), but that both means have the larger one of both variances. |φ| is skewed:
//! rows that are all small by chance have a small variance, too, and seem surer than they are. With variances of
//! their own, few rows against many alarm several times as often as they should; so, less often, see
//! `tests/simulation.rs`. Where a variance has really fallen, a little power is lost.

use crate::judge::chance::student_upper_tail;
use crate::measure::attribution::{BaselineFeature, OutputPair};

/// Fewest rows on either side for which a test is made.
pub const MIN_ROWS: u64 = 30;

/// Values that differ by rounding only are the same.
const TOLERANCE: f64 = 1e-9;

/// What is known of how one mean came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// Of one row.
    pub variance: f64,
    /// Rows, two or more.
    pub n: u64,
}

impl Spread {
    /// `None` where that says nothing.
    pub fn of(variance: Option<f64>, n: u64) -> Option<Self> {
        let variance = variance.filter(|variance| variance.is_finite() && *variance >= 0.0)?;
        (n >= 2).then_some(Self { variance, n })
    }

    /// Of the mean.
    fn squared_error(&self) -> f64 {
        self.variance / self.n as f64
    }
}

/// Two means, of which at least one is not exact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Means {
    now: Option<Spread>,
    before: Option<Spread>,
}

impl Means {
    /// `None` is a mean that is taken as exact.
    pub fn of(now: Option<Spread>, before: Option<Spread>) -> Self {
        let variance = now.iter().chain(&before).map(|spread| spread.variance).fold(0.0, f64::max);
        let with = |spread: Option<Spread>| spread.map(|spread| Spread { variance, ..spread });
        Self { now: with(now), before: with(before) }
    }

    /// Standard error of the current mean, as the test takes it.
    pub fn error_now(&self) -> Option<f64> {
        self.now.map(|spread| spread.squared_error().sqrt())
    }

    pub fn error_before(&self) -> Option<f64> {
        self.before.map(|spread| spread.squared_error().sqrt())
    }

    /// The chance of means this far apart, where the true ones are not further apart than the margin; of both tails.
    /// `None` where both are exact.
    pub fn p_value(&self, distance: f64, margin: f64) -> Option<f64> {
        let spreads: Vec<Spread> = self.now.into_iter().chain(self.before).collect();
        let squared: f64 = spreads.iter().map(Spread::squared_error).sum();
        if spreads.is_empty() || !distance.is_finite() || !squared.is_finite() {
            return None;
        }
        if squared == 0.0 {
            return Some(if distance.abs() > margin { 0.0 } else { 1.0 });
        }
        // Welch and Satterthwaite's degrees of freedom, in shares of the squared error.
        let share = |spread: &Spread| (spread.squared_error() / squared).powi(2) / (spread.n as f64 - 1.0);
        let freedom = 1.0 / spreads.iter().map(share).sum::<f64>();
        let tail = |x: f64| student_upper_tail(x / squared.sqrt(), freedom);
        let p = tail(distance.abs() - margin) + tail(distance.abs() + margin);
        p.is_finite().then(|| p.min(1.0))
    }
}

/// The spread of a baseline's feature, where the file knows it and it belongs to the value.
pub(super) fn spread_before(pair: &OutputPair<'_>, feature: &BaselineFeature) -> Option<Spread> {
    let (magnitude, mean) = (feature.magnitude(pair.aggregation)?, feature.mean_abs?);
    let is_same = (magnitude - mean).abs() <= TOLERANCE * magnitude.abs().max(mean.abs());
    Spread::of(feature.variance_abs, pair.baseline.n?).filter(|_| is_same)
}

/// Whether there are rows enough on both sides, as far as their numbers are known.
pub(super) fn has_rows(pair: &OutputPair<'_>) -> bool {
    pair.current.n >= MIN_ROWS && pair.baseline.n.is_none_or(|n| n >= MIN_ROWS)
}
