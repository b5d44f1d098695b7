//! Unfairness: the distance of a bias metric from perfect fairness, and its standard error by the delta method.
//!
//! All but four of the tested metrics compare one ratio of counts between the group and the rest.
//! A function of counts that does not change when all of them double has the variance Σ nᵢ (∂f/∂nᵢ)²
//! by the delta method for multinomial counts (A. Agresti, "Categorical Data Analysis", 3rd edition,
//! 2013, section 16.1).

use crate::profile::EightCounts;

/// Fewest rows below the line of a ratio.
const MIN_DENOMINATOR: f64 = 5.0;

/// What is added to each of the eight cells in errors and logarithms, so that none is zero or
/// infinite: half a row of each kind beside all rows of a group, which leaves logarithms nearly
/// unbiased (F. J. Anscombe, "On estimating binomial response relations", Biometrika 43, 1956, p. 461).
const SMOOTHING: f64 = 0.25;

/// Counts of one group, or which of them are meant: `[is_positive][is_predicted_positive]`.
type Cells = [[f64; 2]; 2];

pub(super) const ANY: Cells = [[1.0, 1.0], [1.0, 1.0]];
pub(super) const POSITIVES: Cells = [[0.0, 0.0], [1.0, 1.0]];
pub(super) const NEGATIVES: Cells = [[1.0, 1.0], [0.0, 0.0]];
pub(super) const PREDICTED_POSITIVES: Cells = [[0.0, 1.0], [0.0, 1.0]];
pub(super) const PREDICTED_NEGATIVES: Cells = [[1.0, 0.0], [1.0, 0.0]];
pub(super) const TRUE_POSITIVES: Cells = [[0.0, 0.0], [0.0, 1.0]];
pub(super) const FALSE_NEGATIVES: Cells = [[0.0, 0.0], [1.0, 0.0]];
pub(super) const FALSE_POSITIVES: Cells = [[0.0, 1.0], [0.0, 0.0]];
pub(super) const TRUE_NEGATIVES: Cells = [[1.0, 0.0], [0.0, 0.0]];
pub(super) const CORRECT: Cells = [[1.0, 0.0], [0.0, 1.0]];

/// One kind of count for each of another.
#[derive(Debug)]
pub struct Ratio {
    above: Cells,
    below: Cells,
}

/// What a metric is of the counts.
#[derive(Debug)]
pub enum Form {
    /// The difference of a ratio between the groups.
    Difference(Ratio),
    /// The ratio of the group, divided by that of the rest.
    Quotient(Ratio),
    /// As [`Form::Difference`], but the ratio is the odds of a share, and those are compared by quotient.
    Odds(Ratio),
    /// The difference of the groups' sizes as a share of all rows.
    Imbalance,
    /// The generalized entropy of b = 1 + prediction - label over all rows.
    Entropy,
    /// No function of these counts.
    Other,
}

/// The difference of so many rows `above` for each `below`.
pub(super) const fn difference(above: Cells, below: Cells) -> Form {
    Form::Difference(Ratio { above, below })
}

/// The quotient of so many rows `above` for each `below`.
pub(super) const fn quotient(above: Cells, below: Cells) -> Form {
    Form::Quotient(Ratio { above, below })
}

/// The quotient of the odds of `above` against `below`.
pub(super) const fn odds(above: Cells, below: Cells) -> Form {
    Form::Odds(Ratio { above, below })
}

/// A metric as its counts have it.
pub struct Unfairness {
    /// Distance from perfect fairness on the form's scale.
    pub distance: f64,
    pub error: f64,
    /// Magnitude of the metric as files have it.
    pub magnitude: f64,
}

impl Form {
    /// Whether the scale is that of the logarithm of a quotient, not that of the metric's values.
    pub fn is_logarithmic(&self) -> bool {
        matches!(self, Self::Quotient(_) | Self::Odds(_))
    }

    /// The distance from perfect fairness that a bare value stands for.
    pub fn distance(&self, value: f64) -> Option<f64> {
        let distance = match self {
            Self::Quotient(_) => value.ln().abs(),
            Self::Odds(_) => f64::NAN,
            _ => value.abs(),
        };
        distance.is_finite().then_some(distance)
    }

    /// The unfairness that counts tell; `None` where they are too small for it.
    pub fn unfairness(&self, counts: &EightCounts) -> Option<Unfairness> {
        let [rest, group] = counts.n.map(|group| group.map(|label| label.map(|n| n as f64)));
        match self {
            Self::Difference(ratio) => ratio.difference(&group, &rest),
            Self::Quotient(ratio) => {
                let magnitude = ratio.value(&group)? / ratio.value(&rest)?;
                Some(Unfairness { magnitude, ..ratio.log_quotient(&group, &rest) })
            }
            Self::Odds(ratio) => {
                let magnitude = (ratio.value(&group)? - ratio.value(&rest)?).abs();
                Some(Unfairness { magnitude, ..ratio.log_quotient(&group, &rest) })
            }
            Self::Imbalance => imbalance(sum(&group), sum(&rest)),
            Self::Entropy => entropy(&added(&group, &rest)),
            Self::Other => None,
        }
    }
}

impl Ratio {
    fn value(&self, cells: &Cells) -> Option<f64> {
        let below = sum(&product(cells, &self.below));
        (below >= MIN_DENOMINATOR).then(|| sum(&product(cells, &self.above)) / below)
    }

    /// The ratio and its variance, both with smoothed cells.
    fn smoothed(&self, cells: &Cells) -> (f64, f64) {
        let cells = cells.map(|label| label.map(|n| n + SMOOTHING));
        let below = sum(&product(&cells, &self.below));
        let ratio = sum(&product(&cells, &self.above)) / below;
        let places = cells.iter().flatten().zip(self.above.iter().flatten().zip(self.below.iter().flatten()));
        let variance = places.map(|(n, (above, below_line))| n * ((above - ratio * below_line) / below).powi(2)).sum();
        (ratio, variance)
    }

    fn difference(&self, group: &Cells, rest: &Cells) -> Option<Unfairness> {
        let magnitude = (self.value(group)? - self.value(rest)?).abs();
        let variance = self.smoothed(group).1 + self.smoothed(rest).1;
        Some(Unfairness { distance: magnitude, error: variance.sqrt(), magnitude })
    }

    fn log_quotient(&self, group: &Cells, rest: &Cells) -> Unfairness {
        let ((of_group, group_variance), (of_rest, rest_variance)) = (self.smoothed(group), self.smoothed(rest));
        let variance = group_variance / of_group.powi(2) + rest_variance / of_rest.powi(2);
        Unfairness { distance: (of_group / of_rest).ln().abs(), error: variance.sqrt(), magnitude: f64::NAN }
    }
}

fn imbalance(n_group: f64, n_rest: f64) -> Option<Unfairness> {
    let n = n_group + n_rest;
    let magnitude = ((n_rest - n_group) / n).abs();
    let error = 2.0 * (n_group * n_rest / n.powi(3)).sqrt();
    magnitude.is_finite().then_some(Unfairness { distance: magnitude, error, magnitude })
}

fn entropy(cells: &Cells) -> Option<Unfairness> {
    let [[rejected, false_alarm], [missed, hit]] = *cells;
    let kinds = [(missed, 0.0), (rejected + hit, 1.0), (false_alarm, 2.0_f64)];
    let n: f64 = kinds.iter().map(|(n, _)| n).sum();
    let benefit: f64 = kinds.iter().map(|(n, b)| n * b).sum();
    let squares: f64 = kinds.iter().map(|(n, b)| n * b * b).sum();
    let magnitude = (n * squares / benefit.powi(2) - 1.0) / 2.0;
    let slope = |b: f64| (squares + n * b * b - 2.0 * n * squares * b / benefit) / benefit.powi(2) / 2.0;
    let variance: f64 = kinds.iter().map(|(n, b)| (n + SMOOTHING) * slope(*b).powi(2)).sum();
    magnitude.is_finite().then_some(Unfairness { distance: magnitude.abs(), error: variance.sqrt(), magnitude })
}

fn added(a: &Cells, b: &Cells) -> Cells {
    [[a[0][0] + b[0][0], a[0][1] + b[0][1]], [a[1][0] + b[1][0], a[1][1] + b[1][1]]]
}

fn product(a: &Cells, b: &Cells) -> Cells {
    [[a[0][0] * b[0][0], a[0][1] * b[0][1]], [a[1][0] * b[1][0], a[1][1] * b[1][1]]]
}

fn sum(cells: &Cells) -> f64 {
    cells.iter().flatten().sum()
}
